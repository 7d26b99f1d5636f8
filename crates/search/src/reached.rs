//! What is reached through a link: records of the kind asked for that do not say what was typed, and are
//! linked with one that does. So the stops of a person are found by a name which the stop does not give, and
//! the people of a household by an address which their own records do not.
//!
//! The record that says it, the link and what is reached must each be within the reader's filter, so nothing
//! is reached through what they may not know of.

use crate::error::IndexError;
use crate::filter;
use crate::links;
use crate::matching::meant::Meant;
use crate::matching::weights::Cost;
use crate::query::expand::Expanded;
use crate::query::limits::Timed;
use crate::query::plan::Planner;
use crate::query::{Leaf, Node, Query};
use crate::reader::{Page, View, best_of_kinds, search};
use law::access::Filter;
use model::kinds::{self, link};
use model::reference::reference_text;
use model::{RecordId, VersionRef};
use std::collections::HashMap;
use tantivy::collector::DocSetCollector;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query as EngineQuery, TermSetQuery};
use tantivy::{DocAddress, Term};

/// The best records that say what was typed, whose links are followed.
const MOST_SAYING: usize = 10;
/// The newest links of these that are followed.
const MOST_LINKS: usize = 200;

/// By which record and which link something was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Through {
    /// The record that says what was typed.
    pub record: VersionRef,
    /// The link between both.
    pub link: VersionRef,
}

/// A record that says what was typed, and its place in the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Saying {
    pub(crate) place: DocAddress,
    pub(crate) version: VersionRef,
    pub(crate) reference: u64,
    score: f32,
}

impl Saying {
    /// Why something was reached through it, in words.
    pub(crate) fn explain(&self, said: &[String]) -> Vec<String> {
        let kind = kinds::by_number(self.version.kind);
        let name = kind.map_or_else(
            || self.reference.to_string(),
            |kind| format!("{} {}", kind.title.to_lowercase(), reference_text(kind, self.reference)),
        );
        vec![format!("linked with {name}: {}", said.join(", "))]
    }
}

/// A record that may be reached.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    saying: usize,
    link: VersionRef,
}

/// What the links of the records that say what was typed lead to.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    pub(crate) saying: Vec<Saying>,
    /// Those of the kind that do not say it all themselves, best first.
    pub(crate) reached: Vec<Reached>,
    records: Vec<RecordId>,
}

/// A record that was reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached {
    pub(crate) place: DocAddress,
    pub(crate) score: f32,
    pub(crate) saying: usize,
    pub(crate) through: Through,
}

impl Query {
    /// What is looked for in other kinds too, because links are followed from there: the words alone.
    #[must_use]
    pub fn followed(&self) -> Option<Self> {
        self.kind_to_reach()?;
        let Node::All(parts) = self.root() else { return None };
        let words = parts.iter().filter(|part| part.as_meant().is_some()).cloned().collect();
        Some(self.asking(Node::All(words)))
    }

    /// What of the query only narrows: it must hold of what is reached, and not of what says the words.
    fn narrowing(&self) -> Option<Node> {
        let Node::All(parts) = self.root() else { return None };
        let narrowing: Vec<Node> = parts.iter().filter(|part| part.only_narrows()).cloned().collect();
        (!narrowing.is_empty()).then_some(Node::All(narrowing))
    }

    /// The kind of record asked for, where all else that was asked for are words as somebody types them, and
    /// what only narrows.
    fn kind_to_reach(&self) -> Option<u16> {
        let Node::All(parts) = self.root() else { return None };
        let kind = |part: &Node| match part {
            Node::Leaf(Leaf::Kind(kind)) => Some(*kind),
            _ => None,
        };
        let saying = parts.iter().filter(|part| !part.only_narrows());
        let (kinds, words): (Vec<&Node>, Vec<&Node>) = saying.partition(|part| kind(part).is_some());
        let [only] = kinds.as_slice() else { return None };
        let are_words = !words.is_empty() && words.iter().all(|part| part.as_meant().is_some());
        kind(only).filter(|kind| are_words && *kind != link::KIND.number && !self.manner().strict)
    }
}

