//! What can go wrong in the vault, in words for the person who must mend it.

use crate::provider::ProviderError;
use ledger::LedgerError;
use ledger::keys::KeyError;
use ledger::store::StoreError;
use model::VersionId;
use std::path::PathBuf;

/// A fault of the vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The store of records failed.
    #[error("the store of records failed: {0}")]
    Store(#[from] StoreError),
    /// The keystore failed.
    #[error("the keystore failed: {0}")]
    Keys(#[from] KeyError),
    /// The key provider failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The folder for copies of the keystore cannot be used.
    #[error(
        "the folder for copies {folder} cannot be used: {source}. Nothing was turned: name a folder that can be written"
    )]
    Copies {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A receipt does not cover a version.
    #[error("the receipt does not cover version {0}; nothing was opened")]
    NotCovered(VersionId),
    /// A body does not open.
    #[error(
        "version {version} does not open ({source}): it was altered, or its key is another's. Export the log: `bluelamp-verify` names every version that was altered"
    )]
    Seal {
        /// The version.
        version: VersionId,
        /// Why.
        source: sealing::SealError,
    },
    /// The plain columns differ from what was sealed.
    #[error(
        "the plain columns of version {0} were altered behind the ledger; nothing was opened. Tell the overseer and export the log: `bluelamp-verify` names every version that was altered"
    )]
    PlainAltered(VersionId),
    /// The key of a body is gone although the body is there.
    #[error(
        "the key of version {0} is not in the keystore: it was shredded, or the keystore is older than its records"
    )]
    KeyGone(VersionId),
    /// Somebody else changed the record in the meantime.
    #[error(
        "somebody else changed this record while you were working on it (version {present} now): compare both, then save again"
    )]
    Conflict {
        /// Ordinal of the newest version.
        present: u32,
    },
    /// A stored value is not what this release knows.
    #[error("a stored value cannot be read: {0}")]
    Decode(#[from] model::value::DecodeError),
    /// The keystore is older than the records.
    #[error(
        "the keystore (mark {keystore}) is older than its records (mark {records}): newer records would stay closed for ever. Put the newest copy of the keystore in place; nothing was changed"
    )]
    KeystoreOlder {
        /// Mark of the keystore.
        keystore: u64,
        /// Mark that the records ask for.
        records: u64,
    },
}
