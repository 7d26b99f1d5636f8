//! The advanced form: what to look for, member by member. It becomes the text of a query, so that there is
//! one language and one reader, and whatever can be asked for in one can be asked for in the other.

use super::wild::gap;
use super::{Query, QueryError};
use crate::tokens::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What to look for. All members that say something must fit; those that are left out or empty ask for
/// nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Form {
    /// Words that a record must hold, in any order. `*` stands for any letters, `?` for one.
    pub all_words: Option<String>,
    /// Words in this order.
    pub phrase: Option<String>,
    /// Words near each other.
    pub near_each_other: Option<NearEachOther>,
    /// Words of which a record must hold at least one.
    pub any_words: Option<String>,
    /// Words that a record must not hold.
    pub none_words: Option<String>,
    /// Names of kinds, of which the record is one.
    pub kinds: Vec<String>,
    /// What fields must hold.
    pub fields: Vec<InField>,
    /// When it happened.
    pub happened: Option<Span>,
    /// A place within a distance of a point.
    pub near: Option<NearPlace>,
    /// A place within a shape.
    pub within: Option<WithinShape>,
    /// Rules of completeness that the record does not meet.
    pub missing: Vec<String>,
    /// What the record must meet besides, in the query language.
    pub also: Option<String>,
}

/// Words near each other, in any order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearEachOther {
    /// The words.
    pub words: String,
    /// How many other words may stand between them.
    pub between: u32,
    /// The field in which they stand; any, where this is left out.
    #[serde(default)]
    pub field: Option<String>,
}

/// What a field must hold: a value, or something between two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InField {
    /// Name of the field.
    pub field: String,
    /// A word, several in this order, a code, a number or a date.
    #[serde(default)]
    pub value: Option<String>,
    /// The first number or date.
    #[serde(default)]
    pub from: Option<String>,
    /// The last number or date.
    #[serde(default)]
    pub to: Option<String>,
    /// Whether the record must not be so.
    #[serde(default)]
    pub not: bool,
}

/// Days, months or years: `2024-01-05`, `2024-01`, `2024`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first.
    #[serde(default)]
    pub from: Option<String>,
    /// The last.
    #[serde(default)]
    pub to: Option<String>,
}

/// A place within a distance of a point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearPlace {
    /// `51.5074,-0.1278`, latitude first, or a National Grid reference.
    pub place: String,
    /// `500m` or `2km`.
    pub distance: String,
    /// The field that holds the place; any, where this is left out.
    #[serde(default)]
    pub field: Option<String>,
}

/// A place within a shape.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithinShape {
    /// The corners in order.
    pub corners: Vec<Corner>,
    /// The field that holds the place; any, where this is left out.
    #[serde(default)]
    pub field: Option<String>,
}

/// A corner in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// Why a form cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {problem}")]
pub struct FormError {
    /// The member at which it goes wrong, for instance `fields[0].from`.
    pub member: String,
    /// The character of that member, counted from 1, where one is known.
    pub at: Option<usize>,
    /// What is wrong there, and what was expected.
    pub problem: String,
}

impl FormError {
    fn of(member: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { member: member.into(), at: None, problem: problem.into() }
    }
}

/// The text of a query in the making, and which member each part of it came from.
#[derive(Default)]
struct Writer {
    text: String,
    /// Where each part starts, in characters, and whose it is.
    parts: Vec<(usize, String)>,
}

impl Form {
    /// The text of the query.
    ///
    /// # Errors
    /// [`FormError`] names the member.
    pub fn text(&self) -> Result<String, FormError> {
        self.read(&[]).map(|(text, _)| text)
    }

    /// The query.
    ///
    /// # Errors
    /// [`FormError`] names the member.
    pub fn query(&self) -> Result<Query, FormError> {
        self.read(&[]).map(|(_, query)| query)
    }

