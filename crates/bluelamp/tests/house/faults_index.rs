//! An index that was altered, lost a file or lost its keys. The records are the source: the message
//! says so, `rebuild-index` makes it anew, and every figure is the same.

use crate::support::{Answer, House, copy_folder, execute};
use std::fs;
use std::path::{Path, PathBuf};

const TOLD: &[&str] = &["the search index cannot be used", "No record is lost", "bluelamp rebuild-index"];
const SEARCH: &[&str] = &["search", "kind:stop-and-search", "--limit", "100", "--json"];

fn figures(house: &House) -> (Vec<String>, String) {
    let found = house.reviewer().run(SEARCH).good().json();
    let mut references: Vec<String> =
        found["groups"].as_array().unwrap().iter().map(|group| group["ref"].to_string()).collect();
    references.sort();
    let counted =
        house.auditor().run(&["completeness", "stop-and-search", "--check", "--json"]).good().json();
    (references, counted["rows"].to_string())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Puts a whole index back in place of a damaged one.
fn put_back(whole: &Path, index: &Path) {
    fs::remove_dir_all(index).unwrap();
    copy_folder(whole, index);
}

/// Says that damage is either told with its mend or does no harm: never a wrong answer.
fn told_or_harmless(answer: Answer, stops: u64) -> bool {
    if answer.succeeded() {
        assert_eq!(answer.json()["total"], stops, "{answer}");
        return false;
    }
    answer.fails(TOLD);
    true
}

#[test]
fn a_flipped_octet_in_any_file_is_told_or_does_no_harm() {
    let house = House::with_stops(60);
    let before = figures(&house);
    let (index, whole) = (house.data().join("index"), house.beside("whole"));
    copy_folder(&index, &whole);
    let mut told = 0;
    for path in files(&index) {
        let mut octets = fs::read(&path).unwrap();
        let Some(middle) = octets.len().checked_sub(1).map(|last| last / 2) else { continue };
        octets[middle] ^= 1;
        fs::write(&path, octets).unwrap();
        told += u32::from(told_or_harmless(house.reviewer().run(SEARCH), 60));
        put_back(&whole, &index);
    }
    assert!(told >= 3, "only {told} flips were told");
    house.administrator().run(&["rebuild-index"]).good().says(&["built anew"]);
    assert_eq!(figures(&house), before);
    house.all_is_well();
}

#[test]
fn a_missing_file_is_told_and_the_index_built_anew() {
    let house = House::with_stops(60);
    let before = figures(&house);
    let (index, whole) = (house.data().join("index"), house.beside("whole"));
    copy_folder(&index, &whole);
    let mut told = 0;
    for path in files(&index) {
        if !path.exists() {
            // The index was built anew in the meantime, of other files.
            continue;
        }
        fs::remove_file(&path).unwrap();
        if told_or_harmless(house.reviewer().run(SEARCH), 60) {
            told += 1;
            if told == 1 {
                let doctor = house.administrator().run(&["doctor"]).fails(&["need attention"]);
                doctor.says(&["ILL   index", "rebuild-index", "nothing of them is lost"]);
                house.administrator().run(&["rebuild-index", "--json"]).good();
                assert_eq!(figures(&house), before);
                house.all_is_well();
                fs::remove_dir_all(&whole).unwrap();
                copy_folder(&index, &whole);
                continue;
            }
        }
        put_back(&whole, &index);
    }
    assert!(told >= 1);
    fs::remove_dir_all(&index).unwrap();
    told_or_harmless(house.reviewer().run(SEARCH), 60);
    house.administrator().run(&["rebuild-index"]).good();
    assert_eq!(figures(&house), before);
    house.all_is_well();
}

#[test]
fn an_index_whose_keys_are_gone() {
    let house = House::with_stops(60);
    let before = figures(&house);
    let keys = house.data().join("keys.sqlite");
    let of_index = "SELECT place FROM key_names WHERE name LIKE 'index/%'";
    let gone = execute(&keys, &format!("DELETE FROM keys WHERE place IN ({of_index})"));
    assert!(gone > 0, "the index has keys of its own");
    execute(&keys, "DELETE FROM key_names WHERE name LIKE 'index/%'");
    house.reviewer().run(SEARCH).fails(TOLD);
    house.administrator().run(&["rebuild-index"]).good();
    assert_eq!(figures(&house), before);
    house.all_is_well();
}
