//! A small writer of exports, made from the format page for the tests alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use witness::{Export, Fault, HeldCheckpoint, Kind, Report, SignedCheckpoint, Trust};

pub const BASE: &str = "log.example/force";
pub type Id = [u8; 16];

/// A log that can be written out.
#[derive(Clone)]
pub struct Log {
    pub base: String,
    pub generation: u64,
    pub key: SigningKey,
    pub payloads: Vec<Payload>,
    pub rows: BTreeMap<Id, Row>,
}

/// One payload and what is left of it.
#[derive(Clone)]
pub struct Payload {
    pub seed: [u8; 32],
    pub fields: Vec<(u16, Vec<u8>)>,
    pub erased: BTreeSet<u16>,
    pub absent: bool,
    pub reduced: bool,
}

/// One row of `versions/`.
#[derive(Clone)]
pub struct Row {
    pub record: Id,
    pub kind: u16,
    pub unreadable: bool,
    pub fields: Vec<RowField>,
}

/// One field of a row: its form is 0 open, 1 closed or 2 erased.
#[derive(Clone)]
pub struct RowField {
    pub tag: u16,
    pub form: u8,
    pub salt: [u8; 32],
    pub value: Vec<u8>,
}

pub fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}

pub fn id(number: u8) -> Id {
    [number; 16]
}

pub fn text(tag: u16, value: &str) -> (u16, Vec<u8>) {
    (tag, value.as_bytes().to_vec())
}

pub fn leaf_fields(fields: &[(u64, u16)]) -> (u16, Vec<u8>) {
    (
        21,
        fields
            .iter()
            .flat_map(|(leaf, tag)| [leaf.to_be_bytes().as_slice(), &tag.to_be_bytes()].concat())
            .collect(),
    )
}

pub fn version_fields(fields: &[(Id, u16)]) -> (u16, Vec<u8>) {
    (
        22,
        fields
            .iter()
            .flat_map(|(version, field)| [version.as_slice(), &field.to_be_bytes()].concat())
            .collect(),
    )
}

impl Log {
    pub fn new() -> Self {
        let key = SigningKey::from_bytes(&[42; 32]);
        Self { base: BASE.to_owned(), generation: 1, key, payloads: Vec::new(), rows: BTreeMap::new() }
    }

    /// A log with so many plain entries.
    pub fn of(size: u64) -> Self {
        let mut log = Self::new();
        (0..size).for_each(|_| log.plain());
        log
    }

    pub fn size(&self) -> u64 {
        self.payloads.len() as u64
    }

    pub fn plain(&mut self) {
        self.add("consultation", vec![]);
    }

    /// Adds an entry and gives its leaf.
    pub fn add(&mut self, operation: &str, fields: Vec<(u16, Vec<u8>)>) -> u64 {
        let leaf = self.size();
        let mut all = vec![text(1, operation), (2, leaf.to_be_bytes().to_vec()), (3, vec![0; 16])];
        all.extend(fields);
        all.sort();
        let seed = hash(&[b"seed of a test", &leaf.to_be_bytes()]);
        let (erased, absent, reduced) = (BTreeSet::new(), false, false);
        self.payloads.push(Payload { seed, fields: all, erased, absent, reduced });
        leaf
    }

    /// Adds versions and the entry that commits them. The record of version n is n rounded down to tens.
    pub fn change(&mut self, operation: &str, versions: &[u8]) -> u64 {
        let (mut records, mut commitments) = (Vec::new(), Vec::new());
        for number in versions {
            let row = Row::new(*number);
            records.extend([row.record.as_slice(), &id(*number), &row.kind.to_be_bytes()].concat());
            commitments.extend(row.commitment());
            self.rows.insert(id(*number), row);
        }
        self.add(operation, vec![(12, records), (19, commitments)])
    }

    pub fn erase(&mut self, leaf: u64, tag: u16) {
        match (self.payloads.get_mut(leaf as usize), tag) {
            (Some(payload), 0) => payload.absent = true,
            (Some(payload), tag) => assert!(payload.erased.insert(tag)),
            (None, _) => panic!("no leaf {leaf}"),
        }
    }

    pub fn erase_version_field(&mut self, version: u8, field: u16) {
        let row = self.rows.get_mut(&id(version)).unwrap();
        row.fields.iter_mut().find(|one| one.tag == field).unwrap().form = 2;
    }