    /// The text and the query of it, where the force has fields of its own besides.
    ///
    /// # Errors
    /// [`FormError`] names the member.
    pub fn read(&self, own_fields: &[&str]) -> Result<(String, Query), FormError> {
        let mut writer = Writer::default();
        self.write_words(&mut writer);
        for (number, field) in self.fields.iter().enumerate() {
            write_field(&mut writer, &format!("fields[{number}]"), field)?;
        }
        self.write_rest(&mut writer)?;
        if let Some(also) = said(self.also.as_ref()) {
            // Read by itself first: what it opens it must close.
            Query::parse_with(also, own_fields).map_err(|error| FormError {
                member: "also".to_owned(),
                at: Some(error.at),
                problem: error.problem,
            })?;
            writer.put("also", &format!(" ({also})"));
        }
        if writer.text.trim().is_empty() {
            return Err(FormError::of("form", "something to look for was expected in at least one member"));
        }
        let query = Query::parse_with(&writer.text, own_fields).map_err(|error| writer.blame(error))?;
        Ok((writer.text.trim().to_owned(), query))
    }

    fn write_words(&self, writer: &mut Writer) {
        if let Some(words) = said(self.all_words.as_ref()) {
            writer.put("all_words", &format!(" {}", plain_words(words).join(" ")));
        }
        if let Some(phrase) = said(self.phrase.as_ref()) {
            writer.put("phrase", &format!(" \"{}\"", without_marks(phrase)));
        }
        let any = said(self.any_words.as_ref()).map(plain_words).unwrap_or_default();
        if !any.is_empty() {
            writer.put("any_words", &format!(" ({})", any.join(" OR ")));
        }
        for word in said(self.none_words.as_ref()).map(plain_words).unwrap_or_default() {
            writer.put("none_words", &format!(" NOT {word}"));
        }
        let kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        for (number, kind) in kinds.iter().enumerate() {
            let before = if number == 0 { " (" } else { " OR " };
            writer.put(&format!("kinds[{number}]"), &format!("{before}kind:\"{}\"", without_marks(kind)));
        }
        if !kinds.is_empty() {
            writer.text.push(')');
        }
    }

    fn write_rest(&self, writer: &mut Writer) -> Result<(), FormError> {
        if let Some(near) = &self.near_each_other {
            write_name(writer, "near_each_other.field", near.field.as_deref(), None)?;
            writer.put("near_each_other.words", &format!("\"{}\"", without_marks(&near.words)));
            writer.put("near_each_other.between", &format!("~{}", near.between));
        }
        if let Some(Span { from, to }) = &self.happened {
            let (from, to) = (from.clone(), to.clone());
            let span = InField { field: crate::mapping::HAPPENED.to_owned(), from, to, ..InField::default() };
            write_field(writer, "happened", &span)?;
        }
        if let Some(near) = &self.near {
            write_name(writer, "near.field", near.field.as_deref(), Some("near"))?;
            writer.put("near.place", &format!("\"{}\"", without_marks(&near.place.replace('~', " "))));
            writer.put("near.distance", &format!("~{}", one_word("near.distance", &near.distance)?));
        }
        if let Some(within) = &self.within {
            write_name(writer, "within.field", within.field.as_deref(), Some("within"))?;
            writer.put("within.corners", "(");
            for (number, Corner { latitude, longitude }) in within.corners.iter().enumerate() {
                writer.put(&format!("within.corners[{number}]"), &format!("{latitude},{longitude} "));
            }
            writer.put("within.corners", ")");
        }
        for (number, rule) in self.missing.iter().enumerate() {
            writer.put(&format!("missing[{number}]"), &format!(" missing:\"{}\"", without_marks(rule)));
        }
        Ok(())
    }
}

impl Writer {
    fn put(&mut self, member: &str, text: &str) {
        self.parts.push((self.text.chars().count(), member.to_owned()));
        self.text.push_str(text);
    }

    /// The member at whose part an error points.
    fn blame(&self, error: QueryError) -> FormError {
        let part = self.parts.iter().rev().find(|(start, _)| *start < error.at);
        FormError::of(part.map_or("form", |(_, member)| member), error.problem)
    }
}

/// `NAME:`, or where something is done with the field `NAME.WHAT:`.
fn write_name(
    writer: &mut Writer,
    member: &str,
    field: Option<&str>,
    what: Option<&str>,
) -> Result<(), FormError> {
    let name = field.map(str::trim).filter(|name| !name.is_empty());
    let is_name =
        |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if let Some(name) = name.filter(|name| !is_name(name)) {
        return Err(FormError::of(
            member,
            format!("there is no field “{name}”: the name of a field was expected"),
        ));
    }
    let parts: Vec<&str> = [name, what].into_iter().flatten().collect();
    writer.put(member, &format!(" {}", parts.join(".")));
    if !parts.is_empty() {
        writer.text.push(':');
    }
    Ok(())
}

