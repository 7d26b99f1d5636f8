//! From what is asked for to the engine's query.

use super::expand::Expanded;
use super::naming::is_name;
use super::together::Together;
use super::{Leaf, Node, Pattern, Reference};
use crate::filter::any_term;
use crate::geography::cells::{Cell, Cover, cover};
use crate::geography::{Shape, Spot};
use crate::matching::asked::{self, Asking, Texts};
use crate::matching::meant::{LookedUp, Meant};
use crate::matching::vocabulary::Vocabularies;
use crate::matching::weights::Scale;
use crate::schema::{Fields, column, number_of_field, of_field};
use crate::span::{Days, Piece};
use crate::tokens::{Stems, Word, squeezed, words};
use model::kinds;
use std::ops::Bound;
use std::sync::Arc;
use tantivy::columnar::Column;
use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader, Term};

/// A form of a word counts for less than the word itself.
const FORM_OF_WORD: f32 = 0.5;

/// Makes queries of the engine.
pub(crate) struct Planner<'a> {
    fields: &'a Fields,
    expanded: &'a Expanded,
    stems: Stems,
    nearness: Option<Nearness>,
    meant: Vec<Meant>,
}

/// How near to what was typed an answer must be.
#[derive(Clone)]
pub(crate) struct Nearness {
    pub(crate) vocabularies: Arc<Vocabularies>,
    pub(crate) scale: Scale,
    pub(crate) asking: Asking,
    pub(crate) looked_up: Arc<LookedUp>,
}

/// Where words are looked for.
#[derive(Clone, Copy)]
struct Scope<'a> {
    field: Option<&'a str>,
    engine: Field,
}

impl<'a> Planner<'a> {
    /// Words are looked for as they were written, and in other forms of the word.
    pub(crate) fn new(fields: &'a Fields, expanded: &'a Expanded) -> Self {
        Self { fields, expanded, stems: Stems::default(), nearness: None, meant: Vec::new() }
    }

    /// Words are matched with what may have been meant by them.
    pub(crate) fn near(fields: &'a Fields, expanded: &'a Expanded, nearness: Nearness) -> Self {
        Self { nearness: Some(nearness), ..Self::new(fields, expanded) }
    }

    /// What the words of the nodes planned so far mean.
    pub(crate) fn into_meant(self) -> Vec<Meant> {
        self.meant
    }

