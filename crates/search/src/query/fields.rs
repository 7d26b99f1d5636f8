//! The names that may stand before a colon.

use crate::mapping::{HAPPENED, UNIT};
use model::derived::Fields;
use model::derived::local::Following;
use model::{FieldDecl, SearchAs, kinds};
use std::collections::{BTreeMap, BTreeSet};

/// The marks that records carry, by the word before the colon.
const MARKS: [&str; 5] = ["missing", "placeholder", "answered", "not-in-source", "applies"];
/// What the colon means besides fields and marks.
const SPECIAL: [&str; 2] = ["kind", "is"];
/// A point and a distance, alone or behind the name of a place.
const NEAR: &str = "near";
/// When something happened.
const AT: &str = "at";
/// A shape, in the same way.
const WITHIN: &str = "within";

/// What a name before a colon means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A field, and what its values are.
    Field(Look),
    /// `near:`: a point and a distance.
    Near,
    /// `within:`: the corners of a shape.
    Within,
    /// `missing:` and the like: the mark is the whole.
    Mark,
    /// `is:`: the mark is what follows.
    Is,
    /// `kind:`.
    Kind,
}

static DECLARED: Following<Known> = Following::new(|| Known::with(&[]));

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Words,
    Dates,
    Numbers,
}

impl Look {
    fn of(field: &FieldDecl) -> Self {
        match field.search_as {
            SearchAs::Date => Self::Dates,
            SearchAs::Number => Self::Numbers,
            _ => Self::Words,
        }
    }
}

/// The names that are known.
#[derive(Debug)]
pub(crate) struct Known {
    names: BTreeMap<String, Meaning>,
    /// Under each name the fields that it stands for, as they are called in the index.
    paths: BTreeMap<String, BTreeSet<String>>,
    /// Whether the force has fields of its own, whose rules are not declared here.
    has_own: bool,
}

impl Known {
    /// The fields of all declared kinds, those that a force added, and the marks.
    pub(crate) fn declared() -> &'static Self {
        DECLARED.get()
    }

    /// The fields of all declared kinds, those that a force added, the marks, and these.
    pub(crate) fn with(own_fields: &[&str]) -> Self {
        let (mut names, mut paths) = (BTreeMap::new(), BTreeMap::new());
        for kind in kinds::ALL {
            add_fields(&mut names, "", Fields::of(kind));
            add_paths(&mut paths, "", Fields::of(kind));
        }
        names.insert(HAPPENED.to_owned(), Meaning::Field(Look::Dates));
        // Not every kind of event calls its moment so; whoever asks when means all of them.
        names.insert(AT.to_owned(), Meaning::Field(Look::Dates));
        paths.insert(AT.to_owned(), BTreeSet::from([HAPPENED.to_owned()]));
        for name in own_fields.iter().copied().chain([UNIT]) {
            names.entry(name.to_owned()).or_insert(Meaning::Field(Look::Words));
        }
        names.extend(MARKS.map(|mark| (mark.to_owned(), Meaning::Mark)));
        names.insert(SPECIAL[0].to_owned(), Meaning::Kind);
        names.insert(SPECIAL[1].to_owned(), Meaning::Is);
        names.insert(NEAR.to_owned(), Meaning::Near);
        names.insert(WITHIN.to_owned(), Meaning::Within);
        Self { names, paths, has_own: !own_fields.is_empty() }
    }

    /// Whether every rule that a mark may name is declared.
    pub(crate) fn knows_all_rules(&self) -> bool {
        !self.has_own
    }

    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.get(name).copied()
    }

    /// The fields that a name stands for, as they are called in the index: `surname` is
    /// `names.surname` there, and `type` is the type of a name, of an address and of others.
    pub(crate) fn paths(&self, name: &str) -> Vec<String> {
        match self.paths.get(name) {
            Some(paths) => paths.iter().cloned().collect(),
            None => vec![name.to_owned()],
        }
    }

    /// The places of which `NAME.near` or `NAME.within` speaks; none where it is of all.
    pub(crate) fn places(&self, name: &str) -> Option<Vec<String>> {
        let (name, _) = name.rsplit_once('.')?;
        Some(self.paths(name))
    }

    /// The known name that is nearest to one that is not, where one is near.
    pub(crate) fn nearest(&self, name: &str) -> Option<&str> {
        let near = self.names.keys().map(|known| (distance(known, name), known.as_str()));
        near.filter(|(distance, _)| *distance <= 2).min().map(|(_, known)| known)
    }
}

/// A group's field is known alone and with the name of the field that holds the group.
fn add_fields(names: &mut BTreeMap<String, Meaning>, outer: &str, fields: Fields<'_>) {
    for field in fields.iter() {
        let meaning = Meaning::Field(Look::of(field));
        let name = field.name();
        if let Some(group) = field.row_group {
            add_fields(names, &name, Fields::of_group(group));
        }
        if !outer.is_empty() {
            add_name(names, format!("{outer}.{name}"), meaning, field);
        }
        add_name(names, name, meaning, field);
    }
}

/// A place is asked for by its words, and with a word behind its name by where it is.
fn add_name(names: &mut BTreeMap<String, Meaning>, name: String, meaning: Meaning, field: &FieldDecl) {
    if field.search_as == SearchAs::Place {
        names.insert(format!("{name}.{NEAR}"), Meaning::Near);
        names.insert(format!("{name}.{WITHIN}"), Meaning::Within);
    }
    names.entry(name).or_insert(meaning);
}

/// What a field is called in the index, under each name by which it is known.
fn add_paths(paths: &mut BTreeMap<String, BTreeSet<String>>, outer: &str, fields: Fields<'_>) {
    for field in fields.iter() {
        let (name, path) = (field.name(), format!("{outer}{}", field.name()));
        paths.entry(name).or_default().insert(path.clone());
        if let Some(group) = field.row_group {
            add_paths(paths, &format!("{path}."), Fields::of_group(group));
        }
        paths.entry(path.clone()).or_default().insert(path);
    }
}

/// Edit distance of two short names.
pub(super) fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
