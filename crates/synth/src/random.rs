//! A small generator of numbers that look random: SplitMix64 (Steele, Lea and Flood, "Fast splittable
//! pseudorandom number generators", OOPSLA 2014). It is seeded, the same on every machine, and fit for
//! test data only: never for a key, a salt or a token.

/// A stream of numbers that depends on nothing but its seed.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Another stream for a named part, so that one part's numbers do not shift another's.
    #[must_use]
    pub fn part(seed: u64, name: &str) -> Self {
        // FNV-1a over the name.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
            (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        Self::new(Self::new(seed ^ hash).next())
    }

    /// Another stream for a named part with its numbers, for instance for one household of a force.
    #[must_use]
    pub fn numbered(seed: u64, name: &str, numbers: &[u64]) -> Self {
        let first = Self::part(seed, name).next();
        Self::new(
            numbers.iter().fold(first, |state, number| Self::new(state ^ Self::new(*number).next()).next()),
        )
    }

    /// The next 64 bits.
    #[expect(clippy::should_implement_trait, reason = "an endless stream needs no Option around each number")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end`, `end` excluded; 0 where `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn happens(&mut self, in_a_thousand: u64) -> bool {
        self.below(1_000) < in_a_thousand
    }

    /// A number from `least` to `most`, both included; `least` where `most` is smaller.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least.saturating_add(
            self.below(most.saturating_sub(least).saturating_add(1).max(0).unsigned_abs()) as i64
        )
    }

    /// One of these, each as likely as the others; `None` where there is none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len() as u64) as usize)
    }

    /// A rank from 0 to `count`, `count` excluded, the n-th about 1/n as likely as the first: few are
    /// met again and again, many once (Zipf). In whole numbers, so that every machine agrees.
    pub fn ranked(&mut self, count: u64) -> u64 {
        let octaves = u64::from(64 - count.leading_zeros());
        if octaves == 0 {
            return 0;
        }
        loop {
            let low = 1u64 << self.below(octaves);
            let rank = low + self.below(low);
            if rank <= count {
                return rank - 1;
            }
        }
    }

    /// One of these by weight; the first where all weights are 0, `None` where there is none.
    pub fn weighted<'a, T>(&mut self, choices: &'a [(u32, T)]) -> Option<&'a T> {
        let sum = choices.iter().map(|(weight, _)| u64::from(*weight)).sum();
        let mut at = self.below(sum);
        for (weight, choice) in choices {
            if at < u64::from(*weight) {
                return Some(choice);
            }
            at -= u64::from(*weight);
        }
        choices.first().map(|(_, choice)| choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference values of the algorithm's authors for seed 1234567.
    #[test]
    fn it_is_the_published_generator() {
        let mut random = Random::new(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| random.next()).collect();
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn ranks_fall_as_one_by_n() {
        let mut random = Random::new(7);
        let mut met = [0u32; 64];
        for _ in 0..60_000 {
            met[random.ranked(63) as usize] += 1;
        }
        assert!((9_000..11_000).contains(&met[0]), "{met:?}");
        assert!(met[0] > 3 * met[7] && met[7] > 3 * met[62] && met[63] == 0, "{met:?}");
        assert_eq!(random.ranked(0), 0);
    }

    #[test]
    fn numbers_of_a_part_change_all_that_follows() {
        let first = |numbers: &[u64]| Random::numbered(1, "household", numbers).next();
        assert_eq!(first(&[3, 4]), first(&[3, 4]));
        assert!(first(&[3, 4]) != first(&[4, 3]) && first(&[3]) != first(&[3, 0]));
        let mut random = Random::new(1);
        assert!((0..1_000).all(|_| (-3..=5).contains(&random.between(-3, 5))));
        assert_eq!((random.between(4, 1), random.pick::<u8>(&[])), (4, None));
    }

    #[test]
    fn weights_are_kept_to() {
        let mut random = Random::new(1);
        let taken =
            (0..10_000).filter(|_| random.weighted(&[(9, 'a'), (0, 'b'), (1, 'c')]) == Some(&'c')).count();
        assert!((900..1_100).contains(&taken), "{taken}");
        assert_eq!(random.weighted::<char>(&[]), None);
        assert_eq!(random.below(0), 0);
    }
}
