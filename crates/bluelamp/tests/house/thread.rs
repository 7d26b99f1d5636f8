//! The main job, in the order in which a force does it, with the JSON that others build on.

use crate::support::{House, Store, has, on_both_stores, plan, text, verify};
use serde_json::json;
use std::fs;
use synth::stops::Plan;

on_both_stores! {
    init_names_three_people_and_gives_each_a_token_once
    every_row_of_an_import_is_accepted_repeated_or_rejected_with_its_reason
    the_figures_are_those_of_the_files_and_a_full_pass_agrees
    a_stop_is_searched_opened_corrected_and_its_history_kept
    of_two_people_who_edit_one_record_the_second_sees_both_changes
    a_covert_record_does_not_exist_for_others
    an_erased_record_is_gone_from_every_file_and_the_log_still_verifies
    an_erased_field_goes_from_every_version_and_the_rest_stays
    a_held_record_is_not_erased_until_the_hold_is_lifted
    the_auditor_sees_who_touched_a_record_and_the_overseer_verifies_it
}

fn init_names_three_people_and_gives_each_a_token_once(on: Store) {
    let house = House::on_with(on, &["--name", "Lampshire Police", "--auditor", "A. Auditor"]);
    let accounts = house.administrator().run(&["users", "list", "--json"]).good().json();
    let roles: Vec<_> = accounts["users"].as_array().unwrap().iter().map(|user| &user["roles"][0]).collect();
    assert_eq!(roles, ["auditor", "administrator", "records-reviewer"]);
    assert_eq!(accounts["users"][0]["name"], "A. Auditor");
    // No file of the deployment holds a token: only its digest is kept.
    for person in [house.administrator(), house.reviewer(), house.auditor()] {
        assert_eq!(found(&house, person.token()), 0);
    }
}

fn every_row_of_an_import_is_accepted_repeated_or_rejected_with_its_reason(on: Store) {
    let house = House::on(on);
    let faulty = Plan { faulty_in_a_thousand: 60, cut_last_row: true, ..plan(400) };
    let (published, written) = house.publish(&faulty);
    let intake = ["intake", "data-police-uk", &text(&published), "--json"];
    let report = house.administrator().run(&intake).good().json();
    has(&report, &["files", "totals", "seconds"]);
    let file = &report["files"][0];
    has(file, &["file", "rows", "accepted", "repeated", "rejected", "reasons"]);
    let number = |name: &str| report["totals"][name].as_u64().unwrap();
    assert_eq!((number("rows"), number("accepted")), (written.rows, written.good));
    assert_eq!((number("repeated"), number("rejected")), (0, written.faulty));
    assert_eq!(number("possible_repeats"), written.identical);

    let rejects = house.reviewer().run(&["intake", "rejects", "--json"]).good().json();
    let rejects = rejects["rejects"].as_array().unwrap();
    assert_eq!(rejects.len() as u64, written.faulty);
    for reject in rejects {
        has(reject, &["name", "file", "line", "field", "reason"]);
        let counted = written.faulty_by_column.contains_key(reject["field"].as_str().unwrap());
        assert!(counted, "{reject}");
        assert!(reject.get("raw").is_none(), "a list shows no content: {reject}");
    }
    // The row is kept as it stood, word for word, and shown to somebody who reworks it.
    let lines = fs::read(published.join("2024-01/2024-01-lampshire-stop-and-search.csv")).unwrap();
    let lines: Vec<&[u8]> = lines.split(|octet| *octet == b'\n').collect();
    for reject in rejects {
        let name = reject["name"].as_str().unwrap();
        let shown = house.reviewer().run(&["intake", "reject", name, "--json"]).good().json();
        let line = lines[reject["line"].as_u64().unwrap() as usize - 1];
        assert_eq!(shown["raw"].as_str().unwrap().trim_end(), String::from_utf8_lossy(line), "{reject}");
    }
    let again = house.administrator().run(&intake).good().json();
    assert_eq!(again["totals"]["accepted"], 0);
    assert_eq!(again["totals"]["repeated"], written.good);
    assert_eq!(house.stops(), written.good);
}

