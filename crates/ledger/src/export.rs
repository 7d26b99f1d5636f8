//! The export that an overseer verifies offline: `docs/formats/ledger.md` section 5.

use crate::commitment::{Hash, OpenedField, Opening, entry_octets, field_hash};
use crate::error::LedgerError;
use crate::integrate::BUNDLE;
use crate::ledger::Ledger;
use crate::note::origin;
use crate::store::{EntryStore, Head, PayloadRun};
use crate::tiles::{WIDTH, level_tiles, number_path, tile_path};
use model::VersionRef;
use model::kind::FIRST_PLAIN_COLUMN;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The log could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl<S: EntryStore> Ledger<S> {
    /// Writes checkpoint, verifier key, tree, entries and payloads of the present head. The
    /// versions follow by [`VersionsWriter`]. Folders and files are for this user alone. Gives the head that was written. A payload that does
    /// not open is left out: the verifier names it, and everything else can still be checked.
    ///
    /// # Errors
    /// [`ExportError`].
    pub async fn export(&self, dir: &Path) -> Result<Head, ExportError> {
        let head = self.settle().await?;
        write(&dir.join("checkpoint"), head.checkpoint.as_bytes())?;
        write(&dir.join("vkey"), format!("{}\n", self.verifier_key()).as_bytes())?;
        self.export_tiles(dir, head.size).await?;
        for bundle in 0..head.size.div_ceil(BUNDLE) {
            self.export_bundle(dir, &head, bundle).await?;
        }
        Ok(head)
    }

    /// Writes only what a witness needs: checkpoint, verifier key and tree, without personal data.
    ///
    /// # Errors
    /// [`ExportError`].
    async fn export_tiles(&self, dir: &Path, size: u64) -> Result<(), ExportError> {
        for level in 0u8..8 {
            for (number, width) in level_tiles(level, size) {
                let octets = self.core.store.tile(level, number).await.map_err(LedgerError::from)?;
                let octets = octets.unwrap_or_default();
                let wanted = octets
                    .get(..width as usize * 32)
                    .ok_or(LedgerError::Malformed("a tile of the tree is missing or short"))?;
                write(&dir.join(tile_path(&level.to_string(), number, width)), wanted)?;
            }
        }
        Ok(())
    }

    async fn export_bundle(&self, dir: &Path, head: &Head, bundle: u64) -> Result<(), ExportError> {
        let (first, end) = (bundle * BUNDLE, ((bundle + 1) * BUNDLE).min(head.size));
        let mut entries = EntryBundles::new(dir, first, end);
        let path = dir.join("payloads").join(number_path(bundle));
        let origin = origin(&self.core.base, head.generation);
        let mut payloads = Out::create(&path)?;
        payloads.put(format!("bluelamp payloads 1\n{origin}\n{first}\n{}\n", end - first).as_bytes())?;
        let mut at = first;
        while at < end {
            let until = (at + 4096).min(end);
            for run in self.core.store.payloads(at, until).await.map_err(LedgerError::from)? {
                entries.push_run(&run, at, until)?;
            }
            entries.check_reached(until)?;
            for opening in self.core.openings_as_they_are(at, until).await? {
                let octets = opening.map(|opening| opening.encode()).unwrap_or_default();
                payloads.put(&(octets.len() as u32).to_be_bytes())?;
                payloads.put(&octets)?;
            }
            at = until;
        }
        entries.finish()?;
        payloads.finish()
    }
}

/// Writes `tile/entries/N` from the commitments of payload runs.
struct EntryBundles<'a> {
    dir: &'a Path,
    at: u64,
    end: u64,
    bundle: Vec<u8>,
}

impl<'a> EntryBundles<'a> {
    fn new(dir: &'a Path, first: u64, end: u64) -> Self {
        Self { dir, at: first, end, bundle: Vec::new() }
    }

    fn push_run(&mut self, run: &PayloadRun, from: u64, until: u64) -> Result<(), ExportError> {
        let commitments = run.commitments.as_chunks::<32>().0;
        if commitments.len() != run.count as usize {
            return Err(LedgerError::Malformed(
                "a run of payloads has another number of commitments than it says",
            )
            .into());
        }
        for (leaf, commitment) in (run.first..).zip(commitments) {
            if leaf < from || leaf >= until {
                continue;
            }
            if leaf != self.at {
                break;
            }
            self.push(commitment)?;
        }
        Ok(())
    }

