//! Names of the people of the synthetic force: common given names and surnames of the many origins
//! of people who live in Britain, by frequency and, where that matters, by decade of birth. The lists
//! are our own compilation; no list of real persons was used.

mod list;
mod style;

pub use list::Ranked;
pub use style::{Given, Line, Who};

use crate::error::SynthError;
use crate::random::Random;
use serde::Deserialize;
use std::collections::BTreeMap;

/// All lists of names.
#[derive(Debug)]
pub struct Names {
    british: British,
    /// With weights; the British, who are the rest of ten thousand, come first.
    origins: Vec<(u32, Origin)>,
    nicknames: BTreeMap<String, Vec<String>>,
    variants: BTreeMap<String, Vec<String>>,
}

/// An origin of families: whose names they bear, and how.
#[derive(Debug)]
pub struct Origin {
    /// Name in the truth, for instance `polish`.
    pub id: String,
    style: style::Style,
    ethnicity: Vec<(u32, String)>,
    surnames: Ranked,
    women: Ranked,
    female: Ranked,
    male: Ranked,
    prefixes: Ranked,
    feminine: Vec<[String; 2]>,
}

#[derive(Debug)]
struct British {
    female: Vec<Ranked>,
    male: Vec<Ranked>,
    common: Ranked,
    first_parts: Vec<String>,
    last_parts: Vec<String>,
    irish: Ranked,
    /// Welsh, Scottish and Irish forenames, of women and of men.
    nations: [[Ranked; 2]; 3],
}

#[derive(Deserialize)]
struct OriginsFile {
    origins: Vec<OriginEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OriginEntry {
    id: String,
    weight: u32,
    style: style::Style,
    ethnicity: Vec<(u32, String)>,
    surnames: String,
    female: String,
    male: String,
    #[serde(default)]
    women: String,
    #[serde(default)]
    prefixes: String,
    #[serde(default)]
    feminine: Vec<[String; 2]>,
}

#[derive(Deserialize)]
struct BritishFile {
    female: BTreeMap<String, String>,
    male: BTreeMap<String, String>,
    surnames: BTreeMap<String, String>,
}

const ORIGINS: &str = include_str!("../../data/origins.toml");
const BRITISH: &str = include_str!("../../data/british-names.toml");
const NICKNAMES: &str = include_str!("../../data/nicknames.txt");
const VARIANTS: &str = include_str!("../../data/variants.txt");
/// People in this many are counted by the weights of origins.
const ALL: u32 = 10_000;
/// Decade of the first list of British forenames.
const FIRST_DECADE: i16 = 1920;

impl Names {
    /// The committed lists.
    ///
    /// # Errors
    /// Never for the lists of a release: a test reads them.
    pub fn committed() -> Result<Self, SynthError> {
        let read: OriginsFile =
            toml::from_str(ORIGINS).map_err(|source| SynthError::List { list: "origins", source })?;
        let british: BritishFile =
            toml::from_str(BRITISH).map_err(|source| SynthError::List { list: "british-names", source })?;
        let others: u32 = read.origins.iter().map(|entry| entry.weight).sum();
        let mut origins = vec![(ALL.saturating_sub(others), Origin::british())];
        origins.extend(read.origins.into_iter().map(|entry| (entry.weight, Origin::of(entry))));
        Ok(Self {
            british: British::of(&british),
            origins,
            nicknames: lines(NICKNAMES).collect(),
            variants: variants(),
        })
    }

    /// Some origin, by its share of the people.
    pub fn origin(&self, random: &mut Random) -> Option<&Origin> {
        random.weighted(&self.origins)
    }

    /// The origins, the British first.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.origins.iter().map(|(_, origin)| origin)
    }

    /// What bearers of a forename are called, where something is known.
    #[must_use]
    pub fn nicknames(&self, forename: &str) -> &[String] {
        self.nicknames.get(forename).map_or(&[], Vec::as_slice)
    }

    /// Other spellings of a name, where some are known.
    #[must_use]
    pub fn variants(&self, name: &str) -> &[String] {
        self.variants.get(name).map_or(&[], Vec::as_slice)
    }