fn the_figures_are_those_of_the_files_and_a_full_pass_agrees(on: Store) {
    let house = House::on(on);
    let (published, written) = house.publish(&plan(500));
    house.administrator().run(&["intake", "data-police-uk", &text(&published)]).good();
    let asked = ["completeness", "stop-and-search", "--check", "--json"];
    let figures = house.auditor().run(&asked).good().json();
    let rows = figures["rows"].as_array().unwrap();
    for row in rows {
        let fields =
            ["kind", "field", "rule", "unit", "period", "records", "missing", "placeholder", "not_in_source"];
        has(row, &fields);
    }
    let row = |rule: &str| rows.iter().find(|row| row["rule"] == rule).unwrap();
    assert_eq!(
        (&row("place")["records"], &row("place")["missing"]),
        (&json!(500), &json!(written.without_place))
    );
    assert_eq!(row("place-of-more-thorough-search")["records"], written.more_than_outer);
    let of_child = row("place-of-more-thorough-search-of-child");
    assert_eq!(of_child["records"], written.more_than_outer_of_child);
    assert_eq!(row("more-than-outer")["not_in_source"], written.removal_not_published);
    assert_eq!((&figures["records"], &figures["drift"]), (&json!(500), &json!([])));
    assert_eq!(figures["possible_repeats"], written.identical);
}

#[test]
fn figures_are_told_apart_by_unit_and_month_and_the_records_behind_them_listed() {
    let house = House::new();
    let (published, written) = house.publish(&plan(300));
    house.administrator().run(&["intake", "data-police-uk", &text(&published)]).good();
    let by_part = ["completeness", "stop-and-search", "--by", "unit,month", "--json"];
    let figures = house.auditor().run(&by_part).good().json();
    let places = figures["rows"].as_array().unwrap().iter().filter(|row| row["rule"] == "place");
    let missing = places.map(|row| {
        assert_eq!((&row["unit"], &row["period"]), (&json!("lampshire"), &json!("2024-01")));
        row["missing"].as_u64().unwrap()
    });
    assert_eq!(missing.sum::<u64>(), written.without_place);
    let behind =
        ["completeness", "stop-and-search", "--behind", "place:missing", "--period", "2024-01", "--json"];
    let listed = house.reviewer().run(&behind).good().json();
    assert_eq!(listed["total"], written.without_place);
    let reference = listed["groups"][0]["ref"].as_str().unwrap();
    let shown = house.reviewer().run(&["show", reference, "--json"]).good().json();
    assert_eq!((&shown["unit"], shown["fields"].get("place")), (&json!("lampshire"), None));
    house.auditor().run(&behind).fails(&["auditor"]);
    let wrong = ["completeness", "stop-and-search", "--period", "May"];
    house.auditor().run(&wrong).fails(&["give a year or a month, such as 2024 or 2024-03"]);
}

fn a_stop_is_searched_opened_corrected_and_its_history_kept(on: Store) {
    let house = House::on(on).holding(40);
    let reviewer = house.reviewer();
    let answers = reviewer.run(&["search", "kind:stop-and-search", "--json"]).good().json();
    has(&answers, &["total", "took_ms", "groups"]);
    assert_eq!(answers["total"], 40);
    has(&answers["groups"][0], &["ref", "name", "score", "why", "hits"]);
    has(&answers["groups"][0]["hits"][0], &["ref", "kind", "score", "why"]);
    let reference = answers["groups"][0]["ref"].as_str().unwrap();

    let shown = reviewer.run(&["show", reference, "--json"]).good().json();
    assert_eq!(
        (&shown["ref"], &shown["version"], &shown["kind"]),
        (&json!(reference), &json!(1), &json!("stop-and-search"))
    );
    let came_from = &shown["fields"]["provenance"][0];
    assert_eq!(came_from["file"], "2024-01/2024-01-lampshire-stop-and-search.csv");
    assert!(came_from["line"].as_u64().unwrap() > 1);

    let place = "place.words=Car park of the Ottoline library";
    let correct = ["correct", reference, place, "--reason", "found in the notebook", "--json"];
    let corrected = reviewer.run(&correct).good().json();
    assert_eq!((&corrected["ref"], &corrected["version"]), (&json!(reference), &json!(2)));
    assert!(corrected["leaf"].is_u64());
    // What somebody wrote is found by them at once.
    assert_eq!(reviewer.total("Ottoline library"), 1);

    let history = reviewer.run(&["history", reference, "--json"]).good().json();
    let reasons: Vec<_> = history["versions"].as_array().unwrap().iter().map(|row| &row["reason"]).collect();
    assert_eq!(reasons, [&json!(null), &json!("found in the notebook")]);
    let compared = reviewer.run(&["compare", reference, "1", "2", "--json"]).good().json();
    let changed = compared["differences"].as_array().unwrap();
    assert_eq!((changed.len(), &changed[0]["field"]), (1, &json!("place")));
    assert!(changed[0]["after"].as_str().unwrap().contains("Ottoline library"));
    // The earlier version stays as it was.
    let before = reviewer.run(&["show", reference, "--version", "1", "--json"]).good().json();
    assert_eq!(before["fields"], shown["fields"]);
}

