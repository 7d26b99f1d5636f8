//! SQLite with FTS5: names, numbers and marks under its trigram tokenizer, asked for by any of their
//! trigrams and ranked by BM25 (which of a table without content needs its places kept); everything else under its stemmer. One file, no journal, warm.

use super::super::flat::{Flat, Name, flat, national, plain};
use super::super::needs::{Asks, Need};
use super::super::records::Record;
use super::{Answered, Cost, Engine, own_cost, words_of};
use crate::{Fault, house};
use async_trait::async_trait;
use model::identifiers::vrm;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, QueryBuilder, Row};
use std::path::Path;
use tempfile::TempDir;
use uuid::Uuid;

const TABLES: &str = "
    CREATE TABLE records (number INTEGER PRIMARY KEY, id BLOB, kind, at, latitude, longitude);
    CREATE TABLE people (number INTEGER PRIMARY KEY, record, kind, year, month, day);
    CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='porter unicode61', content='');
    CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram', content='');
    CREATE VIRTUAL TABLE numbers USING fts5(value, tokenize='trigram', content='');";

const FINISH: [&str; 6] = [
    "INSERT INTO texts(texts) VALUES ('optimize')",
    "INSERT INTO names(names) VALUES ('optimize')",
    "INSERT INTO numbers(numbers) VALUES ('optimize')",
    "CREATE INDEX at ON records (kind, at)",
    "CREATE INDEX person ON people (record)",
    "ANALYZE",
];

const PRAGMAS: &str = "cache_size 256 MB, mmap 4 GB, journal off, synchronous off";

/// One file and one connection.
pub struct Sqlite {
    connection: SqliteConnection,
    records: i64,
    people: i64,
    folder: TempDir,
}

type Build = QueryBuilder<sqlx::Sqlite>;

impl Sqlite {
    /// An empty database.
    ///
    /// # Errors
    /// Faults of the disk.
    pub async fn open(work: Option<&Path>) -> Result<Self, Fault> {
        let folder = house::folder(work)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("peer.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-262144")
            .pragma("mmap_size", "4294967296")
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        sqlx::raw_sql(TABLES).execute(&mut connection).await?;
        Ok(Self { connection, records: 0, people: 0, folder })
    }

    async fn insert<T: Send>(
        &mut self,
        into: &'static str,
        rows: Vec<T>,
        mut bind: impl FnMut(&mut sqlx::query_builder::Separated<'_, sqlx::Sqlite, &'static str>, T) + Send,
    ) -> Result<(), Fault> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut sql = Build::new("INSERT INTO ");
            sql.push(into).push(" ");
            sql.push_values(rows.by_ref().take(500), |mut row, value| bind(&mut row, value));
            sql.build().execute(&mut self.connection).await?;
        }
        Ok(())
    }

    async fn rows(&mut self, need: &Need, any: bool, most: usize) -> Result<Answered, Fault> {
        let mut sql = statement(need, any, most)?;
        let asked = sql.sql().as_str().to_owned();
        let rows = sql.build().fetch_all(&mut self.connection).await?;
        let total = rows.first().map_or(Ok(0), |row| row.try_get::<i64, _>("total"))?;
        let ids: Result<Vec<Uuid>, Fault> = rows
            .iter()
            .map(|row| {
                let octets: &[u8] = row.try_get("id")?;
                Ok(Uuid::from_slice(octets)?)
            })
            .collect();
        Ok(Answered { asked, total: total.unsigned_abs(), ids: ids?, error: None })
    }
}