    pub fn row(&mut self, version: u8) -> &mut Row {
        self.rows.get_mut(&id(version)).unwrap()
    }

    /// The log after a restore of the first `kept` leaves, with the entry that begins the next generation.
    pub fn restored(&self, kept: u64, known: &str, lost: (u64, u64)) -> Self {
        let mut log = self.clone();
        log.generation += 1;
        log.payloads.truncate(kept as usize);
        let lost = [lost.0.to_be_bytes(), lost.1.to_be_bytes()].concat();
        log.add("generation", vec![text(23, known), (24, lost)]);
        log
    }

    pub fn origin(&self) -> String {
        format!("{}/g{}", self.base, self.generation)
    }

    pub fn entries(&self) -> Vec<[u8; 33]> {
        self.payloads.iter().map(Payload::entry).collect()
    }

    pub fn vkey(&self) -> String {
        let key = [&[1], self.key.verifying_key().as_bytes().as_slice()].concat();
        format!("{}+{}+{}", self.origin(), hex::encode(self.key_id()), STANDARD.encode(key))
    }

    pub fn key_id(&self) -> Vec<u8> {
        hash(&[self.origin().as_bytes(), b"\n\x01", self.key.verifying_key().as_bytes()])[..4].to_vec()
    }

    /// The signed checkpoint of the whole log.
    pub fn checkpoint(&self) -> String {
        let leaves: Vec<_> = self.entries().iter().map(|entry| hash(&[&[0], entry])).collect();
        self.sign(self.size(), root(&leaves))
    }

    /// The signed checkpoint of its first leaves.
    pub fn checkpoint_at(&self, size: u64) -> String {
        let mut log = self.clone();
        log.payloads.truncate(size as usize);
        log.checkpoint()
    }

    pub fn sign(&self, size: u64, root: [u8; 32]) -> String {
        let text = format!("{}\n{size}\n{}\n", self.origin(), STANDARD.encode(root));
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let line = STANDARD.encode([self.key_id(), signature.to_vec()].concat());
        format!("{text}\n— {} {line}\n", self.origin())
    }

    pub fn files(&self) -> Files {
        let mut files = Files::default();
        files.put("checkpoint", self.checkpoint());
        files.put("vkey", self.vkey() + "\n");
        self.put_tree(&mut files);
        for (number, payloads) in self.payloads.chunks(65_536).enumerate() {
            let mut octets =
                format!("bluelamp payloads 1\n{}\n{}\n{}\n", self.origin(), number * 65_536, payloads.len());
            let mut octets = std::mem::take(&mut octets).into_bytes();
            payloads.iter().for_each(|payload| octets.extend(counted(&payload.opening())));
            files.put(&format!("payloads/{}", digits(number)), octets);
        }
        self.put_versions(&mut files);
        files
    }

    fn put_versions(&self, files: &mut Files) {
        let rows: Vec<_> = self.rows.iter().collect();
        for (number, rows) in rows.chunks(65_536).enumerate() {
            let mut octets = format!("bluelamp versions 1\n{}\n{}\n", self.origin(), rows.len()).into_bytes();
            rows.iter().for_each(|(version, row)| octets.extend(counted(&row.octets(version))));
            files.put(&format!("versions/{}", digits(number)), octets);
        }
    }

    fn put_tree(&self, files: &mut Files) {
        let entries = self.entries();
        for (number, bundle) in entries.chunks(256).enumerate() {
            let octets: Vec<u8> =
                bundle.iter().flat_map(|entry| [&[0, 33], entry.as_slice()].concat()).collect();
            files.put(&format!("tile/entries/{}", tile_path(number, bundle.len())), octets);
        }
        let mut nodes: Vec<[u8; 32]> = entries.iter().map(|entry| hash(&[&[0], entry])).collect();
        let mut level = 0;
        while !nodes.is_empty() {
            for (number, tile) in nodes.chunks(256).enumerate() {
                files.put(&format!("tile/{level}/{}", tile_path(number, tile.len())), tile.concat());
            }
            nodes = nodes.chunks_exact(256).map(root).collect();
            level += 1;
        }
    }
}

/// Each tag beside its hash.
fn commitment(fields: impl Iterator<Item = (u16, [u8; 32])>) -> [u8; 32] {
    let committed: Vec<u8> =
        fields.flat_map(|(tag, hash)| [tag.to_be_bytes().as_slice(), &hash].concat()).collect();
    hash(&[&committed])
}

