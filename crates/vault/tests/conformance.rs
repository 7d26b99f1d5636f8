//! The conformance suite on SQLite.

use async_trait::async_trait;
use model::ForceId;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use vault::KeyStore;
use vault::conformance::{Backend, Fault};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};

struct Sqlite {
    dir: TempDir,
}

impl Sqlite {
    fn fresh() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }
}

#[async_trait]
impl Backend for Sqlite {
    type Store = SqliteStore;

    async fn open(&self) -> Result<(Arc<SqliteStore>, Arc<dyn KeyStore>), Fault> {
        let force = ForceId(uuid::Uuid::from_u128(0x4D45_5400));
        let store = SqliteStore::open(&self.dir.path().join("records.sqlite"), force).await?;
        let keys = self.dir.path().join("keys.sqlite");
        let keys = if keys.exists() {
            SqliteKeys::open(&keys, force, self.provider()).await?
        } else {
            FileProvider::create(&self.dir.path().join("provider"))?;
            SqliteKeys::create(&keys, force, self.provider()).await?
        };
        Ok((Arc::new(store), Arc::new(keys)))
    }

    fn provider(&self) -> FileProvider {
        FileProvider::new(&self.dir.path().join("provider"))
    }

    fn folder(&self) -> &Path {
        self.dir.path()
    }

    fn put_keystore(&self, copy: &Path) -> Result<(), Fault> {
        let place = self.dir.path().join("keys.sqlite");
        for tail in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(self.dir.path().join(format!("keys.sqlite{tail}")));
        }
        std::fs::copy(copy, place)?;
        Ok(())
    }
}

vault::conformance_suite!(crate::Sqlite::fresh());
