//! Private PostgreSQL clusters for tests, drills and benches: made from nothing in a folder, reached by a
//! socket in it and by nothing else, and ended with whoever started them.
//!
//! PostgreSQL refuses to run as root; there the servers run as `postgres`, or as `nobody` where there is
//! no such user.

mod cluster;
mod programs;

pub use cluster::{ARCHIVE, Cluster};
pub use programs::Programs;

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
    /// [`Fault`] where a server does not start.
    pub fn start() -> Result<Option<Self>, Fault> {
        Self::start_with(&[])
    }

    /// [`Pair::start`] with settings of both servers, as `name=value`.
    ///
    /// # Errors
    /// As [`Pair::start`].
    pub fn start_with(settings: &[&str]) -> Result<Option<Self>, Fault> {
        let Some(programs) = Programs::find() else {
            say("PostgreSQL 15 or newer is not installed: skipped. On Debian: apt-get install postgresql");
            return Ok(None);
        };
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

#[expect(clippy::print_stderr, reason = "whoever runs tests must see what was skipped")]
fn say(line: &str) {
    eprintln!("{line}");
}
