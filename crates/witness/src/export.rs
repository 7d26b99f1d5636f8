//! One export, verified from its checkpoint to its last row.

use crate::absence::{check_absences, check_still_there};
use crate::assembly::Assembled;
use crate::block::{Bundle, in_file, read_block};
use crate::error::{Unusable, settle};
use crate::fault::{Faults, Kind};
use crate::framed::read_small;
use crate::history::{History, Past};
use crate::inventory::{BLOCK, Inventory, Series};
use crate::matching::match_versions;
use crate::memory::Memory;
use crate::note::{Origin, PublicKey, SignedCheckpoint, VerifierKey};
use crate::parallel::in_order;
use crate::report::{PayloadCount, Report, VersionCount};
use crate::statement::Statements;
use crate::tree::BUNDLE;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Neither a checkpoint nor a key is longer than C2SP allows a note to be.
const LONGEST_NOTE: u64 = 1_000_000;

/// A checkpoint that the overseer holds, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldCheckpoint {
    /// Where it came from, in words that begin a sentence.
    pub place: String,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// What the overseer brings: all of it stands above what the export says of itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The verifier key, given by hand.
    pub key: Option<VerifierKey>,
    /// The memory of earlier verifications.
    pub memory: Option<Memory>,
    /// Checkpoints held outside.
    pub checkpoints: Vec<HeldCheckpoint>,
}

/// An export whose checkpoint and key were read.
#[derive(Debug)]
pub struct Export {
    folder: PathBuf,
    checkpoint: Result<SignedCheckpoint, String>,
    key: Result<VerifierKey, String>,
}

impl Export {
    /// Reads the checkpoint and the key of an export. What is wrong in them becomes a fault of the report.
    ///
    /// # Errors
    ///
    /// [`Unusable`] where the folder cannot be read or is no export at all.
    pub fn open(folder: &Path) -> Result<Self, Unusable> {
        std::fs::read_dir(folder).map_err(|error| Unusable::file(folder, error))?;
        let checkpoint = read_note(&folder.join("checkpoint"))?;
        let key = read_note(&folder.join("vkey"))?;
        if checkpoint.is_none() && key.is_none() {
            return Err(Unusable::NotAnExport(folder.to_owned()));
        }
        let missing = || Err("the file is missing".to_owned());
        let checkpoint =
            checkpoint.unwrap_or_else(missing).and_then(|octets| SignedCheckpoint::parse(&octets));
        let key = key.unwrap_or_else(missing).and_then(|octets| one_line(&octets));
        Ok(Self { folder: folder.to_owned(), checkpoint, key })
    }

    /// The folder of the export.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The signed checkpoint, where it can be read.
    pub fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.checkpoint.as_ref().ok()
    }

    /// The base of the origin that the checkpoint states; nothing vouches for it yet.
    pub fn base(&self) -> Option<&str> {
        self.checkpoint().map(|checkpoint| checkpoint.origin().base())
    }

    /// Checks everything that the format page asks of a verifier, reading each file once.
    ///
    /// # Errors
    ///
    /// [`Unusable`] where the system refused to read a file; nothing is then said about the log.
    pub fn verify(&self, trust: &Trust) -> Result<Report, Unusable> {
        let mut faults = Faults::default();
        let key = self.check_keys(trust, &mut faults);
        let first_use = trust.pinned_key().is_none();
        let checkpoint = match &self.checkpoint {
            Ok(checkpoint) => checkpoint,
            Err(why) => {
                faults.general(Kind::AlteredCheckpoint, format!("the file checkpoint cannot be used: {why}"));
                return Ok(report(None, Found::default(), faults, first_use));
            }
        };
        let signed = check_signature(checkpoint, key, &mut faults);
        self.check_name(checkpoint.origin(), trust, &mut faults);
        let found = self.check_log(checkpoint, key, signed, trust, &mut faults)?;
        Ok(report(Some(checkpoint), found, faults, first_use))
    }

    /// The key to trust: the pinned one, or on first use that of the export.
    pub fn key<'t>(&'t self, trust: &'t Trust) -> Option<&'t PublicKey> {
        trust.pinned_key().or_else(|| self.key.as_ref().ok().map(|key| &key.key))
    }

    /// The key of the file vkey, where it signed the checkpoint. Where that is not the pinned one, the
    /// log is another, and what was seen of the pinned one says nothing of it.
    fn signer(&self, checkpoint: &SignedCheckpoint) -> Option<&PublicKey> {
        let own = self.key.as_ref().ok().map(|key| &key.key);
        own.filter(|key| checkpoint.is_signed_by(key))
    }

    fn check_keys<'t>(&'t self, trust: &'t Trust, faults: &mut Faults) -> Option<&'t PublicKey> {
        let own = match &self.key {
            Ok(key) => key,
            Err(why) => {
                faults.general(Kind::OtherKey, format!("the file vkey cannot be used: {why}"));
                return trust.pinned_key();
            }
        };
        if self.checkpoint().is_some_and(|checkpoint| *checkpoint.origin() != own.origin) {
            faults.general(
                Kind::OtherKey,
                "the file vkey is for another log or generation than the checkpoint",
            );
        }
        for (pinned, place) in trust.pins() {
            if *pinned != own.key {
                let what = format!(
                    "the key in the file vkey is not the one pinned by {place}: somebody else signs, or this is \
                         another log of the same name (then keep its memory apart, with --memory FILE)"
                );
                faults.general(Kind::OtherKey, what);
            }
        }
        self.key(trust)
    }

    fn check_name(&self, origin: &Origin, trust: &Trust, faults: &mut Faults) {
        let given = trust.key.as_ref().map(|key| key.origin.base());
        let remembered = trust.memory.as_ref().and_then(Memory::remembered).map(|known| known.base.as_str());
        for base in [given, remembered].into_iter().flatten() {
            if base != origin.base() {
                let what =
                    format!("the export is of the log {}, not of the pinned log {base}", origin.base());
                faults.general(Kind::OtherLog, what);
            }
        }
    }

    fn check_log(
        &self,
        checkpoint: &SignedCheckpoint,
        key: Option<&PublicKey>,
        signed: bool,
        trust: &Trust,
        faults: &mut Faults,
    ) -> Result<Found, Unusable> {
        let (origin, size) = (checkpoint.origin(), checkpoint.size());
        let inventory = Inventory::take(&self.folder, size, faults)?;
        let (bundles, mut statements) = read_blocks(&inventory, origin, size, faults)?;
        statements.sort();
        let tree = Assembled::new(&bundles, size, checkpoint.root());
        tree.name_faults(&bundles, signed, faults);
        tree.check_tiles(&inventory, faults)?;
        let payloads = check_absences(&statements, faults);
        check_still_there(&statements, &inventory, origin, size, faults)?;
        let versions = match_versions(&inventory, origin, &statements, faults)?;
        let key = self.signer(checkpoint).or(key);
        let history = History { origin, size, key, tree: &tree, inventory: &inventory };
        let past = history.check(&statements.generations, &trust.held(), faults)?;
        let with_entries = bundles.iter().filter(|bundle| bundle.entries.is_some());
        let entries =
            with_entries.map(|bundle| (size - bundle.number.saturating_mul(BUNDLE)).min(BUNDLE)).sum();
        Ok(Found { entries, payloads, versions, past })
    }
}

