//! Somebody with the database's files goes behind the log, or shows the overseer another log. The
//! overseer holds one checkpoint from before, and each time is told what was altered, and where.

use crate::support::{
    House, Verdict, copy_folder, execute, query_blob, query_number, text, verify, verify_with,
};
use std::fs;
use std::path::{Path, PathBuf};

/// The entry of the import, which committed all versions: after that of the first accounts and that of
/// the log-in.
const IMPORT: u64 = 2;

/// A deployment with a history, and the checkpoint that the overseer has of it.
struct Scene {
    house: House,
    kept: PathBuf,
    reference: String,
}

impl Scene {
    fn new() -> Self {
        let house = House::with_stops(20);
        let reference = house.some_stop();
        house.reviewer().run(&["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"]).good();
        let kept = house.keep_checkpoint();
        let scene = Self { house, kept, reference };
        scene.judge("before").good();
        scene
    }

    fn records(&self) -> PathBuf {
        self.house.data().join("records.sqlite")
    }

    /// Exports the log and has it judged against the checkpoint that was kept.
    fn judge(&self, name: &str) -> Verdict {
        self.judge_export(&self.house.export(name))
    }

    fn judge_export(&self, export: &Path) -> Verdict {
        verify_with(export, &["--memory", "none", "--checkpoint", &text(&self.kept)])
    }

    /// Flips a bit of one octet of a column.
    fn flip(&self, table: &str, column: &str, row: &str, octet: usize) {
        let mut octets = query_blob(&self.records(), &format!("SELECT {column} FROM {table} WHERE {row}"));
        octets[octet] ^= 0x10;
        let hex: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let changed =
            execute(&self.records(), &format!("UPDATE {table} SET {column} = x'{hex}' WHERE {row}"));
        assert_eq!(changed, 1, "{table}.{column}");
    }

    fn alter(&self, sql: &str) {
        assert_eq!(execute(&self.records(), sql), 1, "{sql}");
    }
}

#[test]
fn a_flipped_octet_of_a_payload() {
    let scene = Scene::new();
    scene.flip("ledger_payloads", "sealed", "first = 2", 100);
    // The auditor who reads that entry is told so, and what to do.
    let who_touched = ["ledger", "who-touched", &scene.reference];
    scene.house.auditor().run(&who_touched).fails(&["leaf 2", "altered bytes", "bluelamp-verify"]);
    scene.judge("after").first_fault("missing-payload", Some(IMPORT));
}

#[test]
fn a_flipped_octet_in_the_length_of_a_payload() {
    let scene = Scene::new();
    scene.flip("ledger_payloads", "sealed", "first = 2", 1);
    scene.judge("after").first_fault("missing-payload", Some(IMPORT));
}

#[test]
fn a_flipped_octet_of_a_leaf() {
    let scene = Scene::new();
    scene.flip("ledger_payloads", "commitments", "first = 2", 9);
    scene.judge("after").first_fault("altered-entry", Some(IMPORT));
}

#[test]
fn a_flipped_octet_of_a_tile_is_another_history_of_that_leaf() {
    let scene = Scene::new();
    scene.flip("ledger_tiles", "hashes", "level = 0 AND number = 0", 32 * IMPORT as usize + 5);
    scene.judge("after").finds("fork").first_fault("altered-entry", Some(IMPORT));
}

#[test]
fn a_flipped_octet_of_a_tile_in_the_export() {
    let scene = Scene::new();
    let export = scene.house.export("after");
    let tiles = export.join("tile/0");
    let tile = fs::read_dir(&tiles).unwrap().next().unwrap().unwrap().path();
    let tile = fs::read_dir(tile).unwrap().next().unwrap().unwrap().path();
    flip_in_file(&tile, 32 * 2 + 1);
    scene.judge_export(&export).first_fault("altered-tile", Some(2));
}

#[test]
fn a_checkpoint_that_was_altered_or_is_signed_by_another() {
    let scene = Scene::new();
    let export = scene.house.export("after");
    let checkpoint = export.join("checkpoint");
    let whole = fs::read(&checkpoint).unwrap();
    let at = String::from_utf8_lossy(&whole).find('=').unwrap() - 3;
    flip_in_file(&checkpoint, at);
    scene.judge_export(&export).finds("altered-checkpoint");

    // A whole other log, made tonight by somebody with our program, under the same name.
    let other = House::with_stops(20);
    let export_of_other = other.export("other");
    scene.judge_export(&export_of_other).finds("other-key");
    let key = fs::read_to_string(export.join("vkey")).unwrap();
    let pinned = ["--memory", "none", "--key", key.trim()];
    verify_with(&export_of_other, &pinned).finds("other-key");
}

#[test]
fn a_stored_checkpoint_counts_for_nothing_against_the_one_that_was_kept() {
    let scene = Scene::new();
    scene.alter("UPDATE ledger_heads SET checkpoint = replace(checkpoint, 'lampshire', 'hampshire')");
    scene.judge("after").good();
}

