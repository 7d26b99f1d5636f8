//! Opens a file: its permissions, the lock of this process, settings and schema.

use super::database::Database;
use super::fault::explain;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};
use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long another process may hold the file before that is an error.
const BUSY: Duration = Duration::from_secs(5);
/// How long the lock of an earlier process, or of an instance that is being dropped, is awaited.
const LOCK_TRIES: u32 = 40;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Opens a file, creating it where it is missing, and brings its schema up to date.
pub(super) async fn open(path: &Path, migrations: &Migrator) -> Result<Database, String> {
    let lock = take_lock(path).await?;
    create_private(path).map_err(|error| unusable(path, &error))?;
    let fault = |error: sqlx::Error| explain(path, "the file cannot be opened", &error);
    let mut connection = writing(path).connect().await.map_err(fault)?;
    migrate(path, migrations, &mut connection).await?;
    sqlx::Connection::close(connection).await.map_err(fault)?;
    Database::connect(path, writing(path), reading(path), lock).await.map_err(fault)
}

/// Settings of the connection that writes. `secure_delete` overwrites what is deleted;
/// `synchronous=FULL` makes a commit durable before it returns; nothing temporary reaches the disk.
/// The log is moved into the file beside the writing (`super::checkpoint`); a commit does it only where
/// that falls far behind.
fn writing(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-24576")
        .pragma("wal_autocheckpoint", "64000")
        .statement_cache_capacity(256)
        .thread_name(|_| "bluelamp-write".to_owned())
        .disable_statement_logging()
}

fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(BUSY)
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-4096")
        .statement_cache_capacity(256)
        .thread_name(|number| format!("bluelamp-read-{number}"))
        .disable_statement_logging()
}

/// Only one process opens a file: two would each give out the same leaves and key places. The lock
/// is on a file beside it, because closing any handle of the database itself would drop the locks
/// that SQLite holds on it.
async fn take_lock(path: &Path) -> Result<File, String> {
    let beside = lock_path(path);
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600).open(&beside);
    let file = file.map_err(|error| unusable(&beside, &error))?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(LOCK_PAUSE).await,
            Err(TryLockError::Error(error)) => return Err(unusable(&beside, &error)),
        }
    }
    Err(format!(
        "{} is in use by another process of this program: stop that one first, or send the request to it",
        path.display()
    ))
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Creates a file for this user only, and takes others' rights away from one that is there.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    if path.exists() {
        return std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.sync_all()?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

fn unusable(path: &Path, error: &std::io::Error) -> String {
    format!(
        "{} cannot be opened ({error}). Make its folder, and let this user alone read and write there",
        path.display()
    )
}

async fn migrate(
    path: &Path,
    migrations: &Migrator,
    connection: &mut SqliteConnection,
) -> Result<(), String> {
    let file = path.display();
    match migrations.run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _)) => Err(format!(
            "{file} was written by a newer program (its schema is {version}): start that one, or go back to the \
             copy that it made before it upgraded (docs/running.md, “Going back”); nothing was changed"
        )),
        Err(MigrateError::VersionMismatch(version) | MigrateError::Dirty(version)) => Err(format!(
            "the schema of {file} is not that of any release (step {version} differs): restore the newest backup; nothing was changed"
        )),
        Err(MigrateError::Execute(error)) => Err(explain(path, "the schema cannot be read", &error)),
        Err(error) => {
            Err(format!("the schema of {file} cannot be brought up to date: {error}. Nothing was changed"))
        }
    }
}
