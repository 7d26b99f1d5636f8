//! What the door answers when it does not open, in words for the person who asked.

use crate::holds::Hold;
use law::access::Refusal;
use ledger::LedgerError;
use ledger::export::ExportError;
use ledger::keys::KeyError;
use ledger::store::StoreError;
use model::derived::compare::Difference;
use model::derived::validate::Problem;
use search::IndexError;
use std::path::PathBuf;
use vault::VaultError;
use vault::provider::ProviderError;

/// Why a use case did not succeed. Nothing was changed unless the text says so.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The rule says no; the refusal is in the log.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// There is no such record, or its existence is a secret to this person.
    #[error("There is no such record.")]
    NotFound,
    /// What was given cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// Nothing has the name that was given. No record is meant: see [`DeskError::NotFound`].
    #[error("{0}")]
    Unknown(String),
    /// What was asked is well formed, and things do not stand so that it can be done now.
    #[error("{0}")]
    NotNow(String),
    /// A hold stands in the way of an erasure.
    #[error(
        "the record is held since {} by {} ({}): lift the hold first, or wait",
        .0.placed, .0.placed_by, .0.reason
    )]
    Held(Box<Hold>),
    /// Something of the deployment is damaged or cannot be trusted; the text says what and the mend.
    #[error("{0}")]
    Damaged(String),
    /// What was typed breaks rules; each problem names field, rule and mend.
    #[error("{}", listed(.0))]
    Problems(Vec<Problem>),
    /// Somebody else changed the record in the meantime: both changes, side by side.
    #[error("{0}")]
    Conflict(Box<Conflict>),
    /// A label is saved, and the index still shows the record to those who found it before.
    #[error(
        "version {ordinal} with the new label is saved and nobody opens it without the right to, but the search \
         index does not follow ({why}): its place in lists is not hidden yet. Run `bluelamp doctor`"
    )]
    NotHiddenYet {
        /// Ordinal of the version.
        ordinal: u32,
        /// Why the index does not follow.
        why: String,
    },
    /// A file could not be read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process has the deployment open, and did not end in time.
    #[error(
        "{folder} is in use by another process of this program: wait for that or end it first; one process at a time \
         works on an embedded deployment"
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The database is older than what this deployment has signed.
    #[error(
        "{records} with its {entries} entries of the log does not continue what this deployment has signed before: an \
         older copy was restored, or something was cut off. Nothing was entered, and nothing but this can be done now: \
         put the newest copy in place; where that is lost, begin a new generation of the log before anything else, \
         `bluelamp ledger begin-generation CHECKPOINT… --ground '…'`, with every checkpoint that somebody outside holds"
    )]
    Restored {
        /// The database.
        records: String,
        /// How many entries its log has.
        entries: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keystore failed.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The key provider failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The log failed: nothing can be read until it writes again.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An export failed.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The content of an attachment failed.
    #[error(transparent)]
    Attachment(#[from] vault::attachments::AttachmentError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl DeskError {
    /// Whether the store undid the transaction whole, only because of another's or of a lost connection:
    /// nothing of it was kept, and the same may be done again.
    #[must_use]
    pub fn is_undone(&self) -> bool {
        let store = match self {
            Self::Store(store)
            | Self::Vault(VaultError::Store(store) | VaultError::Ledger(LedgerError::Store(store)))
            | Self::Ledger(LedgerError::Store(store)) => store,
            _ => return false,
        };
        matches!(store, StoreError::Undone(_))
    }

    /// Something that was given and cannot be used, in words that name field, rule and mend.
    pub(crate) fn unusable(why: impl Into<String>) -> Self {
        Self::Unusable(why.into())
    }

    /// A name that nothing has.
    pub(crate) fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown(why.into())
    }

    /// Something that cannot be done as things stand.
    pub(crate) fn not_now(why: impl Into<String>) -> Self {
        Self::NotNow(why.into())
    }

    /// Something of the deployment that cannot be trusted.
    pub(crate) fn damaged(why: impl Into<String>) -> Self {
        Self::Damaged(why.into())
    }
}

/// Two people changed one record: what the other has saved, and what this one wanted to save.
#[derive(Debug)]
pub struct Conflict {
    /// Ordinal of the version that both began from.
    pub base: u32,
    /// Ordinal of the newest version, the other person's.
    pub present: u32,
    /// What the other changed.
    pub theirs: Vec<Difference>,
    /// What this person wanted to change. Nothing of it is lost.
    pub yours: Vec<Difference>,
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "Somebody else changed this record while you worked on it: version {} is now version {}. \
             Nothing of yours was saved. Look at both, then save again from version {}.",
            self.base, self.present, self.present
        )?;
        writeln!(f, "They changed:")?;
        changes(f, &self.theirs)?;
        writeln!(f, "You wanted to change:")?;
        changes(f, &self.yours)
    }
}

fn changes(f: &mut std::fmt::Formatter<'_>, differences: &[Difference]) -> std::fmt::Result {
    for difference in differences {
        let text = |side: &Option<String>| side.clone().unwrap_or_else(|| "nothing".to_owned());
        writeln!(f, "  {}: {} → {}", difference.label, text(&difference.before), text(&difference.after))?;
    }
    Ok(())
}

fn listed(problems: &[Problem]) -> String {
    let line = |p: &Problem| format!("{} ({}): {} [{}]", p.label, p.field, p.mend, p.law);
    let lines: Vec<String> = problems.iter().map(line).collect();
    format!(
        "Nothing was saved, and nothing of what you typed is lost. Please mend:\n  {}",
        lines.join("\n  ")
    )
}
