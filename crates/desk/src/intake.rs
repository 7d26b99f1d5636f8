//! Taking rows in from another system: what the intake engine hands over, and what it gets back.

use model::Body;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// What the file says of itself, and what makes its rows' identity with their content: the
    /// source's force, month and sort, for instance `2023-01-metropolitan-stop-and-search`.
    pub source: String,
    /// The file as it was named.
    pub file: String,
    /// Connector and its version, for instance `data-police-uk 1`.
    pub connector: String,
    /// The month that the file speaks of, `2023-01`.
    pub period: String,
    /// The licence or agreement under which it was received.
    pub licence: String,
    /// Number of the kind that its rows become.
    pub kind: u16,
    /// SHA-256 of the file's content, so that an interrupted run resumes only on the same file.
    pub digest: [u8; 32],
}

/// A row that became a body.
#[derive(Debug)]
pub struct IncomingRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The row's content in one canonical form: equal rows have equal content.
    pub content: Vec<u8>,
    /// The body, without provenance: the desk adds that.
    pub body: Body,
}

/// A row that could not become a body. It is kept sealed for re-work.
#[derive(Debug, Clone)]
pub struct RejectedRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it, in words and without the value.
    pub reason: String,
    /// The row as it stood, cut at 64 KiB.
    pub raw: Vec<u8>,
}

/// How a file stands. `rows = accepted + repeated + rejected`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that were held already from an earlier run.
    pub repeated: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Of the accepted: rows identical to another of the same file, which may be other people.
    pub possible_repeats: u64,
    /// Rejected rows by `field: reason`.
    pub reasons: BTreeMap<String, u64>,
}

/// A place in a file up to which everything is durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Octets from the start of the file.
    pub offset: u64,
    /// Lines before that.
    pub line: u64,
}

/// A run over one file, from `Desk::begin_intake`.
#[derive(Debug)]
pub struct IntakeRun {
    pub(crate) file: SourceFile,
    pub(crate) run: i64,
    /// Where to read on: the start, or where a kill cut the run off.
    pub position: Position,
    /// What is counted so far.
    pub counts: Counts,
}
