//! What an erasure takes, in words before it runs, and as octets that a scan looks for after it.

use super::fields::Fields;
use super::validate;
use crate::body::Body;
use crate::field::{FieldDecl, SearchAs, Type};
use crate::identifiers::{self, IdentifierKind, vrm};
use crate::kind::Kind;
use crate::kinds::{link, provenance};
use crate::value::{Place, Value};
use std::collections::BTreeSet;

mod vocabulary;

#[cfg(test)]
mod tests;

/// Shortest text that a scan can look for: anything shorter stands in every large file by chance.
const SHORTEST_TEXT: usize = 6;
/// Shortest canonical encoding that a scan can look for.
const SHORTEST_ENCODING: usize = 8;
/// Numbers below this encode to octets that are nearly all zero, which every database holds.
const TELLING_NUMBER: u64 = 1 << 32;

/// What an erasure looks for, of one body: in files, and in what queries say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sought {
    /// Plaintext tokens, as [`tokens`] gives them.
    pub tokens: Vec<Vec<u8>>,
    /// Names of people word by word: a query may be as short as “Li”, which a scan of files could
    /// not look for.
    pub names: Vec<String>,
}

/// What an erasure of the record, or of one field, looks for.
#[must_use]
pub fn sought(kind: &Kind, body: &Body, field: Option<u16>) -> Sought {
    let mut part = Body::default();
    for (number, slot) in body.slots().filter(|(number, _)| field.is_none_or(|field| field == *number)) {
        part.put(number, slot.clone());
    }
    let document = super::index::document(kind, &part, jiff::civil::Date::ZERO);
    let names = document.names.iter().flat_map(|(_, name)| words(name)).collect();
    Sought { tokens: tokens(kind, body, field), names }
}

/// The words of a text in lower case, those of one letter left out.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.chars().count() >= 2).collect()
}

/// The plaintext tokens that a scan looks for after an erasure of the record, or of one field:
/// texts, identifiers as given and canonical, words, and canonical encodings. Never what the store
/// holds plainly by design (identities of records, the time of the event, names of imported
/// files) or what our own schema says. Ascending, each once.
#[must_use]
pub fn tokens(kind: &Kind, body: &Body, field: Option<u16>) -> Vec<Vec<u8>> {
    tokens_in(Fields::of(kind), kind, body, field)
}

/// [`tokens`] with a force's own fields.
#[must_use]
pub fn tokens_in(fields: Fields<'_>, kind: &Kind, body: &Body, field: Option<u16>) -> Vec<Vec<u8>> {
    let mut tokens = Tokens::default();
    for (number, _) in body.slots().filter(|(number, _)| field.is_none_or(|field| field == *number)) {
        if !is_plain_column(kind, number) {
            tokens.add_field(fields, number, body);
        }
    }
    tokens.found.into_iter().collect()
}

/// Whether a field is a plain column of the store besides: a scan would find it in its place, and the type of one
/// link in those of others.
fn is_plain_column(kind: &Kind, field: u16) -> bool {
    kind.happened == Some(field) || (kind.number == link::KIND.number && field == link::TYPE.number())
}

#[derive(Default)]
struct Tokens {
    found: BTreeSet<Vec<u8>>,
}

impl Tokens {
    fn add_field(&mut self, fields: Fields<'_>, number: u16, body: &Body) {
        let Some(value) = body.value(number) else { return };
        self.add_encoding(value);
        let decl = fields.number(number);
        if decl.is_some_and(is_origin) {
            return;
        }
        match value {
            Value::Text(text) if decl.is_some_and(|decl| decl.search_as == SearchAs::Name) => {
                self.add_name(text)
            }
            Value::Text(text) => self.add_text(text),
            Value::Identifier(text) => self.add_identifier(decl.and_then(|decl| decl.identifier), text),
            Value::Place(place) => self.add_place(place),
            _ => {}
        }
        let Some(decl) = decl else { return };
        validate::each_row(decl, body, &mut |_, group, row| {
            for (number, _) in row.slots() {
                self.add_field(group, number, row);
            }
        });
    }

    fn add_encoding(&mut self, value: &Value) {
        let is_telling = match value {
            Value::Record(_) | Value::Bool(_) | Value::Date(_) => false,
            Value::Number(number) => number.unsigned_abs() >= TELLING_NUMBER,
            _ => true,
        };
        let encoding = value.encode();
        if is_telling && encoding.len() >= SHORTEST_ENCODING {
            self.found.insert(encoding);
        }
    }

