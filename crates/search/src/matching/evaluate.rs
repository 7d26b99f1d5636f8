//! Which documents of a segment answer all that is asked for, and at what cost: the rarest thing first,
//! then of its documents those that hold the next, and so on.

use super::asked::{Cell, Way};
use super::sources::{self, How, Source};
use super::vocabulary::Vocabulary;
use super::weights::{Cost, Scale, Weights};
use crate::schema::Fields;
use std::cell::RefCell;
use std::sync::Arc;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

/// A list so many times longer than the documents left is not read but asked for each of them.
const SEEK_WHERE_LONGER: usize = 8;

/// No source of a thing holds the document; none is wanted.
const NOWHERE: u16 = u16::MAX;

/// A document that answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Match {
    pub(crate) doc: DocId,
    /// What its differences cost, in bits.
    pub(crate) cost: f32,
    way: u32,
    at: u32,
}

/// The documents of one segment that answer, in their order.
#[derive(Default)]
pub(crate) struct Matches {
    pub(crate) all: Vec<Match>,
    ways: Vec<Answered>,
}

/// What answers one reading of the words.
struct Answered {
    /// What that reading costs.
    reading: Option<Cost>,
    /// How many of the things a document may lack.
    may_lack: usize,
    /// For each thing asked for what it was, and where it may stand.
    cells: Vec<(Cell, Arc<Vec<Source>>)>,
    docs: Vec<DocId>,
    costs: Vec<f32>,
    /// Of each cost, how much says that something else may have been meant.
    far: Vec<f32>,
    /// How many of the things that it must hold a document lacks.
    lacks: Vec<u8>,
    /// For each thing and document the source, see [`NOWHERE`].
    chosen: Vec<Vec<u16>>,
}

impl Matches {
    /// How a document answers each thing that was asked for; `None` where it does not hold it.
    pub(crate) fn how(&self, doc: DocId) -> Option<Vec<(&Cell, Option<&How>)>> {
        let (way, at) = self.answered(doc)?;
        let how = way.cells.iter().zip(&way.chosen).map(|((cell, sources), chosen)| {
            let source = chosen.get(at).and_then(|source| sources.get(usize::from(*source)));
            (cell, source.map(|source| &source.how))
        });
        Some(how.collect())
    }

    /// What the reading costs by which a document answers.
    #[cfg(feature = "study")]
    pub(crate) fn reading(&self, doc: DocId) -> Option<Cost> {
        self.answered(doc)?.0.reading
    }

    /// The reading that a document answers, and its place there.
    fn answered(&self, doc: DocId) -> Option<(&Answered, usize)> {
        let at = self.all.binary_search_by_key(&doc, |found| found.doc).ok()?;
        let found = self.all.get(at)?;
        Some((self.ways.get(found.way as usize)?, found.at as usize))
    }
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Which documents are in hand, and at which place of the list of them.
#[derive(Default)]
struct Scratch {
    held: Vec<u64>,
    place: Vec<u32>,
}

impl Scratch {
    fn clear(&mut self, documents: u32) {
        let documents = documents as usize;
        self.held.clear();
        self.held.resize(documents / 64 + 1, 0);
        if self.place.len() < documents {
            self.place.resize(documents, 0);
        }
    }

    fn holds(&self, doc: DocId) -> bool {
        self.held[doc as usize / 64] & (1 << (doc % 64)) != 0
    }

    fn hold(&mut self, doc: DocId, place: u32) {
        self.held[doc as usize / 64] |= 1 << (doc % 64);
        self.place[doc as usize] = place;
    }

    fn let_go(&mut self, doc: DocId) {
        self.held[doc as usize / 64] &= !(1 << (doc % 64));
    }

