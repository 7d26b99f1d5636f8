//! What can go wrong in the log, in words for the person who must mend it.

use crate::keys::KeyError;
use crate::store::StoreError;

/// A fault of the log. While the log cannot write, nobody reads.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The store failed.
    #[error("the log's store failed: {0}")]
    Store(#[from] StoreError),
    /// The keys failed.
    #[error("the log's keys failed: {0}")]
    Key(#[from] KeyError),
    /// A seal did not open.
    #[error(
        "a part of the log does not open ({what}): {source}. Export the log: `bluelamp-verify` names every leaf that was altered"
    )]
    Seal {
        /// Which part.
        what: String,
        /// Why.
        source: sealing::SealError,
    },
    /// Octets that no release of ours wrote.
    #[error("a part of the log is malformed: {0}. Run `bluelamp doctor`")]
    Malformed(&'static str),
    /// Entries are gone from the store.
    #[error(
        "the entry of leaf {leaf} is missing from the store: somebody deleted it, or the disk is failing. Keep the file for analysis, restore the newest backup, and tell the overseer"
    )]
    EntriesGone {
        /// The first leaf that is missing.
        leaf: u64,
    },
    /// No randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
    /// A key of the log is gone although something rests on it.
    #[error(
        "the log's key “{0}” is not in the keystore: the keystore is older than its records. Put the newest copy of the keystore in place; nothing was changed"
    )]
    KeyMissing(String),
    /// A transaction stays open while its key must go.
    #[error(
        "a transaction has been open for {seconds} s and holds up the destruction of a key: end it, then try again"
    )]
    HeldUp {
        /// How long, in seconds.
        seconds: u64,
    },
    /// There is no such leaf.
    #[error("there is no leaf {leaf}: the log has {size}")]
    NoSuchLeaf {
        /// The leaf asked for.
        leaf: u64,
        /// Leaves there are.
        size: u64,
    },
    /// The log stopped, for instance because its store is full.
    #[error("the log has stopped: {0}. Nothing can be read until it writes again")]
    Stopped(String),
    /// The clock went back.
    #[error(
        "the clock of this machine stands {seconds} s before the last entry of the log: set the clock, then start again; nothing was lost. \
         Where the clock is right now, and stood ahead when that entry was made, say so: `bluelamp ledger clock-is-right`"
    )]
    ClockWentBack {
        /// How far, in seconds.
        seconds: i64,
    },
    /// Another process sequences this log.
    #[error("another process has taken over this log: stop one of the two")]
    LeaseLost,
    /// An older copy is in the place of the log.
    #[error(
        "the log with its {entries} entries does not continue what was signed or entered before: an older copy was \
         restored, or a standby without the last entries took its place. Nothing more is entered. End this program; put \
         the newest copy in place, and where that is lost begin a new generation of the log before anything else"
    )]
    Restored {
        /// Entries that the copy has in places.
        entries: u64,
    },
    /// A field that may never be erased.
    #[error(
        "an entry that says {} may not be erased so: what is absent from the log or the records is checked against it. \
         Its single fields {} can be erased: name one with --field",
        crate::tags::name(*.0), crate::tags::erasable_names()
    )]
    Permanent(u16),
    /// A field that an entry does not have.
    #[error("entry {leaf} has no {name}, so there is nothing to erase; it holds {holds}")]
    NoSuchField {
        /// The leaf.
        leaf: u64,
        /// The field in words.
        name: &'static str,
        /// What it holds that can be erased alone.
        holds: String,
    },
    /// A checkpoint text that does not read or verify.
    #[error("the checkpoint cannot be used: {0}")]
    BadCheckpoint(&'static str),
}
