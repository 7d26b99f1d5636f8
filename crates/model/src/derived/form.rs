//! A record as the texts of a form, and back: one text for each control, named by the path that
//! [`super::json::set_from_text`] takes (`outcome`, `place.words`, `names[1].surname`). What nobody
//! touched stays as it is held, whatever a form can show of it.

use super::fields::Fields;
use super::json;
use super::show;
use super::validate::Problem;
use crate::body::{Body, NotHeld, Slot};
use crate::field::FieldDecl;
use crate::kind::{Group, LOCAL};
use crate::value::{Place, Value};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// Texts by the path of their control. An empty text says nothing.
pub type Texts = BTreeMap<String, String>;

/// Whether people fill this field in: where a record came from, the system writes.
#[must_use]
pub fn is_typed(decl: &FieldDecl) -> bool {
    decl.row_group.is_none_or(|group| group.name != crate::kinds::provenance::GROUP.name)
}

/// The texts that stand in the form of a record.
#[must_use]
pub fn texts(fields: Fields<'_>, body: &Body) -> Texts {
    let mut texts = Texts::new();
    for decl in fields.iter().filter(|decl| is_typed(decl)) {
        add(decl, body, "", &mut texts);
    }
    texts
}

/// The body that the texts of a form give, on what was held before.
///
/// # Errors
/// Every text that cannot be read, by the path of its control.
pub fn body_of(fields: Fields<'_>, before: &Body, typed: &Texts) -> Result<Body, Vec<Problem>> {
    let (mut body, mut problems) = (before.clone(), Vec::new());
    for decl in fields.iter().filter(|decl| is_typed(decl)) {
        let (mut held, name) = (Texts::new(), decl.name());
        add(decl, before, "", &mut held);
        let said = of_field(typed, &name);
        if said == of_field(&held, &name) {
            continue;
        }
        match read(fields, decl, &said) {
            Ok(Some(slot)) => drop(body.put(decl.number, slot)),
            Ok(None) => drop(body.remove(decl.number)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(body) } else { Err(problems) }
}

/// What somebody typed on the version that they had before them, put on the newest: each field that they
/// changed as they typed it, the others as they are now.
#[must_use]
pub fn on_newest(fields: Fields<'_>, before: &Body, newest: &Body, typed: &Texts) -> Texts {
    let (before, newest) = (texts(fields, before), texts(fields, newest));
    let of_each = fields.iter().flat_map(|decl| {
        let name = decl.name();
        let said = of_field(typed, &name);
        if said == of_field(&before, &name) { of_field(&newest, &name) } else { said }
    });
    of_each.collect()
}

/// The texts with their rows numbered from 1 on without a gap, rows within rows too, and without rows that
/// say nothing.
#[must_use]
pub fn without_gaps(typed: &Texts) -> Texts {
    let mut tidy = Texts::new();
    let mut rows: BTreeMap<(&str, usize), Texts> = BTreeMap::new();
    for (path, text) in typed {
        match row_of(path) {
            Some((name, row, rest)) => {
                drop(rows.entry((name, row)).or_default().insert(rest.to_owned(), text.clone()));
            }
            None => drop(tidy.insert(path.clone(), text.clone())),
        }
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for ((name, _), row) in rows.iter().filter(|(_, row)| row.values().any(|text| !text.trim().is_empty())) {
        let number = numbers.entry(name).or_default();
        *number += 1;
        let row = without_gaps(row).into_iter();
        tidy.extend(row.map(|(rest, text)| (format!("{name}[{number}].{rest}"), text)));
    }
    tidy
}

/// How many rows the texts say something of, of a field by its path.
#[must_use]
pub fn rows(typed: &Texts, path: &str) -> usize {
    let number = |held: &String| held.strip_prefix(path)?.strip_prefix('[')?.split_once(']')?.0.parse().ok();
    typed.keys().filter_map(number).max().unwrap_or(0)
}

/// The field at the head of a path, with its row where it has one, and what stands behind the point.
#[must_use]
pub fn first_of(path: &str) -> (&str, Option<&str>) {
    // The name of a force's own field has a point in it.
    let name_from = if path.starts_with(LOCAL) { LOCAL.len() } else { 0 };
    match path[name_from..].find('.').map(|at| name_from + at) {
        Some(at) => (&path[..at], Some(&path[at + 1..])),
        None => (path, None),
    }
}

/// Field, row and the rest of a path within a row.
#[must_use]
pub fn row_of(path: &str) -> Option<(&str, usize, &str)> {
    let (name, rest) = path.split_once('[')?;
    let (row, rest) = rest.split_once("].")?;
    Some((name, row.parse().ok().filter(|row| *row > 0)?, rest))
}

/// The texts of one field that say something.
fn of_field(typed: &Texts, name: &str) -> Texts {
    let is_of = |path: &str| {
        path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let said = typed.iter().filter(|(path, text)| is_of(path) && !text.trim().is_empty());
    said.map(|(path, text)| (path.clone(), text.clone())).collect()
}

fn add(decl: &FieldDecl, body: &Body, before: &str, texts: &mut Texts) {
    let path = format!("{before}{}", decl.name());
    match body.slot(decl.number) {
        None | Some(Slot::NotHeld(NotHeld::Erased)) => {}
        Some(Slot::NotHeld(why)) => drop(texts.insert(path, format!("not-held:{}", word(*why)))),
        Some(Slot::Held(value)) => add_value(decl, value, path, texts),
    }
}

const fn word(why: NotHeld) -> &'static str {
    match why {
        NotHeld::NotInSource => "not-in-source",
        NotHeld::Declined => "declined",
        NotHeld::NotKnown => "not-known",
        NotHeld::Erased => "erased",
    }
}

fn add_value(decl: &FieldDecl, value: &Value, path: String, texts: &mut Texts) {
    match (value, decl.row_group) {
        (Value::Rows(rows), Some(group)) => {
            for (at, row) in (1..).zip(rows) {
                for field in group.fields {
                    add(field, row, &format!("{path}[{at}]."), texts);
                }
            }
        }
        (Value::Place(place), _) => add_place(place, &path, texts),
        _ => drop(texts.insert(path, text_of(value))),
    }
}

fn add_place(place: &Place, path: &str, texts: &mut Texts) {
    let degrees = |micro: Option<i32>| micro.map(|micro| format!("{:.6}", f64::from(micro) / 1e6));
    let parts = [
        ("words", place.words.clone()),
        ("postcode", place.postcode.clone()),
        ("latitude", degrees(place.latitude)),
        ("longitude", degrees(place.longitude)),
    ];
    let said = parts.into_iter().filter_map(|(part, text)| Some((part, text?)));
    texts.extend(said.map(|(part, text)| (format!("{path}.{part}"), text)));
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Text(text) | Value::Code(text) | Value::Identifier(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Instant(micros) => instant(*micros),
        Value::Date(date) => date.to_string(),
        Value::Record(id) => id.to_string(),
        Value::Place(_) | Value::Rows(_) => String::new(),
    }
}

/// London's clocks without an offset, as long as they showed that time once and to the second.
fn instant(micros: i64) -> String {
    let Some(at) = show::london(micros) else { return micros.to_string() };
    let civil = at.datetime();
    let once = !show::LONDON.to_ambiguous_zoned_datetime(civil).is_ambiguous();
    match (once, civil.second(), civil.subsec_nanosecond()) {
        (true, 0, 0) => civil.strftime("%Y-%m-%dT%H:%M").to_string(),
        (true, _, 0) => civil.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        _ => at.timestamp().to_string(),
    }
}

/// The slot that the texts of one field give.
fn read(fields: Fields<'_>, decl: &FieldDecl, said: &Texts) -> Result<Option<Slot>, Vec<Problem>> {
    match decl.row_group {
        Some(group) if !said.contains_key(&decl.name()) => read_rows(decl, group, said),
        _ => read_whole(fields, decl, said),
    }
}

fn read_whole(fields: Fields<'_>, decl: &FieldDecl, said: &Texts) -> Result<Option<Slot>, Vec<Problem>> {
    let (mut body, mut problems) = (Body::default(), Vec::new());
    for (path, text) in said {
        let set = json::set_from_text_in(fields, &mut body, path, text);
        problems.extend(set.err().map(|problem| Problem { field: path.clone(), ..problem }));
    }
    if problems.is_empty() { Ok(body.remove(decl.number)) } else { Err(problems) }
}

fn read_rows(decl: &FieldDecl, group: &Group, said: &Texts) -> Result<Option<Slot>, Vec<Problem>> {
    let (mut rows, mut problems): (BTreeMap<usize, Body>, _) = (BTreeMap::new(), Vec::new());
    for (path, text) in said {
        let Some((_, row, rest)) = row_of(path) else { continue };
        let body = rows.entry(row).or_default();
        let set = json::set_from_text_in(Fields::of_group(group), body, rest, text);
        problems.extend(set.err().map(|problem| Problem {
            field: path.clone(),
            label: format!("{} {row}: {}", decl.label, problem.label),
            ..problem
        }));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let rows: Vec<Body> = rows.into_values().filter(|row| !row.is_empty()).collect();
    Ok((!rows.is_empty()).then_some(Slot::Held(Value::Rows(rows))))
}
