//! How one spelling of a name differs from another, and how it sounds.

use any_ascii::any_ascii;
use rphonetic::{DoubleMetaphone, Encoder};

/// Fewest letters of a name whose sound is compared; shorter ones sound like too many others.
const FEWEST_SOUNDED: usize = 3;

/// How a name as typed differs from the name as it is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// None.
    Same,
    /// A letter is written twice in one of them.
    Doubled,
    /// Two letters that stand side by side are swapped.
    Swapped,
    /// One letter is missing, added or changed; whether it is the first.
    One { first: bool },
    /// Two letters differ; whether the first is among them.
    Two { first: bool },
}

impl Difference {
    /// The difference of two words that are `distance` letters apart.
    pub(crate) fn of(typed: &str, held: &str, distance: usize) -> Self {
        let first = typed.chars().next() != held.chars().next();
        match distance {
            0 => Self::Same,
            1 if once(typed) == once(held) => Self::Doubled,
            1 if is_swap(typed, held) => Self::Swapped,
            1 => Self::One { first },
            _ => Self::Two { first },
        }
    }
}

/// A word with each run of one letter written once.
fn once(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    letters
}

fn is_swap(left: &str, right: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(left) == sorted(right)
}

/// How a folded name sounds to an English ear: its Double Metaphone code (Philips, 2000). `None` where it
/// is too short or not of Latin letters.
pub(crate) fn sound(word: &str) -> Option<String> {
    // The encoder takes nothing but ASCII.
    let letters = word.len() >= FEWEST_SOUNDED && word.bytes().all(|b| b.is_ascii_lowercase());
    letters.then(|| DoubleMetaphone::default().encode(word)).filter(|code| !code.is_empty())
}

/// A folded name in Latin letters, where it is written in others.
pub(crate) fn in_latin(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let latin: String =
        any_ascii(word).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (!latin.is_empty()).then_some(latin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn differences_are_told_apart() {
        for (typed, held, distance, difference) in [
            ("smith", "smith", 0, Difference::Same),
            ("philip", "phillip", 1, Difference::Doubled),
            ("smiht", "smith", 1, Difference::Swapped),
            ("smyth", "smith", 1, Difference::One { first: false }),
            ("mith", "smith", 1, Difference::One { first: true }),
            ("jmyth", "smith", 2, Difference::Two { first: true }),
        ] {
            assert_eq!(Difference::of(typed, held, distance), difference, "{typed} {held}");
        }
    }

    #[test]
    fn names_that_sound_alike_have_one_code() {
        for (left, right) in
            [("stephen", "stefan"), ("shaun", "shawn"), ("catherine", "kathryn"), ("philip", "filip")]
        {
            assert_eq!(sound(left), sound(right), "{left} {right}");
        }
        assert_eq!((sound("al"), sound("дмитрий")), (None, None));
    }

    #[test]
    fn other_scripts_are_written_in_latin_letters() {
        assert_eq!(in_latin("дмитрий").as_deref(), Some("dmitriy"));
        assert_eq!(in_latin("smith"), None);
    }

    proptest! {
        #[test]
        fn any_word_has_a_sound_or_none(word in "\\PC{0,20}") {
            let _ = (sound(&word), in_latin(&word));
        }
    }
}
