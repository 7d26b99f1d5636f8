use super::*;
use crate::field::{Code, Instant};
use crate::kinds::crime::PUBLISHED_ID;
use crate::value::{PartialDate, Place as Where};
use proptest::prelude::*;

fn origin(file: &str, line: i64) -> Body {
    let mut origin = Body::default();
    origin
        .set(provenance::FILE, file.to_owned())
        .set(provenance::LINE, line)
        .set(provenance::TAKEN_IN, Instant(7));
    origin
}

fn place(words: &str) -> Where {
    Where { words: Some(words.to_owned()), ..Where::default() }
}

fn street(line: i64, words: Option<&str>, last: &str) -> Body {
    let mut row = Body::default();
    row.set(PUBLISHED_ID, "ab".repeat(32))
        .set(MONTH, PartialDate::parse("2024-03").unwrap())
        .set(CRIME_TYPE, Code("burglary".into()))
        .set_some(PLACE, words.map(place))
        .set(LAST_OUTCOME, Code(last.into()))
        .set(PROVENANCE, vec![origin("2024-03-wessex-street.csv", line)]);
    row
}

fn outcome_row(line: i64, words: &str, month: &str, code: &str) -> Body {
    let mut outcome = Body::default();
    outcome.set(outcome::OUTCOME, Code(code.into())).set(outcome::DATE, PartialDate::parse(month).unwrap());
    let mut row = Body::default();
    row.set(PUBLISHED_ID, "ab".repeat(32)).set(PLACE, place(words)).set(OUTCOMES, vec![outcome]);
    for field in [MONTH.number(), CRIME_TYPE.number(), LAST_OUTCOME.number(), CONTEXT.number()] {
        row.put(field, Slot::NotHeld(NotHeld::NotInSource));
    }
    row.set(PROVENANCE, vec![origin("2024-05-wessex-outcomes.csv", line)]);
    row
}

fn any_row() -> impl Strategy<Value = (bool, Option<u8>, u8)> {
    (any::<bool>(), proptest::option::of(0u8..3), 0u8..3)
}

fn rows(drawn: Vec<(bool, Option<u8>, u8)>) -> Vec<Body> {
    let named = |n: u8| ["High Street", "Mill Lane", "No Location"][usize::from(n)];
    let codes = ["no-suspect", "local-resolution", "under-investigation"];
    let months = ["2024-04", "2024-05", "2024-06"];
    let row = |(line, (is_street, words, code)): (i64, (bool, Option<u8>, u8))| match is_street {
        true => street(line, words.map(named), codes[usize::from(code)]),
        false => {
            outcome_row(line, named(words.unwrap_or(0)), months[usize::from(code)], codes[usize::from(code)])
        }
    };
    (2..).zip(drawn).map(row).collect()
}

proptest! {
    #[test]
    fn rows_in_any_order_and_any_parts_give_one_crime(
        drawn in proptest::collection::vec(any_row(), 1..7),
        order in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let all = rows(drawn);
        let whole = gathered(all.clone());
        let mut other = all.clone();
        other.rotate_left(order.index(all.len()));
        other.reverse();
        let at = cut.index(other.len()) + 1;
        let later = other.split_off(at.min(other.len()));
        let first = gathered(other);
        let mut crime = first.clone();
        let (mut further, mut differing) = (first.further_outcomes, first.differing);
        let mut begins = u64::from(first.begins_to_differ);
        for row in later {
            crime = joined(&crime.body, &crime.body, vec![row]);
            further += crime.further_outcomes;
            differing += crime.differing;
            begins += u64::from(crime.begins_to_differ);
        }
        prop_assert_eq!(&crime.body, &whole.body);
        prop_assert_eq!((further, differing), (whole.further_outcomes, whole.differing));
        prop_assert_eq!(begins, u64::from(whole.begins_to_differ));
        prop_assert_eq!(rows_of(&whole.body).len(), all.len());
    }
}

