//! Stops and searches as published: one row each, without an id. Identical rows are different people.
//!
//! A blank coordinate does not prove that no place was recorded; the place is left absent, and
//! completeness counts it. A blank yes-or-no column is *not in this source*, which is not *no*: forces
//! began to fill these columns at different times.

use crate::connector::{Row, RowFault, Table};
use jiff::Timestamp;
use model::codes;
use model::field::{Code, FieldType, Instant};
use model::kinds::stop_and_search as stop;
use model::{Body, Field, NotHeld, Place};
use std::ops::RangeInclusive;

/// How a file of stops is read.
pub const TABLE: Table = Table { kind: stop::KIND.number, columns: COLUMNS, read: body };

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

/// Great Britain with its islands and the sea around it, in degrees (WGS 84).
const LATITUDES: RangeInclusive<f64> = 49.0..=61.0;
const LONGITUDES: RangeInclusive<f64> = -9.0..=2.0;

fn fault(column: usize, reason: impl Into<std::borrow::Cow<'static, str>>) -> RowFault {
    RowFault::new(COLUMNS.get(column).copied().unwrap_or("row"), reason)
}

fn body(row: &Row<'_>) -> Result<Body, RowFault> {
    let mut body = Body::default();
    body.set_some(stop::AT, instant(row)?);
    body.set_some(stop::PLACE, place(row)?);
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
        body.set_some(field, code(row, column, list)?);
    }
    for (field, column) in [
        (stop::POLICING_OPERATION, PART_OF_OPERATION),
        (stop::OUTCOME_LINKED, OUTCOME_LINKED),
        (stop::MORE_THAN_OUTER, REMOVAL),
    ] {
        match yes_or_no(row, column)? {
            Some(answer) => body.set(field, answer),
            None => body.set_not_held(field, NotHeld::NotInSource),
        };
    }
    let operation = row.get(OPERATION);
    body.set_some(stop::OPERATION, (!operation.is_empty()).then(|| operation.to_owned()));
    mark_what_is_not_published(&mut body);
    Ok(body)
}

/// What the record has and the publication leaves out.
fn mark_what_is_not_published(body: &mut Body) {
    fn not_published<T: FieldType>(body: &mut Body, field: Field<T>) {
        body.set_not_held(field, NotHeld::NotInSource);
    }
    not_published(body, stop::GROUNDS);
    not_published(body, stop::AGE);
    not_published(body, stop::NAME);
    not_published(body, stop::DESCRIPTION);
    not_published(body, stop::VRM);
    not_published(body, stop::OFFICER);
    not_published(body, stop::MORE_THOROUGH_SEARCH);
    not_published(body, stop::COPY_GIVEN);
}

/// The date is published in UTC; where only the day is known it is midnight in London.
fn instant(row: &Row<'_>) -> Result<Option<Instant>, RowFault> {
    let text = row.get(DATE);
    if text.is_empty() {
        return Ok(None);
    }
    let parsed: Result<Timestamp, _> = text.parse();
    parsed
        .map(|at| Some(Instant(at.as_microsecond())))
        .map_err(|_| fault(DATE, "is not a date and time with an offset, such as 2024-02-01T09:30:00+00:00"))
}

fn place(row: &Row<'_>) -> Result<Option<Place>, RowFault> {
    let latitude = degrees(row, LATITUDE, &LATITUDES)?;
    let longitude = degrees(row, LONGITUDE, &LONGITUDES)?;
    match (latitude, longitude) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(fault(LONGITUDE, "is blank although the latitude is given")),
        (None, Some(_)) => Err(fault(LATITUDE, "is blank although the longitude is given")),
        (latitude, longitude) => Ok(Some(Place { latitude, longitude, ..Place::default() })),
    }
}

/// Millionths of a degree, which is the precision of the publication.
fn degrees(row: &Row<'_>, column: usize, britain: &RangeInclusive<f64>) -> Result<Option<i32>, RowFault> {
    let text = row.get(column);
    if text.is_empty() {
        return Ok(None);
    }
    let degrees: f64 = text.parse().map_err(|_| fault(column, "is not a number of degrees"))?;
    if !britain.contains(&degrees) {
        return Err(fault(column, "is outside Britain (latitude 49 to 61, longitude -9 to 2)"));
    }
    Ok(Some((degrees * 1e6).round() as i32))
}

fn code(row: &Row<'_>, column: usize, list: &'static str) -> Result<Option<Code>, RowFault> {
    let text = row.get(column);
    if text.is_empty() {
        return Ok(None);
    }
    let entry = codes::list(list).and_then(|list| list.from_source(text));
    entry
        .map(|entry| Some(Code(entry.code.clone())))
        .ok_or_else(|| fault(column, format!("is not a value of the list {list}")))
}

fn yes_or_no(row: &Row<'_>, column: usize) -> Result<Option<bool>, RowFault> {
    match row.get(column) {
        "" => Ok(None),
        "True" => Ok(Some(true)),
        "False" => Ok(Some(false)),
        _ => Err(fault(column, "is neither True, False nor blank")),
    }
}

#[cfg(test)]
#[path = "stops_tests.rs"]
mod tests;
