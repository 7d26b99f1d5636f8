//! The one that is meant: words of a query matched with names, dates of birth, registration marks and
//! telephone numbers as people mistype them, and with words anywhere in a record; ranked by how probable
//! it is that the record is the one meant.
//!
//! 1. The words are read in all ways that make sense ([`asked`]).
//! 2. Each is compared with every part of a name that the index knows ([`vocabulary`]), by spelling and
//!    sound ([`spelling`]), with other forms of forenames ([`nicknames`]), with words that stand for it
//!    ([`thesaurus`]), with dates of birth ([`birth`]) and
//!    numbers ([`numbers`]); dates and ages are also read in words ([`when`]): that gives lists of documents, each at a cost in bits ([`sources`], [`weights`]).
//! 3. The lists are intersected, the rarest thing first ([`evaluate`]).
//! 4. The engine takes the outcome as one part of the whole query ([`meant`]), under the access filter.

pub(crate) mod asked;
pub(crate) mod birth;
#[cfg(feature = "study")]
mod charged;
mod evaluate;
pub(crate) mod meant;
mod nicknames;
pub(crate) mod numbers;
mod sources;
mod spelling;
mod thesaurus;
pub(crate) mod vocabulary;
pub(crate) mod weights;
pub(crate) mod when;
mod words;

pub use nicknames::is_forename;

use crate::schema::of_field;
use crate::tokens::Token;

/// What of a name lies in the index: its parts as names; and beside them how each sounds and begins, for
/// what is alike.
pub(crate) struct NameTerms {
    pub(crate) names: Vec<Token>,
    pub(crate) alike: Vec<String>,
}

/// The terms of a name.
pub(crate) fn name_terms(tokens: &[Token]) -> NameTerms {
    let mut names = tokens.to_vec();
    for pair in tokens.windows(2) {
        if asked::is_particle(&pair[0].text) && pair[1].place == pair[0].place + 1 {
            names.push(Token { text: format!("{}{}", pair[0].text, pair[1].text), place: pair[0].place });
        }
    }
    for token in tokens {
        names.extend(spelling::in_latin(&token.text).map(|text| Token { text, place: token.place }));
    }
    names.sort_by_key(|token| token.place);
    let mut alike = Vec::new();
    for token in &names {
        alike.extend(spelling::sound(&token.text).map(|sound| of_field(sources::SOUND, &sound)));
        alike.extend(token.text.chars().next().map(|c| of_field(sources::INITIAL, &c.to_string())));
    }
    alike.sort_unstable();
    alike.dedup();
    NameTerms { names, alike }
}

/// The term under which a name lies that begins with this letter.
pub(crate) fn initial_term(letter: &str) -> String {
    of_field(sources::INITIAL, letter)
}

/// The least that a name takes away of closeness in which two letters differ.
#[cfg(test)]
pub(crate) fn nearest_of_two_letters() -> f32 {
    let charge = weights::spelling(spelling::Difference::Two { first: false }, usize::from(u8::MAX), true);
    charge.bits(&weights::Weights::closeness())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    #[test]
    fn a_name_lies_under_its_parts_joined_particles_latin_letters_and_sounds() {
        let terms = name_terms(&tokens("Mc Donald Дмитрий"));
        let names: Vec<&str> = terms.names.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(names, ["mc", "mcdonald", "donald", "дмитрии", "dmitrii"]);
        assert!(terms.alike.contains(&"initial\u{1}d".to_owned()), "{:?}", terms.alike);
        assert!(terms.alike.contains(&"sound\u{1}TNLT".to_owned()), "{:?}", terms.alike);
    }
}
