//! Printing: JSON for machines, plain words for people, complaints with their mend.

use desk::DeskError;
use intake::IntakeError;
use serde_json::Value;
use std::io::Write;

/// What went wrong, and what to do.
#[derive(Debug)]
pub struct Complaint {
    what: String,
    mend: String,
}

impl Complaint {
    /// A complaint with its mend; the mend may be empty where the text has it already.
    pub fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), mend: mend.into() }
    }
}

impl From<DeskError> for Complaint {
    fn from(error: DeskError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<IntakeError> for Complaint {
    fn from(error: IntakeError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<synth::SynthError> for Complaint {
    fn from(error: synth::SynthError) -> Self {
        Self::new(error.to_string(), "")
    }
}

impl From<std::io::Error> for Complaint {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string(), "")
    }
}

/// Says what went wrong on standard error, as one JSON object where machines read.
pub fn complain_as(complaint: &Complaint, as_json: bool) {
    if !as_json {
        return complain(complaint);
    }
    let object = serde_json::json!({ "error": { "message": complaint.what, "mend": complaint.mend } });
    // Nothing is left to be done where even standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "{object}");
}

/// Says what went wrong on standard error.
pub fn complain(complaint: &Complaint) {
    let mut out = std::io::stderr().lock();
    // Nothing is left to be done where even standard error is closed.
    let _ = writeln!(out, "bluelamp: {}", complaint.what);
    if !complaint.mend.is_empty() {
        let _ = writeln!(out, "{}", complaint.mend);
    }
}

/// Prints one JSON object.
pub fn json(value: &Value) -> Result<(), Complaint> {
    line(&value.to_string())
}

/// Prints a line.
pub fn line(text: &str) -> Result<(), Complaint> {
    match writeln!(std::io::stdout().lock(), "{text}") {
        // A reader that has seen enough, such as `head`, is no fault.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Prints lines.
pub fn lines<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<(), Complaint> {
    texts.into_iter().try_for_each(|text| line(text.as_ref()))
}

/// A number with thin groups for people: `225,506`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: “1 record”, “2,000 records”.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_for_people() {
        let texts: Vec<String> = [0, 12, 999, 1000, 225_506, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(
            (counted(1, "entry", "entries"), counted(0, "entry", "entries")),
            ("1 entry".to_owned(), "0 entries".to_owned())
        );
        assert_eq!(texts, ["0", "12", "999", "1,000", "225,506", "1,234,567"]);
    }
}
