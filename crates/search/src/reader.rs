//! The reading side: one query over one state of the index, on a blocking thread.

use crate::columns::OpenColumns;
use crate::error::IndexError;
use crate::facets::{self, Facets};
use crate::filter;
use crate::likelihood::Likelihood;
use crate::matching::asked::Asking;
use crate::matching::meant::{LookedUp, Meant};
use crate::matching::vocabulary::Vocabularies;
use crate::matching::weights::{Cost, Scale, Weights};
use crate::query::Query;
use crate::query::expand::{Excess, Expanded};
use crate::query::limits::{self, Deadline, Timed};
use crate::query::plan::{Nearness, Planner};
use crate::reached::{Merged, Reach, Through, direct_page, merged};
use crate::schema::{Fields, column};
use crate::why;
use law::access::Filter;
use model::VersionRef;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tantivy::collector::sort_key::{ComparatorEnum, SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Collector, Count, FilterCollector, TopDocs};
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, Occur, Query as EngineQuery};
use tantivy::schema::Field;
use tantivy::{DocAddress, Order as Direction, Searcher, Term};

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

/// In which order answers stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// The best first; where a query only narrows, the newest.
    #[default]
    Best,
    /// What happened last, first; what has no time last.
    Newest,
    /// What happened first, first; what has no time last.
    Oldest,
    /// By kind, people first, and of one kind the newest first.
    Kind,
}

/// Which answers, and in which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pick {
    /// Which of them.
    pub page: Page,
    /// The order in which they are counted off.
    pub order: Order,
}

impl From<Page> for Pick {
    fn from(page: Page) -> Self {
        Self { page, order: Order::Best }
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
    /// How many of them do not say what was asked, and are linked with a record that does.
    pub reached: u64,
    /// How many of them hold all that was asked for.
    pub whole: u64,
    /// How many parts of it the others may lack: they are looked for where few hold all.
    pub lacking: usize,
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
    /// The probability that it is the one meant, where words were matched with names: between 0 and 1.
    /// Only what the reader may list takes part in it.
    pub probability: Option<f32>,
    /// What in the record answered the query, in words; or in the record through which it was reached.
    pub why: Vec<String>,
    /// By what it was reached, where it does not say itself what was asked.
    pub through: Option<Through>,
}

/// One state of the index.
pub(crate) struct View {
    pub(crate) position: Option<u64>,
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) vocabularies: Arc<Vocabularies>,
    pub(crate) columns: Arc<OpenColumns>,
    pub(crate) weights: Weights,
}

impl View {
    /// Which version a document is of, and the number of its reference.
    pub(crate) fn version_at(&self, place: DocAddress) -> Result<(VersionRef, u64), IndexError> {
        Ok(self.columns.of(self.searcher.segment_reader(place.segment_ord))?.read(place.doc_id))
    }

    /// Lets go of what is held of segments that are gone, and reads that of those that are new.
    pub(crate) fn follow(&self) -> Result<(), IndexError> {
        self.columns.follow(&self.searcher)?;
        Ok(self.vocabularies.follow(&self.searcher)?)
    }

    /// What a query means, for whatever may answer it.
    fn meaning(&self, query: &Query, less: Less) -> Nearness {
        self.nearness(query, Scale::of_answers(self.weights.clone()), less)
    }

    /// What a query closely names.
    pub(crate) fn closely(&self, query: &Query) -> Nearness {
        self.nearness(query, Scale::of_what_is_close(), Less::default())
    }

    fn nearness(&self, query: &Query, scale: Scale, less: Less) -> Nearness {
        let asking = Asking { today: query.manner().today, may_lack: less.may_lack, is_found: less.is_found };
        let looked_up = Arc::clone(&less.looked_up);
        Nearness { vocabularies: Arc::clone(&self.vocabularies), scale, asking, looked_up }
    }
}

/// Answers a query within a filter. Where nothing holds all that was asked for, with what holds all but
/// one part of it.
pub(crate) fn run(view: &View, filter: &Filter, query: &Query, pick: Pick) -> Result<Hits, IndexError> {
    let started = Instant::now();
    view.follow()?;
    let expanded = Expanded::of(view, filter, query, Deadline::after(limits::LONGEST), Excess::Refuse)?;
    let mut reach = None;
    let ask = |less| answer(view, filter, query, &expanded, pick, less, &mut reach);
    let relaxed = relaxed(query, |hits: &Hits| hits.total - hits.reached, ask)?;
    let mut hits = Hits { whole: relaxed.whole, lacking: relaxed.lacking, ..relaxed.found };
    hits.took = started.elapsed();
    Ok(hits)
}

