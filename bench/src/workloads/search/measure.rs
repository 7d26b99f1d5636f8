//! The measures, each over the answers of one peer to some needs. docs/search-quality.md defines them for
//! those who compute them again.

use super::raw::Answer;
use synth::random::Random;

/// The share of the relevant that must be seen.
const SHARE: f64 = 0.95;
/// What a need costs at least whose relevant records a peer does not show: a peer that shows nothing would
/// otherwise cost nothing.
pub const UNSEEN: u64 = 1_000;
/// Resamplings for an interval.
const RESAMPLINGS: usize = 1_000;

/// A mean with its interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Figure {
    /// The mean over needs.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// All measures of one peer over some needs.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Measures {
    /// The peer.
    pub peer: String,
    /// Needs.
    pub needs: usize,
    /// Needs that it could not read.
    pub unread: usize,
    /// Share of the relevant anywhere among its answers, as deep as was looked.
    pub recall: Figure,
    /// Share of the relevant at the first rank.
    pub recall_1: Figure,
    /// Share of the relevant among the first 20.
    pub recall_20: Figure,
    /// Share of needs with something relevant among the first 20.
    pub found_20: Figure,
    /// Relevant among the first, by one.
    pub precision_1: Figure,
    /// Relevant among the first 5, by 5.
    pub precision_5: Figure,
    /// Relevant among the first 10, by 10.
    pub precision_10: Figure,
    /// Gain of the first 10, discounted, beside the best possible.
    pub ndcg_10: Figure,
    /// Items to sift until 95 % of the relevant are seen, where ranks were looked at deep enough.
    pub sift: Option<Figure>,
    /// The median of the same.
    pub sift_median: Option<f64>,
    /// Share of needs whose 95 % are never seen.
    pub never: f64,
    /// Milliseconds, p50.
    pub p50: f64,
    /// Milliseconds, p95.
    pub p95: f64,
    /// Milliseconds, p99.
    pub p99: f64,
}

/// Deeper than this ranks must have been looked at for the sifting to be counted.
const DEEP: u64 = 1_000;

impl Measures {
    /// The measures of a peer; `None` where there are no answers.
    pub fn of(peer: &str, answers: &[&Answer]) -> Option<Self> {
        if answers.is_empty() {
            return None;
        }
        let figure = |measure: &dyn Fn(&Answer) -> f64| -> Figure {
            interval(&answers.iter().map(|answer| measure(answer)).collect::<Vec<f64>>())
        };
        let is_deep = answers.iter().all(|answer| answer.depth >= DEEP);
        let sifted: Vec<f64> = answers.iter().map(|answer| sift(answer) as f64).collect();
        let times: Vec<f64> = answers.iter().map(|answer| answer.ms).collect();
        Some(Self {
            peer: peer.to_owned(),
            needs: answers.len(),
            unread: answers.iter().filter(|answer| answer.error.is_some()).count(),
            recall: figure(&|answer| recall(answer, u64::MAX)),
            recall_1: figure(&|answer| recall(answer, 1)),
            recall_20: figure(&|answer| recall(answer, 20)),
            found_20: figure(&|answer| f64::from(u8::from(seen_to(answer, 20) > 0))),
            precision_1: figure(&|answer| precision(answer, 1)),
            precision_5: figure(&|answer| precision(answer, 5)),
            precision_10: figure(&|answer| precision(answer, 10)),
            ndcg_10: figure(&|answer| ndcg(answer, 10)),
            sift: is_deep.then(|| interval(&sifted)),
            sift_median: is_deep.then(|| quantile(&sifted, 0.5)),
            never: answers.iter().filter(|answer| place_of_share(answer).is_none()).count() as f64
                / answers.len() as f64,
            p50: quantile(&times, 0.5),
            p95: quantile(&times, 0.95),
            p99: quantile(&times, 0.99),
        })
    }
}

fn relevant(answer: &Answer) -> u64 {
    answer.relevant.iter().map(|(_, count)| count).sum()
}

fn seen_to(answer: &Answer, rank: u64) -> u64 {
    answer.seen.iter().filter(|seen| seen.rank <= rank).count() as u64
}

/// Share of the relevant seen down to a rank.
pub fn recall(answer: &Answer, rank: u64) -> f64 {
    seen_to(answer, rank) as f64 / relevant(answer).max(1) as f64
}

/// Relevant among the first so many, by that number: empty places count against it.
pub fn precision(answer: &Answer, rank: u64) -> f64 {
    seen_to(answer, rank) as f64 / rank.max(1) as f64
}

/// Normalised discounted cumulative gain: a record of grade g at rank r gains (2^g − 1) / log2(r + 1).
pub fn ndcg(answer: &Answer, rank: u64) -> f64 {
    let gain = |grade: u8, at: u64| (f64::from(grade).exp2() - 1.0) / ((at + 1) as f64).log2();
    let seen = answer.seen.iter().filter(|seen| seen.rank <= rank);
    let got: f64 = seen.map(|seen| gain(seen.grade, seen.rank)).sum();
    let best_first = answer.relevant.iter().rev();
    let grades = best_first.flat_map(|(grade, count)| std::iter::repeat_n(*grade, *count as usize));
    let best: f64 = grades.take(rank as usize).zip(1..).map(|(grade, at)| gain(grade, at)).sum();
    // The sum of nothing is −0.
    if best > 0.0 && got > 0.0 { got / best } else { 0.0 }
}

/// The rank at which 95 % of the relevant, rounded up, are seen; `None` where they never are.
pub fn place_of_share(answer: &Answer) -> Option<u64> {
    let wanted = (relevant(answer) as f64 * SHARE).ceil().max(1.0) as usize;
    let mut ranks: Vec<u64> = answer.seen.iter().map(|seen| seen.rank).collect();
    ranks.sort_unstable();
    ranks.get(wanted - 1).copied()
}