    /// The query of a node.
    pub(crate) fn node(&mut self, node: &Node) -> Box<dyn Query> {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::All(parts) => self.all(parts),
            Node::Any(parts) => union(parts.iter().map(|part| self.node(part)).collect()),
            Node::Not(_) => self.all(std::slice::from_ref(node)),
        }
    }

    fn all(&mut self, parts: &[Node]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(parts.len() + 1);
        let texts: Vec<(Option<&str>, &str)> = parts.iter().filter_map(Node::as_meant).collect();
        let meant = self.meant(&texts);
        let as_meant = meant.is_some();
        clauses.extend(meant.map(|meant| (Occur::Must, meant)));
        for part in parts.iter().filter(|part| !as_meant || part.as_meant().is_none()) {
            clauses.push(match part {
                Node::Not(inner) => (Occur::MustNot, self.excluded(inner)),
                other => (Occur::Must, self.node(other)),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, unscored(Box::new(AllQuery))));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// What is excluded is excluded as it was written: a name that is only near to it stays.
    fn excluded(&mut self, node: &Node) -> Box<dyn Query> {
        let nearness = self.nearness.take();
        let planned = self.node(node);
        self.nearness = nearness;
        planned
    }

    /// Words that stand side by side, as they may have been meant.
    fn meant(&mut self, texts: Texts<'_>) -> Option<Box<dyn Query>> {
        let nearness = self.nearness.clone()?;
        let ways = asked::ways(texts, nearness.asking, &mut self.stems);
        if ways.is_empty() {
            return None;
        }
        let meant = Meant::new(ways, nearness.scale, *self.fields, nearness.vocabularies, nearness.looked_up);
        self.meant.push(meant.clone());
        Some(Box::new(meant))
    }

    fn leaf(&mut self, leaf: &Leaf) -> Box<dyn Query> {
        if let Some(meant) = leaf.as_meant().and_then(|text| self.meant(&[text])) {
            return meant;
        }
        match leaf {
            Leaf::Words { field, text, phrase } => union_of([
                self.as_written(field.as_deref(), text, *phrase),
                self.in_another_form(field.as_deref(), text, *phrase),
            ]),
            other => self.exact(other),
        }
    }

    /// The query of something that either holds or not, and has no say in the score.
    pub(crate) fn exact(&mut self, leaf: &Leaf) -> Box<dyn Query> {
        unscored(match leaf {
            Leaf::Words { .. } => self.leaf(leaf),
            Leaf::Kind(kind) => term(Term::from_field_u64(self.fields.kind, u64::from(*kind))),
            Leaf::Reference(reference) => self.reference(reference),
            Leaf::Mark(mark) => term(Term::from_field_text(self.fields.mark, mark)),
            Leaf::Unit(unit) => term(Term::from_field_text(self.fields.unit, unit)),
            Leaf::Days { field, days } => self.days(field, *days),
            Leaf::Numbers { field, from, to } => Box::new(RangeQuery::new(
                Bound::Included(self.fields.number_term(field, *from)),
                Bound::Included(self.fields.number_term(field, *to)),
            )),
            Leaf::Pattern { field, pattern, .. } => self.pattern(field.as_deref(), pattern),
            Leaf::Together { field: Some(field), text, between } => self.together(field, text, *between),
            Leaf::Together { field: None, text, between } => union(
                self.expanded.fields().iter().map(|field| self.together(field, text, *between)).collect(),
            ),
            Leaf::Area { field, shape } => self.area(field.as_deref(), shape),
        })
    }

    fn reference(&self, reference: &Reference) -> Box<dyn Query> {
        let of_prefix = kinds::ALL.iter().filter(|kind| kind.prefix == reference.prefix);
        let kinds =
            of_prefix.map(|kind| term(Term::from_field_u64(self.fields.kind, u64::from(kind.number))));
        let number = term(Term::from_field_u64(self.fields.reference, reference.number));
        Box::new(BooleanQuery::intersection(vec![union(kinds.collect()), number]))
    }

    fn days(&self, field: &str, days: Days) -> Box<dyn Query> {
        let date = |text: &str| Term::from_field_text(self.fields.date, text);
        let pieces = days.pieces().into_iter().map(|piece| -> Box<dyn Query> {
            let (first, last) = piece.terms(field);
            match piece {
                Piece::Years(from, to) if from != to => {
                    Box::new(RangeQuery::new(Bound::Included(date(&first)), Bound::Included(date(&last))))
                }
                _ => term(date(&first)),
            }
        });
        union(pieces.collect())
    }

    /// Words of a pattern, in any field or in one.
    pub(crate) fn pattern(&self, field: Option<&str>, pattern: &Pattern) -> Box<dyn Query> {
        let words = self.expanded.words(field, pattern).iter();
        any_term(match field {
            Some(field) => {
                words.map(|word| Term::from_field_text(self.fields.fielded, &of_field(field, word))).collect()
            }
            None => words.map(|word| Term::from_field_text(self.fields.words, word)).collect(),
        })
    }

    /// Words near each other in one field.
    pub(crate) fn together(&self, field: &str, text: &str, between: u32) -> Box<dyn Query> {
        let words = words(text);
        let parts = words.iter().flat_map(|word| &word.parts);
        let terms = parts.map(|part| Term::from_field_text(self.fields.fielded, &of_field(field, part)));
        Box::new(Together::new(terms.collect(), between, self.expanded.deadline().clone()))
    }

    /// Records with a place in a square that lies within the area, or in one on its edge and there within it.
    /// Of one field each is tested: squares do not tell fields apart.
    fn area(&self, field: Option<&str>, shape: &Shape) -> Box<dyn Query> {
        let Cover { mut inside, mut edge } = cover(shape);
        if field.is_some() {
            edge.append(&mut inside);
        }
        let term = |cell: &Cell| Term::from_field_text(self.fields.cell, &cell.term());
        let edge = any_term(edge.iter().map(term).collect());
        let tested = Box::new(BooleanQuery::intersection(vec![edge, spots_within(field, shape)]));
        union(vec![any_term(inside.iter().map(term).collect()), tested])
    }

    /// Words as they were written, in any field or in one.
    pub(crate) fn as_written(
        &mut self,
        field: Option<&str>,
        text: &str,
        phrase: bool,
    ) -> Option<Box<dyn Query>> {
        let engine = if field.is_some() { self.fields.fielded } else { self.fields.words };
        let scope = Scope { field, engine };
        let words = words(text);
        let found = match phrase {
            true => phrase_of(scope, &words),
            false => intersection(words.iter().map(|word| one_word(scope, word)).collect()),
        };
        match field {
            Some(field) => Some(union_of([found, self.whole_value(field, text)])),
            None => found,
        }
    }

    /// The value of a code or identifier as a whole, however it is spaced.
    fn whole_value(&self, field: &str, text: &str) -> Option<Box<dyn Query>> {
        let whole = squeezed(text);
        (!whole.is_empty()).then(|| term(Term::from_field_text(self.fields.exact, &of_field(field, &whole))))
    }

    /// Other forms of the words; a phrase, or a word that is written in parts, is meant as it is.
    pub(crate) fn in_another_form(
        &mut self,
        field: Option<&str>,
        text: &str,
        phrase: bool,
    ) -> Option<Box<dyn Query>> {
        let words = words(text);
        if phrase || words.iter().any(|word| word.parts.len() > 1) {
            return None;
        }
        let fields = self.fields;
        let stems = words.iter().flat_map(|word| &word.parts).map(|part| {
            let stem = self.stems.stem(part);
            let found = match field {
                Some(field) => term(Term::from_field_text(fields.fielded_stems, &of_field(field, &stem))),
                None => scored(Term::from_field_text(fields.stems, &stem)),
            };
            Some(Box::new(BoostQuery::new(found, FORM_OF_WORD)) as Box<dyn Query>)
        });
        intersection(stems.collect())
    }
}

impl Node {
    /// A word, and the field of names that it is asked for in, where it is looked for as it may have been
    /// meant: not a phrase, and not in a field that holds no names.
    pub(crate) fn as_meant(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Leaf(leaf) => leaf.as_meant(),
            _ => None,
        }
    }
}

