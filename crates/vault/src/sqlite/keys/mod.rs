//! The keystore of one force in a SQLite file of its own.

mod buckets;
pub(crate) mod copy;
mod make;
mod shred;
mod turn;

use super::before_upgrade;
use super::database::{Database, Tx};
use super::multi::Query;
use super::{clean, open};
use crate::cells::Reading;
use crate::gather::{Found, Gather};
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyStore, KeyTraces, Turn};
use crate::provider::{EpochKey, FileProvider};
use crate::ring::{Bucket, Makers, OpenBuckets};
use crate::rows::{first_place, place_number, signed};
use crate::sql;
use async_trait::async_trait;
use futures::FutureExt;
use ledger::keys::{KeyError, LogKeys};
use model::ForceId;
use sealing::SecretKey;
use sqlx::SqliteConnection;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteRow;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::RwLock;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite-keys");
/// The keys of one force, in buckets, under the epoch key that the provider holds.
pub struct SqliteKeys {
    database: Database,
    force: ForceId,
    /// Readers hold it while they unwrap buckets; a turn holds it alone.
    epoch: RwLock<EpochKey>,
    open_buckets: OpenBuckets,
    mark: AtomicU64,
    single: Gather<KeyPlace, SecretKey>,
    /// The first place that was still free when this was opened: keys before it are not of a
    /// write that is still under way.
    opened_at: i64,
    makers: Makers,
}

impl std::fmt::Debug for SqliteKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SqliteKeys({})", self.database.path().display())
    }
}

impl SqliteKeys {
    /// The schema of a file that an earlier release wrote and this one is about to bring up to date; `None`
    /// where there is nothing to bring up to date.
    ///
    /// # Errors
    /// What stands in the way of reading it.
    pub async fn schema_before(path: &Path) -> Result<Option<i64>, KeyError> {
        before_upgrade::schema_before(path, &MIGRATIONS).await.map_err(KeyError)
    }

    /// Makes a new keystore under the provider's first epoch key.
    ///
    /// # Errors
    /// [`KeyError`]; a keystore that is there already is never touched.
    pub async fn create(path: &Path, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        if path.exists() {
            let file = path.display();
            return Err(KeyError(format!(
                "there is a keystore at {file} already: open that one, or choose another folder"
            )));
        }
        let epoch = provider.key_for(1).map_err(provider_fault)?;
        let database = open::open(path, &MIGRATIONS).await.map_err(KeyError)?;
        found(&database, force, &epoch).await?;
        Self::over(database, force, epoch).await
    }

    /// Opens a keystore with the provider that belongs to it.
    ///
    /// # Errors
    /// [`KeyError`], with the mend: the file is missing, of another force, or of another provider.
    pub async fn open(path: &Path, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        if !path.exists() {
            return Err(KeyError(format!(
                "the keystore {} is missing, and without it no record opens: put its newest copy in place. \
                 Nothing was changed",
                path.display()
            )));
        }
        let database = open::open(path, &MIGRATIONS).await.map_err(KeyError)?;
        Self::opened(database, force, provider).await
    }

    /// Opens a keystore on which nothing rests yet. Where a kill came between the making of its file
    /// and its first row, that row is written now.
    ///
    /// # Errors
    /// As [`SqliteKeys::open`].
    pub async fn open_new(path: &Path, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        let database = open::open(path, &MIGRATIONS).await.map_err(KeyError)?;
        if !is_founded(&database).await? {
            let epoch = provider.key_for(1).map_err(provider_fault)?;
            found(&database, force, &epoch).await?;
        }
        Self::opened(database, force, provider).await
    }

    async fn opened(database: Database, force: ForceId, provider: FileProvider) -> Result<Self, KeyError> {
        let needed = stored_epoch(&database, force).await?;
        let epoch = provider.key_for(needed).map_err(provider_fault)?;
        let keys = Self::over(database, force, epoch).await?;
        keys.check_opens().await?;
        Ok(keys)
    }

    async fn over(database: Database, force: ForceId, epoch: EpochKey) -> Result<Self, KeyError> {
        let mut keys = Self {
            database,
            force,
            epoch: RwLock::new(epoch),
            open_buckets: OpenBuckets::default(),
            mark: AtomicU64::new(0),
            single: Gather::default(),
            opened_at: 0,
            makers: Makers::default(),
        };
        let fault = keys.fault("the keystore cannot be read");
        let mark = keys.one(sql::MARK_OF_KEYSTORE, "keystore").await.map_err(&fault)?;
        let opened_at = keys.one(sql::FIRST_FREE, "buckets").await.map_err(&fault)?;
        drop(fault);
        keys.mark = AtomicU64::new(u64::try_from(mark).unwrap_or_default());
        keys.opened_at = opened_at;
        Ok(keys)
    }

    /// The force as the first column of every key.
    fn key(&self) -> Vec<u8> {
        self.force.octets().to_vec()
    }

    fn fault<'a>(&'a self, doing: &'a str) -> impl Fn(sqlx::Error) -> KeyError + 'a {
        move |error| KeyError(self.database.explain(doing, &error))
    }

    /// One number about this force.
    async fn one(&self, sql: &'static str, table: &'static str) -> sqlx::Result<i64> {
        let mut reader = self.database.read().await?;
        let row = sqlx::query(sql).bind(self.key()).fetch_one(reader.connection()?).await?;
        Reading { table, row: &row, key: 0 }.column(0, "number")
    }

