//! From the release before to this one, and back. The deployment in `tests/deployments` was made by the
//! program of that release itself: two vehicles, one of them changed and with a file, a third that was erased.

use crate::support::{House, execute, text, verify, verify_with};
use std::fs;
use std::path::{Path, PathBuf};

/// What the release of schema 2 made, with the tokens that it printed.
fn earlier() -> House {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deployments/schema-2.tar.gz");
    House::unpacked(
        &archive,
        [
            "bl_bece6b3ad8936047f6b101a948607a464316ca19d77396577cdbcc75e0be5082",
            "bl_bd0d55e326434ec1fa3c47b47d75d6bc62fa1abb95e20f2f1ff55cd6c16d029f",
            "bl_f2b7f37a92f32cece98092c834558234bbef527be018f83e0ede144c36e93a3c",
        ],
    )
}

/// The checkpoint that the overseer took from the release before.
fn checkpoint_of_before(house: &House) -> String {
    let kept = house.beside("before.checkpoint");
    fs::copy(house.data().join("newest.checkpoint"), &kept).unwrap();
    text(&kept)
}

/// Where the program keeps what it upgraded.
fn way_back(house: &House) -> PathBuf {
    house.beside("force.before-upgrade-from-2")
}

fn newest_schema(house: &House) -> u64 {
    crate::support::query_number(
        &house.data().join("records.sqlite"),
        "SELECT MAX(version) FROM _sqlx_migrations",
    )
    .try_into()
    .unwrap()
}

/// What the page on upgrades says.
fn bring_up(house: &House) {
    house.administrator().run(&["rebuild-index", "--json"]).good();
    house.administrator().run(&["doctor", "--json"]).good();
}

#[test]
fn what_the_release_before_kept_is_all_there_and_good() {
    let house = earlier();
    let kept = checkpoint_of_before(&house);
    assert_eq!(newest_schema(&house), 2);
    bring_up(&house);
    assert!(newest_schema(&house) > 2);
    let reviewer = house.reviewer();
    let first = reviewer.run(&["show", "V-0000001-A", "--version", "1", "--json"]).good().json();
    let second = reviewer.run(&["show", "V-0000001-A", "--json"]).good().json();
    assert_eq!((&first["fields"]["model"], &second["fields"]["model"]), (&().into(), &"Focus".into()));
    assert_eq!(reviewer.total("make:vauxhall"), 1);
    reviewer.run(&["show", "V-0000003-C"]).fails(&["There is no such record"]);
    let files = reviewer.run(&["attachment", "list", "V-0000001-A", "--json"]).good().json();
    let (id, out) = (files["attachments"][0]["id"].as_str().unwrap(), house.beside("cctv.txt"));
    reviewer.run(&["attachment", "open", "V-0000001-A", id, "--out", &text(&out)]).good();
    assert_eq!(fs::read_to_string(out).unwrap(), "what the camera saw\n");
    // What this release brought works for the accounts of the one before.
    house.administrator().run(&["users", "password", "records-reviewer", "--json"]).good();
    let against = ["--memory", "none", "--checkpoint", &kept];
    verify_with(&house.export("after"), &against).good();
    house.all_is_well();
}

#[test]
fn records_and_keys_are_copied_before_they_are_upgraded_once() {
    let house = earlier();
    let before = fs::read_dir(house.beside("")).unwrap().count();
    bring_up(&house);
    let copy = way_back(&house);
    for name in ["records.sqlite", "keys.sqlite", "deployment.toml", "newest.checkpoint"] {
        assert!(copy.join(name).metadata().unwrap().len() > 0, "{name}");
    }
    let schema = "SELECT MAX(version) FROM _sqlx_migrations";
    assert_eq!(crate::support::query_number(&copy.join("records.sqlite"), schema), 2);
    house.reviewer().run(&["search", "make:ford"]).good();
    assert_eq!(fs::read_dir(house.beside("")).unwrap().count(), before + 1, "one copy, and no part of one");
}

/// What is possible: the records of before come back, with a gap in the log that says what was lost. What was
/// acknowledged since is not there any more, and nobody is left to believe that it is.
#[test]
fn going_back_loses_what_came_since_and_the_log_says_so() {
    let house = earlier();
    bring_up(&house);
    let new = ["new", "vehicle", "vrm=GH78 IJK", "--json"];
    let made = house.reviewer().run(&new).good().json();
    let since = made["ref"].as_str().unwrap().to_owned();
    let kept = text(&house.keep_checkpoint());

    let records = house.data().join("records.sqlite");
    fs::copy(way_back(&house).join("records.sqlite"), &records).unwrap();
    house.reviewer().run(&["show", &since]).fails(&["begin-generation", "before anything else"]);
    let begin = ["ledger", "begin-generation", &kept, "--ground", "back to the release before", "--json"];
    let begun = house.administrator().run(&begin).good().json();
    assert_eq!(begun["generation"], 2);
    house.reviewer().run(&["show", &since]).fails(&["There is no such record"]);
    house.reviewer().run(&["show", "V-0000001-A"]).good();
    let verdict = verify_with(&house.export("back"), &["--memory", "none", "--checkpoint", &kept]).good();
    let gap = &verdict.report()["gaps"][0];
    assert!(made["leaf"].as_u64().unwrap() >= gap["first_lost"].as_u64().unwrap(), "{gap}");
    assert!(made["leaf"].as_u64().unwrap() < gap["end_of_lost"].as_u64().unwrap(), "{gap}");
    house.all_is_well();
}

#[test]
fn a_store_of_a_later_release_is_refused_and_nothing_of_it_changes() {
    let house = House::with_stops(3);
    let records = house.data().join("records.sqlite");
    let later = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) \
                 SELECT 9000, 'of a later release', installed_on, 1, checksum, 0 FROM _sqlx_migrations LIMIT 1";
    execute(&records, later);
    let held = fs::read(&records).unwrap();
    let told = ["written by a newer program", "its schema is 9000", "Going back", "nothing was changed"];
    house.reviewer().run(&["search", "kind:stop-and-search"]).fails(&told);
    house.administrator().run(&["serve", "--listen", "127.0.0.1:0"]).fails(&told);
    assert_eq!(fs::read(&records).unwrap(), held);
    execute(&records, "DELETE FROM _sqlx_migrations WHERE version = 9000");
    assert_eq!(house.stops(), 3);
    verify(&house.export("same")).good();
}