    /// Without its entry a leaf cannot be exported at all.
    fn check_reached(&self, until: u64) -> Result<(), ExportError> {
        if self.at == until { Ok(()) } else { Err(LedgerError::EntriesGone { leaf: self.at }.into()) }
    }

    fn push(&mut self, commitment: &Hash) -> Result<(), ExportError> {
        self.bundle.extend(33u16.to_be_bytes());
        self.bundle.extend(entry_octets(commitment));
        self.at += 1;
        if self.at.is_multiple_of(WIDTH) || self.at == self.end { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        if self.bundle.is_empty() {
            return Ok(());
        }
        let number = (self.at - 1) / WIDTH;
        let width = self.at - number * WIDTH;
        write(&self.dir.join(tile_path("entries", number, width)), &self.bundle)?;
        self.bundle.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.flush()
    }
}

/// Writes `versions/N`: rows in ascending order of version id.
pub struct VersionsWriter {
    dir: PathBuf,
    origin: String,
    file: u64,
    rows: Vec<u8>,
    count: u64,
}

impl VersionsWriter {
    /// A writer into an export's folder, for the generation of `head`.
    #[must_use]
    pub fn new(dir: &Path, base: &str, head: &Head) -> Self {
        Self {
            dir: dir.join("versions"),
            origin: origin(base, head.generation),
            file: 0,
            rows: Vec::new(),
            count: 0,
        }
    }

    /// Adds one version; `None` where its stored body does not open.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn push(&mut self, version: &VersionRef, opening: Option<&Opening>) -> Result<(), ExportError> {
        let row = version_row(version, opening);
        self.rows.extend((row.len() as u32).to_be_bytes());
        self.rows.extend(row);
        self.count += 1;
        if self.count == BUNDLE { self.flush() } else { Ok(()) }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn finish(mut self) -> Result<(), ExportError> {
        if self.count > 0 || self.file == 0 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        let mut out = Out::create(&self.dir.join(number_path(self.file)))?;
        out.put(format!("bluelamp versions 1\n{}\n{}\n", self.origin, self.count).as_bytes())?;
        out.put(&self.rows)?;
        out.finish()?;
        self.rows.clear();
        self.file += 1;
        self.count = 0;
        Ok(())
    }
}

fn version_row(version: &VersionRef, opening: Option<&Opening>) -> Vec<u8> {
    let mut row = Vec::with_capacity(512);
    row.extend(version.version.octets());
    row.extend(version.record.octets());
    row.extend(version.kind.to_be_bytes());
    let Some(opening) = opening else {
        row.push(2);
        return row;
    };
    row.push(0);
    row.extend((opening.fields().len() as u16).to_be_bytes());
    for (tag, field) in opening.fields() {
        row.extend(tag.to_be_bytes());
        put_field(&mut row, *tag, field);
    }
    row
}

fn put_field(row: &mut Vec<u8>, tag: u16, field: &OpenedField) {
    match field {
        OpenedField::Open { salt, value } if tag >= FIRST_PLAIN_COLUMN => {
            row.push(0);
            row.extend_from_slice(salt);
            row.extend((value.len() as u32).to_be_bytes());
            row.extend_from_slice(value);
        }
        OpenedField::Open { .. } => {
            row.push(1);
            row.extend(field_hash(tag, field));
        }
        OpenedField::Erased(hash) => {
            row.push(2);
            row.extend_from_slice(hash);
        }
    }
}

struct Out {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Out {
    fn create(path: &Path) -> Result<Self, ExportError> {
        let fault = |source| ExportError::Write { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(fault)?;
        }
        let mut options = File::options();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(path).map_err(fault)?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    fn put(&mut self, octets: &[u8]) -> Result<(), ExportError> {
        self.file.write_all(octets).map_err(|source| ExportError::Write { path: self.path.clone(), source })
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.file.flush().map_err(|source| ExportError::Write { path: self.path.clone(), source })
    }
}

fn write(path: &Path, octets: &[u8]) -> Result<(), ExportError> {
    let mut out = Out::create(path)?;
    out.put(octets)?;
    out.finish()
}
