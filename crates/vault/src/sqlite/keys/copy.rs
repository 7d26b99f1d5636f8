//! Copies of the keystore. One is made and checked at every turn; older ones are then useless by
//! design, because the epoch key they need is destroyed.

use super::super::fault::explain;
use super::super::open::create_private;
use super::SqliteKeys;
use crate::cells::{Cells, Reading};
use crate::provider::EpochKey;
use crate::ring;
use crate::sql;
use ledger::keys::KeyError;
use model::ForceId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The newest key of each of the newest buckets: if these open, the copy is whole up to its end.
const SAMPLE: &str = "SELECT k.place, k.wrapped, b.wrapped FROM buckets b JOIN keys k ON k.force_id = b.force_id \
     AND k.place = (SELECT max(place) FROM keys WHERE force_id = b.force_id AND place / 256 = b.bucket) \
     WHERE b.force_id = ? ORDER BY b.bucket DESC LIMIT 64";

/// A copy that is being written beside its target. It is put in the target's place once it was opened
/// and found whole; until then the target is what it was.
pub(crate) struct CopyFile {
    target: PathBuf,
    writing: PathBuf,
    force: ForceId,
}

impl CopyFile {
    /// An empty file beside the target, readable for this user only.
    pub fn beside(target: &Path, force: ForceId) -> Result<Self, KeyError> {
        let writing = target.with_extension("copying");
        let copy = Self { target: target.to_owned(), writing, force };
        match std::fs::remove_file(&copy.writing) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(copy.failed(error)),
            _ => {}
        }
        create_private(&copy.writing).map_err(|error| copy.failed(error))?;
        Ok(copy)
    }

    fn failed(&self, error: std::io::Error) -> KeyError {
        KeyError(format!(
            "the keystore could not be copied to {} ({error}): make that folder writable for this user, or choose another",
            self.target.display()
        ))
    }

    fn fault(&self, error: sqlx::Error) -> KeyError {
        KeyError(explain(&self.writing, "the keystore could not be copied", &error))
    }

    /// A connection that writes into it, with the tables of a keystore. Nothing is durable before
    /// [`CopyFile::finish`].
    pub async fn fill(&self) -> Result<SqliteConnection, KeyError> {
        let options = SqliteConnectOptions::new().filename(&self.writing).create_if_missing(false);
        let options = options.journal_mode(SqliteJournalMode::Memory).synchronous(SqliteSynchronous::Off);
        let connect = async {
            let mut connection = options.disable_statement_logging().connect().await?;
            super::MIGRATIONS.run_direct(None, &mut connection, false).await?;
            Ok(connection)
        };
        connect.await.map_err(|error: sqlx::Error| self.fault(error))
    }

    /// Opens the copy and keys of it, makes it durable and puts it in its place. `here` is what the
    /// keystore itself counts.
    pub async fn finish(self, epoch: &EpochKey, here: [i64; 3]) -> Result<(), KeyError> {
        self.check(epoch, here).await?;
        let failed = |error| self.failed(error);
        File::open(&self.writing).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&self.writing, &self.target).map_err(failed)?;
        let folder = self.target.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    /// What does not open is no copy.
    async fn check(&self, epoch: &EpochKey, here: [i64; 3]) -> Result<(), KeyError> {
        let fault = |error: sqlx::Error| {
            KeyError(explain(&self.writing, "the copy of the keystore cannot be read", &error))
        };
        let mut connection = read_copy(&self.writing).await.map_err(fault)?;
        let force = self.force.octets().to_vec();
        let there = counts(&mut connection, force.clone()).await.map_err(fault)?;
        let rows = sqlx::query(SAMPLE).bind(force).fetch_all(&mut connection).await.map_err(fault)?;
        connection.close().await.map_err(fault)?;
        if there != here {
            return Err(KeyError(
                "the copy of the keystore is not whole; it was not put in place".to_owned(),
            ));
        }
        rows.iter().try_for_each(|row| open_sample(row, epoch, fault))
    }
}

/// A connection that reads a copy.
pub(crate) async fn read_copy(copy: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(copy).create_if_missing(false).read_only(true);
    options.disable_statement_logging().connect().await
}

impl SqliteKeys {
    /// Writes a copy beside the target, checks it, and puts it in the target's place.
    pub(super) async fn copy(&self, target: &Path) -> Result<(), KeyError> {
        let epoch = self.epoch.read().await;
        let copy = CopyFile::beside(target, self.force)?;
        let fault = |error| copy.fault(error);
        let mut writer = self.database.alone().await.map_err(fault)?;
        let into =
            copy.writing.to_str().ok_or_else(|| KeyError("the path of the copy is not UTF-8".to_owned()))?;
        let query = sqlx::query("VACUUM INTO ?").bind(into.to_owned());
        query.execute(writer.connection()).await.map_err(fault)?;
        let here = counts(writer.connection(), self.key()).await.map_err(fault)?;
        drop(writer);
        copy.finish(&epoch, here).await
    }
}

/// How many buckets and keys there are, and the mark.
pub(crate) fn read_counts<R: Cells>(row: &R) -> sqlx::Result<[i64; 3]> {
    let reading = Reading { table: "keystore", row, key: 0 };
    Ok([reading.column(0, "buckets")?, reading.column(1, "keys")?, reading.column(2, "mark")?])
}

async fn counts(connection: &mut SqliteConnection, force: Vec<u8>) -> sqlx::Result<[i64; 3]> {
    let row = sqlx::query(sql::KEYSTORE_COUNTS).bind(force).fetch_one(connection).await?;
    read_counts(&row)
}

fn open_sample(
    row: &SqliteRow,
    epoch: &EpochKey,
    fault: impl Fn(sqlx::Error) -> KeyError,
) -> Result<(), KeyError> {
    let sample = ring::wrapped(row).map_err(fault)?;
    ring::traces(vec![sample], epoch).map(drop)
}
