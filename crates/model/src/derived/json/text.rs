//! Correcting one field from text.

use super::read::{micro_degrees, not_held};
use super::{from_json_in, problem};
use crate::body::{Body, Slot};
use crate::derived::fields::Fields;
use crate::derived::form;
use crate::derived::show;
use crate::derived::validate::Problem;
use crate::field::{FieldDecl, Type};
use crate::value::{PartialDate, Place, Value};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::AmbiguousOffset;
use serde_json::json;

/// One step of a path.
struct Step<'a> {
    name: &'a str,
    row: Option<usize>,
    rest: Option<&'a str>,
}

fn step<'a>(path: &'a str, whole: &str) -> Result<Step<'a>, Problem> {
    let (head, rest) = form::first_of(path);
    let Some((name, index)) = head.split_once('[') else {
        return Ok(Step { name: head, row: None, rest });
    };
    let number = index.strip_suffix(']').and_then(|index| index.parse().ok()).filter(|at| *at > 0);
    let wrong = || {
        let mend = format!("“{head}” names no row; rows count from 1, as in {name}[1].");
        problem(whole, name, "field", mend)
    };
    Ok(Step { name, row: Some(number.ok_or_else(wrong)?), rest })
}

/// The body with the correction made.
pub(super) fn changed(fields: Fields<'_>, body: &Body, path: &str, text: &str) -> Result<Body, Problem> {
    change(fields, body, path.trim(), path.trim(), text)
}

fn change(fields: Fields<'_>, body: &Body, path: &str, whole: &str, text: &str) -> Result<Body, Problem> {
    let step = step(path, whole)?;
    let decl = fields.named(step.name).ok_or_else(|| unknown(fields, step.name, whole))?;
    match (decl.kind, step.row, step.rest) {
        (Type::Rows, Some(row), _) => change_row(decl, body, row, step.rest, whole, text),
        (Type::Place, None, Some(part)) => change_place(decl, body, part, whole, text),
        (_, None, None) => change_whole(fields, decl, body, whole, text),
        (Type::Rows, None, Some(rest)) => {
            let mend = format!("Say which row: {}[1].{rest}", step.name);
            Err(problem(whole, decl.label, "field", mend))
        }
        _ => {
            let mend = format!("“{}” has no parts or rows; write {}=…", step.name, step.name);
            Err(problem(whole, decl.label, "field", mend))
        }
    }
}

fn unknown(fields: Fields<'_>, name: &str, whole: &str) -> Problem {
    let names: Vec<String> = fields.iter().map(FieldDecl::name).collect();
    let mend = format!("There is no field “{name}”; the fields are {}.", names.join(", "));
    problem(whole, name, "field", mend)
}

fn change_row(
    decl: &FieldDecl,
    body: &Body,
    row: usize,
    rest: Option<&str>,
    whole: &str,
    text: &str,
) -> Result<Body, Problem> {
    let mut rows = match body.value(decl.number) {
        Some(Value::Rows(rows)) => rows.clone(),
        _ => Vec::new(),
    };
    let group = decl
        .row_group
        .ok_or_else(|| problem(whole, decl.label, "field", "This field has no rows.".into()))?;
    if row > rows.len() + 1 {
        let mend = format!("There are {} rows; row {} would be the next.", rows.len(), rows.len() + 1);
        return Err(problem(whole, decl.label, "field", mend));
    }
    let before = rows.get(row - 1).cloned().unwrap_or_default();
    let after = match rest {
        Some(rest) => change(Fields::of_group(group), &before, rest, whole, text)?,
        None if text.trim().is_empty() => Body::default(),
        None => row_from_json(group, decl, whole, text)?,
    };
    match (row <= rows.len(), after.is_empty()) {
        (true, true) => drop(rows.remove(row - 1)),
        (true, false) => rows[row - 1] = after,
        (false, true) => {}
        (false, false) => rows.push(after),
    }
    Ok(put_rows(body, decl.number, rows))
}

