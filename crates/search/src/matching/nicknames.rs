//! Forenames and the forms in which people give them: Bill for William, Katya for Yekaterina.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Whether two names are a full name and a form of it, or two forms of one full name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kinship {
    /// `bill` and `william`.
    Direct,
    /// `bill` and `billy`.
    Shared,
}

static FORMS: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> =
    LazyLock::new(|| read(include_str!("../../data/nicknames.txt")));

static FULL: LazyLock<BTreeMap<&'static str, BTreeSet<&'static str>>> = LazyLock::new(|| {
    let mut full: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (name, forms) in FORMS.iter() {
        for form in forms {
            full.entry(*form).or_default().insert(*name);
        }
    }
    full
});

fn read(text: &'static str) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter_map(|line| line.split_once(':'));
    lines.map(|(name, forms)| (name.trim(), forms.split_whitespace().collect())).collect()
}

/// Whether a word is a forename or a form of one, as far as the list of forms has it.
#[must_use]
pub fn is_forename(word: &str) -> bool {
    let word = word.to_lowercase();
    FORMS.contains_key(word.as_str()) || FULL.contains_key(word.as_str())
}

/// The other names that somebody of this name may go by.
pub(crate) fn related(name: &str) -> Vec<(&'static str, Kinship)> {
    let none = BTreeSet::new();
    let full = FULL.get(name).unwrap_or(&none);
    let mut related: BTreeMap<&'static str, Kinship> = BTreeMap::new();
    for direct in full.iter().chain(FORMS.get(name).unwrap_or(&none)) {
        related.insert(direct, Kinship::Direct);
    }
    for shared in full.iter().flat_map(|name| FORMS.get(name).unwrap_or(&none)) {
        related.entry(shared).or_insert(Kinship::Shared);
    }
    related.remove(name);
    related.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forenames_are_known_in_any_case() {
        assert!(is_forename("William") && is_forename("BILL"));
        assert!(!is_forename("button"));
    }

    #[test]
    fn a_nickname_leads_to_its_name_and_back() {
        assert!(related("bill").contains(&("william", Kinship::Direct)));
        assert!(related("william").contains(&("bill", Kinship::Direct)));
        assert!(related("bill").contains(&("bell", Kinship::Shared)));
        assert!(related("zzz").is_empty());
    }

    #[test]
    fn every_line_of_the_list_reads() {
        assert!(FORMS.len() > 1_000);
        for (name, forms) in FORMS.iter() {
            let names = std::iter::once(name).chain(forms);
            names.for_each(|name| assert_eq!(crate::tokens::fold(name), *name));
            assert!(!forms.is_empty() && !forms.contains(name), "{name}");
        }
    }
}