fn of_two_people_who_edit_one_record_the_second_sees_both_changes(on: Store) {
    let house = House::on(on).holding(5);
    let reference = house.some_stop();
    let colleague = house.add("PC 1234", "officer", &[]);
    let theirs = ["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"];
    colleague.run(&theirs).good();
    let mine =
        ["correct", &reference, "operation=Lantern", "--reason", "from the log", "--from-version", "1"];
    house.reviewer().run(&mine).fails(&[
        "Somebody else changed this record while you worked on it: version 1 is now version 2",
        "Nothing of yours was saved",
        "They changed:\n  Outcome: ",
        "→ Arrest",
        "You wanted to change:\n  Operation: ",
        "→ Lantern",
        "save again from version 2",
    ]);
    let shown = house.reviewer().run(&["show", &reference, "--json"]).good().json();
    assert_eq!((&shown["version"], &shown["fields"]["outcome"]), (&json!(2), &json!("arrest")));
    let again = [
        "correct",
        &reference,
        "operation=Lantern",
        "--reason",
        "from the log",
        "--from-version",
        "2",
        "--json",
    ];
    assert_eq!(house.reviewer().run(&again).good().json()["version"], 3);
    let shown = house.reviewer().run(&["show", &reference, "--json"]).good().json();
    assert_eq!(
        (&shown["fields"]["outcome"], &shown["fields"]["operation"]),
        (&json!("arrest"), &json!("Lantern"))
    );
}

fn a_covert_record_does_not_exist_for_others(on: Store) {
    let house = House::on(on).holding(12);
    let reference = house.some_stop();
    let lantern = house.add("PC Lantern", "officer", &["op-lantern"]);
    let label = ["label", &reference, "--group", "op-lantern", "--covert", "--reason", "source at risk"];
    lantern.run(&label).good();

    let missing = house.reviewer().run(&["show", &reference]).fails(&["There is no such record."]);
    let nobody = house.reviewer().run(&["show", "SS-0099999-U"]).fails(&["There is no such record."]);
    assert_eq!(missing.error(), nobody.error(), "the message itself must not tell that it is there");
    house.reviewer().run(&["history", &reference]).fails(&["There is no such record."]);
    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"];
    house.reviewer().run(&plan).fails(&["There is no such record."]);
    assert_eq!(house.reviewer().total(&reference), 0);
    assert_eq!(house.stops(), 11, "a total must not count it");
    let figures = house.auditor().run(&["completeness", "stop-and-search", "--json"]).good().json();
    assert_eq!(figures["records"], 11, "a figure must not count it");

    let shown = lantern.run(&["show", &reference, "--json"]).good().json();
    assert_eq!(
        (&shown["labels"]["covert"], &shown["labels"]["groups"]),
        (&json!(true), &json!(["op-lantern"]))
    );
    assert_eq!(lantern.total("kind:stop-and-search"), 12);
    let other = ["label", &reference, "--handling-conditions", "--reason", "the operation is over"];
    lantern.run(&other).fails(&["would take off: the group op-lantern, covert", "--lift"]);
    let lift = ["label", &reference, "--lift", "--reason", "the operation is over"];
    lantern.run(&lift).good();
    assert_eq!(house.stops(), 12);
}

