//! The reading side: one query over one state of the index, on a blocking thread.

use crate::error::IndexError;
use crate::filter;
use crate::query::Query;
use crate::query::plan::Planner;
use crate::schema::{Fields, column};
use crate::why;
use law::access::Filter;
use model::{RecordId, VersionId, VersionRef};
use std::time::{Duration, Instant};
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, Query as EngineQuery};
use tantivy::schema::Field;
use tantivy::{DocAddress, Searcher, SegmentReader, Term};
use uuid::Uuid;

/// Answers that can be paged through.
pub const MOST_ANSWERS: usize = 10_000;

/// Which of the answers, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Answers before the first that is wanted.
    pub offset: usize,
    /// How many are wanted; 0 only counts.
    pub limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 20 }
    }
}

impl Page {
    pub(crate) fn check(self) -> Result<(), IndexError> {
        let to = self.offset.saturating_add(self.limit);
        match to <= MOST_ANSWERS {
            true => Ok(()),
            false => Err(IndexError::TooFar { from: self.offset.saturating_add(1), to, most: MOST_ANSWERS }),
        }
    }
}

/// Answers to a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// How many answers there are in all, of those that the reader may list.
    pub total: u64,
    /// The leaf of the log up to which the index was built.
    pub position: Option<u64>,
    /// Time that the index took.
    pub took: Duration,
    /// The page of answers, best first, or newest first where the query only narrows.
    pub hits: Vec<Hit>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Record, version, kind.
    pub version: VersionRef,
    /// Number of the record's reference.
    pub reference: u64,
    /// How well it fits; only comparable within one query. 0 where the query only narrows.
    pub score: f32,
    /// What in the record answered the query, in words.
    pub why: Vec<String>,
}

/// One state of the index.
pub(crate) struct View {
    pub(crate) position: Option<u64>,
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
}

/// Answers a query within a filter.
pub(crate) fn run(view: &View, filter: &Filter, query: &Query, page: Page) -> Result<Hits, IndexError> {
    let started = Instant::now();
    let planned = Planner::new(&view.fields).node(query.root());
    let allowed = filter::query(filter, &view.fields);
    let both = BooleanQuery::intersection(vec![allowed, planned]);
    let (total, found) = match (page.limit, query.is_ranked()) {
        (0, _) => (search(view, &both, Count)?, Vec::new()),
        (_, true) => best(view, &both, page)?,
        (_, false) => newest(view, &both, page)?,
    };
    let places: Vec<DocAddress> = found.iter().map(|(_, place)| *place).collect();
    let whys = why::explain(view, query, &places)?;
    let mut hits = Vec::with_capacity(found.len());
    for ((score, place), why) in found.into_iter().zip(whys) {
        let columns = Columns::open(view.searcher.segment_reader(place.segment_ord))?;
        let (version, reference) = columns.read(place.doc_id);
        hits.push(Hit { version, reference, score, why });
    }
    Ok(Hits { total: total as u64, position: view.position, took: started.elapsed(), hits })
}

/// The newest records within a filter that a query meets.
pub(crate) fn meets(
    view: &View,
    filter: &Filter,
    query: &Query,
    most: usize,
) -> Result<Vec<VersionRef>, IndexError> {
    let planned = Planner::new(&view.fields).node(query.root());
    let both = BooleanQuery::intersection(vec![filter::query(filter, &view.fields), planned]);
    let (_, found) = newest(view, &both, Page { offset: 0, limit: most })?;
    let mut met = Vec::with_capacity(found.len());
    for (_, place) in found {
        let columns = Columns::open(view.searcher.segment_reader(place.segment_ord))?;
        met.push(columns.read(place.doc_id).0);
    }
    Ok(met)
}

type Found = (usize, Vec<(f32, DocAddress)>);

/// The best first; of equals the newest.
fn best(view: &View, query: &dyn EngineQuery, page: Page) -> Result<Found, IndexError> {
    let order = (
        SortBySimilarityScore,
        SortByStaticFastValue::<i64>::for_field(column::HAPPENED),
        SortByStaticFastValue::<u64>::for_field(column::VERSION_HI),
    );
    let top = TopDocs::with_limit(page.limit).and_offset(page.offset).order_by(order);
    let (total, found) = search(view, query, (Count, top))?;
    Ok((total, found.into_iter().map(|((score, _, _), place)| (score, place)).collect()))
}

fn newest(view: &View, query: &dyn EngineQuery, page: Page) -> Result<Found, IndexError> {
    let order = (
        SortByStaticFastValue::<i64>::for_field(column::HAPPENED),
        SortByStaticFastValue::<u64>::for_field(column::VERSION_HI),
    );
    let top = TopDocs::with_limit(page.limit).and_offset(page.offset).order_by(order);
    let (total, found) = search(view, query, (Count, top))?;
    Ok((total, found.into_iter().map(|(_, place)| (0.0, place)).collect()))
}

fn search<C: tantivy::collector::Collector>(
    view: &View,
    query: &dyn EngineQuery,
    collector: C,
) -> Result<C::Fruit, IndexError> {
    Ok(view.searcher.search_with_statistics_provider(query, &collector, &Even)?)
}

/// The same frequencies for every word. The true ones count records that the reader may not know
/// of, and a score would tell of them; they also change with every merge and deletion.
struct Even;

impl Bm25StatisticsProvider for Even {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(32_000_000)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(1_000_000)
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(1_000)
    }
}

/// The columns that tell which record a document is of.
pub(crate) struct Columns {
    record: [tantivy::columnar::Column<u64>; 2],
    version: [tantivy::columnar::Column<u64>; 2],
    kind: tantivy::columnar::Column<u64>,
    reference: tantivy::columnar::Column<u64>,
}

impl Columns {
    pub(crate) fn open(segment: &SegmentReader) -> Result<Self, IndexError> {
        let columns = segment.fast_fields();
        Ok(Self {
            record: [columns.u64(column::RECORD_HI)?, columns.u64(column::RECORD_LO)?],
            version: [columns.u64(column::VERSION_HI)?, columns.u64(column::VERSION_LO)?],
            kind: columns.u64(column::KIND)?,
            reference: columns.u64(column::REFERENCE)?,
        })
    }

    /// Version and number of the reference of one document.
    pub(crate) fn read(&self, doc: u32) -> (VersionRef, u64) {
        let number = |column: &tantivy::columnar::Column<u64>| column.first(doc).unwrap_or_default();
        let id = |pair: &[tantivy::columnar::Column<u64>; 2]| {
            Uuid::from_u64_pair(number(&pair[0]), number(&pair[1]))
        };
        let version = VersionRef {
            record: RecordId(id(&self.record)),
            version: VersionId(id(&self.version)),
            // The column holds what was a u16.
            kind: number(&self.kind) as u16,
        };
        (version, number(&self.reference))
    }
}
