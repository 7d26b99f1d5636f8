//! Records from a file, one line of JSON each: `{"id": …, "kind": …, "record": {…}}`, the record as the
//! API has it. They are read one after the other, so that a file may be larger than the memory.

use crate::Fault;
use model::derived::json::from_json;
use model::{Body, Kind, kinds};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use uuid::{Builder, Uuid};

/// Records that are handed to an engine at once.
pub const BATCH: usize = 1_000;

/// One record of the file.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its identity.
    pub id: Uuid,
    /// Its kind.
    pub kind: &'static Kind,
    /// What it says.
    pub body: Body,
}

/// Identities that are written as something else than a UUID, to be written in the same way again.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    written: HashMap<Uuid, String>,
}

impl Ids {
    /// The identity of a text, which is remembered where it is written in another way.
    pub fn read(&mut self, text: &str) -> Uuid {
        let id = id_of(text);
        if id.to_string() != text {
            self.written.entry(id).or_insert_with(|| text.to_owned());
        }
        id
    }

    /// The identity as its file writes it.
    pub fn write(&self, id: Uuid) -> String {
        self.written.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// The identity of a text: a UUID is itself; anything else stands for a UUIDv7 made of its digest.
pub fn id_of(text: &str) -> Uuid {
    if let Ok(id) = Uuid::parse_str(text) {
        return id;
    }
    /// 2026-01-01T00:00:00Z in milliseconds, as all synthetic identities.
    const MOMENT: u64 = 1_767_225_600_000;
    let mut octets = [0; 10];
    octets.copy_from_slice(&Sha256::digest(text.as_bytes())[..10]);
    Builder::from_unix_timestamp_millis(MOMENT, &octets).into_uuid()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    kind: String,
    record: Value,
}

/// The records of a file, in their order.
pub struct Records {
    lines: Lines,
    /// The identities met so far that are no UUIDs.
    pub ids: Ids,
}

/// The lines of a file with something in them, and their numbers.
pub struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: u64,
    line: String,
}

impl Lines {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be read, with its name.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let reader = BufReader::with_capacity(1 << 20, file);
        Ok(Self { path: path.to_owned(), reader, number: 0, line: String::new() })
    }

    /// The next line that says something; `None` after the last.
    ///
    /// # Errors
    /// Where the file cannot be read on, or is no UTF-8.
    pub fn next(&mut self) -> Result<Option<&str>, Fault> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = self.reader.read_line(&mut self.line);
            match read.map_err(|error| self.fault(error.to_string()))? {
                0 => return Ok(None),
                _ if self.line.trim().is_empty() => {}
                _ => return Ok(Some(self.line.trim_end())),
            }
        }
    }

    /// A complaint about the line read last.
    pub fn fault(&self, problem: impl std::fmt::Display) -> Fault {
        format!("{}, line {}: {problem}", self.path.display(), self.number).into()
    }
}

impl Records {
    /// Opens a file of records.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        Ok(Self { lines: Lines::open(path)?, ids: Ids::default() })
    }

    /// The next record; `None` after the last.
    ///
    /// # Errors
    /// A line that is no record, by its number, with what was expected.
    pub fn next(&mut self) -> Result<Option<Record>, Fault> {
        let Some(text) = self.lines.next()? else { return Ok(None) };
        match parse(text, &mut self.ids) {
            Ok(record) => Ok(Some(record)),
            Err(problem) => Err(self.lines.fault(problem)),
        }
    }

    /// A complaint about the record read last.
    pub fn fault(&self, problem: impl std::fmt::Display) -> Fault {
        self.lines.fault(problem)
    }

    /// The next [`BATCH`] records, or fewer at the end; none after it.
    ///
    /// # Errors
    /// As [`Records::next`].
    pub fn batch(&mut self) -> Result<Vec<Record>, Fault> {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH {
            match self.next()? {
                Some(record) => batch.push(record),
                None => break,
            }
        }
        Ok(batch)
    }
}

fn parse(text: &str, ids: &mut Ids) -> Result<Record, String> {
    let expected = "a line is {\"id\": \"…\", \"kind\": \"nominal\", \"record\": {…}}";
    let line: Line = serde_json::from_str(text).map_err(|error| format!("{error}; {expected}"))?;
    let kind = kinds::ALL.iter().find(|kind| kind.name == line.kind).ok_or_else(|| {
        let names: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
        format!("there is no kind “{}”: one of {} was expected", line.kind, names.join(", "))
    })?;
    let body = from_json(kind, &line.record).map_err(|problems| {
        let problems: Vec<String> =
            problems.iter().map(|problem| format!("{}: {}", problem.field, problem.mend)).collect();
        format!("the record is not a {}: {}", kind.name, problems.join("; "))
    })?;
    Ok(Record { id: ids.read(&line.id), kind, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn all(text: &str) -> Result<Vec<Record>, String> {
        let file = file(text);
        Records::open(file.path()).unwrap().batch().map_err(|fault| fault.to_string())
    }

    #[test]
    fn an_outsider_s_records_are_read() {
        let text = "{\"id\":\"7\",\"kind\":\"nominal\",\"record\":{\"names\":[{\"surname\":\"Smith\"}]}}\n\n\
             {\"id\":\"019b767a-4400-7000-8000-000000000001\",\"kind\":\"vehicle\",\"record\":{\"vrm\":\"AB12 CDE\"}}\n";
        let records = all(text).unwrap();
        assert_eq!(records.len(), 2);
        assert_eq!((records[0].kind.name, records[0].id.get_version_num()), ("nominal", 7));
        assert_eq!(records[1].id.to_string(), "019b767a-4400-7000-8000-000000000001");
        let mut ids = Ids::default();
        let id = ids.read("7");
        assert_eq!((id, ids.write(id)), (records[0].id, "7".to_owned()));
    }

    #[test]
    fn a_bad_line_is_named_with_what_was_expected() {
        let good = "{\"id\":\"7\",\"kind\":\"nominal\",\"record\":{\"names\":[{\"surname\":\"Smith\"}]}}\n";
        for (bad, said) in [
            ("{\"id\":\"8\"}", "a line is {\"id\""),
            ("not json", "a line is {\"id\""),
            ("{\"id\":\"8\",\"kind\":\"person\",\"record\":{}}", "there is no kind “person”"),
            ("{\"id\":\"8\",\"kind\":\"nominal\",\"record\":{\"nmaes\":[]}}", "the record is not a nominal"),
            ("{\"id\":\"8\",\"kind\":\"nominal\",\"record\":{},\"more\":1}", "unknown field"),
        ] {
            let error = all(&format!("{good}{bad}\n")).unwrap_err();
            assert!(error.contains("line 2: ") && error.contains(said), "{error}");
        }
        let error = Records::open(Path::new("/nowhere/records.jsonl")).err().unwrap().to_string();
        assert!(error.contains("/nowhere/records.jsonl cannot be read"), "{error}");
    }
}
