//! What a query may cost. Length, terms and nesting are bounded where it is read ([`super`]); words that a
//! pattern stands for, and time, where it is answered.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocId, DocSet, Score, SegmentReader, TERMINATED};

/// Most words that the patterns of one query may stand for, of those that the reader may know of.
pub const MOST_WORDS: usize = 10_000;
/// Most words of the index that are looked through for the patterns of one query.
pub const MOST_LOOKED_THROUGH: usize = 5_000_000;
/// Longest time that a query may take.
pub const LONGEST: Duration = Duration::from_secs(10);

/// Steps between two looks at the clock.
const STEPS: u32 = 1024;

/// The moment at which a query is given up.
#[derive(Clone)]
pub(crate) struct Deadline {
    until: Instant,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    is_passed: AtomicBool,
    steps: AtomicU32,
}

impl Deadline {
    pub(crate) fn after(time: Duration) -> Self {
        Self { until: Instant::now() + time, inner: Arc::default() }
    }

    /// Counts a step, and says whether the time is up.
    pub(crate) fn tick(&self) -> bool {
        let steps = self.inner.steps.fetch_add(1, Ordering::Relaxed);
        match steps.is_multiple_of(STEPS) {
            true => self.look(),
            false => self.is_passed(),
        }
    }

    /// Looks at the clock.
    fn look(&self) -> bool {
        if Instant::now() >= self.until {
            self.inner.is_passed.store(true, Ordering::Relaxed);
        }
        self.is_passed()
    }

    /// Whether something was given up because the time was up.
    pub(crate) fn is_passed(&self) -> bool {
        self.inner.is_passed.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deadline").field(&self.until).finish()
    }
}

/// A query that ends when its time is up. Whoever runs it must ask afterwards whether it was.
#[derive(Debug)]
pub(crate) struct Timed {
    query: Box<dyn Query>,
    deadline: Deadline,
}

impl Timed {
    pub(crate) fn new(query: Box<dyn Query>, deadline: Deadline) -> Self {
        Self { query, deadline }
    }
}

impl Clone for Timed {
    fn clone(&self) -> Self {
        Self { query: self.query.box_clone(), deadline: self.deadline.clone() }
    }
}

impl Query for Timed {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(TimedWeight { weight: self.query.weight(scoring)?, deadline: self.deadline.clone() }))
    }
}

struct TimedWeight {
    weight: Box<dyn Weight>,
    deadline: Deadline,
}

impl Weight for TimedWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let deadline = self.deadline.clone();
        // A segment is not begun when the time is up.
        let is_over = deadline.look();
        Ok(Box::new(TimedScorer { scorer: self.weight.scorer(segment, boost)?, deadline, is_over }))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.weight.explain(segment, doc)
    }
}

struct TimedScorer {
    scorer: Box<dyn Scorer>,
    deadline: Deadline,
    is_over: bool,
}

impl DocSet for TimedScorer {
    fn advance(&mut self) -> DocId {
        self.is_over = self.is_over || self.deadline.tick();
        if self.is_over {
            return TERMINATED;
        }
        self.scorer.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.is_over = self.is_over || self.deadline.tick();
        if self.is_over {
            return TERMINATED;
        }
        self.scorer.seek(target)
    }

    fn fill_buffer(&mut self, buffer: &mut [DocId; COLLECT_BLOCK_BUFFER_LEN]) -> usize {
        self.is_over = self.is_over || self.deadline.tick();
        if self.is_over {
            return 0;
        }
        self.scorer.fill_buffer(buffer)
    }

    fn doc(&self) -> DocId {
        if self.is_over { TERMINATED } else { self.scorer.doc() }
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }
}

impl Scorer for TimedScorer {
    fn score(&mut self) -> Score {
        self.scorer.score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::collector::Count;
    use tantivy::query::AllQuery;
    use tantivy::schema::Schema;
    use tantivy::{Index, TantivyDocument};

    fn count(time: Duration) -> (usize, bool) {
        let index = Index::create_in_ram(Schema::builder().build());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for _ in 0..3_000 {
            writer.add_document(TantivyDocument::new()).unwrap();
        }
        writer.commit().unwrap();
        let deadline = Deadline::after(time);
        let query = Timed::new(Box::new(AllQuery), deadline.clone());
        let found = index.reader().unwrap().searcher().search(&query, &Count).unwrap();
        (found, deadline.is_passed())
    }

    #[test]
    fn a_query_is_given_up_when_its_time_is_up() {
        assert_eq!(count(Duration::ZERO), (0, true));
        assert_eq!(count(LONGEST), (3_000, false));
    }

    #[test]
    fn the_clock_is_looked_at_now_and_then() {
        let deadline = Deadline::after(Duration::from_secs(3_600));
        assert!((0..5_000).all(|_| !deadline.tick()));
        let passed = Deadline::after(Duration::ZERO);
        assert!(passed.tick() && passed.is_passed());
    }
}
