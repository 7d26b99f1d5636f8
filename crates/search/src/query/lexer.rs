//! From text to tokens, each with the character at which it stands.

use super::fields::{Known, Look, Meaning};
use super::together::{MOST_BETWEEN, MOST_TOGETHER};
use super::value::one_or_any;
use super::{Leaf, MOST_CHARACTERS, Node, QueryError, Reference, area, closed, value, wild};
use crate::tokens::words;
use model::kinds;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Or,
    And,
    Not,
    /// Something to look for, and how many terms it costs.
    Want(Node, usize),
}

/// A token and the character at which it stands, counted from 1.
pub(super) type Placed = (usize, Token);

struct Lexer<'a> {
    text: Vec<char>,
    at: usize,
    known: &'a Known,
    tokens: Vec<Placed>,
}

/// Takes a query apart.
pub(super) fn tokens(text: &str, known: &Known) -> Result<Vec<Placed>, QueryError> {
    let text: Vec<char> = text.chars().take(MOST_CHARACTERS + 1).collect();
    if text.len() > MOST_CHARACTERS {
        let problem = format!("a query may have at most {MOST_CHARACTERS} characters: search for less");
        return Err(QueryError::new(MOST_CHARACTERS + 1, problem));
    }
    let mut lexer = Lexer { text, at: 0, known, tokens: Vec::new() };
    while let Some(next) = lexer.peek() {
        lexer.step(next)?;
    }
    Ok(lexer.tokens)
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn step(&mut self, next: char) -> Result<(), QueryError> {
        let place = self.at + 1;
        match next {
            '(' => self.mark(Token::Open),
            ')' => self.mark(Token::Close),
            c if opens_phrase(c) => {
                let text = self.quoted()?;
                let between = self.between(&text, place)?;
                self.want(place, in_marks(None, text, between));
            }
            '-' | '−' if self.excludes() => self.mark(Token::Not),
            // A closing mark that closes nothing says nothing.
            c if is_gap(c) || closes_phrase(c) => self.at += 1,
            _ => self.word(place)?,
        }
        // Whatever a character is taken for, it is read once: the reader must come to an end.
        self.at = self.at.max(place);
        Ok(())
    }

    fn mark(&mut self, token: Token) {
        self.at += 1;
        self.tokens.push((self.at, token));
    }

    /// A hyphen excludes where it stands before something and after nothing.
    fn excludes(&self) -> bool {
        let after = self.text.get(self.at + 1);
        after.is_some_and(|c| c.is_alphanumeric() || opens_phrase(*c) || *c == '(')
    }

    /// The text up to the closing quotation mark; any kind closes.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let from = self.at + 1;
        let rest = &self.text[from..];
        let Some(len) = rest.iter().position(|c| closes_phrase(*c)) else {
            return Err(QueryError::new(
                from,
                "this quotation mark is not closed: a “\"” was expected after the phrase",
            ));
        };
        self.at = from + len + 1;
        Ok(rest[..len].iter().collect())
    }

    fn word(&mut self, place: usize) -> Result<(), QueryError> {
        let word = self.written();
        match word.as_str() {
            "OR" => self.tokens.push((place, Token::Or)),
            "AND" => self.tokens.push((place, Token::And)),
            "NOT" => self.tokens.push((place, Token::Not)),
            _ => self.field_or_word(place, &word)?,
        }
        Ok(())
    }

    /// A word as it is written. A mark behind a backslash means nothing, and is a gap in it.
    fn written(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            let marked = self.text.get(self.at + 1).copied().filter(|_| c == '\\');
            if marked.is_some_and(|mark| !mark.is_alphanumeric() && !is_gap(mark)) {
                word.push_str("  ");
                self.at += 2;
                continue;
            }
            if ends_word(c) {
                break;
            }
            word.push(c);
            self.at += 1;
        }
        word
    }

    /// How many words may stand between those in quotation marks: the number after `~`, where there is one.
    fn between(&mut self, text: &str, at: usize) -> Result<Option<u32>, QueryError> {
        if self.peek() != Some('~') {
            return Ok(None);
        }
        let count: usize = words(text).iter().map(|word| word.parts.len()).sum();
        if !(2..=MOST_TOGETHER).contains(&count) {
            let problem = format!(
                "2 to {MOST_TOGETHER} words were expected in the quotation marks before “~”, not {count}"
            );
            return Err(QueryError::new(at, problem));
        }
        self.at += 1;
        let (place, number) = (self.at + 1, self.written());
        match number.parse() {
            Ok(number) if number <= MOST_BETWEEN => Ok(Some(number)),
            _ => Err(QueryError::new(
                place,
                format!(
                    "a number of words from 0 to {MOST_BETWEEN} was expected after “~”, as in \"knife bus\"~5"
                ),
            )),
        }
    }

    fn field_or_word(&mut self, place: usize, word: &str) -> Result<(), QueryError> {
        if let Some((name, value)) = split_field(word) {
            let name = name.to_ascii_lowercase();
            return match self.known.meaning(&name) {
                Some(meaning) => self.field(place, &name, value, meaning),
                None => Err(QueryError::new(place, self.unknown(&name))),
            };
        }
        if wild::gap(word).is_some() {
            let node = wild::node(None, word, place)?;
            self.want(place, node);
            return Ok(());
        }
        let want = match reference(word) {
            Some(reference) => {
                let as_words = words_of(None, word.to_owned(), false);
                Node::Any(vec![Node::Leaf(Leaf::Reference(reference)), as_words])
            }
            None => words_of(None, word.to_owned(), false),
        };
        self.want(place, want);
        Ok(())
    }

    fn unknown(&self, name: &str) -> String {
        match self.known.nearest(name) {
            Some(near) => format!("there is no field “{name}”; “{near}:” was perhaps meant"),
            None => format!(
                "there is no field “{name}”: the name of a field was expected before the colon, or a space after it"
            ),
        }
    }

    fn field(&mut self, place: usize, name: &str, value: &str, meaning: Meaning) -> Result<(), QueryError> {
        let value_place = place + name.chars().count() + 1;
        if matches!(meaning, Meaning::Near | Meaning::Within) {
            return self.area(place, name, value, meaning);
        }
        let is_quoted = value.is_empty() && self.peek().is_some_and(opens_phrase);
        let value = if is_quoted { self.quoted()? } else { value.to_owned() };
        if value.trim().is_empty() {
            return Err(QueryError::new(value_place, format!("a value was expected after “{name}:”")));
        }
        let node = match meaning {
            Meaning::Kind => kind(&value, value_place)?,
            Meaning::Mark => {
                let rule = value.trim().to_lowercase();
                if self.known.knows_all_rules() {
                    closed::check_rule(name, &rule, value_place)?;
                }
                Node::Leaf(Leaf::Mark(format!("{name}:{rule}")))
            }
            Meaning::Is => {
                let state = value.trim().to_lowercase();
                closed::check_state(&state, value_place)?;
                Node::Leaf(Leaf::Mark(state))
            }
            _ => {
                let written = match is_quoted {
                    true => Written::InMarks(self.between(&value, value_place)?),
                    false => Written::Plainly,
                };
                self.in_its_fields(name, &value, written, value_place)?
            }
        };
        self.want(place, node);
        Ok(())
    }

    /// A place near a point or within a shape.
    fn area(&mut self, place: usize, name: &str, value: &str, meaning: Meaning) -> Result<(), QueryError> {
        let at = place + name.chars().count() + 1;
        let shape = match meaning {
            Meaning::Within => area::within(&self.in_parentheses(value, at)?, at + 1)?,
            _ if value.is_empty() && self.peek().is_some_and(opens_phrase) => {
                // The reference of a grid may be written with spaces; the distance follows the marks.
                let point = self.quoted()?;
                let text = format!("{point} {}", self.written());
                area::near(&text, at + 1)?
            }
            _ => area::near(value, at)?,
        };
        let areas = |field| Node::Leaf(Leaf::Area { field, shape: shape.clone() });
        let node = match self.known.places(name) {
            None => areas(None),
            Some(paths) => one_or_any(paths.into_iter().map(|path| areas(Some(path))).collect()),
        };
        self.want(place, node);
        Ok(())
    }

    fn in_parentheses(&mut self, value: &str, at: usize) -> Result<String, QueryError> {
        let is_open = value.is_empty() && self.peek() == Some('(');
        let rest = self.text.get(self.at + 1..).filter(|_| is_open);
        let Some(rest) = rest else {
            return Err(QueryError::new(
                at,
                "corners in parentheses were expected: (51.5,-0.2 51.6,-0.2 51.6,0.1)",
            ));
        };
        let Some(len) = rest.iter().position(|c| *c == ')') else {
            return Err(QueryError::new(
                at,
                "this parenthesis is not closed: “)” was expected after the last corner",
            ));
        };
        let inner = rest[..len].iter().collect();
        self.at += len + 2;
        Ok(inner)
    }

    /// What is looked for in a field: in any of those that have the name, where its form fits.
    fn in_its_fields(
        &self,
        name: &str,
        value: &str,
        written: Written,
        place: usize,
    ) -> Result<Node, QueryError> {
        let paths = self.known.paths(name);
        match written {
            Written::Plainly if value::is_span(value) => {}
            Written::Plainly if wild::gap(value).is_some() => {
                closed::check_pattern(name, &paths, value, place)?
            }
            Written::Plainly => closed::check_value(name, &paths, value, place)?,
            Written::InMarks(_) => {}
        }
        let node = |path: String| {
            let look = match self.known.meaning(&path) {
                Some(Meaning::Field(look)) => look,
                _ => Look::Words,
            };
            match written {
                Written::InMarks(between) => Ok(in_marks(Some(path), value.to_owned(), between)),
                Written::Plainly => value::node(&path, value, look, place),
            }
        };
        let (ways, mut problems): (Vec<_>, Vec<_>) = paths.into_iter().map(node).partition(Result::is_ok);
        let mut ways: Vec<Node> = ways.into_iter().flatten().collect();
        match ways.len() {
            0 => problems.swap_remove(0),
            1 => Ok(ways.swap_remove(0)),
            _ => Ok(Node::Any(ways)),
        }
    }

    /// Words of which nothing is left are passed over: “Marks & Spencer” has two.
    fn want(&mut self, place: usize, node: Node) {
        let cost = cost(&node);
        if cost > 0 {
            self.tokens.push((place, Token::Want(node, cost)));
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy)]
enum Written {
    Plainly,
    /// In quotation marks, and how many words may stand between, where that is said.
    InMarks(Option<u32>),
}

