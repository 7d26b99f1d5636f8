use super::*;
use crate::field::{Code, Identifier, Instant};
use crate::kinds::{more_thorough_search as mts, nominal, provenance, stop_and_search as stop};
use crate::value::{PartialDate, Place};
use jiff::civil::date;
use proptest::prelude::*;

const ON: Date = date(2024, 3, 1);

fn place(words: &str) -> Place {
    Place { words: Some(words.to_owned()), ..Place::default() }
}

/// A stop of an adult with nothing missing.
fn whole_stop() -> Body {
    let mut body = Body::default();
    body.set(stop::AT, Instant(1_709_251_200_000_000))
        .set(stop::SEARCH_TYPE, Code("person".into()))
        .set(stop::PLACE, place("Outside 12 High Street"))
        .set(stop::POWER, Code("pace-s1".into()))
        .set(stop::OBJECT, Code("weapons".into()))
        .set(stop::GROUNDS, "Seen to hide a long object under the coat.".to_owned())
        .set(stop::OUTCOME, Code("no-action".into()))
        .set(stop::SELF_DEFINED_ETHNICITY, Code("NS".into()))
        .set(stop::OFFICER, "1234 Exeter".to_owned())
        .set(stop::AGE, 30)
        .set(stop::MORE_THAN_OUTER, false);
    body
}

/// A more thorough search of a child with everything but what each test takes out.
fn thorough() -> Body {
    let mut row = Body::default();
    let mut present = Body::default();
    present.set(mts::person_present::ROLE, Code("searcher".into()));
    row.set(mts::SUBJECT_AGE, 15)
        .set(mts::INTIMATE_PARTS_EXPOSED, true)
        .set(mts::LOCATION_KIND, Code("police-station".into()))
        .set(mts::PLACE, place("Room 3"))
        .set(mts::REASON, "Believed to hide a blade.".to_owned())
        .set(mts::AUTHORISER, "Inspector Day".to_owned())
        .set(mts::APPROPRIATE_ADULT_PRESENT, true)
        .set(mts::PRESENT, vec![present])
        .set(mts::SAFEGUARDING_REFERRAL, "REF 7".to_owned())
        .set(mts::FOUND, "nothing".to_owned());
    row
}

fn stop_of_child(row: Body) -> Body {
    let mut body = whole_stop();
    body.set(stop::AGE, 15).set(stop::MORE_THAN_OUTER, true).set(stop::MORE_THOROUGH_SEARCH, vec![row]);
    body
}

fn told(body: &Body) -> Vec<(String, String, bool)> {
    let problems = problems(&stop::KIND, body, ON);
    problems.into_iter().map(|problem| (problem.field, problem.rule.to_owned(), problem.stops)).collect()
}

#[track_caller]
fn only(body: &Body, field: &str, rule: &str, stops: bool) {
    assert_eq!(told(body), [(field.to_owned(), rule.to_owned(), stops)]);
}

#[test]
fn a_whole_stop_has_no_problem() {
    assert_eq!(problems(&stop::KIND, &whole_stop(), ON), []);
    assert_eq!(problems(&stop::KIND, &stop_of_child(thorough()), ON), []);
}

#[test]
fn a_missing_place_stops_with_law_and_mend() {
    let mut body = whole_stop();
    body.remove(stop::PLACE.number());
    let found = problems(&stop::KIND, &body, ON);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].law, "PACE 1984 s.3(6)(a)(iii)");
    assert_eq!(found[0].mend, "Give the place of the search.");
    assert!(found[0].stops);
}

#[test]
fn a_placeholder_does_not_answer_a_place() {
    for words in [".", "N/A", "unknown", "-", "none given", "Other"] {
        let mut body = whole_stop();
        body.set(stop::PLACE, place(words));
        only(&body, "place", "place", true);
    }
}

#[test]
fn a_child_searched_without_a_place_is_told_in_the_row() {
    let mut row = thorough();
    row.remove(mts::PLACE.number());
    only(&stop_of_child(row), "more-thorough-search[1].place", "search-place", true);
}

#[test]
fn other_needs_the_place_named() {
    let mut adult = thorough();
    adult.set(mts::SUBJECT_AGE, 30).set(mts::LOCATION_KIND, Code("other".into()));
    adult.set(mts::PLACE, place("N/A"));
    let mut body = whole_stop();
    body.set(stop::MORE_THAN_OUTER, true).set(stop::MORE_THOROUGH_SEARCH, vec![adult.clone()]);
    only(&body, "more-thorough-search[1].location-kind", "search-location", true);
    adult.set(mts::PLACE, place("Back room of the library"));
    body.set(stop::MORE_THOROUGH_SEARCH, vec![adult]);
    assert_eq!(told(&body), []);
}

