//! A deployment on SQLite in a folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use async_trait::async_trait;
use model::ForceId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::KeyStore;
use vault::conformance::{Backend, Fault};
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

    fn put_keystore(&self, copy: &Path) -> Result<(), Fault> {
        for tail in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(self.dir.join(format!("keys.sqlite{tail}")));
        }
        // Another file in its place, as restoring does: a connection that is still closing has the old.
        std::fs::copy(copy, self.dir.join("keys.sqlite.put"))?;
        std::fs::rename(self.dir.join("keys.sqlite.put"), self.dir.join("keys.sqlite"))?;
        Ok(())
    }
}