/// Most parts of a query that an answer may lack.
const MOST_LACKING: usize = 3;
/// Answers that hold all that was asked for and are enough: with fewer, those that lack a part follow them.
const ENOUGH: u64 = 50;

/// How much less than all is asked for.
#[derive(Clone, Default)]
pub(crate) struct Less {
    /// How many parts of the query an answer may lack.
    may_lack: usize,
    /// Whether something holds all of it.
    is_found: bool,
    /// What was looked up for the query before.
    looked_up: Arc<LookedUp>,
}

/// What was found by asking for less and less.
pub(crate) struct Relaxed<T> {
    pub(crate) found: T,
    /// How many hold all that was asked for.
    whole: u64,
    /// How many parts of it the others may lack.
    lacking: usize,
}

/// Asks for all that is wanted, and where few hold all of it, for all but one part, and so on until something is
/// found. `ask` says how many the query can do without.
pub(crate) fn relaxed<T>(
    query: &Query,
    count: impl Fn(&T) -> u64,
    mut ask: impl FnMut(Less) -> Result<(T, usize), IndexError>,
) -> Result<Relaxed<T>, IndexError> {
    let all = Less::default();
    let (mut found, _) = ask(all.clone())?;
    let whole = count(&found);
    let mut lacking = 0;
    for may_lack in 1..=MOST_LACKING {
        let enough = if may_lack == 1 { ENOUGH } else { 1 };
        if count(&found) >= enough || !query.is_ranked() || query.manner().strict {
            break;
        }
        let (next, can_lack) = ask(Less { may_lack, is_found: whole > 0, ..all.clone() })?;
        if can_lack < may_lack {
            break;
        }
        if count(&next) > count(&found) {
            (found, lacking) = (next, may_lack);
        }
    }
    Ok(Relaxed { found, whole, lacking })
}

/// How many parts the words of a query can do without, where it may lack some.
pub(crate) fn can_lack(meant: &[Meant]) -> usize {
    meant.iter().map(Meant::may_lack).max().unwrap_or(0)
}

/// A query as it is asked of the engine.
pub(crate) struct Asked<'a> {
    /// What answers by itself, within the filter.
    pub(crate) direct: Timed,
    /// What its words mean.
    pub(crate) meant: Vec<Meant>,
    /// What answers through a link.
    pub(crate) reach: &'a Reach,
}

impl<'a> Asked<'a> {
    /// Plans a query. What is reached is kept from one time to the next: it is linked with what holds all of what
    /// was asked for, and not with what lacks a part.
    pub(crate) fn of(
        view: &View,
        filter: &Filter,
        query: &Query,
        expanded: &Expanded,
        less: Less,
        reach: &'a mut Option<Reach>,
    ) -> Result<Self, IndexError> {
        let mut planner = Planner::near(&view.fields, expanded, view.meaning(query, less));
        let planned = planner.node(query.root());
        let meant = planner.into_meant();
        let reach = match reach {
            Some(reach) => &*reach,
            none => &*none.insert(Reach::of(view, filter, query, &meant, expanded)?),
        };
        let direct = Timed::new(direct(view, filter, planned, reach), expanded.deadline().clone());
        Ok(Self { direct, meant, reach })
    }
}

