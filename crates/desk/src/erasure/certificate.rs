//! The certificate: what was erased, from where, with what proof. It contains none of the erased
//! content (the Commissioner's guidance on erasure logs asks for metadata only).

use super::{Job, PlaceCount};
use crate::clock::moment_text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A certificate of erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Certificate {
    /// The erasure.
    pub id: String,
    /// The record's reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: String,
    /// Name of the field, where it was only one.
    pub field: Option<String>,
    /// The file by its name within the record, where it was only one.
    #[serde(default)]
    pub attachment: Option<String>,
    /// The ground in law.
    pub ground: String,
    /// Who planned it.
    pub planned_by: String,
    /// Who approved it.
    pub approved_by: String,
    /// When it was carried out.
    pub carried_out: String,
    /// Versions that went, or that lost the field; none where only a file went.
    pub versions: u64,
    /// Links that went with the record.
    pub links: u64,
    /// Keys that were destroyed.
    pub keys_destroyed: u64,
    /// The epoch whose key opens the keystore now; that of the one before is destroyed.
    pub epoch: u64,
    /// Escrow copies that confirmed the turn.
    pub escrows_confirmed: Vec<String>,
    /// Escrow copies that did not.
    pub escrows_unconfirmed: Vec<String>,
    /// Escrow copies that were taken off the register before, in words: said to be destroyed, and
    /// not confirmed by the turn.
    #[serde(default)]
    pub escrows_removed: Vec<String>,
    /// Whether nothing can bring it back: the key provider and every registered escrow copy have
    /// destroyed what could open an older copy. Of copies off the register it says nothing.
    pub beyond_recovery: bool,
    /// Findings by place.
    pub places: Vec<Finding>,
    /// What the scan could not look at.
    pub not_scanned: Vec<String>,
    /// Exports of the log that were given to others before: what queries and purposes say is in
    /// clear there, and each holder must be asked to destroy theirs.
    pub exports: Vec<String>,
    /// Recipients that were told (DPA 2018 s.48(9)).
    pub recipients_told: Vec<String>,
    /// The log's signed checkpoint after the erasure.
    pub checkpoint: String,
}

/// Findings of one place, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Deserialize)]
pub struct Finding {
    /// The place.
    pub place: String,
    /// Files read after.
    pub files: u64,
    /// Octets read after.
    pub octets: u64,
    /// All findings before.
    pub before: u64,
    /// All findings after.
    pub after: u64,
    /// What is present after and opens no more: ciphertext and wrapped keys in a server's write-ahead
    /// log, until that is written over.
    #[serde(default)]
    pub present_unopenable: u64,
    /// Before: plain text, ciphertext, keys.
    pub before_by_sort: (u64, u64, u64),
    /// After: plain text, ciphertext, keys.
    pub after_by_sort: (u64, u64, u64),
}

/// What no scan of files can see.
const NOT_SCANNED: &[&str] = &[
    "memory and swap of the machine",
    "cells of flash storage that the drive has remapped",
    "backups and copies outside the folder of the deployment: what they hold is sealed under keys that the turn destroyed",
];

/// Findings before and after, by place.
pub(super) fn findings(before: &[PlaceCount], after: &[PlaceCount]) -> Vec<Finding> {
    let sorts = |count: &PlaceCount| (count.plaintext, count.ciphertext, count.keys);
    let finding = |after: &PlaceCount| {
        let earlier = before.iter().find(|count| count.place == after.place).cloned().unwrap_or_default();
        Finding {
            place: after.place.clone(),
            files: after.files,
            octets: after.octets,
            before: earlier.found(),
            after: after.found(),
            present_unopenable: after.unopenable,
            before_by_sort: sorts(&earlier),
            after_by_sort: sorts(after),
        }
    };
    after.iter().map(finding).collect()
}

/// The certificate of a job that was scanned.
pub(super) fn certificate(job: &Job, now: i64, checkpoint: String, exports: Vec<String>) -> Certificate {
    let kind = model::kinds::by_number(job.scope.kind);
    let field = job.scope.field.and_then(|number| kind?.field(number)).map(model::FieldDecl::name);
    let turn = job.turn.clone().unwrap_or_default();
    Certificate {
        id: job.id.clone(),
        reference: job.scope.reference.clone(),
        kind: kind.map_or_else(String::new, |kind| kind.name.to_owned()),
        field,
        attachment: job.scope.attachment.clone(),
        ground: job.ground.clone(),
        planned_by: job.planned_by.1.clone(),
        approved_by: job.approved_by.clone().map_or_else(String::new, |(_, name)| name),
        carried_out: moment_text(now),
        versions: job.versions.len() as u64,
        links: job.scope.links.len() as u64,
        keys_destroyed: job.keys_destroyed,
        epoch: turn.epoch,
        beyond_recovery: turn.escrows_unconfirmed.is_empty(),
        escrows_confirmed: turn.escrows_confirmed,
        escrows_unconfirmed: turn.escrows_unconfirmed,
        escrows_removed: turn.escrows_removed,
        places: findings(&job.before, &job.after),
        not_scanned: NOT_SCANNED
            .iter()
            .map(|text| (*text).to_owned())
            .chain(job.not_scanned.clone())
            .collect(),
        exports,
        recipients_told: Vec::new(),
        checkpoint,
    }
}
