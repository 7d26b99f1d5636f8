//! Stops and searches as published: one row each, without an id. Identical rows are different people.
//!
//! A blank coordinate does not prove that no place was recorded; the place is left absent, and
//! completeness counts it. A blank yes-or-no column is *not in this source*, which is not *no*: forces
//! began to fill these columns at different times.

use super::columns::{Columns, not_published};
use crate::connector::{Row, RowFault, Table};
use model::kinds::stop_and_search as stop;
use model::{Body, NotHeld};

/// How a file of stops is read.
pub const TABLE: Table =
    Table { kind: stop::KIND.number, columns: COLUMNS, id: None, joining: None, read: body };

/// The columns in the order that makes rows' identity; never to be changed.
pub const COLUMNS: &[&str] = &[
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
];

const TYPE: usize = 0;
const DATE: usize = 1;
const PART_OF_OPERATION: usize = 2;
const OPERATION: usize = 3;
const LATITUDE: usize = 4;
const LONGITUDE: usize = 5;
const GENDER: usize = 6;
const AGE_RANGE: usize = 7;
const SELF_DEFINED: usize = 8;
const OFFICER_DEFINED: usize = 9;
const LEGISLATION: usize = 10;
const OBJECT: usize = 11;
const OUTCOME: usize = 12;
const OUTCOME_LINKED: usize = 13;
const REMOVAL: usize = 14;

fn body(row: &Row<'_>) -> Result<Body, RowFault> {
    let columns = Columns { row, names: COLUMNS };
    let mut body = Body::default();
    body.set_some(stop::AT, columns.instant(DATE)?);
    body.set_some(stop::PLACE, columns.position(LATITUDE, LONGITUDE)?);
    for (field, column, list) in [
        (stop::SEARCH_TYPE, TYPE, "search-type"),
        (stop::POWER, LEGISLATION, "stop-search-power"),
        (stop::OBJECT, OBJECT, "object-of-search"),
        (stop::OUTCOME, OUTCOME, "stop-outcome"),
        (stop::SELF_DEFINED_ETHNICITY, SELF_DEFINED, "self-defined-ethnicity"),
        (stop::OFFICER_DEFINED_ETHNICITY, OFFICER_DEFINED, "officer-defined-ethnicity"),
        (stop::GENDER, GENDER, "gender"),
        (stop::AGE_RANGE, AGE_RANGE, "age-range"),
    ] {
        body.set_some(field, columns.code(column, list)?);
    }
    for (field, column) in [
        (stop::POLICING_OPERATION, PART_OF_OPERATION),
        (stop::OUTCOME_LINKED, OUTCOME_LINKED),
        (stop::MORE_THAN_OUTER, REMOVAL),
    ] {
        match columns.yes_or_no(column)? {
            Some(answer) => body.set(field, answer),
            None => body.set_not_held(field, NotHeld::NotInSource),
        };
    }
    body.set_some(stop::OPERATION, columns.text(OPERATION));
    mark_what_is_not_published(&mut body);
    Ok(body)
}

/// What the record has and the publication leaves out.
fn mark_what_is_not_published(body: &mut Body) {
    not_published(body, stop::GROUNDS);
    not_published(body, stop::AGE);
    not_published(body, stop::NAME);
    not_published(body, stop::DESCRIPTION);
    not_published(body, stop::VRM);
    not_published(body, stop::OFFICER);
    not_published(body, stop::MORE_THOROUGH_SEARCH);
    not_published(body, stop::COPY_GIVEN);
}

#[cfg(test)]
#[path = "stops_tests.rs"]
mod tests;
