//! Logs with nothing wrong in them are found good, at every size where the layout changes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

#[expect(dead_code, reason = "these tests use a part of the writer")]
mod common;

use common::{Log, assert_good, held, id, sample};
use witness::{Gap, Outcome, Trust};

#[test]
fn a_log_with_all_kinds_of_openings_is_good() {
    let report = sample().files().verify(&Trust::default());
    assert_good(&report);
    assert_eq!((report.entries, report.size, report.generation), (12, Some(12), Some(1)));
    assert_eq!(report.origin.as_deref(), Some("log.example/force/g1"));
    let payloads = (report.payloads.open, report.payloads.erased_whole, report.payloads.erased_fields);
    assert_eq!(payloads, (11, 1, 1));
    assert_eq!((report.versions.held, report.versions.erased, report.versions.erased_fields), (3, 1, 1));
    assert!(report.first_use);
    assert!(report.to_string().ends_with("\nGOOD\n"), "{report}");
}

#[test]
fn logs_at_the_edges_of_tiles_are_good() {
    for size in [0, 1, 2, 255, 256, 257, 511, 512, 513] {
        let log = Log::of(size);
        let trust = if size > 1 { held(&log.checkpoint_at(size / 2)) } else { Trust::default() };
        let report = log.files().verify(&trust);
        assert_good(&report);
        assert_eq!((report.entries, report.payloads.open), (size, size));
    }
}

#[test]
fn logs_at_the_edges_of_payload_files_are_good() {
    let mut log = Log::of(65_535);
    for size in 65_535..=65_537 {
        let report = log.files().verify(&held(&log.checkpoint_at(65_500)));
        assert_good(&report);
        assert_eq!(report.entries, size);
        log.plain();
    }
}

#[test]
fn every_earlier_checkpoint_is_a_prefix() {
    let log = Log::of(600);
    let files = log.files();
    for size in [0, 1, 255, 256, 257, 300, 511, 512, 599, 600] {
        let report = files.verify(&held(&log.checkpoint_at(size)));
        assert_good(&report);
        assert_eq!(report.compared_with[0].outcome, Outcome::Prefix, "{size}");
    }
}

#[test]
fn generations_with_and_without_loss_are_good_and_the_gap_is_told() {
    let mut first = Log::of(20);
    let known = first.checkpoint_at(18);
    let mut second = first.restored(15, &known, (15, 18));
    (0..5).for_each(|_| second.plain());
    let whole = second.checkpoint();
    let mut third = second.restored(21, &whole, (21, 21));
    third.plain();
    let files = third.files();
    for (note, outcome) in [
        (first.checkpoint_at(15), Outcome::Prefix),
        (first.checkpoint_at(16), Outcome::Gap),
        (known, Outcome::Gap),
        (second.checkpoint_at(19), Outcome::Prefix),
        (whole, Outcome::Prefix),
        (third.checkpoint(), Outcome::Prefix),
    ] {
        let report = files.verify(&held(&note));
        assert_good(&report);
        assert_eq!(report.compared_with[0].outcome, outcome);
        assert_eq!(report.gaps, [Gap { generation: 2, leaf: 15, first_lost: 15, end_of_lost: 18 }]);
    }
    first.plain();
    assert!(!files.verify(&held(&first.checkpoint())).good);
}

#[test]
fn leaves_that_were_replaced_after_a_restore_are_told_and_what_is_before_them_holds() {
    let first = Log::of(20);
    let mut went_on = first.clone();
    went_on.payloads.truncate(10);
    for _ in 0..5 {
        went_on.add("log-read", vec![]);
    }
    let files = went_on.restored(15, &first.checkpoint_at(18), (10, 18)).files();
    for (note, outcome) in [
        (first.checkpoint_at(10), Outcome::Prefix),
        (first.checkpoint_at(13), Outcome::Gap),
        (went_on.checkpoint_at(13), Outcome::Prefix),
        (first.checkpoint_at(18), Outcome::Gap),
    ] {
        let report = files.verify(&held(&note));
        assert_good(&report);
        assert_eq!(report.compared_with[0].outcome, outcome);
        assert_eq!(report.gaps, [Gap { generation: 2, leaf: 15, first_lost: 10, end_of_lost: 18 }]);
        assert!(report.to_string().contains("were replaced: something was entered after a restore"));
    }
    assert!(!files.verify(&held(&first.checkpoint_at(19))).good);
    // Another history before the stated loss stays a fork.
    let mut other = first.clone();
    other.payloads[3].fields[0].1 = b"log-read".to_vec();
    assert!(!files.verify(&held(&other.checkpoint_at(8))).good);
}

#[test]
fn versions_whose_list_of_records_was_erased_are_found_by_their_commitment() {
    let mut log = Log::new();
    log.change("collection", &[10, 20]);
    let erasure = vec![
        common::text(20, "retention ended"),
        common::leaf_fields(&[(0, 12)]),
        common::version_fields(&[(id(20), 0)]),
    ];
    log.add("erasure", erasure);
    log.erase(0, 12);
    log.rows.remove(&id(20));
    let report = log.files().verify(&Trust::default());
    assert_good(&report);
    assert_eq!((report.versions.held, report.versions.erased), (1, 1));
    log.rows.remove(&id(10));
    common::assert_first(&log.files().verify(&Trust::default()), 0, witness::Kind::MissingVersion);
}
