//! Every way of tampering is caught, named, and named first at the first wrong leaf.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

mod common;

use common::{
    Files, Log, assert_first, assert_good, has, held, id, leaf_fields, sample, text, version_fields,
};
use witness::{Kind, Outcome, Report, Trust};

fn verify(files: &Files) -> Report {
    files.verify(&Trust::default())
}

fn tampered(change: impl FnOnce(&mut Log)) -> Report {
    let mut log = sample();
    change(&mut log);
    verify(&log.files())
}

#[test]
fn an_altered_payload_is_named_at_its_leaf() {
    let mut files = sample().files();
    let payloads = files.0.get_mut("payloads/000").unwrap();
    let place = payloads.windows(8).position(|run| run == b"burglary").unwrap();
    payloads[place] = b'B';
    let report = verify(&files);
    assert_first(&report, 2, Kind::AlteredPayload);
    assert_eq!(report.fault_count, 1);
    assert!(report.to_string().contains("leaf 2: the payload is altered"), "{report}");
    assert!(report.to_string().ends_with("\nNOT GOOD\n"));
}

#[test]
fn an_altered_entry_is_told_from_an_altered_tile() {
    for (size, leaf) in [(12, 5), (300, 299), (300, 7), (700, 400)] {
        let files = Log::of(size).files();
        let (bundle, within) = (leaf / 256, leaf as usize % 256);
        let width = (size - bundle * 256).min(256);
        let partial = if width < 256 { format!(".p/{width}") } else { String::new() };
        let mut entry = files.clone();
        entry.flip(&format!("tile/entries/{bundle:03}{partial}"), within * 35 + 20, 4);
        let report = verify(&entry);
        assert_first(&report, leaf, Kind::AlteredEntry);
        assert_eq!(report.fault_count, 1, "{report}");
        let mut tile = files;
        tile.flip(&format!("tile/0/{bundle:03}{partial}"), within * 32 + 20, 4);
        let report = verify(&tile);
        assert_first(&report, leaf, Kind::AlteredTile);
        assert_eq!(report.fault_count, 1, "{report}");
    }
}

#[test]
fn entry_and_tile_altered_in_different_places_are_both_named() {
    let mut files = Log::of(700).files();
    files.flip("tile/entries/001", 10 * 35 + 9, 1);
    files.flip("tile/0/000", 3 * 32, 1);
    let report = verify(&files);
    assert_first(&report, 3, Kind::AlteredTile);
    assert!(has(&report, 266, Kind::AlteredEntry), "{report}");
    assert_eq!(report.fault_count, 2, "{report}");
}

#[test]
fn an_altered_entry_of_an_erased_payload_is_named() {
    let mut files = sample().files();
    files.flip("tile/entries/000.p/12", 4 * 35 + 9, 1);
    assert_first(&verify(&files), 4, Kind::AlteredEntry);
}

#[test]
fn a_tile_of_a_higher_level_is_named_at_the_first_leaf_under_it() {
    let mut files = Log::of(1_000).files();
    files.flip("tile/1/000.p/3", 2 * 32 + 31, 1);
    let report = verify(&files);
    assert_first(&report, 512, Kind::AlteredTile);
    assert_eq!(report.fault_count, 1);
    let mut files = Log::of(65_537).files();
    files.flip("tile/2/000.p/1", 0, 1);
    assert_first(&verify(&files), 0, Kind::AlteredTile);
}

#[test]
fn an_entry_with_payload_and_tile_exchanged_still_breaks_the_root() {
    let log = sample();
    let mut other = log.clone();
    other.payloads[2].fields.iter_mut().find(|(tag, _)| *tag == 8).unwrap().1 = b"another purpose".to_vec();
    let mut files = other.files();
    files.put("checkpoint", log.checkpoint());
    assert_first(&verify(&files), None, Kind::WrongRoot);
}