#[test]
fn not_in_this_source_is_not_no_and_needs_a_source() {
    let mut body = whole_stop();
    body.set_not_held(stop::GROUNDS, NotHeld::NotInSource);
    only(&body, "grounds", "grounds", true);
    body.set(
        stop::PROVENANCE,
        vec![{
            let mut row = Body::default();
            row.set(provenance::LINE, 2);
            row
        }],
    );
    only(&body, "grounds", "grounds", false);
    body.set_not_held(stop::MORE_THAN_OUTER, NotHeld::NotInSource);
    let states = unmet(&stop::KIND, &body, ON);
    let state = |name: &str| states.iter().find(|state| state.rule.name == name).map(|state| state.state);
    assert_eq!(state("more-than-outer"), Some(State::NotInSource));
    assert_eq!(state("more-thorough-search"), Some(State::DoesNotApply));
}

#[test]
fn who_declines_has_answered_and_what_is_erased_is_not_asked_again() {
    let mut body = whole_stop();
    body.set_not_held(stop::SELF_DEFINED_ETHNICITY, NotHeld::Declined);
    assert_eq!(told(&body), []);
    body.set_not_held(stop::PLACE, NotHeld::Erased);
    assert_eq!(told(&body), []);
    body.set_not_held(stop::PLACE, NotHeld::Declined);
    only(&body, "place", "place", true);
}

#[test]
fn rules_and_codes_hold_between_their_days_only() {
    let mut body = whole_stop();
    body.remove(stop::POWER.number());
    let on = |on| problems(&stop::KIND, &body, on).len();
    assert_eq!((on(date(2015, 3, 18)), on(date(2015, 3, 19))), (0, 1));
    let mut body = whole_stop();
    body.set(stop::POWER, Code("psa-s36".into()));
    let found = problems(&stop::KIND, &body, date(2016, 5, 25));
    assert_eq!(
        found[0].mend,
        "“Psychoactive Substances Act 2016 s.36” could not be chosen on 2016-05-25; choose another."
    );
    assert_eq!(problems(&stop::KIND, &body, date(2016, 5, 26)), []);
}

#[test]
fn form_is_checked_field_by_field() {
    let mut body = whole_stop();
    body.set(stop::OUTCOME, Code("sold".into()));
    only(&body, "outcome", "code", true);
    let mut body = whole_stop();
    body.put(stop::OUTCOME.number(), Slot::Held(Value::Text("arrest".into())));
    only(&body, "outcome", "type", true);
    let mut body = whole_stop();
    body.put(777, Slot::Held(Value::Text("x".into())));
    only(&body, "777", "field", true);
    let mut body = whole_stop();
    body.set(stop::AGE, 131);
    only(&body, "age", "number", true);
    let mut body = whole_stop();
    body.set(stop::DESCRIPTION, "a\0b".to_owned());
    only(&body, "description", "text", true);
    let mut body = whole_stop();
    body.set(stop::DESCRIPTION, "é".repeat(LONGEST_TEXT));
    assert_eq!(told(&body), []);
    body.set(stop::DESCRIPTION, "é".repeat(LONGEST_TEXT + 1));
    only(&body, "description", "text-length", true);
    let mut body = whole_stop();
    body.set(stop::AT, Instant(i64::MAX));
    only(&body, "at", "instant", true);
}

#[test]
fn coordinates_outside_britain_are_refused() {
    let at = |latitude: i32, longitude: i32| {
        let mut body = whole_stop();
        body.set(
            stop::PLACE,
            Place { latitude: Some(latitude), longitude: Some(longitude), ..Place::default() },
        );
        told(&body)
    };
    assert_eq!(at(51_507_351, -127_758), []);
    assert_eq!(at(49_000_000, 1_999_999), []);
    let by_default = at(54_000_000, -2_000_000);
    assert!(by_default.contains(&("place".to_owned(), "place".to_owned(), true)), "{by_default:?}");
    for (latitude, longitude) in
        [(48_999_999, 0), (61_000_001, 0), (51_000_000, -9_000_001), (-127_758, 51_507_351)]
    {
        assert_eq!(at(latitude, longitude), [("place".to_owned(), "place-bounds".to_owned(), true)]);
    }
    let mut body = whole_stop();
    body.set(
        stop::PLACE,
        Place { latitude: Some(51_000_000), words: Some("High Street".into()), ..Place::default() },
    );
    only(&body, "place", "place-bounds", true);
}

