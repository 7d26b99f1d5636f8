//! Words near each other: `"knife bus"~5` asks for a stretch of one text that holds all the words, in any
//! order, and at most five others. A word that is asked for twice must stand there twice.

use super::limits::Deadline;
use std::collections::BTreeMap;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

/// Most words that may be asked for near each other.
pub(crate) const MOST_TOGETHER: usize = 10;
/// Most words that may stand between them. With the words themselves they are fewer than the places
/// between two texts ([`crate::placed::APART`]).
pub(crate) const MOST_BETWEEN: u32 = 50;

const _: () = assert!(MOST_TOGETHER + (MOST_BETWEEN as usize) < crate::placed::APART);

/// The documents in which terms stand near each other.
#[derive(Debug, Clone)]
pub(crate) struct Together {
    /// Each term, and how often it is asked for.
    terms: Vec<(Term, usize)>,
    /// Longest stretch, from the place of the first to that of the last.
    reach: u32,
    deadline: Deadline,
}

impl Together {
    /// These terms with at most so many words between them.
    pub(crate) fn new(terms: Vec<Term>, between: u32, deadline: Deadline) -> Self {
        let reach = between + u32::try_from(terms.len().saturating_sub(1)).unwrap_or(u32::MAX - between);
        let mut counts: BTreeMap<Term, usize> = BTreeMap::new();
        for term in terms {
            *counts.entry(term).or_default() += 1;
        }
        Self { terms: counts.into_iter().collect(), reach, deadline }
    }
}

impl Query for Together {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Together {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut lists = Vec::with_capacity(self.terms.len());
        for (term, times) in &self.terms {
            let index = segment.inverted_index(term.field())?;
            let Some(postings) = index.read_postings(term, IndexRecordOption::WithFreqsAndPositions)? else {
                return Ok(Box::new(EmptyScorer));
            };
            lists.push(List { postings, times: *times });
        }
        lists.sort_by_key(|list| list.postings.size_hint());
        let times = lists.iter().map(|list| list.times).collect();
        let mut walk = Walk {
            lists,
            times,
            reach: self.reach,
            places: Vec::new(),
            spare: Vec::new(),
            deadline: self.deadline.clone(),
            boost,
        };
        walk.settle();
        Ok(Box::new(walk))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(segment, 1.0)?;
        match scorer.doc() <= doc && scorer.seek(doc) == doc {
            true => Ok(Explanation::new("words near each other", 1.0)),
            false => Err(TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }
}

struct List {
    postings: SegmentPostings,
    times: usize,
}

/// Walks through the documents that hold all the terms, the rarest first.
struct Walk {
    lists: Vec<List>,
    times: Vec<usize>,
    reach: u32,
    /// Places of the terms in one document, each with the list that it is of.
    places: Vec<(u32, usize)>,
    spare: Vec<u32>,
    deadline: Deadline,
    boost: Score,
}

impl Walk {
    /// Goes on to the next document that matches, from this one on.
    fn settle(&mut self) {
        loop {
            let doc = self.doc();
            if doc == TERMINATED {
                return;
            }
            if self.deadline.tick() {
                self.lists.clear();
                return;
            }
            let behind = self.lists.iter_mut().find_map(|list| {
                let at = list.postings.doc();
                let at = if at < doc { list.postings.seek(doc) } else { at };
                (at != doc).then_some(at)
            });
            match behind {
                Some(TERMINATED) => return self.lists.clear(),
                Some(further) => drop(self.lists[0].postings.seek(further)),
                None if self.is_near() => return,
                None => drop(self.lists[0].postings.advance()),
            }
        }
    }

    fn is_near(&mut self) -> bool {
        self.places.clear();
        for (number, list) in self.lists.iter_mut().enumerate() {
            list.postings.positions(&mut self.spare);
            self.places.extend(self.spare.iter().map(|place| (*place, number)));
        }
        self.places.sort_unstable();
        is_within(&self.places, &self.times, self.reach)
    }
}

/// Whether a stretch of the places, no longer than `reach`, holds each list as often as it must. The places
/// ascend.
fn is_within(places: &[(u32, usize)], times: &[usize], reach: u32) -> bool {
    let mut held = vec![0; times.len()];
    let mut short = times.len();
    let mut first = 0;
    for (last, list) in places {
        held[*list] += 1;
        short -= usize::from(held[*list] == times[*list]);
        while places[first].0 + reach < *last {
            let (_, gone) = places[first];
            short += usize::from(held[gone] == times[gone]);
            held[gone] -= 1;
            first += 1;
        }
        if short == 0 {
            return true;
        }
    }
    false
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        if let Some(list) = self.lists.first_mut() {
            list.postings.advance();
        }
        self.settle();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target
            && let Some(list) = self.lists.first_mut()
        {
            list.postings.seek(target);
            self.settle();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.lists.first().map_or(TERMINATED, |list| list.postings.doc())
    }

    fn size_hint(&self) -> u32 {
        self.lists.first().map_or(0, |list| list.postings.size_hint())
    }
}

impl Scorer for Walk {
    fn score(&mut self) -> Score {
        self.boost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every choice of places, one for each word.
    fn is_within_plainly(text: &[usize], words: &[usize], reach: usize) -> bool {
        fn choose(text: &[usize], words: &[usize], chosen: &mut Vec<usize>, reach: usize) -> bool {
            let Some((word, rest)) = words.split_first() else {
                let (first, last) = (chosen.iter().min(), chosen.iter().max());
                return last.zip(first).is_some_and(|(last, first)| last - first <= reach);
            };
            (0..text.len()).any(|place| {
                if text[place] != *word || chosen.contains(&place) {
                    return false;
                }
                chosen.push(place);
                let found = choose(text, rest, chosen, reach);
                chosen.pop();
                found
            })
        }
        choose(text, words, &mut Vec::new(), reach)
    }

    proptest! {
        #[test]
        fn near_is_what_a_plain_reading_calls_near(
            text in proptest::collection::vec(0usize..4, 0..14),
            words in proptest::collection::vec(0usize..3, 2..5),
            between in 0usize..6,
        ) {
            let mut kinds = words.clone();
            kinds.sort_unstable();
            kinds.dedup();
            let times: Vec<usize> =
                kinds.iter().map(|kind| words.iter().filter(|word| *word == kind).count()).collect();
            let places: Vec<(u32, usize)> = text.iter().enumerate()
                .filter_map(|(place, word)| Some((place as u32, kinds.iter().position(|kind| kind == word)?)))
                .collect();
            let reach = between + words.len() - 1;
            prop_assert_eq!(is_within(&places, &times, reach as u32), is_within_plainly(&text, &words, reach));
        }
    }
}
