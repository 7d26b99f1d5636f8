//! Noticing that an older database was put back. Beside the database lies the newest checkpoint that
//! this deployment gave out or closed with: a log that does not continue it was restored or cut, and
//! anything entered then would make it a fork. Whoever restores the whole folder restores that file
//! with it; then only the checkpoints that outsiders hold can tell.

use crate::Desk;
use crate::deployment::Places;
use crate::error::DeskError;
use ledger::{Against, Ledger, LedgerError};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use vault::store::RecordStore;

fn file(places: &Places) -> PathBuf {
    places.root().join("newest.checkpoint")
}

/// Says for this deployment why its log does not open.
pub(crate) fn explain(error: LedgerError, places: &Places) -> DeskError {
    match error {
        LedgerError::Restored { entries } => DeskError::Restored { records: places.records_named(), entries },
        LedgerError::BadCheckpoint(why) => DeskError::unusable(format!(
            "{}: {why}. It says what this deployment has signed. Put the keystore that belongs here in place; where it \
             is only that file which is damaged, delete it",
            file(places).display()
        )),
        other => other.into(),
    }
}

/// The remembered checkpoint, where the log does not continue it.
pub(crate) async fn not_continued<S: RecordStore>(
    ledger: &Ledger<S>,
    places: &Places,
) -> Result<Option<String>, DeskError> {
    let Some(seen) = read(places)? else { return Ok(None) };
    let is_lost = matches!(ledger.against(&seen).await, Ok(Against::Shorter | Against::Other));
    Ok(is_lost.then_some(seen))
}

/// The remembered checkpoint.
pub(crate) fn read(places: &Places) -> Result<Option<String>, DeskError> {
    let path = file(places);
    match std::fs::read_to_string(&path) {
        Ok(seen) => Ok(Some(seen)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(DeskError::File { path, source }),
    }
}

impl<S: RecordStore> Desk<S> {
    /// Remembers the newest checkpoint that was signed before an older copy came in the place of the
    /// records, so that the next start is told. Does nothing where that did not happen.
    pub(crate) fn remember_before_restored(&self) -> Result<(), DeskError> {
        let head = self.ledger.head();
        match self.ledger.is_restored() && !head.checkpoint.is_empty() {
            true => self.remember_checkpoint(&head.checkpoint),
            false => Ok(()),
        }
    }

    /// Remembers a signed checkpoint whose entries are durable.
    pub(crate) fn remember_checkpoint(&self, checkpoint: &str) -> Result<(), DeskError> {
        let path = file(&self.places);
        replace(&path, checkpoint.as_bytes()).map_err(|source| DeskError::File { path, source })
    }
}

fn replace(path: &Path, octets: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("checkpoint.new");
    let mut options = std::fs::File::options();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(octets)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
