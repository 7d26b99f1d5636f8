//! Erasures and their certificates.

use desk::clock::moment_text;
use desk::erasure::{Certificate, Job, PlaceCount};
use schemars::JsonSchema;
use serde::Serialize;

/// An erasure from plan to proof.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Erasure {
    /// Its name.
    pub id: String,
    /// How far it is: planned, approved, prepared, deleted, shredded, proved or done; or closed without
    /// an erasure.
    pub state: String,
    /// Reference of the record.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The file by its name within the record, where it is only one.
    pub attachment: Option<String>,
    /// The ground in law.
    pub ground: String,
    /// What goes, in words.
    pub plan: Vec<String>,
    /// Who planned it.
    pub planned_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When it may run at the earliest; `null` until it is approved.
    pub not_before: Option<String>,
    /// Findings by place.
    pub places: Vec<Place>,
    /// The certificate, once it is done.
    pub certificate: Option<Certificate>,
    /// Who closed it without an erasure, when and why; `null` where nobody did.
    pub closed: Option<Closed>,
}

/// That an erasure was closed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Closed {
    /// Who closed it; “the system” where what it would have erased had gone.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// Findings of one place, before and after.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Place {
    /// The place.
    pub place: String,
    /// All findings before.
    pub before: u64,
    /// All findings after; `null` until it was scanned again.
    pub after: Option<u64>,
    /// Before, by what was found.
    pub before_by_sort: BySort,
    /// After, by what was found.
    pub after_by_sort: Option<BySort>,
}

/// Findings by what was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BySort {
    /// Plain text.
    pub plaintext: u64,
    /// Ciphertext.
    pub ciphertext: u64,
    /// Keys.
    pub keys: u64,
}

impl Erasure {
    /// Of the desk's job.
    #[must_use]
    pub fn of(job: &Job) -> Self {
        let sorts = |count: &PlaceCount| BySort {
            plaintext: count.plaintext,
            ciphertext: count.ciphertext,
            keys: count.keys,
        };
        let place = |before: &PlaceCount| {
            let after = job.after.iter().find(|after| after.place == before.place);
            Place {
                place: before.place.clone(),
                before: before.found(),
                after: after.map(PlaceCount::found),
                before_by_sort: sorts(before),
                after_by_sort: after.map(sorts),
            }
        };
        Self {
            id: job.id.clone(),
            state: job.state.word().to_owned(),
            reference: job.scope.reference.clone(),
            attachment: job.scope.attachment.clone(),
            ground: job.ground.clone(),
            plan: job.plan.clone(),
            planned_by: job.planned_by.1.clone(),
            approved_by: job.approved_by.as_ref().map(|(_, name)| name.clone()),
            not_before: job.approved_by.is_some().then(|| moment_text(job.not_before)),
            places: job.before.iter().map(place).collect(),
            certificate: job.certificate.clone(),
            closed: job.closed.as_ref().map(|closing| Closed {
                by: closing.by.clone(),
                at: moment_text(closing.at),
                reason: closing.reason.clone(),
            }),
        }
    }
}

/// The certificates of erasure, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Certificates {
    /// The certificates.
    pub certificates: Vec<Certificate>,
}
