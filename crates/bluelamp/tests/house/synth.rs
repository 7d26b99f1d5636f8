//! A synthetic force is taken over by a deployment through the door, once.

use crate::support::House;
use serde_json::Value;

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn load(house: &House, nominals: &str) -> Value {
    house.reviewer().run(&["synth", "--nominals", nominals, "--seed", "5", "--json"]).good().json()
}

fn found(house: &House, query: &str) -> u64 {
    number(&house.reviewer().run(&["search", query, "--limit", "1", "--json"]).good().json()["total"])
}

#[test]
fn a_force_is_taken_over_once_grows_and_is_found() {
    let house = House::new();
    let first = load(&house, "300");
    let records: u64 = first["records"].as_object().unwrap().values().map(number).sum();
    assert_eq!((number(&first["accepted"]), number(&first["repeated"])), (records, 0));
    for kind in model::kinds::ALL {
        let query = format!("kind:{}", kind.name);
        assert_eq!(found(&house, &query), number(&first["records"][kind.name]), "{query}");
    }
    let again = load(&house, "300");
    assert_eq!((number(&again["accepted"]), number(&again["repeated"])), (0, records));
    let grown = load(&house, "420");
    assert_eq!(number(&grown["repeated"]), records, "a larger force is a smaller one with more");
    assert_eq!(found(&house, "kind:nominal"), 420);
    house.all_is_well();
}

#[test]
fn what_is_erased_does_not_come_back_when_the_force_is_taken_over_again() {
    let house = House::new();
    load(&house, "40");
    let some = house.reviewer().run(&["search", "kind:nominal", "--limit", "1", "--json"]).good().json();
    let reference = some["groups"][0]["ref"].as_str().unwrap().to_owned();
    let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)", "--json"];
    let id = house.reviewer().run(&plan).good().json()["id"].as_str().unwrap().to_owned();
    house.auditor().run(&["erase", "approve", &id]).good();
    house.reviewer().run(&["erase", "run", &id]).good();
    assert_eq!(found(&house, "kind:nominal"), 39);
    assert_eq!(number(&load(&house, "40")["accepted"]), 0);
    assert_eq!(found(&house, "kind:nominal"), 39);
}

#[test]
fn who_may_not_take_in_is_refused_and_an_impossible_size_is_explained() {
    let house = House::new();
    let officer = house.add("p.example", "officer", &[]);
    officer.run(&["synth", "--nominals", "10"]).fails(&["do not allow"]);
    assert_eq!(found(&house, "kind:nominal"), 0);
    house.reviewer().run(&["synth", "--nominals", "0"]).fails(&["1 to 100,000,000"]);
}

#[test]
fn a_folder_needs_no_deployment() {
    let house = House::new();
    let folder = house.beside("synthetic");
    let out = folder.to_str().unwrap();
    let written = house.reviewer().run(&["synth", "--nominals", "200", "--out", out, "--json"]).good().json();
    assert_eq!(number(&written["written"]["records"]["nominal"]), 200);
    let truth = std::fs::read_to_string(folder.join("truth.csv")).unwrap();
    assert_eq!(truth.lines().count(), 201);
    let report = house.administrator().run(&["intake", "data-police-uk", out, "--json"]).good().json();
    let stops = report["files"].as_array().unwrap().iter();
    let stops: Vec<&Value> =
        stops.filter(|file| file["file"].as_str().unwrap().ends_with("stop-and-search.csv")).collect();
    let sum = |what: &str| stops.iter().map(|file| number(&file[what])).sum::<u64>();
    assert_eq!(sum("accepted"), number(&written["written"]["stops"]["good"]));
    assert_eq!(sum("rejected"), number(&written["written"]["stops"]["faulty"]));
}
