use super::*;
use crate::derived::{index, validate};

const ON: jiff::civil::Date = day(2024, 3, 1);

fn missing(body: &Body) -> Vec<&'static str> {
    validate::problems(&KIND, body, ON).iter().map(|problem| problem.rule).collect()
}

fn with_tactic(name: &str) -> Body {
    let mut row = Body::default();
    row.set(tactic::TACTIC, Code(name.into())).set(tactic::EFFECTIVE, true);
    let mut body = Body::default();
    body.set(TACTICS, vec![row]);
    body
}

#[test]
fn only_a_record_without_its_day_is_stopped() {
    let problems = validate::problems(&KIND, &Body::default(), ON);
    let stopping: Vec<_> =
        problems.iter().filter(|problem| problem.stops).map(|problem| problem.rule).collect();
    assert_eq!(stopping, ["force-date"]);
    assert!(problems.len() > 15, "the rest is asked for, and counted while it is missing");
}

#[test]
fn what_is_drawn_is_told_from_what_is_used() {
    let baton = missing(&with_tactic("baton"));
    assert!(baton.contains(&"force-drawn-only") && !baton.contains(&"force-ced-use"));
    let device = missing(&with_tactic("ced"));
    assert!(device.contains(&"force-drawn-only") && device.contains(&"force-ced-use"));
    assert!(!missing(&with_tactic("unarmed")).contains(&"force-drawn-only"));
}

#[test]
fn force_on_a_child_asks_for_the_referral() {
    let mut body = with_tactic("unarmed");
    body.set(PERCEIVED_AGE, Code("11-17".into()));
    assert!(missing(&body).contains(&"force-on-child-referral"));
    body.set(PERCEIVED_AGE, Code("18-34".into()));
    assert!(!missing(&body).contains(&"force-on-child-referral"));
}

#[test]
fn other_answers_only_where_the_place_is_named() {
    let mut body = Body::default();
    body.set(LOCATION_TYPE, Code("other".into()));
    assert!(missing(&body).contains(&"force-location"));
    body.set(PLACE, Place { words: Some("Lampton bandstand".into()), ..Place::default() });
    assert!(!missing(&body).contains(&"force-location"));
}

#[test]
fn injuries_ask_for_medical_aid() {
    let mut body = Body::default();
    body.set(SUBJECT_INJURY, Code("minor".into()));
    assert!(missing(&body).contains(&"force-subject-aid"));
    body.set(SUBJECT_INJURY, Code("none".into()));
    assert!(!missing(&body).contains(&"force-subject-aid"));
}

#[test]
fn it_is_found_by_its_tactics_and_told_by_the_first() {
    let exact = index::document(&KIND, &with_tactic("ced"), ON).exact;
    assert!(exact.iter().any(|(_, term)| term.eq_ignore_ascii_case("ced")), "{exact:?}");
    assert_eq!((KIND.summary)(&with_tactic("ced")), "Conducted energy device (Taser)");
}
