//! The store of one force in one SQLite file.

use super::before_upgrade;
use super::clean;
use super::database::{Database, Tx};
use super::log::Refused;
use super::multi::Query;
use super::open;
use crate::cells::Reading;
use crate::gather::{Found, Gather};
use crate::keys::KeyPlace;
use crate::rows::record_id;
use crate::sql;
use crate::store::{ItemRow, RecordStore, SeenRow, SourceId};
use crate::version::VersionRow;
use async_trait::async_trait;
use futures::FutureExt;
use law::access::Filter;
use ledger::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, StoreError, Touch};
use model::{ActorId, ForceId, RecordId, VersionId};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteRow;
use std::path::Path;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite-records");
/// The counter of the keystore's mark; references are counted under `reference/<kind>`.
const MARK: &str = "keystore-mark";

/// Records and log of one force in one file.
pub struct SqliteStore {
    database: Database,
    force: ForceId,
    heads: Gather<RecordId, VersionRow>,
    versions: Gather<VersionId, VersionRow>,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SqliteStore({})", self.database.path().display())
    }
}

impl SqliteStore {
    /// The schema of a file that an earlier release wrote and this one is about to bring up to date; `None`
    /// where there is nothing to bring up to date.
    ///
    /// # Errors
    /// What stands in the way of reading it.
    pub async fn schema_before(path: &Path) -> Result<Option<i64>, StoreError> {
        before_upgrade::schema_before(path, &MIGRATIONS).await.map_err(StoreError::Failed)
    }

    /// Opens the store of a force; a missing file is created, readable for this user only.
    ///
    /// # Errors
    /// [`StoreError`], with the mend: no permission, disk full, corrupt, written by a newer
    /// program, or in use by another process.
    pub async fn open(path: &Path, force: ForceId) -> Result<Self, StoreError> {
        let database = open::open(path, &MIGRATIONS).await.map_err(StoreError::Failed)?;
        Ok(Self { database, force, heads: Gather::default(), versions: Gather::default() })
    }

    /// The force whose rows this reads and writes.
    #[must_use]
    pub fn force(&self) -> ForceId {
        self.force
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    /// The force as the first column of every key.
    pub(super) fn key(&self) -> Vec<u8> {
        self.force.octets().to_vec()
    }

    /// All rows of a query, read on a free connection.
    pub(super) async fn all<T>(
        &self,
        query: Query<'static>,
        read: impl Fn(&SqliteRow) -> sqlx::Result<T>,
    ) -> sqlx::Result<Vec<T>> {
        let mut reader = self.database.read().await?;
        query.fetch_all(reader.connection()?).await?.iter().map(read).collect()
    }

    /// The only row of a query, if there is one.
    pub(super) async fn one<T>(
        &self,
        query: Query<'static>,
        read: impl Fn(&SqliteRow) -> sqlx::Result<T>,
    ) -> sqlx::Result<Option<T>> {
        let mut reader = self.database.read().await?;
        query.fetch_optional(reader.connection()?).await?.as_ref().map(read).transpose()
    }

    pub(super) fn fault<'a>(&'a self, doing: &'a str) -> impl Fn(sqlx::Error) -> StoreError + 'a {
        move |error| StoreError::Failed(self.database.explain(doing, &error))
    }

    async fn load_heads(&self, ids: Vec<RecordId>) -> Found<RecordId, VersionRow> {
        let rows = self.read_heads(&ids).await.map_err(|error| self.database.explain(READ, &error))?;
        Ok(rows.into_iter().map(|row| (row.version.record, row)).collect())
    }

    async fn load_versions(&self, ids: Vec<VersionId>) -> Found<VersionId, VersionRow> {
        let rows = self.read_by_id(&ids).await.map_err(|error| self.database.explain(READ, &error))?;
        Ok(rows.into_iter().map(|row| (row.version.version, row)).collect())
    }

    /// Rules of our own that SQLite does not know: each is a query that must find nothing.
    async fn broken_rules(&self) -> sqlx::Result<Vec<String>> {
        let mut broken = Vec::new();
        for (sql, what) in sql::RULES {
            let query = sqlx::query(*sql).bind(self.key());
            let count: Option<i64> =
                self.one(query, |row| Reading { table: "check", row, key: 0 }.column(0, "count")).await?;
            if let Some(count) = count.filter(|count| *count != 0) {
                broken.push(format!("{count} {what}"));
            }
        }
        Ok(broken)
    }
}

pub(super) const READ: &str = "reading failed";
pub(super) const WRITE: &str = "writing failed; nothing of it was kept";

#[async_trait]
impl EntryStore for SqliteStore {
    type Tx = Tx;

