//! Lists of names in order of how common they are.

use crate::random::Random;

/// Names with the commonest first.
#[derive(Debug, Clone, Default)]
pub struct Ranked {
    names: Vec<String>,
    /// Sums of the weights up to and including each name.
    sums: Vec<u64>,
}

/// How much flatter than 1/n the weights fall: the n-th of a list weighs 1/(n + this).
const FLATNESS: u64 = 12;

impl Ranked {
    /// The names of a text, separated by white space; `_` is a space inside a name.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let names: Vec<String> = text.split_whitespace().map(|name| name.replace('_', " ")).collect();
        let mut sum = 0;
        let weights = (1..=names.len() as u64).map(|rank| 1_000_000 / (rank + FLATNESS));
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Self { sums: sums.collect(), names }
    }

    /// A name by its weight; empty where the list is.
    pub fn draw(&self, random: &mut Random) -> &str {
        let at = random.below(self.sums.last().copied().unwrap_or(0));
        let place = self.sums.partition_point(|sum| *sum <= at);
        self.names.get(place).map_or("", String::as_str)
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_commonest_and_spaces_stand_inside() {
        let list = Ranked::read("da_Silva Costa Alves");
        let mut random = Random::new(1);
        let drawn: Vec<&str> = (0..3_000).map(|_| list.draw(&mut random)).collect();
        let count = |name| drawn.iter().filter(|drawn| **drawn == name).count();
        assert!(count("da Silva") > count("Costa") && count("Costa") > count("Alves"), "{drawn:?}");
        assert!(count("Alves") > 800);
        assert_eq!(Ranked::read(" ").draw(&mut random), "");
    }
}
