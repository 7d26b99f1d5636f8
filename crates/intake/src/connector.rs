//! What a connector is: it says which files are its own, which columns they have, and what a row of
//! them means. Everything else (finding, reading, batching, resuming, counting) is the engine's.
//!
//! Two connectors of one publisher share the engine, and show the two ways in which rows are told
//! apart: [`crate::police_uk::stops`], whose rows carry no id, and the street crimes and outcomes of
//! [`crate::police_uk::crimes`], which speak of one crime in several rows of several files.
//!
//! # How to write the next one
//! 1. Look at real files first. Count blanks, spellings, identical rows, ids and rows of one id that
//!    differ; keep the counts for a test.
//! 2. Make a folder beside [`crate::police_uk`], or a file in it for another sort of file of the same
//!    publisher. Write one [`Table`]: the kind its rows become, its columns in one fixed order, and a
//!    function from a [`Row`] to a [`Body`]. The order of columns in a file does not matter, nor do
//!    byte-order mark, line ends and quoting; but the table's own order is part of every row's
//!    identity, so it never changes. [`crate::police_uk::columns`] reads what columns usually hold.
//! 3. In the row function, reject only what cannot be represented: a date that is none, a coordinate
//!    without its partner, a word that is not in its list. A law that demands an answer never rejects:
//!    leave the field absent, and completeness counts it. A column that the source does not have, or
//!    did not have yet, is [`model::NotHeld::NotInSource`]: that is not *no*. A reason never repeats
//!    the value, for reasons are counted and shown in plain.
//! 4. Say how rows are told apart. Without an id ([`Table::id`] is `None`, or the column is blank) a
//!    row is told by its file, its content and how often that has occurred: identical rows are
//!    different events. With one, an identical row is a repeat, and other rows of the id join one
//!    record: give a [`Joining`] whose `scope` is the same for all sorts of file that speak of the same
//!    things, whose `sort` is this sort's own, and whose two functions make the record a function of
//!    the *set* of its rows, so that files may come in any order; test that with rows in any order
//!    (`model::kinds::crime::gathered` is the example). Never drop what a row said.
//! 5. Implement [`Connector`]: name, version (raise it when the same file would give other bodies),
//!    licence, which file is which table, and for which unit a file speaks where its rows do not say.
//!    Name it in the command line.
//! 6. Test every fault, small files of your own, the same files in another order, a second run, and the
//!    counts of step 1 on the real files.

use desk::intake::Joining;
use model::Body;
use std::borrow::Cow;

/// One source system or publisher.
pub trait Connector: Sync {
    /// Its name on the command line and in provenance, for instance `data-police-uk`.
    fn name(&self) -> &'static str;
    /// Its version, raised when the same file would give other bodies.
    fn version(&self) -> u32;
    /// The licence or agreement under which the files are received.
    fn licence(&self) -> &'static str;
    /// How its files are named, for the message to somebody who gives it another.
    fn file_names(&self) -> &'static str;
    /// What a file of this name is; `None` where it is none of this connector's.
    fn recognise(&self, file_name: &str) -> Option<Recognised>;
}

/// What a file is, by its name.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// What makes its rows' identity with their content: force, month and sort.
    pub source: String,
    /// The month that it speaks of, `2023-01`.
    pub period: String,
    /// The unit that its rows are of, where they do not say so themselves.
    pub unit: Option<String>,
    /// How its rows are read.
    pub table: &'static Table,
}

/// One sort of file.
#[derive(Debug)]
pub struct Table {
    /// Number of the kind that its rows become.
    pub kind: u16,
    /// Its columns in their canonical order.
    pub columns: &'static [&'static str],
    /// The column that holds the source's own id of what the row speaks of; blank where it has none.
    pub id: Option<usize>,
    /// How rows of one id come together.
    pub joining: Option<Joining>,
    /// Makes a body of a row.
    pub read: fn(&Row<'_>) -> Result<Body, RowFault>,
}

/// One row, its fields trimmed and in the canonical order of the table's columns.
#[derive(Debug)]
pub struct Row<'r> {
    fields: Vec<&'r str>,
}

impl<'r> Row<'r> {
    /// A row of these fields, in the order of the table's columns.
    #[must_use]
    pub fn new(fields: Vec<&'r str>) -> Self {
        Self { fields: fields.into_iter().map(str::trim).collect() }
    }

    /// The field in a column of the table; blank beyond the last column.
    #[must_use]
    pub fn get(&self, column: usize) -> &'r str {
        self.fields.get(column).copied().unwrap_or("")
    }

    /// Whether the row says nothing in any column.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.is_empty())
    }

    /// The row's content in one canonical form: each field with its length (4 octets, most significant
    /// first) before it. Equal rows have equal content, however the file was written.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        let octets: usize = self.fields.iter().map(|field| field.len() + 4).sum();
        let mut content = Vec::with_capacity(octets);
        for field in &self.fields {
            content.extend((field.len() as u32).to_be_bytes());
            content.extend(field.as_bytes());
        }
        content
    }
}

/// Why a row cannot become a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column at fault, or `row` where it is the row as a whole.
    pub field: Cow<'static, str>,
    /// What is wrong, in words that do not repeat the value.
    pub reason: Cow<'static, str>,
}

impl RowFault {
    /// A fault of one column.
    pub fn new(field: impl Into<Cow<'static, str>>, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }

    /// A fault of the row as a whole.
    pub fn of_row(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::new("row", reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_unambiguous_and_ignores_blanks_around_fields() {
        let one = Row::new(vec!["a", "bc", ""]).content();
        assert_ne!(one, Row::new(vec!["ab", "c", ""]).content());
        assert_ne!(one, Row::new(vec!["", "a", "bc"]).content());
        assert_eq!(one, Row::new(vec![" a", "bc\r", ""]).content());
    }
}
