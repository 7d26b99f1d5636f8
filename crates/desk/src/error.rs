//! What the door answers when it does not open, in words for the person who asked.

use law::access::Refusal;
use ledger::LedgerError;
use ledger::store::StoreError;
use vault::VaultError;

/// Why a use case did not succeed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The rule says no; the refusal is in the log.
    #[error("{0}")]
    Refused(#[from] Box<Refusal>),
    /// What was given cannot be used; each problem names field, rule and mend.
    #[error("{0}")]
    Unusable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The log failed: nothing can be read until it writes again.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
