//! Street crimes and their outcomes as published: rows of two sorts of file that speak of one crime by
//! its Crime ID. Anti-social behaviour has none.
//!
//! A row of a street file says month, place, type and what the last outcome was called; a row of an
//! outcomes file says one outcome with its month, often in the file of another month than the crime's,
//! and the place once more. How rows of one crime come together is
//! [`gathered`](model::kinds::crime::gathered). The publisher moves places to a near point on purpose.

use super::columns::{Columns, not_published};
use crate::connector::{Row, RowFault, Table};
use desk::intake::Joining;
use model::field::Code;
use model::kinds::crime::{self, gathered, outcome};
use model::{Body, Place};

/// How a file of street crimes is read.
pub const STREET: Table = Table {
    kind: crime::KIND.number,
    columns: STREET_COLUMNS,
    id: Some(CRIME_ID),
    joining: Some(joining("data-police-uk/street")),
    read: street,
};

/// How a file of outcomes is read.
pub const OUTCOMES: Table = Table {
    kind: crime::KIND.number,
    columns: OUTCOME_COLUMNS,
    id: Some(CRIME_ID),
    joining: Some(joining("data-police-uk/outcomes")),
    read: outcome,
};

/// The columns in the order that makes rows' identity; never to be changed.
pub const STREET_COLUMNS: &[&str] = &[
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Crime type",
    "Last outcome category",
    "Context",
];

/// The columns in the order that makes rows' identity; never to be changed.
pub const OUTCOME_COLUMNS: &[&str] = &[
    "Crime ID",
    "Month",
    "Reported by",
    "Falls within",
    "Longitude",
    "Latitude",
    "Location",
    "LSOA code",
    "LSOA name",
    "Outcome type",
];

const CRIME_ID: usize = 0;
const MONTH: usize = 1;
const REPORTED_BY: usize = 2;
const FALLS_WITHIN: usize = 3;
const LONGITUDE: usize = 4;
const LATITUDE: usize = 5;
const LOCATION: usize = 6;
const LSOA_CODE: usize = 7;
const LSOA_NAME: usize = 8;
const CRIME_TYPE: usize = 9;
const OUTCOME_TYPE: usize = 9;
const LAST_OUTCOME: usize = 10;
const CONTEXT: usize = 11;

const fn joining(sort: &'static str) -> Joining {
    Joining { scope: "data-police-uk/crime", sort, gather: gathered::gathered, join: gathered::joined }
}

fn street(row: &Row<'_>) -> Result<Body, RowFault> {
    let columns = Columns { row, names: STREET_COLUMNS };
    let mut body = common(&columns)?;
    body.set_some(crime::MONTH, columns.month(MONTH)?)
        .set_some(crime::CRIME_TYPE, columns.code(CRIME_TYPE, "crime-type")?)
        .set_some(crime::LAST_OUTCOME, columns.code(LAST_OUTCOME, "crime-outcome")?)
        .set_some(crime::CONTEXT, columns.text(CONTEXT));
    Ok(body)
}

fn outcome(row: &Row<'_>) -> Result<Body, RowFault> {
    let columns = Columns { row, names: OUTCOME_COLUMNS };
    let mut body = common(&columns)?;
    not_published(&mut body, crime::MONTH);
    not_published(&mut body, crime::CRIME_TYPE);
    not_published(&mut body, crime::LAST_OUTCOME);
    not_published(&mut body, crime::CONTEXT);
    let mut outcome = Body::default();
    outcome
        .set_some(outcome::OUTCOME, columns.code(OUTCOME_TYPE, "crime-outcome")?)
        .set_some(outcome::DATE, columns.month(MONTH)?)
        .set(outcome::SOURCE, Code("published".to_owned()));
    body.set(crime::OUTCOMES, vec![outcome]);
    Ok(body)
}

/// What rows of both sorts say.
fn common(columns: &Columns<'_>) -> Result<Body, RowFault> {
    let mut body = Body::default();
    body.set_some(crime::PUBLISHED_ID, columns.text(CRIME_ID))
        .set_some(crime::REPORTED_BY, columns.text(REPORTED_BY))
        .set_some(crime::FALLS_WITHIN, columns.text(FALLS_WITHIN))
        .set_some(crime::PLACE, place(columns)?)
        .set_some(crime::LSOA, columns.text(LSOA_CODE))
        .set_some(crime::LSOA_NAME, columns.text(LSOA_NAME));
    not_published(&mut body, crime::REFERENCE);
    not_published(&mut body, crime::CLASSIFICATION);
    not_published(&mut body, crime::FIRST_COMMITTED);
    not_published(&mut body, crime::LAST_COMMITTED);
    not_published(&mut body, crime::REPORTED_AT);
    not_published(&mut body, crime::SUMMARY);
    Ok(body)
}

/// The position with its words. “No Location” stays as it stands: completeness knows that it names
/// no place.
fn place(columns: &Columns<'_>) -> Result<Option<Place>, RowFault> {
    let position = columns.position(LATITUDE, LONGITUDE)?;
    let words = columns.text(LOCATION);
    match (position, words) {
        (None, None) => Ok(None),
        (position, words) => Ok(Some(Place { words, ..position.unwrap_or_default() })),
    }
}

#[cfg(test)]
#[path = "crimes_tests.rs"]
mod tests;
