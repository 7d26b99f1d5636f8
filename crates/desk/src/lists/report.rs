//! What came of a list, line by line: for machines as JSON, for spreadsheets as a table.

use super::lines::Sort;
use crate::find::{Answers, Found, Restricted, Scope};
use crate::papers::Code;
use crate::written::Table;
use model::RecordId;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// From this probability on the best answer is the one that was meant, though others are like it.
const CERTAIN: f32 = 0.95;

/// What came of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// One record, or one that is far more likely meant than any other.
    FoundOne,
    /// Several, of which somebody must choose.
    FoundSeveral,
    /// Nothing among what was searched.
    NothingFound,
    /// Nothing that this person may read, and a restricted record: the report says whom to ask.
    Restricted,
    /// It could not be read; the report says the mend.
    NotRead,
}

impl Outcome {
    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::FoundOne => "found one",
            Self::FoundSeveral => "found several",
            Self::NothingFound => "nothing found",
            Self::Restricted => "restricted",
            Self::NotRead => "could not be read",
        }
    }
}

/// One of the best answers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Listed {
    /// The record.
    #[serde(skip)]
    #[schemars(skip)]
    pub record: RecordId,
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// One line to recognise it by.
    pub name: String,
    /// The probability that it is the one meant, where words were matched with names.
    pub probability: Option<f32>,
    /// Why it is here, in words.
    pub why: Vec<String>,
}

/// One line of the list with its best answers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Line {
    /// Number of the line in the file.
    pub line: u64,
    /// As it was given.
    pub given: String,
    /// What it was taken for: person, plate, phone, reference, or several; `None` where it was not read.
    #[serde(serialize_with = "sort_word")]
    #[schemars(with = "Option<String>")]
    pub read_as: Option<Sort>,
    /// What came of it.
    pub outcome: Outcome,
    /// How many answers there are in all, of those that this person may read.
    pub total: u64,
    /// How many answers hold all of it; the others lack a part.
    pub whole: u64,
    /// The best answers.
    pub best: Vec<Listed>,
    /// Restricted records that it names, and whom to ask.
    #[serde(serialize_with = "asked_of")]
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    pub restricted: Vec<Restricted>,
    /// What to do, where it could not be read.
    pub mend: Option<String>,
}

/// How many lines came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    /// All lines.
    pub lines: u64,
    /// [`Outcome::FoundOne`].
    pub found_one: u64,
    /// [`Outcome::FoundSeveral`].
    pub found_several: u64,
    /// [`Outcome::NothingFound`].
    pub nothing_found: u64,
    /// [`Outcome::Restricted`].
    pub restricted: u64,
    /// [`Outcome::NotRead`].
    pub not_read: u64,
}

/// What came of a list.
#[derive(Debug, Clone)]
pub struct ListReport {
    /// Its lines.
    pub lines: Vec<Line>,
    /// What was searched, and what was not.
    pub scope: Scope,
    /// Columns of the table that were not searched for.
    pub unused: Vec<String>,
    /// Time of the whole.
    pub took: Duration,
}

impl Line {
    pub(super) fn unread(line: u64, given: String, read_as: Option<Sort>, mend: String) -> Self {
        Self {
            line,
            given,
            read_as,
            outcome: Outcome::NotRead,
            total: 0,
            whole: 0,
            best: Vec::new(),
            restricted: Vec::new(),
            mend: Some(mend),
        }
    }

    pub(super) fn answered(line: u64, given: String, sort: Sort, answers: Answers) -> Self {
        let outcome = outcome(&answers);
        let Answers { total, whole, found, restricted, .. } = answers;
        let best = found.into_iter().map(Listed::from).collect();
        Self { line, given, read_as: Some(sort), outcome, total, whole, best, restricted, mend: None }
    }
}

impl From<Found> for Listed {
    fn from(found: Found) -> Self {
        let Found { record, reference, kind, name, probability, why, .. } = found;
        Self { record, reference, kind, name, probability, why }
    }
}