#[test]
fn the_fullest_row_speaks_and_the_other_is_kept() {
    let crime =
        gathered(vec![street(2, None, "no-suspect"), street(3, Some("Mill Lane"), "local-resolution")]);
    assert_eq!(crime.body.get(PLACE), Some(place("Mill Lane")));
    assert_eq!((crime.differing, crime.further_outcomes, crime.begins_to_differ), (1, 0, true));
    let statements = crime.body.get(STATEMENTS).unwrap();
    assert_eq!(statements.len(), 1, "the row that agrees is not repeated");
    assert_eq!(statements[0].get(statement::LINE), Some(2));
    assert_eq!(statements[0].get(statement::LAST_OUTCOME), Some(Code("no-suspect".into())));
    assert_eq!(statements[0].slot(statement::PLACE.number()), None, "it gave no place");
    assert_eq!(crime.body.get(PROVENANCE).unwrap().len(), 2);
}

#[test]
fn a_further_outcome_stands_beside_the_first() {
    let first = outcome_row(2, "Mill Lane", "2024-05", "no-suspect");
    let crime = gathered(vec![outcome_row(3, "Mill Lane", "2024-06", "local-resolution")]);
    let crime = joined(&crime.body, &crime.body, vec![first, street(9, Some("Mill Lane"), "no-suspect")]);
    assert_eq!((crime.further_outcomes, crime.differing), (1, 0));
    let outcomes = crime.body.get(OUTCOMES).unwrap();
    let codes: Vec<_> = outcomes.iter().filter_map(|row| row.get(outcome::OUTCOME)).collect();
    assert_eq!(codes, [Code("no-suspect".into()), Code("local-resolution".into())]);
    assert_eq!(crime.body.get(STATEMENTS), None, "they all agree on the place");
    assert_eq!(crime.body.get(CRIME_TYPE), Some(Code("burglary".into())));
}

#[test]
fn what_people_changed_stays_and_every_row_keeps_its_words() {
    let made = gathered(vec![street(2, Some("Mill Lane"), "no-suspect")]).body;
    let mut head = made.clone();
    head.set(PLACE, place("14 Mill Lane"));
    let crime = joined(&head, &made, vec![street(5, Some("High Street"), "no-suspect")]).body;
    assert_eq!(crime.get(PLACE), Some(place("14 Mill Lane")));
    assert_eq!(crime.get(STATEMENTS).map(|rows| rows.len()), Some(2));
    let later = joined(&crime, &crime, vec![street(6, Some("Station Road"), "local-resolution")]).body;
    assert_eq!(later.get(PLACE), Some(place("14 Mill Lane")));
    let said: Vec<_> =
        later.get(STATEMENTS).unwrap().iter().filter_map(|row| row.get(statement::PLACE)).collect();
    assert_eq!(said, ["Mill Lane", "High Street", "Station Road"].map(place));
}

#[test]
fn what_was_erased_by_law_does_not_come_back_with_a_later_row() {
    let mut made = gathered(vec![street(2, Some("Mill Lane"), "no-suspect")]).body;
    made.put(PLACE.number(), Slot::NotHeld(NotHeld::Erased));
    let crime = joined(&made, &made, vec![street(3, Some("High Street"), "local-resolution")]).body;
    assert_eq!(crime.not_held(PLACE.number()), Some(NotHeld::Erased));
    assert!(!format!("{crime:?}").contains("High Street"), "{crime:?}");
    let mut bare = crime.clone();
    bare.put(OUTCOMES.number(), Slot::NotHeld(NotHeld::Erased));
    bare.put(STATEMENTS.number(), Slot::NotHeld(NotHeld::Erased));
    let later = outcome_row(8, "High Street", "2024-07", "no-suspect");
    let after = joined(&bare, &bare, vec![later]).body;
    assert_eq!(after.not_held(OUTCOMES.number()), Some(NotHeld::Erased));
    assert_eq!(after.not_held(STATEMENTS.number()), Some(NotHeld::Erased));
}