impl Trust {
    fn pinned_key(&self) -> Option<&PublicKey> {
        self.pins().next().map(|(key, _)| key)
    }

    fn pins(&self) -> impl Iterator<Item = (&PublicKey, &'static str)> {
        let given = self.key.iter().map(|key| (&key.key, "--key"));
        let remembered = self.memory.iter().filter_map(Memory::remembered);
        given.chain(remembered.map(|known| (&known.key, "the memory of earlier verifications")))
    }

    fn held(&self) -> Vec<HeldCheckpoint> {
        let mut held: Vec<_> = self.memory.iter().flat_map(Memory::held).collect();
        held.extend_from_slice(&self.checkpoints);
        held
    }
}

/// What the checks of the log gave besides faults.
#[derive(Default)]
struct Found {
    entries: u64,
    payloads: PayloadCount,
    versions: VersionCount,
    past: Past,
}

fn report(checkpoint: Option<&SignedCheckpoint>, found: Found, faults: Faults, first_use: bool) -> Report {
    let (faults, fault_count) = faults.finish();
    Report {
        good: fault_count == 0,
        origin: checkpoint.map(|checkpoint| checkpoint.origin().to_string()),
        size: checkpoint.map(SignedCheckpoint::size),
        root: checkpoint.map(|checkpoint| hex::encode(checkpoint.root())),
        generation: checkpoint.map(|checkpoint| checkpoint.origin().generation()),
        entries: found.entries,
        payloads: found.payloads,
        versions: found.versions,
        compared_with: found.past.comparisons,
        gaps: found.past.gaps,
        faults,
        fault_count,
        first_use,
        remembered_in: None,
    }
}

fn check_signature(checkpoint: &SignedCheckpoint, key: Option<&PublicKey>, faults: &mut Faults) -> bool {
    let signed = key.is_some_and(|key| checkpoint.is_signed_by(key));
    if !signed {
        let what = "the checkpoint is altered or not the force's: it is not signed by the key of this log";
        faults.general(Kind::AlteredCheckpoint, what);
    }
    signed
}

/// Reads every block of which anything is there, on all cores.
fn read_blocks(
    inventory: &Inventory,
    origin: &Origin,
    size: u64,
    faults: &mut Faults,
) -> Result<(Vec<Bundle>, Statements), Unusable> {
    let of = |series: Series, leaves: u64| {
        inventory.numbers(series).iter().map(move |number| number.saturating_mul(leaves) / BLOCK)
    };
    let mut numbers: BTreeSet<u64> = of(Series::Entries, BUNDLE).collect();
    numbers.extend(of(Series::Tile(0), BUNDLE));
    numbers.extend(of(Series::Payloads, BLOCK));
    let numbers: Vec<u64> = numbers.into_iter().collect();
    let mut bundles = Vec::new();
    let mut statements = Statements::default();
    for block in in_order(&numbers, |number| read_block(*number, inventory, origin, size))? {
        bundles.extend(block.bundles);
        statements.append(block.statements);
        faults.merge(block.faults);
    }
    Ok((bundles, statements))
}

/// Reads a small file: none where it is missing, an error in words where it is too long.
fn read_note(path: &Path) -> Result<Option<Result<Vec<u8>, String>>, Unusable> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Unusable::file(path, error)),
        Ok(kind) if !kind.is_file() => return Ok(Some(Err("it is not a plain file".to_owned()))),
        Ok(_) => {}
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let octets = settle(read_small(path, LONGEST_NOTE))?;
    Ok(Some(octets.map_err(|malformed| in_file(&name, &malformed))))
}

fn one_line(octets: &[u8]) -> Result<VerifierKey, String> {
    let text = std::str::from_utf8(octets).map_err(|_| "it is not UTF-8")?;
    let line = text.strip_suffix('\n').ok_or("it is not one line with its end")?;
    VerifierKey::parse(line)
}