fn put_rows(body: &Body, number: u16, rows: Vec<Body>) -> Body {
    let mut body = body.clone();
    if rows.is_empty() {
        body.remove(number);
    } else {
        body.put(number, Slot::Held(Value::Rows(rows)));
    }
    body
}

fn row_from_json(
    group: &'static crate::Group,
    decl: &FieldDecl,
    whole: &str,
    text: &str,
) -> Result<Body, Problem> {
    let json = serde_json::from_str(text).map_err(|_| {
        let mend = format!("Name the field of the row, as in {}[1].{}=…", decl.name(), first_name(group));
        problem(whole, decl.label, "type", mend)
    })?;
    from_json_in(Fields::of_group(group), &json).map_err(|problems| first(problems, whole, decl))
}

fn first_name(group: &crate::Group) -> String {
    group.fields.first().map_or_else(String::new, FieldDecl::name)
}

fn first(problems: Vec<Problem>, whole: &str, decl: &FieldDecl) -> Problem {
    let otherwise = || problem(whole, decl.label, "type", format!("Give {}.", show::takes(decl.kind)));
    problems.into_iter().next().unwrap_or_else(otherwise)
}

fn change_place(decl: &FieldDecl, body: &Body, part: &str, whole: &str, text: &str) -> Result<Body, Problem> {
    let mut place = match body.value(decl.number) {
        Some(Value::Place(place)) => place.clone(),
        _ => Place::default(),
    };
    let given = Some(text.trim()).filter(|text| !text.is_empty());
    let degrees = || match given {
        None => Ok(None),
        Some(text) => text.parse().ok().and_then(micro_degrees).map(Some).ok_or_else(|| {
            problem(
                whole,
                decl.label,
                "type",
                format!("“{text}” is no number of degrees; write it as 51.507351."),
            )
        }),
    };
    match part {
        "words" => place.words = given.map(str::to_owned),
        "postcode" => place.postcode = given.map(str::to_owned),
        "latitude" => place.latitude = degrees()?,
        "longitude" => place.longitude = degrees()?,
        _ => {
            let mend = format!("A place has words, postcode, latitude and longitude, and no “{part}”.");
            return Err(problem(whole, decl.label, "field", mend));
        }
    }
    let mut body = body.clone();
    if place == Place::default() {
        body.remove(decl.number);
    } else {
        body.put(decl.number, Slot::Held(Value::Place(place)));
    }
    Ok(body)
}

fn change_whole(
    fields: Fields<'_>,
    decl: &FieldDecl,
    body: &Body,
    whole: &str,
    text: &str,
) -> Result<Body, Problem> {
    let mut body = body.clone();
    if text.trim().is_empty() {
        body.remove(decl.number);
        return Ok(body);
    }
    if let Some(why) = text.trim().strip_prefix("not-held:") {
        let why = not_held(&json!({ super::NOT_HELD: why.trim() })).ok_or_else(|| {
            let mend = "Write not-held:declined, not-held:not-known or not-held:not-in-source.";
            problem(whole, decl.label, "type", mend.to_owned())
        })?;
        body.put(decl.number, Slot::NotHeld(why));
        return Ok(body);
    }
    let value = match decl.kind {
        Type::Rows => rows_from_json(fields, decl, whole, text)?,
        _ => value(decl, text).map_err(|mend| problem(whole, decl.label, "type", mend))?,
    };
    body.put(decl.number, Slot::Held(value));
    Ok(body)
}

fn rows_from_json(fields: Fields<'_>, decl: &FieldDecl, whole: &str, text: &str) -> Result<Value, Problem> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|_| {
        let example = decl.row_group.map_or_else(String::new, first_name);
        problem(whole, decl.label, "type", format!("Say which row and field: {}[1].{example}=…", decl.name()))
    })?;
    let read = from_json_in(fields, &json!({ decl.name(): json }))
        .map_err(|problems| first(problems, whole, decl))?;
    read.value(decl.number).cloned().ok_or_else(|| first(Vec::new(), whole, decl))
}

