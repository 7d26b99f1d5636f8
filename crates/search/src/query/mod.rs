//! The query language.
//!
//! ```text
//! robbery knife            both words, in any field, in any form (robberies …)
//! "black hooded top"       the words in this order
//! anna smith march 1987    dates in words or digits, of birth or of what happened; `aged 38`
//! burglary march 2024 to may 2024  what happened between two dates
//! grounds:knife            a word in a field; grounds:"black top" for several
//! smi*  *son  sm?th        any letters, one letter; \* is the mark itself
//! "knife bus"~5            these words in any order, at most five others between them
//! near:51.5074,-0.1278~2km places within a radius; near:SU387148~500m by the National Grid
//! within:(51.5,-0.2 51.6,-0.2 51.6,0.1)  places within a shape, by its corners
//! kind:stop-and-search     a kind of record
//! at:2024-01-05            a day, a month (2024-01) or a year (2024), Europe/London
//! at:2024-01..2024-03      from the first day to the last; at:>=2024-01-01 and so on
//! age:10..17               numbers in the same way
//! missing:place            what a record lacks; placeholder:, answered:, not-in-source:, applies:
//! is:possible-repeat       rows identical to another of their file
//! SS-0000123-H             a reference
//! -word, NOT word          without
//! a OR b, (a b) OR c       either
//! ```
//!
//! Any text of at most [`MOST_CHARACTERS`] is read in one pass and answered within bounds: at most
//! [`MOST_TERMS`] terms and [`DEEPEST`] parentheses, and what [`limits`] says of words with gaps and of
//! time. An error names the character and what was expected there.

mod area;
mod closed;
pub(crate) mod expand;
mod fields;
pub mod form;
mod lexer;
pub mod limits;
pub(crate) mod listed;
mod naming;
mod parser;
pub(crate) mod plan;
pub(crate) mod together;
mod value;
mod wild;

pub(crate) use self::wild::Pattern;
use crate::geography::Shape;
use crate::mapping::HAPPENED;
use crate::part::{Period, Within};
use crate::span::Days;
use jiff::civil::Date;

/// Longest query, in characters.
pub const MOST_CHARACTERS: usize = 10_000;
/// Most terms in one query, counted after words are taken apart.
pub const MOST_TERMS: usize = 256;
/// Deepest nesting of parentheses and NOT.
pub const DEEPEST: usize = 32;

/// Why a query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {problem}")]
pub struct QueryError {
    /// The character at which it goes wrong, counted from 1.
    pub at: usize,
    /// What is wrong there, and what was expected.
    pub problem: String,
}

impl QueryError {
    fn new(at: usize, problem: impl Into<String>) -> Self {
        Self { at, problem: problem.into() }
    }
}

/// A query that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    root: Node,
    reference: Option<Reference>,
    manner: Manner,
}

/// How a query is asked, besides what it asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    /// The day on which it is asked.
    pub(crate) today: Option<Date>,
    /// Whether only what holds all of it is an answer.
    pub(crate) strict: bool,
}

/// A reference as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) prefix: String,
    pub(crate) number: u64,
    pub(crate) check: Option<char>,
    pub(crate) text: String,
}

/// What a query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Leaf(Leaf),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// Words in any field or in one; in this order where they are a phrase.
    Words {
        field: Option<String>,
        text: String,
        phrase: bool,
    },
    Kind(u16),
    Reference(Reference),
    /// A mark as it lies in the index, for instance `missing:place`.
    Mark(String),
    /// A unit, letter by letter.
    Unit(String),
    Days {
        field: String,
        days: Days,
    },
    Numbers {
        field: String,
        from: i64,
        to: i64,
    },
    /// A word of which only a part is given.
    Pattern {
        field: Option<String>,
        written: String,
        pattern: Pattern,
    },
    /// Words with at most so many others between them.
    Together {
        field: Option<String>,
        text: String,
        between: u32,
    },
    /// Places in any field or in one.
    Area {
        field: Option<String>,
        shape: Shape,
    },
}

