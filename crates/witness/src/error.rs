//! What stops a verification, as against what it finds.

use std::io;
use std::path::{Path, PathBuf};

/// Input that cannot be used at all: nothing is said about the log.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The folder holds neither a checkpoint nor a verifier key.
    #[error(
        "{0} is not an exported log: it has neither a file `checkpoint` nor a file `vkey`. Name the folder \
             that `bluelamp ledger export` wrote."
    )]
    NotAnExport(PathBuf),
    /// A file or folder could not be read or written.
    #[error("{path}: {source}. Check that the file exists and that you may use it, then run this again.")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A verifier key, given by hand or remembered, is not one.
    #[error(
        "{place}: this is not a verifier key: {why}. It is one line such as \
             `log.example/force/g1+1a2b3c4d+AZ…`, as in the file `vkey`."
    )]
    Key {
        /// Where the key was given.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The code of a paper is none.
    #[error("the code cannot be read: {0}")]
    Code(String),
    /// A checkpoint held outside is not a signed note of a log of this kind.
    #[error("{place}: this is not a signed checkpoint: {why}. Give the file as it was received.")]
    Checkpoint {
        /// Where the checkpoint was given.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// The memory file is damaged. It is never passed over in silence.
    #[error(
        "{path}: the memory of earlier verifications cannot be read: {why}. Restore this file from a copy; \
             without it nothing shows whether the log was rewound. To go on without it, name another with \
             --memory."
    )]
    Memory {
        /// The memory file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl Unusable {
    /// Names the file with which the system had trouble.
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

/// Octets that are not what the format says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// Offset in octets from the beginning of what was being read.
    pub offset: u64,
    /// What is wrong there, in words.
    pub what: String,
}

/// Why a file could not be read on: the system, or its content.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The system refused: the run stops.
    Stop(Unusable),
    /// The content is malformed: a fault of the export.
    Malformed(Malformed),
}

impl From<Unusable> for Trouble {
    fn from(unusable: Unusable) -> Self {
        Self::Stop(unusable)
    }
}

impl From<Malformed> for Trouble {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

/// Splits trouble: malformed content is handed on as a value, a refusal of the system as an error.
pub(crate) fn settle<T>(outcome: Result<T, Trouble>) -> Result<Result<T, Malformed>, Unusable> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Trouble::Malformed(malformed)) => Ok(Err(malformed)),
        Err(Trouble::Stop(unusable)) => Err(unusable),
    }
}