impl Leaf {
    /// See [`Node::as_meant`].
    pub(crate) fn as_meant(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Words { field, text, phrase: false } if field.as_deref().is_none_or(is_name) => {
                Some((field.as_deref(), text))
            }
            _ => None,
        }
    }
}

impl Scope<'_> {
    fn term(self, word: &str) -> Term {
        match self.field {
            Some(field) => Term::from_field_text(self.engine, &of_field(field, word)),
            None => Term::from_field_text(self.engine, word),
        }
    }
}

/// A word in all its spellings: its parts one after the other, or written as one.
fn one_word(scope: Scope<'_>, word: &Word) -> Option<Box<dyn Query>> {
    let parts = in_order(scope, &word.parts);
    let joined = word.joined().map(|joined| scored(scope.term(&joined)));
    let apart = word.apart().and_then(|pieces| in_order(scope, &pieces));
    let ways: Vec<Box<dyn Query>> = [parts, joined, apart].into_iter().flatten().collect();
    (!ways.is_empty()).then(|| union(ways))
}

/// Words in their order: with the parts of each one after the other, or each written as one.
fn phrase_of(scope: Scope<'_>, words: &[Word]) -> Option<Box<dyn Query>> {
    let apart: Vec<String> = words.iter().flat_map(|word| word.parts.clone()).collect();
    let joined: Vec<String> =
        words.iter().map(|word| word.joined().unwrap_or_else(|| word.parts.concat())).collect();
    let as_one = (joined.len() != apart.len()).then(|| in_order(scope, &joined)).flatten();
    let ways: Vec<Box<dyn Query>> = [in_order(scope, &apart), as_one].into_iter().flatten().collect();
    (!ways.is_empty()).then(|| union(ways))
}

fn in_order(scope: Scope<'_>, words: &[String]) -> Option<Box<dyn Query>> {
    match words {
        [] => None,
        [word] => Some(scored(scope.term(word))),
        several => Some(Box::new(PhraseQuery::new(several.iter().map(|word| scope.term(word)).collect()))),
    }
}

/// The exact test of each place of a record.
fn spots_within(field: Option<&str>, shape: &Shape) -> Box<dyn Query> {
    let (field, shape) = (field.map(number_of_field), shape.clone());
    let predicate = FunctionPredicate::from(move |segment: &SegmentReader| {
        let (spots, shape) = (Spots::open(segment)?, shape.clone());
        Ok(move |doc: DocId| {
            spots.of(doc).any(|(of, spot)| field.is_none_or(|field| field == of) && shape.holds(spot))
        })
    });
    Box::new(DocPredicateQuery::from(predicate))
}

/// The places of the records of a segment.
pub(crate) struct Spots {
    fields: Column<u64>,
    spots: Column<u64>,
}

impl Spots {
    pub(crate) fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self { fields: columns.u64(column::SPOT_FIELD)?, spots: columns.u64(column::SPOT)? })
    }

    /// Number of the field and point of each place of a record.
    pub(crate) fn of(&self, doc: DocId) -> impl Iterator<Item = (u64, Spot)> + '_ {
        self.fields.values_for_doc(doc).zip(self.spots.values_for_doc(doc).map(Spot::unpacked))
    }
}

fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn scored(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn unscored(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn union(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

fn union_of<const N: usize>(queries: [Option<Box<dyn Query>>; N]) -> Box<dyn Query> {
    union(queries.into_iter().flatten().collect())
}

/// All of these; words of which nothing is left ask for nothing.
fn intersection(queries: Vec<Option<Box<dyn Query>>>) -> Option<Box<dyn Query>> {
    let mut queries: Vec<Box<dyn Query>> = queries.into_iter().flatten().collect();
    match queries.len() {
        0 => None,
        1 => Some(queries.remove(0)),
        _ => Some(Box::new(BooleanQuery::intersection(queries))),
    }
}
