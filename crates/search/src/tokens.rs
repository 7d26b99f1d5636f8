//! From text to terms, the same for what is indexed and for what is asked.
//!
//! * Case and accents do not count, nor how a letter is composed: `NGUYỄN` and `nguyen` are one.
//! * Marks that join two parts without a space give both forms: `O'Brien` is found as `obrien`
//!   and as `o` and `brien`, `Al-Khalid` as `al khalid` and as `alkhalid`.
//! * Scripts that write without spaces are cut into single characters, and kept whole too.
//!
//! An apostrophe does not part a word in two places: a phrase counts `O'Brien` as one word. A
//! hyphen does: “stop and search” finds `stop-and-search`.

use std::collections::HashMap;
use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest term, in characters; longer ones are cut, on both sides alike.
pub const LONGEST: usize = 64;

/// One term and the place of its word in the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    /// The folded term.
    pub text: String,
    /// Place: counts words from 0. Several terms may have one place.
    pub place: usize,
}

/// One word of a text, with the forms under which it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its parts between hyphens, without apostrophes, each with a place of its own.
    pub parts: Vec<String>,
    /// The pieces between apostrophes, by the part that they belong to.
    pieces: Vec<(usize, String)>,
}

impl Word {
    /// The parts written as one, where there are several.
    #[must_use]
    pub fn joined(&self) -> Option<String> {
        (self.parts.len() > 1).then(|| cut(self.parts.concat()))
    }

    /// The pieces between apostrophes as words of their own (`O Brien`), where there are any.
    #[must_use]
    pub fn apart(&self) -> Option<Vec<String>> {
        if self.pieces.is_empty() {
            return None;
        }
        let mut apart = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            let pieces: Vec<String> =
                self.pieces.iter().filter(|(of, _)| *of == number).map(|(_, piece)| piece.clone()).collect();
            match pieces.is_empty() {
                true => apart.push(part.clone()),
                false => apart.extend(pieces),
            }
        }
        Some(apart)
    }
}

/// The words of a text in order.
#[must_use]
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for written in text.split(ends_word) {
        words.extend(word(written));
    }
    words
}

/// The terms of a text, in order of their places.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut place = 0;
    for word in words(text) {
        let first = tokens.len();
        for (number, part) in word.parts.iter().enumerate() {
            add(&mut tokens, first, part.clone(), place + number);
            let pieces = word.pieces.iter().filter(|(of, _)| *of == number);
            pieces.for_each(|(_, piece)| add(&mut tokens, first, piece.clone(), place + number));
        }
        if let Some(joined) = word.joined() {
            add(&mut tokens, first, joined, place);
        }
        place += word.parts.len();
        tokens[first..].sort_by_key(|token| token.place);
    }
    tokens
}

fn add(tokens: &mut Vec<Token>, first: usize, text: String, place: usize) {
    let token = Token { text, place };
    if !tokens[first..].contains(&token) {
        tokens.push(token);
    }
}

/// A value as one term: folded, without anything but letters and digits. `AB12 CDE`, `ab12-cde`
/// and `AB12CDE` are one.
#[must_use]
pub fn squeezed(value: &str) -> String {
    let kept = fold(value).chars().filter(|c| is_of_word(*c)).collect();
    cut(kept)
}

/// Folds case, accents, compositions and look-alike forms (full width, ligatures) away.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|c| !is_dropped(*c)).flat_map(char::to_lowercase).nfkd() {
        match plain_letters(letter) {
            Some(letters) => folded.push_str(letters),
            None if is_dropped(letter) => {}
            None => folded.push(letter),
        }
    }
    // Put Hangul and the like together again, so that a syllable is one character.
    folded.nfc().collect()
}

/// Stems that are remembered; texts repeat their words.
const REMEMBERED: usize = 4096;

/// Finds the English stem of a folded word; the word itself where it is of another script.
pub struct Stems {
    analyzer: TextAnalyzer,
    known: HashMap<String, String>,
}

impl Default for Stems {
    fn default() -> Self {
        let stemmer = Stemmer::new(Language::English);
        let analyzer = TextAnalyzer::builder(RawTokenizer::default()).filter(stemmer).build();
        Self { analyzer, known: HashMap::new() }
    }
}

impl Stems {
    /// The stem.
    pub fn stem(&mut self, word: &str) -> String {
        if !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return word.to_owned();
        }
        if let Some(stem) = self.known.get(word) {
            return stem.clone();
        }
        let mut stream = self.analyzer.token_stream(word);
        let stem = stream.next().map_or_else(|| word.to_owned(), |token| token.text.clone());
        drop(stream);
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(word.to_owned(), stem.clone());
        stem
    }
}

fn word(written: &str) -> Option<Word> {
    let mut word = Word { parts: Vec::new(), pieces: Vec::new() };
    for part in written.split(is_hyphen) {
        let pieces: Vec<String> =
            part.split(is_apostrophe).map(fold_word).filter(|piece| !piece.is_empty()).collect();
        let whole: String = pieces.concat();
        if whole.is_empty() {
            continue;
        }
        if whole.chars().any(is_unspaced) {
            word.parts.extend(runs(&whole));
            continue;
        }
        let number = word.parts.len();
        word.parts.push(cut(whole));
        if pieces.len() > 1 {
            word.pieces.extend(pieces.into_iter().map(|piece| (number, cut(piece))));
        }
    }
    (!word.parts.is_empty()).then_some(word)
}