fn an_erased_record_is_gone_from_every_file_and_the_log_still_verifies(on: Store) {
    let house = House::on(on).holding(30);
    let reviewer = house.reviewer();
    let reference = house.some_stop();
    let words = "Boathouse of Peregrine Quillfeather";
    let place = format!("place.words={words}");
    reviewer.run(&["correct", &reference, &place, "--reason", "from the notebook"]).good();
    assert_eq!(reviewer.total("Quillfeather"), 1);

    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)", "--json"];
    let planned = reviewer.run(&plan).good().json();
    has(&planned, &["id", "state", "places", "certificate"]);
    assert_eq!((&planned["id"], &planned["state"]), (&json!("E-1"), &json!("planned")));
    let shown = planned["plan"].to_string();
    assert!(shown.contains("2 version(s)") && shown.contains("Place (fact)"), "{shown}");
    reviewer
        .run(&["erase", "run", "E-1"])
        .fails(&["E-1 is not approved yet", "a second person must approve"]);
    reviewer.run(&["erase", "approve", "E-1"]).fails(&["planned by you", "a second person must approve it"]);
    assert_eq!(reviewer.total(&reference), 1, "nothing is gone before the erasure runs");
    house.auditor().run(&["erase", "approve", "E-1", "--json"]).good();
    let done = reviewer.run(&["erase", "run", "E-1", "--json"]).good().json();
    assert_eq!(done["state"], "done");
    for place in done["places"].as_array().unwrap() {
        has(place, &["place", "before", "after"]);
        assert_eq!(place["after"], 0, "{place}");
    }
    let before: u64 =
        done["places"].as_array().unwrap().iter().map(|place| place["before"].as_u64().unwrap()).sum();
    assert!(before >= 4, "two bodies and their keys were there before: {done}");
    let left: u64 = done["certificate"]["places"].as_array().unwrap().iter().map(unopenable).sum();
    assert_eq!(left > 0, matches!(on, Store::Postgres), "only a server's log keeps what is sealed: {done}");
    let certificate = &done["certificate"];
    assert_eq!((&certificate["versions"], &certificate["beyond_recovery"]), (&json!(2), &json!(true)));
    assert!(!certificate.to_string().contains("Quillfeather"), "a certificate has none of the content");

    assert_eq!(found(&house, "Quillfeather"), 0);
    assert_eq!(reviewer.total("boathouse"), 0);
    reviewer.run(&["show", &reference]).fails(&["There is no such record."]);
    assert_eq!(house.stops(), 29);
    let status = reviewer.run(&["erase", "status", "E-1", "--json"]).good().json();
    assert_eq!(status["certificate"], *certificate);
    let touched = house.auditor().run(&["ledger", "who-touched", &reference, "--json"]).good().json();
    let operations: Vec<_> =
        touched["touches"].as_array().unwrap().iter().map(|row| &row["operation"]).collect();
    assert!(
        operations.contains(&&json!("erasure")) && operations.contains(&&json!("alteration")),
        "{touched}"
    );
    let report = verify(&house.export("export")).good();
    assert_eq!(report.report()["versions"], json!({ "held": 29, "erased": 2, "erased_fields": 0 }));
    house.all_is_well();
}

#[test]
fn what_a_server_archived_is_scanned_and_counted_as_present_and_unopenable() {
    let Some(mut house) = House::archiving() else { return };
    house = house.holding(30);
    let reviewer = house.reviewer();
    let reference = house.some_stop();
    let servers = house.servers();
    for cluster in [&servers.records, &servers.keys] {
        cluster.archive_all().unwrap();
    }
    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)", "--json"];
    reviewer.run(&plan).good();
    house.auditor().run(&["erase", "approve", "E-1", "--json"]).good();
    let done = reviewer.run(&["erase", "run", "E-1", "--json"]).good().json();
    let certificate = &done["certificate"];
    let places = certificate["places"].as_array().unwrap();
    let archived = places.iter().find(|place| place["place"] == "archived write-ahead log").unwrap();
    assert_eq!(archived["after"], 0, "{archived}");
    assert!(unopenable(archived) > 0, "the body and its wrapped key were archived: {archived}");
    assert!(!certificate["not_scanned"].to_string().contains("archived"), "{certificate}");
    house.all_is_well();
}

