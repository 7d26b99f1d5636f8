//! Faults: what is wrong, at which leaf, in plain English.

use serde::{Serialize, Serializer};

/// How many faults are kept with their words; all are counted.
const KEPT: usize = 1_000;

/// What kind of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The checkpoint is malformed, or its signature is not by the key.
    AlteredCheckpoint,
    /// The verifier key is malformed, or is not the one that is pinned.
    OtherKey,
    /// The log is not the one that is pinned.
    OtherLog,
    /// The tree gives another root than the signed checkpoint.
    WrongRoot,
    /// An entry does not hash to its leaf.
    AlteredEntry,
    /// A tile does not hold the hashes of what is under it.
    AlteredTile,
    /// An opening does not give its entry.
    AlteredPayload,
    /// An entry says something that the format does not allow.
    MalformedEntry,
    /// A file breaks the format.
    MalformedFile,
    /// A file that belongs to the log is not there.
    MissingFile,
    /// A file that does not belong to the log.
    ExtraFile,
    /// A payload is absent and no later entry authorises it.
    MissingPayload,
    /// A field of a payload is erased and no later entry authorises it, or none may.
    ErasedField,
    /// Something that an entry says is erased is still there.
    StillThere,
    /// A version's body or plain columns differ from what was committed.
    AlteredVersion,
    /// A committed version has no row and no erasure.
    MissingVersion,
    /// A row for a version that no entry commits.
    UnknownVersion,
    /// A version that does not open under its key.
    UnreadableVersion,
    /// A field of a version is erased and no later entry authorises it.
    ErasedVersionField,
    /// The log is shorter than one that was seen before.
    Rewind,
    /// The log differs from one that was seen before.
    Fork,
    /// A new generation does not account for what was lost.
    Gap,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The leaf at which it is named, counted from 0; none where it belongs to no single leaf.
    pub leaf: Option<u64>,
    /// The version that it is about.
    #[serde(serialize_with = "as_hex")]
    pub version: Option<[u8; 16]>,
    /// The kind, for machines.
    pub kind: Kind,
    /// What is wrong and what it means, for people.
    pub what: String,
    /// Whether it may only follow from another fault: an absence whose authority may stand in a payload that
    /// is itself altered or cannot be read. Such faults come after all others.
    pub consequence: bool,
}

fn as_hex<S: Serializer>(version: &Option<[u8; 16]>, serializer: S) -> Result<S::Ok, S::Error> {
    match version {
        Some(id) => serializer.serialize_some(&uuid_text(id)),
        None => serializer.serialize_none(),
    }
}

/// An id as UUIDs are written.
pub(crate) fn uuid_text(id: &[u8; 16]) -> String {
    let hex = hex::encode(id);
    let parts = [hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("-")
}

/// A collection of faults that counts all and keeps the first by leaf.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<Fault>,
    count: u64,
}

impl Faults {
    /// Adds a fault at a leaf.
    pub fn at(&mut self, leaf: u64, kind: Kind, what: impl Into<String>) {
        self.push(Fault { leaf: Some(leaf), version: None, kind, what: what.into(), consequence: false });
    }

    /// Adds a fault that belongs to no single leaf.
    pub fn general(&mut self, kind: Kind, what: impl Into<String>) {
        self.push(Fault { leaf: None, version: None, kind, what: what.into(), consequence: false });
    }

    /// Adds a fault of a version, named at the leaf that committed it where there is one.
    pub fn version(&mut self, leaf: Option<u64>, version: [u8; 16], kind: Kind, what: impl Into<String>) {
        self.push(Fault { leaf, version: Some(version), kind, what: what.into(), consequence: false });
    }

    /// Adds an absence without authority.
    pub fn absence(
        &mut self,
        leaf: u64,
        version: Option<[u8; 16]>,
        kind: Kind,
        what: String,
        consequence: bool,
    ) {
        self.push(Fault { leaf: Some(leaf), version, kind, what, consequence });
    }

    /// Takes over the faults of another collection.
    pub fn merge(&mut self, other: Self) {
        let unkept = other.count.saturating_sub(other.kept.len() as u64);
        other.kept.into_iter().for_each(|fault| self.push(fault));
        self.count = self.count.saturating_add(unkept);
    }

    /// The faults kept, the first by leaf first, then those of no leaf, then consequences; and how many there
    /// were in all.
    pub fn finish(mut self) -> (Vec<Fault>, u64) {
        self.trim();
        (self.kept, self.count)
    }

    fn push(&mut self, fault: Fault) {
        self.count = self.count.saturating_add(1);
        self.kept.push(fault);
        if self.kept.len() >= KEPT * 2 {
            self.trim();
        }
    }

    fn trim(&mut self) {
        self.kept.sort_by_key(|fault| (fault.consequence, fault.leaf.is_none(), fault.leaf));
        self.kept.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_by_leaf_come_first_and_all_are_counted() {
        let mut faults = Faults::default();
        faults.general(Kind::Fork, "of no leaf");
        for leaf in (0..5_000).rev() {
            faults.at(leaf, Kind::AlteredPayload, "altered");
        }
        let mut more = Faults::default();
        more.at(7, Kind::AlteredTile, "tile");
        faults.merge(more);
        let (kept, count) = faults.finish();
        assert_eq!(count, 5_002);
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept.first().and_then(|fault| fault.leaf), Some(0));
        assert_eq!(kept.iter().filter(|fault| fault.leaf == Some(7)).count(), 2);
    }

    #[test]
    fn a_version_is_written_as_uuids_are() {
        assert_eq!(uuid_text(&[0xAB; 16]), "abababab-abab-abab-abab-abababababab");
    }
}
