//! One database of a cluster: its address, its sessions, its schema, and what it must be.

use super::fault::explain;
use super::tx::Tx;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How long a connection is awaited, for instance while the server starts again.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection that lay idle for longer is asked whether it is still alive.
const FRESH: Duration = Duration::from_millis(500);
/// Commits wait for the disk whatever the server's setting, all reading is by keys, and nobody waits
/// for a lock for ever.
const SESSION: &str = "SELECT set_config('synchronous_commit', 'on', false) \
     WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write'); \
     SET default_transaction_isolation = 'read committed'; SET lock_timeout = '20s'; SET jit = off; \
     SET enable_seqscan = off; SET client_min_messages = warning";
/// The oldest release that is supported.
const OLDEST: i64 = 150_000;

/// The address of a database, `postgres://user@host/database`. No message shows its password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    url: String,
    options: PgConnectOptions,
    shown: String,
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl Eq for Address {}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(url: String) -> Result<Self, String> {
        url.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.url
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        let bad = || {
            "the address of a database must read postgres://user@host/database, or \
             postgres:///database?host=/folder/of/the/socket&user=name"
                .to_owned()
        };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(bad());
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| bad())?;
        let database = options.get_database().unwrap_or(options.get_username());
        let host = options.get_socket().map_or_else(
            || format!("{}:{}", options.get_host(), options.get_port()),
            |socket| socket.display().to_string(),
        );
        let shown = format!("the database {database} at {host}");
        let options = options.application_name("bluelamp").statement_cache_capacity(256);
        Ok(Self { url: url.to_owned(), options: options.disable_statement_logging(), shown })
    }
}

impl Address {
    /// A single connection.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub(super) async fn connect(&self) -> Result<PgConnection, String> {
        let connection = self.options.connect().await;
        connection.map_err(|error| explain(&self.shown, "the connection failed", &error))
    }

    /// The folder in which the server keeps everything, where this process can read it: the user may
    /// ask for it, and what lies there is this cluster and not another machine's or another one here.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn data_directory(&self) -> Result<Option<PathBuf>, String> {
        let Some(folder) = self.setting("data_directory").await?.map(PathBuf::from) else { return Ok(None) };
        let Ok(control) = std::fs::read(folder.join("global/pg_control")) else { return Ok(None) };
        let system = self.system().await?.to_ne_bytes();
        Ok(control.starts_with(&system).then_some(folder))
    }

    /// Brings everything that the server holds in memory to its disk, where this user may ask for that.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn checkpoint(&self) -> Result<(), String> {
        let mut connection = self.connect().await?;
        match sqlx::query("CHECKPOINT").execute(&mut connection).await {
            Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
            Err(error) => Err(explain(&self.shown, "the disk could not be brought up to date", &error)),
        }
    }

    /// Whether the server archives its write-ahead log somewhere.
    ///
    /// # Errors
    /// Where the server cannot be reached.
    pub async fn archives(&self) -> Result<bool, String> {
        Ok(self.setting("archive_mode").await?.is_some_and(|mode| mode != "off"))
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, String> {
        let mut connection = self.connect().await?;
        let sql = "SELECT setting FROM pg_settings WHERE name = $1";
        let setting = sqlx::query_scalar(sql).bind(name).fetch_optional(&mut connection).await;
        let setting = setting.map_err(|error| explain(&self.shown, "a setting cannot be read", &error))?;
        let _ = connection.close().await;
        Ok(setting)
    }

    async fn system(&self) -> Result<i64, String> {
        let mut connection = self.connect().await?;
        let sql = "SELECT system_identifier FROM pg_control_system()";
        let system = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
        let system =
            system.map_err(|error| explain(&self.shown, "the cluster cannot be told apart", &error))?;
        let _ = connection.close().await;
        Ok(system)
    }
}

/// Refuses records and keys on one cluster, whatever their addresses say: one copy of its files would
/// hold both.
///
/// # Errors
/// In words for the operator.
pub async fn apart(records: &Address, keys: &Address) -> Result<(), String> {
    if records.system().await? != keys.system().await? {
        return Ok(());
    }
    Err(format!(
        "{records} and {keys} are on one cluster: a copy of its files would hold records and keys. Put the \
         keystore on a cluster of its own; nothing was changed"
    ))
}

/// An open database.
pub(super) struct Database {
    address: Address,
    readers: PgPool,
    writers: PgPool,
    /// Of the sequencer alone: it must come through while writers wait for each other.
    sequencer: PgPool,
}