fn answer(
    view: &View,
    filter: &Filter,
    query: &Query,
    expanded: &Expanded,
    pick: Pick,
    less: Less,
    reach: &mut Option<Reach>,
) -> Result<(Hits, usize), IndexError> {
    let Asked { direct: both, meant, reach } = Asked::of(view, filter, query, expanded, less, reach)?;
    let reached = &reach.reached;
    let (page, is_ranked) = (pick.page, query.is_ranked());
    let direct = direct_page(page, reached.len());
    let (found, total, answers) = match pick.order {
        _ if page.limit == 0 => {
            let total = search(view, &both, Count)?;
            (Found::default(), total + reached.len(), Vec::new())
        }
        Order::Best => {
            let mut found = if is_ranked { best(view, &both, direct)? } else { newest(view, &both, direct)? };
            let answers = merged(page, std::mem::take(&mut found.page), reached);
            let total = found.total + reached.len();
            (found, total, answers)
        }
        order => {
            let mut found = in_order(view, &*reach.beside(view, both), Pick { page, order }, is_ranked)?;
            let answers =
                std::mem::take(&mut found.page).into_iter().map(|hit| reach.told_apart(hit)).collect();
            let total = found.total;
            (found, total, answers)
        }
    };
    expanded.check_time()?;
    let likelihood = found.likelihood;
    let saying = |answer: &Merged| answer.reached.and_then(|reached| reach.saying.get(reached.saying));
    let explained: Vec<DocAddress> =
        answers.iter().map(|answer| saying(answer).map_or(answer.place, |saying| saying.place)).collect();
    let whys = why::explain(view, query, expanded, &meant, &explained)?;
    let mut hits = Vec::with_capacity(answers.len());
    for (answer, why) in answers.iter().zip(whys) {
        let (version, reference) = view.version_at(answer.place)?;
        let names_one = !meant.is_empty() && !why.has_words && answer.reached.is_none();
        let none = view.weights.of(Cost::NoneMeant);
        let probability = names_one.then(|| likelihood.probability(answer.score, none));
        let why = saying(answer).map_or_else(|| why.said.clone(), |saying| saying.explain(&why.said));
        let through = answer.reached.map(|reached| reached.through);
        hits.push(Hit { version, reference, score: answer.score, probability, why, through });
    }
    let hits = Hits {
        total: total as u64,
        reached: reached.len() as u64,
        position: view.position,
        took: Duration::ZERO,
        whole: 0,
        lacking: 0,
        hits,
    };
    Ok((hits, can_lack(&meant)))
}

/// What answers by itself, within a filter.
fn direct(
    view: &View,
    filter: &Filter,
    planned: Box<dyn EngineQuery>,
    reach: &Reach,
) -> Box<dyn EngineQuery> {
    let mut clauses = vec![(Occur::Must, filter::query(filter, &view.fields)), (Occur::Must, planned)];
    clauses.extend(reach.query(view).map(|reached| (Occur::MustNot, reached)));
    Box::new(BooleanQuery::new(clauses))
}

/// How the answers to a query within a filter fall by kind and year.
pub(crate) fn facets(view: &View, filter: &Filter, query: &Query) -> Result<Facets, IndexError> {
    let expanded = Expanded::of(view, filter, query, Deadline::after(limits::LONGEST), Excess::Refuse)?;
    let mut reach = None;
    let ask = |less| {
        let asked = Asked::of(view, filter, query, &expanded, less, &mut reach)?;
        Ok((search(view, &asked.direct, facets::Count)?, can_lack(&asked.meant)))
    };
    let found = relaxed(query, |facets: &Facets| facets.kinds.values().sum(), ask)?.found;
    let reached = reach.as_ref().and_then(|reach| reach.query(view));
    let reached = reached.map(|query| search(view, &*query, facets::Count)).transpose()?;
    Ok(found.and(reached.unwrap_or_default()))
}

/// The newest records within a filter that a query closely meets. It is quick where the filter lets little
/// through ([`Filter::restricted`]). Whatever it finds there, it is never too costly: that would tell of it.
pub(crate) fn meets(
    view: &View,
    filter: &Filter,
    query: &Query,
    most: usize,
) -> Result<Vec<VersionRef>, IndexError> {
    let within = filter::query(filter, &view.fields);
    if search(view, &*within, Count)? == 0 {
        return Ok(Vec::new());
    }
    let expanded = Expanded::of(view, filter, query, Deadline::after(limits::LONGEST), Excess::Cut)?;
    let planned = Planner::near(&view.fields, &expanded, view.closely(query)).node(query.root());
    let both = BooleanQuery::intersection(vec![within, planned]);
    let all = Timed::new(Box::new(both), expanded.deadline().clone());
    let found = newest(view, &all, Page { offset: 0, limit: most })?;
    found.page.into_iter().map(|(_, place)| Ok(view.version_at(place)?.0)).collect()
}

/// A page of what was found.
#[derive(Default)]
pub(crate) struct Found {
    total: usize,
    likelihood: Likelihood,
    pub(crate) page: Vec<(f32, DocAddress)>,
}

