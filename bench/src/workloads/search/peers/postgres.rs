//! PostgreSQL as somebody would build the search on it who knows it: names in a table of their own under a
//! trigram index, numbers and marks likewise, everything else under full text, all indexes GIN; loaded
//! without the disk in its way, analysed, warm. Three peers differ in the similarity that a name must have.

use super::super::flat::{Flat, Name, flat};
use super::super::needs::Need;
use super::super::records::Record;
use super::postgres_query::{Stage, statement};
use super::{Answered, Cost, Engine};
use crate::Fault;
use crate::process::share_mib;
use async_trait::async_trait;
use model::PartialDate;
use servers::{Cluster, Programs};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;

/// The peers and the least similarity of each.
const PEERS: [(&str, f32); 3] = [("postgres-0.4", 0.4), ("postgres-0.3", 0.3), ("postgres-0.2", 0.2)];

/// For a machine with some memory to spare and a disk that seeks as fast as it reads.
const SETTINGS: [&str; 14] = [
    "shared_buffers=1GB",
    "effective_cache_size=4GB",
    "work_mem=64MB",
    "maintenance_work_mem=512MB",
    "random_page_cost=1.1",
    "jit=off",
    "plan_cache_mode=force_custom_plan",
    "max_parallel_workers_per_gather=2",
    "gin_fuzzy_search_limit=0",
    "synchronous_commit=off",
    "fsync=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "default_statistics_target=500",
];

const TABLES: &str = "
    CREATE EXTENSION pg_trgm;
    CREATE UNLOGGED TABLE records (
        id uuid NOT NULL, kind int2 NOT NULL, at int8, latitude int4, longitude int4, text text NOT NULL,
        document tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED);
    CREATE UNLOGGED TABLE names (id uuid NOT NULL, kind int2 NOT NULL, name text NOT NULL,
        year int2, month int2, day int2);
    CREATE UNLOGGED TABLE phones (id uuid NOT NULL, kind int2 NOT NULL, value text NOT NULL);
    CREATE UNLOGGED TABLE marks (id uuid NOT NULL, kind int2 NOT NULL, value text NOT NULL)";

const INDEXES: [&str; 10] = [
    "CREATE INDEX ON records USING gin (document) WITH (fastupdate = off)",
    "CREATE INDEX ON names USING gin (name gin_trgm_ops) WITH (fastupdate = off)",
    "CREATE INDEX ON phones USING gin (value gin_trgm_ops) WITH (fastupdate = off)",
    "CREATE INDEX ON marks USING gin (value gin_trgm_ops) WITH (fastupdate = off)",
    "CREATE INDEX ON records (id)",
    "CREATE INDEX ON records (kind, at)",
    "CREATE INDEX ON records (latitude, longitude)",
    "CREATE INDEX ON names (year, month, day)",
    "CREATE INDEX ON names (id)",
    "VACUUM (ANALYZE)",
];

/// A cluster of its own and one connection to it.
pub struct Postgres {
    connection: PgConnection,
    /// Least similarity that is set at the moment.
    similarity: f32,
    process: u32,
    /// Ended when dropped, before its files go.
    _cluster: Cluster,
    _folder: TempDir,
}

impl Postgres {
    /// Makes and starts a cluster; `None` where PostgreSQL is not installed.
    ///
    /// # Errors
    /// Where the server does not start.
    pub async fn open() -> Result<Option<Self>, Fault> {
        let Some(programs) = Programs::find() else { return Ok(None) };
        let programs = Arc::new(programs);
        let folder = crate::house::folder(None)?;
        programs.give(folder.path())?;
        let cluster = Cluster::start_with(&programs, &folder.path().join("peer"), &SETTINGS)?;
        cluster.create_database("peer")?;
        let options: PgConnectOptions = cluster.url("peer").parse()?;
        let mut connection = options.disable_statement_logging().connect().await?;
        sqlx::raw_sql(TABLES).execute(&mut connection).await?;
        let file: String =
            sqlx::query_scalar("SELECT pg_read_file('postmaster.pid')").fetch_one(&mut connection).await?;
        let process = file.lines().next().unwrap_or_default().parse()?;
        Ok(Some(Self { connection, similarity: 0.0, process, _cluster: cluster, _folder: folder }))
    }

