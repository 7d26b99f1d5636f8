//! What goes into the index: one document for each record, of its newest version.

use model::{Labels, PartialDate, RecordId, VersionRef};

pub use model::derived::index::IndexDocument;

/// One record as the index takes it.
#[derive(Debug, Clone)]
pub struct IndexEntry {
    /// Record, newest version, kind.
    pub version: VersionRef,
    /// Number of the record's reference, without prefix and check letter.
    pub reference: u64,
    /// Labels: they decide who finds it.
    pub labels: Labels,
    /// When the event happened: microseconds since 1970-01-01T00:00:00Z, where the kind is an event.
    pub happened: Option<i64>,
    /// When it happened as far as that is known, where `happened` is not: a month, for instance.
    pub about: Option<PartialDate>,
    /// Unit that answers for the record, for the completeness figures.
    pub unit: Option<String>,
    /// What the body says.
    pub document: IndexDocument,
}

/// One change, in the order of the feed.
#[derive(Debug, Clone)]
pub enum Change {
    /// The record's newest version takes the place of whatever the index holds of it.
    Put(Box<IndexEntry>),
    /// The record goes. Its octets go with [`crate::Index::erase`].
    Erase(RecordId),
}

impl Change {
    /// The record that changes.
    #[must_use]
    pub fn record(&self) -> RecordId {
        match self {
            Self::Put(entry) => entry.version.record,
            Self::Erase(record) => *record,
        }
    }
}

impl From<IndexEntry> for Change {
    fn from(entry: IndexEntry) -> Self {
        Self::Put(Box::new(entry))
    }
}
