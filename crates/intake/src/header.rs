//! Checks a file's header against its table, and remembers in which order the file has the columns.

use crate::connector::Table;
use crate::error::FileFault;
use crate::reader::{Fields, Record};

/// At most so many unknown columns are named in a message, each cut at so many letters.
const NAMED: usize = 12;
const NAME_LETTERS: usize = 60;

/// Where in the file's rows each column of the table stands.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The table.
    pub table: &'static Table,
    places: Vec<usize>,
}

impl Columns {
    /// Reads the header line.
    ///
    /// # Errors
    /// [`FileFault`] where it is no header, or names too few, unknown or repeated columns.
    pub fn of_header(table: &'static Table, header: &Record<'_>) -> Result<Self, FileFault> {
        let fields = header.fields.map_err(|fault| FileFault::NoHeader(fault.reason().to_owned()))?;
        let names = names(fields)?;
        let places: Vec<Option<usize>> =
            table.columns.iter().map(|column| names.iter().position(|name| name == column)).collect();
        if names.len() == places.len() && places.iter().all(Option::is_some) {
            return Ok(Self { table, places: places.into_iter().flatten().collect() });
        }
        Err(FileFault::WrongHeader(difference(table, &names)))
    }

    /// How many columns a row has.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Each column's name and its place in the file's rows, in the table's order.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.table.columns.iter().copied().zip(self.places.iter().copied())
    }
}

fn names(fields: Fields<'_>) -> Result<Vec<String>, FileFault> {
    let name = |octets: &[u8]| std::str::from_utf8(octets).map(|name| name.trim().to_owned());
    fields
        .iter()
        .map(name)
        .collect::<Result<_, _>>()
        .map_err(|_| FileFault::NoHeader("it is not UTF-8 text".to_owned()))
}

fn difference(table: &Table, names: &[String]) -> String {
    let missing: Vec<&str> =
        table.columns.iter().copied().filter(|column| !names.iter().any(|name| name == column)).collect();
    let unknown: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !table.columns.contains(name)).collect();
    let repeated: Vec<&str> = table
        .columns
        .iter()
        .copied()
        .filter(|column| names.iter().filter(|name| name == column).count() > 1)
        .collect();
    [("missing", missing), ("unknown", unknown), ("repeated", repeated)]
        .into_iter()
        .filter(|(_, columns)| !columns.is_empty())
        .map(|(what, columns)| format!("{what} {}", quoted(&columns)))
        .collect::<Vec<_>>()
        .join("; ")
}

fn quoted(columns: &[&str]) -> String {
    let mut text =
        columns.iter().take(NAMED).map(|name| format!("“{}”", shown(name))).collect::<Vec<_>>().join(", ");
    if columns.len() > NAMED {
        text.push_str(&format!(" and {} more", columns.len() - NAMED));
    }
    text
}

/// A name as it may stand in a message on a terminal.
fn shown(name: &str) -> String {
    name.chars().take(NAME_LETTERS).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
