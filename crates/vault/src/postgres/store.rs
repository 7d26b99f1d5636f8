//! The store of one force in one database.

use super::clean;
use super::cluster::{Address, Database, Sessions, lock_number};
use super::fault::{Tries, is_lost, is_undone};
use super::log::Refused;
use super::tx::Tx;
use crate::cells::Reading;
use crate::gather::{Found, Gather};
use crate::keys::KeyPlace;
use crate::sql;
use crate::store::{ItemRow, RecordStore, SeenRow, SourceId};
use crate::version::VersionRow;
use async_trait::async_trait;
use futures::FutureExt;
use law::access::Filter;
use ledger::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, StoreError, Touch};
use model::{ActorId, ForceId, RecordId, VersionId};
use sqlx::Postgres;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgArguments, PgRow};
use std::time::{Duration, Instant};
use uuid::Uuid;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres-records");
/// Connections: two cores serve no more, and a standby or a second process wants some too.
const SESSIONS: (u32, u32, u32) = (8, 12, 3);
/// How long the answer to a commit is sought where it was lost.
const SEEKING: Duration = Duration::from_secs(30);

/// A statement that is being bound.
pub(super) type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

/// Records and log of one force in one database.
pub struct PostgresStore {
    database: Database,
    force: ForceId,
    heads: Gather<RecordId, VersionRow>,
    versions: Gather<VersionId, VersionRow>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgresStore({})", self.database.name())
    }
}

