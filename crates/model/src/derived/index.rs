//! What the search index holds of a record: its words, names, exact values, dates, numbers and
//! places by field, and one term for each rule, of which every completeness figure is a count.

use super::fields::Fields;
use super::show;
use super::validate::{self, State};
use crate::body::{Body, NotHeld};
use crate::field::{FieldDecl, SearchAs};
use crate::identifiers::{self, IdentifierKind, vrm};
use crate::ids::RecordId;
use crate::kind::Kind;
use crate::kinds::provenance;
use crate::value::{PartialDate, Place, Value};
use jiff::civil::Date;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// One record as the index takes it. The first of each pair is the field's path without row
/// numbers: `addresses.place`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexDocument {
    /// Running text.
    pub words: Vec<(String, String)>,
    /// Names of people.
    pub names: Vec<(String, String)>,
    /// Values found whole: codes, identifiers in canonical form, `true` and `false`. A registration
    /// mark stands under `vrm` and, look-alikes folded, under `vrm.look-alike`.
    pub exact: Vec<(String, String)>,
    /// Instants, microseconds since 1970-01-01T00:00:00Z.
    pub instants: Vec<(String, i64)>,
    /// Dates of which parts may be unknown.
    pub dates: Vec<(String, PartialDate)>,
    /// Numbers.
    pub numbers: Vec<(String, i64)>,
    /// Places.
    pub places: Vec<(String, Place)>,
    /// The records that it names: the ends of a link.
    pub refers: Vec<RecordId>,
    /// `applies:RULE`, with `answered:RULE` or what stands in its way: `missing:RULE`,
    /// `placeholder:RULE`, `not-in-source:RULE`, of several rows perhaps more than one;
    /// `possible-repeat`. Each once.
    pub terms: Vec<String>,
}

/// The document of a record, for an event of the day `on` ([`Kind::day_of`], or the day of the
/// writing where no event day is known).
#[must_use]
pub fn document(kind: &Kind, body: &Body, on: Date) -> IndexDocument {
    document_in(Fields::of(kind), body, on)
}

/// [`document`] with a force's own fields.
#[must_use]
pub fn document_in(fields: Fields<'_>, body: &Body, on: Date) -> IndexDocument {
    let mut document = IndexDocument::default();
    add_fields(fields, body, "", on, &mut document);
    document.terms = terms(fields, body, on);
    document
}

fn add_fields(fields: Fields<'_>, body: &Body, path: &str, on: Date, document: &mut IndexDocument) {
    for decl in fields.iter() {
        let Some(value) = body.value(decl.number) else { continue };
        let path = format!("{path}{}", decl.name());
        add_value(decl, value, &path, on, document);
        validate::each_row(decl, body, &mut |_, group, row| {
            add_fields(group, row, &format!("{path}."), on, document);
        });
    }
}

fn add_value(decl: &FieldDecl, value: &Value, path: &str, on: Date, document: &mut IndexDocument) {
    let path = || path.to_owned();
    match (decl.search_as, value) {
        (SearchAs::Words, Value::Text(text)) => document.words.push((path(), text.clone())),
        (SearchAs::Name, Value::Text(text)) => document.names.push((path(), text.clone())),
        (SearchAs::Exact, Value::Identifier(text)) => add_identifier(decl, text, &path(), on, document),
        (SearchAs::Exact, Value::Text(text)) => document.exact.push((path(), text.clone())),
        (SearchAs::Exact, Value::Code(code)) => add_code(decl, code, &path(), document),
        (SearchAs::Exact, Value::Bool(yes)) => document.exact.push((path(), yes.to_string())),
        (SearchAs::Exact, Value::Number(number)) => document.exact.push((path(), number.to_string())),
        (SearchAs::Exact, Value::Record(id)) => {
            document.exact.push((path(), id.to_string()));
            document.refers.push(RecordId(*id));
        }
        (SearchAs::Date, Value::Instant(micros)) => document.instants.push((path(), *micros)),
        (SearchAs::Date, Value::Date(date)) => document.dates.push((path(), *date)),
        (SearchAs::Number, Value::Number(number)) => document.numbers.push((path(), *number)),
        (SearchAs::Place, Value::Place(place)) => add_place(place, &path(), on, document),
        _ => {}
    }
}

