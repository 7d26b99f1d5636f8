//! Queries of a list: each line is a few words as they stand in somebody's file, and no sign in them is
//! an operator.

use super::{Leaf, Node, Query};
use crate::matching::birth;
use crate::tokens::words;

impl Query {
    /// All of these words, as they may have been meant; nothing in them is read as an operator or a field.
    /// `None` where nothing is left to look for.
    #[must_use]
    pub fn of_words(listed: &[String]) -> Option<Self> {
        let wanted = listed.iter().filter(|word| !words(word).is_empty());
        let mut nodes: Vec<Node> = wanted
            .map(|word| Node::Leaf(Leaf::Words { field: None, text: word.clone(), phrase: false }))
            .collect();
        let root = match nodes.len() {
            0 => return None,
            1 => nodes.remove(0),
            _ => Node::All(nodes),
        };
        Some(Self { root, reference: None, today: None })
    }
}

/// Whether a word reads as a date of birth, whole or in part: `12/03/1985`, `03/1985`, `1985`.
#[must_use]
pub fn is_date(word: &str) -> bool {
    matches!(words(word).as_slice(), [one] if birth::read(&one.parts).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_in_a_word_of_a_list_is_an_operator() {
        let listed = ["NOT", "-smith", "surname:x", "(", "\"", "OR"].map(str::to_owned);
        let query = Query::of_words(&listed).unwrap();
        let mut wanted = Vec::new();
        query.root().wanted(&mut wanted);
        assert_eq!(wanted.len(), 4, "{wanted:?}");
        assert!(wanted.iter().all(|leaf| matches!(leaf, Leaf::Words { field: None, .. })));
        assert_eq!(Query::of_words(&["(".to_owned(), "&".to_owned()]), None);
    }

    #[test]
    fn a_date_is_known_from_other_words() {
        assert!(["12/03/1985", "1985-03-12", "03/1985", "1985"].iter().all(|word| is_date(word)));
        assert!(["31/02/1985", "smith", "AB12CDE", "07700900123", ""].iter().all(|word| !is_date(word)));
    }
}
