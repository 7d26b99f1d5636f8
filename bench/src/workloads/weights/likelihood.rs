//! The costs under which the records that were meant are the most probable ones.
//!
//! The search says that a record is meant with a probability of 2 to the power of minus its cost, by the sum of
//! that over all records that fit. What a record costs is a sum of costs, each as often as it is charged. So the
//! probability of all that was meant in a collection of needs depends on the costs alone, and has one maximum,
//! which Newton's method finds. It is taken together with a prior: each cost is normally distributed about what
//! stands. The range is that of the normal distribution that fits the peak (Laplace).

use super::matrix::Triangle;
use crate::Fault;
use std::f64::consts::LN_2;

/// Steps after which Newton's method gives up; it needs some ten.
const MOST_STEPS: usize = 100;
/// A step, in bits, that no longer counts.
const SMALL: f64 = 1e-6;
/// How often a step that leads uphill is halved.
const MOST_HALVINGS: usize = 40;

/// What a record is charged: places of costs, with how often each counts.
pub type Charges = Vec<(usize, f64)>;

/// One need: the records that were meant, and those beside which each of them had to stand out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Example {
    /// What each record that was meant is charged; the need counts once, however many they are.
    pub meant: Vec<Charges>,
    /// What others are charged, with how many of them.
    pub others: Vec<(Charges, f64)>,
}

/// What is held of the costs before any need was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// The most probable bits of each cost.
    pub bits: Vec<f64>,
    /// The standard deviation of each, in bits.
    pub deviation: f64,
}

/// Estimated costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimated {
    /// The bits of each cost; those that are not estimated stay as in the prior.
    pub bits: Vec<f64>,
    /// The standard deviation of each cost that was estimated, in bits.
    pub deviation: Vec<Option<f64>>,
}

/// Estimates these costs, all others being what the prior says.
///
/// # Errors
/// Where numbers overflow, or no maximum is found.
pub fn estimate(examples: &[Example], prior: &Prior, free: &[usize]) -> Result<Estimated, Fault> {
    let model = Model::new(examples, prior, free);
    let mut bits = prior.bits.clone();
    for _ in 0..MOST_STEPS {
        let slope = model.slope(&bits);
        let step = slope.triangle()?.solve(&slope.first);
        bits = model.downhill(&bits, slope.value, &step)?;
        if step.iter().all(|step| step.abs() < SMALL) {
            return model.ended(bits);
        }
    }
    Err(format!("no most probable costs were found in {MOST_STEPS} steps").into())
}

/// Minus the logarithm to base 2 of the probability of what was meant: a mean over needs.
pub fn surprise(examples: &[Example], bits: &[f64]) -> f64 {
    let all: f64 = examples.iter().map(|example| example.surprise(bits)).sum();
    all / LN_2 / examples.len().max(1) as f64
}

struct Model<'a> {
    examples: &'a [Example],
    prior: &'a Prior,
    free: &'a [usize],
    /// Of each cost its place among those that are free.
    places: Vec<Option<usize>>,
}

/// Minus the logarithm of the probability of all, with how it changes with each cost, once and twice.
struct Slope {
    value: f64,
    first: Vec<f64>,
    second: Vec<Vec<f64>>,
}

impl Slope {
    fn triangle(&self) -> Result<Triangle, Fault> {
        Triangle::of(&self.second).ok_or_else(|| "the costs cannot be told from each other".into())
    }
}

/// Sums over records, each weighed by 2 to the power of minus its cost.
#[derive(Clone)]
struct Sums {
    weight: f64,
    first: Vec<f64>,
    second: Vec<Vec<f64>>,
}

impl<'a> Model<'a> {
    fn new(examples: &'a [Example], prior: &'a Prior, free: &'a [usize]) -> Self {
        let mut places = vec![None; prior.bits.len()];
        for (place, cost) in free.iter().enumerate() {
            places[*cost] = Some(place);
        }
        Self { examples, prior, free, places }
    }

    /// Minus the natural logarithm of the probability of all.
    fn value(&self, bits: &[f64]) -> f64 {
        let surprises = self.examples.iter().map(|example| example.surprise(bits));
        let apart = self.free.iter().map(|cost| self.apart(bits, *cost).powi(2) / 2.0);
        surprises.chain(apart).sum()
    }

    /// How far a cost is from the prior, in standard deviations.
    fn apart(&self, bits: &[f64], cost: usize) -> f64 {
        (bits[cost] - self.prior.bits[cost]) / self.prior.deviation
    }

    fn slope(&self, bits: &[f64]) -> Slope {
        let count = self.free.len();
        let mut slope =
            Slope { value: self.value(bits), first: vec![0.0; count], second: vec![vec![0.0; count]; count] };
        for (place, cost) in self.free.iter().enumerate() {
            slope.first[place] += self.apart(bits, *cost) / self.prior.deviation;
            slope.second[place][place] += self.prior.deviation.powi(-2);
        }
        for example in self.examples {
            self.add_example(example, bits, &mut slope);
        }
        slope
    }

