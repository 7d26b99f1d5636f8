//! The raw file: every query, peer, rank and time, a line of JSON each, from which the table is computed
//! and anyone can compute it again.

use super::records::Lines;
use crate::Fault;
use crate::arguments::Part;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// A line of the raw file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Entry {
    /// What was run: the first line.
    Run {
        /// The command.
        command: String,
        /// Records in the file.
        records: u64,
        /// Of these: nominals.
        nominals: u64,
        /// Part of the needs.
        part: Part,
    },
    /// What an engine needed.
    Engine(Engine),
    /// What a peer answered.
    Answer(Answer),
}

/// What an engine needed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Engine {
    /// Its name.
    pub engine: String,
    /// The peers of the table that it answers as.
    pub peers: Vec<String>,
    /// Records it holds.
    pub records: u64,
    /// Seconds until all could be found, the reading of the file left out.
    pub indexing_seconds: f64,
    /// Memory held after the queries, in MiB.
    pub memory_mib: f64,
    /// The most memory held, in MiB.
    pub peak_mib: f64,
    /// Room on disk, in MiB; none for what lies in memory alone.
    pub disk_mib: Option<f64>,
    /// Settings and versions.
    pub settings: BTreeMap<String, String>,
}

/// What a peer answered to a need.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    /// The peer.
    pub peer: String,
    /// The need.
    pub need: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_of: String,
    /// Flags of the need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// What was sent to the engine.
    pub asked: String,
    /// Why it was not answered, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Milliseconds until the first 20 answers and the number of all were there.
    pub ms: f64,
    /// Answers in all.
    pub total: u64,
    /// Ranks were looked at down to this one.
    pub depth: u64,
    /// Records that answer the need: each grade with how many there are, ascending.
    pub relevant: Vec<(u8, u64)>,
    /// Where they stood among the answers, best first.
    pub seen: Vec<Seen>,
    /// The first 20 answers.
    pub first: Vec<String>,
}

/// A relevant record among the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Its rank, from 1.
    pub rank: u64,
    /// Its grade.
    pub grade: u8,
    /// The record.
    pub id: String,
}

/// Reads a raw file.
///
/// # Errors
/// A line that is none of these, by its number.
pub fn read(path: &Path) -> Result<Vec<Entry>, Fault> {
    let mut lines = Lines::open(path)?;
    let mut entries = Vec::new();
    while let Some(text) = lines.next()? {
        match serde_json::from_str(text) {
            Ok(entry) => entries.push(entry),
            Err(error) => return Err(lines.fault(error)),
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::super::measure::tests::answer;
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let run = Entry::Run { command: "search".into(), records: 2, nominals: 1, part: Part::Reported };
        let engine = Entry::Engine(Engine { engine: "ours".into(), ..Engine::default() });
        let answer = Entry::Answer(answer("ours", &[(3, 1), (1, 2)], &[(4, 3)], 9, 1.5));
        let written: Vec<String> =
            [run, engine, answer].iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("raw.jsonl");
        std::fs::write(&path, written.join("\n")).unwrap();
        let read: Vec<String> =
            read(&path).unwrap().iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
        assert_eq!(read, written);
        std::fs::write(&path, format!("{}\n{{\"line\":\"other\"}}", written[0])).unwrap();
        assert!(super::read(&path).unwrap_err().to_string().contains("raw.jsonl, line 2: "));
    }
}
