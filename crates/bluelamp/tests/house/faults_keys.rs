//! Keystore and key provider that are missing, older, or another's. Each is told before anything is
//! changed, and once the right one is in place all is well again.

use crate::support::{House, copy_folder, text};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Says that a deployment is refused with these words, that `doctor` says so too, and that after
/// `mend` everything is there.
fn refused_until(house: &House, stops: u64, words: &[&str], mend: impl FnOnce()) {
    house.reviewer().run(&["search", "kind:stop-and-search"]).fails(words);
    house.reviewer().run(&["new", "nominal", "names[1].surname=Nobody"]).fails(words);
    let doctor = house.administrator().run(&["doctor", "--json"]).fails(&["need attention"]).json();
    let findings = doctor["findings"].as_array().unwrap();
    let ill = findings.iter().find(|finding| finding["well"] == false).unwrap();
    assert_eq!(ill["part"], "keys", "{ill}");
    assert!(ill["mend"].as_str().unwrap().contains("in place"), "{ill}");
    mend();
    assert_eq!(house.stops(), stops);
    assert_eq!(house.reviewer().total("Nobody"), 0);
    house.all_is_well();
}

fn remove_database(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
}

#[test]
fn the_key_of_another_provider() {
    let (house, other) = (House::with_stops(5), House::new());
    let (key, kept) = (house.data().join("provider/epoch.key"), house.beside("kept.key"));
    fs::copy(&key, &kept).unwrap();
    fs::copy(other.data().join("provider/epoch.key"), &key).unwrap();
    let told = ["a key does not open", "the provider's epoch key is another's", "in place"];
    refused_until(&house, 5, &told, || {
        fs::copy(&kept, &key).unwrap();
    });
}

#[test]
fn a_provider_that_is_missing_or_holds_no_key() {
    let house = House::with_stops(5);
    let (key, kept) = (house.data().join("provider/epoch.key"), house.beside("kept.key"));
    fs::rename(&key, &kept).unwrap();
    let told = ["the key provider cannot use", "epoch.key", "Put the provider's folder in place"];
    refused_until(&house, 5, &told, || {
        fs::copy(&kept, &key).unwrap();
    });
    fs::write(&key, "no key at all").unwrap();
    let told = ["epoch.key is not an epoch key of this program", "put the right file in place"];
    refused_until(&house, 5, &told, || {
        fs::copy(&kept, &key).unwrap();
    });
}

#[test]
fn a_provider_of_an_earlier_epoch() {
    let house = House::with_stops(5);
    let (key, old, new) =
        (house.data().join("provider/epoch.key"), house.beside("old.key"), house.beside("new.key"));
    fs::copy(&key, &old).unwrap();
    house.administrator().run(&["keys", "turn", "--json"]).good();
    fs::copy(&key, &new).unwrap();
    fs::copy(&old, &key).unwrap();
    let told = [
        "holds the key of epoch 1, and the keystore needs that of epoch 2",
        "Put the newest of both in place",
    ];
    refused_until(&house, 5, &told, || {
        fs::copy(&new, &key).unwrap();
    });
}

#[test]
fn a_keystore_that_is_missing() {
    let house = House::with_stops(5);
    let (keys, kept) = (house.data().join("keys.sqlite"), house.beside("kept.sqlite"));
    fs::rename(&keys, &kept).unwrap();
    let told = ["keystore", "is missing", "Put the newest copy of it in place", "nothing was changed"];
    refused_until(&house, 5, &told, || {
        assert!(!keys.exists(), "no empty keystore is made in its place");
        fs::copy(&kept, &keys).unwrap();
    });
}

#[test]
fn a_keystore_older_than_its_records() {
    let house = House::with_stops(5);
    let (keys, old, new) =
        (house.data().join("keys.sqlite"), house.beside("old.sqlite"), house.beside("new.sqlite"));
    fs::copy(&keys, &old).unwrap();
    let reference = house.some_stop();
    house.reviewer().run(&["correct", &reference, "outcome=arrest", "--reason", "keyed wrongly"]).good();
    fs::copy(&keys, &new).unwrap();
    remove_database(&keys);
    fs::copy(&old, &keys).unwrap();
    let told =
        ["is older than its records", "Put the newest copy of the keystore in place", "nothing was changed"];
    refused_until(&house, 5, &told, || {
        remove_database(&keys);
        fs::copy(&new, &keys).unwrap();
    });
}

#[test]
fn a_keystore_of_another_force_or_no_database() {
    let (house, other) = (House::with_stops(5), House::new());
    let (keys, kept) = (house.data().join("keys.sqlite"), house.beside("kept.sqlite"));
    fs::copy(&keys, &kept).unwrap();
    fs::copy(other.data().join("keys.sqlite"), &keys).unwrap();
    let told = ["belongs to the force", "put this force's own keystore in place", "Nothing was changed"];
    refused_until(&house, 5, &told, || {
        fs::copy(&kept, &keys).unwrap();
    });
    // What was made since has its keys in the newest copy alone.
    fs::copy(&keys, &kept).unwrap();
    fs::write(&keys, [7u8; 8192]).unwrap();
    let told = ["keys.sqlite is corrupt or no database", "restore the newest backup"];
    refused_until(&house, 5, &told, || {
        fs::copy(&kept, &keys).unwrap();
    });
}

#[test]
fn copies_from_before_an_erasure_bring_nothing_back() {
    let house = House::with_stops(8);
    let reference = house.some_stop();
    let old = house.beside("old");
    copy_folder(&house.data(), &old);
    house.reviewer().run(&["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    house.reviewer().run(&["erase", "run", "E-1"]).good();
    // Store and keystore as a backup has them; the provider is outside every backup.
    fs::copy(house.data().join("provider/epoch.key"), old.join("provider/epoch.key")).unwrap();
    let told = ["holds the key of epoch 2, and the keystore needs that of epoch 1"];
    house.reviewer().at(&old).run(&["show", &reference]).fails(&told);
    house.all_is_well();
}

#[test]
fn an_escrow_copy_out_of_reach_keeps_an_erasure_from_being_beyond_recovery() {
    let house = House::with_stops(8);
    let (escrow, carried_away) = (house.beside("escrow.key"), house.beside("carried-away.key"));
    house.administrator().run(&["keys", "escrow", "the safe", &text(&escrow), "--json"]).good();
    fs::rename(&escrow, &carried_away).unwrap();
    let reference = house.some_stop();
    house.reviewer().run(&["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    let done = house.reviewer().run(&["erase", "run", "E-1", "--json"]).good().json();
    let certificate = &done["certificate"];
    assert_eq!(
        (&certificate["beyond_recovery"], &certificate["escrows_unconfirmed"]),
        (&json!(false), &json!(["the safe"]))
    );
    let told =
        ["escrow copies of an older epoch: the safe", "Bring the place of each copy back within reach"];
    house.administrator().run(&["doctor"]).fails(&["need attention"]).says(&told);
    fs::rename(&carried_away, &escrow).unwrap();
    house.administrator().run(&["keys", "turn"]).good().says(&["every registered escrow copy followed"]);
    house.all_is_well();
}