impl Reach {
    /// Where the links of the best records of other kinds that are meant lead to. `meant` is what holds all that
    /// was asked for: what is linked with less is not reached.
    pub(crate) fn of(
        view: &View,
        filter: &Filter,
        query: &Query,
        meant: &[Meant],
        expanded: &Expanded,
    ) -> Result<Self, IndexError> {
        let deadline = expanded.deadline();
        let (Some(kind), [meant]) = (query.kind_to_reach(), meant) else { return Ok(Self::default()) };
        let others = kinds::ALL.iter().map(|kind| kind.number);
        let others =
            others.filter(|other| ![kind, link::KIND.number].contains(other)).map(u64::from).collect();
        let clauses: Vec<Box<dyn EngineQuery>> =
            vec![filter::query(filter, &view.fields), Box::new(meant.clone())];
        let all = Timed::new(Box::new(BooleanQuery::intersection(clauses)), deadline.clone());
        let mut saying = Vec::new();
        for (score, place) in best_of_kinds(view, &all, others, MOST_SAYING)? {
            let (version, reference) = view.version_at(place)?;
            saying.push(Saying { place, version, reference, score });
        }
        let candidates = candidates(view, filter, &saying)?;
        let mut reach = Self { saying, ..Self::default() };
        if !candidates.is_empty() {
            let within = Filter::All(vec![Filter::KindIn(vec![kind]), filter.clone()]);
            let narrowing = query.narrowing();
            let narrowing = narrowing.map(|node| Planner::new(&view.fields, expanded).node(&node));
            let all = beside(view, &within, &candidates, meant, narrowing);
            let all = Timed::new(Box::new(all), deadline.clone());
            reach.gather(view, &all, &candidates)?;
        }
        Ok(reach)
    }

    fn gather(
        &mut self,
        view: &View,
        query: &dyn EngineQuery,
        candidates: &HashMap<RecordId, Candidate>,
    ) -> Result<(), IndexError> {
        for place in search(view, query, DocSetCollector)? {
            let record = view.version_at(place)?.0.record;
            let Some(Candidate { saying, link }) = candidates.get(&record).copied() else { continue };
            let Some(by) = self.saying.get(saying) else { continue };
            let through = Through { record: by.version, link };
            let score = by.score - view.weights.of(Cost::ThroughALink);
            self.reached.push(Reached { place, score, saying, through });
            self.records.push(record);
        }
        let order = |one: &Reached, other: &Reached| {
            other.score.total_cmp(&one.score).then(other.through.link.cmp(&one.through.link))
        };
        self.reached.sort_by(order);
        Ok(())
    }

    /// What is reached, as a query; `None` where nothing is. It is no direct answer besides, though it may hold a
    /// part of what was asked for.
    pub(crate) fn query(&self, view: &View) -> Option<Box<dyn EngineQuery>> {
        let terms: Vec<Term> = self.records.iter().map(|record| view.fields.record_term(*record)).collect();
        (!terms.is_empty()).then(|| Box::new(TermSetQuery::new(terms)) as Box<dyn EngineQuery>)
    }

    /// What answers by itself and what is reached, together: for an order that is not that of scores. What is
    /// reached weighs nothing there.
    pub(crate) fn beside(&self, view: &View, direct: Timed) -> Box<dyn EngineQuery> {
        let Some(reached) = self.query(view) else { return Box::new(direct) };
        let reached = Box::new(ConstScoreQuery::new(reached, NO_WEIGHT));
        Box::new(BooleanQuery::union(vec![Box::new(direct), reached]))
    }

    /// An answer found by [`Reach::beside`], as what it is.
    pub(crate) fn told_apart(&self, (score, place): (f32, DocAddress)) -> Merged {
        let reached = self.reached.iter().find(|reached| reached.place == place).copied();
        Merged { score: reached.map_or(score, |reached| reached.score), place, reached }
    }
}

/// Bits of a score beside which whatever else was found is certain.
const NO_WEIGHT: f32 = -1000.0;

/// The candidates within a filter that do not say it all themselves.
fn beside(
    view: &View,
    within: &Filter,
    candidates: &HashMap<RecordId, Candidate>,
    meant: &Meant,
    narrowing: Option<Box<dyn EngineQuery>>,
) -> BooleanQuery {
    let terms: Vec<Term> = candidates.keys().map(|record| view.fields.record_term(*record)).collect();
    let mut clauses: Vec<(Occur, Box<dyn EngineQuery>)> = vec![
        (Occur::Must, Box::new(TermSetQuery::new(terms))),
        (Occur::Must, filter::query(within, &view.fields)),
        (Occur::MustNot, Box::new(meant.clone())),
    ];
    clauses.extend(narrowing.map(|narrowing| (Occur::Must, narrowing)));
    BooleanQuery::new(clauses)
}

