//! The keystore of one force in a database on a cluster of its own.

mod buckets;
mod change;
mod copy;

use super::clean;
use super::cluster::{Address, Database, Sessions, lock_number};
use super::fault::Tries;
use super::store::Query;
use crate::cells::Reading;
use crate::gather::{Found, Gather};
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyStore, KeyTraces, Turn};
use crate::provider::{EpochKey, FileProvider};
use crate::ring::{self, Bucket, Made, Makers, OpenBuckets};
use crate::rows::{first_place, place_number, signed};
use crate::sql;
use async_trait::async_trait;
use futures::FutureExt;
use ledger::keys::{KeyError, LogKeys};
use model::ForceId;
use sealing::SecretKey;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgRow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::RwLock;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres-keys");
const READING: &str = "the keystore cannot be read";
const WRITING: &str = "the keystore could not be written; nothing of it was kept";
/// The row that every change locks: one process changes the keystore at a time, and under the epoch
/// that it knows.
const STANDING: &str = "SELECT epoch, freed FROM keystore WHERE force_id = $1 FOR UPDATE";
const CHANGED: &str =
    "UPDATE keystore SET mark = mark + 1, freed = freed + $2 WHERE force_id = $1 RETURNING mark";
const FREED: &str = "SELECT freed FROM keystore WHERE force_id = $1";
const REWRITTEN: &str = "UPDATE keystore SET freed = freed - $2 WHERE force_id = $1";
/// How many sessions of other processes use this keystore.
const OTHERS: &str = "SELECT count(*) FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
     WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
     AND l.mode = 'ShareLock' AND l.granted \
     AND (l.classid::bigint << 32 | l.objid::bigint) = $1 AND coalesce(a.application_name, '') <> $2";
/// How long sessions that are ending are awaited before a keystore counts as used by others.
const ENDING: Duration = Duration::from_secs(1);

/// The keys of one force, in buckets, under the epoch key that the provider holds.
pub struct PostgresKeys {
    database: Database,
    force: ForceId,
    /// Name of this process's sessions.
    session: String,
    /// Readers hold it while they unwrap buckets; a turn holds it alone.
    epoch: RwLock<EpochKey>,
    open_buckets: OpenBuckets,
    mark: AtomicU64,
    single: Gather<KeyPlace, SecretKey>,
    /// The first place that was still free when this was opened.
    opened_at: i64,
    makers: Makers,
}

impl std::fmt::Debug for PostgresKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgresKeys({})", self.database.name())
    }
}

impl PostgresKeys {
    /// Makes a new keystore under the provider's first epoch key.
    ///
    /// # Errors
    /// [`KeyError`]; a keystore that is there already is never touched.
    pub async fn create(address: &Address, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        let epoch = provider.key_for(1).map_err(provider_fault)?;
        let (database, session) = open(address, force).await?;
        found(&database, force, &epoch).await?;
        Self::over(database, force, session, epoch).await
    }

    /// Opens a keystore with the provider that belongs to it.
    ///
    /// # Errors
    /// [`KeyError`], with the mend: it is empty, of another force, or of another provider.
    pub async fn open(address: &Address, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        let (database, session) = open(address, force).await?;
        let needed = stored_epoch(&database, force).await?;
        let epoch = provider.key_for(needed).map_err(provider_fault)?;
        let keys = Self::over(database, force, session, epoch).await?;
        keys.check_opens().await?;
        Ok(keys)
    }

    /// Whether a database holds no keystore yet.
    ///
    /// # Errors
    /// [`KeyError`] where it cannot be reached.
    pub async fn is_empty(address: &Address) -> Result<bool, KeyError> {
        let mut connection = address.connect().await.map_err(KeyError)?;
        let there = sqlx::query("SELECT 1 WHERE to_regclass('keystore') IS NOT NULL");
        let fault = |error| KeyError(super::fault::explain(&address.to_string(), READING, &error));
        if there.fetch_optional(&mut connection).await.map_err(fault)?.is_none() {
            return Ok(true);
        }
        let any = sqlx::query("SELECT 1 FROM keystore LIMIT 1").fetch_optional(&mut connection).await;
        Ok(any.map_err(fault)?.is_none())
    }

    async fn over(
        database: Database,
        force: ForceId,
        session: String,
        epoch: EpochKey,
    ) -> Result<Self, KeyError> {
        let mut keys = Self {
            database,
            force,
            session,
            epoch: RwLock::new(epoch),
            open_buckets: OpenBuckets::default(),
            mark: AtomicU64::new(0),
            single: Gather::default(),
            opened_at: 0,
            makers: Makers::default(),
        };
        let mark = keys.number(sql::MARK_OF_KEYSTORE).await?;
        keys.opened_at = keys.number(sql::FIRST_FREE).await?;
        keys.mark = AtomicU64::new(u64::try_from(mark).unwrap_or_default());
        Ok(keys)
    }

    /// The force as the first column of every key.
    fn key(&self) -> Vec<u8> {
        self.force.octets().to_vec()
    }

