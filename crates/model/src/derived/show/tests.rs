use super::*;
use crate::field::{Code, Instant};
use crate::kinds::{nominal, stop_and_search as stop};

#[test]
fn times_are_those_of_london_clocks() {
    let summer: Timestamp = "2024-07-01T12:00:00Z".parse().unwrap();
    let winter: Timestamp = "2024-01-02T03:04:05Z".parse().unwrap();
    let in_1970: Timestamp = "1970-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(instant(summer.as_microsecond()), "1 July 2024, 13:00 BST");
    assert_eq!(instant(winter.as_microsecond()), "2 January 2024, 03:04:05 GMT");
    // British Standard Time: the clocks of 1968 to 1971 stayed an hour ahead.
    assert_eq!(instant(in_1970.as_microsecond()), "1 January 1970, 01:00 BST");
    assert_eq!(instant(i64::MAX), format!("{} microseconds after 1970", i64::MAX));
}

#[test]
fn dates_say_what_is_not_known() {
    let text = |text| date(PartialDate::parse(text).unwrap());
    assert_eq!(text("1987-03-04"), "4 March 1987");
    assert_eq!(text("1987-03"), "March 1987");
    assert_eq!(text("1987"), "1987");
    assert_eq!(text("1987-??-04"), "day 4 of a month not known, 1987");
    assert_eq!(text("????-03-04"), "4 March, year not known");
    assert_eq!(text("????"), "date not known");
    assert_eq!(date(PartialDate { year: Some(1987), month: Some(99), day: None }), "1987");
}

#[test]
fn a_summary_is_enough_to_recognise_a_record_by() {
    let mut name = Body::default();
    name.set(nominal::name::FORENAMES, "Anna".to_owned()).set(nominal::name::SURNAME, "Ünal".to_owned());
    let mut birth = Body::default();
    birth.set(nominal::date_of_birth::DATE, PartialDate::parse("1987-03").unwrap());
    let mut person = Body::default();
    person.set(nominal::NAMES, vec![name]).set(nominal::DATES_OF_BIRTH, vec![birth]);
    assert_eq!(summary(&nominal::KIND, &person), "ÜNAL, Anna, b. March 1987");
    let mut found = Body::default();
    found.set(stop::AT, Instant(1_704_164_640_000_000)).set(stop::OBJECT, Code("drugs".into()));
    found.set(stop::OUTCOME, Code("arrest".into()));
    found.set(
        stop::PLACE,
        Place { latitude: Some(51_500_000), longitude: Some(-100_000), ..Place::default() },
    );
    assert_eq!(
        summary(&stop::KIND, &found),
        "2 January 2024, 03:04 GMT, Controlled drugs, Arrest, 51.500000, -0.100000"
    );
    assert_eq!(summary(&stop::KIND, &Body::default()), "Stop and search of which nothing is held");
}

#[test]
fn lines_follow_the_rows_and_carry_the_legal_class() {
    let mut warning = Body::default();
    warning.set(nominal::warning::MARKER, Code("VI".into()));
    let mut body = Body::default();
    body.set(nominal::WARNINGS, vec![warning]).set_not_held(nominal::GENDER, NotHeld::NotKnown);
    body.put(777, Slot::Held(Value::Number(7)));
    let lines = lines(&nominal::KIND, &body);
    let shown: Vec<_> =
        lines.iter().map(|l| (l.field.as_str(), l.label.as_str(), l.text.as_str(), l.class)).collect();
    assert_eq!(
        shown,
        [
            ("gender", "Gender", "Asked and not known", "fact"),
            ("warnings[1].marker", "Warnings 1: Warning", "Violent", "assessment"),
            ("777", "Field 777, unknown to this release", "7", "fact"),
        ]
    );
    assert!(lines[1].sensitive);
}