/// The statement for a need: a join for each thing that is asked for, whose BM25 adds up (less is better).
fn statement(need: &Need, any: bool, most: usize) -> Result<Build, Fault> {
    let asks = &need.asks;
    let values: Vec<String> = [
        asks.phone.as_deref().map(national),
        asks.mark.as_deref().map(|mark| vrm::look_alike(mark).to_lowercase()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let words = asks.words.clone().or_else(|| asks.is_plain().then(|| need.text.clone()));
    let has_grams = asks.names.is_some() || !values.is_empty();
    let words = words.filter(|_| !(any && has_grams));
    let mut sql = Build::new("SELECT r.id AS id, (0");
    let parts = [("n", asks.names.is_some()), ("v", !values.is_empty()), ("t", words.is_some())];
    for (part, _) in parts.iter().filter(|(_, is_asked)| *is_asked) {
        sql.push(format!(" + {part}.s"));
    }
    sql.push(") AS score, count(*) OVER () AS total FROM records r");
    if let Some(names) = &asks.names {
        matches(&mut sql, "names", any_gram(&padded(&plain(names))));
        sql.push(
            "SELECT p.record AS record, min(g.s) AS s FROM g CROSS JOIN people p ON p.number = g.number",
        );
        sql.push(" WHERE true");
        born_then(&mut sql, asks);
        sql.push(" GROUP BY p.record) n ON n.record = r.number");
    }
    if !values.is_empty() {
        matches(&mut sql, "numbers", any_gram(&values.join(" ")));
        sql.push("SELECT number AS record, s FROM g) v ON v.record = r.number");
    }
    if let Some(words) = words {
        let quoted: Vec<String> = words_of(&words).iter().map(|word| format!("\"{word}\"")).collect();
        matches(&mut sql, "texts", quoted.join(if any { " OR " } else { " AND " }));
        sql.push("SELECT number AS record, s FROM g) t ON t.record = r.number");
    }
    sql.push(" WHERE true");
    conditions(&mut sql, asks);
    sql.push(" ORDER BY score, r.number DESC LIMIT ").push_bind(i64::try_from(most)?);
    Ok(sql)
}

/// Begins a join with what a full-text table matches. It is matched first and once, whatever the planner
/// thinks of the rest.
fn matches(sql: &mut Build, table: &str, query: String) {
    sql.push(format!(
        " JOIN (WITH g AS MATERIALIZED (SELECT rowid AS number, rank AS s FROM {table} WHERE {table} MATCH "
    ));
    sql.push_bind(query).push(") ");
}

fn born_then(sql: &mut Build, asks: &Asks) {
    if let Some(kind) = asks.kind_number() {
        sql.push(" AND p.kind = ").push_bind(i64::from(kind));
    }
    if let Some(year) = asks.born().and_then(|born| born.year) {
        sql.push(" AND (p.year IS NULL OR p.year BETWEEN ").push_bind(i64::from(year) - 2);
        sql.push(" AND ").push_bind(i64::from(year) + 2).push(")");
    }
}

fn conditions(sql: &mut Build, asks: &Asks) {
    if let Some(kind) = asks.kind_number() {
        sql.push(" AND r.kind = ").push_bind(i64::from(kind));
    }
    if let Some((from, to)) = asks.period() {
        sql.push(" AND r.at >= ").push_bind(from).push(" AND r.at < ").push_bind(to);
    }
    if let Some(near) = asks.near {
        let (north, east) = near.reach();
        let millionths = |degrees: f64| (degrees * 1e6) as i64;
        sql.push(" AND r.latitude BETWEEN ").push_bind(millionths(near.latitude - north));
        sql.push(" AND ").push_bind(millionths(near.latitude + north));
        sql.push(" AND r.longitude BETWEEN ").push_bind(millionths(near.longitude - east));
        sql.push(" AND ").push_bind(millionths(near.longitude + east));
    }
    if asks.names.is_none()
        && let Some(born) = asks.born()
    {
        sql.push(" AND r.number IN (SELECT record FROM people WHERE true");
        let parts = [
            ("year", born.year.map(i64::from)),
            ("month", born.month.map(i64::from)),
            ("day", born.day.map(i64::from)),
        ];
        for (column, part) in parts {
            if let Some(part) = part {
                sql.push(format!(" AND {column} = ")).push_bind(part);
            }
        }
        sql.push(")");
    }
}

/// With a space before and after, so that beginnings and ends of names are trigrams too.
fn padded(text: &str) -> String {
    format!(" {text} ")
}

/// A match of any trigram of a text.
fn any_gram(text: &str) -> String {
    let letters: Vec<char> = text.chars().filter(|letter| *letter != '"').collect();
    let mut grams: Vec<String> =
        letters.windows(3).map(|gram| format!("\"{}\"", gram.iter().collect::<String>())).collect();
    grams.sort();
    grams.dedup();
    match grams.is_empty() {
        true => format!("\"{text}\""),
        false => grams.join(" OR "),
    }
}

#[async_trait]
impl Engine for Sqlite {
    fn peers(&self) -> Vec<&'static str> {
        vec!["sqlite-fts5"]
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        let said: Vec<(i64, Flat)> = (self.records + 1..).zip(records.iter().map(flat)).collect();
        self.records += said.len() as i64;
        let (mut people, mut names) = (Vec::new(), Vec::new());
        for (number, said) in &said {
            let born = said.births.first().copied();
            for name in said.names.iter().map(Name::short) {
                self.people += 1;
                people.push((self.people, *number, said.kind, born));
                names.push((self.people, padded(&name)));
            }
        }
        let texts: Vec<(i64, String)> =
            said.iter().map(|(number, said)| (*number, said.text.clone())).collect();
        let numbers: Vec<(i64, String)> = said
            .iter()
            .filter(|(_, said)| !said.phones.is_empty() || !said.marks.is_empty())
            .map(|(number, said)| (*number, [said.phones.join(" "), said.marks.join(" ")].join(" ")))
            .collect();
        sqlx::raw_sql("BEGIN").execute(&mut self.connection).await?;
        self.insert("records", said, |row, (number, said)| {
            let (north, east) = said.point.unzip();
            row.push_bind(number)
                .push_bind(said.id.as_bytes().to_vec())
                .push_bind(i64::from(said.kind))
                .push_bind(said.at);
            row.push_bind(north).push_bind(east);
        })
        .await?;
        self.insert("people", people, |row, (number, record, kind, born)| {
            row.push_bind(number).push_bind(record).push_bind(i64::from(kind));
            row.push_bind(born.and_then(|born| born.year).map(i64::from));
            row.push_bind(born.and_then(|born| born.month).map(i64::from));
            row.push_bind(born.and_then(|born| born.day).map(i64::from));
        })
        .await?;
        for (into, rows) in
            [("texts(rowid, text)", texts), ("names(rowid, name)", names), ("numbers(rowid, value)", numbers)]
        {
            self.insert(into, rows, |row, (number, text)| {
                row.push_bind(number).push_bind(text);
            })
            .await?;
        }
        sqlx::raw_sql("COMMIT").execute(&mut self.connection).await?;
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        for statement in FINISH {
            sqlx::raw_sql(statement).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Where nothing fits everything, names and numbers alone must fit, and of words one is enough.
    async fn ask(&mut self, _: &'static str, need: &Need, most: usize) -> Result<Answered, Fault> {
        let strict = self.rows(need, false, most).await?;
        match strict.total {
            0 => self.rows(need, true, most).await,
            _ => Ok(strict),
        }
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        let disk = std::fs::metadata(self.folder.path().join("peer.sqlite"))?.len();
        let version: String =
            sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut self.connection).await?;
        own_cost(Some(disk as f64 / 1_048_576.0), &[("version", &version), ("settings", PRAGMAS)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_asked_for_by_its_trigrams() {
        assert_eq!(any_gram(&padded("li")), "\" li\" OR \"li \"");
        assert_eq!(any_gram("ab"), "\"ab\"");
    }
}