    /// The first change is by how much the record that was meant is charged more than what is expected of all,
    /// the second how much their charges vary together.
    fn add_example(&self, example: &Example, bits: &[f64], slope: &mut Slope) {
        let least = example.least(bits);
        let mut others = Sums::none(self.free.len());
        for (charges, count) in &example.others {
            self.add(charges, count * weight(charges, bits, least), &mut others);
        }
        let share = 1.0 / example.meant.len() as f64;
        for meant in &example.meant {
            let mut all = others.clone();
            self.add(meant, weight(meant, bits, least), &mut all);
            for (place, times) in self.free_of(meant) {
                slope.first[place] += LN_2 * share * times;
            }
            for row in 0..self.free.len() {
                let mean = all.first[row] / all.weight;
                slope.first[row] -= LN_2 * share * mean;
                for column in 0..=row {
                    let together = all.second[row][column] / all.weight;
                    let varies = together - mean * all.first[column] / all.weight;
                    slope.second[row][column] += LN_2 * LN_2 * share * varies;
                }
            }
        }
    }

    fn add(&self, charges: &Charges, weight: f64, sums: &mut Sums) {
        sums.weight += weight;
        for (row, times) in self.free_of(charges) {
            sums.first[row] += weight * times;
            for (column, others) in self.free_of(charges).filter(|(column, _)| *column <= row) {
                sums.second[row][column] += weight * times * others;
            }
        }
    }

    fn free_of<'c>(&'c self, charges: &'c Charges) -> impl Iterator<Item = (usize, f64)> + 'c {
        charges.iter().filter_map(|(cost, times)| Some((self.places.get(*cost).copied().flatten()?, *times)))
    }

    /// The costs after a step, which is halved until it does not lead uphill.
    fn downhill(&self, bits: &[f64], value: f64, step: &[f64]) -> Result<Vec<f64>, Fault> {
        let mut part = 1.0;
        for _ in 0..MOST_HALVINGS {
            let mut next = bits.to_vec();
            for (cost, step) in self.free.iter().zip(step) {
                next[*cost] -= part * step;
            }
            // Where the step is next to nothing the value may rise by what is lost in rounding.
            if self.value(&next) <= value + value.abs() * 1e-12 {
                return Ok(next);
            }
            part /= 2.0;
        }
        Err("the probability of the collection cannot be computed with such costs".into())
    }

    fn ended(&self, bits: Vec<f64>) -> Result<Estimated, Fault> {
        let variances = self.slope(&bits).triangle()?.inverse_diagonal();
        let mut deviation = vec![None; bits.len()];
        for (cost, variance) in self.free.iter().zip(variances) {
            deviation[*cost] = Some(variance.sqrt());
        }
        Ok(Estimated { bits, deviation })
    }
}

impl Sums {
    fn none(count: usize) -> Self {
        Self { weight: 0.0, first: vec![0.0; count], second: vec![vec![0.0; count]; count] }
    }
}

impl Example {
    /// The least that any record costs: weights are beside that, so that none is too small for a number.
    fn least(&self, bits: &[f64]) -> f64 {
        let all = self.meant.iter().chain(self.others.iter().map(|(charges, _)| charges));
        all.map(|charges| cost(charges, bits)).fold(f64::INFINITY, f64::min)
    }

    /// Minus the natural logarithm of the probability of what was meant; of several the mean.
    fn surprise(&self, bits: &[f64]) -> f64 {
        let least = self.least(bits);
        let others: f64 =
            self.others.iter().map(|(charges, count)| count * weight(charges, bits, least)).sum();
        let of = |meant: &Charges| {
            let own = weight(meant, bits, least);
            (1.0 + others / own).ln()
        };
        self.meant.iter().map(of).sum::<f64>() / self.meant.len().max(1) as f64
    }
}

fn cost(charges: &Charges, bits: &[f64]) -> f64 {
    charges.iter().map(|(cost, times)| times * bits.get(*cost).copied().unwrap_or(0.0)).sum()
}

