//! Cleaning a file of what was deleted, and checking its structure.

use super::database::Database;
use super::fault::is_busy;
use crate::cells::Reading;
use std::time::{Duration, Instant};

/// How long readers may hold the write-ahead log before cleaning gives up.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(5);

/// Writes everything from the write-ahead log into the file and truncates the log. Deleted octets
/// were overwritten by `secure_delete`; a copy of them in the log goes with it.
pub(super) async fn clean(database: &Database) -> Result<(), String> {
    let fault = |error: sqlx::Error| database.explain("cleaning failed", &error);
    let mut writer = database.alone().await.map_err(fault)?;
    let until = Instant::now() + PATIENCE;
    while !truncate(writer.connection()).await.map_err(fault)? {
        if Instant::now() >= until {
            return Err(format!(
                "{} could not be cleaned, because something has been reading it for {} s: stop long-running \
                 jobs and other programs that have it open, then try again",
                database.path().display(),
                PATIENCE.as_secs()
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// Tries a checkpoint; gives whether it completed and the log is empty.
async fn truncate(connection: &mut sqlx::SqliteConnection) -> sqlx::Result<bool> {
    let row = match sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await {
        Ok(row) => row,
        Err(error) if is_busy(&error) => return Ok(false),
        Err(error) => return Err(error),
    };
    let reading = Reading { table: "wal_checkpoint", row: &row, key: 0 };
    let busy: i64 = reading.column(0, "busy")?;
    let (log, done): (i64, i64) = (reading.column(1, "log")?, reading.column(2, "checkpointed")?);
    Ok(busy == 0 && log == done)
}

/// What SQLite itself finds wrong with a file; it stops after a hundred faults.
pub(super) async fn integrity(database: &Database) -> sqlx::Result<Vec<String>> {
    let mut reader = database.read().await?;
    let sql = "SELECT integrity_check FROM pragma_integrity_check";
    let rows = sqlx::query(sql).fetch_all(reader.connection()?).await?;
    let mut faults = Vec::new();
    for row in &rows {
        let said: String = Reading { table: "integrity_check", row, key: 0 }.column(0, "integrity_check")?;
        if said != "ok" {
            faults.push(said);
        }
    }
    Ok(faults)
}