#[test]
fn an_unverified_identifier_warns_and_stops_nobody() {
    let mut body = whole_stop();
    body.set(stop::VRM, Identifier("A??".into()));
    only(&body, "vrm", "identifier", false);
    body.set(stop::VRM, Identifier("!!".into()));
    only(&body, "vrm", "identifier", true);
}

#[test]
fn a_correction_is_not_stopped_by_what_was_missing_before() {
    let mut before = whole_stop();
    before.remove(stop::PLACE.number());
    let mut after = before.clone();
    after.set(stop::OUTCOME, Code("arrest".into()));
    let stops = |after: &Body| {
        problems_of_change(&stop::KIND, &before, after, ON).iter().any(|problem| problem.stops)
    };
    assert!(!stops(&after));
    after.remove(stop::GROUNDS.number());
    assert!(stops(&after));
}

#[test]
fn who_asserts_what_makes_a_rule_apply_is_not_excused_by_the_source() {
    let mut before = whole_stop();
    let mut row = Body::default();
    row.set(provenance::LINE, 2);
    before.set(stop::PROVENANCE, vec![row]);
    for silent in [stop::MORE_THAN_OUTER.number(), stop::MORE_THOROUGH_SEARCH.number()] {
        before.put(silent, Slot::NotHeld(NotHeld::NotInSource));
    }
    let stopping = |after: &Body| -> Vec<&'static str> {
        let problems = problems_of_change(&stop::KIND, &before, after, ON);
        problems.iter().filter(|problem| problem.stops).map(|problem| problem.rule).collect()
    };
    let mut other = before.clone();
    other.set(stop::OUTCOME, Code("arrest".into()));
    assert_eq!(stopping(&other), Vec::<&str>::new());
    let mut asserted = before.clone();
    asserted.set(stop::MORE_THAN_OUTER, true);
    assert!(stopping(&asserted).contains(&"more-thorough-search"), "{:?}", stopping(&asserted));
}

#[test]
fn every_warning_needs_source_date_and_review() {
    let mut name = Body::default();
    name.set(nominal::name::SURNAME, "Na".to_owned());
    let mut warning = Body::default();
    warning.set(nominal::warning::MARKER, Code("VI".into()));
    let mut body = Body::default();
    body.set(nominal::NAMES, vec![name]).set(nominal::WARNINGS, vec![warning]);
    let found = problems(&nominal::KIND, &body, ON);
    let found: Vec<_> = found.iter().map(|problem| problem.rule).collect();
    assert_eq!(found, ["warning-source", "warning-date", "warning-review"]);
}

#[test]
fn impossible_dates_and_empty_rows_are_told_by_row() {
    let mut birth = Body::default();
    birth.set(nominal::date_of_birth::DATE, PartialDate { year: Some(1987), month: Some(2), day: Some(30) });
    let mut body = Body::default();
    body.set(nominal::DESCRIPTION, "Tall, red coat".to_owned());
    body.set(nominal::DATES_OF_BIRTH, vec![birth, Body::default()]);
    let found = problems(&nominal::KIND, &body, ON);
    let found: Vec<_> = found.iter().map(|problem| (problem.field.as_str(), problem.rule)).collect();
    assert_eq!(
        found,
        [
            ("dates-of-birth[1].date", "date"),
            ("dates-of-birth[2]", "row"),
            ("dates-of-birth[2].date", "date-of-birth"),
        ]
    );
}

#[test]
fn every_rule_that_can_be_counted_is_listed_once() {
    for kind in crate::kinds::ALL {
        let rules = rules(kind);
        let names: std::collections::BTreeSet<&str> =
            rules.iter().map(|declared| declared.rule.name).collect();
        assert_eq!(names.len(), rules.len(), "{}", kind.name);
    }
    let rules = rules(&stop::KIND);
    let found = rules.iter().find(|declared| declared.rule.name == "search-place").unwrap();
    assert_eq!(
        (found.field.as_str(), found.label.as_str()),
        ("more-thorough-search.place", "More thorough search: Place")
    );
}

proptest! {
    #[test]
    fn any_name_that_a_person_may_have_passes(name in "[\\p{L}][\\p{L}\\p{M}' -]{0,40}") {
        let mut row = Body::default();
        row.set(nominal::name::SURNAME, name);
        let mut body = Body::default();
        body.set(nominal::NAMES, vec![row]);
        prop_assert_eq!(problems(&nominal::KIND, &body, ON), []);
    }
}
