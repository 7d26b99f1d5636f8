//! Driver number of a Great Britain driving licence, sixteen characters: five of the surname, the
//! decade of birth, the month (with 50 more for a woman), the day, the year of the decade, two
//! initials, a character that tells namesakes apart, and two letters that only DVLA can check. So a
//! number is at best *formed*; whether it agrees with a name and a birth is told by [`disagreements`].
//!
//! Source: domain knowledge of the form of INF1D and of DVLA's published examples; sure: recalled.

use super::{Found, compact};
use crate::value::PartialDate;
use jiff::civil::Date;

const LENGTH: usize = 16;
/// Added to the month in a woman's number.
const FEMALE: u8 = 50;
/// Fills up what a name is too short for.
const FILLER: char = '9';

/// What a well-formed number says of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The surname's first five characters, filled up with 9.
    pub surname: String,
    /// Year of birth within its century, 0 to 99.
    pub year: u8,
    /// Month of birth.
    pub month: u8,
    /// Day of birth.
    pub day: u8,
    /// Whether the month is that of a woman.
    pub is_female: bool,
    /// The first two initials, filled up with 9.
    pub initials: String,
}

pub(super) fn read(raw: &str) -> Found {
    let text = compact(raw);
    if said(&text).is_some() {
        return Found::formed(text);
    }
    let warning = "A driver number is 16 characters: 5 of the surname, the date of birth in 6 digits, initials \
                   and 3 more, as in MORGA657054SM9IJ. This one has another form or an impossible date; it is \
                   kept as given.";
    Found::unverified(text, warning.to_owned())
}

/// What a number says, where it has the form and its date can be.
#[must_use]
pub fn said(number: &str) -> Option<Said> {
    if number.len() != LENGTH || !number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
        return None;
    }
    let (surname, rest) = number.split_at(5);
    let (born, rest) = rest.split_at(6);
    let (initials, rest) = rest.split_at(2);
    let is_letter = |text: &str| text.bytes().all(|b| b.is_ascii_uppercase());
    let is_name = |text: &str| is_letter(text.trim_end_matches(FILLER));
    if !is_name(surname) || surname.starts_with(FILLER) || !is_name(initials) || !is_letter(&rest[1..]) {
        return None;
    }
    let month: u8 = born.get(1..3)?.parse().ok()?;
    let said = Said {
        surname: surname.to_owned(),
        year: format!("{}{}", born.get(..1)?, born.get(5..)?).parse().ok()?,
        month: month % FEMALE,
        day: born.get(3..5)?.parse().ok()?,
        is_female: month > FEMALE,
        initials: initials.to_owned(),
    };
    // 2000 and 1900 differ in one day, and only the century that had it can be meant.
    let can_be = Date::new(2000 + i16::from(said.year), said.month as i8, said.day as i8).is_ok();
    can_be.then_some(said)
}

/// The first thirteen characters of a number for this name and birth; `None` where the surname has
/// no Latin letter. Surnames in Mac are written Mc, as DVLA does.
#[must_use]
pub fn stem(surname: &str, forenames: &str, born: Date, is_female: bool) -> Option<String> {
    let surname = surname_part(surname)?;
    let year = born.year().rem_euclid(100);
    let month = born.month() + if is_female { FEMALE as i8 } else { 0 };
    let initials = initials(forenames);
    Some(format!("{surname}{}{month:02}{:02}{}{initials}", year / 10, born.day(), year % 10))
}

/// In what a number and what is held of a person disagree, in plain words; nothing where they agree
/// or where what is held does not say. People marry and change their names, so none of this is proof.
#[must_use]
pub fn disagreements(number: &str, surname: &str, born: Option<PartialDate>) -> Vec<&'static str> {
    let Some(said) = said(&compact(number)) else { return Vec::new() };
    let mut found = Vec::new();
    if surname_part(surname).is_some_and(|part| part != said.surname) {
        found.push("the surname");
    }
    let born = born.unwrap_or(PartialDate { year: None, month: None, day: None });
    if born.year.is_some_and(|year| year.rem_euclid(100) != i16::from(said.year)) {
        found.push("the year of birth");
    }
    if born.month.is_some_and(|month| month != said.month as i8) {
        found.push("the month of birth");
    }
    if born.day.is_some_and(|day| day != said.day as i8) {
        found.push("the day of birth");
    }
    found
}

fn surname_part(surname: &str) -> Option<String> {
    let letters: String = surname.chars().filter(char::is_ascii_alphabetic).collect();
    let letters = letters.to_ascii_uppercase();
    let short = match letters.strip_prefix("MAC") {
        Some(rest) if rest.len() > 1 => format!("MC{rest}"),
        _ => letters,
    };
    (!short.is_empty()).then(|| filled(short.chars(), 5))
}

fn initials(forenames: &str) -> String {
    let parts = forenames.split([' ', '-']);
    filled(parts.filter_map(|part| part.chars().find(char::is_ascii_alphabetic)), 2).to_ascii_uppercase()
}

fn filled(letters: impl Iterator<Item = char>, length: usize) -> String {
    letters.chain(std::iter::repeat(FILLER)).take(length).collect()
}
