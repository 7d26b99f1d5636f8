//! What of a text looks as if it told of a person: references, dates of birth, telephones, registration marks,
//! postcodes and other identifiers by the forms that records read them by, and what may be a name.

use jiff::civil::Date;
use model::identifiers::vrm::Class;
use model::identifiers::{IdentifierKind, Standing, read, vrm};
use model::parse_reference;

/// Something of a text that looks like somebody's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What it looks like, in words: “a telephone number”.
    pub what: &'static str,
    /// As it stands in the text.
    pub text: String,
    /// Whether it has a form that nothing else has. What may be a name may be anything.
    pub is_certain: bool,
}

/// Words that stand side by side at most where they are one identifier: a telephone number in groups.
const LONGEST: usize = 4;

/// What of a text looks like somebody's data, in its order, each stretch once. `today` tells a date of birth from a
/// date on which something happened.
#[must_use]
pub fn telling(text: &str, today: Date) -> Vec<Telling> {
    let words: Vec<Word<'_>> = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let certain = (1..=LONGEST.min(words.len() - at)).rev().find_map(|length| {
            let said = joined(&words[at..at + length]);
            certain(&said, today).map(|what| (length, Telling { what, text: said, is_certain: true }))
        });
        let telling = certain.or_else(|| name(&words, at));
        at += telling.as_ref().map_or(1, |(length, _)| *length);
        found.extend(telling.map(|(_, telling)| telling));
    }
    found
}

/// A word of a text without the marks around it.
struct Word<'a> {
    text: &'a str,
    /// Whether a sentence begins with it.
    begins: bool,
    /// Whether a mark ends it, so that the next word belongs to something else.
    ends: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    text.lines().flat_map(words_of_line).collect()
}

fn words_of_line(line: &str) -> Vec<Word<'_>> {
    let mut begins = true;
    let mut found = Vec::new();
    for raw in line.split_whitespace() {
        let text = raw.trim_matches(|c: char| !c.is_alphanumeric() && c != '+' && c != '(');
        if !text.is_empty() {
            found.push(Word { text, begins, ends: raw.ends_with(['.', '!', '?', ';', ':', ',']) });
        }
        begins = raw.ends_with(['.', '!', '?', ':']);
    }
    found
}

fn joined(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

/// What a stretch of words is by its form, where that is the form of nothing else.
fn certain(said: &str, today: Date) -> Option<&'static str> {
    if !said.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if is_reference(said) {
        return Some("the reference of a record");
    }
    if is_old_date(said, today) {
        return Some("what may be a date of birth");
    }
    let is = |kind, least| read(kind, said, today.year()).standing >= least;
    let digits = said.chars().filter(char::is_ascii_digit).count();
    if digits >= 10 && is(IdentifierKind::Phone, Standing::Formed) {
        return Some("a telephone number");
    }
    if is_mark(said) {
        return Some("a registration mark");
    }
    if is_postcode(said) {
        return Some("a postcode");
    }
    let further = [
        (IdentifierKind::PncId, Standing::Verified),
        (IdentifierKind::Cro, Standing::Verified),
        (IdentifierKind::Asn, Standing::Verified),
        (IdentifierKind::Nino, Standing::Formed),
        (IdentifierKind::NhsNumber, Standing::Verified),
        (IdentifierKind::DriverNumber, Standing::Formed),
        (IdentifierKind::Imei, Standing::Verified),
    ];
    further.into_iter().any(|(kind, least)| is(kind, least)).then_some("an identifier of a person or a thing")
}

