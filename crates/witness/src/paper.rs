//! What a paper is, by its code and an export that was found good (format page, section 9).

use crate::block::open_payloads;
use crate::code::Code;
use crate::error::{Unusable, settle};
use crate::export::Export;
use crate::fault::Faults;
use crate::inventory::{BLOCK, Inventory, Series};
use crate::opening::Opening;
use crate::words::{counted, grouped, shown};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Tags of the format page, section 3.
mod tag {
    pub const TIME: u16 = 2;
    pub const UNIT: u16 = 6;
    pub const RECORDS: u16 = 12;
    pub const COMMITMENTS: u16 = 19;
    pub const ERASES_VERSIONS: u16 = 22;
    pub const COUNT: u16 = 26;
    pub const SUBJECT: u16 = 27;
    pub const DIGEST: u16 = 28;
    pub const PAPER: u16 = 30;
    pub const SECTIONS: u16 = 31;
}

const RECALLED: &[u8] = b"paper recalled";
const KIND: &str = "paper: ";
const HEADING: &str = "--- Section ";
const END: &str = "--- End";

type Id = [u8; 16];

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The force made it, and it counts.
    Genuine,
    /// What it shows has a later version.
    Superseded,
    /// It was recalled.
    Recalled,
    /// What it says was erased by law.
    RecalledBecauseErased,
    /// No entry of this log speaks of it.
    Unknown,
}

/// What came of comparing what was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// Nothing was brought.
    NotCompared,
    /// It is what was printed.
    Same,
    /// It is not what was printed.
    Altered,
}

/// What somebody brings of a paper beside its code.
#[derive(Debug, Clone)]
pub enum Brought {
    /// Nothing.
    Nothing,
    /// The file, or the paper as a text.
    File(Vec<u8>),
    /// The words of a section, by its number from 1.
    Section(u16, String),
}

/// The answer about a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperReport {
    /// What it is.
    pub standing: Standing,
    /// Whether what was brought is what was printed.
    pub agreement: Agreement,
    /// Sections that are not as they were printed, where they could be told apart.
    pub altered_sections: Vec<u16>,
    /// Leaf of the entry that made it.
    pub leaf: Option<u64>,
    /// What sort of paper it is, in the words of the log.
    pub what: Option<String>,
    /// When it was made: microseconds since 1970.
    pub made: Option<i64>,
    /// Which unit made it, where the log says it.
    pub unit: Option<String>,
    /// How many records, lines or entries are in it.
    pub count: Option<u64>,
    /// The origin of the log, which names the force.
    pub origin: Option<String>,
}

impl PaperReport {
    /// Whether it is genuine, and nothing that was brought of it is altered.
    pub fn is_good(&self) -> bool {
        self.standing == Standing::Genuine && self.agreement != Agreement::Altered
    }
}

/// What the entries of one paper say.
#[derive(Default)]
struct Found {
    leaf: Option<u64>,
    whole: Option<[u8; 32]>,
    sections: Vec<[u8; 32]>,
    what: Option<String>,
    made: Option<i64>,
    unit: Option<String>,
    count: Option<u64>,
    records: BTreeMap<Id, Id>,
    recalled: bool,
}

impl Found {
    fn note(&mut self, leaf: u64, opening: &Opening<'_>) {
        let text = |tag| opening.open(tag).map(|octets| String::from_utf8_lossy(octets).into_owned());
        if opening.open(tag::SUBJECT) == Some(RECALLED) {
            self.recalled = true;
            return;
        }
        self.records.extend(records(opening));
        let Some(whole) = opening.open(tag::DIGEST).and_then(|octets| octets.try_into().ok()) else { return };
        self.leaf = Some(leaf);
        self.whole = Some(whole);
        self.sections = opening.open(tag::SECTIONS).unwrap_or_default().as_chunks::<32>().0.to_vec();
        self.what = text(tag::SUBJECT).map(|said| said.trim_start_matches(KIND).to_owned());
        self.made = number(opening, tag::TIME).map(u64::cast_signed);
        self.unit = text(tag::UNIT);
        self.count = number(opening, tag::COUNT);
    }
}