fn an_erased_field_goes_from_every_version_and_the_rest_stays(on: Store) {
    let house = House::on(on).holding(10);
    let reviewer = house.reviewer();
    let reference = house.some_stop();
    for words in ["operation=Marmaduke", "operation=Marmaduke Vane"] {
        reviewer.run(&["correct", &reference, words, "--reason", "from the notebook"]).good();
    }
    let unknown = ["erase", "plan", &reference, "--field", "shoe-size", "--ground", "s.47"];
    reviewer.run(&unknown).fails(&["shoe-size"]);
    let plan =
        ["erase", "plan", &reference, "--field", "operation", "--ground", "DPA 2018 s.47(1)(a)", "--json"];
    let id = reviewer.run(&plan).good().json()["id"].as_str().unwrap().to_owned();
    house.auditor().run(&["erase", "approve", &id]).good();
    let done = reviewer.run(&["erase", "run", &id, "--json"]).good().json();
    assert_eq!((&done["state"], &done["certificate"]["field"]), (&json!("done"), &json!("operation")));
    assert_eq!(found(&house, "Marmaduke"), 0);
    assert_eq!(reviewer.total("Marmaduke"), 0);
    for version in ["1", "2", "3"] {
        let shown = reviewer.run(&["show", &reference, "--version", version, "--json"]).good().json();
        let expected = if version == "1" { json!(null) } else { json!({ "not-held": "erased" }) };
        assert_eq!(shown["fields"]["operation"], expected, "{shown}");
        assert!(shown["fields"]["at"].is_string(), "{shown}");
    }
    assert_eq!(house.stops(), 10);
    house.all_is_well();
}

fn a_held_record_is_not_erased_until_the_hold_is_lifted(on: Store) {
    let house = House::on(on).holding(5);
    let (reviewer, reference) = (house.reviewer(), house.some_stop());
    let place = ["hold", "place", &reference, "--reason", "claim 2026/17 before the county court", "--json"];
    let hold = house.auditor().run(&place).good().json();
    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"];
    reviewer.run(&plan).fails(&["is held since", "lift hold"]);
    let lift = ["hold", "lift", &reference, hold["hold"].as_str().unwrap(), "--reason", "settled"];
    house.auditor().run(&lift).good();

    // A hold that comes after the approval holds too.
    reviewer.run(&plan).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    house.auditor().run(&place).good();
    reviewer.run(&["erase", "run", "E-1"]).fails(&["is held since", "lift hold"]);
    reviewer.run(&["show", &reference]).good();
    house.all_is_well();
}

fn the_auditor_sees_who_touched_a_record_and_the_overseer_verifies_it(on: Store) {
    let house = House::on(on).holding(5);
    let reference = house.some_stop();
    let reviewer = house.reviewer().for_purpose("complaint 4");
    reviewer.run(&["show", &reference]).good();
    reviewer.run(&["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"]).good();
    house.administrator().run(&["show", &reference]).fails(&["Your roles (administrator) do not allow"]);
    let touched = house.auditor().run(&["ledger", "who-touched", &reference, "--json"]).good().json();
    let rows = touched["touches"].as_array().unwrap();
    let seen = |operation: &str, actor: &str, purpose: &str| {
        let same = |row: &&serde_json::Value| {
            row["operation"] == operation && row["actor"] == actor && row["purpose"] == purpose
        };
        assert!(rows.iter().any(|row| same(&row)), "{operation} by {actor} for {purpose}: {touched}");
    };
    seen("consultation", "records-reviewer", "complaint 4");
    seen("alteration", "records-reviewer", "complaint 4");
    seen("refusal", "administrator", "inquiry 17");
    assert_eq!(rows.last().unwrap()["operation"], "collection");
    assert!(rows.iter().any(|row| row["query"] == "kind:stop-and-search"), "{touched}");

    let leaf = rows[0]["leaf"].as_u64().unwrap();
    let proof = house.auditor().run(&["ledger", "proof", &leaf.to_string(), "--json"]).good().json();
    has(&proof, &["leaf", "size", "leaf_hash", "proof", "root", "checkpoint"]);
    house.auditor().run(&["ledger", "proof", "4000"]).fails(&["there is no leaf 4000", "the log has"]);
    let export = house.export("export");
    for part in ["checkpoint", "vkey", "tile/0", "tile/entries", "payloads", "versions"] {
        assert!(export.join(part).exists(), "{part}");
    }
    verify(&export).good();
    let again = ["ledger", "export", &text(&export)];
    house.auditor().run(&again).fails(&["the folder is not empty", "name a new one"]);
    verify(&export).good();
}

/// How often a text stands in the files of a deployment, those of its servers included.
fn found(house: &House, text: &str) -> u64 {
    let found = |folder: &std::path::PathBuf| {
        let folder = crate::support::text(folder);
        let scanned = house.administrator().run(&["scan", &folder, "--token", text, "--json"]).good().json();
        scanned["found"].as_u64().unwrap()
    };
    house.folders().iter().map(found).sum()
}

fn unopenable(place: &serde_json::Value) -> u64 {
    place["present_unopenable"].as_u64().unwrap()
}
