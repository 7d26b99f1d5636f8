//! What can go wrong with a file or with the whole run, in words for the person who started it.

use desk::DeskError;

/// Why a file was refused as a whole. Nothing of it was taken in; the other files go on.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It has no octets.
    #[error("the file is empty: there is not even a header. Fetch it again")]
    Empty,
    /// Its first line is no header.
    #[error("the first line is no header: {0}. Check that this is a CSV file as its name says")]
    NoHeader(String),
    /// Its header is not that of its sort.
    #[error(
        "the header is not the one that the file's name promises: {0}. Check the file, or fetch it again"
    )]
    WrongHeader(String),
    /// It could not be read.
    #[error("the file could not be read: {0}. Check that it exists and may be read")]
    Unreadable(#[from] std::io::Error),
}

/// Why a run stopped. What was acknowledged before is durable; running it again reads on from there.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The path cannot be read.
    #[error("“{path}” could not be read: {source}. Check the path and who may read it")]
    Unreadable {
        /// What could not be read.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing for this connector.
    #[error("“{path}” holds no file for {connector}: its files are named {file_names}")]
    NothingRecognised {
        /// What was given.
        path: String,
        /// The connector.
        connector: &'static str,
        /// How its files are named.
        file_names: &'static str,
    },
    /// A file changed between its digest and its last row.
    #[error("“{file}” changed while it was read: let whatever writes it finish, then run again")]
    Changed {
        /// The file.
        file: String,
    },
    /// The door did not open or the store failed.
    #[error("“{file}” was not taken in beyond line {line}: {source}")]
    Door {
        /// The file.
        file: String,
        /// The last line that is durable.
        line: u64,
        /// What the desk says.
        source: DeskError,
    },
    /// The counts of a file do not add up, which no correct run can give.
    #[error(
        "“{file}” does not add up: {read} rows were read, and the desk counts {rows} = {accepted} accepted \
         + {repeated} repeated + {rejected} rejected. Do not rely on this import; run `doctor`"
    )]
    DoesNotAddUp {
        /// The file.
        file: String,
        /// Rows that the engine has read.
        read: u64,
        /// Rows that the desk counts.
        rows: u64,
        /// Of which accepted.
        accepted: u64,
        /// Of which held already.
        repeated: u64,
        /// Of which rejected.
        rejected: u64,
    },
    /// The reading thread ended without a word.
    #[error("“{file}” was not read to its end, because its reader stopped: run again, and report this")]
    ReaderStopped {
        /// The file.
        file: String,
    },
}