fn number(opening: &Opening<'_>, tag: u16) -> Option<u64> {
    opening.open(tag)?.try_into().ok().map(u64::from_be_bytes)
}

/// Records and versions of tag 12.
fn records(opening: &Opening<'_>) -> Vec<(Id, Id)> {
    let rows = opening.open(tag::RECORDS).unwrap_or_default().as_chunks::<34>().0;
    let pair = |row: &[u8; 34]| {
        let (record, rest) = row.split_first_chunk::<16>()?;
        Some((*record, *rest.first_chunk::<16>()?))
    };
    rows.iter().filter_map(pair).collect()
}

/// What happened to the versions of a paper.
#[derive(Default)]
struct Since {
    newest: BTreeMap<Id, Id>,
    erased: bool,
}

impl Since {
    fn note(&mut self, leaf: u64, opening: &Opening<'_>, paper: &Found, versions: &BTreeSet<Id>) {
        if opening.has(tag::COMMITMENTS) {
            let known = records(opening).into_iter().filter(|(record, _)| paper.records.contains_key(record));
            self.newest.extend(known);
        }
        let erased = opening.open(tag::ERASES_VERSIONS).unwrap_or_default().as_chunks::<18>().0;
        let is_ours =
            |row: &[u8; 18]| row.first_chunk::<16>().is_some_and(|version| versions.contains(version));
        self.erased |= Some(leaf) > paper.leaf && erased.iter().any(is_ours);
    }
}

impl Export {
    /// Says what a paper is. It counts only where [`Export::verify`] found the export good.
    ///
    /// # Errors
    ///
    /// [`Unusable`] where the system refused to read a file.
    pub fn paper(&self, code: &Code, brought: &Brought) -> Result<PaperReport, Unusable> {
        let (mark, mut found) = (code.mark(), Found::default());
        self.each_opening(|leaf, opening| {
            if opening.open(tag::PAPER) == Some(mark.as_slice()) {
                found.note(leaf, opening);
            }
        })?;
        let versions: BTreeSet<Id> = found.records.values().copied().collect();
        let mut since = Since::default();
        if found.leaf.is_some() {
            self.each_opening(|leaf, opening| since.note(leaf, opening, &found, &versions))?;
        }
        let (agreement, altered_sections) = compared(code, &found, brought);
        Ok(PaperReport {
            standing: standing(&found, &since),
            agreement,
            altered_sections,
            leaf: found.leaf,
            what: found.what,
            made: found.made,
            unit: found.unit,
            count: found.count,
            origin: self.checkpoint().map(|checkpoint| checkpoint.origin().to_string()),
        })
    }

