//! References of cases in court: the unique reference number of a police case (PTIURN), the case
//! reference of a magistrates' court, and the case number of the Crown Court. Their forms are dated
//! reference data (`data/identifiers/court-references.toml`), each with its source and how sure it
//! is, because not all of them are published as such.

use super::{Found, compact};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::LazyLock;

/// One form of a reference.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The kind of identifier whose form it is, by its word.
    pub identifier: String,
    /// What people call it.
    pub title: String,
    /// Runs of characters, in order.
    pub parts: Vec<Part>,
    /// Whether the last letter checks the digits before it, modulus 23.
    #[serde(default)]
    pub check_letter: bool,
    /// An example that reads as this form.
    pub example: String,
    /// First day on which it was used, where known.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day on which it was used, where it has ended.
    #[serde(default)]
    pub until: Option<Date>,
    /// Who says so.
    pub source: String,
    /// How sure it is: `read` or `recalled`.
    pub sure: String,
}

/// A run of characters of one sort, or a mark that stands between runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which characters: `digit`, `letter`, `letter-or-digit`, or a mark such as `/`.
    pub of: String,
    /// At least so many.
    pub least: usize,
    /// At most so many.
    pub most: usize,
    /// Filled up with zeros to the most in the canonical form.
    #[serde(default)]
    pub fill: bool,
}

#[derive(Deserialize)]
struct Forms {
    forms: Vec<Form>,
}

const COMMITTED: &str = include_str!("../../data/identifiers/court-references.toml");

/// Forms that cannot be read would be missing here; a test reads each of them.
static FORMS: LazyLock<Vec<Form>> =
    LazyLock::new(|| toml::from_str::<Forms>(COMMITTED).map(|read| read.forms).unwrap_or_default());

/// The committed forms.
#[must_use]
pub fn forms() -> &'static [Form] {
    &FORMS
}

pub(super) fn read(word: &str, raw: &str) -> Found {
    let text = compact(raw);
    let mut of_word = FORMS.iter().filter(|form| form.identifier == word);
    match of_word.clone().find_map(|form| form.canonical(&text).map(|canonical| (form, canonical))) {
        Some((form, canonical)) => form.judged(canonical),
        None => {
            let example = of_word.next().map_or("", |form| &form.example);
            let warning =
                format!("This has no form of such a reference, for instance {example}; it is kept as given.");
            Found::unverified(text, warning)
        }
    }
}

impl Form {
    /// The canonical form of a text that has this form.
    fn canonical(&self, text: &str) -> Option<String> {
        let mut canonical = String::with_capacity(text.len());
        let mut rest = text;
        for part in &self.parts {
            let length = rest.bytes().take_while(|octet| part.holds(*octet)).take(part.most).count();
            let (run, after) = rest.split_at(length);
            if length < part.least {
                return None;
            }
            let width = if part.fill { part.most } else { 0 };
            canonical.push_str(&format!("{run:0>width$}"));
            rest = after;
        }
        rest.is_empty().then_some(canonical)
    }

    fn judged(&self, canonical: String) -> Found {
        let letter = canonical.chars().next_back().filter(|_| self.check_letter);
        let digits: String = canonical.chars().filter(char::is_ascii_digit).collect();
        match (letter, digits.parse::<u128>()) {
            (Some(letter), Ok(number)) => Found::checked(canonical, letter, number, &self.title),
            _ => Found::formed(canonical),
        }
    }
}

impl Part {
    fn holds(&self, octet: u8) -> bool {
        match self.of.as_str() {
            "digit" => octet.is_ascii_digit(),
            "letter" => octet.is_ascii_uppercase(),
            "letter-or-digit" => octet.is_ascii_uppercase() || octet.is_ascii_digit(),
            mark => mark.as_bytes() == [octet],
        }
    }
}