impl PostgresStore {
    /// Opens the store of a force; an empty database gets its tables.
    ///
    /// # Errors
    /// [`StoreError`], with the mend: no way in, no such database, too old a server, a standby, a
    /// server that does not keep what it acknowledges, or a schema of a newer program.
    pub async fn open(address: &Address, force: ForceId) -> Result<Self, StoreError> {
        let (readers, writers, sequencer) = SESSIONS;
        let sessions = Sessions { readers, writers, sequencer, first: "SELECT 1".to_owned() };
        let database = Database::open(address, &MIGRATIONS, &sessions).await.map_err(StoreError::Failed)?;
        Ok(Self { database, force, heads: Gather::default(), versions: Gather::default() })
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The force as the first column of every key.
    pub(super) fn key(&self) -> Vec<u8> {
        self.force.octets().to_vec()
    }

    /// The lock that writers share and whoever must be alone takes.
    pub(super) fn writers_lock(&self) -> i64 {
        lock_number("writers", &self.key())
    }

    /// The lock of whoever gives batches their order.
    pub(super) fn order_lock(&self) -> i64 {
        lock_number("order", &self.key())
    }

    /// All rows of a query that reads. Where the connection is lost it is asked again.
    pub(super) async fn all<T>(
        &self,
        query: impl Fn() -> Query,
        read: impl Fn(&PgRow) -> sqlx::Result<T>,
    ) -> sqlx::Result<Vec<T>> {
        let mut tries = Tries::of_harmless();
        loop {
            match query().fetch_all(self.database.readers()).await {
                Ok(rows) => return rows.iter().map(&read).collect(),
                Err(error) => tries.again(error).await?,
            }
        }
    }

    /// Begins a transaction that others who write may be beside.
    pub(super) async fn begin_shared(&self) -> sqlx::Result<Tx> {
        self.begin_with("pg_advisory_xact_lock_shared").await
    }

    /// Begins a transaction beside which nobody else writes.
    pub(super) async fn begin_exclusive(&self) -> sqlx::Result<Tx> {
        self.begin_with("pg_advisory_xact_lock").await
    }

    async fn begin_with(&self, lock: &str) -> sqlx::Result<Tx> {
        let first = format!("BEGIN; SELECT {lock}({})", self.writers_lock());
        let mut tries = Tries::of_harmless();
        loop {
            match self.database.begin(self.database.writers(), &first).await {
                Ok(tx) => return Ok(tx),
                Err(error) => tries.again(error).await?,
            }
        }
    }

    pub(super) fn fault<'a>(&'a self, doing: &'a str) -> impl Fn(sqlx::Error) -> StoreError + 'a {
        move |error| {
            let why = self.database.explain(doing, &error);
            match is_undone(&error) {
                true => StoreError::Undone(why),
                false => StoreError::Failed(why),
            }
        }
    }

    async fn load_heads(&self, ids: Vec<RecordId>) -> Found<RecordId, VersionRow> {
        let rows = self.read_heads(&ids).await.map_err(|error| self.database.explain(READ, &error))?;
        Ok(rows.into_iter().map(|row| (row.version.record, row)).collect())
    }

    async fn load_versions(&self, ids: Vec<VersionId>) -> Found<VersionId, VersionRow> {
        let rows = self.read_by_id(&ids).await.map_err(|error| self.database.explain(READ, &error))?;
        Ok(rows.into_iter().map(|row| (row.version.version, row)).collect())
    }

    /// Counts that something went from a table, so that cleaning writes it anew.
    pub(super) async fn freed(&self, tx: &mut Tx, table: &'static str) -> sqlx::Result<()> {
        self.raise(tx, &freed_name(table), 1).await.map(drop)
    }

    /// Rules of our own that the server does not know: each is a query that must find nothing.
    async fn broken_rules(&self) -> sqlx::Result<Vec<String>> {
        let mut broken = Vec::new();
        for (sql, what) in sql::RULES {
            let read = |row: &PgRow| Reading { table: "check", row, key: 0 }.column::<i64>(0, "count");
            let counts = self.all(|| sqlx::query(*sql).bind(self.key()), read).await?;
            broken.extend(counts.iter().filter(|count| **count != 0).map(|count| format!("{count} {what}")));
        }
        Ok(broken)
    }

    /// Writes the tables anew from which something went since that was done last.
    async fn rewrite_freed(&self) -> sqlx::Result<()> {
        for table in ["versions", "items"] {
            let name = freed_name(table);
            let read = |row: &PgRow| Reading { table: "counters", row, key: 0 }.column::<i64>(0, "value");
            let query = || sqlx::query(FREED).bind(self.key()).bind(name.clone());
            let Some(freed) = self.all(query, read).await?.pop().filter(|freed| *freed > 0) else { continue };
            let mut connection = self.database.writers().acquire().await?;
            clean::rewrite(&mut connection, table).await?;
            let query = sqlx::query(REWRITTEN).bind(self.key()).bind(name).bind(freed);
            query.execute(&mut *connection).await?;
        }
        Ok(())
    }

    /// What became of a batch whose commit had no answer: it is there, or it never will be.
    async fn seek(&self, batch: Uuid) -> sqlx::Result<bool> {
        let until = Instant::now() + SEEKING;
        loop {
            match self.was_kept(batch).await {
                Err(error) if is_lost(&error) && Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                answer => return answer,
            }
        }
    }

    /// Says what became of a commit that failed. `Ok` where it was carried out after all.
    async fn settle(&self, batch: Option<Uuid>, error: sqlx::Error) -> Result<(), StoreError> {
        if !is_lost(&error) {
            return Err(self.fault(WRITE)(error));
        }
        let sought = match batch {
            Some(batch) => self.seek(batch).await,
            None => Err(error),
        };
        match sought {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreError::Undone(format!(
                "the connection to {} was lost before the commit; nothing of it was kept: do it again",
                self.database.name()
            ))),
            Err(error) => Err(StoreError::Failed(self.database.explain(
                "the connection was lost during the commit, and it is not known whether it was kept: look before you do it again",
                &error,
            ))),
        }
    }
}

const FREED: &str = "SELECT value FROM counters WHERE force_id = $1 AND name = $2";
const REWRITTEN: &str = "UPDATE counters SET value = value - $3 WHERE force_id = $1 AND name = $2";