    /// The whole text and its words, as written and in lower case as an index would hold them.
    fn add_text(&mut self, text: &str) {
        self.add_octets(text.trim());
        let is_part = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-');
        for word in text.split(is_part).filter(|word| word.chars().count() >= SHORTEST_TEXT) {
            self.add_octets(word);
        }
    }

    /// A name is looked for even where it is a common word: a person may be called Officer.
    fn add_name(&mut self, text: &str) {
        self.add_certain(text.trim());
        text.split_whitespace().for_each(|part| self.add_certain(part));
    }

    fn add_octets(&mut self, text: &str) {
        if !vocabulary::holds(&text.to_lowercase()) {
            self.add_certain(text);
        }
    }

    fn add_certain(&mut self, text: &str) {
        if text.len() >= SHORTEST_TEXT {
            self.found.insert(text.as_bytes().to_vec());
            self.found.insert(text.to_lowercase().into_bytes());
        }
    }

    fn add_identifier(&mut self, kind: Option<IdentifierKind>, text: &str) {
        self.add_octets(text.trim());
        let Some(kind) = kind else { return };
        // All that the present year decides is the century of a PNCID, so each century is looked for.
        for year in [2000, 2099] {
            for form in identifiers::search_forms(kind, text, year) {
                self.add_octets(&form);
            }
        }
        if kind == IdentifierKind::Vrm {
            self.add_octets(&vrm::look_alike(text));
        }
    }

    fn add_place(&mut self, place: &Place) {
        if let Some(words) = &place.words {
            self.add_text(words);
        }
        if let Some(postcode) = &place.postcode {
            self.add_identifier(Some(IdentifierKind::Postcode), postcode);
        }
    }
}

/// Connector, file and licence name a publication, not a person, and stand in the run's own report.
fn is_origin(decl: &FieldDecl) -> bool {
    decl.row_group.is_some_and(|group| group.name == provenance::GROUP.name)
}

/// What an erasure of a record of this kind, or of one of its fields, takes, in words.
#[must_use]
pub fn plan_lines(kind: &Kind, field: Option<u16>) -> Vec<String> {
    plan_lines_in(Fields::of(kind), kind, field)
}

/// [`plan_lines`] with a force's own fields.
#[must_use]
pub fn plan_lines_in(fields: Fields<'_>, kind: &Kind, field: Option<u16>) -> Vec<String> {
    match field {
        None => whole_record(fields, kind),
        Some(number) => one_field(fields, kind, number),
    }
}

fn whole_record(fields: Fields<'_>, kind: &Kind) -> Vec<String> {
    let mut lines =
        vec![format!("Every version of the record ({}), with all that it holds:", kind.title.to_lowercase())];
    lines.extend(fields.iter().map(|field| format!("  {}", field_line(field))));
    lines.push("Its data keys, and with them every copy in backups once the keys have turned.".to_owned());
    lines.push("Its documents in the search index, with the segments that held them.".to_owned());
    lines.push(
        "What stays: that the record was erased, when, by whom and why; and log entries without content."
            .to_owned(),
    );
    lines
}

fn one_field(fields: Fields<'_>, kind: &Kind, number: u16) -> Vec<String> {
    let Some(field) = fields.number(number) else {
        return vec![format!("{} has no field {number}: nothing would go.", kind.title)];
    };
    let mut lines = vec![
        format!("In every version of the record ({}): {}", kind.title.to_lowercase(), field_line(field)),
        "The data keys of those versions, which are sealed again without it under new keys.".to_owned(),
        "Its words and values in the search index, with the segments that held them.".to_owned(),
        "What stays: the other fields, and a hash of the field by which the log still verifies.".to_owned(),
    ];
    lines.extend(fields.iter().filter(|other| repeats(other, field)).map(|other| {
        format!("“{}” may say the same again in its rows: look there, and erase it too.", other.label)
    }));
    lines
}

/// Whether rows of one field have a field of the other's name and type.
fn repeats(rows: &FieldDecl, field: &FieldDecl) -> bool {
    let of_group = rows.row_group.map_or(&[][..], |group| group.fields);
    of_group.iter().any(|own| own.constant == field.constant && own.kind == field.kind)
}

fn field_line(field: &FieldDecl) -> String {
    let sensitive = if field.is_sensitive { ", sensitive" } else { "" };
    match (field.kind, field.row_group) {
        (Type::Rows, Some(group)) => {
            let labels: Vec<&str> = group.fields.iter().map(|field| field.label).collect();
            format!("{} ({}{sensitive}), each with: {}", field.label, field.class.word(), labels.join(", "))
        }
        _ => format!("{} ({}{sensitive})", field.label, field.class.word()),
    }
}
