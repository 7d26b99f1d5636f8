//! Figures: how many records carry which marks, within what the asker may know of.
//!
//! Each segment is passed over once: what the filter lets through becomes a set of bits, so does
//! each mark, and every figure is an intersection of them. Units, months and years become numbers by
//! document, by which a set is told apart.

use crate::error::IndexError;
use crate::filter;
use crate::part::{self, By, Part, Within};
use crate::reader::View;
use law::access::Filter;
use std::collections::{BTreeMap, HashMap};
use tantivy::query::EnableScoring;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// One figure that is asked for: records of a kind that carry certain marks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Only of this kind.
    pub kind: Option<u16>,
    /// Only with all of these marks, for instance `applies:place` and `missing:place`.
    pub terms: Vec<String>,
    /// Where there are any: only with one of these marks at least.
    pub any: Vec<String>,
}

impl Tally {
    /// A figure over one kind.
    #[must_use]
    pub fn of(kind: u16, terms: &[&str]) -> Self {
        let terms = terms.iter().map(|term| (*term).to_owned()).collect();
        Self { kind: Some(kind), terms, any: Vec::new() }
    }

    /// Of these only such as carry one of the marks at least.
    #[must_use]
    pub fn with_any(self, marks: &[String]) -> Self {
        Self { any: marks.to_vec(), ..self }
    }
}

/// Figures in the order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// The leaf of the log up to which the index was built.
    pub position: Option<u64>,
    /// The figures.
    pub counts: Vec<u64>,
}

/// Figures by part. Parts without any record within the filter are not named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// The leaf of the log up to which the index was built.
    pub position: Option<u64>,
    /// The figures in the order in which they were asked for, by part. Each record is in one part.
    pub counts: BTreeMap<Part, Vec<u64>>,
}

pub(crate) fn count(view: &View, filter: &Filter, tallies: &[Tally]) -> Result<Counts, IndexError> {
    let mut counts = vec![0; tallies.len()];
    for segment in view.searcher.segment_readers() {
        let sets = Sets::of(view, segment, filter, &Within::default(), tallies)?;
        for (count, set) in counts.iter_mut().zip(&sets.tallies) {
            *count += set.count();
        }
    }
    Ok(Counts { position: view.position, counts })
}

pub(crate) fn break_down(
    view: &View,
    filter: &Filter,
    tallies: &[Tally],
    within: &Within,
    by: &[By],
) -> Result<Breakdown, IndexError> {
    part::check(by)?;
    let mut counts: BTreeMap<Part, Vec<u64>> = BTreeMap::new();
    for segment in view.searcher.segment_readers() {
        let sets = Sets::of(view, segment, filter, within, tallies)?;
        let mut columns = Vec::with_capacity(by.len());
        for by in by {
            columns.push(Column::of(view, segment, *by)?);
        }
        for (place, set) in sets.tallies.iter().enumerate() {
            for (cell, sum) in sums(set, &columns) {
                let figures = counts.entry(part(&columns, cell)).or_insert_with(|| vec![0; tallies.len()]);
                figures[place] += sum;
            }
        }
    }
    Ok(Breakdown { position: view.position, counts })
}

/// Cells up to which figures are summed in a row of numbers, which is many times faster than a map.
const MOST_CELLS: usize = 1 << 20;

/// How many of a set fall into each cell: the numbers of all columns read as the digits of one.
fn sums(set: &Bits, columns: &[Column]) -> Vec<(usize, u64)> {
    if columns.is_empty() {
        return Vec::from_iter((set.count() > 0).then(|| (0, set.count())));
    }
    let cell =
        |doc| columns.iter().fold(0, |cell, column| cell * column.names.len() + column.at(doc) as usize);
    let cells = columns.iter().fold(1_usize, |cells, column| cells.saturating_mul(column.names.len()));
    if cells > MOST_CELLS {
        let mut sums: HashMap<usize, u64> = HashMap::new();
        set.each(|doc| *sums.entry(cell(doc)).or_default() += 1);
        return sums.into_iter().collect();
    }
    let mut sums = vec![0; cells];
    set.each(|doc| sums[cell(doc)] += 1);
    sums.into_iter().enumerate().filter(|(_, sum)| *sum > 0).collect()
}

fn part(columns: &[Column], mut cell: usize) -> Part {
    let mut part = Part::default();
    for column in columns.iter().rev() {
        let names = column.names.len();
        part.set(column.by, column.names.get(cell % names).map_or("", String::as_str));
        cell /= names;
    }
    part
}

/// In which part each document of a segment is, by number: 0 where in none.
struct Column {
    by: By,
    names: Vec<String>,
    numbers: Vec<u32>,
}

impl Column {
    fn of(view: &View, segment: &SegmentReader, by: By) -> Result<Self, IndexError> {
        let (field, prefix) = by.terms(&view.fields);
        let mut column =
            Self { by, names: vec![String::new()], numbers: vec![0; segment.max_doc() as usize] };
        for name in names(segment, field, &prefix)? {
            let number = column.names.len() as u32;
            column.names.push(by.label(name.strip_prefix(&prefix).unwrap_or(&name)));
            each_doc(segment, &Term::from_field_text(field, &name), |doc| {
                if let Some(place) = column.numbers.get_mut(doc as usize) {
                    *place = number;
                }
            })?;
        }
        Ok(column)
    }