/// A code is searched as it is stored and as people read it.
fn add_code(decl: &FieldDecl, code: &str, path: &str, document: &mut IndexDocument) {
    document.exact.push((path.to_owned(), code.to_owned()));
    let label = decl.code_list.map(|list| show::code_label(list, code));
    if let Some(label) = label.filter(|label| !label.eq_ignore_ascii_case(code)) {
        document.exact.push((path.to_owned(), label));
    }
}

fn add_identifier(decl: &FieldDecl, text: &str, path: &str, on: Date, document: &mut IndexDocument) {
    let Some(kind) = decl.identifier else { return };
    for form in identifiers::search_forms(kind, text, on.year()) {
        document.exact.push((path.to_owned(), form));
    }
    if kind == IdentifierKind::Vrm {
        document.exact.push((format!("{path}.look-alike"), vrm::look_alike(text)));
    }
}

/// The place itself, its words as running text, and its postcode as an exact value.
fn add_place(place: &Place, path: &str, on: Date, document: &mut IndexDocument) {
    document.places.push((path.to_owned(), place.clone()));
    if let Some(words) = &place.words {
        document.words.push((path.to_owned(), words.clone()));
    }
    if let Some(postcode) = &place.postcode {
        let reading = identifiers::read(IdentifierKind::Postcode, postcode, on.year());
        document.exact.push((format!("{path}.postcode"), reading.canonical));
    }
}

fn terms(fields: Fields<'_>, body: &Body, on: Date) -> Vec<String> {
    let mut terms = BTreeSet::new();
    add_terms(fields, body, on, &mut terms);
    let answered: Vec<String> = terms.iter().filter_map(|term| answered(term, &terms)).collect();
    terms.extend(answered);
    if is_possible_repeat(fields, body) {
        terms.insert("possible-repeat".to_owned());
    }
    terms.into_iter().collect()
}

/// The term of a rule that is answered wherever it applies.
fn answered(term: &str, terms: &BTreeSet<String>) -> Option<String> {
    let rule = term.strip_prefix("applies:")?;
    let stands = |word: &str| terms.contains(&format!("{word}:{rule}"));
    let is_open = ["missing", "placeholder", "not-in-source"].into_iter().any(stands);
    (!is_open).then(|| format!("answered:{rule}"))
}

fn add_terms(fields: Fields<'_>, body: &Body, on: Date, terms: &mut BTreeSet<String>) {
    for decl in fields.iter() {
        for rule in fields.rules(decl) {
            // What a source does not carry is counted whether the rule would have applied or not: the
            // source gives no answer to that either.
            if body.not_held(decl.number) == Some(NotHeld::NotInSource) {
                terms.insert(format!("not-in-source:{}", rule.name));
            }
            let word = match validate::state(decl, rule, body, on) {
                State::DoesNotApply => continue,
                State::Answered | State::NotInSource => None,
                State::Missing => Some("missing"),
                State::Placeholder => Some("placeholder"),
            };
            terms.insert(format!("applies:{}", rule.name));
            terms.extend(word.map(|word| format!("{word}:{}", rule.name)));
        }
        validate::each_row(decl, body, &mut |_, group, row| add_terms(group, row, on, terms));
    }
}

/// Whether the record came from a row whose equal had occurred in the same file before.
fn is_possible_repeat(fields: Fields<'_>, body: &Body) -> bool {
    let mut found = false;
    let is_origin =
        |decl: &&FieldDecl| decl.row_group.is_some_and(|group| group.name == provenance::GROUP.name);
    for decl in fields.iter().filter(is_origin) {
        validate::each_row(decl, body, &mut |_, _, row| {
            found = found || row.get(provenance::OCCURRENCE).is_some_and(|occurrence| occurrence > 1);
        });
    }
    found
}