impl Payload {
    pub fn entry(&self) -> [u8; 33] {
        let committed = self.fields.iter().map(|(tag, value)| (*tag, self.field_hash(*tag, value)));
        let mut entry = [1; 33];
        entry[1..].copy_from_slice(&commitment(committed));
        entry
    }

    fn salt(&self, tag: u16) -> [u8; 32] {
        hash(&[b"bluelamp/salt/v1", &self.seed, &tag.to_be_bytes()])
    }

    fn field_hash(&self, tag: u16, value: &[u8]) -> [u8; 32] {
        hash(&[&tag.to_be_bytes(), &self.salt(tag), value])
    }

    pub fn opening(&self) -> Vec<u8> {
        if self.absent {
            return Vec::new();
        }
        let count = (self.fields.len() as u16).to_be_bytes();
        if self.erased.is_empty() && !self.reduced {
            let fields = self
                .fields
                .iter()
                .flat_map(|(tag, value)| [&tag.to_be_bytes(), counted(value).as_slice()].concat());
            return [&[1, 0], self.seed.as_slice(), &count].concat().into_iter().chain(fields).collect();
        }
        let fields = self.fields.iter().flat_map(|(tag, value)| match self.erased.contains(tag) {
            true => [tag.to_be_bytes().as_slice(), &[1], &self.field_hash(*tag, value)].concat(),
            false => [tag.to_be_bytes().as_slice(), &[0], &self.salt(*tag), &counted(value)].concat(),
        });
        [&[1, 1], count.as_slice()].concat().into_iter().chain(fields).collect()
    }
}

impl Row {
    pub fn new(number: u8) -> Self {
        let (record, kind) = (id(number / 10 * 10), 12_u16);
        let field = |tag: u16, form: u8, value: &[u8]| RowField {
            tag,
            form,
            salt: hash(&[b"salt of a test", &[number], &tag.to_be_bytes()]),
            value: value.to_vec(),
        };
        let fields = vec![
            field(1, 1, b"when"),
            field(2, 1, b"what was said"),
            field(7, 1, b"where"),
            field(60_001, 0, &record),
            field(60_002, 0, &id(number)),
            field(60_003, 0, &kind.to_be_bytes()),
            field(60_006, 0, br#"{"sensitive":false}"#),
        ];
        Self { record, kind, unreadable: false, fields }
    }

    pub fn commitment(&self) -> [u8; 32] {
        commitment(self.fields.iter().map(|field| (field.tag, field.hash())))
    }

    pub fn octets(&self, version: &Id) -> Vec<u8> {
        let mut octets = [version.as_slice(), &self.record, &self.kind.to_be_bytes()].concat();
        if self.unreadable {
            octets.push(2);
            return octets;
        }
        octets.push(0);
        octets.extend((self.fields.len() as u16).to_be_bytes());
        self.fields.iter().for_each(|field| octets.extend(field.octets()));
        octets
    }
}

impl RowField {
    fn hash(&self) -> [u8; 32] {
        hash(&[&self.tag.to_be_bytes(), &self.salt, &self.value])
    }

    fn octets(&self) -> Vec<u8> {
        let head = [self.tag.to_be_bytes().as_slice(), &[self.form]].concat();
        match self.form {
            0 => [head, self.salt.to_vec(), counted(&self.value)].concat(),
            _ => [head, self.hash().to_vec()].concat(),
        }
    }
}

/// RFC 6962 §2.1, level by level: an odd node at the right goes up as it is.
pub fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    let mut nodes = leaves.to_vec();
    while nodes.len() > 1 {
        nodes = nodes
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => hash(&[&[1], left, right]),
                _ => pair[0],
            })
            .collect();
    }
    nodes.first().copied().unwrap_or_else(|| hash(&[]))
}

fn counted(octets: &[u8]) -> Vec<u8> {
    [(octets.len() as u32).to_be_bytes().as_slice(), octets].concat()
}

fn digits(number: usize) -> String {
    match number {
        0..1_000 => format!("{number:03}"),
        _ => format!("x{:03}/{:03}", number / 1_000, number % 1_000),
    }
}

fn tile_path(number: usize, width: usize) -> String {
    match width {
        256 => digits(number),
        _ => format!("{}.p/{width}", digits(number)),
    }
}

