//! Registration marks and telephone numbers that are typed in part, with one character wrong or missing,
//! or with look-alike characters. The dictionary of terms is asked for what begins as the number does, and,
//! by the number written backwards, for what ends so: one wrong character leaves one half of it right.

use super::weights::{self, Charge, Cost};
use crate::schema::{PART, of_field};
use model::derived::Fields;
use model::derived::local::Following;
use model::identifiers::{IdentifierKind, vrm};
use model::kinds;
use rapidfuzz::distance::osa;
use std::collections::BTreeSet;
use std::io;
use tantivy::postings::TermInfo;
use tantivy::termdict::TermDictionary;

/// Terms that are looked at for one half of a number.
const MOST_TERMS: usize = 4_000;
/// Fewest characters of part of a mark.
const FEWEST_OF_MARK: usize = 3;
/// Most characters of a mark.
const MOST_OF_MARK: usize = 8;
/// Characters of a mark of the current series.
const LENGTH_OF_CURRENT: usize = 7;
/// Fewest digits of part of a telephone number.
const FEWEST_OF_PHONE: usize = 5;
/// Most digits of a telephone number with its prefix.
const MOST_OF_PHONE: usize = 17;

/// How a number as typed differs from the one that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberApart {
    /// Not, look-alike characters and prefixes aside.
    Same,
    /// The one held begins or ends with it, and has so many characters more.
    Part(u8),
    /// One character is missing, added, changed or swapped.
    One,
}

impl NumberApart {
    /// What it costs.
    pub(crate) const fn charge(self) -> Charge {
        match self {
            Self::Same => Charge::once(Cost::NumberSame),
            Self::Part(more) => weights::number_part(more),
            Self::One => Charge::once(Cost::NumberWrong),
        }
    }
}

static MARKS: Following<BTreeSet<String>> = Following::new(|| paths(IdentifierKind::Vrm));
static PHONES: Following<BTreeSet<String>> = Following::new(|| paths(IdentifierKind::Phone));

fn paths(kind: IdentifierKind) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for declared in kinds::ALL {
        add_paths(kind, "", Fields::of(declared), &mut paths);
    }
    paths
}

fn add_paths(kind: IdentifierKind, outer: &str, fields: Fields<'_>, paths: &mut BTreeSet<String>) {
    for field in fields.iter() {
        let path = format!("{outer}{}", field.name());
        if let Some(group) = field.row_group {
            add_paths(kind, &format!("{path}."), Fields::of_group(group), paths);
        }
        if field.identifier == Some(kind) {
            paths.insert(path);
        }
    }
}

/// The further terms under which a mark or telephone number lies, so that a part of it finds it.
pub(crate) fn further_terms(path: &str, value: &str) -> Vec<String> {
    let number = match () {
        () if MARKS.get().contains(path) => mark(value),
        () if PHONES.get().contains(path) => national(value),
        () => return Vec::new(),
    };
    [(number.clone(), Half::Start), (backwards(&number), Half::End)]
        .map(|(held, half)| term(path, half, &held))
        .into()
}

#[derive(Clone, Copy)]
enum Half {
    Start,
    End,
}

impl Half {
    /// What is added to the name of the field.
    fn ending(self) -> &'static str {
        match self {
            Self::Start => ".start",
            Self::End => ".end",
        }
    }
}

fn term(path: &str, half: Half, held: &str) -> String {
    of_field(&format!("{path}{}", half.ending()), held)
}

fn mark(value: &str) -> String {
    vrm::look_alike(value).to_ascii_lowercase()
}

