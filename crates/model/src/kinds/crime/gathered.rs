//! One crime out of the rows of a source that name it by the same published id.
//!
//! What the crime says is a function of the *set* of its rows, so that files may come in any order:
//! of each field the fullest row decides that says anything, outcomes stand in the order of their
//! dates, and where a row says otherwise than the crime does, its own words stand under
//! [`STATEMENTS`]. From a crime that was gathered so, every row can be read back ([`rows_of`]), which
//! is how a later row joins it ([`joined`]).

use super::{
    CONTEXT, CRIME_TYPE, FALLS_WITHIN, LAST_OUTCOME, LSOA, LSOA_NAME, MONTH, OUTCOMES, PLACE, PROVENANCE,
    REPORTED_BY, STATEMENTS, outcome, statement,
};
use crate::Body;
use crate::body::{NotHeld, Slot};
use crate::field::Field;
use crate::kinds::provenance;
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// What a row says: the crime's field, the field of a statement, and whether a row of an outcomes file
/// has a column for it.
const SPOKEN: [(u16, u16, bool); 9] = [
    (MONTH.number(), statement::MONTH.number(), false),
    (CRIME_TYPE.number(), statement::CRIME_TYPE.number(), false),
    (PLACE.number(), statement::PLACE.number(), true),
    (LSOA.number(), statement::LSOA.number(), true),
    (LSOA_NAME.number(), statement::LSOA_NAME.number(), true),
    (LAST_OUTCOME.number(), statement::LAST_OUTCOME.number(), false),
    (CONTEXT.number(), statement::CONTEXT.number(), false),
    (REPORTED_BY.number(), statement::REPORTED_BY.number(), true),
    (FALLS_WITHIN.number(), statement::FALLS_WITHIN.number(), true),
];

/// A crime with the rows that came to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The crime.
    pub body: Body,
    /// Of the rows: outcomes beside one that was there.
    pub further_outcomes: u64,
    /// Of the rows: such as say otherwise than another of their sort.
    pub differing: u64,
    /// Whether its rows differ now and did not before.
    pub begins_to_differ: bool,
}

/// One row as it was read: the crime that it would make alone, with one row of provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    origin: Body,
    spoken: BTreeMap<u16, Slot>,
    outcome: Option<Body>,
}

type Place = (String, i64);

impl Row {
    fn of(mut alone: Body) -> Self {
        let origin = alone.get(PROVENANCE).and_then(|mut rows| rows.pop()).unwrap_or_default();
        let outcome = alone.get(OUTCOMES).and_then(|mut rows| rows.pop());
        let outcome = outcome.map(|outcome| marked(outcome, &origin));
        let slot = |alone: &mut Body, number| alone.remove(number).map(|slot| (number, slot));
        let spoken = SPOKEN.iter().filter_map(|(number, ..)| slot(&mut alone, *number)).collect();
        Self { origin, spoken, outcome }
    }

    fn place(&self) -> Place {
        place_of(&self.origin, provenance::FILE, provenance::LINE)
    }

    /// The fullest row speaks first; of equally full ones the one that is last by its octets.
    fn rank(&self) -> (bool, usize, Vec<u8>) {
        let held = self.spoken.values().filter(|slot| matches!(slot, Slot::Held(_))).count();
        let octets = self.spoken.values().flat_map(Slot::encode).collect();
        (self.outcome.is_none(), held, octets)
    }
}

fn marked(mut outcome: Body, origin: &Body) -> Body {
    outcome.set_some(outcome::FILE, origin.get(provenance::FILE));
    outcome.set_some(outcome::LINE, origin.get(provenance::LINE));
    outcome
}

fn place_of(row: &Body, file: Field<String>, line: Field<i64>) -> Place {
    (row.get(file).unwrap_or_default(), row.get(line).unwrap_or_default())
}

/// A crime out of rows, each the crime that it would make alone, with one row of provenance. What
/// names the crime is that of the first.
#[must_use]
pub fn gathered(rows: Vec<Body>) -> Joined {
    let mut named = rows.first().cloned().unwrap_or_default();
    let gathered = [OUTCOMES.number(), PROVENANCE.number(), STATEMENTS.number()];
    for number in SPOKEN.iter().map(|(number, ..)| *number).chain(gathered) {
        named.remove(number);
    }
    let rows: Vec<Row> = rows.into_iter().map(Row::of).collect();
    joined_rows(&named, &[], rows)
}

/// A crime with further rows. `head` is its newest version; `made` the newest that only intake has
/// written, which is the same one unless people changed the crime here: then what they changed stays,
/// and every row's own words are kept beside it. What was erased by law stays erased.
#[must_use]
pub fn joined(head: &Body, made: &Body, rows: Vec<Body>) -> Joined {
    let before = rows_of(made);
    joined_rows(head, &before, rows.into_iter().map(Row::of).collect())
}

fn joined_rows(head: &Body, before: &[Row], fresh: Vec<Row>) -> Joined {
    let (was, counts) = (said_by_all(before), (outcomes(before), statements(before)));
    let fresh_outcomes: Vec<Body> = fresh.iter().filter_map(|row| row.outcome.clone()).collect();
    let fresh_origins: Vec<Body> = fresh.iter().map(|row| row.origin.clone()).collect();
    let all: Vec<Row> = before.iter().cloned().chain(fresh).collect();
    let now = said_by_all(&all);
    let mut body = head.clone();
    let mut by_hand = false;
    for (number, ..) in SPOKEN {
        let is_as_it_was = head.slot(number) == was.get(&number);
        match is_erased(head, number) {
            true => {}
            false if is_as_it_was => put(&mut body, number, now.get(&number)),
            false => by_hand = true,
        }
    }
    add_rows(&mut body, OUTCOMES, fresh_outcomes, |row| {
        let date = row.get(outcome::DATE).map(|date| (date.year, date.month, date.day));
        let code = row.get(outcome::OUTCOME).map(|code| code.0);
        (date, code, place_of(row, outcome::FILE, outcome::LINE))
    });
    add_rows(&mut body, PROVENANCE, fresh_origins, |row| {
        (None, None, place_of(row, provenance::FILE, provenance::LINE))
    });
    set_statements(&mut body, &all, by_hand);
    let further = |count: usize, now: usize| (now.saturating_sub(count.max(1))) as u64;
    Joined {
        body,
        further_outcomes: further(counts.0, outcomes(&all)),
        differing: further(counts.1, statements(&all)),
        begins_to_differ: counts.1 < 2 && statements(&all) > 1,
    }
}

