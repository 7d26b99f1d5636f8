//! What the entries say that other checks need: records and commitments, authorities, generations.

use crate::fault::{Faults, Kind};
use crate::opening::Opening;

/// Tags of the format page, section 3.
mod tag {
    pub const OPERATION: u16 = 1;
    pub const TIME: u16 = 2;
    pub const ACTOR: u16 = 3;
    pub const RECORDS: u16 = 12;
    pub const COMMITMENTS: u16 = 19;
    pub const GROUND: u16 = 20;
    pub const ERASES_LEAVES: u16 = 21;
    pub const ERASES_VERSIONS: u16 = 22;
    pub const EARLIER_CHECKPOINT: u16 = 23;
    pub const LOST_LEAVES: u16 = 24;
}

/// Fields that may never be erased one by one.
pub(crate) const KEPT_FOR_EVER: [u16; 7] = [
    tag::OPERATION,
    tag::TIME,
    tag::GROUND,
    tag::ERASES_LEAVES,
    tag::ERASES_VERSIONS,
    tag::EARLIER_CHECKPOINT,
    tag::LOST_LEAVES,
];

/// One version that an entry committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Commitment {
    /// The version.
    pub version: [u8; 16],
    /// The leaf of the entry.
    pub leaf: u64,
    /// The record, as tag 12 names it.
    pub record: [u8; 16],
    /// The kind, as tag 12 names it.
    pub kind: u16,
    /// The commitment of tag 19.
    pub hash: [u8; 32],
}

/// How much the word of an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Its operation is `erasure` and it states a ground.
    Sound,
    /// It is something else, or states no ground.
    Groundless,
    /// Its payload does not give its entry: what it says proves nothing.
    Altered,
}

/// An entry's word that a part of the log is erased. Tag 0 is the whole payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeafAuthority {
    /// The leaf whose payload is meant, and the tag in it.
    pub target: (u64, u16),
    /// The leaf of the entry that says so.
    pub by: u64,
    /// How much it counts.
    pub word: Word,
}

/// An entry's word that a version or a field of it is erased. Field 0 is the whole version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VersionAuthority {
    /// The version, and the field in it.
    pub target: ([u8; 16], u16),
    /// The leaf of the entry that says so.
    pub by: u64,
    /// How much it counts.
    pub word: Word,
}

/// The entry with which a generation begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GenerationEntry {
    /// Its leaf.
    pub leaf: u64,
    /// The earlier checkpoint: the whole signed note.
    pub note: Vec<u8>,
    /// The lost leaves: the first, and the end that is not included.
    pub lost: (u64, u64),
}

/// All that the entries said.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    /// Openings that gave their entry.
    pub open: u64,
    /// Absent payloads (tag 0) and erased fields, by leaf and tag.
    pub absent: Vec<(u64, u16)>,
    /// Committed versions.
    pub commitments: Vec<Commitment>,
    /// Commitments whose list of records was erased: hash and leaf.
    pub nameless: Vec<([u8; 32], u64)>,
    /// Authorities over parts of the log.
    pub over_leaves: Vec<LeafAuthority>,
    /// Authorities over versions.
    pub over_versions: Vec<VersionAuthority>,
    /// Beginnings of generations.
    pub generations: Vec<GenerationEntry>,
    /// The last leaf whose payload may have held an authority and cannot be read, or is altered.
    pub last_unreadable: Option<u64>,
}

impl Statements {
    /// Adds what another part of the log said.
    pub fn append(&mut self, mut other: Self) {
        self.open = self.open.saturating_add(other.open);
        self.absent.append(&mut other.absent);
        self.commitments.append(&mut other.commitments);
        self.nameless.append(&mut other.nameless);
        self.over_leaves.append(&mut other.over_leaves);
        self.over_versions.append(&mut other.over_versions);
        self.generations.append(&mut other.generations);
        self.last_unreadable = self.last_unreadable.max(other.last_unreadable);
    }

    /// Puts everything into the order in which it is looked up.
    pub fn sort(&mut self) {
        self.absent.sort_unstable();
        self.commitments.sort_unstable();
        self.nameless.sort_unstable();
        self.over_leaves.sort_unstable();
        self.over_versions.sort_unstable();
        self.generations.sort_by_key(|generation| generation.leaf);
    }

    /// Notes what one opening says.
    pub fn note(&mut self, leaf: u64, opening: &Opening<'_>, faults: &mut Faults) {
        self.open = self.open.saturating_add(1);
        let erased = opening.fields().iter().filter(|field| field.value.is_none());
        self.absent.extend(erased.map(|field| (leaf, field.tag)));
        let mut reader = Reader { leaf, opening, faults };
        reader.check_every_entry();
        self.note_changes(&mut reader);
        let word = match reader.is_operation("erasure") && reader.has_ground() {
            true => Word::Sound,
            false => Word::Groundless,
        };
        self.note_authorities(&mut reader, word);
        self.note_generation(&mut reader);
    }

    /// Notes what an altered opening would have authorised, so that what follows from it can be told apart.
    pub fn note_altered(&mut self, leaf: u64, opening: &Opening<'_>) {
        let mut unheard = Faults::default();
        let mut reader = Reader { leaf, opening, faults: &mut unheard };
        self.note_authorities(&mut reader, Word::Altered);
        if reader.is_operation("erasure") {
            // What it named may be just what was altered in it.
            self.note_unreadable(leaf);
        }
    }

