//! What two forces published (data.police.uk, Open Government Licence v3.0), with figures that were
//! counted independently. Skipped with one visible line where the files are not on this machine.

use crate::support::{House, text, verify};
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

#[test]
fn two_years_of_the_metropolitan_police() {
    let Some(folder) = published("met") else { return };
    let house = House::new();
    let totals = take_in(&house, &folder);
    assert_eq!(
        (&totals["rows"], &totals["accepted"], &totals["rejected"]),
        (&json!(225_506), &json!(225_506), &json!(0))
    );
    // 221,970 rows are distinct within their month.
    assert_eq!(totals["possible_repeats"], 225_506 - 221_970);
    let asked = ["completeness", "stop-and-search", "--check", "--json"];
    let figures = house.auditor().run(&asked).good().json();
    let counts = |rule: &str| {
        (row(&figures, rule)["records"].as_u64().unwrap(), row(&figures, rule)["missing"].as_u64().unwrap())
    };
    assert_eq!(figures["records"], 225_506);
    assert_eq!(figures["drift"], json!([]), "a full pass over the records gives the same figures");
    assert_eq!(counts("place"), (225_506, 21_433));
    assert_eq!(counts("place-of-more-thorough-search"), (1_164, 101));
    assert_eq!(counts("place-of-more-thorough-search-of-child"), (135, 11));
    assert_eq!(row(&figures, "more-than-outer")["not_in_source"], 159_332);

    let again = take_in(&house, &folder);
    assert_eq!((&again["accepted"], &again["repeated"]), (&json!(0), &json!(225_506)));
    assert_eq!(house.stops(), 225_506);
    let verdict = verify(&house.export("export")).good();
    assert_eq!(verdict.report()["versions"]["held"], 225_506);
}

#[test]
fn two_and_a_half_years_of_the_city_of_london_police() {
    let Some(folder) = published("city") else { return };
    let house = House::new();
    let totals = take_in(&house, &folder);
    assert_eq!(totals["rows"], 6_449);
    assert_eq!(
        (&totals["accepted"], &totals["repeated"], &totals["rejected"]),
        (&json!(6_449), &json!(0), &json!(0))
    );
    assert_eq!(take_in(&house, &folder)["accepted"], 0);
    let asked = ["completeness", "stop-and-search", "--check", "--json"];
    assert_eq!(house.auditor().run(&asked).good().json()["drift"], json!([]));
    house.all_is_well();
}