/// The value that a text gives for a field; the mend where it gives none.
fn value(decl: &FieldDecl, text: &str) -> Result<Value, String> {
    let tidy = text.trim();
    let wrong = || format!("“{tidy}” is not {}; give {}.", article(decl.kind), show::takes(decl.kind));
    match decl.kind {
        Type::Bool => yes_or_no(tidy).map(Value::Bool).ok_or_else(wrong),
        Type::Text => Ok(Value::Text(text.to_owned())),
        Type::Number => tidy.parse().map(Value::Number).map_err(|_| wrong()),
        Type::Instant => instant(tidy).map(Value::Instant),
        Type::Date => date(tidy).map(Value::Date).ok_or_else(wrong),
        Type::Code => code(decl, tidy).map(Value::Code),
        Type::Identifier => Ok(Value::Identifier(tidy.to_owned())),
        Type::Place => Ok(Value::Place(place(tidy))),
        Type::Record => tidy.parse().map(Value::Record).map_err(|_| wrong()),
        Type::Rows => Err(wrong()),
    }
}

const fn article(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "an answer",
        Type::Number => "a whole number",
        Type::Date => "a date",
        Type::Record => "the identity of a record",
        _ => "a value of this field",
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" => Some(true),
        "no" | "n" | "false" => Some(false),
        _ => None,
    }
}

fn code(decl: &FieldDecl, text: &str) -> Result<String, String> {
    let list = decl.code_list.and_then(crate::codes::list).ok_or("This field has no list of codes.")?;
    if let Some(entry) = list.from_source(text) {
        return Ok(entry.code.clone());
    }
    let codes: Vec<&str> = list.codes.iter().map(|entry| entry.code.as_str()).collect();
    Err(format!("“{text}” is not in the list “{}”; it has {}.", list.title, codes.join(", ")))
}

/// A date as people write it: 1987-03-04, or 04/03/1987 in the British order.
fn date(text: &str) -> Option<PartialDate> {
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 => PartialDate::parse(&format!("{year}-{month:0>2}-{day:0>2}")),
        [month, year] if year.len() == 4 => PartialDate::parse(&format!("{year}-{month:0>2}")),
        _ => PartialDate::parse(text),
    }
}

/// Coordinates where the text is two numbers, otherwise words.
fn place(text: &str) -> Place {
    let coordinates = text.split_once(',').and_then(|(latitude, longitude)| {
        let read = |text: &str| text.trim().parse().ok().and_then(micro_degrees);
        Some((read(latitude)?, read(longitude)?))
    });
    match coordinates {
        Some((latitude, longitude)) => {
            Place { latitude: Some(latitude), longitude: Some(longitude), ..Place::default() }
        }
        None => Place { words: Some(text.to_owned()), ..Place::default() },
    }
}

/// An instant; London's clocks unless an offset is given. A time that those clocks showed twice or
/// never is refused, because only the writer knows which was meant.
fn instant(text: &str) -> Result<i64, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_microsecond());
    }
    let civil: DateTime =
        text.parse().map_err(|_| format!("“{text}” is no date and time; write it as 2024-01-02T03:04."))?;
    if civil.time() == jiff::civil::Time::midnight() && !text.contains(':') {
        return Err(format!("“{text}” has no time of day; write it as {}T03:04.", civil.date()));
    }
    let zoned = show::LONDON.to_ambiguous_zoned_datetime(civil);
    match zoned.offset() {
        AmbiguousOffset::Unambiguous { .. } => {}
        AmbiguousOffset::Gap { .. } => {
            return Err(format!("Clocks went forward over {text}, so that time never was; correct it."));
        }
        AmbiguousOffset::Fold { .. } => {
            return Err(format!(
                "Clocks went back over {text}, so that time was twice; add +01:00 or +00:00."
            ));
        }
    }
    zoned.compatible().map(|at| at.timestamp().as_microsecond()).map_err(|error| error.to_string())
}