    /// A British surname: mostly a common one, else one of the thousands of rare ones, or two.
    pub fn british_surname(&self, random: &mut Random) -> String {
        let british = &self.british;
        match random.below(1_000) {
            0..600 => british.common.draw(random).to_owned(),
            600..910 => british.rare(random),
            910..970 => british.irish.draw(random).to_owned(),
            _ => format!("{}-{}", british.common.draw(random), british.rare(random)),
        }
    }

    /// A British forename of a decade.
    pub fn british_forename(&self, random: &mut Random, born: i16, is_female: bool) -> &str {
        let british = &self.british;
        let nation = random.below(25) as usize;
        if let Some(lists) = british.nations.get(nation) {
            return lists[usize::from(!is_female)].draw(random);
        }
        let lists = if is_female { &british.female } else { &british.male };
        let decade = usize::try_from((born - FIRST_DECADE) / 10).unwrap_or(0);
        lists.get(decade.min(lists.len().saturating_sub(1))).map_or("", |list| list.draw(random))
    }
}

impl British {
    fn of(file: &BritishFile) -> Self {
        let text = |name: &str| file.surnames.get(name).map_or("", String::as_str);
        let list = |name: &str| Ranked::read(text(name));
        let parts = |name: &str| text(name).split_whitespace().map(str::to_owned).collect();
        Self {
            female: file.female.values().map(|text| Ranked::read(text)).collect(),
            male: file.male.values().map(|text| Ranked::read(text)).collect(),
            common: list("common"),
            first_parts: parts("first_parts"),
            last_parts: parts("last_parts"),
            irish: list("irish"),
            nations: ["welsh", "scottish", "irish"]
                .map(|nation| ["female", "male"].map(|sex| list(&format!("{nation}_{sex}")))),
        }
    }

    fn rare(&self, random: &mut Random) -> String {
        let first = random.pick(&self.first_parts).map_or("", String::as_str);
        let last = random.pick(&self.last_parts).map_or("", String::as_str);
        format!("{first}{last}")
    }
}

impl Origin {
    fn british() -> Self {
        Self {
            id: "british".to_owned(),
            style: style::Style::British,
            ethnicity: vec![(985, "W1".to_owned()), (13, "W2".to_owned()), (2, "W3".to_owned())],
            surnames: Ranked::default(),
            women: Ranked::default(),
            female: Ranked::default(),
            male: Ranked::default(),
            prefixes: Ranked::default(),
            feminine: Vec::new(),
        }
    }

    fn of(entry: OriginEntry) -> Self {
        Self {
            id: entry.id,
            style: entry.style,
            ethnicity: entry.ethnicity,
            surnames: Ranked::read(&entry.surnames),
            women: Ranked::read(&entry.women),
            female: Ranked::read(&entry.female),
            male: Ranked::read(&entry.male),
            prefixes: Ranked::read(&entry.prefixes),
            feminine: entry.feminine,
        }
    }

    /// The code of an ethnicity that people of this origin give (16+1).
    pub fn ethnicity(&self, random: &mut Random) -> &str {
        random.weighted(&self.ethnicity).map_or("NS", String::as_str)
    }
}

/// The first word of each line and the words after it.
fn lines(text: &str) -> impl Iterator<Item = (String, Vec<String>)> {
    let kept = text.lines().filter(|line| !line.starts_with('#'));
    kept.filter_map(|line| {
        let mut words = line.split_whitespace().map(|word| word.replace('_', " "));
        Some((words.next()?, words.collect()))
    })
}

/// Under each spelling the others of its line.
fn variants() -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for (first, others) in lines(VARIANTS) {
        let all: Vec<String> = std::iter::once(first).chain(others).collect();
        for name in &all {
            let rest: Vec<String> = all.iter().filter(|other| *other != name).cloned().collect();
            found.entry(name.clone()).or_insert(rest);
        }
    }
    found
}

#[cfg(test)]
mod tests;
