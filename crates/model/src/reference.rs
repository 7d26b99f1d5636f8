//! Reference numbers of records: `SS-0000123-H`, the kind's letters, a number and a check letter.
//! People read them out over the radio, so reading forgives case, spaces and missing zeros, and a
//! wrong letter is told at once.

use crate::identifiers::check_letter;
use crate::kind::Kind;
use crate::kinds;

/// Why a text is not a reference number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not letters, digits, letter.
    #[error("“{0}” is not a reference number; write it as on the record, for instance {example}", example = example())]
    Form(String),
    /// No kind has these letters.
    #[error("no kind of record has references that begin with “{prefix}”; they begin with {known}", known = known())]
    UnknownPrefix {
        /// The letters that were given.
        prefix: String,
    },
    /// The number is too large to be one of ours.
    #[error("the number in “{0}” is too large for a reference number; check it again")]
    TooLarge(String),
    /// The check letter does not fit the number.
    #[error(
        "the check letter of “{given}” does not fit: the number {number} has {right}, not {letter}. \
         One character is wrong; check it again"
    )]
    WrongLetter {
        /// What was given.
        given: String,
        /// The number in it.
        number: u64,
        /// The letter that the number has.
        right: char,
        /// The letter in it.
        letter: char,
    },
}

fn example() -> String {
    kinds::by_name("stop-and-search").map_or_else(String::new, |kind| reference_text(kind, 123))
}

fn known() -> String {
    let prefixes: Vec<&str> = kinds::ALL.iter().map(|kind| kind.prefix).collect();
    prefixes.join(", ")
}

/// How a record of this kind with this number is called.
#[must_use]
pub fn reference_text(kind: &Kind, number: u64) -> String {
    format!("{}-{number:07}-{}", kind.prefix, check_letter::of(u128::from(number)))
}

/// Reads a reference number, forgiving case, spaces, strokes and missing zeros.
///
/// # Errors
/// [`ReferenceError`] says what is wrong; a wrong check letter names the right one.
pub fn parse_reference(text: &str) -> Result<(&'static Kind, u64), ReferenceError> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let plain = plain.to_ascii_uppercase();
    let form = || ReferenceError::Form(text.trim().to_owned());
    let digits_at = plain.find(|c: char| c.is_ascii_digit()).ok_or_else(form)?;
    let (prefix, rest) = plain.split_at(digits_at);
    let letter = rest.chars().next_back().filter(char::is_ascii_uppercase).ok_or_else(form)?;
    let digits = &rest[..rest.len() - 1];
    if prefix.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(form());
    }
    let unknown = || ReferenceError::UnknownPrefix { prefix: prefix.to_owned() };
    let kind = kinds::by_prefix(prefix).ok_or_else(unknown)?;
    let number = digits.parse().map_err(|_| ReferenceError::TooLarge(text.trim().to_owned()))?;
    let right = check_letter::of(u128::from(number));
    if letter == right {
        return Ok((kind, number));
    }
    Err(ReferenceError::WrongLetter { given: text.trim().to_owned(), number, right, letter })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reference_reads_whatever_its_spelling() {
        let kind = kinds::by_name("stop-and-search").unwrap();
        assert_eq!(reference_text(kind, 123), "SS-0000123-H");
        for text in ["SS-0000123-H", "ss 123 h", " SS0000123H ", "ss-123-h", "s s 0 0 1 2 3 H"] {
            assert_eq!(parse_reference(text).unwrap().1, 123, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let message = |text| parse_reference(text).unwrap_err().to_string();
        assert_eq!(
            message("SS-123-K"),
            "the check letter of “SS-123-K” does not fit: the number 123 has H, not K. \
             One character is wrong; check it again"
        );
        assert!(
            message("QQ-1-A")
                .starts_with("no kind of record has references that begin with “QQ”; they begin with N")
        );
        assert_eq!(
            message("hello"),
            "“hello” is not a reference number; write it as on the record, for instance SS-0000123-H"
        );
        assert!(message("SS-99999999999999999999999-A").contains("too large"));
        assert!(message("SS-12é-A").contains("not a reference number"));
        assert!(message("").contains("not a reference number"));
    }

    proptest! {
        #[test]
        fn every_reference_reads_back(at in 0..kinds::ALL.len(), number: u64) {
            let kind = kinds::ALL[at];
            let (found, back) = parse_reference(&reference_text(kind, number).to_lowercase()).unwrap();
            prop_assert_eq!((found.number, back), (kind.number, number));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = parse_reference(&text);
        }
    }
}
