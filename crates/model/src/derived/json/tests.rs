use super::*;
use crate::kinds::{nominal, stop_and_search as stop};
use crate::value::PartialDate;

fn set(body: &mut Body, path: &str, text: &str) {
    set_from_text(&stop::KIND, body, path, text).unwrap_or_else(|problem| panic!("{path}: {}", problem.mend));
}

fn mend(path: &str, text: &str) -> String {
    let mut body = Body::default();
    let problem = set_from_text(&stop::KIND, &mut body, path, text).unwrap_err();
    assert!(body.is_empty());
    problem.mend
}

#[test]
fn a_record_as_json_and_back() {
    let json = json!({
        "at": "2024-01-02T03:04:00Z",
        "search-type": "person",
        "place": { "latitude": 51.507351, "longitude": -0.127758, "words": "High Street" },
        "age": 15,
        "grounds": { "not-held": "not-in-source" },
        "more-than-outer": false,
        "more-thorough-search": [{ "subject-age": 15, "present": [{ "role": "searcher" }] }]
    });
    let body = from_json(&stop::KIND, &json).unwrap();
    assert_eq!(body.get(stop::AGE), Some(15));
    assert_eq!(body.get(stop::PLACE).unwrap().latitude, Some(51_507_351));
    assert_eq!(body.not_held(stop::GROUNDS.number()), Some(NotHeld::NotInSource));
    assert_eq!(to_json(&stop::KIND, &body), json);
}

#[test]
fn everything_wrong_is_told_by_path() {
    let json = json!({
        "age": "fifteen",
        "colour": "red",
        "place": { "room": 3 },
        "more-thorough-search": [{}, { "present": [{ "role": 7 }] }]
    });
    let problems = from_json(&stop::KIND, &json).unwrap_err();
    let told: Vec<_> = problems.iter().map(|problem| (problem.field.as_str(), problem.rule)).collect();
    assert_eq!(
        told,
        [
            ("age", "type"),
            ("colour", "field"),
            ("place", "type"),
            ("more-thorough-search[2].present[1].role", "type"),
        ]
    );
    assert_eq!(problems[0].mend, "Give a whole number.");
    assert!(problems[1].mend.starts_with("There is no field “colour”; the fields are at, search-type,"));
}

#[test]
fn fields_that_are_not_declared_here_keep_number_and_type() {
    let mut body = Body::default();
    body.put(10_001, Slot::Held(Value::Text("Ward 3".into())));
    let json = to_json(&stop::KIND, &body);
    assert_eq!(json, json!({ "10001": { "type": "text", "value": "Ward 3" } }));
    assert_eq!(from_json(&stop::KIND, &json), Ok(body));
    assert!(from_json(&stop::KIND, &json!({ "777": { "type": "text", "value": "x" } })).is_err());
}

#[test]
fn corrections_from_the_command_line() {
    let mut body = Body::default();
    set(&mut body, "outcome", "A no further action disposal");
    set(&mut body, "at", "2024-07-02T03:04");
    set(&mut body, "age", " 15 ");
    set(&mut body, "more-than-outer", "Yes");
    set(&mut body, "place.words", "Outside the station");
    set(&mut body, "place.latitude", "51.5");
    set(&mut body, "grounds", "not-held:declined");
    set(&mut body, "more-thorough-search[1].subject-age", "15");
    set(&mut body, "more-thorough-search[1].present[1].role", "appropriate adult");
    set(&mut body, "more-thorough-search[2].subject-age", "16");
    assert_eq!(
        to_json(&stop::KIND, &body),
        json!({
            "at": "2024-07-02T02:04:00Z",
            "place": { "latitude": 51.5, "words": "Outside the station" },
            "grounds": { "not-held": "declined" },
            "outcome": "no-action",
            "age": 15,
            "more-than-outer": true,
            "more-thorough-search": [
                { "subject-age": 15, "present": [{ "role": "appropriate-adult" }] },
                { "subject-age": 16 }
            ]
        })
    );
    set(&mut body, "more-thorough-search[1]", "");
    set(&mut body, "more-thorough-search[1].subject-age", "");
    set(&mut body, "place.words", "");
    set(&mut body, "place.latitude", "");
    assert_eq!(body.value(stop::MORE_THOROUGH_SEARCH.number()), None);
    assert_eq!(body.value(stop::PLACE.number()), None);
    set(&mut body, "place", "51.5, -0.1");
    assert_eq!(body.get(stop::PLACE).unwrap().degrees(), Some((51.5, -0.1)));
}

#[test]
fn times_are_of_london_and_doubtful_ones_are_refused() {
    let mut body = Body::default();
    set(&mut body, "at", "2024-10-27T01:30+01:00");
    assert_eq!(to_json(&stop::KIND, &body)["at"], json!("2024-10-27T00:30:00Z"));
    set(&mut body, "at", "2024-01-02 00:00");
    assert_eq!(to_json(&stop::KIND, &body)["at"], json!("2024-01-02T00:00:00Z"));
    assert_eq!(
        mend("at", "2024-10-27T01:30"),
        "Clocks went back over 2024-10-27T01:30, so that time was twice; add +01:00 or +00:00."
    );
    assert!(mend("at", "2024-03-31T01:30").contains("never was"));
    assert!(mend("at", "2024-03-31").contains("no time of day"));
    assert!(mend("at", "yesterday").contains("write it as 2024-01-02T03:04"));
}

#[test]
fn a_wrong_correction_says_the_mend() {
    assert!(
        mend("outcome", "sold")
            .starts_with("“sold” is not in the list “Outcome of a stop and search”; it has no-action,")
    );
    assert!(mend("colour", "red").starts_with("There is no field “colour”"));
    assert_eq!(mend("age", "old"), "“old” is not a whole number; give a whole number.");
    assert_eq!(mend("more-thorough-search.found", "x"), "Say which row: more-thorough-search[1].found");
    assert_eq!(mend("more-thorough-search[2].found", "x"), "There are 0 rows; row 1 would be the next.");
    assert!(mend("more-thorough-search[0].found", "x").contains("rows count from 1"));
    assert!(mend("place.room", "x").contains("no “room”"));
    assert!(mend("age[1]", "15").contains("has no parts or rows"));
    assert!(mend("grounds", "not-held:lost").contains("not-held:declined"));
    assert!(mend("place.latitude", "north").contains("no number of degrees"));
}

#[test]
fn dates_are_read_in_the_british_order_too() {
    let mut body = Body::default();
    for (text, expected) in
        [("04/03/1987", "1987-03-04"), ("3/1987", "1987-03"), ("1987-??-04", "1987-??-04")]
    {
        set_from_text(&nominal::KIND, &mut body, "dates-of-birth[1].date", text).unwrap();
        let row = &body.get(nominal::DATES_OF_BIRTH).unwrap()[0];
        assert_eq!(row.get(nominal::date_of_birth::DATE), PartialDate::parse(expected), "{text}");
    }
}
