//! Reading a record from JSON.

use super::{NOT_HELD, local_number, problem};
use crate::body::{Body, NotHeld, Slot};
use crate::derived::fields::Fields;
use crate::derived::show;
use crate::derived::validate::Problem;
use crate::field::{FieldDecl, Type};
use crate::value::{PartialDate, Place, Value};
use jiff::Timestamp;
use serde_json::Value as Json;

pub(super) fn body(fields: Fields<'_>, json: &Json, path: &str, problems: &mut Vec<Problem>) -> Body {
    let mut body = Body::default();
    let Some(members) = json.as_object() else {
        let mend = "Give an object whose members are the fields.".to_owned();
        problems.push(problem(path.trim_end_matches('.'), "Record", "type", mend));
        return body;
    };
    for (name, json) in members {
        let path = format!("{path}{name}");
        match slot(fields, name, json, &path, problems) {
            Ok(Some((number, slot))) => {
                body.put(number, slot);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    body
}

/// The field and slot of one member; `None` where its own problems are already noted.
fn slot(
    fields: Fields<'_>,
    name: &str,
    json: &Json,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Result<Option<(u16, Slot)>, Problem> {
    let Some(decl) = fields.named(name) else {
        return undeclared(fields, name, json, path).map(Some);
    };
    if let Some(why) = not_held(json) {
        return Ok(Some((decl.number, Slot::NotHeld(why))));
    }
    if decl.kind == Type::Rows {
        return rows(decl, json, path, problems)
            .map(|rows| Some((decl.number, Slot::Held(Value::Rows(rows)))));
    }
    let value = value(decl.kind, json).ok_or_else(|| wrong_type(decl, path))?;
    Ok(Some((decl.number, Slot::Held(value))))
}

fn wrong_type(decl: &FieldDecl, path: &str) -> Problem {
    problem(path, decl.label, "type", format!("Give {}.", show::takes(decl.kind)))
}

/// A force's own field that is not declared here comes with its number and its type.
fn undeclared(fields: Fields<'_>, name: &str, json: &Json, path: &str) -> Result<(u16, Slot), Problem> {
    let read = || {
        let number = local_number(name)?;
        let slot = match not_held(json) {
            Some(why) => Slot::NotHeld(why),
            None => Slot::Held(serde_json::from_value(json.clone()).ok()?),
        };
        Some((number, slot))
    };
    read().ok_or_else(|| {
        let names: Vec<String> = fields.iter().map(FieldDecl::name).collect();
        problem(
            path,
            name,
            "field",
            format!("There is no field “{name}”; the fields are {}.", names.join(", ")),
        )
    })
}

fn rows(
    decl: &FieldDecl,
    json: &Json,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Body>, Problem> {
    let (Some(items), Some(group)) = (json.as_array(), decl.row_group) else {
        return Err(wrong_type(decl, path));
    };
    let items = (1..).zip(items);
    Ok(items
        .map(|(at, item)| body(Fields::of_group(group), item, &format!("{path}[{at}]."), problems))
        .collect())
}

pub(super) fn not_held(json: &Json) -> Option<NotHeld> {
    let members = json.as_object().filter(|members| members.len() == 1)?;
    serde_json::from_value(members.get(NOT_HELD)?.clone()).ok()
}

fn value(kind: Type, json: &Json) -> Option<Value> {
    let text = || json.as_str().map(str::to_owned);
    match kind {
        Type::Bool => json.as_bool().map(Value::Bool),
        Type::Text => text().map(Value::Text),
        Type::Number => json.as_i64().map(Value::Number),
        Type::Instant => instant(json).map(Value::Instant),
        Type::Date => PartialDate::parse(json.as_str()?).map(Value::Date),
        Type::Code => text().map(Value::Code),
        Type::Identifier => text().map(Value::Identifier),
        Type::Place => place(json).map(Value::Place),
        Type::Record => json.as_str()?.parse().ok().map(Value::Record),
        Type::Rows => None,
    }
}

fn instant(json: &Json) -> Option<i64> {
    match json.as_str() {
        Some(text) => text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond),
        None => json.as_i64(),
    }
}

fn place(json: &Json) -> Option<Place> {
    let members = json.as_object()?;
    let mut place = Place::default();
    for (name, member) in members {
        match name.as_str() {
            "latitude" => place.latitude = Some(micro_degrees(member.as_f64()?)?),
            "longitude" => place.longitude = Some(micro_degrees(member.as_f64()?)?),
            "words" => place.words = Some(member.as_str()?.to_owned()),
            "postcode" => place.postcode = Some(member.as_str()?.to_owned()),
            _ => return None,
        }
    }
    Some(place)
}

/// Degrees as whole millionths; `None` for what no i32 holds.
pub(super) fn micro_degrees(degrees: f64) -> Option<i32> {
    let micro = (degrees * 1e6).round();
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&micro);
    // Checked just above to lie within the type.
    fits.then_some(micro as i32)
}