impl Query {
    /// Reads a query; fields are those of the declared kinds.
    ///
    /// # Errors
    /// [`QueryError`] names the character and what was expected.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::read(text, fields::Known::declared())
    }

    /// Reads a query where the force has fields of its own besides.
    ///
    /// # Errors
    /// [`QueryError`] names the character and what was expected.
    pub fn parse_with(text: &str, own_fields: &[&str]) -> Result<Self, QueryError> {
        match own_fields.is_empty() {
            true => Self::parse(text),
            false => Self::read(text, &fields::Known::with(own_fields)),
        }
    }

    fn read(text: &str, known: &fields::Known) -> Result<Self, QueryError> {
        let tokens = lexer::tokens(text, known)?;
        let root = parser::parse(&tokens)?;
        let reference = match &root {
            Node::Any(ways) => ways.iter().find_map(Node::as_reference).cloned(),
            node => node.as_reference().cloned(),
        };
        Ok(Self { root, reference, manner: Manner::default() })
    }

    /// The records behind a figure: those of a kind that carry a mark, of a unit and a period.
    #[must_use]
    pub fn behind(kind: u16, mark: &str, within: &Within) -> Self {
        let happened = |days| Leaf::Days { field: HAPPENED.to_owned(), days };
        let days = within.period.and_then(Period::days).map(happened);
        let leaves = [Some(Leaf::Kind(kind)), Some(Leaf::Mark(mark.to_owned()))].into_iter();
        let leaves = leaves.chain([within.unit.clone().map(Leaf::Unit), days]);
        Self {
            root: Node::All(leaves.flatten().map(Node::Leaf).collect()),
            reference: None,
            manner: Manner::default(),
        }
    }

    /// The same, of records of this unit alone, as it is written in the records.
    #[must_use]
    pub fn of_unit(mut self, unit: &str) -> Self {
        let of_unit = Node::Leaf(Leaf::Unit(unit.to_owned()));
        self.root = match self.root {
            Node::All(mut parts) => {
                parts.push(of_unit);
                Node::All(parts)
            }
            other => Node::All(vec![other, of_unit]),
        };
        self
    }

    /// The same, asked on this day: an age in words (`aged 38`) counts from it, and is no age without it.
    #[must_use]
    pub fn asked_on(mut self, today: Date) -> Self {
        self.manner.today = Some(today);
        self
    }

    /// Each of the things asked for whose words say something, as a query of its own; the whole query where no
    /// single one does.
    #[must_use]
    pub fn parts_saying(&self, says: impl Fn(&str) -> bool) -> Vec<Self> {
        let mut wanted = Vec::new();
        self.root.wanted(&mut wanted);
        let saying = wanted.into_iter().filter(|leaf| match leaf {
            Leaf::Words { text, .. } | Leaf::Together { text, .. } => says(text),
            Leaf::Reference(reference) => says(&reference.text),
            _ => false,
        });
        let parts: Vec<Self> = saying
            .map(|leaf| Self { root: Node::Leaf(leaf.clone()), reference: None, manner: self.manner })
            .collect();
        if parts.is_empty() { vec![self.clone()] } else { parts }
    }

    /// Prefix and number where the whole query is one reference, such as `SS-0000123-H`.
    #[must_use]
    pub fn reference(&self) -> Option<(&str, u64)> {
        self.reference.as_ref().map(|reference| (reference.prefix.as_str(), reference.number))
    }

    /// The check letter that was typed with [`Query::reference`].
    #[must_use]
    pub fn check_letter(&self) -> Option<char> {
        self.reference.as_ref().and_then(|reference| reference.check)
    }

    /// Whether some answers can fit better than others. Where a query only narrows, by kind, date,
    /// number or mark, the newest come first.
    #[must_use]
    pub fn is_ranked(&self) -> bool {
        self.root.is_ranked()
    }

    /// The same, where only what holds all that is asked for is an answer, however little that is.
    #[must_use]
    pub fn strictly(mut self) -> Self {
        self.manner.strict = true;
        self
    }

    /// Something else, asked in the same manner.
    pub(crate) fn asking(&self, root: Node) -> Self {
        Self { root, reference: None, manner: self.manner }
    }

    pub(crate) fn manner(&self) -> Manner {
        self.manner
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }
}

impl Node {
    fn as_reference(&self) -> Option<&Reference> {
        match self {
            Self::Leaf(Leaf::Reference(reference)) => Some(reference),
            _ => None,
        }
    }

    fn is_ranked(&self) -> bool {
        match self {
            Self::Leaf(leaf) => matches!(leaf, Leaf::Words { .. }),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_ranked),
            Self::Not(_) => false,
        }
    }

    /// Whether it says nothing that a record could be found by, and only leaves some out: by time, number,
    /// place, unit or mark.
    pub(crate) fn only_narrows(&self) -> bool {
        match self {
            Self::Leaf(leaf) => matches!(
                leaf,
                Leaf::Mark(_) | Leaf::Unit(_) | Leaf::Days { .. } | Leaf::Numbers { .. } | Leaf::Area { .. }
            ),
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::only_narrows),
            Self::Not(_) => false,
        }
    }

    /// The things that are asked for, without those that are excluded.
    pub(crate) fn wanted<'a>(&'a self, found: &mut Vec<&'a Leaf>) {
        match self {
            Self::Leaf(leaf) => found.push(leaf),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.wanted(found)),
            Self::Not(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