/// How many connections a database may use.
pub(super) struct Sessions {
    pub readers: u32,
    pub writers: u32,
    pub sequencer: u32,
    /// What each session does first, beside the settings.
    pub first: String,
}

impl Database {
    /// Checks what the server is, and brings the schema up to date.
    pub async fn open(address: &Address, migrations: &Migrator, sessions: &Sessions) -> Result<Self, String> {
        let mut connection = address.connect().await?;
        check_server(address, &mut connection).await?;
        migrate(address, migrations, &mut connection).await?;
        let _ = connection.close().await;
        let pool = |most| pool(address, most, &sessions.first);
        Ok(Self {
            address: address.clone(),
            readers: pool(sessions.readers),
            writers: pool(sessions.writers),
            sequencer: pool(sessions.sequencer),
        })
    }

    /// Its name in messages.
    pub fn name(&self) -> &str {
        &self.address.shown
    }

    /// What a fault says, with the mend.
    pub fn explain(&self, doing: &str, error: &sqlx::Error) -> String {
        explain(&self.address.shown, doing, error)
    }

    /// Connections for reading.
    pub fn readers(&self) -> &PgPool {
        &self.readers
    }

    /// Connections for writing.
    pub fn writers(&self) -> &PgPool {
        &self.writers
    }

    /// Connections of the sequencer.
    pub fn sequencer(&self) -> &PgPool {
        &self.sequencer
    }

    /// Begins a transaction with `first`, which must be or begin with BEGIN.
    pub async fn begin(&self, pool: &PgPool, first: &str) -> sqlx::Result<Tx> {
        Ok(Tx::over(pool.begin_with(AssertSqlSafe(first.to_owned())).await?))
    }
}

/// The number of a lock that the server knows by numbers only.
pub(super) fn lock_number(what: &str, whose: &[u8]) -> i64 {
    let digest = Sha256::new_with_prefix(what).chain_update([0]).chain_update(whose).finalize();
    i64::from_be_bytes(std::array::from_fn(|at| digest[at]))
}

fn pool(address: &Address, most: u32, first: &str) -> PgPool {
    let first = format!("{SESSION}; {first}");
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, used: PoolConnectionMetadata| {
            Box::pin(async move {
                if used.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let first = AssertSqlSafe(first.clone());
            Box::pin(async move { sqlx::raw_sql(first).execute(connection).await.map(drop) })
        })
        .connect_lazy_with(address.options.clone())
}

/// What would lose what was acknowledged is refused.
async fn check_server(address: &Address, connection: &mut PgConnection) -> Result<(), String> {
    let sql = "SELECT current_setting('server_version_num')::bigint, current_setting('fsync'), \
               current_setting('full_page_writes'), pg_is_in_recovery()::text, current_setting('server_encoding')";
    let found: (i64, String, String, String, String) = sqlx::query_as(sql)
        .fetch_one(connection)
        .await
        .map_err(|error| explain(&address.shown, "the server cannot be asked", &error))?;
    let (version, fsync, full_pages, standby, encoding) = found;
    let refuse = |why: &str| Err(format!("{address} {why}; nothing was changed"));
    if version < OLDEST {
        return refuse("is older than PostgreSQL 15: upgrade the server");
    }
    if standby == "true" {
        return refuse("is a standby: name the primary, or promote this one first");
    }
    if fsync != "on" || full_pages != "on" {
        return refuse(
            "does not keep what it acknowledges (fsync or full_page_writes is off): switch both on and restart the server",
        );
    }
    if encoding != "UTF8" {
        return refuse(
            "is not in UTF-8: make the database with `createdb --encoding UTF8 --template template0`",
        );
    }
    Ok(())
}

async fn migrate(
    address: &Address,
    migrations: &Migrator,
    connection: &mut PgConnection,
) -> Result<(), String> {
    match migrations.run_direct(None, connection, false).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _)) => Err(format!(
            "{address} was written by a newer program (its schema is {version}): start that one; nothing was changed"
        )),
        Err(MigrateError::VersionMismatch(version) | MigrateError::Dirty(version)) => Err(format!(
            "the schema of {address} is not that of any release (step {version} differs): restore the newest backup; nothing was changed"
        )),
        Err(MigrateError::Execute(error)) => {
            Err(explain(&address.shown, "the schema cannot be brought up to date", &error))
        }
        Err(error) => {
            Err(format!("the schema of {address} cannot be brought up to date: {error}. Nothing was changed"))
        }
    }
}