fn freed_name(table: &str) -> String {
    format!("freed/{table}")
}

pub(super) const READ: &str = "reading failed";
pub(super) const WRITE: &str = "writing failed; nothing of it was kept";

#[async_trait]
impl EntryStore for PostgresStore {
    type Tx = Tx;

    async fn begin(&self) -> Result<Tx, StoreError> {
        self.begin_shared().await.map_err(self.fault(WRITE))
    }

    async fn begin_alone(&self) -> Result<Tx, StoreError> {
        self.begin_exclusive().await.map_err(self.fault(WRITE))
    }

    async fn append(&self, tx: &mut Tx, batch: &PendingBatch) -> Result<(), StoreError> {
        self.insert_batch(tx, batch).await.map_err(self.fault(WRITE))
    }

    async fn append_alone(&self, batch: &PendingBatch) -> Result<(), StoreError> {
        let Err(error) = self.insert_batch_alone(batch).await else { return Ok(()) };
        // An entry that is known not to be there may be put there once more: it is the same one.
        if !is_lost(&error) || !matches!(self.seek(batch.id).await, Ok(false)) {
            return self.settle(Some(batch.id), error).await;
        }
        match self.insert_batch_alone(batch).await {
            Ok(()) => Ok(()),
            Err(error) => self.settle(Some(batch.id), error).await,
        }
    }

    async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        let batch = tx.batch();
        match tx.commit().await {
            Ok(()) => Ok(()),
            Err(error) => self.settle(batch, error).await,
        }
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.read_head().await.map_err(self.fault(READ))
    }

    async fn take_lease(&self) -> Result<u64, StoreError> {
        let mut tries = Tries::of_harmless();
        loop {
            match self.raise_fence().await {
                Ok(fence) => return Ok(fence),
                Err(error) => tries.again(error).await.map_err(self.fault(WRITE))?,
            }
        }
    }

    async fn pending(&self, entries: u32) -> Result<Vec<PendingBatch>, StoreError> {
        let mut tries = Tries::of_harmless();
        loop {
            match self.read_pending(entries).await {
                Ok(batches) => return Ok(batches),
                Err(error) => tries.again(error).await.map_err(self.fault(READ))?,
            }
        }
    }

    async fn integrate(&self, step: Step) -> Result<bool, StoreError> {
        let mut tries = Tries::of_undone();
        loop {
            match self.take_step(&step).await {
                Ok(Ok(())) => return Ok(true),
                Ok(Err(Refused::Lease)) => return Ok(false),
                Ok(Err(Refused::Moved(why))) => {
                    return Err(StoreError::Failed(format!(
                        "{why}: stop every other process that uses this log"
                    )));
                }
                Err(error) => tries.again(error).await.map_err(self.fault(WRITE))?,
            }
        }
    }

    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError> {
        let mut tries = Tries::of_harmless();
        loop {
            match self.write_checkpoint(head).await {
                Ok(true) => return Ok(()),
                Ok(false) => break,
                Err(error) => tries.again(error).await.map_err(self.fault(WRITE))?,
            }
        }
        Err(StoreError::Failed("another process has taken over this log: stop one of the two".to_owned()))
    }

    async fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.read_tile(level, number).await.map_err(self.fault(READ))
    }

    async fn payloads(&self, first: u64, end: u64) -> Result<Vec<PayloadRun>, StoreError> {
        self.read_payloads(first, end).await.map_err(self.fault(READ))
    }

    async fn replace_payloads(&self, runs: Vec<PayloadRun>) -> Result<(), StoreError> {
        let mut tries = Tries::of_harmless();
        loop {
            match self.write_payloads(&runs).await {
                Ok(None) => return Ok(()),
                Ok(Some(first)) => {
                    let why = format!("there is no run of payloads at leaf {first}; nothing was changed");
                    return Err(StoreError::Failed(why));
                }
                Err(error) => tries.again(error).await.map_err(self.fault(WRITE))?,
            }
        }
    }

    async fn touches(&self, first: u64, end: u64) -> Result<Vec<Touch>, StoreError> {
        self.leaf_touches(first, end).await.map_err(self.fault(READ))
    }

    async fn forget_touches(&self, leaf: u64) -> Result<(), StoreError> {
        self.drop_touches(leaf).await.map_err(self.fault(WRITE))
    }

    async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, StoreError> {
        self.read_feed(after, limit).await.map_err(self.fault(READ))
    }
}

