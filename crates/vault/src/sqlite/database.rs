//! One SQLite file: a connection that writes, behind a lock, and several that read.

use super::checkpoint::Checkpointer;
use super::fault::explain;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, Semaphore, SemaphorePermit};

/// Connections that read. Two cores serve no more, and each keeps its own page cache.
const READERS: usize = 4;

/// An open file.
pub(super) struct Database {
    path: PathBuf,
    writer: Arc<AsyncMutex<Writer>>,
    readers: Readers,
    checkpointer: Checkpointer,
    /// Held so that no other process opens the same file; freed when this is dropped.
    _lock: File,
}

/// The connection that writes.
pub(super) struct Writer {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    /// Set from before BEGIN until after COMMIT or ROLLBACK. Whoever comes next and finds it set
    /// rolls back first.
    open: bool,
    /// Set from before commits stop waiting for the disk until they wait again. Whoever comes next and
    /// finds it set makes them wait first.
    relaxed: bool,
}

/// A write transaction. Dropped without commit it is rolled back before anybody else writes, also
/// where the future that held it was dropped.
pub struct Tx {
    writer: Option<OwnedMutexGuard<Writer>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

impl Database {
    /// Over a file that exists and has its schema.
    pub async fn connect(
        path: &Path,
        write: SqliteConnectOptions,
        read: SqliteConnectOptions,
        lock: File,
    ) -> sqlx::Result<Self> {
        let connection = write.connect().await?;
        let mut free = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            free.push(read.connect().await?);
        }
        let writer = Writer { connection, options: write.clone(), open: false, relaxed: false };
        let writer = Arc::new(AsyncMutex::new(writer));
        Ok(Self {
            path: path.to_owned(),
            checkpointer: Checkpointer::start(&write, &writer).await?,
            writer,
            readers: Readers { free: Mutex::new(free), permits: Semaphore::new(READERS) },
            _lock: lock,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What a fault says, with the mend.
    pub fn explain(&self, doing: &str, error: &sqlx::Error) -> String {
        explain(&self.path, doing, error)
    }

    /// A connection for reading, once one is free.
    pub async fn read(&self) -> sqlx::Result<Reader<'_>> {
        let permit = self.readers.permits.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let connection = match self.readers.free.lock() {
            Ok(mut free) => free.pop(),
            Err(poisoned) => poisoned.into_inner().pop(),
        };
        let connection = connection.ok_or(sqlx::Error::PoolClosed)?;
        Ok(Reader { connection: Some(connection), readers: &self.readers, _permit: permit })
    }

    /// The writing connection outside a transaction, for cleaning and copying.
    pub async fn alone(&self) -> sqlx::Result<OwnedMutexGuard<Writer>> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        writer.settle().await?;
        Ok(writer)
    }

    /// Begins a write transaction.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Self::begin_with(self.alone().await?).await
    }

    /// Begins a write transaction whose commit does not wait for the disk: a power cut may undo it,
    /// whole. Whatever is committed after it in the usual way makes it durable too. Only for what is
    /// then done again from what is durable.
    pub async fn begin_repeatable(&self) -> sqlx::Result<Tx> {
        let mut writer = self.alone().await?;
        writer.relaxed = true;
        sqlx::query("PRAGMA synchronous = NORMAL").execute(writer.connection()).await?;
        Self::begin_with(writer).await
    }

    async fn begin_with(mut writer: OwnedMutexGuard<Writer>) -> sqlx::Result<Tx> {
        writer.open = true;
        let mut tx = Tx { writer: Some(writer) };
        sqlx::query("BEGIN IMMEDIATE").execute(tx.connection()?).await?;
        Ok(tx)
    }

    /// Commits; durable on return.
    pub async fn commit(&self, mut tx: Tx) -> sqlx::Result<()> {
        sqlx::query("COMMIT").execute(tx.connection()?).await?;
        if let Some(mut writer) = tx.writer.take() {
            writer.open = false;
        }
        self.written();
        Ok(())
    }

    /// Says that something was committed.
    pub fn written(&self) {
        self.checkpointer.wanted();
    }
}

impl Writer {
    /// Rolls back what a dropped future left, connects again where the connection died, and makes
    /// commits wait for the disk.
    async fn settle(&mut self) -> sqlx::Result<()> {
        if self.open {
            match sqlx::query("ROLLBACK").execute(&mut self.connection).await {
                // SQLite has rolled back by itself, for instance because the disk is full.
                Ok(_) | Err(sqlx::Error::Database(_)) => {}
                Err(_) => self.connection = self.options.connect().await?,
            }
            self.open = false;
        }
        if self.relaxed {
            sqlx::query("PRAGMA synchronous = FULL").execute(&mut self.connection).await?;
            self.relaxed = false;
        }
        Ok(())
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Tx {
    /// The connection.
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.writer.as_mut().map(|writer| &mut writer.connection).ok_or(sqlx::Error::WorkerCrashed)
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut writer) = self.writer.take() else { return };
        // At once where there is a runtime, so that a dropped transaction does not keep the file
        // locked; otherwise `settle` does it for the next one who writes.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = writer.settle().await {
                    tracing::error!(%error, "a dropped transaction is rolled back by the next one");
                }
            });
        }
    }
}

struct Readers {
    free: Mutex<Vec<SqliteConnection>>,
    permits: Semaphore,
}

/// A connection for reading; it goes back when dropped.
pub(super) struct Reader<'a> {
    connection: Option<SqliteConnection>,
    readers: &'a Readers,
    _permit: SemaphorePermit<'a>,
}

impl Reader<'_> {
    /// The connection.
    pub fn connection(&mut self) -> sqlx::Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        match self.readers.free.lock() {
            Ok(mut free) => free.push(connection),
            Err(poisoned) => poisoned.into_inner().push(connection),
        }
    }
}