fn weight(charges: &Charges, bits: &[f64], least: f64) -> f64 {
    (least - cost(charges, bits)).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use synth::random::Random;

    const WIDE: f64 = 1_000.0;

    fn about_nothing(costs: usize, deviation: f64) -> Prior {
        Prior { bits: vec![0.0; costs], deviation }
    }

    #[test]
    fn a_cost_is_the_logarithm_of_the_odds_where_two_records_differ_by_it_alone() {
        let one = |meant: Charges, other: Charges| Example { meant: vec![meant], others: vec![(other, 1.0)] };
        let mut examples = vec![one(vec![(0, 1.0)], Vec::new()); 10];
        examples.extend(vec![one(Vec::new(), vec![(0, 1.0)]); 80]);
        let estimated = estimate(&examples, &about_nothing(1, WIDE), &[0]).unwrap();
        assert!((estimated.bits[0] - 3.0).abs() < 1e-3, "{estimated:?}");
        // The variance of the logarithm of odds is 1/10 + 1/80.
        let deviation = (1.0f64 / 10.0 + 1.0 / 80.0).sqrt() / LN_2;
        assert!((estimated.deviation[0].unwrap() - deviation).abs() < 1e-3, "{estimated:?}");
    }

    #[test]
    fn what_the_needs_do_not_tell_stays_as_in_the_prior() {
        let everybody = Example { meant: vec![vec![(0, 1.0)]], others: vec![(vec![(0, 1.0)], 9.0)] };
        let prior = Prior { bits: vec![5.0, 7.0], deviation: 4.0 };
        let estimated = estimate(&vec![everybody; 50], &prior, &[0]).unwrap();
        assert_eq!(estimated.bits, [5.0, 7.0]);
        assert_eq!((estimated.deviation[0], estimated.deviation[1]), (Some(4.0), None));
    }

    #[test]
    fn a_need_with_several_meant_counts_once() {
        let (charged, free): (Charges, Charges) = (vec![(0, 1.0)], Vec::new());
        let one = Example { meant: vec![charged.clone()], others: vec![(free.clone(), 1.0)] };
        let several = Example { meant: vec![charged; 3], ..one.clone() };
        let other = Example { meant: vec![free], others: vec![(vec![(0, 1.0)], 1.0)] };
        let prior = about_nothing(1, 4.0);
        let of = |first: &Example| {
            estimate(&[vec![first.clone(); 5], vec![other.clone(); 20]].concat(), &prior, &[0]).unwrap()
        };
        assert!((of(&one).bits[0] - of(&several).bits[0]).abs() < 1e-9);
    }

    /// Records hold numbers, some of them much more often than others. Somebody who means one types its number, or
    /// one beside it, or one two away, with known probabilities.
    struct Numbers {
        held: Vec<i64>,
        random: Random,
    }

    impl Numbers {
        const COUNT: u64 = 60;
        /// Times in a thousand that the number is typed so many away from the one that is held.
        const TYPED: [(u32, i64); 3] = [(600, 0), (300, 1), (100, 2)];

        fn new() -> Self {
            let mut random = Random::new(7);
            let held = (0..300).map(|_| random.ranked(Self::COUNT) as i64).collect();
            Self { held, random }
        }

        fn example(&mut self) -> Example {
            let meant = *self.random.pick(&self.held).unwrap();
            let away = *self.random.weighted(&Self::TYPED).unwrap();
            let typed = if self.random.happens(500) { meant + away } else { meant - away };
            let charges = |held: i64| match held.abs_diff(typed) {
                0 => Some(Vec::new()),
                away @ 1..=2 => Some(vec![(away as usize - 1, 1.0)]),
                _ => None,
            };
            let fit = self.held.iter().filter_map(|held| Some((charges(*held)?, 1.0)));
            let mut others: Vec<(Charges, f64)> = fit.collect();
            let own = charges(meant).unwrap();
            let at = others.iter().position(|(charges, _)| *charges == own).unwrap();
            others.remove(at);
            Example { meant: vec![own], others }
        }
    }

    #[test]
    fn known_probabilities_are_recovered_however_often_each_thing_is_held() {
        let mut numbers = Numbers::new();
        let examples: Vec<Example> = (0..4_000).map(|_| numbers.example()).collect();
        let estimated = estimate(&examples, &about_nothing(2, WIDE), &[0, 1]).unwrap();
        // Beside it there are two numbers, each typed half as often.
        for (cost, in_a_thousand) in [(0, 300.0), (1, 100.0)] {
            let known = (600.0f64 / (in_a_thousand / 2.0)).log2();
            let (bits, deviation) = (estimated.bits[cost], estimated.deviation[cost].unwrap());
            assert!((bits - known).abs() < 0.25, "{bits} beside {known}");
            assert!((bits - known).abs() < 3.0 * deviation && deviation < 0.15, "{bits} ± {deviation}");
        }
    }

    #[test]
    fn few_examples_leave_a_cost_near_the_prior_and_its_range_wide() {
        let mut numbers = Numbers::new();
        let examples: Vec<Example> = (0..4).map(|_| numbers.example()).collect();
        let prior = Prior { bits: vec![8.0, 8.0], deviation: 1.0 };
        let estimated = estimate(&examples, &prior, &[0, 1]).unwrap();
        for cost in [0, 1] {
            assert!((estimated.bits[cost] - 8.0).abs() < 3.0, "{estimated:?}");
            assert!(estimated.deviation[cost].unwrap() > 0.5, "{estimated:?}");
        }
    }
}