    fn all(&self) -> Vec<DocId> {
        let mut docs = Vec::new();
        for (number, word) in self.held.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                docs.push(number as DocId * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        docs
    }
}

/// Where a thing may stand in a segment.
pub(crate) type Known = (Cell, Arc<Vec<Source>>);

/// The documents of a segment that answer one of these readings, no farther from what was typed than the scale
/// allows.
pub(crate) fn evaluate(
    ways: &[Way],
    scale: &Scale,
    fields: &Fields,
    segment: &SegmentReader,
    vocabulary: &Vocabulary,
    known: &mut Vec<Known>,
) -> tantivy::Result<Matches> {
    let mut answered = Vec::with_capacity(ways.len());
    for way in ways {
        let mut cells = Vec::with_capacity(way.cells.len());
        for cell in &way.cells {
            let sources = sources_of(cell, known, fields, segment, vocabulary, &scale.weights)?;
            cells.push((cell.clone(), sources));
        }
        let answer = Answered {
            reading: way.cost,
            may_lack: way.may_lack,
            chosen: vec![Vec::new(); cells.len()],
            cells,
            docs: Vec::new(),
            costs: Vec::new(),
            far: Vec::new(),
            lacks: Vec::new(),
        };
        answered.push(SCRATCH.with_borrow_mut(|scratch| {
            scratch.clear(segment.max_doc());
            answer.fill(scale, scratch)
        })?);
    }
    Ok(together(answered))
}

/// The same word is asked for in several readings.
fn sources_of(
    cell: &Cell,
    known: &mut Vec<Known>,
    fields: &Fields,
    segment: &SegmentReader,
    vocabulary: &Vocabulary,
    weights: &Weights,
) -> tantivy::Result<Arc<Vec<Source>>> {
    let is_same =
        |other: &Cell| (&other.word, &other.field, other.when) == (&cell.word, &cell.field, cell.when);
    if let Some((_, sources)) = known.iter().find(|(other, _)| is_same(other)) {
        return Ok(Arc::clone(sources));
    }
    let sources = Arc::new(sources::of(cell, fields, segment, vocabulary, weights)?);
    known.push((cell.clone(), Arc::clone(&sources)));
    Ok(sources)
}

impl Answered {
    fn fill(mut self, scale: &Scale, scratch: &mut Scratch) -> tantivy::Result<Self> {
        let cost = self.reading.map_or(0.0, |cost| scale.weights.of(cost));
        let total = |number: usize| self.sources(number).map(|(source, _)| source.count()).sum::<usize>();
        let mut order: Vec<usize> = (0..self.cells.len()).collect();
        order.sort_by_cached_key(|number| (self.cells[*number].0.lost.is_some(), total(*number)));
        let rest = match (self.may_lack, order.split_first()) {
            (_, None) => return Ok(self),
            (0, Some((first, rest))) => {
                self.gather(*first, cost, scale.most, scratch)?;
                rest
            }
            // Of any so many things and one more, whoever lacks no more than so many holds one.
            (may_lack, Some(_)) => {
                self.gather_any(&order[..=may_lack], cost, scratch)?;
                &order
            }
        };
        for number in rest {
            if self.docs.is_empty() {
                break;
            }
            let chosen = self.choose(*number, scratch)?;
            self.narrow(*number, chosen, scale, scratch);
        }
        Ok(self)
    }

    /// Where a thing may stand, with the places of these lists. What lacks a part is an answer where what it holds
    /// of the others is near.
    fn sources(&self, number: usize) -> impl Iterator<Item = (&Source, u16)> {
        let is_enough = |source: &Source| self.may_lack == 0 || source.is_near;
        self.cells[number].1.iter().zip(0u16..).filter(move |(source, _)| is_enough(source))
    }

    /// Every document that holds one of these things.
    fn gather_any(&mut self, numbers: &[usize], cost: f32, scratch: &mut Scratch) -> tantivy::Result<()> {
        for (source, _) in numbers.iter().flat_map(|number| self.sources(*number)) {
            let mut postings = source.postings()?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                scratch.hold(doc, 0);
                doc = postings.advance();
            }
        }
        self.begin(scratch);
        self.costs = vec![cost; self.docs.len()];
        self.far = vec![cost; self.docs.len()];
        Ok(())
    }

    /// Takes the documents that are held in hand, each at its place.
    fn begin(&mut self, scratch: &mut Scratch) {
        self.docs = scratch.all();
        self.lacks = vec![0; self.docs.len()];
        for (doc, place) in self.docs.iter().zip(0..) {
            scratch.place[*doc as usize] = place;
        }
    }

