//! Records as JSON: an object of the field names. What is not held is `{"not-held": "declined"}`;
//! instants are RFC 3339 in UTC; coordinates are degrees.

use super::fields::Fields;
use super::validate::Problem;
use crate::body::{Body, NotHeld, Slot};
use crate::field::{FieldDecl, Type};
use crate::kind::{FIRST_LOCAL_FIELD, FIRST_PLAIN_COLUMN, Kind};
use crate::value::{Place, Value};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

mod read;
mod text;

#[cfg(test)]
mod tests;

/// The member that says why a field has no value.
pub(crate) const NOT_HELD: &str = "not-held";

/// A record as JSON.
#[must_use]
pub fn to_json(kind: &Kind, body: &Body) -> Json {
    to_json_in(Fields::of(kind), body)
}

/// [`to_json`] with a force's own fields.
#[must_use]
pub fn to_json_in(fields: Fields<'_>, body: &Body) -> Json {
    let members = body.slots().map(|(number, slot)| match fields.number(number) {
        Some(decl) => (decl.name(), slot_json(decl, slot)),
        None => (number.to_string(), unknown_json(slot)),
    });
    Json::Object(members.collect())
}

/// Reads a record from JSON.
///
/// # Errors
/// Every member that is not as the declaration says.
pub fn from_json(kind: &Kind, json: &Json) -> Result<Body, Vec<Problem>> {
    from_json_in(Fields::of(kind), json)
}

/// [`from_json`] with a force's own fields.
///
/// # Errors
/// As [`from_json`].
pub fn from_json_in(fields: Fields<'_>, json: &Json) -> Result<Body, Vec<Problem>> {
    let mut problems = Vec::new();
    let body = read::body(fields, json, "", &mut problems);
    if problems.is_empty() { Ok(body) } else { Err(problems) }
}

/// Corrects one field from text, as `outcome=arrest` on a command line: `path` is `outcome`,
/// `place.words`, `names[1].surname` (rows count from 1; one past the last adds a row). Times are
/// London's unless the text gives an offset. An empty text takes the value away;
/// `not-held:declined` says why there is none.
///
/// # Errors
/// The problem with the path or the text; the body is then as before.
pub fn set_from_text(kind: &Kind, body: &mut Body, path: &str, text: &str) -> Result<(), Problem> {
    set_from_text_in(Fields::of(kind), body, path, text)
}

/// [`set_from_text`] with a force's own fields.
///
/// # Errors
/// As [`set_from_text`].
pub fn set_from_text_in(fields: Fields<'_>, body: &mut Body, path: &str, text: &str) -> Result<(), Problem> {
    let changed = text::changed(fields, body, path, text)?;
    *body = changed;
    Ok(())
}

fn slot_json(decl: &FieldDecl, slot: &Slot) -> Json {
    match slot {
        Slot::Held(value) if is_of_type(decl.kind, value) => value_json(decl, value),
        _ => unknown_json(slot),
    }
}

/// What the declaration does not know is written with its own type, so that nothing is lost.
fn unknown_json(slot: &Slot) -> Json {
    match slot {
        Slot::Held(value) => serde_json::to_value(value).unwrap_or(Json::Null),
        Slot::NotHeld(why) => not_held_json(*why),
    }
}

/// `{"not-held": "declined"}`.
pub(crate) fn not_held_json(why: NotHeld) -> Json {
    json!({ NOT_HELD: why })
}

fn is_of_type(kind: Type, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Type::Bool, Value::Bool(_))
            | (Type::Text, Value::Text(_))
            | (Type::Number, Value::Number(_))
            | (Type::Instant, Value::Instant(_))
            | (Type::Date, Value::Date(_))
            | (Type::Code, Value::Code(_))
            | (Type::Identifier, Value::Identifier(_))
            | (Type::Place, Value::Place(_))
            | (Type::Record, Value::Record(_))
            | (Type::Rows, Value::Rows(_))
    )
}

fn value_json(decl: &FieldDecl, value: &Value) -> Json {
    match value {
        Value::Bool(yes) => json!(yes),
        Value::Text(text) | Value::Code(text) | Value::Identifier(text) => json!(text),
        Value::Number(number) => json!(number),
        Value::Instant(micros) => instant_json(*micros),
        Value::Date(date) => json!(date.to_string()),
        Value::Place(place) => place_json(place),
        Value::Record(id) => json!(id.to_string()),
        Value::Rows(rows) => {
            let write = |row: &Body| match decl.row_group {
                Some(group) => to_json_in(Fields::of_group(group), row),
                None => json!(row),
            };
            Json::Array(rows.iter().map(write).collect())
        }
    }
}

/// An instant outside the years that calendars have is written as its microseconds.
fn instant_json(micros: i64) -> Json {
    Timestamp::from_microsecond(micros).map_or_else(|_| json!(micros), |at| json!(at.to_string()))
}

fn place_json(place: &Place) -> Json {
    let mut members = Map::new();
    let degrees = |micro: i32| json!(f64::from(micro) / 1e6);
    let parts = [
        ("latitude", place.latitude.map(degrees)),
        ("longitude", place.longitude.map(degrees)),
        ("words", place.words.as_ref().map(|words| json!(words))),
        ("postcode", place.postcode.as_ref().map(|code| json!(code))),
    ];
    for (name, part) in parts {
        if let Some(part) = part {
            members.insert(name.to_owned(), part);
        }
    }
    Json::Object(members)
}

/// The number that a member name gives for a field which is not declared here.
fn local_number(name: &str) -> Option<u16> {
    let number = name.parse().ok()?;
    (FIRST_LOCAL_FIELD..FIRST_PLAIN_COLUMN).contains(&number).then_some(number)
}

fn problem(path: &str, label: &str, rule: &'static str, mend: String) -> Problem {
    Problem {
        field: path.to_owned(),
        label: label.to_owned(),
        rule,
        law: "Every field has one name and one type".to_owned(),
        mend,
        stops: true,
    }
}