/// The digits of a number without what may stand before them: `+44`, `0044`, `0`.
fn national(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let rest = digits
        .strip_prefix("0044")
        .or_else(|| value.starts_with('+').then(|| digits.strip_prefix("44")).flatten());
    rest.unwrap_or(&digits).trim_start_matches('0').to_owned()
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

/// What a word may be: part of a mark, or of a telephone number; with the fields that hold such.
fn read(word: &str) -> Option<(String, &'static BTreeSet<String>)> {
    let (letters, digits) =
        (word.bytes().any(|b| b.is_ascii_alphabetic()), word.bytes().any(|b| b.is_ascii_digit()));
    if !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    match word.len() {
        _ if !digits => {
            (word.len() == FEWEST_OF_MARK || may_be_a_mark(word)).then(|| (mark(word), MARKS.get()))
        }
        FEWEST_OF_MARK..=MOST_OF_MARK if letters => Some((mark(word), MARKS.get())),
        FEWEST_OF_PHONE..=MOST_OF_PHONE if !letters => {
            let number = national(word);
            (number.len() >= FEWEST_OF_PHONE - 1).then_some((number, PHONES.get()))
        }
        _ => None,
    }
}

/// Whether a word without digits may be a whole mark of the current series (`AB12 CDE`) whose digits were
/// taken for letters.
fn may_be_a_mark(word: &str) -> bool {
    let alike = mark(word);
    word.len() == LENGTH_OF_CURRENT && alike.bytes().skip(2).take(2).all(|b| b.is_ascii_digit())
}

/// Terms of a dictionary that hold a number near to a word, with how they differ.
pub(crate) fn near(
    dictionary: &TermDictionary,
    word: &str,
    mut found: impl FnMut(String, TermInfo, NumberApart),
) -> io::Result<()> {
    let Some(Looked { typed, places }) = looked(word) else { return Ok(()) };
    for Beginning { term: begins, head, half } in places {
        let mut stream = dictionary.range().ge(&begins).lt(after(&begins)).into_stream()?;
        for _ in 0..MOST_TERMS {
            let Some((term, info)) = stream.next() else { break };
            let Ok(held) = std::str::from_utf8(&term[head..]) else { continue };
            let held = if matches!(half, Half::Start) { held.to_owned() } else { backwards(held) };
            if let Some(apart) = apart(&typed, &held) {
                found(held.to_uppercase(), info.clone(), apart);
            }
        }
    }
    Ok(())
}

/// What is looked for where a word may be a number.
struct Looked {
    typed: String,
    places: Vec<Beginning>,
}

/// What a term begins with that holds half of a number.
struct Beginning {
    term: String,
    /// Octets before the number.
    head: usize,
    half: Half,
}

fn looked(word: &str) -> Option<Looked> {
    let (typed, paths) = read(word)?;
    // Three letters are a mark's beginning or end as they are, or else name something: too many marks hold two.
    let is_whole = word.len() == FEWEST_OF_MARK && word.bytes().all(|b| b.is_ascii_alphabetic());
    let (front, back) = if is_whole { (&*typed, &*typed) } else { typed.split_at(typed.len().div_ceil(2)) };
    let halves = [(Half::Start, front.to_owned()), (Half::End, backwards(back))];
    let of = |path: &String, (half, kept): &(Half, String)| {
        let term = term(path, *half, kept);
        Beginning { head: term.len() - kept.len(), term, half: *half }
    };
    let places = paths.iter().flat_map(|path| halves.iter().map(move |half| of(path, half))).collect();
    Some(Looked { typed, places })
}

/// What terms begin with that hold a number near to a word.
pub(crate) fn begins(word: &str) -> Vec<String> {
    looked(word).into_iter().flat_map(|looked| looked.places).map(|place| place.term).collect()
}

/// All that a term of half a number begins with, the number in part; nothing where it is of something else.
pub(crate) fn beginnings(term: &str) -> impl Iterator<Item = &str> {
    let number = term
        .split_once(PART)
        .filter(|(field, _)| [Half::Start, Half::End].iter().any(|half| field.ends_with(half.ending())));
    let head = number.map_or(term.len(), |(field, _)| field.len() + PART.len_utf8());
    term.char_indices().map(move |(at, _)| at).filter(move |at| *at > head).map(|at| &term[..at])
}

/// The first term after all that begin so.
fn after(begins: &str) -> Vec<u8> {
    let mut after = begins.as_bytes().to_vec();
    // No octet of our terms is the highest.
    if let Some(last) = after.last_mut() {
        *last = last.saturating_add(1);
    }
    after
}

fn apart(typed: &str, held: &str) -> Option<NumberApart> {
    if typed == held {
        return Some(NumberApart::Same);
    }
    if held.starts_with(typed) || held.ends_with(typed) {
        return u8::try_from(held.len() - typed.len()).ok().map(NumberApart::Part);
    }
    let cutoff = osa::Args::default().score_cutoff(1);
    osa::distance_with_args(typed.chars(), held.chars(), &cutoff).map(|_| NumberApart::One)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_phones_are_told_apart() {
        let is = |word: &str| read(word).map(|(number, paths)| (number, std::ptr::eq(paths, PHONES.get())));
        assert_eq!(is("ab12"), Some(("a812".to_owned(), false)));
        assert_eq!(is("07700900123"), Some(("7700900123".to_owned(), true)));
        assert_eq!(is("447700900123").map(|(number, _)| number).as_deref(), Some("447700900123"));
        assert_eq!(is("vvzsplk"), Some(("vv25plk".to_owned(), false)));
        assert_eq!(is("xnr"), Some(("xnr".to_owned(), false)));
        for other in ["smith", "12", "ab", "abcdefghij1", "1234", "johnson"] {
            assert_eq!(is(other), None, "{other}");
        }
    }

    #[test]
    fn a_number_is_near_whole_in_part_or_but_for_one_character() {
        assert_eq!(apart("a812cde", "a812cde"), Some(NumberApart::Same));
        assert_eq!(apart("a812", "a812cde"), Some(NumberApart::Part(3)));
        assert_eq!(apart("cde", "a812cde"), Some(NumberApart::Part(4)));
        assert_eq!(apart("a812cdf", "a812cde"), Some(NumberApart::One));
        assert_eq!(apart("7700900132", "7700900123"), Some(NumberApart::One));
        assert_eq!(apart("a813cdf", "a812cde"), None);
    }

    #[test]
    fn whatever_is_near_begins_as_is_looked_for() {
        let held = further_terms("vrm", "AB12CDE");
        for typed in ["ab12cde", "ab12", "cde", "ab12cdf", "ab13cde", "a12cde"] {
            let begins = begins(typed);
            let all =
                |term: &String| beginnings(term).map(str::to_owned).chain([term.clone()]).collect::<Vec<_>>();
            assert!(held.iter().flat_map(all).any(|beginning| begins.contains(&beginning)), "{typed}");
        }
        assert_eq!(beginnings("grounds\u{1}knife").count(), 0);
    }

    #[test]
    fn every_way_of_writing_a_number_is_one() {
        for value in ["+447700900123", "07700900123", "00447700900123"] {
            assert_eq!(national(value), "7700900123");
        }
        let (marks, phones) = (MARKS.get(), PHONES.get());
        assert!(marks.contains("vrm") && !phones.is_empty(), "{marks:?} {phones:?}");
        assert_eq!(further_terms("vrm", "AB12CDE").len(), 2);
        assert!(further_terms("grounds", "AB12CDE").is_empty());
    }
}