    fn at(&self, doc: DocId) -> u32 {
        self.numbers.get(doc as usize).copied().unwrap_or(0)
    }
}

/// Terms of a field that begin so.
pub(crate) fn names(segment: &SegmentReader, field: Field, prefix: &str) -> Result<Vec<String>, IndexError> {
    let index = segment.inverted_index(field)?;
    let mut stream = index.terms().range().ge(prefix).into_stream()?;
    let mut names = Vec::new();
    while let Some((name, _)) = stream.next() {
        let Ok(name) = std::str::from_utf8(name) else {
            continue;
        };
        if !name.starts_with(prefix) {
            break;
        }
        names.push(name.to_owned());
    }
    Ok(names)
}

/// The sets of one segment's documents that the figures count.
struct Sets {
    tallies: Vec<Bits>,
}

impl Sets {
    fn of(
        view: &View,
        segment: &SegmentReader,
        filter: &Filter,
        within: &Within,
        tallies: &[Tally],
    ) -> Result<Self, IndexError> {
        let mut allowed = allowed(view, segment, filter)?;
        for term in within.terms(&view.fields) {
            allowed.keep(&holding(segment, &term)?);
        }
        let mut known: HashMap<Term, Bits> = HashMap::new();
        let mut sets = Vec::with_capacity(tallies.len());
        for tally in tallies {
            let mut set = allowed.clone();
            for term in terms(view, tally) {
                if !known.contains_key(&term) {
                    known.insert(term.clone(), holding(segment, &term)?);
                }
                if let Some(bits) = known.get(&term) {
                    set.keep(bits);
                }
            }
            if !tally.any.is_empty() {
                set.keep(&any_of(view, segment, &tally.any)?);
            }
            sets.push(set);
        }
        Ok(Self { tallies: sets })
    }
}

/// What carries one of the marks at least.
fn any_of(view: &View, segment: &SegmentReader, marks: &[String]) -> Result<Bits, IndexError> {
    let mut any = Bits::none(segment.max_doc());
    for mark in marks {
        each_doc(segment, &Term::from_field_text(view.fields.mark, mark), |doc| any.add(doc))?;
    }
    Ok(any)
}

fn terms(view: &View, tally: &Tally) -> Vec<Term> {
    let kind = tally.kind.map(|kind| Term::from_field_u64(view.fields.kind, u64::from(kind)));
    let marks = tally.terms.iter().map(|mark| Term::from_field_text(view.fields.mark, mark));
    kind.into_iter().chain(marks).collect()
}

/// What the filter lets through of what is not deleted.
pub(crate) fn allowed(view: &View, segment: &SegmentReader, filter: &Filter) -> Result<Bits, IndexError> {
    let query = filter::query(filter, &view.fields);
    let weight = query.weight(EnableScoring::disabled_from_searcher(&view.searcher))?;
    let mut allowed = Bits::none(segment.max_doc());
    weight.for_each_no_score(segment, &mut |docs: &[DocId]| {
        docs.iter().filter(|doc| !segment.is_deleted(**doc)).for_each(|doc| allowed.add(*doc));
    })?;
    Ok(allowed)
}

fn holding(segment: &SegmentReader, term: &Term) -> Result<Bits, IndexError> {
    let mut bits = Bits::none(segment.max_doc());
    each_doc(segment, term, |doc| bits.add(doc))?;
    Ok(bits)
}

fn each_doc(segment: &SegmentReader, term: &Term, mut then: impl FnMut(DocId)) -> Result<(), IndexError> {
    let index = segment.inverted_index(term.field())?;
    let Some(mut postings) = index.read_postings(term, IndexRecordOption::Basic)? else {
        return Ok(());
    };
    while postings.doc() != TERMINATED {
        then(postings.doc());
        postings.advance();
    }
    Ok(())
}

/// A set of documents of one segment.
#[derive(Debug, Clone)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    fn none(documents: u32) -> Self {
        Self(vec![0; documents.div_ceil(64) as usize])
    }

    fn add(&mut self, doc: DocId) {
        if let Some(block) = self.0.get_mut((doc / 64) as usize) {
            *block |= 1 << (doc % 64);
        }
    }

    /// Whether a document is one of them.
    pub(crate) fn has(&self, doc: DocId) -> bool {
        self.0.get((doc / 64) as usize).is_some_and(|block| block >> (doc % 64) & 1 == 1)
    }

    fn each(&self, mut then: impl FnMut(DocId)) {
        for (first, block) in (0u32..).step_by(64).zip(&self.0) {
            let mut left = *block;
            while left != 0 {
                then(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
    }

    fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(block, other)| *block &= other);
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|block| u64::from(block.count_ones())).sum()
    }
}