/// The best first; of equals the newest.
fn best(view: &View, query: &dyn EngineQuery, page: Page) -> Result<Found, IndexError> {
    let (total, likelihood, found) = search(view, query, (Count, Likelihood::default(), best_first(page)))?;
    let page = found.into_iter().map(|((score, _, _), place)| (score, place)).collect();
    Ok(Found { total, likelihood, page })
}

/// The best of these kinds. The kind is looked at of what answers alone: documents of kinds that hardly any of it
/// has would be sought through the whole column.
pub(crate) fn best_of_kinds(
    view: &View,
    query: &dyn EngineQuery,
    kinds: Vec<u64>,
    most: usize,
) -> Result<Vec<(f32, DocAddress)>, IndexError> {
    let page = Page { offset: 0, limit: most };
    let is_wanted = move |kind: u64| kinds.contains(&kind);
    let found =
        search(view, query, FilterCollector::new(column::KIND.to_owned(), is_wanted, best_first(page)))?;
    Ok(found.into_iter().map(|((score, _, _), place)| (score, place)).collect())
}

/// Score, when it happened, first half of the version; and the place.
type Ranked = ((f32, Option<i64>, Option<u64>), DocAddress);

/// The best first; of equals the newest.
fn best_first(page: Page) -> impl Collector<Fruit = Vec<Ranked>> {
    let order = (
        SortBySimilarityScore,
        SortByStaticFastValue::<i64>::for_field(column::HAPPENED),
        SortByStaticFastValue::<u64>::for_field(column::VERSION_HI),
    );
    TopDocs::with_limit(page.limit).and_offset(page.offset).order_by(order)
}

/// In the order of time or of kinds. Scores come along, and have no say in it.
fn in_order(view: &View, query: &dyn EngineQuery, pick: Pick, is_ranked: bool) -> Result<Found, IndexError> {
    let Pick { page: Page { offset, limit }, order } = pick;
    let top = TopDocs::with_limit(limit).and_offset(offset);
    let happened = || SortByStaticFastValue::<i64>::for_field(column::HAPPENED);
    let written = || SortByStaticFastValue::<u64>::for_field(column::VERSION_HI);
    let kind = || SortByStaticFastValue::<u64>::for_field(column::KIND);
    match order {
        Order::Best | Order::Newest => {
            let order = (happened(), written(), SortBySimilarityScore);
            counted(view, query, top.order_by(order), is_ranked)
        }
        Order::Oldest => {
            let first = (happened(), ComparatorEnum::ReverseNoneLower);
            let order = (first, (written(), Direction::Asc), SortBySimilarityScore);
            counted(view, query, top.order_by(order), is_ranked)
        }
        Order::Kind => {
            let order = ((kind(), Direction::Asc), happened(), SortBySimilarityScore);
            counted(view, query, top.order_by(order), is_ranked)
        }
    }
}

fn counted<A, B>(
    view: &View,
    query: &dyn EngineQuery,
    top: impl Collector<Fruit = Vec<((A, B, f32), DocAddress)>>,
    is_ranked: bool,
) -> Result<Found, IndexError>
where
    A: Send + 'static,
    B: Send + 'static,
{
    let (total, likelihood, found) = match is_ranked {
        true => search(view, query, (Count, Likelihood::default(), top))?,
        false => {
            let (total, found) = search(view, query, (Count, top))?;
            (total, Likelihood::default(), found)
        }
    };
    let score = |score: f32| if is_ranked { score } else { 0.0 };
    let page = found.into_iter().map(|((_, _, held), place)| (score(held), place)).collect();
    Ok(Found { total, likelihood, page })
}

pub(crate) fn newest(view: &View, query: &dyn EngineQuery, page: Page) -> Result<Found, IndexError> {
    let order = (
        SortByStaticFastValue::<i64>::for_field(column::HAPPENED),
        SortByStaticFastValue::<u64>::for_field(column::VERSION_HI),
    );
    let top = TopDocs::with_limit(page.limit).and_offset(page.offset).order_by(order);
    let (total, found) = search(view, query, (Count, top))?;
    let page = found.into_iter().map(|(_, place)| (0.0, place)).collect();
    Ok(Found { total, likelihood: Likelihood::default(), page })
}

pub(crate) fn search<C: tantivy::collector::Collector>(
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