    async fn all<T>(
        &self,
        query: Query<'static>,
        read: impl Fn(&SqliteRow) -> sqlx::Result<T>,
    ) -> sqlx::Result<Vec<T>> {
        let mut reader = self.database.read().await?;
        query.fetch_all(reader.connection()?).await?.iter().map(read).collect()
    }

    async fn load_keys(&self, places: Vec<KeyPlace>) -> Found<KeyPlace, SecretKey> {
        let keys = self.open_keys(&places).await.map_err(|error| error.to_string())?;
        Ok(places.into_iter().zip(keys).filter_map(|(place, key)| Some((place, key?))).collect())
    }

    /// Commits a change of the keystore under the next mark.
    async fn commit(&self, mut tx: Tx) -> Result<(), KeyError> {
        let fault = self.fault("the keystore could not be written; nothing of it was kept");
        let query = sqlx::query(sql::RAISE_MARK).bind(self.key());
        let row = query.fetch_one(tx.connection().map_err(&fault)?).await.map_err(&fault)?;
        let mark: u64 = Reading { table: "keystore", row: &row, key: 0 }.number(0, "mark").map_err(&fault)?;
        self.database.commit(tx).await.map_err(&fault)?;
        self.mark.fetch_max(mark, Ordering::SeqCst);
        Ok(())
    }

    async fn name_of(&self, connection: &mut SqliteConnection, name: &str) -> sqlx::Result<Option<KeyPlace>> {
        let query = sqlx::query(sql::PLACE_OF_NAME).bind(self.key()).bind(name.to_owned());
        query.fetch_optional(connection).await?.as_ref().map(|row| first_place("key_names", row)).transpose()
    }
}

/// Writes the first row of a new keystore, and its first bucket: what the provider's key is
/// checked against at every start.
async fn found(database: &Database, force: ForceId, epoch: &EpochKey) -> Result<(), KeyError> {
    let fault = |error: sqlx::Error| KeyError(database.explain("the keystore could not be made", &error));
    let mut tx = database.begin().await.map_err(fault)?;
    let connection = tx.connection().map_err(fault)?;
    let query = sqlx::query(sql::NEW_KEYSTORE).bind(force.octets().to_vec());
    let query = query.bind(signed(epoch.epoch)).bind(1i64);
    query.execute(&mut *connection).await.map_err(fault)?;
    let (first, _) = Bucket::new(0, epoch)?;
    buckets::insert_bucket(connection, force, &first).await.map_err(fault)?;
    database.commit(tx).await.map_err(fault)
}

/// Whether a keystore has the first row of any force.
async fn is_founded(database: &Database) -> Result<bool, KeyError> {
    let fault = |error: sqlx::Error| KeyError(database.explain("the keystore cannot be read", &error));
    let mut reader = database.read().await.map_err(fault)?;
    let query = sqlx::query("SELECT 1 FROM keystore LIMIT 1");
    let row = query.fetch_optional(reader.connection().map_err(fault)?).await.map_err(fault)?;
    Ok(row.is_some())
}

/// The epoch that a keystore was written under; refuses another force's.
async fn stored_epoch(database: &Database, force: ForceId) -> Result<u64, KeyError> {
    let fault = |error: sqlx::Error| KeyError(database.explain("the keystore cannot be read", &error));
    let mut reader = database.read().await.map_err(fault)?;
    let query = sqlx::query(sql::KEYSTORE);
    let rows = query.fetch_all(reader.connection().map_err(fault)?).await.map_err(fault)?;
    let mut others = Vec::new();
    for row in &rows {
        let reading = Reading { table: "keystore", row, key: 0 };
        let found = ForceId::from_octets(reading.octets(0, "force_id").map_err(fault)?);
        if found == force {
            return reading.number(1, "epoch").map_err(fault);
        }
        others.push(found.to_string());
    }
    let file = database.path().display().to_string();
    Err(KeyError(crate::keys::anothers_keystore(&file, &others, force)))
}

fn provider_fault(error: crate::provider::ProviderError) -> KeyError {
    KeyError(error.to_string())
}

#[async_trait]
impl LogKeys for SqliteKeys {
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
impl KeyStore for SqliteKeys {
    async fn make(&self, count: usize) -> Result<Vec<(KeyPlace, SecretKey)>, KeyError> {
        self.make_keys(count).await
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
        let fault = self.fault("the keystore cannot be read");
        let mut reader = self.database.read().await.map_err(&fault)?;
        self.name_of(reader.connection().map_err(&fault)?, name).await.map_err(&fault)
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
        clean::clean(&self.database).await.map_err(KeyError)
    }

    async fn names(&self, prefix: &str) -> Result<Vec<String>, KeyError> {
        let query = sqlx::query(sql::NAMES).bind(self.key()).bind(prefix.to_owned());
        let names = self.all(query, |row| Reading { table: "key_names", row, key: 0 }.column(0, "name"));
        names.await.map_err(self.fault("the keystore cannot be read"))
    }

    async fn settled(&self, bucket: u32) -> Result<Option<Vec<KeyPlace>>, KeyError> {
        let first = place_number(KeyPlace { bucket, slot: 0 });
        if first >= self.opened_at {
            return Ok(None);
        }
        let end = (first + i64::from(BUCKET_KEYS)).min(self.opened_at);
        let query = sqlx::query(sql::UNNAMED_KEYS).bind(self.key()).bind(first).bind(end);
        let places = self.all(query, |row| first_place("keys", row)).await;
        places.map(Some).map_err(self.fault("the keystore cannot be read"))
    }

    async fn check(&self) -> Result<Vec<String>, KeyError> {
        self.check_all().await
    }
}