#[async_trait]
impl RecordStore for PostgresStore {
    async fn add_versions(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> Result<Vec<usize>, StoreError> {
        self.insert_versions(tx, rows, before).await.map_err(self.fault(WRITE))
    }

    async fn take_references(&self, tx: &mut Tx, kind: u16, count: u64) -> Result<u64, StoreError> {
        let last = self.raise(tx, &format!("reference/{kind}"), count).await.map_err(self.fault(WRITE))?;
        Ok(last - count + 1)
    }

    async fn note_mark(&self, tx: &mut Tx, mark: u64) -> Result<(), StoreError> {
        self.raise_mark(tx, mark).await.map_err(self.fault(WRITE))
    }

    async fn mark(&self) -> Result<u64, StoreError> {
        self.read_mark().await.map_err(self.fault(READ))
    }

    async fn heads(&self, records: &[RecordId]) -> Result<Vec<VersionRow>, StoreError> {
        let [record] = records else {
            return self.read_heads(records).await.map_err(self.fault(READ));
        };
        let load = |ids| self.load_heads(ids).boxed();
        Ok(self.heads.one(*record, load).await.map_err(StoreError::Failed)?.into_iter().collect())
    }

    async fn versions(&self, versions: &[VersionId]) -> Result<Vec<VersionRow>, StoreError> {
        let [version] = versions else {
            return self.read_by_id(versions).await.map_err(self.fault(READ));
        };
        let load = |ids| self.load_versions(ids).boxed();
        Ok(self.versions.one(*version, load).await.map_err(StoreError::Failed)?.into_iter().collect())
    }

    async fn history(&self, record: RecordId) -> Result<Vec<VersionRow>, StoreError> {
        self.read_history(record).await.map_err(self.fault(READ))
    }

    async fn versions_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        self.read_after(after, limit).await.map_err(self.fault(READ))
    }

    async fn by_reference(&self, kind: u16, reference: u64) -> Result<Option<RecordId>, StoreError> {
        let Ok(reference) = i64::try_from(reference) else { return Ok(None) };
        let query = || sqlx::query(sql::BY_REFERENCE).bind(self.key()).bind(i64::from(kind)).bind(reference);
        Ok(self.ids("records", query).await.map_err(self.fault(READ))?.pop())
    }

    async fn links_of(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let query = || sqlx::query(sql::LINKS_OF).bind(self.key()).bind(record.octets().to_vec());
        self.ids("links", query).await.map_err(self.fault(READ))
    }

