//! Private PostgreSQL clusters for tests, drills and benches: made from nothing in a folder, reached by a
//! socket in it and by nothing else, and ended with whoever started them.
//!
//! PostgreSQL refuses to run as root; there the servers run as `postgres`, or as `nobody` where there is
//! no such user. Beside them a [`SmallDisk`], which can be filled.
//!
//! What cannot be had is passed over with one line that says so. Where [`NEED`] or [`NEED_DISK`] is set in the
//! environment it has to be there, and a test without it fails: `./test` sets the first, and the second where
//! mounting works.

mod cluster;
mod disk;
mod programs;

pub use cluster::{ARCHIVE, Cluster};
pub use disk::{NEED_DISK, SmallDisk};
pub use programs::{NEED, Programs};

use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// What a cluster could not do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Two clusters, one for records and one for keys, in a temporary folder.
pub struct Pair {
    /// For records and log.
    pub records: Cluster,
    /// For keys.
    pub keys: Cluster,
    // Last, so that the servers have ended before their files go.
    folder: TempDir,
}

impl Pair {
    /// Makes and starts both. `None` where PostgreSQL is not installed: then one line says so.
    ///
    /// # Errors
    /// [`Fault`] where a server does not start, and where PostgreSQL is not installed and [`NEED`] says that
    /// it has to be.
    pub fn start() -> Result<Option<Self>, Fault> {
        Self::start_with(&[])
    }

    /// [`Pair::start`] with settings of both servers, as `name=value`.
    ///
    /// # Errors
    /// As [`Pair::start`].
    pub fn start_with(settings: &[&str]) -> Result<Option<Self>, Fault> {
        let Some(programs) = Programs::find_or_pass_over()? else { return Ok(None) };
        let programs = Arc::new(programs);
        let folder = tempfile::Builder::new().prefix("bluelamp-pg-").tempdir()?;
        programs.give(folder.path())?;
        Ok(Some(Self {
            records: Cluster::start_with(&programs, &folder.path().join("records"), settings)?,
            keys: Cluster::start_with(&programs, &folder.path().join("keys"), settings)?,
            folder,
        }))
    }

    /// The folder that holds both.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
