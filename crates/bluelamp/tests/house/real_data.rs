//! What two forces published (data.police.uk, Open Government Licence v3.0), with figures that were
//! counted independently. The larger one is taken in on the embedded store here, and on both by `bluelamp-bench
//! intake --files`. Skipped with one visible line where the files are not on this machine.

use crate::support::{House, Store, on_both_stores, text, verify};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn published(force: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("BLUELAMP_DATA").map_or(beside, PathBuf::from);
    let folder = data.join("police_uk").join(force);
    if folder.is_dir() {
        return Some(folder);
    }
    println!(
        "skipped: there are no published files in {}; BLUELAMP_DATA names another place",
        folder.display()
    );
    None
}

fn take_in(house: &House, folder: &Path) -> Value {
    let report =
        house.administrator().run(&["intake", "data-police-uk", &text(folder), "--json"]).good().json();
    let totals = report["totals"].clone();
    let number = |of: &Value, name: &str| of[name].as_u64().unwrap();
    for file in report["files"].as_array().unwrap().iter().chain([&totals]) {
        let parts = number(file, "accepted") + number(file, "repeated") + number(file, "rejected");
        assert_eq!(number(file, "rows"), parts, "{file}");
    }
    totals
}

fn row<'a>(figures: &'a Value, rule: &str) -> &'a Value {
    figures["rows"].as_array().unwrap().iter().find(|row| row["rule"] == rule).unwrap()
}

/// The totals by name, in this order.
fn figures(totals: &Value, names: &[&str]) -> Vec<u64> {
    names.iter().map(|name| totals[*name].as_u64().unwrap()).collect()
}

on_both_stores! {
    two_and_a_half_years_of_the_city_of_london_police
}

const SUMS: [&str; 5] = ["rows", "accepted", "repeated", "rejected", "records"];

#[test]
fn two_years_of_the_metropolitan_police() {
    let Some(folder) = published("met") else { return };
    let house = House::new();
    let totals = take_in(&house, &folder);
    let (stops, outcomes, street) = (225_506, 44_004, 108_789);
    let rows = stops + outcomes + street;
    // 38,338 outcomes and 108,608 street rows are distinct; they are of 107,741 crimes.
    let accepted = stops + 38_338 + 108_608;
    assert_eq!(figures(&totals, &SUMS), [rows, accepted, rows - accepted, 0, stops + 107_741]);
    let joined = ["further_outcomes", "differing", "differing_records"];
    assert_eq!(figures(&totals, &joined), [8, 867, 867]);
    // 221,970 stops are distinct within their month.
    assert_eq!(totals["possible_repeats"], stops - 221_970);
    let asked = ["completeness", "stop-and-search", "--check", "--json"];
    let figured = house.auditor().run(&asked).good().json();
    let counts = |rule: &str| {
        (row(&figured, rule)["records"].as_u64().unwrap(), row(&figured, rule)["missing"].as_u64().unwrap())
    };
    assert_eq!(figured["records"], stops);
    assert_eq!(figured["drift"], json!([]), "a full pass over the records gives the same figures");
    assert_eq!(counts("place"), (stops, 21_433));
    assert_eq!(counts("place-of-more-thorough-search"), (1_164, 101));
    assert_eq!(counts("place-of-more-thorough-search-of-child"), (135, 11));
    assert_eq!(row(&figured, "more-than-outer")["not_in_source"], 159_332);
    crimes_are_as_published(&house);

    let again = take_in(&house, &folder);
    assert_eq!(figures(&again, &SUMS), [rows, 0, rows, 0, 0]);
    assert_eq!(house.stops(), stops);
    let verdict = verify(&house.export("export")).good();
    let held = verdict.report()["versions"]["held"].as_u64().unwrap();
    assert!(held >= stops + 107_741, "{held}");
}

/// Crimes that have no position in any row, in street files or outcomes, but “No Location”.
const WITHOUT_LOCATION: u64 = 1_259;

/// By unit and month, with the records behind a figure.
fn crimes_are_as_published(house: &House) {
    let asked = ["completeness", "crime", "--by", "unit,year", "--check", "--json"];
    let figured = house.auditor().run(&asked).good().json();
    assert_eq!((&figured["records"], &figured["drift"]), (&json!(107_741), &json!([])));
    let rows = figured["rows"].as_array().unwrap();
    let of_rule = || rows.iter().filter(|row| row["rule"] == "crime-place");
    let periods: Vec<_> = of_rule().map(|row| (&row["unit"], &row["period"])).collect();
    let unit = json!("Metropolitan Police Service");
    assert_eq!(periods, [(&unit, &json!("2023")), (&unit, &json!("2024"))]);
    for row in of_rule() {
        let parts = figures(row, &["answered", "missing", "placeholder", "not_in_source"]);
        assert_eq!(parts.iter().sum::<u64>(), row["records"].as_u64().unwrap());
    }
    let placeholder: u64 = of_rule().map(|row| row["placeholder"].as_u64().unwrap()).sum();
    assert_eq!(placeholder, WITHOUT_LOCATION);
    let behind = ["completeness", "crime", "--behind", "crime-place:placeholder", "--json"];
    let listed = house.reviewer().run(&behind).good().json();
    assert_eq!(listed["total"], WITHOUT_LOCATION);
    assert_eq!(listed["groups"].as_array().unwrap().len(), 20);
}

fn two_and_a_half_years_of_the_city_of_london_police(on: Store) {
    let Some(folder) = published("city") else { return };
    let house = House::on(on);
    let totals = take_in(&house, &folder);
    // 22,111 street rows: 18,858 Crime IDs in 19,092 distinct rows, and 3,013 rows without an id.
    let rows = 6_449 + 22_111;
    let records = 6_449 + 18_858 + 3_013;
    assert_eq!(figures(&totals, &SUMS), [rows, rows - 6, 6, 0, records]);
    assert_eq!(figures(&totals, &["further_outcomes", "differing", "differing_records"]), [0, 234, 224]);
    assert_eq!(take_in(&house, &folder)["accepted"], 0);
    for kind in ["stop-and-search", "crime"] {
        let figured = house.auditor().run(&["completeness", kind, "--check", "--json"]).good().json();
        assert_eq!(figured["drift"], json!([]));
        let without_location = if kind == "crime" { 1_630 } else { 0 };
        let placeholder = |row: &Value| row["placeholder"].as_u64().unwrap();
        let places = figured["rows"].as_array().unwrap().iter().filter(|row| row["field"] == "place");
        assert_eq!(places.map(placeholder).sum::<u64>(), without_location);
    }
    house.all_is_well();
}
