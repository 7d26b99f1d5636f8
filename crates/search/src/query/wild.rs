//! Words of which only a part is given: `smi*`, `*son`, `sm?th`.

use super::lexer::words_of;
use super::{Leaf, Node, QueryError};
use crate::tokens::{ends_word, fold_word};

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    Letter(char),
    /// `?`: any one letter or digit.
    One,
    /// `*`: any number of them, none too.
    Many,
}

/// A word with gaps, folded as terms are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Pattern(Vec<Part>);

impl Pattern {
    /// Reads a pattern; `None` where no letter or digit is left of it.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut letters = String::new();
        for c in written.chars() {
            if !is_gap(c) {
                letters.push(c);
                continue;
            }
            add_letters(&mut parts, &mut letters);
            match c {
                '?' => parts.push(Part::One),
                _ if parts.last() != Some(&Part::Many) => parts.push(Part::Many),
                _ => {}
            }
        }
        add_letters(&mut parts, &mut letters);
        parts.iter().any(|part| matches!(part, Part::Letter(_))).then_some(Self(parts))
    }

    /// What every word of the pattern begins with.
    pub(crate) fn beginning(&self) -> String {
        self.0.iter().map_while(|part| if let Part::Letter(c) = part { Some(*c) } else { None }).collect()
    }

    /// Whether a folded word is of the pattern. Takes at most the product of both lengths.
    pub(crate) fn fits(&self, word: &str) -> bool {
        let parts = &self.0;
        let (mut at, mut rest) = (0, word.chars());
        // Where the last star stands, and what it has not swallowed yet.
        let mut star = None;
        loop {
            let here = rest.clone();
            match (rest.next(), parts.get(at)) {
                (None, _) => return parts[at..].iter().all(|part| *part == Part::Many),
                (Some(_), Some(Part::Many)) => {
                    at += 1;
                    star = Some((at, here.clone()));
                    rest = here;
                }
                (Some(_), Some(Part::One)) => at += 1,
                (Some(c), Some(Part::Letter(letter))) if c == *letter => at += 1,
                _ => {
                    let Some((after, swallowed)) = &mut star else { return false };
                    swallowed.next();
                    at = *after;
                    rest = swallowed.clone();
                }
            }
        }
    }
}

fn add_letters(parts: &mut Vec<Part>, letters: &mut String) {
    parts.extend(fold_word(letters).chars().map(Part::Letter));
    letters.clear();
}

fn is_gap(c: char) -> bool {
    matches!(c, '*' | '?')
}

/// Where in a word the first sign stands that leaves something open.
pub(super) fn gap(word: &str) -> Option<usize> {
    word.chars().position(is_gap)
}

/// What is looked for by text of which at least one word is a pattern.
///
/// # Errors
/// Where a pattern has no letter.
pub(super) fn node(field: Option<&str>, text: &str, at: usize) -> Result<Node, QueryError> {
    let mut parts = Vec::new();
    let mut place = at;
    for written in text.split(|c| ends_word(c) && !is_gap(c)) {
        match gap(written) {
            Some(first) => parts.push(pattern(field, written, place + first)?),
            None if !written.is_empty() => {
                parts.push(words_of(field.map(str::to_owned), written.to_owned(), false));
            }
            None => {}
        }
        place += written.chars().count() + 1;
    }
    Ok(match parts.len() {
        1 => parts.swap_remove(0),
        _ => Node::All(parts),
    })
}

fn pattern(field: Option<&str>, written: &str, at: usize) -> Result<Node, QueryError> {
    let Some(pattern) = Pattern::parse(written) else {
        let problem = format!(
            "“{written}” alone stands for every word: a letter or digit was expected beside it; put it in quotation marks, or write \\ before it, to take it as a mark"
        );
        return Err(QueryError::new(at, problem));
    };
    Ok(Node::Leaf(Leaf::Pattern { field: field.map(str::to_owned), written: written.to_owned(), pattern }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fits(pattern: &str, word: &str) -> bool {
        Pattern::parse(pattern).unwrap().fits(word)
    }

    #[test]
    fn stars_stand_for_any_letters_and_question_marks_for_one() {
        for (pattern, word, expected) in [
            ("smi*", "smith", true),
            ("smi*", "smi", true),
            ("smi*", "osmi", false),
            ("*son", "johnson", true),
            ("*son", "sonja", false),
            ("sm?th", "smyth", true),
            ("sm?th", "smth", false),
            ("a*b*c", "axbxbxc", true),
            ("a*b*c", "abcd", false),
            ("*mit*", "smith", true),
            ("O'Br*", "obrien", true),
            ("É?**", "ely", true),
            ("?a", "漢a", true),
        ] {
            assert_eq!(fits(pattern, word), expected, "{pattern} {word}");
        }
        assert_eq!(Pattern::parse("O'Br*n").unwrap().beginning(), "obr");
        for nothing in ["*", "?", "**", "*?", "-*", "'?"] {
            assert_eq!(Pattern::parse(nothing), None, "{nothing}");
        }
    }

    /// The plainest reading: each way that the first part can go.
    fn fits_plainly(parts: &[Part], word: &[char]) -> bool {
        match (parts.split_first(), word.split_first()) {
            (None, _) => word.is_empty(),
            (Some((Part::Many, rest)), None) => fits_plainly(rest, word),
            (Some((Part::Many, rest)), Some((_, shorter))) => {
                fits_plainly(rest, word) || fits_plainly(parts, shorter)
            }
            (Some(_), None) => false,
            (Some((Part::One, rest)), Some((_, shorter))) => fits_plainly(rest, shorter),
            (Some((Part::Letter(letter), rest)), Some((c, shorter))) => {
                c == letter && fits_plainly(rest, shorter)
            }
        }
    }

    proptest! {
        #[test]
        fn it_fits_where_the_plain_reading_does(pattern in "[ab*?]{1,8}", word in "[abc]{0,10}") {
            let Some(pattern) = Pattern::parse(&pattern) else { return Ok(()) };
            let letters: Vec<char> = word.chars().collect();
            prop_assert_eq!(pattern.fits(&word), fits_plainly(&pattern.0, &letters));
            prop_assert!(!pattern.fits(&word) || word.starts_with(&pattern.beginning()));
        }
    }
}