    fn fault<'a>(&'a self, doing: &'a str) -> impl Fn(sqlx::Error) -> KeyError + 'a {
        move |error| KeyError(self.database.explain(doing, &error))
    }

    /// All rows of a query that reads. Where the connection is lost it is asked again.
    async fn all<T>(
        &self,
        query: impl Fn() -> Query,
        read: impl Fn(&PgRow) -> sqlx::Result<T>,
    ) -> Result<Vec<T>, KeyError> {
        let fault = self.fault(READING);
        let mut tries = Tries::of_harmless();
        loop {
            match query().fetch_all(self.database.readers()).await {
                Ok(rows) => return rows.iter().map(&read).collect::<sqlx::Result<_>>().map_err(&fault),
                Err(error) => tries.again(error).await.map_err(&fault)?,
            }
        }
    }

    /// One number about this force; 0 where there is none.
    async fn number(&self, sql: &'static str) -> Result<i64, KeyError> {
        let read = |row: &PgRow| Reading { table: "keystore", row, key: 0 }.column(0, "number");
        Ok(self.all(|| sqlx::query(sql).bind(self.key()), read).await?.pop().unwrap_or(0))
    }

    async fn load_keys(&self, places: Vec<KeyPlace>) -> Found<KeyPlace, SecretKey> {
        let keys = self.open_keys(&places).await.map_err(|error| error.to_string())?;
        Ok(places.into_iter().zip(keys).filter_map(|(place, key)| Some((place, key?))).collect())
    }

