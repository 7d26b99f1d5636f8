//! Values that can only be of a closed list: codes of a field, rules of a mark. What is on no list would
//! find nothing and look like a true nought, so it is an error that names the nearest.

use super::fields::distance;
use super::{Pattern, QueryError};
use crate::state::State;
use crate::tokens::{Stems, Word, squeezed, words};
use model::codes::{self, CodeEntry, CodeList};
use model::derived::Fields;
use model::derived::local::Following;
use model::derived::validate::rules;
use model::field::Type;
use model::kinds;
use std::collections::{BTreeMap, BTreeSet};

/// What `is:` may be followed by, besides the states of a record.
const REPEAT: &str = "possible-repeat";

/// The code lists of each field by its path in the index; none where a kind has a field there that is
/// no code.
static LISTS: Following<BTreeMap<String, Option<BTreeSet<&'static str>>>> = Following::new(|| {
    let mut lists = BTreeMap::new();
    for kind in kinds::ALL {
        add_lists(&mut lists, "", Fields::of(kind));
    }
    lists
});

static RULES: Following<BTreeSet<&'static str>> = Following::new(|| {
    kinds::ALL.iter().flat_map(|kind| rules(kind)).map(|declared| declared.rule.name).collect()
});

fn add_lists(lists: &mut BTreeMap<String, Option<BTreeSet<&'static str>>>, outer: &str, fields: Fields<'_>) {
    for field in fields.iter() {
        let path = format!("{outer}{}", field.name());
        if let Some(group) = field.row_group {
            add_lists(lists, &format!("{path}."), Fields::of_group(group));
        }
        let held = lists.entry(path).or_insert_with(|| Some(BTreeSet::new()));
        match (field.code_list.filter(|_| field.kind == Type::Code), &mut *held) {
            (Some(list), Some(lists)) => drop(lists.insert(list)),
            _ => *held = None,
        }
    }
}

/// Whether one of the fields under these paths can have the value.
///
/// # Errors
/// Where all of them are codes and none of their lists has it.
pub(super) fn check_value(name: &str, paths: &[String], value: &str, at: usize) -> Result<(), QueryError> {
    let mut lists: Vec<&CodeList> = Vec::new();
    for path in paths {
        let Some(Some(ids)) = LISTS.get().get(path) else { return Ok(()) };
        lists.extend(ids.iter().filter_map(|id| codes::list(id)));
    }
    let entries = || lists.iter().flat_map(|list| &list.codes);
    if lists.is_empty() || entries().any(|entry| is_said(entry, value)) {
        return Ok(());
    }
    let near = nearest(entries().map(|entry| entry.code.as_str()), value);
    let rest = format!("to look for the words all the same, write {name}:\"{value}\"");
    Err(QueryError::new(at, unknown(&format!("“{name}” has no value “{value}”"), near, &rest)))
}

/// Whether one of the fields under these paths can have a value of these patterns.
///
/// # Errors
/// As [`check_value`].
pub(super) fn check_pattern(name: &str, paths: &[String], value: &str, at: usize) -> Result<(), QueryError> {
    let mut entries: Vec<&CodeEntry> = Vec::new();
    for path in paths {
        let Some(Some(ids)) = LISTS.get().get(path) else { return Ok(()) };
        entries.extend(ids.iter().filter_map(|id| codes::list(id)).flat_map(|list| &list.codes));
    }
    let Some(pattern) = Pattern::parse(value).filter(|_| !entries.is_empty()) else { return Ok(()) };
    let is_of = |entry: &&CodeEntry| {
        let said = [&entry.code, &entry.label];
        said.iter().any(|text| {
            pattern.fits(&squeezed(text)) || words(text).iter().any(|word| is_word(&pattern, word))
        })
    };
    if entries.iter().any(is_of) {
        return Ok(());
    }
    Err(QueryError::new(
        at,
        unknown(
            &format!("“{name}” has no value like “{value}”"),
            None,
            "`bluelamp kinds KIND` names the list of a field",
        ),
    ))
}

fn is_word(pattern: &Pattern, word: &Word) -> bool {
    word.parts.iter().chain(&word.joined()).any(|part| pattern.fits(part))
}

/// Whether a rule of this name exists, of which `missing:` and the like speak.
///
/// # Errors
/// Where none does.
pub(super) fn check_rule(mark: &str, rule: &str, at: usize) -> Result<(), QueryError> {
    if RULES.get().contains(rule) {
        return Ok(());
    }
    let near = nearest(RULES.get().iter().copied(), rule);
    let rest = "`bluelamp kinds KIND` and `bluelamp completeness KIND` name the rules of a kind";
    Err(QueryError::new(at, unknown(&format!("there is no rule “{rule}” for “{mark}:”"), near, rest)))
}

/// Whether `is:` knows a state.
///
/// # Errors
/// Where it does not.
pub(super) fn check_state(state: &str, at: usize) -> Result<(), QueryError> {
    let known: Vec<&str> = std::iter::once(REPEAT).chain(State::ALL.map(State::name)).collect();
    match known.contains(&state) {
        true => Ok(()),
        false => Err(QueryError::new(at, format!("“is:” knows {}, not “{state}”", known.join(", ")))),
    }
}

/// The value is a code, or its words are words of one entry, in any form.
fn is_said(entry: &CodeEntry, value: &str) -> bool {
    let said = [entry.code.as_str(), entry.label.as_str()];
    let mut said = said.into_iter().chain(entry.aliases.iter().map(String::as_str));
    if said.clone().any(|text| squeezed(text) == squeezed(value)) {
        return true;
    }
    let mut stems = Stems::default();
    let mut stems_of = |text: &str| -> BTreeSet<String> {
        words(text).iter().flat_map(|word| &word.parts).map(|part| stems.stem(part)).collect()
    };
    let wanted = stems_of(value);
    said.any(|text| wanted.is_subset(&stems_of(text)))
}

fn nearest<'a>(known: impl Iterator<Item = &'a str>, value: &str) -> Option<&'a str> {
    let near = known.map(|known| (distance(known, value), known));
    near.filter(|(distance, _)| *distance <= 2).min().map(|(_, known)| known)
}

fn unknown(what: &str, near: Option<&str>, rest: &str) -> String {
    match near {
        Some(near) => format!("{what}; “{near}” was perhaps meant; {rest}"),
        None => format!("{what}; {rest}"),
    }
}
