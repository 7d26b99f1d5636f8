//! Searches that somebody keeps, lists, and what was disclosed.

use desk::clock::moment_text;
use desk::lists::{Counts, Line, ListReport};
use desk::papers::Code;
use desk::saved::SavedSearch;
use schemars::JsonSchema;
use serde::Serialize;

/// A search that somebody keeps.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Saved {
    /// Its name for machines, `S-1`.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The query.
    pub query: String,
    /// What for, in their words.
    pub purpose: Option<String>,
    /// The task or case.
    pub task: Option<String>,
    /// Whether its owner is told of records that meet it.
    pub alert: bool,
    /// When it was saved.
    pub saved: String,
    /// When it ends.
    pub expires: String,
}

impl Saved {
    /// Of the desk's.
    #[must_use]
    pub fn of(saved: &SavedSearch) -> Self {
        Self {
            id: saved.id.clone(),
            name: saved.name.clone(),
            query: saved.query.clone(),
            purpose: saved.purpose.clone(),
            task: saved.task.clone(),
            alert: saved.alert,
            saved: moment_text(saved.saved),
            expires: moment_text(saved.expires),
        }
    }
}

/// The searches that somebody keeps, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SavedSearches {
    /// The searches.
    pub searches: Vec<Saved>,
}

impl SavedSearches {
    /// Of the desk's.
    #[must_use]
    pub fn of(saved: &[SavedSearch]) -> Self {
        Self { searches: saved.iter().map(Saved::of).collect() }
    }
}

/// What came of a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListAnswers {
    /// How many lines came to what.
    pub counts: Counts,
    /// The lines, in their order.
    pub lines: Vec<Line>,
    /// The kinds of record that were searched.
    pub searched: Vec<String>,
    /// What was not searched, in words.
    pub not_searched: Vec<String>,
    /// Columns of a table that were not searched for.
    pub columns_not_searched: Vec<String>,
    /// Time of the whole in milliseconds.
    pub took_ms: f64,
    /// The code of the paper, where this is written to a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
}

impl ListAnswers {
    /// Of the desk's.
    #[must_use]
    pub fn of(report: &ListReport) -> Self {
        Self {
            counts: report.counts(),
            lines: report.lines.clone(),
            searched: report.scope.kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            not_searched: report.scope.not_searched.clone(),
            columns_not_searched: report.unused.clone(),
            took_ms: report.took.as_secs_f64() * 1000.0,
            paper: None,
        }
    }

    /// With the code of the paper that it is.
    #[must_use]
    pub fn on_paper(self, code: &Code) -> Self {
        Self { paper: Some(code.to_string()), ..self }
    }
}
