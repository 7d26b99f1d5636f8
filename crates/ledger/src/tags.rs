//! Tags of an entry's fields: `docs/formats/ledger.md` section 3.

/// What was done.
pub const OPERATION: u16 = 1;
/// When.
pub const TIME: u16 = 2;
/// By whom.
pub const ACTOR: u16 = 3;
/// Their name.
pub const ACTOR_NAME: u16 = 4;
/// Roles held.
pub const ROLES: u16 = 5;
/// Unit.
pub const UNIT: u16 = 6;
/// Device.
pub const DEVICE: u16 = 7;
/// Purpose.
pub const PURPOSE: u16 = 8;
/// Task or case.
pub const TASK: u16 = 9;
/// Groups held.
pub const GROUPS: u16 = 10;
/// Policy version.
pub const POLICY: u16 = 11;
/// Records.
pub const RECORDS: u16 = 12;
/// Fields.
pub const FIELDS: u16 = 13;
/// Labels judged.
pub const LABELS: u16 = 14;
/// Query.
pub const QUERY: u16 = 15;
/// Index position.
pub const INDEX_POSITION: u16 = 16;
/// Number of results.
pub const RESULTS: u16 = 17;
/// Recipients.
pub const RECIPIENTS: u16 = 18;
/// Version commitments.
pub const COMMITMENTS: u16 = 19;
/// Ground.
pub const GROUND: u16 = 20;
/// Authorised erasures in the log.
pub const ERASES_LEAVES: u16 = 21;
/// Authorised erasures of versions.
pub const ERASES_VERSIONS: u16 = 22;
/// Checkpoint of the earlier generation.
pub const EARLIER_CHECKPOINT: u16 = 23;
/// Leaves lost between generations.
pub const LOST_LEAVES: u16 = 24;
/// System purpose of a machine receipt.
pub const SYSTEM_PURPOSE: u16 = 25;
/// Count.
pub const COUNT: u16 = 26;
/// What an act is about.
pub const SUBJECT: u16 = 27;
/// Digest.
pub const DIGEST: u16 = 28;
/// Detail.
pub const DETAIL: u16 = 29;
/// By which the code on a paper is found.
pub const PAPER: u16 = 30;
/// Digests of the sections of a paper.
pub const SECTIONS: u16 = 31;

/// Fields that may never be erased, because other absences rest on them.
pub const PERMANENT: &[u16] =
    &[OPERATION, TIME, GROUND, ERASES_LEAVES, ERASES_VERSIONS, EARLIER_CHECKPOINT, LOST_LEAVES];

/// Fields that may name people in words, by the names under which they are erased.
pub const ERASABLE: &[(&str, u16)] = &[
    ("query", QUERY),
    ("purpose", PURPOSE),
    ("task", TASK),
    ("actor-name", ACTOR_NAME),
    ("unit", UNIT),
    ("device", DEVICE),
];

/// The tag of an erasable field.
#[must_use]
pub fn erasable(name: &str) -> Option<u16> {
    ERASABLE.iter().find(|(known, _)| *known == name.trim()).map(|(_, tag)| *tag)
}

/// A tag in words.
#[must_use]
pub fn name(tag: u16) -> &'static str {
    match tag {
        OPERATION => "operation",
        TIME => "time",
        ACTOR => "person",
        ACTOR_NAME => "name of the person",
        UNIT => "unit",
        DEVICE => "device",
        PURPOSE => "purpose",
        TASK => "task",
        RECORDS => "records",
        QUERY => "query",
        COMMITMENTS => "which versions were made (their fingerprints)",
        GROUND => "ground",
        ERASES_LEAVES => "which entries were erased",
        ERASES_VERSIONS => "which versions were erased",
        EARLIER_CHECKPOINT => "the checkpoint of the earlier generation",
        LOST_LEAVES => "which entries were lost",
        _ => "such field",
    }
}

/// The names of the fields that can be erased alone.
#[must_use]
pub fn erasable_names() -> String {
    let names: Vec<&str> = ERASABLE.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
