//! Words that stand for each other in reports: somebody types “weed” and an officer wrote “cannabis”.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static GROUPS: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> =
    LazyLock::new(|| read(include_str!("../../data/words.txt")));

fn read(text: &'static str) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut groups: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        for word in &words {
            groups.entry(*word).or_default().extend(words.iter().filter(|other| *other != word));
        }
    }
    groups
}

/// The words that may stand for a word, or for the word of this stem.
pub(crate) fn instead_of(word: &str, stem: &str) -> Vec<&'static str> {
    let of = |word| GROUPS.get(word).into_iter().flatten();
    let mut all: Vec<&'static str> = of(word).chain(of(stem)).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_for_each_other_both_ways() {
        assert!(instead_of("weed", "weed").contains(&"cannabis"));
        assert!(instead_of("cannabis", "cannabi").contains(&"weed"));
        assert!(instead_of("bikes", "bike").contains(&"cycle"), "by its stem");
        assert!(instead_of("smith", "smith").is_empty());
    }

    #[test]
    fn every_line_is_a_group_of_words_as_the_index_holds_them() {
        for (word, group) in GROUPS.iter() {
            assert!(!group.is_empty() && !group.contains(word), "{word}");
            assert!(word.chars().all(|letter| letter.is_ascii_lowercase()), "{word}");
        }
    }
}