/// A piece of a word as it lies in a term.
pub(crate) fn fold_word(piece: &str) -> String {
    let mut folded = fold(piece);
    folded.retain(is_of_word);
    folded
}

/// Single characters of scripts without spaces; what stands between them stays together.
fn runs(text: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars() {
        match runs.last_mut() {
            Some(run) if open && !is_unspaced(letter) => run.push(letter),
            _ => runs.push(letter.to_string()),
        }
        open = !is_unspaced(letter);
    }
    runs.into_iter().map(cut).collect()
}

fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}

/// Whether a character parts words.
pub(crate) fn ends_word(c: char) -> bool {
    !(c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c) || is_hyphen(c) || is_invisible(c))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Everything that is typed for an apostrophe, and the letters that look like one.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‛'
            | '′'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ˈ'
            | '＇'
            | 'ꞌ'
            | 'Ꞌ'
            | '\u{55A}'
            | '\u{5F3}'
    )
}

/// Everything that is typed for a hyphen, and other marks that join without a space.
fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '−'
                | '﹘'
                | '﹣'
                | '－'
                | '\u{5BE}'
                | '_'
                | '/'
                | '.'
                | '·'
                | '・'
                | '&'
                | '+'
                | '@'
    )
}

/// Marks of direction and joining, which nobody sees or types on purpose.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Accents and vowel points. Vowel signs of other scripts are letters and stay.
fn is_dropped(c: char) -> bool {
    is_invisible(c)
        || matches!(
            c,
            '\u{300}'..='\u{36F}'
                | '\u{483}'..='\u{487}'
                | '\u{591}'..='\u{5BD}'
                | '\u{5BF}'..='\u{5C7}'
                | '\u{610}'..='\u{61A}'
                | '\u{640}'
                | '\u{64B}'..='\u{65F}'
                | '\u{670}'
                | '\u{6D6}'..='\u{6ED}'
                | '\u{1AB0}'..='\u{1AFF}'
                | '\u{1DC0}'..='\u{1DFF}'
                | '\u{20D0}'..='\u{20FF}'
                | '\u{FE20}'..='\u{FE2F}'
        )
}

/// Letters that no decomposition takes apart, in lower case.
fn plain_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' | 'ɨ' | 'ɩ' => "i",
        'ħ' => "h",
        'ŧ' | 'ƭ' => "t",
        'ŋ' => "ng",
        'ƙ' | 'ĸ' => "k",
        'ɓ' | 'ƀ' => "b",
        'ƴ' => "y",
        'ə' | 'ǝ' | 'ɛ' => "e",
        'ɔ' => "o",
        'ʉ' | 'ʊ' => "u",
        'ς' => "σ",
        // Arabic letters that are written with and without their seat.
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ة' => "ه",
        _ => return None,
    })
}

fn is_unspaced(c: char) -> bool {
    matches!(
        c,
        '\u{2E80}'..='\u{2FDF}'
            | '\u{3040}'..='\u{30FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{3134F}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn case_accents_and_composition_do_not_count() {
        for (left, right) in [
            ("NGUYỄN", "nguyen"),
            ("Nguye\u{302}\u{303}n", "Nguyễn"),
            ("Straẞe", "STRASSE"),
            ("Łukasz", "lukasz"),
            ("Sørensen", "SORENSEN"),
            ("İsmail", "ismail"),
            ("ΓΙΏΡΓΟΣ", "γιωργος"),
            ("ＡＢ１２", "ab12"),
            ("مُحَمَّد", "محمد"),
        ] {
            assert_eq!(texts(left), texts(right), "{left} {right}");
        }
    }

    #[test]
    fn joining_marks_give_both_forms() {
        assert_eq!(texts("O'Brien"), ["obrien", "o", "brien"]);
        assert_eq!(texts("D’Arcy"), texts("D'Arcy"));
        assert_eq!(texts("Al-Khalid"), ["al", "alkhalid", "khalid"]);
        let places: Vec<usize> = tokens("stop-and-search O'Neil here").iter().map(|t| t.place).collect();
        assert_eq!(places, [0, 0, 1, 2, 3, 3, 3, 4]);
        assert_eq!(squeezed("AB12 cde"), "ab12cde");
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_characters() {
        assert_eq!(texts("李"), ["李"]);
        assert_eq!(texts("李小龙"), ["李", "李小龙", "小", "龙"]);
        assert_eq!(texts("김철수"), ["김철수"]);
    }

    #[test]
    fn stems_are_english_only() {
        let mut stems = Stems::default();
        assert_eq!(stems.stem("searching"), stems.stem("searched"));
        assert_eq!(stems.stem("zażółć"), "zażółć");
    }

    proptest! {
        #[test]
        fn any_text_gives_terms_within_bounds(text in "\\PC{0,200}") {
            for token in tokens(&text) {
                prop_assert!(!token.text.is_empty());
                prop_assert!(token.text.chars().count() <= LONGEST);
            }
        }

        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn places_never_fall(text in "\\PC{0,200}") {
            let places: Vec<usize> = tokens(&text).iter().map(|token| token.place).collect();
            prop_assert!(places.is_sorted());
        }
    }
}