/// A reference with strokes in any case, also where its check letter does not fit.
fn is_reference(said: &str) -> bool {
    let parts: Vec<&str> = said.split('-').collect();
    let has_form = matches!(parts.as_slice(), [kind, number, letter]
        if (1..=4).contains(&kind.len())
            && kind.chars().all(|c| c.is_ascii_alphabetic())
            && number.len() >= 3 && number.chars().all(|c| c.is_ascii_digit())
            && letter.len() == 1);
    has_form || (said.len() >= 8 && parse_reference(said).is_ok())
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A whole date before last year: `12/03/1985`, `1985-03-12`, `12 March 1985`.
fn is_old_date(said: &str, today: Date) -> bool {
    let parts: Vec<&str> = said.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [one, two, three] = parts.as_slice() else { return false };
    let number = |part: &str, least: i32, most: i32| {
        part.parse::<i32>().is_ok_and(|number| (least..=most).contains(&number))
    };
    let is_day = |part: &str| number(part.trim_end_matches(|c: char| c.is_ascii_alphabetic()), 1, 31);
    let is_month = |part: &str| {
        number(part, 1, 12)
            || MONTHS.iter().any(|month| part.len() >= 3 && part.to_lowercase().starts_with(month))
    };
    let last = i32::from(today.year()) - 2;
    let is_year = |part: &str| {
        (part.len() == 4 && number(part, 1900, last))
            || (part.len() == 2 && !said.contains(' ') && number(part, 0, 99))
    };
    let is_recent = |part: &str| part.len() == 2 && number(part, last % 100 + 1, (last + 2) % 100);
    let day_first = is_day(one) && is_month(two) && is_year(three) && !is_recent(three);
    let month_first = is_month(one) && is_day(two) && is_year(three) && !is_recent(three);
    let year_first = one.len() == 4 && is_year(one) && is_month(two) && is_day(three);
    day_first || month_first || year_first
}

/// A mark of a British series. Those of one letter and few digits may be anything, unless written in capitals.
fn is_mark(said: &str) -> bool {
    let is_short = said.split(' ').count() <= 2;
    match vrm::class(said) {
        Class::Current => is_short,
        Class::Prefix | Class::Suffix | Class::Q => {
            is_short && !said.contains(|c: char| c.is_ascii_lowercase())
        }
        _ => false,
    }
}

fn is_postcode(said: &str) -> bool {
    said.split(' ').count() <= 2 && read(IdentifierKind::Postcode, said, 2000).standing >= Standing::Formed
}

/// What stands before a name.
const TITLES: [&str; 16] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "pc",
    "pcso",
    "ps",
    "sgt",
    "dc",
    "ds",
    "di",
    "insp",
    "inspector",
    "sergeant",
];

/// What may be a name, from a word on: a forename and a word in capitals after it, a title and a name, a forename
/// within a sentence, or a surname in capitals with a forename after a comma.
fn name(words: &[Word<'_>], at: usize) -> Option<(usize, Telling)> {
    let (word, next) = (&words[at], words.get(at + 1));
    let of = |length: usize| {
        let telling =
            Telling { what: "what may be a name", text: joined(&words[at..at + length]), is_certain: false };
        (length, telling)
    };
    let is_named = next.filter(|next| is_capital(next.text));
    if TITLES.contains(&word.text.to_lowercase().as_str()) && is_capital(word.text) {
        return is_named.filter(|next| next.text.len() > 1).map(|_| of(2));
    }
    let is_forename = is_capital(word.text) && search::is_forename(word.text);
    if is_forename && !word.ends && is_named.is_some() {
        return Some(of(2));
    }
    let is_surname = word.text.len() > 2 && word.text.chars().all(char::is_uppercase) && word.ends;
    if is_surname && is_named.is_some_and(|next| search::is_forename(next.text)) {
        return Some(of(2));
    }
    (is_forename && !word.begins && word.text.len() > 2).then(|| of(1))
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::constant(2026, 11, 30)
    }

    #[track_caller]
    fn first(text: &str) -> (&'static str, String) {
        let told = telling(text, today());
        assert_eq!(told.len(), 1, "{text}: {told:?}");
        (told[0].what, told[0].text.clone())
    }

    #[test]
    fn what_has_a_form_of_its_own_is_found() {
        for (text, what, found) in [
            ("I opened N-0000017-X and it was blank.", "the reference of a record", "N-0000017-X"),
            ("born 12/03/1985, shown twice", "what may be a date of birth", "12/03/1985"),
            ("she was born on 4th March 1987 here", "what may be a date of birth", "4th March 1987"),
            ("1985-03-12 is read wrongly", "what may be a date of birth", "1985-03-12"),
            ("the number 07700 900123 is not found", "a telephone number", "07700 900123"),
            ("the number +44 7700 900 123.", "a telephone number", "+44 7700 900 123"),
            ("I typed ab12 cde and nothing came", "a registration mark", "ab12 cde"),
            ("I typed AB12CDE, and nothing came", "a registration mark", "AB12CDE"),
            ("the map shows SW1A 1AA at sea", "a postcode", "SW1A 1AA"),
        ] {
            assert_eq!(first(text), (what, found.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_name_is_pointed_out_and_no_more() {
        for (text, found) in [
            ("The page of John Smith is blank", "John Smith"),
            ("I looked for EXAMPLEBY, William and found nothing", "EXAMPLEBY William"),
            ("The page says that William lives there", "William"),
            ("It happened to PC Example too", "PC Example"),
        ] {
            let told = telling(text, today());
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert!(!told[0].is_certain);
            assert_eq!(told[0].text, found);
        }
    }

    #[test]
    fn what_people_say_of_a_program_is_none_of_it() {
        for text in [
            "I pressed Save on the Stop and Search form. Nothing happened for 30 seconds.",
            "Since version 0.1.0 the page shows 500 instead of the list. It worked on 28/11/2026 at 14:30.",
            "Will it be mended by 5 pm? HTTP 404 in Firefox 128 on Windows 11.",
            "The figure says 1,234 of 20,000 records; I expected 12 of them.",
        ] {
            assert_eq!(telling(text, today()), Vec::new(), "{text}");
        }
    }
}