    /// Every document that holds the first thing and is not beyond the greatest cost.
    fn gather(&mut self, number: usize, cost: f32, most: f32, scratch: &mut Scratch) -> tantivy::Result<()> {
        let sources = Arc::clone(&self.cells[number].1);
        for (source, place) in sources.iter().zip(0..).filter(|(source, _)| cost + source.far <= most) {
            let mut postings = source.postings()?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !scratch.holds(doc) {
                    scratch.hold(doc, place);
                }
                doc = postings.advance();
            }
        }
        let held = scratch.all();
        let chosen: Vec<u16> = held.iter().map(|doc| scratch.place[*doc as usize] as u16).collect();
        self.costs = chosen.iter().map(|source| cost + sources[usize::from(*source)].cost).collect();
        self.far = chosen.iter().map(|source| cost + sources[usize::from(*source)].far).collect();
        self.chosen[number] = chosen;
        self.begin(scratch);
        Ok(())
    }

    /// For each document in hand the cheapest source of a thing that holds it.
    fn choose(&self, number: usize, scratch: &Scratch) -> tantivy::Result<Vec<u16>> {
        let mut chosen = vec![NOWHERE; self.docs.len()];
        for (source, place) in self.sources(number) {
            let mut postings = source.postings()?;
            if source.count() / SEEK_WHERE_LONGER > self.docs.len() {
                for (doc, chosen) in self.docs.iter().zip(&mut chosen) {
                    let at = if postings.doc() < *doc { postings.seek(*doc) } else { postings.doc() };
                    if at == *doc && *chosen == NOWHERE {
                        *chosen = place;
                    }
                }
                continue;
            }
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if scratch.holds(doc) {
                    let chosen = &mut chosen[scratch.place[doc as usize] as usize];
                    *chosen = (*chosen).min(place);
                }
                doc = postings.advance();
            }
        }
        Ok(chosen)
    }

    /// Keeps the documents that hold a thing, where they must, and are not beyond the greatest cost.
    fn narrow(&mut self, number: usize, chosen: Vec<u16>, scale: &Scale, scratch: &mut Scratch) {
        let (cell, sources) = &self.cells[number];
        let lost = cell.lost.map(|lost| scale.weights.of(lost));
        let lacking = scale.weights.of(Cost::PartLacking);
        let price = |source: u16, lacks: u8| match (sources.get(usize::from(source)), lost) {
            (Some(source), None) => Some((source.cost, source.far, 0)),
            (Some(source), Some(lost)) => Some((source.cost.min(lost), source.far.min(lost), 0)),
            (None, Some(lost)) => Some((lost, lost, 0)),
            (None, None) => (usize::from(lacks) < self.may_lack).then_some((lacking, 0.0, 1)),
        };
        let mut kept = Vec::with_capacity(self.docs.len());
        for (at, source) in chosen.iter().enumerate() {
            match price(*source, self.lacks[at]).filter(|(_, far, _)| self.far[at] + far <= scale.most) {
                Some((cost, far, lacks)) => {
                    scratch.place[self.docs[at] as usize] = kept.len() as u32;
                    self.costs[at] += cost;
                    self.far[at] += far;
                    self.lacks[at] += lacks;
                    kept.push(at);
                }
                None => scratch.let_go(self.docs[at]),
            }
        }
        self.chosen[number] = chosen;
        keep(&mut self.docs, &kept);
        keep(&mut self.costs, &kept);
        keep(&mut self.far, &kept);
        keep(&mut self.lacks, &kept);
        self.chosen.iter_mut().filter(|chosen| !chosen.is_empty()).for_each(|chosen| keep(chosen, &kept));
    }
}

fn keep<T: Copy>(all: &mut Vec<T>, kept: &[usize]) {
    for (to, from) in kept.iter().enumerate() {
        all[to] = all[*from];
    }
    all.truncate(kept.len());
}

/// Of a document that several readings find, the cheapest, and of equals the first.
fn together(ways: Vec<Answered>) -> Matches {
    let mut all = Vec::with_capacity(ways.iter().map(|answered| answered.docs.len()).sum());
    for (answered, way) in ways.iter().zip(0u32..) {
        let of_way = answered.docs.iter().zip(&answered.costs).zip(0u32..);
        all.extend(of_way.map(|((doc, cost), at)| Match { doc: *doc, cost: *cost, way, at }));
    }
    all.sort_by(|one, other| one.doc.cmp(&other.doc).then(one.cost.total_cmp(&other.cost)));
    all.dedup_by_key(|found| found.doc);
    Matches { all, ways }
}