    async fn begin(&self) -> Result<Tx, StoreError> {
        self.database.begin().await.map_err(self.fault(WRITE))
    }

    async fn append(&self, tx: &mut Tx, batch: &PendingBatch) -> Result<(), StoreError> {
        self.insert_batch(tx, batch).await.map_err(self.fault(WRITE))
    }

    async fn append_alone(&self, batch: &PendingBatch) -> Result<(), StoreError> {
        self.insert_batch_alone(batch).await.map_err(self.fault(WRITE))
    }

    async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        self.database.commit(tx).await.map_err(self.fault(WRITE))
    }

    async fn head(&self) -> Result<Head, StoreError> {
        self.read_head().await.map_err(self.fault(READ))
    }

    async fn take_lease(&self) -> Result<u64, StoreError> {
        self.raise_fence().await.map_err(self.fault(WRITE))
    }

    async fn pending(&self, entries: u32) -> Result<Vec<PendingBatch>, StoreError> {
        self.read_pending(entries).await.map_err(self.fault(READ))
    }

    async fn integrate(&self, step: Step) -> Result<bool, StoreError> {
        match self.take_step(step).await.map_err(self.fault(WRITE))? {
            Ok(()) => Ok(true),
            Err(Refused::Lease) => Ok(false),
            Err(Refused::Moved(why)) => {
                Err(StoreError::Failed(format!("{why}: stop every other process that uses this log")))
            }
        }
    }

    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError> {
        if self.write_checkpoint(head).await.map_err(self.fault(WRITE))? {
            return Ok(());
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
        match self.write_payloads(runs).await.map_err(self.fault(WRITE))? {
            None => Ok(()),
            Some(first) => Err(StoreError::Failed(format!(
                "there is no run of payloads at leaf {first}; nothing was changed"
            ))),
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
impl RecordStore for SqliteStore {
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
        self.raise_to(tx, MARK, mark).await.map_err(self.fault(WRITE))
    }

    async fn mark(&self) -> Result<u64, StoreError> {
        self.counter(MARK).await.map_err(self.fault(READ))
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
        let query = sqlx::query(sql::BY_REFERENCE).bind(self.key()).bind(i64::from(kind)).bind(reference);
        self.one(query, |row| record_id("records", row)).await.map_err(self.fault(READ))
    }

    async fn links_of(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        let query = sqlx::query(sql::LINKS_OF).bind(self.key()).bind(record.octets().to_vec());
        self.all(query, |row| record_id("links", row)).await.map_err(self.fault(READ))
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
        let query = sqlx::query(sql::COUNT);
        let query = query.bind(self.key()).bind(i64::from(kind));
        let read = |row: &SqliteRow| Reading { table: "records", row, key: 0 }.number(0, "count");
        Ok(self.one(query, read).await.map_err(self.fault(READ))?.unwrap_or(0))
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
        self.remove_named(tx, sql::DELETE_ITEM, area, name).await.map_err(self.fault(WRITE))
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
        clean::clean(&self.database).await.map_err(StoreError::Failed)
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        let fault = self.fault("the check failed");
        let mut found = clean::integrity(&self.database).await.map_err(&fault)?;
        found.extend(self.broken_rules().await.map_err(&fault)?);
        Ok(found)
    }

    async fn octets(&self) -> Result<u64, StoreError> {
        let query = sqlx::query("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
        let read = |row: &SqliteRow| Reading { table: "pages", row, key: 0 }.number(0, "octets");
        Ok(self.one(query, read).await.map_err(self.fault(READ))?.unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_named_and_the_store_goes_on_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let force = ForceId(uuid::Uuid::from_u128(1));
        let store = SqliteStore::open(&dir.path().join("records.sqlite"), force).await.unwrap();
        let limit = async |pages: &'static str| {
            let mut writer = store.database.alone().await.unwrap();
            sqlx::query(pages).execute(writer.connection()).await.unwrap();
        };
        limit("PRAGMA max_page_count = 60").await;
        let long = "x".repeat(400_000);
        let mut tx = store.begin().await.unwrap();
        let full = store.put_setting(&mut tx, "job", "long", &long).await;
        let said = full.unwrap_err().to_string();
        assert!(said.contains("is full") && said.contains("Make room"), "{said}");
        drop(tx);
        limit("PRAGMA max_page_count = 1000000").await;
        let mut tx = store.begin().await.unwrap();
        store.put_setting(&mut tx, "job", "long", &long).await.unwrap();
        store.commit(tx).await.unwrap();
        assert_eq!(store.setting("job", "long").await.unwrap().map(|text| text.len()), Some(400_000));
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
    }
}