/// The other ends of the links, each by the best of the records that it is linked with.
fn candidates(
    view: &View,
    filter: &Filter,
    saying: &[Saying],
) -> Result<HashMap<RecordId, Candidate>, IndexError> {
    let mut candidates: HashMap<RecordId, Candidate> = HashMap::new();
    if saying.is_empty() {
        return Ok(candidates);
    }
    let places: HashMap<RecordId, usize> =
        saying.iter().enumerate().map(|(at, saying)| (saying.version.record, at)).collect();
    let records: Vec<RecordId> = places.keys().copied().collect();
    for link in links::links(view, filter, &records, None, MOST_LINKS)? {
        let [from, to] = link.ends;
        for (one, other) in [(from, to), (to, from)] {
            let Some(saying) = places.get(&one).copied() else { continue };
            let candidate = Candidate { saying, link: link.version };
            let held = candidates.entry(other).or_insert(candidate);
            if saying < held.saying {
                *held = candidate;
            }
        }
    }
    Ok(candidates)
}

/// One answer of a page on which direct answers and what is reached stand together.
pub(crate) struct Merged {
    pub(crate) score: f32,
    pub(crate) place: DocAddress,
    /// Which of those that were reached it is, where it is one.
    pub(crate) reached: Option<Reached>,
}

/// Which direct answers a page needs, where so many are reached.
pub(crate) fn direct_page(page: Page, reached: usize) -> Page {
    let offset = page.offset.saturating_sub(reached);
    Page { offset, limit: page.offset + page.limit - offset }
}

/// Merges the direct answers of [`direct_page`] with all that is reached, best first and of equals the direct
/// answer, and cuts the page out.
pub(crate) fn merged(page: Page, direct: Vec<(f32, DocAddress)>, reached: &[Reached]) -> Vec<Merged> {
    let first = direct_page(page, reached.len()).offset;
    // So many of what is reached stand before the first direct answer in hand, on earlier pages.
    let before = match direct.first() {
        Some((best, _)) if first > 0 => reached.iter().take_while(|reached| reached.score > *best).count(),
        None if first > 0 => return Vec::new(),
        _ => 0,
    };
    let mut rest = reached.iter().skip(before).copied().peekable();
    let mut all = Vec::with_capacity(direct.len() + reached.len());
    let of_reached =
        |reached: Reached| Merged { score: reached.score, place: reached.place, reached: Some(reached) };
    for (score, place) in direct {
        while let Some(better) = rest.next_if(|reached| reached.score > score) {
            all.push(of_reached(better));
        }
        all.push(Merged { score, place, reached: None });
    }
    all.extend(rest.map(of_reached));
    all.into_iter().skip(page.offset - first - before).take(page.limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::VersionId;
    use uuid::Uuid;

    fn reached(score: f32) -> Reached {
        let version = VersionRef { record: RecordId(Uuid::nil()), version: VersionId(Uuid::nil()), kind: 1 };
        let through = Through { record: version, link: version };
        Reached { place: DocAddress::new(1, score as u32), score, saying: 0, through }
    }

    /// Pages of any size, one after the other, are the whole.
    #[test]
    fn pages_of_merged_answers_leave_out_nothing_and_repeat_nothing() {
        let direct: Vec<(f32, DocAddress)> = [90.0, 80.0, 80.0, 60.0, 50.0, 10.0]
            .iter()
            .zip(0..)
            .map(|(s, n)| (*s, DocAddress::new(0, n)))
            .collect();
        for scores in
            [vec![], vec![95.0], vec![80.0, 70.0, 5.0], vec![99.0, 98.0, 97.0, 96.0], vec![1.0, 0.5]]
        {
            let reached: Vec<Reached> = scores.iter().map(|score| reached(*score)).collect();
            let of_reached = reached.iter().map(|reached| (reached.score, reached.place));
            let mut whole: Vec<(f32, DocAddress)> = direct.iter().copied().chain(of_reached).collect();
            whole.sort_by(|one, other| other.0.total_cmp(&one.0));
            for limit in 1..=whole.len() + 1 {
                let mut paged = Vec::new();
                for offset in (0..whole.len() + 3).step_by(limit) {
                    let page = Page { offset, limit };
                    let of = direct_page(page, reached.len());
                    let slice = direct.iter().skip(of.offset).take(of.limit).copied().collect();
                    let merged = merged(page, slice, &reached).into_iter();
                    paged.extend(merged.map(|merged| (merged.score, merged.place)));
                }
                assert_eq!(paged, whole, "{scores:?} by {limit}");
            }
        }
    }
}
