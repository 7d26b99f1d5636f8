//! What a reader is told when a sealed file cannot be trusted.

use std::{fmt, io};

use tantivy::TantivyError;
use tantivy::directory::error::OpenReadError;

/// A sealed index file that does not open. The index holds nothing that the records do not, so
/// the mend is always the same: throw it away and build it again.
///
/// It travels inside an [`io::Error`] of kind [`io::ErrorKind::InvalidData`]; see
/// [`Damaged::in_error`] and [`Damaged::in_engine_error`] for finding it again.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("sealed index file {file}{}: {fault}; rebuild the index", in_chunk(*.chunk))]
pub struct Damaged {
    /// The name of the file within the index folder.
    pub file: String,
    /// The chunk that failed, counted from 0; `None` when the file fails as a whole.
    pub chunk: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// The ways in which a sealed file can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is shorter than a header and one chunk, or its length fits no whole chunks.
    #[error("the file is cut short")]
    CutShort,
    /// The header is not one of ours.
    #[error("the header is not that of a sealed index file")]
    NotSealed,
    /// The header names a version this program does not read.
    #[error("version {0} of the format is not known here")]
    Version(u8),
    /// The keystore holds no key for the file.
    #[error("its key is gone")]
    NoKey,
    /// The seal of a chunk does not open.
    #[error("the seal does not open (altered, moved or cut off)")]
    DoesNotOpen,
}

fn in_chunk(chunk: Option<u64>) -> String {
    chunk.map(|n| format!(", chunk {n}")).unwrap_or_default()
}

impl Damaged {
    /// Damage to the file as a whole.
    pub(super) fn whole(file: &str, fault: Fault) -> io::Error {
        Self { file: file.to_owned(), chunk: None, fault }.into()
    }

    /// Damage to one chunk.
    pub(super) fn at(file: &str, chunk: u64, fault: Fault) -> io::Error {
        Self { file: file.to_owned(), chunk: Some(chunk), fault }.into()
    }

    /// Finds the damage in an error that came out of the directory, if that is what it was.
    #[must_use]
    pub fn in_error(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Finds the damage in an error of the search engine, if that is what it was.
    #[must_use]
    pub fn in_engine_error(error: &TantivyError) -> Option<&Self> {
        match error {
            TantivyError::IoError(error)
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. }) => {
                Self::in_error(error)
            }
            _ => None,
        }
    }
}

/// The same sentence as for display: the engine's errors show the ones inside them by their debug
/// form, and the mend must reach whoever reads the log.
impl fmt::Debug for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Damaged> for io::Error {
    fn from(damaged: Damaged) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, damaged)
    }
}
