//! The columns of a row, whichever backend gave it, so that what a row means is written once.

use sqlx::Row;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// A row of either backend. Both keep whole numbers of 64 bits, octets and text, and nothing else.
pub(crate) trait Cells {
    /// A whole number.
    fn whole(&self, index: usize) -> sqlx::Result<Option<i64>>;
    /// A run of octets.
    fn octets(&self, index: usize) -> sqlx::Result<Option<&[u8]>>;
    /// A text.
    fn text(&self, index: usize) -> sqlx::Result<Option<&str>>;
    /// How many columns it has.
    fn width(&self) -> usize;
}

macro_rules! cells_of {
    ($row:ty) => {
        impl Cells for $row {
            fn whole(&self, index: usize) -> sqlx::Result<Option<i64>> {
                self.try_get(index)
            }

            fn octets(&self, index: usize) -> sqlx::Result<Option<&[u8]>> {
                self.try_get(index)
            }

            fn text(&self, index: usize) -> sqlx::Result<Option<&str>> {
                self.try_get(index)
            }

            fn width(&self) -> usize {
                self.len()
            }
        }
    };
}

cells_of!(SqliteRow);
cells_of!(PgRow);

/// What a column is read as. The inner error says why it is not that.
pub(crate) trait Cell<'r>: Sized {
    /// Reads it.
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>>;
}

impl<'r> Cell<'r> for i64 {
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>> {
        row.whole(index)
    }
}

impl<'r> Cell<'r> for &'r [u8] {
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>> {
        row.octets(index)
    }
}

impl<'r> Cell<'r> for Vec<u8> {
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>> {
        Ok(row.octets(index)?.map(<[u8]>::to_vec))
    }
}

impl<'r> Cell<'r> for &'r str {
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>> {
        row.text(index)
    }
}

impl<'r> Cell<'r> for String {
    fn read(row: &'r dyn Cells, index: usize) -> sqlx::Result<Option<Self>> {
        Ok(row.text(index)?.map(str::to_owned))
    }
}

/// A column of a row that does not hold what it should: table, column and row are named.
#[derive(Debug)]
struct BadColumn {
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
pub(crate) struct Reading<'a> {
    pub table: &'static str,
    pub row: &'a dyn Cells,
    /// Name and index of the column that identifies the row.
    pub key: usize,
}

impl<'a> Reading<'a> {
    /// The column at `index`, called `column`.
    pub fn column<T: Cell<'a>>(&self, index: usize, column: &'static str) -> sqlx::Result<T> {
        self.may_lack(index, column)?.ok_or_else(|| self.bad(column, "it is empty"))
    }

    /// The same of a column that may be empty.
    pub fn may_lack<T: Cell<'a>>(&self, index: usize, column: &'static str) -> sqlx::Result<Option<T>> {
        T::read(self.row, index).map_err(|error| self.bad(column, &error.to_string()))
    }

    /// A run of exactly `N` octets.
    pub fn octets<const N: usize>(&self, index: usize, column: &'static str) -> sqlx::Result<[u8; N]> {
        let octets: &[u8] = self.column(index, column)?;
        octets.try_into().map_err(|_| self.bad(column, &format!("{} octets instead of {N}", octets.len())))
    }

    /// A whole number that fits its type.
    pub fn number<T: TryFrom<i64>>(&self, index: usize, column: &'static str) -> sqlx::Result<T> {
        let number: i64 = self.column(index, column)?;
        T::try_from(number).map_err(|_| self.bad(column, &format!("the number {number} is out of range")))
    }

    /// What is wrong with a column of this row.
    pub fn bad(&self, column: &'static str, why: &str) -> sqlx::Error {
        let bad = BadColumn { table: self.table, column, row: self.name(), why: why.to_owned() };
        sqlx::Error::Decode(Box::new(bad))
    }

    fn name(&self) -> String {
        if let Ok(Some(octets)) = self.row.octets(self.key) {
            return <[u8; 16]>::try_from(octets)
                .map_or_else(|_| hex::encode(octets), |octets| uuid::Uuid::from_bytes(octets).to_string());
        }
        if let Ok(Some(number)) = self.row.whole(self.key) {
            return number.to_string();
        }
        let text = self.row.text(self.key).ok().flatten();
        text.map_or_else(|| "with an unreadable key".to_owned(), str::to_owned)
    }
}