/// Words in quotation marks: in this order, or near each other.
fn in_marks(field: Option<String>, text: String, between: Option<u32>) -> Node {
    match between {
        Some(between) => Node::Leaf(Leaf::Together { field, text, between }),
        None => words_of(field, text, true),
    }
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn ends_word(c: char) -> bool {
    is_gap(c) || opens_phrase(c) || closes_phrase(c) || matches!(c, '(' | ')')
}

fn opens_phrase(c: char) -> bool {
    matches!(c, '"' | '“' | '„' | '‟' | '«' | '＂')
}

/// Languages differ in which mark closes; some close with the one that others open with.
fn closes_phrase(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '‟' | '»' | '＂')
}

pub(super) fn words_of(field: Option<String>, text: String, phrase: bool) -> Node {
    Node::Leaf(Leaf::Words { field, text, phrase })
}

/// Terms that a word with gaps, or an area, counts for.
const COSTLY: usize = 8;

/// How many terms something costs; words of which nothing is left cost nothing.
fn cost(node: &Node) -> usize {
    match node {
        Node::Leaf(Leaf::Words { text, .. } | Leaf::Together { text, .. }) => {
            words(text).iter().map(|word| word.parts.len()).sum()
        }
        Node::Leaf(Leaf::Pattern { .. } | Leaf::Area { .. }) => COSTLY,
        Node::Leaf(_) => 1,
        Node::All(parts) | Node::Any(parts) => parts.iter().map(cost).sum(),
        Node::Not(part) => cost(part),
    }
}

