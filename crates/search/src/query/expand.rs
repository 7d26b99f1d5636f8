//! What must be looked up before a query can be planned: the words that its patterns stand for, and, for
//! words near each other in any field, which fields there are.

use super::limits::{Deadline, MOST_LOOKED_THROUGH, MOST_WORDS};
use super::wild::Pattern;
use super::{Leaf, Node, Query};
use crate::count::{Bits, allowed, names};
use crate::error::IndexError;
use crate::reader::View;
use crate::schema::of_field;
use law::access::Filter;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

/// What happens where a pattern stands for more words than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// The query is refused.
    Refuse,
    /// The first of them do: for what must not fail by what the reader may not know of.
    Cut,
}

/// A pattern, and the field in which it is looked for.
type Asked<'a> = (Option<&'a str>, &'a Pattern);

/// What was looked up.
#[derive(Debug, Clone)]
pub(crate) struct Expanded {
    words: Words,
    fields: Vec<String>,
    deadline: Deadline,
}

impl Expanded {
    /// Looks up what a query needs. Words that only records outside the filter hold do not count towards
    /// the bound, so that it tells nothing of them.
    ///
    /// # Errors
    /// [`IndexError::TooCostly`]; a fault of the index.
    pub(crate) fn of(
        view: &View,
        filter: &Filter,
        query: &Query,
        deadline: Deadline,
        excess: Excess,
    ) -> Result<Self, IndexError> {
        let mut leaves = Vec::new();
        all_leaves(query.root(), &mut leaves);
        let mut search = Search {
            view,
            excess,
            sifted: None,
            looked_through: 0,
            kept: 0,
            spent: Vec::new(),
            deadline: &deadline,
        };
        let words = match search.all(&leaves) {
            // Once more from the start, with a closer look at each word.
            Err(Stop::Excess(Why::Words, _)) => {
                search = search.sifting(filter)?;
                search.all(&leaves)
            }
            other => other,
        };
        let words = words.map_err(Stop::into_error)?;
        let wants_fields = leaves.iter().any(|leaf| matches!(leaf, Leaf::Together { field: None, .. }));
        let mut fields = BTreeSet::new();
        for segment in view.searcher.segment_readers().iter().filter(|_| wants_fields) {
            fields.extend(names(segment, view.fields.has, "")?);
        }
        Ok(Self { words, fields: fields.into_iter().collect(), deadline })
    }

    /// The words that a pattern stands for, without the field's name.
    pub(crate) fn words(&self, field: Option<&str>, pattern: &Pattern) -> &[String] {
        self.words.get(&(field.map(str::to_owned), pattern.clone())).map_or(&[], Vec::as_slice)
    }

    /// The fields that say something in some record.
    pub(crate) fn fields(&self) -> &[String] {
        &self.fields
    }

    /// When the query is given up.
    pub(crate) fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    /// # Errors
    /// [`IndexError::TooCostly`] where the time was up before all was looked at.
    pub(crate) fn check_time(&self) -> Result<(), IndexError> {
        match self.deadline.is_passed() {
            true => Err(IndexError::TooCostly(too_long_in_words())),
            false => Ok(()),
        }
    }
}

fn all_leaves<'a>(node: &'a Node, leaves: &mut Vec<&'a Leaf>) {
    match node {
        Node::Leaf(leaf) => leaves.push(leaf),
        Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|part| all_leaves(part, leaves)),
        Node::Not(part) => all_leaves(part, leaves),
    }
}

type Words = BTreeMap<(Option<String>, Pattern), Vec<String>>;

/// Looks through the dictionaries of words.
struct Search<'a> {
    view: &'a View,
    excess: Excess,
    /// What each segment may show, where only words count that stand in there.
    sifted: Option<Vec<Bits>>,
    looked_through: usize,
    kept: usize,
    spent: Vec<Spent>,
    deadline: &'a Deadline,
}

/// What one pattern took.
struct Spent {
    /// Words that it stands for.
    kept: usize,
    /// Letters with which it begins: the fewer, the more is looked through for it.
    beginning: usize,
    written: String,
    mend: &'static str,
}

/// The field of the engine in which words are looked for, and what they begin with there.
type Place<'a> = (Field, &'a str);

