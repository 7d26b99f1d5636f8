//! What the log keeps of who looked at what is for the purposes of DPA 2018 s.62(4) alone: whether
//! processing was lawful, self-monitoring, integrity and security, criminal proceedings. It makes no list
//! of what is often read and no figure of anybody's performance.

use crate::support::{House, car, on_both_stores};
use desk::completeness::Ask;
use futures::future::try_join_all;
use model::Labels;
use model::kinds::vehicle;
use search::Page;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Names by which who touched what, and what entries say, can be read; with the tables they lie in.
const READS: [&str; 11] = [
    "touches_of_record",
    "touches_by_actor",
    "touches",
    "check_touches",
    "who_touched",
    "all_touches_of",
    "payload",
    "payloads",
    "openings",
    "openings_as_they_are",
    "ledger_payloads",
];

/// Every file above the ledger and the stores that may name one, with what for.
const MAY_READ: [(&str, &str); 11] = [
    ("crates/desk/src/oversight.rs", "shows an auditor who touched a record (s.62(4)(a), (b))"),
    ("crates/desk/src/erasure/plan.rs", "counts the searches in which what is erased was typed (s.47)"),
    (
        "crates/desk/src/erasure/forgetting.rs",
        "destroys what those searches said, and the digest of a file (s.47)",
    ),
    (
        "crates/desk/src/papers/recall.rs",
        "finds the papers of a record, so that what went astray is recalled (s.62(4)(c): security of the data)",
    ),
    ("crates/desk/src/health.rs", "checks the list of touches against the entries (s.62(4)(c))"),
    ("crates/bluelamp/src/commands/ledger.rs", "the auditor's command"),
    ("crates/web/src/api/log.rs", "the auditor's route"),
    ("crates/web/src/pages/log/mod.rs", "leads to the auditor's page"),
    ("crates/web/src/pages/log/checkpoint.rs", "sends whoever may only read the log there"),
    ("crates/web/src/pages/log/touches.rs", "the auditor's page"),
    ("crates/web/src/pages/tour.rs", "leads to the auditor's page"),
];

/// Where a thing of that name is another thing.
const OTHER_THINGS: [&str; 3] = [
    "crates/model/src/derived/erasure/vocabulary.rs",
    "crates/search/src/writer.rs",
    "bench/src/workloads/turn.rs",
];

/// The ledger, the stores and the bench's peer keep the log: they decide nothing about what is shown.
const KEEPERS: [&str; 3] = ["crates/ledger/", "crates/vault/", "bench/src/memory_log.rs"];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().is_some_and(|ending| ending == "rs") {
            true => files.push(path),
            false if path.is_dir() => sources(&path, files),
            false => {}
        }
    }
}

/// The words of a source that are not in a comment of its own line.
fn words(source: &str) -> BTreeSet<&str> {
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')).collect()
}

/// Files of the product that name a read of the log, and which.
fn readers() -> BTreeMap<String, Vec<&'static str>> {
    let root = workspace();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        sources(&entry.unwrap().path().join("src"), &mut files);
    }
    sources(&root.join("bench/src"), &mut files);
    let mut readers = BTreeMap::new();
    for file in files {
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let source = std::fs::read_to_string(&file).unwrap();
        let words = words(&source);
        let named: Vec<&str> = READS.into_iter().filter(|read| words.contains(read)).collect();
        // The verifier reads an export, and is no part of what a force runs.
        if !named.is_empty() && !name.starts_with("crates/witness/") {
            readers.insert(name, named);
        }
    }
    readers
}

#[test]
fn only_oversight_erasure_and_the_upkeep_of_the_log_read_it() {
    let readers = readers();
    let keeps = |name: &str| KEEPERS.iter().any(|keeper| name.starts_with(keeper));
    let allowed: BTreeSet<&str> = MAY_READ.iter().map(|(file, _)| *file).chain(OTHER_THINGS).collect();
    for (file, named) in readers.iter().filter(|(file, _)| !keeps(file)) {
        assert!(
            allowed.contains(file.as_str()),
            "{file} names {named:?}. What the log keeps of who looked at what serves DPA 2018 s.62(4) alone, \
             and no list and no figure: take it out, or say in MAY_READ which of its purposes it serves"
        );
    }
    let unused: Vec<_> = allowed.iter().filter(|file| !readers.contains_key(**file)).collect();
    assert!(unused.is_empty(), "these read the log no longer; take them off the list: {unused:?}");
    assert!(readers.keys().any(|file| keeps(file)), "the names are those of the ledger");
}

on_both_stores! {
    however_often_a_record_is_read_no_list_order_or_figure_changes
}

/// What people are shown, as far as it may depend on anything.
async fn shown(house: &House) -> String {
    let desk = house.desk();
    let mut shown = Vec::new();
    for query in ["ford", "kind:vehicle", "ab01", "missing:vin"] {
        let Ok(answers) = desk.search(&house.officer, query, Page::default()).await else { continue };
        let found = answers.found.iter().map(|found| (&found.reference, found.score.to_bits(), &found.why));
        shown.push(format!("{query}: {} {:?}", answers.total, found.collect::<Vec<_>>()));
    }
    assert!(shown.len() >= 3, "{shown:?}");
    let listed = desk.records_of(&house.officer, &vehicle::KIND, None, 50).await.unwrap();
    shown.push(format!("{:?} {:?}", listed.records, listed.next));
    let figures = desk.completeness(&house.auditor, &vehicle::KIND, &Ask::default()).await.unwrap();
    shown.push(format!("{} {:?}", figures.records, figures.rows));
    shown.join("\n")
}

async fn however_often_a_record_is_read_no_list_order_or_figure_changes(house: House) {
    let mut records = Vec::new();
    for number in 0..12 {
        let made = house.make(&vehicle::KIND, car(number), Labels::default()).await.unwrap();
        records.push(made.version.record);
    }
    let before = shown(&house).await;
    let desk = house.desk();
    for _ in 0..10 {
        // One record a hundred times for each time that another is opened.
        let read = (0..100).map(|_| desk.open_record(&house.officer, records[3]));
        try_join_all(read).await.unwrap();
        desk.open_record(&house.reviewer, records[7]).await.unwrap();
        desk.search(&house.officer, "ab03", Page::default()).await.unwrap();
    }
    assert_eq!(shown(&house).await, before);
}