    async fn newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        self.read_newest(kind, allowed, before, limit).await.map_err(self.fault(READ))
    }

    async fn count(&self, kind: u16) -> Result<u64, StoreError> {
        let query = || sqlx::query(sql::COUNT).bind(self.key()).bind(i64::from(kind));
        let read = |row: &PgRow| Reading { table: "records", row, key: 0 }.number(0, "count");
        Ok(self.all(query, read).await.map_err(self.fault(READ))?.pop().unwrap_or(0))
    }

    async fn places_in_use(&self, bucket: u32) -> Result<Vec<KeyPlace>, StoreError> {
        self.used_places(bucket).await.map_err(self.fault(READ))
    }

    async fn delete_record(&self, tx: &mut Tx, record: RecordId) -> Result<(), StoreError> {
        self.remove_record(tx, record).await.map_err(self.fault(WRITE))
    }

    async fn replace_bodies(
        &self,
        tx: &mut Tx,
        bodies: &[(VersionId, KeyPlace, Vec<u8>)],
    ) -> Result<(), StoreError> {
        match self.write_bodies(tx, bodies).await.map_err(self.fault(WRITE))? {
            None => Ok(()),
            Some(version) => Err(StoreError::Failed(format!(
                "there is no version {version} to replace: it was erased meanwhile"
            ))),
        }
    }

    async fn put_setting(&self, tx: &mut Tx, area: &str, name: &str, value: &str) -> Result<(), StoreError> {
        self.write_setting(tx, area, name, value).await.map_err(self.fault(WRITE))
    }

    async fn delete_setting(&self, tx: &mut Tx, area: &str, name: &str) -> Result<(), StoreError> {
        self.remove_named(tx, sql::DELETE_SETTING, area, name).await.map_err(self.fault(WRITE))
    }

    async fn setting(&self, area: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.read_setting(area, name).await.map_err(self.fault(READ))
    }

    async fn settings(&self, area: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.read_settings(area).await.map_err(self.fault(READ))
    }

    async fn put_items(&self, tx: &mut Tx, items: &[ItemRow]) -> Result<(), StoreError> {
        self.write_items(tx, items).await.map_err(self.fault(WRITE))
    }

    async fn item(&self, area: &str, name: &str) -> Result<Option<ItemRow>, StoreError> {
        self.read_item(area, name).await.map_err(self.fault(READ))
    }

    async fn items(&self, area: &str, after: &str, limit: u32) -> Result<Vec<ItemRow>, StoreError> {
        self.read_items(area, after, limit).await.map_err(self.fault(READ))
    }

    async fn delete_item(&self, tx: &mut Tx, area: &str, name: &str) -> Result<(), StoreError> {
        self.remove_named(tx, sql::DELETE_ITEM, area, name).await.map_err(self.fault(WRITE))?;
        self.freed(tx, "items").await.map_err(self.fault(WRITE))
    }

    async fn seen_rows(
        &self,
        tx: &mut Tx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> Result<Vec<SeenRow>, StoreError> {
        self.read_seen(tx, source, contents).await.map_err(self.fault(READ))
    }

    async fn put_seen_rows(&self, tx: &mut Tx, source: &str, rows: &[SeenRow]) -> Result<(), StoreError> {
        self.write_seen(tx, source, rows).await.map_err(self.fault(WRITE))
    }

    async fn source_ids(&self, tx: &mut Tx, ids: &[[u8; 16]]) -> Result<Vec<SourceId>, StoreError> {
        self.read_source_ids(tx, ids).await.map_err(self.fault(READ))
    }

    async fn put_source_ids(&self, tx: &mut Tx, rows: &[SourceId]) -> Result<(), StoreError> {
        self.write_source_ids(tx, rows).await.map_err(self.fault(WRITE))
    }

    async fn touches_of_record(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> Result<Vec<Touch>, StoreError> {
        self.record_touches(record, before, limit).await.map_err(self.fault(READ))
    }

    async fn touches_by_actor(&self, actor: ActorId, limit: u32) -> Result<Vec<Touch>, StoreError> {
        self.actor_touches(actor, limit).await.map_err(self.fault(READ))
    }

    async fn clean(&self) -> Result<(), StoreError> {
        self.rewrite_freed().await.map_err(self.fault("cleaning failed"))
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        let fault = self.fault("the check failed");
        let mut found = clean::integrity(&self.database).await.map_err(&fault)?;
        found.extend(self.broken_rules().await.map_err(&fault)?);
        Ok(found)
    }

    async fn octets(&self) -> Result<u64, StoreError> {
        let query = || sqlx::query("SELECT pg_database_size(current_database())");
        let read = |row: &PgRow| Reading { table: "pg_database", row, key: 0 }.number(0, "octets");
        Ok(self.all(query, read).await.map_err(self.fault(READ))?.pop().unwrap_or(0))
    }
}