/// Items to sift until 95 % of the relevant are seen. Where they never are, the whole list was sifted in
/// vain, and at least [`UNSEEN`] items.
pub fn sift(answer: &Answer) -> u64 {
    place_of_share(answer).unwrap_or_else(|| answer.total.max(UNSEEN))
}

/// The smallest value that a share of the values does not exceed (nearest rank).
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    let place = (values.len() as f64 * share).ceil().max(1.0) as usize;
    values.get(place.min(values.len().max(1)) - 1).copied().unwrap_or(0.0)
}

/// Mean and interval of 95 % by resampling the needs with replacement, from a fixed seed.
pub fn interval(values: &[f64]) -> Figure {
    let mean = |sum: f64| sum / values.len().max(1) as f64;
    let mut random = Random::part(1, "bootstrap");
    let means: Vec<f64> =
        (0..RESAMPLINGS).map(|_| mean((0..values.len()).filter_map(|_| random.pick(values)).sum())).collect();
    Figure { mean: mean(values.iter().sum()), low: quantile(&means, 0.025), high: quantile(&means, 0.975) }
}

#[cfg(test)]
pub mod tests {
    use super::super::raw::Seen;
    use super::*;

    pub fn answer(peer: &str, relevant: &[(u8, u64)], ranks: &[(u64, u8)], total: u64, ms: f64) -> Answer {
        let seen =
            ranks.iter().map(|(rank, grade)| Seen { rank: *rank, grade: *grade, id: rank.to_string() });
        Answer {
            peer: peer.to_owned(),
            need: "n".to_owned(),
            type_of: "t".to_owned(),
            flags: Vec::new(),
            asked: String::new(),
            error: None,
            ms,
            total,
            depth: 10_000,
            relevant: {
                let mut relevant = relevant.to_vec();
                relevant.sort_unstable();
                relevant
            },
            seen: seen.collect(),
            first: Vec::new(),
        }
    }

    #[test]
    fn recall_and_precision_by_hand() {
        // Four relevant: at 1, 4 and 30; one is not there.
        let answer = answer("p", &[(3, 1), (2, 3)], &[(1, 3), (4, 2), (30, 2)], 50, 1.0);
        assert_eq!(recall(&answer, 1), 0.25);
        assert_eq!(recall(&answer, 20), 0.5);
        assert_eq!(recall(&answer, u64::MAX), 0.75);
        assert_eq!([precision(&answer, 1), precision(&answer, 5), precision(&answer, 10)], [1.0, 0.4, 0.2]);
    }

    #[test]
    fn sifting_by_hand() {
        let one = |ranks: &[(u64, u8)], total| sift(&answer("p", &[(3, 1)], ranks, total, 1.0));
        assert_eq!(one(&[(7, 3)], 50), 7);
        // Not seen: the whole list, and at least a thousand.
        assert_eq!([one(&[], 50), one(&[], 0), one(&[], 4_000)], [1_000, 1_000, 4_000]);
        // 95 % of 20 are 19: the last may be missing. 95 % of 10, rounded up, are all 10.
        let ranks: Vec<(u64, u8)> = (1..=19).map(|rank| (rank * 2, 1)).collect();
        assert_eq!(sift(&answer("p", &[(1, 20)], &ranks, 100, 1.0)), 38);
        assert_eq!(sift(&answer("p", &[(1, 10)], &ranks[..9], 100, 1.0)), 1_000);
        assert_eq!(sift(&answer("p", &[(1, 10)], &ranks[..10], 100, 1.0)), 20);
    }

    #[test]
    fn gain_by_hand() {
        // Grades 3 and 1; found: grade 1 at rank 1, grade 3 at rank 3. Got 1 + 7/2; best 7 + 1/log2(3).
        let answer = answer("p", &[(3, 1), (1, 1)], &[(1, 1), (3, 3)], 9, 1.0);
        let best = 7.0 + 1.0 / 3f64.log2();
        assert!((ndcg(&answer, 10) - 4.5 / best).abs() < 1e-12);
        assert!((ndcg(&answer, 2) - 1.0 / best).abs() < 1e-12);
    }

    #[test]
    fn quantiles_and_intervals() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(
            [quantile(&values, 0.5), quantile(&values, 0.95), quantile(&values, 1.0)],
            [50.0, 95.0, 100.0]
        );
        assert_eq!(quantile(&[], 0.5), 0.0);
        let figure = interval(&values);
        // The standard error of this mean is 2.89.
        assert!(
            figure.mean == 50.5 && (43.0..47.0).contains(&figure.low) && (54.0..58.0).contains(&figure.high)
        );
        let same = interval(&[0.5; 40]);
        assert_eq!((same.mean, same.low, same.high), (0.5, 0.5, 0.5));
    }

    #[test]
    fn measures_of_a_peer() {
        let answers = [
            answer("p", &[(3, 1)], &[(1, 3)], 10, 1.0),
            answer("p", &[(3, 1)], &[(25, 3)], 30, 3.0),
            answer("p", &[(3, 1)], &[], 2_000, 2.0),
        ];
        let measures = Measures::of("p", &answers.iter().collect::<Vec<_>>()).unwrap();
        let third = 1.0 / 3.0;
        assert_eq!((measures.recall.mean, measures.recall_20.mean), (2.0 * third, third));
        assert_eq!(measures.sift.unwrap().mean, (1.0 + 25.0 + 2_000.0) / 3.0);
        assert_eq!((measures.sift_median, measures.never), (Some(25.0), third));
        assert_eq!((measures.p50, measures.p99), (2.0, 3.0));
        assert!(Measures::of("p", &[]).is_none());
    }
}
