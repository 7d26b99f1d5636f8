//! What a run has done, per file and in all; its JSON is a promise to other programs.

use desk::intake::Counts;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a run has done.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Report {
    /// Each file that was taken in.
    pub files: Vec<FileReport>,
    /// Files that were refused as a whole, with the reason; nothing of them was taken in.
    pub refused: Vec<Refused>,
    /// Files that the connector does not know.
    pub passed_over: Vec<String>,
    /// All files together.
    pub totals: Totals,
    /// Wall-clock time of the run in seconds.
    pub seconds: f64,
}

/// One file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FileReport {
    /// As it was named.
    pub file: String,
    /// Rows read, without the header: accepted, repeated and rejected together.
    pub rows: u64,
    /// Rows that became records or joined one.
    pub accepted: u64,
    /// Rows that were held already: from an earlier run, or identical rows of one id.
    pub repeated: u64,
    /// Rows that could not become records and are kept for re-work.
    pub rejected: u64,
    /// Of the accepted: rows identical to another of the file, which may be other people.
    pub possible_repeats: u64,
    /// Records that the accepted rows made; the other rows joined one that was there.
    pub records: u64,
    /// Of the accepted: further outcomes of a crime, beside one that it has.
    pub further_outcomes: u64,
    /// Of the accepted: rows that say otherwise than another of the same id. What each said is kept.
    pub differing: u64,
    /// Records whose rows began to differ with this file.
    pub differing_records: u64,
    /// Rejected rows by `field: reason`.
    pub reasons: BTreeMap<String, u64>,
    /// Whether an earlier run was cut off in this file and this one read on from there.
    pub resumed: bool,
    /// Whether the last line has no line end, so that the file may be cut short even where every row
    /// of it could be read.
    pub unended: bool,
}

/// A file that was refused.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Refused {
    /// As it was named.
    pub file: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

/// Counts of all files together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Rows read.
    pub rows: u64,
    /// Rows that became records or joined one.
    pub accepted: u64,
    /// Rows that were held already.
    pub repeated: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Of the accepted: possible repeats.
    pub possible_repeats: u64,
    /// Records that the accepted rows made.
    pub records: u64,
    /// Of the accepted: further outcomes.
    pub further_outcomes: u64,
    /// Of the accepted: rows that say otherwise than another of the same id.
    pub differing: u64,
    /// Records whose rows differ and did not before.
    pub differing_records: u64,
}

impl Report {
    /// Adds what a further run has done, as if both had been one.
    pub fn join(&mut self, further: Self) {
        let (totals, more) = (&mut self.totals, further.totals);
        totals.rows += more.rows;
        totals.accepted += more.accepted;
        totals.repeated += more.repeated;
        totals.rejected += more.rejected;
        totals.possible_repeats += more.possible_repeats;
        totals.records += more.records;
        totals.further_outcomes += more.further_outcomes;
        totals.differing += more.differing;
        totals.differing_records += more.differing_records;
        self.files.extend(further.files);
        self.refused.extend(further.refused);
        self.passed_over.extend(further.passed_over);
        self.seconds += further.seconds;
    }

    /// Adds a file and its counts to the totals.
    pub fn add(&mut self, file: &str, counts: Counts, resumed: bool, unended: bool) {
        self.totals.rows += counts.rows;
        self.totals.accepted += counts.accepted;
        self.totals.repeated += counts.repeated;
        self.totals.rejected += counts.rejected;
        self.totals.possible_repeats += counts.possible_repeats;
        self.totals.records += counts.records;
        self.totals.further_outcomes += counts.further_outcomes;
        self.totals.differing += counts.differing;
        self.totals.differing_records += counts.differing_records;
        self.files.push(FileReport {
            file: file.to_owned(),
            rows: counts.rows,
            accepted: counts.accepted,
            repeated: counts.repeated,
            rejected: counts.rejected,
            possible_repeats: counts.possible_repeats,
            records: counts.records,
            further_outcomes: counts.further_outcomes,
            differing: counts.differing,
            differing_records: counts.differing_records,
            reasons: counts.reasons,
            resumed,
            unended,
        });
    }
}
