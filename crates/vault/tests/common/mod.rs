//! Deployments on both stores.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![allow(dead_code, clippy::allow_attributes, reason = "each test program uses a part of this")]

pub mod agree;
pub mod proxy;
pub mod shredding;

use async_trait::async_trait;
use model::ForceId;
use servers::Pair;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use vault::KeyStore;
use vault::conformance::{Backend, Fault};
use vault::postgres::{Address, PostgresKeys, PostgresStore};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};

/// The force of the tests.
pub const FORCE: ForceId = ForceId(uuid::Uuid::from_u128(0x4D45_5400));

/// A deployment in a folder; the folder goes with it where it is temporary.
pub struct Sqlite {
    pub dir: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Sqlite {
    /// In a new temporary folder.
    pub fn fresh() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let dir = temporary.path().to_owned();
        Self { _temporary: Some(temporary), ..Self::at(&dir) }
    }

    /// Puts the database of the records and its write-ahead log in the place of those of another name.
    /// Nobody has it open; whoever still closes it has the files that were there.
    fn copy_records(&self, from: &str, to: &str) -> Result<(), Fault> {
        let _ = std::fs::remove_file(self.dir.join(format!("{to}-shm")));
        for tail in ["", "-wal"] {
            let [from, to] = [from, to].map(|name| self.dir.join(format!("{name}{tail}")));
            let _ = std::fs::remove_file(&to);
            if from.exists() {
                std::fs::copy(from, to)?;
            }
        }
        Ok(())
    }

    /// In a folder that stays.
    pub fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), _temporary: None }
    }
}

#[async_trait]
impl Backend for Sqlite {
    type Store = SqliteStore;

    async fn open(&self) -> Result<(Arc<SqliteStore>, Arc<dyn KeyStore>), Fault> {
        let store = SqliteStore::open(&self.dir.join("records.sqlite"), FORCE).await?;
        let keys = self.dir.join("keys.sqlite");
        let keys = if keys.exists() {
            SqliteKeys::open(&keys, FORCE, self.provider()).await?
        } else {
            FileProvider::create(&self.dir.join("provider"))?;
            SqliteKeys::create(&keys, FORCE, self.provider()).await?
        };
        Ok((Arc::new(store), Arc::new(keys)))
    }

    fn provider(&self) -> FileProvider {
        FileProvider::new(&self.dir.join("provider"))
    }

    fn folder(&self) -> &Path {
        &self.dir
    }

    async fn put_keystore(&self, copy: &Path) -> Result<(), Fault> {
        for tail in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(self.dir.join(format!("keys.sqlite{tail}")));
        }
        // Another file in its place, as restoring does: a connection that is still closing has the old.
        std::fs::copy(copy, self.dir.join("keys.sqlite.put"))?;
        std::fs::rename(self.dir.join("keys.sqlite.put"), self.dir.join("keys.sqlite"))?;
        Ok(())
    }

    async fn keep_records(&self) -> Result<(), Fault> {
        self.copy_records("records.sqlite", "records.sqlite.kept")
    }

    async fn put_records(&self) -> Result<(), Fault> {
        self.copy_records("records.sqlite.kept", "records.sqlite")
    }
}

/// A deployment in two databases of two clusters that the tests of a process share, with a folder for
/// its provider.
pub struct Postgres {
    pub pair: Arc<Mutex<Pair>>,
    pub records: Address,
    pub keys: Address,
    name: String,
    folder: tempfile::TempDir,
}

impl Postgres {
    /// In new, empty databases. `None` where PostgreSQL is not installed.
    pub fn fresh() -> Option<Self> {
        Self::on(shared()?)
    }

    /// In new, empty databases of clusters that no other test shares.
    pub fn alone() -> Option<Self> {
        Self::on(Arc::new(Mutex::new(Pair::start().unwrap()?)))
    }

    /// The name of both databases.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Copies a database of the records' cluster, putting the copy in the place of one of that name.
    fn copy_database(&self, from: &str, to: &str) -> Result<(), Fault> {
        let pair = self.pair.lock().unwrap();
        let run = |sql: &str| pair.records.execute("postgres", sql);
        run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'"))?;
        run(&format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"))?;
        run(&format!("CREATE DATABASE {to} TEMPLATE {from}"))?;
        Ok(())
    }

    fn on(pair: Arc<Mutex<Pair>>) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let name = format!("force_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let servers = pair.lock().unwrap();
        servers.records.create_database(&name).unwrap();
        servers.keys.create_database(&name).unwrap();
        let (records, keys) = (servers.records.url(&name), servers.keys.url(&name));
        drop(servers);
        let folder = tempfile::tempdir().unwrap();
        Some(Self { pair, records: records.parse().unwrap(), keys: keys.parse().unwrap(), name, folder })
    }
}

/// The clusters of this process. They go with the last deployment that uses them.
fn shared() -> Option<Arc<Mutex<Pair>>> {
    static SHARED: Mutex<Weak<Mutex<Pair>>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap();
    if let Some(pair) = shared.upgrade() {
        return Some(pair);
    }
    let pair = Arc::new(Mutex::new(Pair::start().unwrap()?));
    *shared = Arc::downgrade(&pair);
    Some(pair)
}

#[async_trait]
impl Backend for Postgres {
    type Store = PostgresStore;

    async fn open(&self) -> Result<(Arc<PostgresStore>, Arc<dyn KeyStore>), Fault> {
        let store = PostgresStore::open(&self.records, FORCE).await?;
        let keys = if PostgresKeys::is_empty(&self.keys).await? {
            FileProvider::create(&self.folder.path().join("provider"))?;
            PostgresKeys::create(&self.keys, FORCE, self.provider()).await?
        } else {
            PostgresKeys::open(&self.keys, FORCE, self.provider()).await?
        };
        Ok((Arc::new(store), Arc::new(keys)))
    }

    fn provider(&self) -> FileProvider {
        FileProvider::new(&self.folder.path().join("provider"))
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn put_keystore(&self, copy: &Path) -> Result<(), Fault> {
        PostgresKeys::restore(&self.keys, FORCE, copy, true).await?;
        Ok(())
    }

    async fn keep_records(&self) -> Result<(), Fault> {
        self.copy_database(&self.name, &format!("{}_kept", self.name))
    }

    async fn put_records(&self) -> Result<(), Fault> {
        self.copy_database(&format!("{}_kept", self.name), &self.name)
    }
}
