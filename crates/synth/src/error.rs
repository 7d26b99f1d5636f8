//! Why synthetic data could not be made.

use std::path::PathBuf;

/// Why synthetic data could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// A file or folder could not be written.
    #[error(
        "“{path}” could not be written: {source}. Check that the folder exists, may be written to, and has room"
    )]
    NotWritten {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The force's name cannot stand in a file name of the published form.
    #[error(
        "“{0}” cannot name a force in a file name: use small letters a to z and hyphens, for instance “wessex”"
    )]
    ForceName(String),
    /// A committed list cannot be read: a fault of the program, not of its user.
    #[error("the committed list “{list}” cannot be read: {source}. This is a fault of the program")]
    List {
        /// Which.
        list: &'static str,
        /// Why.
        source: toml::de::Error,
    },
    /// So many people cannot be made.
    #[error("{0} nominals cannot be made: ask for 1 to 100,000,000")]
    Size(u64),
    /// The months are none.
    #[error("{first} to {last} are no months: give the earlier one first")]
    Months {
        /// The first month.
        first: crate::Month,
        /// The last month.
        last: crate::Month,
    },
}
