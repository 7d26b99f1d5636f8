//! The outcome of the matching as a part of the engine's query.

use super::asked::Way;
use super::evaluate::{Known, Match, Matches, evaluate};
use super::vocabulary::Vocabularies;
use super::weights::{self, Scale};
use super::words;
use crate::schema::Fields;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Documents that are meant by some words. What was found is kept, so that it can be explained.
#[derive(Clone)]
pub(crate) struct Meant {
    core: Arc<Core>,
}

struct Core {
    ways: Vec<Way>,
    scale: Scale,
    fields: Fields,
    vocabularies: Arc<Vocabularies>,
    found: Mutex<HashMap<SegmentId, Arc<Matches>>>,
    looked_up: Arc<LookedUp>,
}

/// Where the things of a query may stand in each segment: the same query is asked again for less, and looking
/// for names near to a word is most of the work.
#[derive(Default)]
pub(crate) struct LookedUp(Mutex<HashMap<SegmentId, Vec<Known>>>);

impl LookedUp {
    fn take(&self, segment: SegmentId) -> Vec<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&segment).unwrap_or_default()
    }

    fn keep(&self, segment: SegmentId, known: Vec<Known>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(segment, known);
    }
}

impl Meant {
    /// What these readings mean, as far as the scale allows.
    pub(crate) fn new(
        ways: Vec<Way>,
        scale: Scale,
        fields: Fields,
        vocabularies: Arc<Vocabularies>,
        looked_up: Arc<LookedUp>,
    ) -> Self {
        let found = Mutex::default();
        Self { core: Arc::new(Core { ways, scale, fields, vocabularies, found, looked_up }) }
    }

    /// How many of the things that were asked for an answer may lack.
    pub(crate) fn may_lack(&self) -> usize {
        self.core.ways.iter().map(|way| way.may_lack).max().unwrap_or(0)
    }

    /// Why a document is meant, in words; `None` for each thing whose place in the record is to be looked up.
    pub(crate) fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Vec<Reason>> {
        let found = self.core.matches(segment)?;
        let how = found.how(doc).unwrap_or_default();
        Ok(how.into_iter().map(|(cell, how)| words::reason(cell, how)).collect())
    }

    /// What a document is charged: for the reading, and for each thing that was asked for.
    #[cfg(feature = "study")]
    pub(crate) fn charges(
        &self,
        segment: &SegmentReader,
        doc: DocId,
    ) -> tantivy::Result<Vec<super::weights::Charge>> {
        Ok(super::charged::charges(&*self.core.matches(segment)?, doc, &self.core.scale.weights))
    }
}

/// Why a document is among the answers, as to one thing that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reason {
    /// In words.
    Said(String),
    /// This word stands in the record, as it is or in another form.
    Word(String),
}

impl Core {
    fn matches(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Matches>> {
        let id = segment.segment_id();
        if let Some(found) = self.held().get(&id) {
            return Ok(Arc::clone(found));
        }
        let vocabulary = self.vocabularies.of(segment)?;
        let mut known = self.looked_up.take(id);
        let found = evaluate(&self.ways, &self.scale, &self.fields, segment, &vocabulary, &mut known);
        self.looked_up.keep(id, known);
        let found = Arc::new(found?);
        self.held().insert(id, Arc::clone(&found));
        Ok(found)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<SegmentId, Arc<Matches>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meant").field("ways", &self.core.ways).finish_non_exhaustive()
    }
}

impl Query for Meant {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Meant {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(Walk { found: self.core.matches(segment)?, at: 0, boost }))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let found = self.core.matches(segment)?;
        match found.all.binary_search_by_key(&doc, |found| found.doc) {
            Ok(at) => Ok(Explanation::new("probability that it is meant", score(found.all[at]))),
            Err(_) => Err(TantivyError::InvalidArgument(format!("document {doc} is not meant"))),
        }
    }
}

/// Walks through the documents that are meant.
struct Walk {
    found: Arc<Matches>,
    at: usize,
    boost: Score,
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.found.all.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.found.all.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|found| found.doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.all.get(self.at).map_or(TERMINATED, |found| found.doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.found.all.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Walk {
    fn score(&mut self) -> Score {
        self.found.all.get(self.at).map_or(0.0, |found| self.boost * score(*found))
    }
}

/// The engine puts the highest score first: what nothing was lost of has the most.
fn score(found: Match) -> Score {
    weights::BEYOND - found.cost
}