#[test]
fn an_altered_checkpoint_or_signature_is_named() {
    let files = sample().files();
    let note = String::from_utf8(files.0["checkpoint"].clone()).unwrap();
    let altered = [
        note.replace("\n12\n", "\n11\n"),
        note.replace("/g1\n", "/g2\n"),
        note.replace("log.example", "log.exampla"),
        note[..note.len() - 1].to_owned(),
        String::new(),
        note.replace("— ", "- "),
    ];
    for altered in altered {
        let mut files = files.clone();
        files.put("checkpoint", altered);
        let report = verify(&files);
        assert!(has(&report, None, Kind::AlteredCheckpoint), "{report}");
        assert!(!report.good);
    }
    let mut files = files;
    let place = note.len() - 20;
    files.flip("checkpoint", place, 1);
    assert!(has(&verify(&files), None, Kind::AlteredCheckpoint));
}

#[test]
fn another_key_is_named() {
    let log = sample();
    let mut forged = log.clone();
    forged.key = ed25519_dalek::SigningKey::from_bytes(&[43; 32]);
    let key = Some(witness::VerifierKey::parse(&log.vkey()).unwrap());
    let trust = Trust { key, ..Trust::default() };
    let report = forged.files().verify(&trust);
    assert!(has(&report, None, Kind::OtherKey) && has(&report, None, Kind::AlteredCheckpoint), "{report}");
    assert!(!report.first_use);
    let report = log.files().verify(&trust);
    assert_good(&report);
    let mut elsewhere = log;
    elsewhere.base = "log.example/elsewhere".to_owned();
    assert!(has(&elsewhere.files().verify(&trust), None, Kind::OtherLog));
}

