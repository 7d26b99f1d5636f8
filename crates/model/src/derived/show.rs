//! How values look to people: code labels, Europe/London times, plain words for what is not held.

use super::fields::Fields;
use crate::body::{Body, NotHeld, Slot};
use crate::field::{FieldDecl, Type};
use crate::kind::Kind;
use crate::value::{PartialDate, Place, Value};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

#[cfg(test)]
mod tests;

/// Where our people's clocks are. Compiled in, so that no machine can lack it.
pub const LONDON: TimeZone = jiff::tz::get!("Europe/London");

/// One line of a record as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Path of the field: `names[1].surname`.
    pub field: String,
    /// Label, with those of the rows that it stands in.
    pub label: String,
    /// What is held, or why nothing is.
    pub text: String,
    /// Fact, opinion, allegation or assessment (DPA 2018 s.38(2)).
    pub class: &'static str,
    /// Sensitive processing (DPA 2018 s.35(8)).
    pub sensitive: bool,
}

/// One line to recognise a record by in a list.
#[must_use]
pub fn summary(kind: &Kind, body: &Body) -> String {
    (kind.summary)(body)
}

/// The record line by line, rows included, in the order of the declaration.
#[must_use]
pub fn lines(kind: &Kind, body: &Body) -> Vec<Line> {
    lines_in(Fields::of(kind), body)
}

/// [`lines`] with a force's own fields.
#[must_use]
pub fn lines_in(fields: Fields<'_>, body: &Body) -> Vec<Line> {
    let mut lines = Vec::new();
    add_lines(fields, body, "", "", &mut lines);
    lines
}

fn add_lines(fields: Fields<'_>, body: &Body, path: &str, label: &str, lines: &mut Vec<Line>) {
    for (number, slot) in body.slots() {
        let Some(decl) = fields.number(number) else {
            lines.push(unknown_line(number, slot, path, label));
            continue;
        };
        let (path, label) = (format!("{path}{}", decl.name()), format!("{label}{}", decl.label));
        match (slot, decl.row_group) {
            (Slot::Held(Value::Rows(rows)), Some(group)) => {
                for (at, row) in (1..).zip(rows) {
                    let inner = (format!("{path}[{at}]."), format!("{label} {at}: "));
                    add_lines(Fields::of_group(group), row, &inner.0, &inner.1, lines);
                }
            }
            _ => lines.push(Line {
                field: path,
                label,
                text: slot_text(decl, slot),
                class: decl.class.word(),
                sensitive: fields.is_sensitive(decl),
            }),
        }
    }
}

/// A field that this release does not know is shown all the same: nothing held is hidden.
fn unknown_line(number: u16, slot: &Slot, path: &str, label: &str) -> Line {
    let text = undeclared_text(slot);
    let label = format!("{label}Field {number}, unknown to this release");
    Line { field: format!("{path}{number}"), label, text, class: "fact", sensitive: true }
}

/// A slot of a field that this release does not know.
#[must_use]
pub fn undeclared_text(slot: &Slot) -> String {
    match slot {
        Slot::Held(value) => plain(value),
        Slot::NotHeld(why) => not_held(*why).to_owned(),
    }
}

/// A slot as people see it.
#[must_use]
pub fn slot_text(decl: &FieldDecl, slot: &Slot) -> String {
    match slot {
        Slot::Held(value) => text_of(decl, value),
        Slot::NotHeld(why) => not_held(*why).to_owned(),
    }
}

/// Why there is nothing, in plain words.
#[must_use]
pub const fn not_held(why: NotHeld) -> &'static str {
    match why {
        NotHeld::NotInSource => "Not in this source",
        NotHeld::Declined => "Asked and declined",
        NotHeld::NotKnown => "Asked and not known",
        NotHeld::Erased => "Erased by law",
    }
}