#[test]
fn a_flipped_octet_of_a_body() {
    let scene = Scene::new();
    scene.flip(
        "versions",
        "body",
        "ordinal = 1 AND record_id = (SELECT record_id FROM records WHERE reference = 7)",
        30,
    );
    scene.house.reviewer().run(&["show", &stop(7)]).fails(&["does not open", "altered", "bluelamp-verify"]);
    // One altered body hides no other: the page is answered, and its line says what is wrong.
    let found = scene.house.reviewer().run(&["search", "kind:stop-and-search"]);
    found.good().says(&[&stop(7), "This record does not open", &stop(6)]);
    scene.judge("after").first_fault("unreadable-version", Some(IMPORT));
}

#[test]
fn a_plain_label_altered_behind_the_log() {
    let scene = Scene::new();
    let of_seven = "WHERE record_id = (SELECT record_id FROM records WHERE reference = 7)";
    scene.alter(&format!("UPDATE versions SET labels = '{{\"sensitive\":true}}' {of_seven}"));
    scene.judge("after").first_fault("unreadable-version", Some(IMPORT));
}

#[test]
fn a_restriction_lifted_in_the_database_shows_nobody_anything() {
    let scene = Scene::new();
    let lantern = scene.house.add("PC Lantern", "officer", &["op-lantern"]);
    let label = ["label", &stop(7), "--group", "op-lantern", "--covert", "--reason", "source at risk"];
    lantern.run(&label).good();
    let newest = "WHERE ordinal = 2 AND record_id = (SELECT record_id FROM records WHERE reference = 7)";
    scene.alter(&format!("UPDATE versions SET labels = '{{}}' {newest}"));
    let answer = scene.house.reviewer().run(&["show", &stop(7)]).fails(&["altered", "bluelamp-verify"]);
    assert_eq!(answer.out(), "");
    scene.judge("after").finds("unreadable-version");
}

#[test]
fn a_review_date_and_an_author_altered_behind_the_log() {
    let of_seven = "WHERE record_id = (SELECT record_id FROM records WHERE reference = 7)";
    for change in
        ["review_due = '2099-01-01'", "author = x'00112233445566778899aabbccddeeff'", "happened = 0"]
    {
        let scene = Scene::new();
        scene.alter(&format!("UPDATE versions SET {change} {of_seven}"));
        scene.judge("after").first_fault("unreadable-version", Some(IMPORT));
    }
}

#[test]
fn a_version_that_was_deleted_or_slipped_in() {
    let scene = Scene::new();
    scene.alter("DELETE FROM versions WHERE record_id = (SELECT record_id FROM records WHERE reference = 7)");
    scene.judge("after").first_fault("missing-version", Some(IMPORT));

    let scene = Scene::new();
    let copied = "SELECT force_id, x'01a2101a21837c7f9a6e7a86c258e7b7', record_id, 9, kind, shape, labels, happened, \
         review_due, author, written, link_from, link_to, link_type, key_place + 100000, body FROM versions \
         WHERE ordinal = 1 LIMIT 1";
    scene.alter(&format!("INSERT INTO versions {copied}"));
    scene.judge("after").finds("unknown-version");
}

#[test]
fn the_tail_was_dropped() {
    let scene = Scene::new();
    let old = scene.house.beside("old.sqlite");
    fs::copy(scene.records(), &old).unwrap();
    look_around(&scene.house, &scene.reference, 6);
    let newer = scene.house.keep_checkpoint();
    fs::copy(&old, scene.records()).unwrap();
    // Whoever does this takes away what the deployment remembers too.
    fs::remove_file(scene.house.data().join("newest.checkpoint")).unwrap();
    // The older database opens: only the checkpoint outside tells that it is older.
    let export = scene.house.export("after");
    let verdict = verify_with(&export, &["--memory", "none", "--checkpoint", &text(&newer)]);
    let cut = verdict.report()["size"].as_u64();
    verdict.first_fault("rewind", cut);
}

#[test]
fn a_whole_older_copy_is_a_rewind_and_what_follows_it_a_fork() {
    let scene = Scene::new();
    let old = scene.house.beside("old");
    copy_folder(&scene.house.data(), &old);
    look_around(&scene.house, &scene.reference, 6);
    let memory = scene.house.beside("memory.json");
    let remember = ["--memory", &text(&memory)];
    verify_with(&scene.house.export("newer"), &remember).good();
    let before = fs::read(&memory).unwrap();

    let export = scene.house.beside("rewound");
    let auditor = scene.house.auditor().at(&old);
    auditor.run(&["ledger", "export", &text(&export)]).good();
    let verdict = verify_with(&export, &remember);
    let cut = verdict.report()["size"].as_u64();
    verdict.first_fault("rewind", cut);
    for _ in 0..12 {
        scene.house.reviewer().at(&old).run(&["show", &scene.reference]).good();
    }
    let export = scene.house.beside("forked");
    auditor.run(&["ledger", "export", &text(&export)]).good();
    verify_with(&export, &remember).first_fault("fork", None);
    assert_eq!(fs::read(&memory).unwrap(), before, "only a good log is remembered");
    verify_with(&scene.house.export("newest"), &remember).good();
}