    /// Every payload that is there and can be read, from the first leaf on.
    fn each_opening(&self, mut look: impl FnMut(u64, &Opening<'_>)) -> Result<(), Unusable> {
        let Some(checkpoint) = self.checkpoint() else { return Ok(()) };
        let (origin, size) = (checkpoint.origin(), checkpoint.size());
        // What is wrong with the files was named by the verification.
        let inventory = Inventory::take(self.folder(), size, &mut Faults::default())?;
        let mut octets = Vec::new();
        for number in inventory.numbers(Series::Payloads) {
            let first = number.saturating_mul(BLOCK);
            let end = first.saturating_add(BLOCK).min(size);
            let Ok(mut file) = settle(open_payloads(&inventory, origin, first, end))? else { continue };
            for leaf in first..end {
                if settle(file.counted(&mut octets, "an opening"))?.is_err() {
                    break;
                }
                if let Ok(opening) = Opening::parse(&octets) {
                    look(leaf, &opening);
                }
            }
        }
        Ok(())
    }
}

fn standing(found: &Found, since: &Since) -> Standing {
    let is_newest =
        |(record, version): (&Id, &Id)| since.newest.get(record).is_none_or(|newest| newest == version);
    match () {
        () if found.leaf.is_none() => Standing::Unknown,
        () if since.erased => Standing::RecalledBecauseErased,
        () if found.recalled => Standing::Recalled,
        () if !found.records.iter().all(is_newest) => Standing::Superseded,
        () => Standing::Genuine,
    }
}

fn compared(code: &Code, found: &Found, brought: &Brought) -> (Agreement, Vec<u16>) {
    let is_whole = found.whole == Some(code.whole(&found.sections));
    let same = |number: u16, words: &str| {
        let held = found.sections.get(usize::from(number).wrapping_sub(1));
        is_whole && held == Some(&code.section(number, words))
    };
    let altered: Vec<u16> = match brought {
        _ if found.leaf.is_none() => return (Agreement::NotCompared, Vec::new()),
        Brought::Nothing => return (Agreement::NotCompared, Vec::new()),
        Brought::Section(number, words) => (!same(*number, words)).then_some(*number).into_iter().collect(),
        Brought::File(octets) if is_whole && found.sections == [code.file(octets)] => Vec::new(),
        Brought::File(octets) => {
            let text = String::from_utf8_lossy(octets);
            let sections = sections_of(&text);
            if sections.is_empty() {
                return (Agreement::Altered, Vec::new());
            }
            let count = u16::try_from(found.sections.len()).unwrap_or(u16::MAX);
            let more = sections.keys().copied().filter(|number| *number > count);
            (1..=count)
                .chain(more)
                .filter(|number| !sections.get(number).is_some_and(|words| same(*number, words)))
                .collect()
        }
    };
    (if altered.is_empty() { Agreement::Same } else { Agreement::Altered }, altered)
}

/// The sections of a paper that was saved as a text, by their numbers.
fn sections_of(text: &str) -> BTreeMap<u16, String> {
    let mut sections: BTreeMap<u16, String> = BTreeMap::new();
    let mut present = None;
    for line in text.lines() {
        if line == END {
            present = None;
        } else if let Some(rest) = line.strip_prefix(HEADING) {
            present = rest.split(' ').next().and_then(|number| number.parse().ok());
        } else if let Some(number) = present {
            let section = sections.entry(number).or_default();
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

impl fmt::Display for PaperReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(what), Some(leaf), Some(origin)) = (&self.what, self.leaf, &self.origin) {
            writeln!(out, "It is a {}, entry {} of the log {}.", shown(what), grouped(leaf), shown(origin))?;
            let unit = self.unit.as_deref().map_or_else(|| "a unit that is not said".to_owned(), shown);
            let count =
                counted(self.count.unwrap_or_default(), "record, line or entry", "records, lines or entries");
            writeln!(out, "Made by {unit}, with {count} in it.")?;
        }
        let said = match self.standing {
            Standing::Genuine => {
                "The force made it, and up to the end of this export it was neither recalled nor superseded."
            }
            Standing::Superseded => "The force made it, and what it shows has a later version.",
            Standing::Recalled => "The force made it and recalled it: it counts no longer.",
            Standing::RecalledBecauseErased => {
                "The force made it, and what it says was erased by law: destroy it."
            }
            Standing::Unknown => "No entry of this log speaks of a paper with this code.",
        };
        writeln!(out, "{said}")?;
        match self.agreement {
            Agreement::NotCompared => writeln!(out, "Whether a word of it was altered was not compared.")?,
            Agreement::Same => writeln!(out, "What was brought of it is what was printed.")?,
            Agreement::Altered => writeln!(out, "What was brought of it is not what was printed.")?,
        }
        for section in &self.altered_sections {
            writeln!(out, "  Section {section} is not as it was printed.")?;
        }
        let last = match (self.standing, self.agreement) {
            (Standing::Unknown, _) => "UNKNOWN",
            (_, Agreement::Altered) => "ALTERED",
            (Standing::Genuine, _) => "GENUINE",
            (Standing::Superseded, _) => "SUPERSEDED",
            (Standing::Recalled | Standing::RecalledBecauseErased, _) => "RECALLED",
        };
        writeln!(out, "{last}")
    }
}