#[test]
fn versions_altered_in_body_or_label_are_named_at_the_leaf_that_committed_them() {
    let report = tampered(|log| log.row(20).fields[0].value = b"another body".to_vec());
    assert_first(&report, 1, Kind::AlteredVersion);
    assert_eq!(report.faults[0].version, Some(id(20)));
    let report = tampered(|log| log.row(11).fields[6].value = br#"{"sensitive":true}"#.to_vec());
    assert_first(&report, 7, Kind::AlteredVersion);
    let report = tampered(|log| log.row(11).record = id(77));
    assert_first(&report, 7, Kind::AlteredVersion);
    let report = tampered(|log| log.row(11).kind = 13);
    assert_first(&report, 7, Kind::AlteredVersion);
    let report = tampered(|log| log.row(11).fields[6].form = 1);
    assert_first(&report, 7, Kind::AlteredVersion);
    let report = tampered(|log| log.row(11).fields[0].form = 0);
    assert_first(&report, 7, Kind::MalformedFile);
}

#[test]
fn a_row_whose_columns_were_committed_wrong_is_named() {
    let mut log = Log::new();
    log.change("collection", &[10]);
    log.row(10).fields[4].value = id(99).to_vec();
    let hash = log.row(10).commitment().to_vec();
    log.payloads[0].fields.iter_mut().find(|(tag, _)| *tag == 19).unwrap().1 = hash;
    assert_first(&verify(&log.files()), 0, Kind::AlteredVersion);
}

#[test]
fn missing_unknown_and_unreadable_versions_are_named() {
    let report = tampered(|log| drop(log.rows.remove(&id(20))));
    assert_first(&report, 1, Kind::MissingVersion);
    assert_eq!(report.faults[0].version, Some(id(20)));
    let report = tampered(|log| drop(log.rows.insert(id(66), common::Row::new(66))));
    assert_first(&report, None, Kind::UnknownVersion);
    assert_eq!(report.faults[0].version, Some(id(66)));
    let report = tampered(|log| log.row(11).unreadable = true);
    assert_first(&report, 7, Kind::UnreadableVersion);
    let report = verify(&{
        let mut files = sample().files();
        files.0.remove("versions/000");
        files
    });
    assert_first(&report, 1, Kind::MissingVersion);
    assert_eq!(report.fault_count, 3);
}

#[test]
fn erased_versions_and_fields_need_a_later_authority_and_must_be_gone() {
    let report = tampered(|log| log.erase_version_field(20, 7));
    assert_first(&report, 1, Kind::ErasedVersionField);
    let report = tampered(|log| log.row(10).fields[1].form = 1);
    assert_first(&report, 1, Kind::StillThere);
    let report = tampered(|log| drop(log.rows.insert(id(30), common::Row::new(30))));
    assert_first(&report, 3, Kind::StillThere);
    let mut log = Log::new();
    log.add("erasure", vec![text(20, "a ground"), version_fields(&[(id(10), 0)])]);
    log.change("collection", &[10]);
    log.rows.clear();
    let report = verify(&log.files());
    assert_first(&report, 1, Kind::MissingVersion);
    assert!(report.faults[0].what.contains("not later"), "{report}");
}

/// A log of a read at leaf 1 that is taken away, and an entry at leaf 2 that may authorise it.
fn taken_away(tag: u16, operation: &str, fields: Vec<(u16, Vec<u8>)>) -> Report {
    let mut log = Log::of(1);
    log.add("consultation", vec![text(15, "a name")]);
    log.add(operation, fields);
    log.erase(1, tag);
    verify(&log.files())
}

#[test]
fn a_missing_payload_needs_exactly_its_authority() {
    let ground = || text(20, "retention ended");
    assert_good(&taken_away(0, "erasure", vec![ground(), leaf_fields(&[(1, 0)])]));
    assert_good(&taken_away(15, "erasure", vec![ground(), leaf_fields(&[(1, 15)])]));
    let not_authorised = [
        (0, "erasure", vec![ground()]),
        (0, "erasure", vec![ground(), leaf_fields(&[(0, 99), (1, 1), (2, 0)])]),
        (0, "erasure", vec![ground(), leaf_fields(&[(1, 15)])]),
        (0, "erasure", vec![leaf_fields(&[(1, 0)])]),
        (0, "erasure", vec![text(20, "  "), leaf_fields(&[(1, 0)])]),
        (0, "alteration", vec![ground(), leaf_fields(&[(1, 0)])]),
    ];
    for (tag, operation, fields) in not_authorised {
        assert_first(&taken_away(tag, operation, fields), 1, Kind::MissingPayload);
    }
    for field in [0, 8] {
        let fields = vec![ground(), leaf_fields(&[(1, field)])];
        assert_first(&taken_away(15, "erasure", fields), 1, Kind::ErasedField);
    }
}

#[test]
fn an_earlier_authority_is_none() {
    let mut log = Log::new();
    log.add("erasure", vec![text(20, "a ground"), leaf_fields(&[(1, 0)])]);
    log.plain();
    log.erase(1, 0);
    let report = verify(&log.files());
    assert_first(&report, 1, Kind::MissingPayload);
    assert!(report.faults[0].what.contains("not later"), "{report}");
}

#[test]
fn what_may_only_follow_from_an_altered_authority_comes_after_it() {
    let mut files = sample().files();
    let payloads = files.0.get_mut("payloads/000").unwrap();
    let place = payloads.windows(9).position(|run| run == b"retention").unwrap();
    payloads[place] = b'R';
    let report = verify(&files);
    assert_first(&report, 6, Kind::AlteredPayload);
    assert!(has(&report, 4, Kind::MissingPayload) && has(&report, 5, Kind::ErasedField), "{report}");
    // What another altered payload does not speak of stays a fault of its own, and comes first.
    let mut log = sample();
    log.erase(2, 0);
    let mut files = log.files();
    let payloads = files.0.get_mut("payloads/000").unwrap();
    let place = payloads.windows(8).position(|run| run == b"indexing").unwrap();
    payloads[place] = b'I';
    let report = verify(&files);
    assert_first(&report, 2, Kind::MissingPayload);
    assert!(has(&report, 10, Kind::AlteredPayload), "{report}");
}

#[test]
fn an_authority_that_is_itself_taken_away_is_none() {
    let report = tampered(|log| log.erase(6, 0));
    assert_first(&report, 4, Kind::MissingPayload);
    assert!(has(&report, 5, Kind::ErasedField) && has(&report, 6, Kind::MissingPayload), "{report}");
}

#[test]
fn some_fields_may_never_be_erased() {
    for tag in [1, 2] {
        let fields = vec![text(20, "a ground"), leaf_fields(&[(1, tag)])];
        assert_first(&taken_away(tag, "erasure", fields), 1, Kind::ErasedField);
    }
    let report = tampered(|log| {
        log.add("erasure", vec![text(20, "a ground"), leaf_fields(&[(8, 22)])]);
        log.erase(8, 22);
    });
    assert!(has(&report, 8, Kind::ErasedField), "{report}");
}

#[test]
fn what_was_said_to_be_erased_must_be_gone() {
    let still = |target: (u64, u16)| {
        tampered(|log| {
            log.add("erasure", vec![text(20, "a ground"), leaf_fields(&[target])]);
        })
    };
    assert_first(&still((2, 0)), 2, Kind::StillThere);
    assert_first(&still((2, 15)), 2, Kind::StillThere);
    // A field that the payload never had is gone already.
    assert_good(&still((2, 18)));
}

#[test]
fn a_dropped_tail_is_a_rewind_and_another_history_a_fork() {
    let log = sample();
    let note = log.checkpoint();
    let mut short = Log::of(0);
    short.payloads.clone_from(&log.payloads[..10].to_vec());
    short.rows = log.rows.clone();
    let report = short.files().verify(&held(&note));
    assert_first(&report, 10, Kind::Rewind);
    assert!(report.to_string().contains("leaves 10 to 11 were dropped"), "{report}");
    let mut other = log.clone();
    other.payloads[11].fields[0].1 = b"log-read".to_vec();
    let report = other.files().verify(&held(&note));
    assert_first(&report, None, Kind::Fork);
    assert_eq!(report.compared_with[0].outcome, Outcome::Fork);
    other.plain();
    assert_first(&other.files().verify(&held(&note)), None, Kind::Fork);
}

#[test]
fn generations_must_state_what_was_lost() {
    let first = Log::of(20);
    let known = first.checkpoint_at(18);
    let with = |restored: Log| verify(&restored.files());
    // Without its entry.
    let mut silent = first.clone();
    silent.generation = 2;
    assert_first(&with(silent), None, Kind::Gap);
    // With an entry that states the loss wrongly.
    assert_first(&with(first.restored(15, &known, (16, 18))), 15, Kind::Gap);
    assert_first(&with(first.restored(15, &known, (15, 15))), 15, Kind::Gap);
    assert_first(&with(first.restored(15, &known, (15, 3))), 15, Kind::Gap);
    assert_first(&with(first.restored(15, "no checkpoint", (15, 18))), 15, Kind::Gap);
    // With a checkpoint of another key, of another history, or of a generation that has no place here.
    let mut foreign = first.clone();
    foreign.key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    assert_first(&with(first.restored(15, &foreign.checkpoint_at(18), (15, 18))), 15, Kind::Gap);
    let mut other = first.clone();
    other.payloads[3].fields[0].1 = b"log-read".to_vec();
    assert_first(&with(first.restored(15, &other.checkpoint_at(15), (15, 18))), 15, Kind::Gap);
    let mut later = first.clone();
    later.generation = 4;
    assert_first(&with(first.restored(15, &later.checkpoint_at(15), (15, 18))), None, Kind::Gap);
    // A held checkpoint beyond the stated loss, one of a changed history, and one of a later generation.
    let second = first.restored(15, &known, (15, 18));
    assert_first(&second.files().verify(&held(&first.checkpoint_at(19))), 15, Kind::Gap);
    assert_first(&second.files().verify(&held(&other.checkpoint_at(15))), None, Kind::Fork);
    assert_first(&first.files().verify(&held(&second.checkpoint())), None, Kind::Rewind);
}

#[test]
fn files_missing_left_over_or_malformed_are_named() {
    let log = Log::of(600);
    let files = log.files();
    for (path, leaf) in
        [("tile/0/001", 256), ("tile/entries/002.p/88", 512), ("tile/1/000.p/2", 0), ("payloads/000", 0)]
    {
        let mut files = files.clone();
        let octets = files.0.remove(path).unwrap();
        assert_first(&verify(&files), leaf, Kind::MissingFile);
        files.put(path, &octets[..octets.len() - 1]);
        assert!(has_malformed(&verify(&files)), "{path}");
        files.put(path, [octets.as_slice(), &[0]].concat());
        assert!(has_malformed(&verify(&files)), "{path}");
    }
    for path in [
        "tile/0/003",
        "tile/0/001.p/3",
        "tile/entries/003.p/1",
        "tile/2/000.p/1",
        "payloads/001",
        "tile/0/1",
        "x",
    ] {
        let mut files = files.clone();
        files.put(path, [0; 32]);
        assert_first(&verify(&files), None, Kind::ExtraFile);
    }
    for path in ["checkpoint", "vkey"] {
        let mut files = files.clone();
        files.0.remove(path);
        assert!(!verify(&files).good);
    }
}

fn has_malformed(report: &Report) -> bool {
    report.faults.iter().any(|fault| fault.kind == Kind::MalformedFile && fault.what.contains("at octet"))
}

#[test]
fn payloads_and_versions_of_another_origin_are_faults() {
    let mut elsewhere = sample();
    elsewhere.base = "log.example/elsewhere".to_owned();
    let elsewhere = elsewhere.files();
    for path in ["payloads/000", "versions/000"] {
        let mut files = sample().files();
        files.put(path, elsewhere.0[path].clone());
        let report = verify(&files);
        assert!(report.faults.iter().any(|fault| fault.what.contains("the origin should be")), "{report}");
    }
}

#[test]
fn rows_out_of_order_or_twice_are_named() {
    let files = sample().files();
    let octets = &files.0["versions/000"];
    let text = "bluelamp versions 1\nlog.example/force/g1\n";
    let rows = &octets[text.len() + 2..];
    let first = 4 + u32::from_be_bytes(rows[..4].try_into().unwrap()) as usize;
    let mut reordered = files.clone();
    reordered.put("versions/000", [format!("{text}3\n").as_bytes(), &rows[first..], &rows[..first]].concat());
    let report = verify(&reordered);
    assert_first(&report, None, Kind::MalformedFile);
    assert_eq!(report.fault_count, 1, "{report}");
    let mut twice = files.clone();
    twice.put("versions/000", [format!("{text}4\n").as_bytes(), &rows[..first], rows].concat());
    assert_first(&verify(&twice), 1, Kind::MalformedFile);
    let mut uncounted = files.clone();
    uncounted.put("versions/000", [format!("{text}2\n").as_bytes(), rows].concat());
    assert!(has_malformed(&verify(&uncounted)));
    let mut empty = files.clone();
    empty.put("versions/001", format!("{text}0\n"));
    assert!(!verify(&empty).good);
}

#[test]
fn an_enormous_size_is_refused_at_once() {
    let log = sample();
    for size in [13, 256, 1 << 40, u64::MAX] {
        let mut files = log.files();
        files.put("checkpoint", log.sign(size, [7; 32]));
        assert!(!verify(&files).good);
        files.put("tile/entries/x072/x057/x594/x037/x927/935", [0; 35]);
        assert!(!verify(&files).good);
    }
}

#[test]
fn entries_that_break_the_format_are_named() {
    let wrong = [
        ("collection", vec![(12, vec![0; 34]), (19, vec![])]),
        ("collection", vec![(12, vec![0; 33]), (19, vec![0; 31])]),
        ("erasure", vec![(20, vec![65]), (21, vec![255; 11])]),
        ("erasure", vec![(20, vec![65]), (22, vec![0; 17])]),
        ("generation", vec![text(23, "x")]),
    ];
    for (operation, fields) in wrong {
        let mut log = Log::of(1);
        log.add(operation, fields);
        assert_first(&verify(&log.files()), 1, Kind::MalformedEntry);
    }
    let mut log = Log::of(2);
    log.payloads[1].fields.remove(1);
    assert_first(&verify(&log.files()), 1, Kind::MalformedEntry);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    sample().files().write(folder.path());
    let path = folder.path().join("tile/0/000.p/12");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let report = witness::Export::open(folder.path()).unwrap().verify(&Trust::default()).unwrap();
    assert!(has(&report, None, Kind::ExtraFile) && has(&report, 0, Kind::MissingFile), "{report}");
}