    async fn copy(&mut self, columns: &str, rows: &str) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut copy = self.connection.copy_in_raw(&format!("COPY {columns} FROM STDIN")).await?;
        copy.send(rows.as_bytes()).await?;
        copy.finish().await?;
        Ok(())
    }

    async fn require(&mut self, similarity: f32) -> Result<(), Fault> {
        if self.similarity != similarity {
            let set = format!("SET pg_trgm.similarity_threshold = {similarity}");
            sqlx::raw_sql(AssertSqlSafe(set)).execute(&mut self.connection).await?;
            self.similarity = similarity;
        }
        Ok(())
    }

    async fn rows(&mut self, need: &Need, stage: Stage, most: usize) -> Result<Answered, Fault> {
        let mut statement = statement(need, stage, most)?;
        let asked = statement.sql().as_str().to_owned();
        let rows = statement.build().fetch_all(&mut self.connection).await?;
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

/// Rows for `COPY`.
#[derive(Default)]
struct Rows {
    records: String,
    names: String,
    phones: String,
    marks: String,
}

impl Rows {
    fn add(&mut self, said: &Flat) -> std::fmt::Result {
        let (id, kind) = (said.id, said.kind);
        let (north, east) = said.point.unzip();
        let text = escaped(&said.text);
        let [at, north, east] = [said.at, north.map(i64::from), east.map(i64::from)].map(or_null);
        writeln!(self.records, "{id}\t{kind}\t{at}\t{north}\t{east}\t{text}")?;
        let unknown = [PartialDate { year: None, month: None, day: None }];
        let births = if said.births.is_empty() { &unknown[..] } else { &said.births };
        for name in said.names.iter().map(Name::short) {
            for born in births {
                let name = escaped(&name);
                let [year, month, day] =
                    [born.year.map(i64::from), born.month.map(i64::from), born.day.map(i64::from)]
                        .map(or_null);
                writeln!(self.names, "{id}\t{kind}\t{name}\t{year}\t{month}\t{day}")?;
            }
        }
        said.phones.iter().try_for_each(|phone| writeln!(self.phones, "{id}\t{kind}\t{}", escaped(phone)))?;
        said.marks.iter().try_for_each(|mark| writeln!(self.marks, "{id}\t{kind}\t{}", escaped(mark)))
    }
}

fn or_null(number: Option<i64>) -> String {
    number.map_or_else(|| "\\N".to_owned(), |number| number.to_string())
}

/// Text for `COPY`: what would end a column or row is a space.
fn escaped(text: &str) -> String {
    text.replace(['\t', '\n', '\r', '\0'], " ").replace('\\', "\\\\")
}

#[async_trait]
impl Engine for Postgres {
    fn peers(&self) -> Vec<&'static str> {
        PEERS.map(|(peer, _)| peer).to_vec()
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        let mut rows = Rows::default();
        records.iter().try_for_each(|record| rows.add(&flat(record)))?;
        self.copy("records (id, kind, at, latitude, longitude, text)", &rows.records).await?;
        self.copy("names", &rows.names).await?;
        self.copy("phones", &rows.phones).await?;
        self.copy("marks", &rows.marks).await
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        for statement in INDEXES {
            sqlx::raw_sql(statement).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Where nothing fits everything, names and numbers alone must fit, and one word is enough.
    async fn ask(&mut self, peer: &'static str, need: &Need, most: usize) -> Result<Answered, Fault> {
        let similarity = PEERS.iter().find(|(known, _)| *known == peer).map_or(0.3, |(_, least)| *least);
        self.require(similarity).await?;
        let strict = self.rows(need, Stage::All, most).await?;
        match strict.total {
            0 => self.rows(need, Stage::Some, most).await,
            _ => Ok(strict),
        }
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        let octets: i64 = sqlx::query_scalar("SELECT pg_database_size(current_database())")
            .fetch_one(&mut self.connection)
            .await?;
        let version: String =
            sqlx::query_scalar("SHOW server_version").fetch_one(&mut self.connection).await?;
        let mut settings = BTreeMap::from([("version".to_owned(), version)]);
        settings.insert("settings".to_owned(), SETTINGS.join(" "));
        settings.insert("indexes".to_owned(), INDEXES.join("; "));
        let held: f64 = family(self.process).into_iter().filter_map(|process| share_mib(process).ok()).sum();
        Ok(Cost { memory_mib: held, peak_mib: held, disk_mib: Some(octets as f64 / 1_048_576.0), settings })
    }
}

/// A process and its children.
fn family(process: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    let children = children.unwrap_or_default();
    let children = children.split_whitespace().filter_map(|child| child.parse().ok());
    std::iter::once(process).chain(children).collect()
}