#[test]
fn a_payload_that_was_deleted_did_not_expire() {
    // In the database: an empty payload is what an authorised erasure leaves.
    let scene = Scene::new();
    let leaf =
        query_number(&scene.records(), "SELECT max(first) FROM ledger_payloads WHERE count = 1") as u64;
    scene.alter(&format!("UPDATE ledger_payloads SET sealed = x'00000000' WHERE first = {leaf}"));
    scene.judge("after").first_fault("missing-payload", Some(leaf));

    // In the export: the opening is taken out and its length set to nothing.
    let scene = Scene::new();
    let export = scene.house.export("after");
    take_payload_out(&export.join("payloads/000"), 3);
    scene.judge_export(&export).first_fault("missing-payload", Some(3));

    // With its entry it cannot even be exported, and the message names the leaf.
    let scene = Scene::new();
    let leaf = query_number(&scene.records(), "SELECT max(first) FROM ledger_payloads WHERE count = 1");
    scene.alter(&format!("DELETE FROM ledger_payloads WHERE first = {leaf}"));
    let export = scene.house.beside("after");
    let told =
        [&format!("the entry of leaf {leaf} is missing"), "restore the newest backup", "tell the overseer"];
    scene.house.auditor().run(&["ledger", "export", &text(&export)]).fails(&told);
    assert!(!export.exists(), "half an export is no export");
    scene.house.administrator().run(&["doctor"]).fails(&["need attention"]).says(&["no stored payload"]);
}

#[test]
fn what_an_erasure_removed_may_be_absent_and_nothing_else() {
    let scene = Scene::new();
    let plan = ["erase", "plan", &scene.reference, "--ground", "DPA 2018 s.47(1)(a)"];
    scene.house.reviewer().run(&plan).good();
    scene.house.auditor().run(&["erase", "approve", "E-1"]).good();
    scene.house.reviewer().run(&["erase", "run", "E-1"]).good();
    let export = scene.house.export("after");
    scene.judge_export(&export).good();
    // Whoever takes away the entry that authorises it takes away the authority.
    let verdict = verify(&export).good();
    let last = verdict.report()["size"].as_u64().unwrap();
    let erasure = (0..last).find(|leaf| says_erasure(&export, *leaf)).unwrap();
    take_payload_out(&export.join("payloads/000"), erasure);
    scene.judge_export(&export).finds("missing-payload").first_fault("missing-version", Some(IMPORT));
}

fn look_around(house: &House, reference: &str, times: usize) {
    for _ in 0..times {
        house.reviewer().run(&["show", reference]).good();
    }
}

/// The reference of the stop with a number.
fn stop(number: u64) -> String {
    model::reference::reference_text(&model::kinds::stop_and_search::KIND, number)
}

fn flip_in_file(path: &Path, octet: usize) {
    let mut octets = fs::read(path).unwrap();
    octets[octet] ^= 0x01;
    fs::write(path, octets).unwrap();
}

/// Where the openings of a payload file begin and end (docs/formats/ledger.md, section 5).
fn openings(octets: &[u8]) -> Vec<std::ops::Range<usize>> {
    let heading = octets.iter().enumerate().filter(|(_, octet)| **octet == b'\n').nth(3).unwrap().0 + 1;
    let (mut at, mut found) = (heading, Vec::new());
    while at < octets.len() {
        let length = u32::from_be_bytes(octets[at..at + 4].try_into().unwrap()) as usize;
        found.push(at..at + 4 + length);
        at += 4 + length;
    }
    found
}

fn take_payload_out(path: &Path, leaf: u64) {
    let mut octets = fs::read(path).unwrap();
    let opening = openings(&octets)[leaf as usize].clone();
    octets.splice(opening, [0; 4]);
    fs::write(path, octets).unwrap();
}

fn says_erasure(export: &Path, leaf: u64) -> bool {
    let octets = fs::read(export.join("payloads/000")).unwrap();
    let opening = openings(&octets)[leaf as usize].clone();
    octets[opening].windows(11).any(|window| window == b"\0\0\0\x07erasure")
}

#[test]
fn touches_deleted_behind_the_log_are_missed() {
    let scene = Scene::new();
    scene.house.reviewer().run(&["show", &stop(7)]).good();
    scene.alter("DELETE FROM touches WHERE leaf = (SELECT max(leaf) FROM touches)");
    let told = ["who touched what", "rows are missing", "bluelamp-verify"];
    scene.house.administrator().run(&["doctor"]).fails(&["need attention"]).says(&told);
}
