//! What must be looked up before a query can be planned: the words that its patterns stand for, and, for
//! words near each other in any field, which fields there are.

use super::limits::{Deadline, MOST_LOOKED_THROUGH, MOST_WORDS};
use super::wild::Pattern;
use super::{Leaf, Node, Query};
use crate::count::{Bits, allowed, each_doc, names};
use crate::error::IndexError;
use crate::reader::View;
use crate::schema::of_field;
use law::access::Filter;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::schema::Field;
use tantivy::{SegmentReader, Term};

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
    words: BTreeMap<(Option<String>, Pattern), Vec<String>>,
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
        let mut search =
            Search { view, filter, excess, sifted: None, looked_through: 0, words: 0, deadline: &deadline };
        let mut words = BTreeMap::new();
        let mut fields = BTreeSet::new();
        for leaf in leaves {
            match leaf {
                Leaf::Pattern { field, written, pattern } => {
                    let asked = (field.clone(), pattern.clone());
                    if !words.contains_key(&asked) {
                        words.insert(asked, search.words((field.as_deref(), pattern), written)?);
                    }
                }
                Leaf::Together { field: None, .. } if fields.is_empty() => {
                    for segment in view.searcher.segment_readers() {
                        fields.extend(names(segment, view.fields.has, "")?);
                    }
                }
                _ => {}
            }
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

/// Looks through the dictionaries of words.
struct Search<'a> {
    view: &'a View,
    filter: &'a Filter,
    excess: Excess,
    /// What each segment may show, once there are so many words that only those count.
    sifted: Option<Vec<Bits>>,
    looked_through: usize,
    words: usize,
    deadline: &'a Deadline,
}

impl Search<'_> {
    fn words(&mut self, asked: Asked<'_>, written: &str) -> Result<Vec<String>, IndexError> {
        let mut found = BTreeSet::new();
        match self.collect(asked, &mut found) {
            Ok(()) => {}
            Err(Stop::Excess(_)) if self.excess == Excess::Cut => {}
            Err(Stop::Excess(why)) => return Err(IndexError::TooCostly(why.in_words(asked, written))),
            Err(Stop::Fault(error)) => return Err(error),
        }
        self.words += found.len();
        Ok(found.into_iter().collect())
    }

    fn collect(&mut self, asked: Asked<'_>, found: &mut BTreeSet<String>) -> Result<(), Stop> {
        let (field, head) = self.place(asked.0);
        let from = format!("{head}{}", asked.1.beginning());
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
                if asked.1.fits(word) && !found.contains(word) {
                    self.keep(word, number, (field, &head), found)?;
                }
            }
        }
        Ok(())
    }

    /// The field of the engine that holds the words, and what they begin with there.
    fn place(&self, field: Option<&str>) -> (Field, String) {
        match field {
            Some(field) => (self.view.fields.fielded, of_field(field, "")),
            None => (self.view.fields.words, String::new()),
        }
    }

    fn look(&mut self) -> Result<(), Stop> {
        self.looked_through += 1;
        match () {
            () if self.looked_through > MOST_LOOKED_THROUGH => Err(Stop::Excess(Why::LookedThrough)),
            () if self.deadline.tick() => Err(Stop::Excess(Why::Time)),
            () => Ok(()),
        }
    }

    fn keep(
        &mut self,
        word: &str,
        segment: usize,
        place: (Field, &str),
        found: &mut BTreeSet<String>,
    ) -> Result<(), Stop> {
        if self.sifted.is_some() && !self.is_visible(word, segment, place)? {
            return Ok(());
        }
        if self.words + found.len() >= MOST_WORDS {
            self.sift(place, found)?;
            if !self.is_visible(word, segment, place)? {
                return Ok(());
            }
        }
        if self.words + found.len() >= MOST_WORDS {
            return Err(Stop::Excess(Why::Words));
        }
        found.insert(word.to_owned());
        Ok(())
    }

    /// From here on only words count that a record within the filter holds.
    fn sift(&mut self, place: (Field, &str), found: &mut BTreeSet<String>) -> Result<(), Stop> {
        if self.sifted.is_some() {
            return Ok(());
        }
        let segments = self.view.searcher.segment_readers();
        let sets = segments.iter().map(|segment| allowed(self.view, segment, self.filter));
        self.sifted = Some(sets.collect::<Result<_, _>>()?);
        for word in std::mem::take(found) {
            for segment in 0..segments.len() {
                if self.is_visible(&word, segment, place)? {
                    found.insert(word);
                    break;
                }
            }
        }
        Ok(())
    }

    fn is_visible(&self, word: &str, number: usize, (field, head): (Field, &str)) -> Result<bool, Stop> {
        let Some(allowed) = self.sifted.as_ref().and_then(|sets| sets.get(number)) else {
            return Ok(true);
        };
        let segment: &SegmentReader = self.view.searcher.segment_reader(number as u32);
        let mut is_visible = false;
        each_doc(segment, &Term::from_field_text(field, &format!("{head}{word}")), |doc| {
            is_visible |= allowed.has(doc);
        })?;
        Ok(is_visible)
    }
}

enum Stop {
    Excess(Why),
    Fault(IndexError),
}

impl From<IndexError> for Stop {
    fn from(error: IndexError) -> Self {
        Self::Fault(error)
    }
}

/// Of what there was too much.
#[derive(Debug, Clone, Copy)]
enum Why {
    Words,
    LookedThrough,
    Time,
}

impl Why {
    fn in_words(self, (field, pattern): Asked<'_>, written: &str) -> String {
        let most = match self {
            Self::Time => return too_long_in_words(),
            Self::Words => format!("stand for more than {} words", thousands(MOST_WORDS)),
            Self::LookedThrough => format!("look through more than {} words", thousands(MOST_LOOKED_THROUGH)),
        };
        let mend = match (pattern.beginning().chars().count(), field) {
            (0, None) => "begin it with the first letters, or look in one field (surname:*son)",
            (0, Some(_)) => "begin it with the first letters",
            (1, _) => "give at least two letters before the first * or ?",
            _ => "give more letters before the first * or ?",
        };
        format!("“{written}” would, with what else is open in this query, {most}: {mend}")
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
