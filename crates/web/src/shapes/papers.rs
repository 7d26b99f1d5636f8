//! Papers as they are answered.

use desk::clock::moment_text;
use desk::papers::{About, Checked, Issued, Printed, Registered, Section, beside};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write;

/// What is known of a paper: nothing of what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Paper {
    /// What sort it is, in words.
    pub what: String,
    /// Which force made it.
    pub force: String,
    /// Which unit, where that was known.
    pub unit: Option<String>,
    /// When it was made.
    pub made: String,
    /// How many records, lines or entries are in it.
    pub count: u64,
    /// How many sections it has; none where it is a file.
    pub sections: usize,
    /// When it was recalled.
    pub recalled: Option<String>,
}

impl Paper {
    /// Of the desk's.
    #[must_use]
    pub fn of(about: &About, force: &str) -> Self {
        Self {
            what: about.kind.words().to_owned(),
            force: force.to_owned(),
            unit: about.unit.clone(),
            made: moment_text(about.made),
            count: about.count,
            sections: about.sections,
            recalled: about.recalled.map(moment_text),
        }
    }
}

/// What came of checking a paper.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaperCheck {
    /// `genuine`, `superseded`, `recalled`, `recalled-because-erased` or `unknown`.
    pub standing: String,
    /// Whether what was brought of it is what was printed: `not-compared`, `same` or `altered`.
    pub agreement: String,
    /// What is known of it; `null` where it is unknown.
    pub paper: Option<Paper>,
}

impl PaperCheck {
    /// Of the desk's.
    #[must_use]
    pub fn of(checked: &Checked, force: &str) -> Self {
        Self {
            standing: checked.standing.word().to_owned(),
            agreement: checked.agreement.word().to_owned(),
            paper: checked.about.as_ref().map(|about| Paper::of(about, force)),
        }
    }
}

/// A paper of a record, for whoever may recall it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaperOfRecord {
    /// Leaf of its entry in the log, which stands on it.
    pub entry: u64,
    /// How it stands.
    pub standing: String,
    /// What is known of it.
    pub paper: Paper,
    /// Why it was recalled.
    pub reason: Option<String>,
}

/// The papers of a record, the newest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PapersOfRecord {
    /// The papers.
    pub papers: Vec<PaperOfRecord>,
}

impl PapersOfRecord {
    /// Of the desk's.
    #[must_use]
    pub fn of(papers: &[Registered], force: &str) -> Self {
        let each = papers.iter().map(|paper| PaperOfRecord {
            entry: paper.leaf,
            standing: paper.standing.word().to_owned(),
            paper: Paper::of(&paper.about, force),
            reason: paper.reason.clone(),
        });
        Self { papers: each.collect() }
    }
}

/// One line of a paper.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaperLine {
    /// What it is about.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// A section of a paper.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PaperSection {
    /// Its title.
    pub title: String,
    /// Its lines.
    pub lines: Vec<PaperLine>,
    /// The four symbols that are printed beside its number.
    pub beside: String,
}

/// A record on paper.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PrintedRecord {
    /// The code that stands on it.
    pub code: String,
    /// Leaf of its entry in the log.
    pub entry: u64,
    /// When it was made.
    pub made: String,
    /// What it says.
    pub sections: Vec<PaperSection>,
    /// The whole as a text, as it may be printed.
    pub text: String,
}

impl PrintedRecord {
    /// Of the desk's.
    #[must_use]
    pub fn of(printed: &Printed, force: &str) -> Self {
        let paper = &printed.paper;
        let marks: Vec<String> = paper.parts.iter().map(beside).collect();
        let sections = printed.sections.iter().zip(&marks).map(|(section, mark)| PaperSection {
            title: section.title.clone(),
            lines: section.lines.iter().map(|(label, text)| line(label, text)).collect(),
            beside: mark.clone(),
        });
        Self {
            code: paper.code.to_string(),
            entry: paper.leaf,
            made: moment_text(paper.made),
            sections: sections.collect(),
            text: text(force, printed.kind.words(), paper, &printed.sections, &marks),
        }
    }
}

fn line(label: &str, text: &str) -> PaperLine {
    PaperLine { label: label.to_owned(), text: text.to_owned() }
}

/// A paper as a text. A verifier finds the sections between their headings (`docs/formats/ledger.md`, section 9).
fn text(force: &str, what: &str, paper: &Issued, sections: &[Section], marks: &[String]) -> String {
    let made = moment_text(paper.made);
    let mut text = format!("{force}\n{what}\nCode {}\nEntry {} of the log, {made}\n", paper.code, paper.leaf);
    for (number, (section, mark)) in (1..).zip(sections.iter().zip(marks)) {
        // Writing into a text does not fail.
        let _ = write!(text, "--- Section {number} {mark}\n{}\n", section.title);
        for (label, said) in &section.lines {
            // On one line, so that nothing that is said is taken for a heading; blanks are all alike.
            let _ = writeln!(text, "{label} {}", said.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    text.push_str("--- End\n");
    text
}