/// The files of an export.
#[derive(Clone, Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl Files {
    pub fn put(&mut self, path: &str, octets: impl Into<Vec<u8>>) {
        self.0.insert(path.to_owned(), octets.into());
    }

    pub fn flip(&mut self, path: &str, at: usize, mask: u8) {
        self.0.get_mut(path).unwrap()[at] ^= mask;
    }

    pub fn write(&self, folder: &Path) {
        for (path, octets) in &self.0 {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, octets).unwrap();
        }
    }

    pub fn verify(&self, trust: &Trust) -> Report {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        let report = Export::open(folder.path()).unwrap().verify(trust).unwrap();
        self.dump(trust, &report, &[]);
        report
    }

    /// Writes the export with what was found into the folder that `DUMP_EXPORTS` names, for the verifier in HTML,
    /// which must find the same.
    pub fn dump(&self, trust: &Trust, report: &Report, papers: &[serde_json::Value]) {
        let Some(root) = std::env::var_os("DUMP_EXPORTS") else { return };
        let checkpoints: Vec<&str> = trust.checkpoints.iter().map(|held| held.checkpoint.note()).collect();
        let key = trust.key.as_ref().map(|key| {
            let id = hash(&[
                key.origin.to_string().as_bytes(),
                b"\n",
                &STANDARD.decode(key.key.to_string()).unwrap(),
            ]);
            format!("{}+{}+{}", key.origin, hex::encode(&id[..4]), key.key)
        });
        let first = report.faults.first();
        let expected = serde_json::json!({
            "good": report.good, "size": report.size, "key": key, "checkpoints": checkpoints, "papers": papers,
            "kind": first.map(|fault| fault.kind), "leaf": first.and_then(|fault| fault.leaf),
        });
        let mut name = Sha256::new();
        self.0.iter().for_each(|(path, octets)| name.update([path.as_bytes(), octets].concat()));
        name.update(expected.to_string());
        let folder = Path::new(&root).join(hex::encode(name.finalize()));
        self.write(&folder.join("export"));
        std::fs::write(folder.join("expected.json"), expected.to_string()).unwrap();
    }
}

pub fn held(note: &str) -> Trust {
    let checkpoint = SignedCheckpoint::parse(note.as_bytes()).unwrap();
    let place = "the checkpoint of last year".to_owned();
    Trust { checkpoints: vec![HeldCheckpoint { place, checkpoint }], ..Trust::default() }
}

pub fn assert_good(report: &Report) {
    assert!(report.good && report.faults.is_empty(), "{report}");
}

/// Asserts that the first fault by leaf is of this kind and at this leaf.
pub fn assert_first(report: &Report, leaf: impl Into<Option<u64>>, kind: Kind) {
    let first = report.faults.first().unwrap_or_else(|| panic!("no fault was found:\n{report}"));
    assert_eq!((first.leaf, first.kind), (leaf.into(), kind), "{report}");
    assert!(!report.good);
}

pub fn has(report: &Report, leaf: impl Into<Option<u64>>, kind: Kind) -> bool {
    let leaf = leaf.into();
    report.faults.iter().any(|Fault { leaf: at, kind: is, .. }| (*at, *is) == (leaf, kind))
}

/// A log of twelve entries with openings of all kinds. Versions: 10 and 11 of one record, 20 whole, 30
/// erased.
pub fn sample() -> Log {
    let mut log = Log::new();
    log.add("log-in", vec![text(4, "PC Example"), text(27, "session")]);
    log.change("collection", &[10, 20]);
    log.add("consultation", vec![text(4, "PC Example"), text(8, "burglary inquiry"), text(15, "smith")]);
    log.change("collection", &[30]);
    log.add("consultation", vec![text(8, "to be erased whole")]);
    log.add("consultation", vec![text(8, "an inquiry"), text(15, "a name to be erased")]);
    log.add("erasure", vec![text(20, "retention ended"), leaf_fields(&[(4, 0), (5, 15)])]);
    log.change("alteration", &[11]);
    log.add("erasure", vec![text(20, "s.47 request"), version_fields(&[(id(30), 0), (id(10), 2)])]);
    log.add("disclosure", vec![text(8, "for court"), text(18, "")]);
    log.add("machine", vec![text(25, "indexing"), (26, 2_u64.to_be_bytes().to_vec())]);
    log.add("consultation", vec![text(8, "an inquiry")]);
    log.payloads[9].reduced = true;
    log.erase(4, 0);
    log.erase(5, 15);
    log.erase_version_field(10, 2);
    log.rows.remove(&id(30));
    log
}