fn is_erased(body: &Body, number: u16) -> bool {
    body.not_held(number) == Some(NotHeld::Erased)
}

fn outcomes(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row.outcome.is_some()).count()
}

fn statements(rows: &[Row]) -> usize {
    rows.len() - outcomes(rows)
}

/// Of each field what the fullest row that holds it says; else what the fullest row says of why not.
fn said_by_all(rows: &[Row]) -> BTreeMap<u16, Slot> {
    let mut ranked: Vec<&Row> = rows.iter().collect();
    ranked.sort_by_cached_key(|row| std::cmp::Reverse(row.rank()));
    let mut said = ranked.first().map(|row| row.spoken.clone()).unwrap_or_default();
    for row in ranked {
        for (number, slot) in &row.spoken {
            let is_open = !matches!(said.get(number), Some(Slot::Held(_)));
            if is_open && matches!(slot, Slot::Held(_)) {
                said.insert(*number, slot.clone());
            }
        }
    }
    said
}

fn put(body: &mut Body, number: u16, slot: Option<&Slot>) {
    match slot {
        Some(slot) => drop(body.put(number, slot.clone())),
        None => drop(body.remove(number)),
    }
}

type Order = (Option<(Option<i16>, Option<i8>, Option<i8>)>, Option<String>, Place);

fn add_rows(body: &mut Body, field: Field<Vec<Body>>, fresh: Vec<Body>, order: impl Fn(&Body) -> Order) {
    if fresh.is_empty() || is_erased(body, field.number()) {
        return;
    }
    let mut rows = body.get(field).unwrap_or_default();
    rows.extend(fresh);
    rows.sort_by_cached_key(order);
    body.set(field, rows);
}

/// Keeps the words of the rows that say otherwise than the crime; of all rows where people changed it.
fn set_statements(body: &mut Body, rows: &[Row], by_hand: bool) {
    if is_erased(body, STATEMENTS.number()) {
        return;
    }
    let mut kept: Vec<&Row> =
        rows.iter().filter(|row| by_hand || row.spoken != implied(body, row.outcome.is_some())).collect();
    kept.sort_by_key(|row| row.place());
    let statements: Vec<Body> = kept.into_iter().map(|row| statement_of(body, row)).collect();
    match statements.is_empty() {
        true => drop(body.remove(STATEMENTS.number())),
        false => drop(body.set(STATEMENTS, statements)),
    }
}

/// What a row says that has no statement of its own.
fn implied(body: &Body, is_outcome: bool) -> BTreeMap<u16, Slot> {
    let slot = |(number, _, of_outcomes): &(u16, u16, bool)| match is_outcome && !of_outcomes {
        true => Some((*number, Slot::NotHeld(NotHeld::NotInSource))),
        false => body.slot(*number).map(|slot| (*number, slot.clone())),
    };
    SPOKEN.iter().filter_map(slot).collect()
}

/// A row's own words, without what was erased by law from the crime.
fn statement_of(body: &Body, row: &Row) -> Body {
    let (file, line) = row.place();
    let mut statement = Body::default();
    statement.set(statement::FILE, file).set(statement::LINE, line);
    for (number, own, of_outcomes) in SPOKEN {
        let is_said = of_outcomes || row.outcome.is_none();
        let slot = row.spoken.get(&number).filter(|_| is_said && !is_erased(body, number));
        put(&mut statement, own, slot);
    }
    statement
}

/// The rows that a crime was gathered from.
fn rows_of(made: &Body) -> Vec<Row> {
    let statements = made.get(STATEMENTS).unwrap_or_default();
    let statements: BTreeMap<Place, Body> =
        statements.into_iter().map(|row| (place_of(&row, statement::FILE, statement::LINE), row)).collect();
    let outcomes = made.get(OUTCOMES).unwrap_or_default();
    let mut outcomes: BTreeMap<Place, Body> =
        outcomes.into_iter().map(|row| (place_of(&row, outcome::FILE, outcome::LINE), row)).collect();
    let origins = made.get(PROVENANCE).unwrap_or_default();
    let row = |origin: Body| {
        let place = place_of(&origin, provenance::FILE, provenance::LINE);
        let outcome = outcomes.remove(&place);
        let spoken = match statements.get(&place) {
            Some(statement) => spoken_in(statement, outcome.is_some()),
            None => implied(made, outcome.is_some()),
        };
        Row { origin, spoken, outcome }
    };
    origins.into_iter().map(row).collect()
}

fn spoken_in(statement: &Body, is_outcome: bool) -> BTreeMap<u16, Slot> {
    let slot = |(number, own, of_outcomes): &(u16, u16, bool)| match is_outcome && !of_outcomes {
        true => Some((*number, Slot::NotHeld(NotHeld::NotInSource))),
        false => statement.slot(*own).map(|slot| (*number, slot.clone())),
    };
    SPOKEN.iter().filter_map(slot).collect()
}