    /// Notes that payloads cannot be read, the last of them at this leaf.
    pub fn note_unreadable(&mut self, last: u64) {
        self.last_unreadable = self.last_unreadable.max(Some(last));
    }

    fn note_changes(&mut self, reader: &mut Reader<'_, '_>) {
        let Some(hashes) = reader.list::<32>(tag::COMMITMENTS, "version commitments") else { return };
        if reader.opening.has(tag::RECORDS) && reader.opening.open(tag::RECORDS).is_none() {
            return self.nameless.extend(hashes.into_iter().map(|hash| (hash, reader.leaf)));
        }
        let records = reader.list::<34>(tag::RECORDS, "records").unwrap_or_default();
        if records.len() != hashes.len() {
            reader.complain(format!(
                "it names {} records (tag 12) but {} version commitments (tag 19), not one for each",
                records.len(),
                hashes.len()
            ));
        }
        let pairs = records.into_iter().zip(hashes);
        self.commitments.extend(pairs.map(|(record, hash)| commitment(reader.leaf, record, hash)));
    }

    fn note_authorities(&mut self, reader: &mut Reader<'_, '_>, word: Word) {
        let by = reader.leaf;
        let leaves = reader.list::<10>(tag::ERASES_LEAVES, "leaf fields").unwrap_or_default();
        self.over_leaves.extend(leaves.into_iter().map(|field| {
            let [a, b, c, d, e, f, g, h, high, low] = field;
            let target = (u64::from_be_bytes([a, b, c, d, e, f, g, h]), u16::from_be_bytes([high, low]));
            LeafAuthority { target, by, word }
        }));
        let versions = reader.list::<18>(tag::ERASES_VERSIONS, "version fields").unwrap_or_default();
        self.over_versions.extend(versions.into_iter().map(|field| {
            let (version, [high, low]) = split::<16, 2, 18>(field);
            VersionAuthority { target: (version, u16::from_be_bytes([high, low])), by, word }
        }));
    }

    fn note_generation(&mut self, reader: &mut Reader<'_, '_>) {
        if !reader.is_operation("generation") {
            return;
        }
        let note = reader.opening.open(tag::EARLIER_CHECKPOINT);
        let lost = reader.list::<16>(tag::LOST_LEAVES, "range of lost leaves");
        match (note, lost.as_deref()) {
            (Some(note), Some([lost])) => {
                let (first, end) = split::<8, 8, 16>(*lost);
                let lost = (u64::from_be_bytes(first), u64::from_be_bytes(end));
                self.generations.push(GenerationEntry { leaf: reader.leaf, note: note.to_vec(), lost });
            }
            // The first generation may open its log with such an entry; it has nothing before it.
            (None, None) if reader.leaf == 0 => {}
            _ => reader.complain(
                "it begins a generation, but does not state both the earlier checkpoint (tag 23) and one \
                 range of lost leaves (tag 24)",
            ),
        }
    }
}

/// Reads the fields of one opening and complains at its leaf.
struct Reader<'o, 'f> {
    leaf: u64,
    opening: &'o Opening<'o>,
    faults: &'f mut Faults,
}

impl Reader<'_, '_> {
    fn check_every_entry(&mut self) {
        for (tag, name) in [(tag::OPERATION, "operation"), (tag::TIME, "time"), (tag::ACTOR, "actor")] {
            if !self.opening.has(tag) {
                self.complain(format!("it does not state the {name} (tag {tag}), which every entry must"));
            }
        }
    }

    fn is_operation(&self, operation: &str) -> bool {
        self.opening.open(tag::OPERATION) == Some(operation.as_bytes())
    }

    fn has_ground(&self) -> bool {
        self.opening.open(tag::GROUND).is_some_and(|ground| !ground.trim_ascii().is_empty())
    }

    /// The parts of an open field that is a list of parts of one length; none where the field is not open.
    fn list<const N: usize>(&mut self, tag: u16, name: &str) -> Option<Vec<[u8; N]>> {
        let (parts, rest) = self.opening.open(tag)?.as_chunks::<N>();
        if !rest.is_empty() {
            let left = rest.len();
            self.complain(format!(
                "its {name} (tag {tag}) should be {N} octets each, but {left} are left over"
            ));
        }
        Some(parts.to_vec())
    }

    fn complain(&mut self, what: impl AsRef<str>) {
        let what = format!("the entry breaks the format: {}", what.as_ref());
        self.faults.at(self.leaf, Kind::MalformedEntry, what);
    }
}

fn commitment(leaf: u64, record: [u8; 34], hash: [u8; 32]) -> Commitment {
    let (record, rest) = split::<16, 18, 34>(record);
    let (version, kind) = split::<16, 2, 18>(rest);
    Commitment { version, leaf, record, kind: u16::from_be_bytes(kind), hash }
}

/// Splits an array in two; `A + B` is `N`.
fn split<const A: usize, const B: usize, const N: usize>(octets: [u8; N]) -> ([u8; A], [u8; B]) {
    const { assert!(A + B == N, "the parts must make the whole") };
    let (first, second) = octets.split_at(A);
    let (mut left, mut right) = ([0; A], [0; B]);
    left.copy_from_slice(first);
    right.copy_from_slice(second);
    (left, right)
}
