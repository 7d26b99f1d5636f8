//! How terms that are made already travel to the engine, with their places.
//!
//! The engine's own form for this goes through JSON, twice for every text. Ours is one line of
//! text: what all terms begin with, then each term behind a sign that says whether it stands at
//! the next place or at the same one.

use crate::tokens::Token;
use tantivy::tokenizer::{TextAnalyzer, Token as EngineToken, TokenStream, Tokenizer};

/// The name under which the engine knows it.
pub(crate) const NAME: &str = "placed";

/// Before a term at the next place. No term and no field's name holds either sign.
const NEXT: char = '\u{2}';
/// Before a term at the same place as the one before.
const SAME: char = '\u{3}';

/// Places between two texts where terms have a head: as long as a line of words that is looked for in one
/// text may be, so that it never reaches into another. A line that begins without a head is of all texts.
pub(crate) const APART: usize = 64;

/// Writes terms down, all beginning with `head`. Their places rise by steps of one from 0.
pub(crate) fn write<'a>(head: &str, tokens: impl IntoIterator<Item = &'a Token>) -> String {
    let mut text = head.to_owned();
    let mut place = None;
    for token in tokens {
        text.push(if place == Some(token.place) { SAME } else { NEXT });
        text.push_str(&token.text);
        place = Some(token.place);
    }
    text
}

/// The reading side, for the engine.
pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(Placed { token: EngineToken::default() }).build()
}

#[derive(Clone)]
struct Placed {
    token: EngineToken,
}

struct PlacedStream<'a> {
    head: &'a str,
    rest: &'a str,
    token: &'a mut EngineToken,
}

impl Tokenizer for Placed {
    type TokenStream<'a> = PlacedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PlacedStream<'a> {
        self.token.reset();
        let (head, rest) = text.split_at(text.find(is_sign).unwrap_or(text.len()));
        if !head.is_empty() {
            self.token.position = APART.wrapping_add(self.token.position);
        }
        PlacedStream { head, rest, token: &mut self.token }
    }
}

impl TokenStream for PlacedStream<'_> {
    fn advance(&mut self) -> bool {
        let mut letters = self.rest.chars();
        let Some(sign) = letters.next() else {
            return false;
        };
        let rest = letters.as_str();
        let (term, rest) = rest.split_at(rest.find(is_sign).unwrap_or(rest.len()));
        self.rest = rest;
        if sign == NEXT {
            // The engine starts one before the first place.
            self.token.position = self.token.position.wrapping_add(1);
        }
        self.token.text.clear();
        self.token.text.push_str(self.head);
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &EngineToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        self.token
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, NEXT | SAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(text in "[\\PC ]{0,80}", head in "[a-z]{0,4}") {
            let written = tokens(&text);
            let mut analyzer = analyzer();
            let line = write(&head, &written);
            let mut stream = analyzer.token_stream(&line);
            for token in &written {
                prop_assert!(stream.advance());
                prop_assert_eq!(&stream.token().text, &format!("{head}{}", token.text));
                let from = if head.is_empty() { 0 } else { APART };
                prop_assert_eq!(stream.token().position, from + token.place);
            }
            prop_assert!(!stream.advance());
        }
    }
}