fn outcome(answers: &Answers) -> Outcome {
    let stands_out =
        answers.found.first().and_then(|first| first.probability).is_some_and(|one| one >= CERTAIN);
    match answers.whole {
        0 if answers.total > 0 => Outcome::FoundSeveral,
        0 if answers.restricted.is_empty() => Outcome::NothingFound,
        0 => Outcome::Restricted,
        1 => Outcome::FoundOne,
        _ if stands_out => Outcome::FoundOne,
        _ => Outcome::FoundSeveral,
    }
}

impl ListReport {
    /// How many lines came to what.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { lines: self.lines.len() as u64, ..Counts::default() };
        for line in &self.lines {
            *match line.outcome {
                Outcome::FoundOne => &mut counts.found_one,
                Outcome::FoundSeveral => &mut counts.found_several,
                Outcome::NothingFound => &mut counts.nothing_found,
                Outcome::Restricted => &mut counts.restricted,
                Outcome::NotRead => &mut counts.not_read,
            } += 1;
        }
        counts
    }

    /// The report as a table: one row for each answer, and one for each line that has none. The code of the paper
    /// stands in each.
    #[must_use]
    pub fn table(&self, code: &Code) -> String {
        let code = code.to_string();
        let mut table = Table::new(&[
            "line",
            "given",
            "read_as",
            "outcome",
            "total",
            "rank",
            "ref",
            "kind",
            "name",
            "probability",
            "why",
            "note",
            "paper",
        ]);
        let searched = format!("searched: {}", self.scope.kinds.join(", ").to_lowercase());
        for line in &self.lines {
            let note = line.note(&searched);
            match line.best.is_empty() {
                true => table.row(&line.cells(None, &note, &code).each_ref().map(String::as_str)),
                false => (1..).zip(&line.best).for_each(|ranked| {
                    table.row(&line.cells(Some(ranked), &note, &code).each_ref().map(String::as_str));
                }),
            }
        }
        table.text()
    }
}

impl Line {
    fn cells(&self, ranked: Option<(usize, &Listed)>, note: &str, code: &str) -> [String; 13] {
        let read_as = self.read_as.map_or("", Sort::word).to_owned();
        let of_answer = match ranked {
            None => Default::default(),
            Some((rank, found)) => [
                rank.to_string(),
                found.reference.clone(),
                found.kind.to_owned(),
                found.name.clone(),
                found.probability.map_or_else(String::new, |one| format!("{one:.3}")),
                found.why.join("; "),
            ],
        };
        let [rank, reference, kind, name, probability, why] = of_answer;
        [
            self.line.to_string(),
            self.given.clone(),
            read_as,
            self.outcome.words().to_owned(),
            self.total.to_string(),
            rank,
            reference,
            kind,
            name,
            probability,
            why,
            note.to_owned(),
            code.to_owned(),
        ]
    }

    /// What else there is to say of the line.
    fn note(&self, searched: &str) -> String {
        let mut notes: Vec<String> = self.mend.iter().cloned().collect();
        if self.total > 0 && self.whole == 0 {
            notes.push("nothing holds all of it; these lack a part".to_owned());
        }
        if self.outcome == Outcome::NothingFound {
            notes.push(searched.to_owned());
        }
        notes.extend(
            self.restricted
                .iter()
                .map(|record| format!("{} is restricted: ask {}", record.reference, whom(record))),
        );
        notes.join("; ")
    }
}

/// Whom to ask about a restricted record.
fn whom(record: &Restricted) -> &str {
    record.ask.as_deref().unwrap_or("a supervisor who may read it")
}

fn sort_word<S: Serializer>(sort: &Option<Sort>, serializer: S) -> Result<S::Ok, S::Error> {
    sort.map(Sort::word).serialize(serializer)
}

fn asked_of<S: Serializer>(restricted: &[Restricted], serializer: S) -> Result<S::Ok, S::Error> {
    let each = restricted
        .iter()
        .map(|record| serde_json::json!({ "ref": record.reference, "kind": record.kind, "ask": record.ask }));
    serializer.collect_seq(each)
}
