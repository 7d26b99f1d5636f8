//! Kinds that nothing here makes by hand: what their records say follows from their declarations.

use super::events::{self, day};
use super::people::Person;
use super::things::words;
use crate::random::Random;
use jiff::civil::Date;
use model::codes::CodeList;
use model::derived::{Fields, form};
use model::value::{PartialDate, Place, Value};
use model::{About, Body, FieldDecl, Group, Kind, SearchAs, Slot, Type};

/// Whom and what a record is of.
pub struct Of<'a> {
    /// Its subject.
    pub person: &'a Person,
    /// Where it happened.
    pub place: Place,
    /// When, in microseconds.
    pub at: i64,
}

/// A record of this kind, whole by the rules of its declaration.
pub fn body(random: &mut Random, kind: &'static Kind, of: &Of<'_>) -> Body {
    let mut body = filled(random, Fields::of(kind), of);
    if let Some(decl) = kind.happened.and_then(|number| kind.field(number)) {
        let value = match decl.kind {
            Type::Date => Value::Date(PartialDate::full(day(of.at))),
            _ => Value::Instant(of.at),
        };
        body.put(decl.number, Slot::Held(value));
    }
    body
}

fn filled(random: &mut Random, fields: Fields<'_>, of: &Of<'_>) -> Body {
    let mut body = Body::default();
    let typed: Vec<&FieldDecl> = fields.iter().filter(|decl| form::is_typed(decl)).collect();
    // What decides whether others are asked is answered before them, whatever its number.
    let (later, first): (Vec<&FieldDecl>, Vec<&FieldDecl>) =
        typed.into_iter().partition(|decl| decl.shown_when.is_some());
    for decl in first.into_iter().chain(later) {
        let is_asked = decl.shown_when.is_none_or(|when| when.holds(&body));
        let is_said = !decl.rules.is_empty() || random.happens(700);
        if let Some(value) = (is_asked && is_said).then(|| value(random, decl, of)).flatten() {
            body.put(decl.number, Slot::Held(value));
        }
    }
    body
}

/// `None` for what cannot be made from a declaration alone: an identifier, another record.
fn value(random: &mut Random, decl: &FieldDecl, of: &Of<'_>) -> Option<Value> {
    Some(match decl.kind {
        Type::Bool => Value::Bool(random.happens(500)),
        Type::Text => Value::Text(text(random, decl, of)?),
        Type::Number => {
            let (least, most) = decl.range.unwrap_or((1, 100));
            Value::Number(random.between(least, most))
        }
        Type::Instant => Value::Instant(of.at),
        Type::Date => Value::Date(PartialDate::full(day(of.at))),
        Type::Code => {
            let list = decl.code_list.and_then(model::codes::list)?;
            Value::Code(code(random, decl, list, of)?)
        }
        Type::Place => Value::Place(of.place.clone()),
        Type::Rows => Value::Rows(rows(random, decl.row_group?, of)),
        Type::Identifier | Type::Record => return None,
    })
}

fn text(random: &mut Random, decl: &FieldDecl, of: &Of<'_>) -> Option<String> {
    let name = &of.person.name;
    match (decl.about, decl.search_as) {
        (About::Officer, _) => Some(format!("{} Lampton", 1_000 + random.below(8_000))),
        (_, SearchAs::Name) => Some(format!("{} {}", name.forenames, name.surname).trim().to_owned()),
        (_, SearchAs::Words) => words(random, ACCOUNTS),
        _ => Some(format!("LX/{}", random.below(100_000))),
    }
}

const ACCOUNTS: &[&str] = &[
    "Kept pushing past us towards the door after being told to stop.",
    "Would not put the bottle down and squared up to a passer-by.",
    "Tried to run as the handcuffs went on; taken to the ground and held.",
    "Calm once it was explained why we were there.",
];

/// A code as the subject is, where the list is of what can be seen of them; otherwise the first ones more often.
fn code(random: &mut Random, decl: &FieldDecl, list: &CodeList, of: &Of<'_>) -> Option<String> {
    let on = day(of.at);
    let offered: Vec<&str> = list
        .codes
        .iter()
        .filter(|entry| entry.holds_on(on) && !entry.placeholder)
        .map(|entry| entry.code.as_str())
        .collect();
    let seen = (decl.about == About::Own).then(|| as_seen(list, &offered, of.person, on)).flatten();
    if offered.is_empty() {
        return None;
    }
    let any = offered.get(usize::try_from(random.ranked(offered.len() as u64)).ok()?);
    seen.or_else(|| any.copied()).map(str::to_owned)
}

fn as_seen<'a>(list: &CodeList, offered: &[&'a str], person: &Person, on: Date) -> Option<&'a str> {
    let age = i64::from(on.year() - person.born.year());
    let looks = match list.id.as_str() {
        "gender" => Some(if person.is_female { "female" } else { "male" }),
        "officer-defined-ethnicity" => Some(events::seen(&person.ethnicity)),
        _ => None,
    };
    match looks {
        Some(looks) => offered.iter().find(|code| **code == looks).copied(),
        None => offered.iter().find(|code| spans(code, age)).copied(),
    }
}

/// Whether a code such as `18-34` or `65-over` is a range of ages that holds this one.
fn spans(code: &str, age: i64) -> bool {
    let most = |most: &str| if most == "over" { Some(i64::MAX) } else { most.parse().ok() };
    let range = code.split_once('-').and_then(|(least, last)| Some((least.parse().ok()?, most(last)?)));
    range.is_some_and(|(least, most): (i64, i64)| (least..=most).contains(&age))
}

/// One row or two; where a row is a code alone, not the same twice.
fn rows(random: &mut Random, group: &'static Group, of: &Of<'_>) -> Vec<Body> {
    let mut rows: Vec<Body> = Vec::new();
    for _ in 0..=random.below(2) {
        let row = filled(random, Fields::of_group(group), of);
        if !row.is_empty() && !rows.contains(&row) {
            rows.push(row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_a_range_of_ages_is_read_as_one() {
        assert!(spans("65-over", 90) && !spans("65-over", 64));
        assert!(spans("18-34", 18) && spans("18-34", 34) && !spans("18-34", 35));
        assert!(!spans("ic1", 1) && !spans("not-known", 1));
    }
}
