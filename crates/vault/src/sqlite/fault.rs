//! Faults of SQLite in words for the person who must mend them.

use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};
use std::path::Path;

/// What a fault of a file says, and what to do about it.
pub(super) fn explain(path: &Path, doing: &str, error: &sqlx::Error) -> String {
    let file = path.display();
    match primary_code(error) {
        Some(SQLITE_FULL) => format!(
            "{doing}: the disk that holds {file} is full. Make room, then start again; nothing that was acknowledged is lost"
        ),
        Some(SQLITE_BUSY | SQLITE_LOCKED) => format!(
            "{doing}: {file} is locked by another process. Stop whatever else has it open (a copy job, a database tool), then try again"
        ),
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => format!(
            "{doing}: {file} is corrupt or no database ({error}). Stop the program, keep the file for analysis, and restore the newest backup"
        ),
        Some(SQLITE_READONLY | SQLITE_PERM | SQLITE_AUTH | SQLITE_CANTOPEN) => format!(
            "{doing}: no permission to read and write {file} ({error}). Make the file and its folder readable and writable for this user only"
        ),
        Some(SQLITE_IOERR) => format!(
            "{doing}: the disk that holds {file} does not read or write ({error}). Check the disk, then run `bluelamp doctor`"
        ),
        _ => format!("{doing}: {error} ({file}). Run `bluelamp doctor`"),
    }
}

const SQLITE_PERM: u32 = 3;
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_AUTH: u32 = 23;
const SQLITE_NOTADB: u32 = 26;

/// The shared memory beside the file cannot be given its size: that too is a full disk.
const SQLITE_IOERR_SHMSIZE: u32 = 4874;

/// The primary result code; the extended code holds it in its lowest eight bits.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(if code == SQLITE_IOERR_SHMSIZE { SQLITE_FULL } else { code & 0xff })
}

/// Whether another connection holds what this one needs.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(SQLITE_BUSY | SQLITE_LOCKED))
}

/// A column of a row that does not hold what it should: table, column and row are named.
#[derive(Debug)]
pub(super) struct BadColumn {
    table: &'static str,
    column: &'static str,
    row: String,
    why: String,
}

impl std::error::Error for BadColumn {}

impl std::fmt::Display for BadColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "table {}, column {}, row {}: {}; the row was altered or the disk is failing",
            self.table, self.column, self.row, self.why
        )
    }
}

/// Which table and row is being read, for the message where a column is corrupt.
pub(super) struct Reading<'a> {
    pub table: &'static str,
    pub row: &'a SqliteRow,
    /// Name and index of the column that identifies the row.
    pub key: usize,
}

impl Reading<'_> {
    /// The column at `index`, called `column`.
    pub fn column<'r, T>(&'r self, index: usize, column: &'static str) -> Result<T, sqlx::Error>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite>,
    {
        self.row.try_get(index).map_err(|error| self.bad(column, &error.to_string()))
    }

    /// A run of exactly `N` octets.
    pub fn octets<const N: usize>(&self, index: usize, column: &'static str) -> Result<[u8; N], sqlx::Error> {
        let octets: &[u8] = self.column(index, column)?;
        octets.try_into().map_err(|_| self.bad(column, &format!("{} octets instead of {N}", octets.len())))
    }

    /// A whole number that fits its type.
    pub fn number<T: TryFrom<i64>>(&self, index: usize, column: &'static str) -> Result<T, sqlx::Error> {
        let number: i64 = self.column(index, column)?;
        T::try_from(number).map_err(|_| self.bad(column, &format!("the number {number} is out of range")))
    }

    /// What is wrong with a column of this row.
    pub fn bad(&self, column: &'static str, why: &str) -> sqlx::Error {
        let bad = BadColumn { table: self.table, column, row: self.name(), why: why.to_owned() };
        sqlx::Error::Decode(Box::new(bad))
    }

    fn name(&self) -> String {
        if let Ok(octets) = self.row.try_get::<&[u8], _>(self.key) {
            return <[u8; 16]>::try_from(octets)
                .map_or_else(|_| hex::encode(octets), |octets| uuid::Uuid::from_bytes(octets).to_string());
        }
        if let Ok(number) = self.row.try_get::<i64, _>(self.key) {
            return number.to_string();
        }
        self.row.try_get::<String, _>(self.key).unwrap_or_else(|_| "with an unreadable key".to_owned())
    }
}
