//! How probable it is that an answer is the one meant, beside all other answers that the reader may list.

use crate::matching::weights;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// The weights of all answers together. A weight is 2 to the power of the score, which counts bits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Likelihood {
    all: f64,
}

fn weight(score: Score) -> f64 {
    f64::from(score - weights::BEYOND).exp2()
}

impl Likelihood {
    /// The probability of an answer with this score. `none` is the cost, in bits, that none of them is meant.
    pub(crate) fn probability(self, score: Score, none: f32) -> f32 {
        (weight(score) / (self.all + f64::from(-none).exp2())) as f32
    }
}

impl Collector for Likelihood {
    type Fruit = Self;
    type Child = Self;

    fn for_segment(&self, _: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self::default())
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Self>) -> tantivy::Result<Self> {
        Ok(Self { all: fruits.iter().map(|fruit| fruit.all).sum() })
    }
}

impl SegmentCollector for Likelihood {
    type Fruit = Self;

    fn collect(&mut self, _: DocId, score: Score) {
        self.all += weight(score);
    }

    fn harvest(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::weights::Cost;

    #[test]
    fn probabilities_add_up_and_leave_something_for_none() {
        let mut likelihood = Likelihood::default();
        let scores = [weights::BEYOND, weights::BEYOND - 1.0, weights::BEYOND - 12.0];
        scores.iter().for_each(|score| likelihood.collect(0, *score));
        let none = Cost::NoneMeant.bits();
        let probabilities = scores.map(|score| likelihood.probability(score, none));
        let sum: f32 = probabilities.iter().sum();
        assert!((0.99..=1.0).contains(&sum), "{sum}");
        assert!((probabilities[0] / probabilities[1] - 2.0).abs() < 1e-4);
        let mut poor = Likelihood::default();
        poor.collect(0, 0.0);
        assert!(poor.probability(0.0, none) < 0.1, "far from what was typed, it is hardly the one");
    }
}
