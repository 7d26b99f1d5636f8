//! What can go wrong with the index, in words for the person who must mend it.

use crate::sealed::Damaged;
use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

/// A fault of the index. The records are not touched by any of them.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index cannot be trusted. It holds nothing that the records do not.
    #[error("the search index cannot be used: {why}. No record is lost: run `bluelamp rebuild-index`")]
    Rebuild {
        /// What is wrong with it.
        why: String,
    },
    /// Another process has the index open.
    #[error("the search index is in use by another process: stop that one, then start again")]
    InUse,
    /// The disk, the keystore or the engine failed; what was published before still stands.
    #[error(
        "the search index could not be written or read: {0}. Changes since the last published position are applied again; if this stays, run `bluelamp doctor`"
    )]
    Failed(String),
    /// The permit is not one to see a list of records.
    #[error("a search needs a permit to list records, and this one is for something else")]
    WrongPermit,
    /// Figures by more than one unit or more than one period.
    #[error("figures are broken down by unit, by month or year, or by unit and one of these two")]
    Parts,
    /// A page that lies too far down the list.
    #[error(
        "answers {from} to {to} were asked for; at most the first {most} can be paged through: narrow the search"
    )]
    TooFar {
        /// First answer asked for.
        from: usize,
        /// Last answer asked for.
        to: usize,
        /// How many can be paged through.
        most: usize,
    },
    /// A query that would cost more than one may, or took longer.
    #[error("{0}")]
    TooCostly(String),
    /// The wanted position is not published yet.
    #[error(
        "the search index has reached entry {reached} of the log, and entry {wanted} was asked for: what was saved last may be missing"
    )]
    Behind {
        /// The position asked for.
        wanted: u64,
        /// The position reached, 0 before the first.
        reached: u64,
    },
    /// A search still reads what must go.
    #[error("an erased entry is still being read by a running search after {0} s: run the erasure again")]
    StillRead(u64),
}

impl IndexError {
    pub(crate) fn rebuild(why: impl Into<String>) -> Self {
        Self::Rebuild { why: why.into() }
    }

    /// The mend of every fault of the files themselves is to build the index anew.
    pub(crate) fn of_io(error: &std::io::Error) -> Self {
        match Damaged::in_error(error) {
            Some(damaged) => Self::damaged(damaged),
            None if error.kind() == std::io::ErrorKind::WouldBlock => Self::InUse,
            None => Self::Failed(error.to_string()),
        }
    }

    fn damaged(damaged: &Damaged) -> Self {
        let at = damaged.chunk.map(|chunk| format!(", chunk {chunk}")).unwrap_or_default();
        Self::rebuild(format!("file {}{at}: {}", damaged.file, damaged.fault))
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        if let Some(damaged) = Damaged::in_engine_error(&error) {
            return Self::damaged(damaged);
        }
        match error {
            TantivyError::DataCorruption(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::SchemaError(_)
            | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => {
                Self::rebuild(error.to_string())
            }
            TantivyError::LockFailure(..) => Self::InUse,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> Self {
        Self::of_io(&error)
    }
}

/// A panic inside the engine is met like damage: the engine checks less than the seals do, and
/// what makes it stop is a file that is not as it was written.
impl From<tokio::task::JoinError> for IndexError {
    fn from(error: tokio::task::JoinError) -> Self {
        match error.is_panic() {
            true => Self::rebuild("the search engine stopped in the middle of its work"),
            false => Self::Failed("the program is shutting down".to_owned()),
        }
    }
}