fn write_field(writer: &mut Writer, member: &str, asked: &InField) -> Result<(), FormError> {
    let (value, from, to) = (said(asked.value.as_ref()), said(asked.from.as_ref()), said(asked.to.as_ref()));
    if asked.field.trim().is_empty() {
        return Err(FormError::of(format!("{member}.field"), "the name of a field was expected"));
    }
    if asked.not {
        writer.put(member, " NOT");
    }
    write_name(writer, &format!("{member}.field"), Some(&asked.field), None)?;
    let of = |part: &str| format!("{member}.{part}");
    match (value, from, to) {
        (Some(value), None, None) => writer.put(&of("value"), &value_of(value)),
        (None, Some(from), Some(to)) => {
            writer.put(&of("from"), &format!("{}..", one_word(&of("from"), from)?));
            writer.put(&of("to"), one_word(&of("to"), to)?);
        }
        (None, Some(from), None) => writer.put(&of("from"), &format!(">={}", one_word(&of("from"), from)?)),
        (None, None, Some(to)) => writer.put(&of("to"), &format!("<={}", one_word(&of("to"), to)?)),
        _ => {
            return Err(FormError::of(
                member,
                "either a value, or from, or to, or from and to were expected",
            ));
        }
    }
    Ok(())
}

/// One word as it is, with its codes, dates and gaps; several as a phrase.
fn value_of(value: &str) -> String {
    let is_word = !value.chars().any(|c| c.is_whitespace() || c.is_control() || is_mark(c) || c == '\\');
    match is_word {
        true => value.to_owned(),
        false => format!("\"{}\"", without_marks(value)),
    }
}

fn one_word<'a>(member: &str, text: &'a str) -> Result<&'a str, FormError> {
    let text = text.trim();
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    match is_word && !text.contains("..") {
        true => Ok(text),
        false => {
            Err(FormError::of(member, format!("a date, a number or a distance was expected, not “{text}”")))
        }
    }
}

/// What a member says, where it says something.
fn said(member: Option<&String>) -> Option<&str> {
    member.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// Words that mean nothing but themselves, with their gaps; without marks that are no words, of which an
/// `OR` or `NOT` before them would take hold of what follows.
fn plain_words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    parts.filter(|word| gap(word).is_some() || !words(word).is_empty()).map(plain_word).collect()
}