impl Search<'_> {
    /// The same again, where only words count that a record within the filter holds.
    fn sifting(self, filter: &Filter) -> Result<Self, IndexError> {
        let segments = self.view.searcher.segment_readers();
        let sets = segments.iter().map(|segment| allowed(self.view, segment, filter));
        Ok(Self {
            sifted: Some(sets.collect::<Result<_, _>>()?),
            looked_through: 0,
            kept: 0,
            spent: Vec::new(),
            ..self
        })
    }

    fn all(&mut self, leaves: &[&Leaf]) -> Result<Words, Stop> {
        let mut words = Words::new();
        for leaf in leaves {
            let Leaf::Pattern { field, written, pattern } = leaf else { continue };
            if let Entry::Vacant(place) = words.entry((field.clone(), pattern.clone())) {
                place.insert(self.words((field.as_deref(), pattern), written)?);
            }
        }
        Ok(words)
    }

    fn words(&mut self, asked: Asked<'_>, written: &str) -> Result<Vec<String>, Stop> {
        let mut found = BTreeSet::new();
        let outcome = self.collect(asked, &mut found);
        self.spent.push(Spent::of(asked, written, found.len()));
        match outcome {
            Err(Stop::Excess(why, _)) if !self.may_cut(why) => {
                Err(Stop::Excess(why, why.in_words(&self.spent)))
            }
            Err(Stop::Fault(error)) => Err(Stop::Fault(error)),
            Ok(()) | Err(Stop::Excess(..)) => Ok(found.into_iter().collect()),
        }
    }

    /// Whether what was found until now will do. Words are first counted with care.
    fn may_cut(&self, why: Why) -> bool {
        self.excess == Excess::Cut && (why != Why::Words || self.sifted.is_some())
    }

    fn collect(&mut self, (name, pattern): Asked<'_>, found: &mut BTreeSet<String>) -> Result<(), Stop> {
        let (field, head) = match name {
            Some(name) => (self.view.fields.fielded, of_field(name, "")),
            None => (self.view.fields.words, String::new()),
        };
        let from = format!("{head}{}", pattern.beginning());
        for (number, segment) in self.view.searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(field).map_err(IndexError::from)?;
            let mut stream = index.terms().range().ge(&from).into_stream().map_err(IndexError::from)?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else { continue };
                if !term.starts_with(&from) {
                    break;
                }
                self.look()?;
                let word = &term[head.len()..];
                if pattern.fits(word)
                    && !found.contains(word)
                    && self.is_visible(word, number, (field, &head))?
                {
                    self.keep()?;
                    found.insert(word.to_owned());
                }
            }
        }
        Ok(())
    }

    fn look(&mut self) -> Result<(), Stop> {
        self.looked_through += 1;
        match () {
            () if self.looked_through > MOST_LOOKED_THROUGH => Err(Stop::excess(Why::LookedThrough)),
            () if self.deadline.tick() => Err(Stop::excess(Why::Time)),
            () => Ok(()),
        }
    }

    fn keep(&mut self) -> Result<(), Stop> {
        if self.kept == MOST_WORDS {
            return Err(Stop::excess(Why::Words));
        }
        self.kept += 1;
        Ok(())
    }

    /// Whether a record of a segment that may be shown holds a word; where that does not matter yet, yes.
    fn is_visible(&self, word: &str, number: usize, (field, head): Place<'_>) -> Result<bool, IndexError> {
        let Some(allowed) = self.sifted.as_ref().and_then(|sets| sets.get(number)) else {
            return Ok(true);
        };
        let index = self.view.searcher.segment_readers()[number].inverted_index(field)?;
        let term = Term::from_field_text(field, &format!("{head}{word}"));
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(false);
        };
        while postings.doc() != TERMINATED {
            if allowed.has(postings.doc()) {
                return Ok(true);
            }
            postings.advance();
        }
        Ok(false)
    }
}

enum Stop {
    /// Too much, and the same in words.
    Excess(Why, String),
    Fault(IndexError),
}

impl Stop {
    fn excess(why: Why) -> Self {
        Self::Excess(why, String::new())
    }

    fn into_error(self) -> IndexError {
        match self {
            Self::Excess(_, why) => IndexError::TooCostly(why),
            Self::Fault(error) => error,
        }
    }
}

impl From<IndexError> for Stop {
    fn from(error: IndexError) -> Self {
        Self::Fault(error)
    }
}

impl Spent {
    fn of((field, pattern): Asked<'_>, written: &str, kept: usize) -> Self {
        let beginning = pattern.beginning().chars().count();
        let mend = match (beginning, field) {
            (0, None) => "begin it with the first letters, or look in one field (surname:*son)",
            (0, Some(_)) => "begin it with the first letters",
            (1, _) => "give at least two letters before the first * or ?",
            _ => "give more letters before the first * or ?",
        };
        Self { kept, beginning, written: written.to_owned(), mend }
    }
}

/// Of what there was too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Words,
    LookedThrough,
    Time,
}

impl Why {
    /// Names the pattern that took the most.
    fn in_words(self, spent: &[Spent]) -> String {
        let (most, largest) = match self {
            Self::Time => return too_long_in_words(),
            Self::Words => {
                let most = format!("stand for more than {} words", thousands(MOST_WORDS));
                (most, spent.iter().max_by_key(|spent| spent.kept))
            }
            Self::LookedThrough => {
                let most = format!("look through more than {} words", thousands(MOST_LOOKED_THROUGH));
                (most, spent.iter().min_by_key(|spent| spent.beginning))
            }
        };
        let Some(Spent { written, mend, .. }) = largest else { return most };
        let with = if spent.len() > 1 { " with what else is open in this query" } else { "" };
        format!("“{written}” would{with} {most}: {mend}")
    }
}

fn too_long_in_words() -> String {
    format!(
        "the search took longer than {} seconds and was given up: ask for more that a record must hold, or for fewer words with * or ?",
        super::limits::LONGEST.as_secs()
    )
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}
