//! No single octet of an export can be altered without being caught, and no octets make the verifier panic.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

#[expect(dead_code, reason = "these tests use a part of the writer")]
mod common;

use common::{Files, Log, sample};
use proptest::prelude::*;
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::TempDir;
use witness::{Export, Report, Trust};

/// How an octet is altered: the lowest bit, the exchange of 1 and 2, and another bit in turn. Files of text
/// are short, and every bit of them is altered.
fn masks(path: &str, at: usize) -> Vec<u8> {
    match path {
        "checkpoint" | "vkey" => (0..8).map(|bit| 1 << bit).collect(),
        _ => vec![0x01, 0x03, 2 << (at % 7)],
    }
}

struct Bench {
    folder: TempDir,
    files: Files,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap(), files: sample().files() };
        bench.files.write(bench.folder.path());
        bench
    }

    fn verify(&self) -> Report {
        Export::open(self.folder.path()).unwrap().verify(&Trust::default()).unwrap()
    }

    /// Flips every octet of a file in turn. `check` is given the octet and what was found.
    fn flip_all(&self, path: &str, check: impl Fn(usize, &Report)) {
        let unseen = self.flip_and_list_unseen(path, check);
        assert_eq!(unseen, [0; 0], "{path}: these octets were altered unseen");
    }

    fn flip_and_list_unseen(&self, path: &str, check: impl Fn(usize, &Report)) -> Vec<usize> {
        let mut unseen = Vec::new();
        let good = &self.files.0[path];
        let file = self.folder.path().join(path);
        for at in 0..good.len() {
            for mask in masks(path, at) {
                let mut altered = good.clone();
                altered[at] ^= mask;
                std::fs::write(&file, altered).unwrap();
                let report = self.verify();
                match report.good {
                    true => unseen.push(at),
                    false => check(at, &report),
                }
            }
        }
        std::fs::write(&file, good).unwrap();
        assert!(self.verify().good);
        unseen.dedup();
        unseen
    }
}

fn first_leaf(report: &Report) -> Option<u64> {
    report.faults.first().and_then(|fault| fault.leaf)
}

/// The places of counted runs after a heading of some lines.
fn runs(octets: &[u8], lines: usize) -> Vec<Range<usize>> {
    let ends = octets.iter().enumerate().filter(|(_, octet)| **octet == b'\n').map(|(at, _)| at + 1);
    let mut at = ends.clone().nth(lines - 1).unwrap();
    let mut runs = Vec::new();
    while at < octets.len() {
        let length = u32::from_be_bytes(octets[at..at + 4].try_into().unwrap()) as usize;
        runs.push(at..at + 4 + length);
        at += 4 + length;
    }
    runs
}

#[test]
fn no_octet_of_a_payload_can_be_altered() {
    let bench = Bench::new();
    let runs = runs(&bench.files.0["payloads/000"], 4);
    assert_eq!(runs.len(), 12);
    bench.flip_all("payloads/000", |at, report| {
        let leaf = runs.iter().position(|run| run.contains(&at)).unwrap_or(0) as u64;
        assert_eq!(first_leaf(report), Some(leaf), "octet {at}: {report}");
    });
}

#[test]
fn no_octet_of_a_version_can_be_altered() {
    let bench = Bench::new();
    let runs = runs(&bench.files.0["versions/000"], 3);
    // Versions 10, 11 and 20 were committed by these leaves.
    let leaves = [1, 7, 1];
    assert_eq!(runs.len(), leaves.len());
    let unseen = bench.flip_and_list_unseen("versions/000", |at, report| {
        let Some(row) = runs.iter().position(|run| run.contains(&at)) else { return };
        if at < runs[row].start + 4 {
            // With its length altered, the rows from here on cannot be told apart.
            return;
        }
        assert_eq!(first_leaf(report), Some(leaves[row]), "octet {at}: {report}");
    });
    assert_eq!(unseen, Vec::<usize>::new(), "octets that were altered unseen");
}

#[test]
fn no_octet_of_the_tree_can_be_altered() {
    let bench = Bench::new();
    for (path, item) in [("tile/entries/000.p/12", 35), ("tile/0/000.p/12", 32)] {
        bench.flip_all(path, |at, report| {
            assert_eq!(first_leaf(report), Some((at / item) as u64), "octet {at}: {report}");
            assert_eq!(report.faults[0].leaf, Some((at / item) as u64));
        });
    }
}

#[test]
fn no_octet_of_checkpoint_and_key_can_be_altered() {
    let bench = Bench::new();
    let all: Vec<_> = bench.files.0.keys().map(String::as_str).collect();
    assert_eq!(
        all,
        ["checkpoint", "payloads/000", "tile/0/000.p/12", "tile/entries/000.p/12", "versions/000", "vkey"],
        "these tests flip every file"
    );
    for path in ["checkpoint", "vkey"] {
        bench.flip_all(path, |_, _| {});
    }
}

fn write(folder: &Path, path: &str, octets: &[u8]) {
    std::fs::write(folder.join(path), octets).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_octets_in_any_file_make_it_panic(
        which in 0_usize..6,
        octets in proptest::collection::vec(any::<u8>(), 0..600),
        keep in 0_usize..400,
        cut in 0_usize..400,
    ) {
        let bench = Bench::new();
        let (path, good) = bench.files.0.iter().nth(which).unwrap();
        let keep = keep.min(good.len());
        let rest = &good[(keep + cut).min(good.len())..];
        let spliced = [&good[..keep], &octets, rest].concat();
        prop_assume!(spliced != *good);
        write(bench.folder.path(), path, &spliced);
        prop_assert!(!bench.verify().good);
        write(bench.folder.path(), path, &octets);
        prop_assert!(!bench.verify().good);
        write(bench.folder.path(), path, &[&good[..keep], rest].concat());
        if cut > 0 && keep < good.len() {
            prop_assert!(!bench.verify().good);
        }
    }
}

static LARGER: LazyLock<Files> = LazyLock::new(|| Log::of(600).files());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_octet_of_a_larger_log_is_caught_where_it_lies(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        mask in 1_u8..,
    ) {
        let mut files = LARGER.clone();
        let path = which.get(&files.0.keys().collect::<Vec<_>>()).to_string();
        let at = place.index(files.0[&path].len());
        files.flip(&path, at, mask);
        let report = files.verify(&Trust::default());
        prop_assert!(!report.good, "{path}, octet {at}");
        let number = |path: &str| path.get(..3).and_then(|digits| digits.parse::<u64>().ok()).unwrap();
        let leaf = match path.split_at_checked(path.rfind("/0").map_or(0, |stroke| stroke + 1)) {
            Some(("tile/0/", rest)) => number(rest) * 256 + at as u64 / 32,
            Some(("tile/1/", _)) => at as u64 / 32 * 256,
            Some(("tile/entries/", rest)) => number(rest) * 256 + at as u64 / 35,
            _ => return Ok(()),
        };
        prop_assert_eq!(first_leaf(&report), Some(leaf), "{}, octet {}: {}", path, at, report);
    }
}