fn plain_word(word: &str) -> String {
    if matches!(word, "OR" | "AND" | "NOT") {
        return word.to_lowercase();
    }
    let mut plain = String::new();
    for (place, c) in word.chars().enumerate() {
        if is_mark(c) || matches!(c, ':' | '\\' | '~') || (place == 0 && matches!(c, '-' | '−')) {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// Marks that mean something in a query.
fn is_mark(c: char) -> bool {
    matches!(c, '(' | ')' | '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

fn without_marks(text: &str) -> String {
    text.chars().map(|c| if is_mark(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(json: &str) -> Form {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_form_is_the_query_that_would_be_typed() {
        for (json, text) in [
            (r#"{"all_words": "smi* knife"}"#, "smi* knife"),
            (r#"{"phrase": "black \"hooded\" top"}"#, "\"black  hooded  top\""),
            (r#"{"any_words": "red blue", "none_words": "green OR"}"#, "(red OR blue) NOT green NOT or"),
            (
                r#"{"kinds": ["crime", "nominal"], "all_words": "smith"}"#,
                "smith (kind:crime OR kind:nominal)",
            ),
            (r#"{"fields": [{"field": "outcome", "value": "arrest"}]}"#, "outcome:arrest"),
            (
                r#"{"fields": [{"field": "grounds", "value": "black top", "not": true}]}"#,
                "NOT grounds:\"black top\"",
            ),
            (r#"{"fields": [{"field": "age", "from": "10", "to": "17"}]}"#, "age:10..17"),
            (r#"{"happened": {"from": "2024-01"}}"#, "happened:>=2024-01"),
            (r#"{"happened": {"to": "2024-01"}}"#, "happened:<=2024-01"),
            (r#"{"near": {"place": "SU 387 148", "distance": "2km"}}"#, "near:\"SU 387 148\"~2km"),
            (
                r#"{"near": {"place": "51.5,-0.1", "distance": "500m", "field": "place"}}"#,
                "place.near:51.5,-0.1~500m",
            ),
            (
                r#"{"near_each_other": {"words": "knife bus", "between": 5, "field": "grounds"}}"#,
                "grounds:\"knife bus\"~5",
            ),
            (
                r#"{"within": {"corners": [{"latitude": 51.5, "longitude": -0.1}, {"latitude": 51.6, "longitude": -0.1}, {"latitude": 51.6, "longitude": 0}]}}"#,
                "within:(51.5,-0.1 51.6,-0.1 51.6,0)",
            ),
            (r#"{"missing": ["place"], "also": "a OR b"}"#, "missing:place (a OR b)"),
        ] {
            let form = form(json);
            let query = form.query().unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(query, Query::parse(text).unwrap(), "{json}");
            let written = form.text().unwrap();
            assert_eq!(Query::parse(&written).unwrap(), query, "{written}");
        }
    }

    #[test]
    fn a_problem_names_the_member() {
        for (json, member, problem) in [
            ("{}", "form", "something to look for"),
            (r#"{"all_words": "*"}"#, "all_words", "alone"),
            (r#"{"fields": [{"field": "grouds", "value": "knife"}]}"#, "fields[0].field", "“grounds:”"),
            (r#"{"fields": [{"field": "outcome", "value": "arest"}]}"#, "fields[0].value", "“arrest”"),
            (
                r#"{"fields": [{"field": "age", "from": "17", "to": "10"}]}"#,
                "fields[0].to",
                "before it begins",
            ),
            (r#"{"fields": [{"field": "age", "from": "x y"}]}"#, "fields[0].from", "was expected"),
            (r#"{"fields": [{"field": "age"}]}"#, "fields[0]", "either a value"),
            (r#"{"fields": [{"field": "a b", "value": "c"}]}"#, "fields[0].field", "no field"),
            (r#"{"kinds": ["crime", "unicorn"]}"#, "kinds[1]", "no kind"),
            (r#"{"happened": {"from": "2024-13"}}"#, "happened.from", "date"),
            (r#"{"near": {"place": "nowhere", "distance": "2km"}}"#, "near.place", "latitude"),
            (r#"{"near": {"place": "51,0", "distance": "2 miles"}}"#, "near.distance", "distance"),
            (r#"{"near": {"place": "51,0", "distance": "200km"}}"#, "near.distance", "100km"),
            (r#"{"within": {"corners": []}}"#, "within.corners", "3 to 100 corners"),
            (
                r#"{"near_each_other": {"words": "knife", "between": 5}}"#,
                "near_each_other.words",
                "2 to 10 words",
            ),
            (
                r#"{"near_each_other": {"words": "knife bus", "between": 500}}"#,
                "near_each_other.between",
                "0 to 50",
            ),
            (r#"{"missing": ["plcae"]}"#, "missing[0]", "“place”"),
            (r#"{"also": "a) OR (b"}"#, "also", "closes nothing"),
        ] {
            let error = form(json).query().unwrap_err();
            assert_eq!(error.member, member, "{json}: {error}");
            assert!(error.problem.contains(problem), "{json}: {error}");
        }
        assert!(serde_json::from_str::<Form>(r#"{"al_words": "x"}"#).is_err());
    }

    proptest! {
        /// Whatever is typed for words means words, and is read or blamed on its member.
        #[test]
        fn words_of_a_form_are_words(all in "[\\PC\"():\\\\*-]{0,30}", phrase in "\\PC{0,20}", none in "\\PC{0,20}") {
            let form = Form { all_words: Some(all), phrase: Some(phrase), none_words: Some(none), ..Form::default() };
            if let Err(error) = form.query() {
                let is_known = ["form", "all_words", "phrase", "none_words"].contains(&error.member.as_str());
                prop_assert!(is_known, "{}", error);
                prop_assert!(error.problem.contains("alone") || error.problem.contains("something to look for"), "{}", error);
            }
        }
    }
}