/// A value as people see it.
#[must_use]
pub fn text_of(decl: &FieldDecl, value: &Value) -> String {
    match (value, decl.code_list, decl.row_group) {
        (Value::Code(code), Some(list), _) => code_label(list, code),
        (Value::Rows(rows), _, Some(group)) => {
            let rows = rows.iter().map(|row| row_text(Fields::of_group(group), row));
            rows.collect::<Vec<_>>().join("; ")
        }
        _ => plain(value),
    }
}

fn row_text(fields: Fields<'_>, row: &Body) -> String {
    let parts = row.slots().map(|(number, slot)| match fields.number(number) {
        Some(decl) => format!("{}: {}", decl.label, slot_text(decl, slot)),
        None => format!("Field {number}: {}", undeclared_text(slot)),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// A value without its declaration.
fn plain(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::Text(text) | Value::Code(text) | Value::Identifier(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Instant(micros) => instant(*micros),
        Value::Date(partial) => date(*partial),
        Value::Place(held) => place(held),
        Value::Record(id) => id.to_string(),
        Value::Rows(rows) => format!("{} rows", rows.len()),
    }
}

/// The label of a code; the code itself where the list does not have it.
#[must_use]
pub fn code_label(list: &str, code: &str) -> String {
    crate::codes::list(list).map_or_else(|| code.to_owned(), |list| list.label(code).to_owned())
}

/// An instant on London's clocks; `None` outside the years that clocks have.
#[must_use]
pub fn london(micros: i64) -> Option<ZonedDateTime> {
    Some(Timestamp::from_microsecond(micros).ok()?.to_zoned_datetime(LONDON))
}

/// `2 January 2024, 03:04 GMT`; seconds only where there are some.
#[must_use]
pub fn instant(micros: i64) -> String {
    let Some(at) = london(micros) else {
        return format!("{micros} microseconds after 1970");
    };
    let form = if at.second() == 0 { "%-d %B %Y, %H:%M %Z" } else { "%-d %B %Y, %H:%M:%S %Z" };
    at.strftime(form).to_string()
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `4 March 1987`, `March 1987`, `1987`; a part that is not known between two that are is said.
#[must_use]
pub fn date(date: PartialDate) -> String {
    let month = date.month.and_then(|month| MONTHS.get(usize::try_from(month - 1).ok()?).copied());
    match (date.day, month, date.year) {
        (Some(day), Some(month), Some(year)) => format!("{day} {month} {year}"),
        (Some(day), Some(month), None) => format!("{day} {month}, year not known"),
        (None, Some(month), Some(year)) => format!("{month} {year}"),
        (None, Some(month), None) => format!("{month}, year not known"),
        (Some(day), None, Some(year)) => format!("day {day} of a month not known, {year}"),
        (None, None, Some(year)) => year.to_string(),
        (Some(day), None, None) => format!("day {day}, month and year not known"),
        (None, None, None) => "date not known".to_owned(),
    }
}

/// Words, postcode, and coordinates where there are no words.
#[must_use]
pub fn place(place: &Place) -> String {
    let words = place.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let postcode = place.postcode.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let named: Vec<&str> = words.into_iter().chain(postcode).collect();
    if !named.is_empty() {
        return named.join(", ");
    }
    match place.degrees() {
        Some((latitude, longitude)) => format!("{latitude:.6}, {longitude:.6}"),
        None => "place not given".to_owned(),
    }
}

/// The parts that there are, with commas; `otherwise` where there are none.
#[must_use]
pub fn joined(parts: impl IntoIterator<Item = Option<String>>, otherwise: &str) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    if parts.is_empty() { otherwise.to_owned() } else { parts.join(", ") }
}

/// What a field of this type takes, for messages.
#[must_use]
pub const fn takes(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "yes or no",
        Type::Text => "text",
        Type::Number => "a whole number",
        Type::Instant => "a date and time, as 2024-01-02T03:04",
        Type::Date => "a date, as 1987-03-04, 1987-03 or 1987",
        Type::Code => "a code of its list",
        Type::Identifier => "an identifier as it was given",
        Type::Place => "a place: words, postcode, or latitude and longitude",
        Type::Record => "the identity of a record",
        Type::Rows => "rows",
    }
}