/// `name:value` where what stands before the colon looks like a field's name; an address of the
/// web or a time of day does not.
fn split_field(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once(':')?;
    let mut letters = name.chars();
    let is_name = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (is_name && !value.starts_with("//")).then_some((name, value))
}

fn kind(value: &str, place: usize) -> Result<Node, QueryError> {
    if let Some(kind) = kinds::by_name(&value.trim().to_lowercase()) {
        return Ok(Node::Leaf(Leaf::Kind(kind.number)));
    }
    let names: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
    let problem = format!("there is no kind “{value}”: one of {} was expected", names.join(", "));
    Err(QueryError::new(place, problem))
}

/// Reads `SS-0000123` or `SS-0000123-H`; in small letters only where a kind has the prefix.
fn reference(word: &str) -> Option<Reference> {
    let mut parts = word.split('-');
    let (prefix, digits, check) = (parts.next()?, parts.next()?, parts.next());
    let has_prefix = (1..=3).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_alphabetic());
    let has_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !has_prefix || !has_digits || parts.next().is_some() {
        return None;
    }
    let upper = prefix.to_ascii_uppercase();
    if prefix != upper && kinds::ALL.iter().all(|kind| kind.prefix != upper) {
        return None;
    }
    let check = match check.map(|text| text.as_bytes()) {
        None => None,
        Some([letter]) if letter.is_ascii_alphabetic() => Some(char::from(letter.to_ascii_uppercase())),
        Some(_) => return None,
    };
    Some(Reference { prefix: upper, number: digits.parse().ok()?, check, text: word.to_owned() })
}
