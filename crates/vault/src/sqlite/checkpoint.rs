//! Moves what was committed from the write-ahead log into the file, beside the writing. A commit that
//! did it would keep everybody waiting who writes, for as long as the disk takes.

use super::database::Writer;
use crate::cells::Reading;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, Notify};
use tokio::task::JoinHandle;

/// How long commits gather before they are moved.
const PACE: Duration = Duration::from_millis(500);
/// Frames of the log, a page each, from which it is begun anew. For that everything must have been
/// moved at a moment when nobody writes.
const LONG: i64 = 16_000;

/// Runs until dropped.
pub(super) struct Checkpointer {
    written: Arc<Notify>,
    task: JoinHandle<()>,
    /// Taken out while it works. Whoever drops this closes it, with or without a runtime that runs.
    idle: Arc<Idle>,
}

type Idle = Mutex<Option<SqliteConnection>>;

impl Checkpointer {
    /// Over a file with the settings of its writing connection.
    pub async fn start(write: &SqliteConnectOptions, writer: &Arc<AsyncMutex<Writer>>) -> sqlx::Result<Self> {
        let options = write.clone().pragma("cache_size", "-1024");
        let connection = options.thread_name(|_| "bluelamp-checkpoint".to_owned()).connect().await?;
        let (written, idle) = (Arc::new(Notify::new()), Arc::new(Mutex::new(Some(connection))));
        let task = tokio::spawn(run(Arc::downgrade(&idle), Arc::downgrade(writer), Arc::clone(&written)));
        Ok(Self { written, task, idle })
    }

    /// Something was committed.
    pub fn wanted(&self) {
        self.written.notify_one();
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.task.abort();
        if let Ok(mut idle) = self.idle.lock() {
            drop(idle.take());
        }
    }
}

async fn run(idle: Weak<Idle>, writer: Weak<AsyncMutex<Writer>>, written: Arc<Notify>) {
    loop {
        written.notified().await;
        tokio::time::sleep(PACE).await;
        let taken = idle.upgrade().and_then(|idle| idle.lock().ok()?.take());
        let Some(mut connection) = taken else { return };
        if let Err(error) = checkpoint(&mut connection, &writer).await {
            // The writing connection does it by itself once the log is very long.
            tracing::warn!(%error, "the write-ahead log could not be moved into the file; it is tried again");
        }
        let Some(idle) = idle.upgrade() else { return };
        if let Ok(mut idle) = idle.lock() {
            *idle = Some(connection);
        }
    }
}

async fn checkpoint(
    connection: &mut SqliteConnection,
    writer: &Weak<AsyncMutex<Writer>>,
) -> sqlx::Result<()> {
    if frames_after_moving(connection).await? < LONG {
        return Ok(());
    }
    // Once more, so that little is left for the moment when writers wait.
    frames_after_moving(connection).await?;
    let Some(writer) = writer.upgrade() else { return Ok(()) };
    let _nobody_writes = writer.lock().await;
    frames_after_moving(connection).await.map(drop)
}

/// Moves what no reader holds back; gives how long the log is.
async fn frames_after_moving(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    let row = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    Reading { table: "wal_checkpoint", row: &row, key: 0 }.column(1, "log")
}

#[cfg(test)]
mod tests {
    use crate::sqlite::SqliteStore;
    use crate::store::RecordStore;
    use ledger::store::EntryStore;
    use model::ForceId;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn the_log_is_begun_anew_while_writing_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.sqlite");
        let store = SqliteStore::open(&path, ForceId(uuid::Uuid::from_u128(1))).await.unwrap();
        let value = "x".repeat(100_000);
        let began = Instant::now();
        // About 200 MiB go through the log; it must stay far shorter than that.
        for n in 0..2000 {
            let mut tx = store.begin().await.unwrap();
            store.put_setting(&mut tx, "area", &format!("name {}", n % 50), &value).await.unwrap();
            store.commit(tx).await.unwrap();
            if n % 20 == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            assert!(began.elapsed() < Duration::from_secs(60));
        }
        let log = std::fs::metadata(dir.path().join("records.sqlite-wal")).unwrap().len();
        assert!(log < 96 * 1024 * 1024, "the log has {log} octets");
    }
}
