//! Erasure of a record, of one field or of one file (DPA 2018 s.47): planned, shown, approved by a second
//! person, delayed, carried out, and proved by a scan of every file of the deployment.
//!
//! A job is a small machine of states, each kept before the next begins, so that a kill at any
//! moment is followed by the same step again: *planned* → *approved* → *prepared* (what the scan
//! will look for is kept sealed) → *deleted* (rows gone, with the entry that authorises it) →
//! *shredded* (keys gone, queries forgotten, index rewritten) → *proved* (files cleaned and scanned,
//! what was looked for deleted) → *done* (that shredded too, the epoch turned, certificate in the
//! log). Before anything is deleted a job may be *closed* instead.

mod certificate;
mod closing;
mod forgetting;
mod plan;
mod prepare;
mod run;
mod scan;

pub use certificate::Certificate;
pub(crate) use run::turned;
pub use scan::{Patterns, PlaceCount, ScanError, scan};

use crate::error::DeskError;
use model::{RecordId, VersionId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::KeyPlace;

/// Area of the sealed jobs.
const JOB: &str = "erasure";
/// Area of what a scan looks for, sealed, and shredded last.
const TRACES: &str = "erasure-traces";
/// Area of the certificates.
const CERTIFICATE: &str = "certificate";
/// Number of the counter from which jobs take their numbers: no kind has it.
const JOB_COUNTER: u16 = 0;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Shown, and waiting for a second person.
    Planned,
    /// Approved, and waiting for its time.
    Approved,
    /// What the scan will look for is kept; nothing is gone yet.
    Prepared,
    /// The rows are gone.
    Deleted,
    /// The keys are gone, and the index is rewritten.
    Shredded,
    /// The scan found nothing, and what it looked for is deleted.
    Proved,
    /// Scanned, certified and over.
    Done,
    /// Over without an erasure: withdrawn by a person, or its record has gone with another one.
    Closed,
}

impl State {
    /// The word for people and for JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Prepared => "prepared",
            Self::Deleted => "deleted",
            Self::Shredded => "shredded",
            Self::Proved => "proved",
            Self::Done => "done",
            Self::Closed => "closed",
        }
    }

    /// Whether nothing more will be done.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Closed)
    }

    /// Whether nothing is gone yet.
    const fn is_before_deletion(self) -> bool {
        matches!(self, Self::Planned | Self::Approved | Self::Prepared)
    }
}

/// What of a record is to be erased, as somebody names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// All of it, with its links and files.
    Whole,
    /// One field, by its name.
    Field(&'a str),
    /// One file, by its name within the record.
    Attachment(&'a str),
}

impl<'a> Part<'a> {
    /// Of what was named: the whole record where nothing was.
    ///
    /// # Errors
    /// Where a field and a file are named at once.
    pub fn of(field: Option<&'a str>, attachment: Option<&'a str>) -> Result<Self, DeskError> {
        match (field, attachment) {
            (None, None) => Ok(Self::Whole),
            (Some(field), None) => Ok(Self::Field(field)),
            (None, Some(attachment)) => Ok(Self::Attachment(attachment)),
            (Some(_), Some(_)) => Err(DeskError::unusable(
                "field, attachment: an erasure takes one field or one file; plan one for each",
            )),
        }
    }
}

/// What is to be erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scope {
    /// The record.
    pub record: RecordId,
    /// Number of its kind.
    pub kind: u16,
    /// Its reference in words.
    pub reference: String,
    /// The field, where it is only one.
    pub field: Option<u16>,
    /// The file by its name within the record, where it is only one. What people called it is gone
    /// with it.
    #[serde(default)]
    pub attachment: Option<String>,
    /// Links that go with a whole record: they would point to nothing.
    pub links: Vec<RecordId>,
}

impl Scope {
    /// Whether the record goes with everything that hangs on it.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.field.is_none() && self.attachment.is_none()
    }

    /// What goes, for an entry of the log.
    fn words(&self) -> String {
        match &self.attachment {
            Some(attachment) => format!("attachment {attachment} of {}", self.reference),
            None => self.reference.clone(),
        }
    }
}

/// An erasure from plan to proof.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// `E-1`, `E-2` …
    pub id: String,
    /// How far it is.
    pub state: State,
    /// What goes.
    pub scope: Scope,
    /// The ground in law, in the planner's words.
    pub ground: String,
    /// What will go, in words.
    pub plan: Vec<String>,
    /// Who planned it.
    pub planned_by: (model::ActorId, String),
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub planned: i64,
    /// Who approved it.
    pub approved_by: Option<(model::ActorId, String)>,
    /// When it may run at the earliest.
    pub not_before: i64,
    /// The versions that went, or that lost their field.
    pub versions: Vec<VersionId>,
    /// The sealed items of the attachments that go.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// Their objects.
    #[serde(default)]
    pub objects: Vec<String>,
    /// The sealed items of saved searches that say it.
    #[serde(default)]
    pub searches: Vec<String>,
    /// Places of the keys to be shredded.
    pub keys: Vec<(u32, u32)>,
    /// Place of the key of what the scan looks for, once that is deleted.
    #[serde(default)]
    pub traces_key: Option<(u32, u32)>,
    /// How many keys were destroyed.
    pub keys_destroyed: u64,
    /// What the turn did.
    pub turn: Option<TurnReport>,
    /// Findings of the scan before.
    pub before: Vec<PlaceCount>,
    /// Findings of the scan after.
    pub after: Vec<PlaceCount>,
    /// What the scan after could not read.
    #[serde(default)]
    pub not_scanned: Vec<String>,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// Why it was closed without an erasure.
    #[serde(default)]
    pub closed: Option<Closing>,
}

/// That a job was closed without an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Who closed it; “the system” where its record had gone.
    pub by: String,
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// What the turn of the epoch did for an erasure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct TurnReport {
    /// The epoch that counts now; the key of the one before is destroyed.
    pub epoch: u64,
    /// Buckets that were re-wrapped.
    pub buckets: u64,
    /// Escrow copies that followed.
    pub escrows_confirmed: Vec<String>,
    /// Escrow copies that could not be reached.
    pub escrows_unconfirmed: Vec<String>,
    /// Escrow copies that were taken off the register before, in words: said to be destroyed, and not
    /// confirmed by this turn.
    #[serde(default)]
    pub escrows_removed: Vec<String>,
}

impl Job {
    pub(crate) fn records(&self) -> Vec<RecordId> {
        std::iter::once(self.scope.record).chain(self.scope.links.iter().copied()).collect()
    }

    fn key_places(&self) -> Vec<KeyPlace> {
        self.keys.iter().map(|(bucket, slot)| KeyPlace { bucket: *bucket, slot: *slot }).collect()
    }
}
