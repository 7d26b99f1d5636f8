//! Statements for many rows, in a few fixed sizes, so that each is prepared once and kept.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Sqlite, SqliteConnection};

/// A statement that is being bound.
pub(crate) type Query<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;

/// Rows of one statement, largest first.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// One statement in each size.
pub(crate) struct Multi([String; SIZES.len()]);

impl Multi {
    /// `head` followed by as many groups of `columns` parameters as there are rows, and `tail`.
    pub fn rows(head: &str, columns: usize, tail: &str) -> Self {
        let group = format!("({})", vec!["?"; columns].join(","));
        Self::of(head, &group, tail)
    }

    /// `head` followed by as many single parameters as there are rows, and `tail`.
    pub fn list(head: &str, tail: &str) -> Self {
        Self::of(head, "?", tail)
    }

    fn of(head: &str, group: &str, tail: &str) -> Self {
        Self(SIZES.map(|size| format!("{head}{}{tail}", vec![group; size].join(","))))
    }

    fn text(&'static self, size: usize) -> &'static str {
        let at = SIZES.iter().position(|known| *known == size).unwrap_or(SIZES.len() - 1);
        &self.0[at]
    }

    /// Writes rows; gives how many the database changed.
    pub async fn write<T>(
        &'static self,
        connection: &mut SqliteConnection,
        rows: impl IntoIterator<Item = T>,
        bind: impl Fn(Query<'static>, T) -> Query<'static>,
    ) -> sqlx::Result<u64> {
        let mut rows: std::collections::VecDeque<T> = rows.into_iter().collect();
        let mut changed = 0;
        while !rows.is_empty() {
            let size = SIZES.into_iter().find(|size| *size <= rows.len()).unwrap_or(1);
            let query = rows.drain(..size).fold(sqlx::query(self.text(size)), &bind);
            changed += query.execute(&mut *connection).await?.rows_affected();
        }
        Ok(changed)
    }

    /// Deletes or changes by a list of keys after some leading parameters.
    pub async fn write_listed<T>(
        &'static self,
        connection: &mut SqliteConnection,
        keys: &[T],
        lead: impl Fn(Query<'static>) -> Query<'static>,
        bind: impl Fn(Query<'static>, &T) -> Query<'static>,
    ) -> sqlx::Result<u64> {
        let mut rest = keys;
        let mut changed = 0;
        while !rest.is_empty() {
            let size = SIZES.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
            let (chunk, others) = rest.split_at(size);
            let query = chunk.iter().fold(lead(sqlx::query(self.text(size))), &bind);
            changed += query.execute(&mut *connection).await?.rows_affected();
            rest = others;
        }
        Ok(changed)
    }

    /// Reads rows by a list of keys after some leading parameters. A statement that is larger than
    /// the keys left repeats the last one: a list names no row twice.
    pub async fn read<T>(
        &'static self,
        connection: &mut SqliteConnection,
        keys: &[T],
        lead: impl Fn(Query<'static>) -> Query<'static>,
        bind: impl Fn(Query<'static>, &T) -> Query<'static>,
    ) -> sqlx::Result<Vec<SqliteRow>> {
        let mut rows = Vec::with_capacity(keys.len());
        for chunk in keys.chunks(SIZES[0]) {
            let size = SIZES.into_iter().rev().find(|size| *size >= chunk.len()).unwrap_or(SIZES[0]);
            let padding = std::iter::repeat_n(&chunk[chunk.len() - 1], size - chunk.len());
            let query = chunk.iter().chain(padding).fold(lead(sqlx::query(self.text(size))), &bind);
            match size {
                1 => rows.extend(query.fetch_optional(&mut *connection).await?),
                _ => rows.extend(query.fetch_all(&mut *connection).await?),
            }
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_as_many_groups_as_rows() {
        let multi = Multi::rows("INSERT INTO t VALUES ", 2, " ON CONFLICT DO NOTHING");
        assert_eq!(multi.0[3], "INSERT INTO t VALUES (?,?) ON CONFLICT DO NOTHING");
        assert_eq!(multi.0[2].matches("(?,?)").count(), 4);
        assert_eq!(Multi::list("SELECT 1 WHERE 1 IN (", ")").0[3], "SELECT 1 WHERE 1 IN (?)");
    }
}
