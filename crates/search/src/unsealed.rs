//! The same index unsealed, beside which the sealed one is measured. It stands behind a feature that the bench
//! program alone asks for, so that no force can have an index that is not sealed.

use crate::error::IndexError;
use crate::index::{Index, open_over};
use crate::keys::IndexKeys;
use crate::sealed::{FileKeys, Options, SealedDirectory};
use crate::writer::Settings;
use ledger::keys::LogKeys;
use model::ForceId;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::Directory;
use tantivy::directory::MmapDirectory;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// The engine's list of segments.
const META: &str = "meta.json";
/// The engine's list of its files.
const MANAGED: &str = ".managed.json";

impl Index {
    /// Opens an index in a folder without seals, as the engine by itself would have it: each file is mapped into
    /// memory. Schema, writing and queries are those of the sealed index.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub async fn open_unsealed(dir: &Path, force: ForceId, settings: Settings) -> Result<Self, IndexError> {
        let dir = dir.to_owned();
        spawn_blocking(move || {
            fs::create_dir_all(&dir)?;
            let directory = MmapDirectory::open(&dir).map_err(failed)?;
            let is_new = !dir.join(META).try_exists()?;
            open_over(dir, Box::new(directory), is_new, force, settings)
        })
        .await?
    }

    /// Writes the files of a sealed index, which nobody has open, into another folder without their seals: what
    /// [`Index::open_unsealed`] opens there has the very same segments.
    ///
    /// # Errors
    /// What disk, keystore or engine said.
    pub async fn unseal_into(sealed: &Path, keys: Arc<dyn LogKeys>, to: &Path) -> Result<(), IndexError> {
        let keys: Arc<dyn FileKeys> = Arc::new(IndexKeys::new(keys, Handle::current()));
        let (sealed, to) = (sealed.to_owned(), to.to_owned());
        spawn_blocking(move || copy(sealed, keys, &to)).await?
    }
}

fn copy(sealed: PathBuf, keys: Arc<dyn FileKeys>, to: &Path) -> Result<(), IndexError> {
    fs::create_dir_all(to)?;
    let directory = SealedDirectory::open(sealed, keys, Options::default())?;
    let segments = tantivy::Index::open(directory.clone())?.load_metas()?.list_segment_files();
    for file in segments {
        // The engine names files that a segment may do without.
        if directory.exists(&file).map_err(failed)? {
            let text = directory.open_read(&file).map_err(failed)?.read_bytes()?;
            fs::write(to.join(&file), text.as_slice())?;
        }
    }
    for list in [MANAGED, META] {
        fs::write(to.join(list), directory.atomic_read(Path::new(list)).map_err(failed)?)?;
    }
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> IndexError {
    IndexError::Failed(error.to_string())
}