    /// Whether no other process has this keystore open. One that is ending is given a moment.
    async fn is_alone(&self) -> Result<bool, KeyError> {
        let until = Instant::now() + ENDING;
        let lock = users_lock(self.force);
        loop {
            let read = |row: &PgRow| Reading { table: "pg_locks", row, key: 0 }.column::<i64>(0, "count");
            let query = || sqlx::query(OTHERS).bind(lock).bind(self.session.clone());
            let others = self.all(query, read).await?.pop().unwrap_or(0);
            if others == 0 || Instant::now() >= until {
                return Ok(others == 0);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Writes the tables anew where something went from them since that was done last.
    async fn rewrite_freed(&self) -> Result<(), KeyError> {
        let freed = self.number(FREED).await?;
        if freed == 0 {
            return Ok(());
        }
        let fault = self.fault("the keystore could not be cleaned");
        let mut connection = self.database.writers().acquire().await.map_err(&fault)?;
        for table in ["keys", "buckets", "key_names"] {
            clean::rewrite(&mut connection, table).await.map_err(&fault)?;
        }
        let query = sqlx::query(REWRITTEN).bind(self.key()).bind(freed);
        query.execute(&mut *connection).await.map(drop).map_err(&fault)
    }

    /// What is wrong: the server's own check, buckets that do not open, and keys without a bucket.
    async fn check_all(&self) -> Result<Vec<String>, KeyError> {
        let mut found = clean::integrity(&self.database).await.map_err(self.fault("the check failed"))?;
        let epoch = self.epoch.read().await;
        let mut last = -1;
        loop {
            let some =
                self.all(|| sqlx::query(sql::SOME_BUCKETS).bind(self.key()).bind(last), ring::bucket).await?;
            let Some(newest) = some.last() else { break };
            last = i64::from(newest.bucket);
            let closed = some.iter().filter(|bucket| bucket.open(&epoch).is_err());
            found.extend(
                closed.map(|bucket| format!("bucket {} does not open under the epoch key", bucket.bucket)),
            );
        }
        for (sql, what) in sql::KEYSTORE_RULES {
            let count = self.number(sql).await?;
            if count > 0 {
                found.push(format!("{count} {what}"));
            }
        }
        Ok(found)
    }
}

/// The lock that every session of a keystore's users holds.
fn users_lock(force: ForceId) -> i64 {
    lock_number("users of the keystore", &force.octets())
}

async fn open(address: &Address, force: ForceId) -> Result<(Database, String), KeyError> {
    let session = format!("bluelamp {}", uuid::Uuid::now_v7());
    let first =
        format!("SET application_name = '{session}'; SELECT pg_advisory_lock_shared({})", users_lock(force));
    let sessions = Sessions { readers: 6, writers: 4, sequencer: 1, first };
    Ok((Database::open(address, &MIGRATIONS, &sessions).await.map_err(KeyError)?, session))
}

/// Writes the first row of a new keystore, and its first bucket: what the provider's key is checked
/// against at every start.
async fn found(database: &Database, force: ForceId, epoch: &EpochKey) -> Result<(), KeyError> {
    let fault = |error: sqlx::Error| KeyError(database.explain("the keystore could not be made", &error));
    let mut tx = database.begin(database.writers(), "BEGIN").await.map_err(fault)?;
    let there = sqlx::query("LOCK TABLE keystore").execute(tx.connection()).await;
    there.map_err(fault)?;
    let any = sqlx::query("SELECT 1 FROM keystore LIMIT 1").fetch_optional(tx.connection()).await;
    if any.map_err(fault)?.is_some() {
        return Err(KeyError(format!(
            "there is a keystore in {} already: open that one, or make another database",
            database.name()
        )));
    }
    let query = sqlx::query(sql::NEW_KEYSTORE).bind(force.octets().to_vec());
    let query = query.bind(signed(epoch.epoch)).bind(1i64);
    query.execute(tx.connection()).await.map_err(fault)?;
    let (first, _) = Bucket::new(0, epoch)?;
    let query = sqlx::query(sql::NEW_BUCKET).bind(force.octets().to_vec()).bind(0i64).bind(first.wrapped);
    query.execute(tx.connection()).await.map_err(fault)?;
    tx.commit().await.map_err(fault)
}

/// The epoch that a keystore was written under; refuses another force's.
async fn stored_epoch(database: &Database, force: ForceId) -> Result<u64, KeyError> {
    let fault = |error: sqlx::Error| KeyError(database.explain(READING, &error));
    let rows = sqlx::query(sql::KEYSTORE).fetch_all(database.readers()).await.map_err(fault)?;
    let mut others = Vec::new();
    for row in &rows {
        let reading = Reading { table: "keystore", row, key: 0 };
        let found = ForceId::from_octets(reading.octets(0, "force_id").map_err(fault)?);
        if found == force {
            return reading.number(1, "epoch").map_err(fault);
        }
        others.push(found.to_string());
    }
    Err(KeyError(crate::keys::anothers_keystore(database.name(), &others, force)))
}

fn provider_fault(error: crate::provider::ProviderError) -> KeyError {
    KeyError(error.to_string())
}

#[async_trait]
impl LogKeys for PostgresKeys {
    async fn create(&self, name: &str) -> Result<SecretKey, KeyError> {
        self.make_named(name).await
    }

    async fn get(&self, name: &str) -> Result<Option<SecretKey>, KeyError> {
        let Some(place) = self.place_of(name).await? else { return Ok(None) };
        Ok(self.open_keys(&[place]).await?.pop().flatten())
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), KeyError> {
        self.rename_key(from, to).await
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        match self.place_of(name).await? {
            Some(place) => self.shred_keys(&[place]).await,
            None => Ok(()),
        }
    }
}

#[async_trait]
impl KeyStore for PostgresKeys {
    async fn make(&self, count: usize) -> Result<Made, KeyError> {
        self.makers.keys(count, |count| self.make_in_one(count, None).boxed()).await
    }

    async fn open(&self, places: &[KeyPlace]) -> Result<Vec<Option<SecretKey>>, KeyError> {
        let [place] = places else { return self.open_keys(places).await };
        let load = |places| self.load_keys(places).boxed();
        Ok(vec![self.single.one(*place, load).await.map_err(KeyError)?])
    }

    async fn shred(&self, places: &[KeyPlace]) -> Result<(), KeyError> {
        self.shred_keys(places).await
    }

    async fn traces(&self, places: &[KeyPlace]) -> Result<KeyTraces, KeyError> {
        self.key_traces(places).await
    }

    async fn place_of(&self, name: &str) -> Result<Option<KeyPlace>, KeyError> {
        let query = || sqlx::query(sql::PLACE_OF_NAME).bind(self.key()).bind(name.to_owned());
        Ok(self.all(query, |row| first_place("key_names", row)).await?.pop())
    }

    async fn turn(&self, next: &EpochKey) -> Result<Turn, KeyError> {
        self.turn_buckets(next).await
    }

    async fn epoch(&self) -> Result<u64, KeyError> {
        Ok(self.epoch.read().await.epoch)
    }

    async fn mark(&self) -> Result<u64, KeyError> {
        Ok(self.mark.load(Ordering::SeqCst))
    }

    async fn copy_to(&self, path: &Path) -> Result<(), KeyError> {
        self.copy(path).await
    }

    async fn clean(&self) -> Result<(), KeyError> {
        self.rewrite_freed().await
    }

    async fn names(&self, prefix: &str) -> Result<Vec<String>, KeyError> {
        let query = || sqlx::query(sql::NAMES).bind(self.key()).bind(prefix.to_owned());
        self.all(query, |row| Reading { table: "key_names", row, key: 0 }.column(0, "name")).await
    }

    async fn settled(&self, bucket: u32) -> Result<Option<Vec<KeyPlace>>, KeyError> {
        let first = place_number(KeyPlace { bucket, slot: 0 });
        // A write of another process may still come to rest on a key that was made before this was opened.
        if first >= self.opened_at || !self.is_alone().await? {
            return Ok(None);
        }
        let end = (first + i64::from(BUCKET_KEYS)).min(self.opened_at);
        let query = || sqlx::query(sql::UNNAMED_KEYS).bind(self.key()).bind(first).bind(end);
        self.all(query, |row| first_place("keys", row)).await.map(Some)
    }

    async fn check(&self) -> Result<Vec<String>, KeyError> {
        self.check_all().await
    }
}
