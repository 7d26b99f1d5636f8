//! Copies of the keystore. One is made and checked at every turn; older ones are then useless by
//! design, because the epoch key they need is destroyed.

use super::super::fault::{Reading, explain};
use super::super::open::create_private;
use super::SqliteKeys;
use crate::keys::{bucket_identity, key_identity, unwrap};
use crate::provider::EpochKey;
use ledger::keys::KeyError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::fs::File;
use std::path::Path;

/// The newest key of each of the newest buckets: if these open, the copy is whole up to its end.
const SAMPLE: &str = "SELECT k.place, k.wrapped, b.wrapped FROM buckets b JOIN keys k ON k.force_id = b.force_id \
     AND k.place = (SELECT max(place) FROM keys WHERE force_id = b.force_id AND place / 256 = b.bucket) \
     WHERE b.force_id = ? ORDER BY b.bucket DESC LIMIT 64";
const COUNTS: &str = "SELECT (SELECT count(*) FROM buckets WHERE force_id = ?1), \
     (SELECT count(*) FROM keys WHERE force_id = ?1), (SELECT mark FROM keystore WHERE force_id = ?1)";

impl SqliteKeys {
    /// Writes a copy beside the target, checks it, and puts it in the target's place.
    pub(super) async fn copy(&self, target: &Path) -> Result<(), KeyError> {
        let epoch = self.epoch.read().await;
        let writing = target.with_extension("copying");
        let failed = |error: std::io::Error| {
            KeyError(format!(
                "the keystore could not be copied to {} ({error}): make that folder writable for this user, or choose another",
                target.display()
            ))
        };
        let fault =
            |error: sqlx::Error| KeyError(explain(&writing, "the keystore could not be copied", &error));
        match std::fs::remove_file(&writing) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        create_private(&writing).map_err(failed)?;
        let mut writer = self.database.alone().await.map_err(fault)?;
        let into =
            writing.to_str().ok_or_else(|| KeyError("the path of the copy is not UTF-8".to_owned()))?;
        let query = sqlx::query("VACUUM INTO ?").bind(into.to_owned());
        query.execute(writer.connection()).await.map_err(fault)?;
        let here = counts(writer.connection(), self.key()).await.map_err(fault)?;
        drop(writer);
        self.check_copy(&writing, &epoch, here).await?;
        File::open(&writing).and_then(|file| file.sync_all()).map_err(failed)?;
        std::fs::rename(&writing, target).map_err(failed)?;
        let folder = target.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }

    /// Opens a copy and keys of it; what does not open is no copy.
    async fn check_copy(&self, copy: &Path, epoch: &EpochKey, here: [i64; 3]) -> Result<(), KeyError> {
        let fault =
            |error: sqlx::Error| KeyError(explain(copy, "the copy of the keystore cannot be read", &error));
        let options = SqliteConnectOptions::new().filename(copy).read_only(true).disable_statement_logging();
        let mut connection = options.connect().await.map_err(fault)?;
        let there = counts(&mut connection, self.key()).await.map_err(fault)?;
        let rows = sqlx::query(SAMPLE).bind(self.key()).fetch_all(&mut connection).await.map_err(fault)?;
        connection.close().await.map_err(fault)?;
        if there != here {
            return Err(KeyError(
                "the copy of the keystore is not whole; it was not put in place".to_owned(),
            ));
        }
        rows.iter().try_for_each(|row| open_sample(row, epoch, fault))
    }
}

async fn counts(connection: &mut SqliteConnection, force: Vec<u8>) -> sqlx::Result<[i64; 3]> {
    let row = sqlx::query(COUNTS).bind(force).fetch_one(connection).await?;
    let reading = Reading { table: "keystore", row: &row, key: 0 };
    Ok([reading.column(0, "buckets")?, reading.column(1, "keys")?, reading.column(2, "mark")?])
}

fn open_sample(
    row: &SqliteRow,
    epoch: &EpochKey,
    fault: impl Fn(sqlx::Error) -> KeyError,
) -> Result<(), KeyError> {
    let place = super::read_place("keys", row).map_err(&fault)?;
    let reading = Reading { table: "keys", row, key: 0 };
    let wrapped: &[u8] = reading.column(1, "wrapped").map_err(&fault)?;
    let under: &[u8] = reading.column(2, "wrapped").map_err(&fault)?;
    let bucket = unwrap(&epoch.key, &bucket_identity(place.bucket, epoch.epoch), under)?;
    unwrap(&bucket, &key_identity(place), wrapped).map(drop)
}
