//! The peer of the durable log: records stay in SQLite, and the log is kept in memory only. What a
//! read costs here is what it costs without the log's disk; the rest of the program is the same.

use async_trait::async_trait;
use law::access::Filter;
use ledger::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, StoreError, Touch};
use model::{ActorId, RecordId, VersionId};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use vault::KeyPlace;
use vault::VersionRow;
use vault::sign_in::{PasswordRow, SecretDigest, SessionRow, SignInStore};
use vault::sqlite::{SqliteStore, Tx};
use vault::store::{ItemRow, RecordStore, SeenRow, SourceId};

/// Name of this peer in reports.
pub const NAME: &str = "the same program on a log kept in memory only";

/// Records in SQLite, log in memory.
#[derive(Debug)]
pub struct MemoryLog {
    records: SqliteStore,
    log: Mutex<Log>,
}

#[derive(Debug, Default)]
struct Log {
    head: Head,
    pending: VecDeque<PendingBatch>,
    payloads: BTreeMap<u64, PayloadRun>,
    tiles: HashMap<(u8, u64), Vec<u8>>,
    touches: Vec<Touch>,
    feed: Vec<FeedItem>,
}

/// A transaction. The records' own begins only where records are written, so that an entry alone
/// costs no disk at all.
#[derive(Debug, Default)]
pub struct MemoryTx {
    records: Option<Tx>,
    batches: Vec<PendingBatch>,
}

impl MemoryLog {
    /// Over a store of records.
    pub fn new(records: SqliteStore) -> Self {
        Self { records, log: Mutex::default() }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn of<'tx>(&self, tx: &'tx mut MemoryTx) -> Result<&'tx mut Tx, StoreError> {
        let records = match tx.records.take() {
            Some(records) => records,
            None => self.records.begin().await?,
        };
        Ok(tx.records.insert(records))
    }
}

#[async_trait]
impl EntryStore for MemoryLog {
    type Tx = MemoryTx;

    async fn begin(&self) -> Result<MemoryTx, StoreError> {
        Ok(MemoryTx::default())
    }

    async fn append(&self, tx: &mut MemoryTx, batch: &PendingBatch) -> Result<(), StoreError> {
        tx.batches.push(batch.clone());
        Ok(())
    }

    async fn append_alone(&self, batch: &PendingBatch) -> Result<(), StoreError> {
        self.log().pending.push_back(batch.clone());
        Ok(())
    }

    async fn commit(&self, tx: MemoryTx) -> Result<(), StoreError> {
        if let Some(records) = tx.records {
            self.records.commit(records).await?;
        }
        self.log().pending.extend(tx.batches);
        Ok(())
    }

    async fn head(&self) -> Result<Head, StoreError> {
        Ok(self.log().head.clone())
    }

    async fn take_lease(&self) -> Result<u64, StoreError> {
        let mut log = self.log();
        log.head.fence += 1;
        Ok(log.head.fence)
    }

    async fn pending(&self, entries: u32) -> Result<Vec<PendingBatch>, StoreError> {
        let mut held = 0;
        let within = |batch: &&PendingBatch| {
            let wanted = held < entries.max(1);
            held += batch.count;
            wanted
        };
        Ok(self.log().pending.iter().take_while(within).cloned().collect())
    }

    async fn integrate(&self, step: Step) -> Result<bool, StoreError> {
        let mut log = self.log();
        if log.head.fence != step.fence || log.head.size != step.from_size {
            return Ok(false);
        }
        log.pending.retain(|batch| !step.batches.contains(&batch.id));
        log.payloads.extend(step.payloads.into_iter().map(|run| (run.first, run)));
        log.tiles.extend(step.tiles.into_iter().map(|tile| ((tile.level, tile.number), tile.hashes)));
        log.touches.extend(step.touches);
        log.feed.extend(step.feed);
        log.head = step.head;
        Ok(true)
    }

    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError> {
        self.log().head = head.clone();
        Ok(())
    }

    async fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.log().tiles.get(&(level, number)).cloned())
    }

    async fn payloads(&self, first: u64, end: u64) -> Result<Vec<PayloadRun>, StoreError> {
        let log = self.log();
        let runs = log.payloads.range(..end).map(|(_, run)| run);
        Ok(runs.filter(|run| run.first + u64::from(run.count) > first).cloned().collect())
    }

    async fn replace_payloads(&self, runs: Vec<PayloadRun>) -> Result<(), StoreError> {
        self.log().payloads.extend(runs.into_iter().map(|run| (run.first, run)));
        Ok(())
    }

    async fn touches(&self, first: u64, end: u64) -> Result<Vec<Touch>, StoreError> {
        let log = self.log();
        Ok(log.touches.iter().filter(|touch| (first..end).contains(&touch.leaf)).cloned().collect())
    }

    async fn forget_touches(&self, leaf: u64) -> Result<(), StoreError> {
        self.log().touches.retain(|touch| touch.leaf != leaf);
        Ok(())
    }

    async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, StoreError> {
        let log = self.log();
        let from = log.feed.partition_point(|item| after.is_some_and(|after| item.leaf <= after));
        let rest = log.feed.get(from..).unwrap_or_default();
        let mut end = rest.len().min(limit as usize);
        // A leaf is never cut in two.
        while end > 0
            && rest.get(end).is_some_and(|next| rest.get(end - 1).is_some_and(|last| last.leaf == next.leaf))
        {
            end += 1;
        }
        Ok(rest.get(..end).unwrap_or_default().to_vec())
    }
}

#[async_trait]
impl RecordStore for MemoryLog {
    async fn add_versions(
        &self,
        tx: &mut MemoryTx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> Result<Vec<usize>, StoreError> {
        self.records.add_versions(self.of(tx).await?, rows, before).await
    }

    async fn take_references(&self, tx: &mut MemoryTx, kind: u16, count: u64) -> Result<u64, StoreError> {
        self.records.take_references(self.of(tx).await?, kind, count).await
    }

    async fn note_mark(&self, tx: &mut MemoryTx, mark: u64) -> Result<(), StoreError> {
        self.records.note_mark(self.of(tx).await?, mark).await
    }

    async fn mark(&self) -> Result<u64, StoreError> {
        self.records.mark().await
    }

    async fn heads(&self, records: &[RecordId]) -> Result<Vec<VersionRow>, StoreError> {
        self.records.heads(records).await
    }

    async fn versions(&self, versions: &[VersionId]) -> Result<Vec<VersionRow>, StoreError> {
        self.records.versions(versions).await
    }

    async fn history(&self, record: RecordId) -> Result<Vec<VersionRow>, StoreError> {
        self.records.history(record).await
    }

    async fn versions_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        self.records.versions_after(after, limit).await
    }

    async fn by_reference(&self, kind: u16, reference: u64) -> Result<Option<RecordId>, StoreError> {
        self.records.by_reference(kind, reference).await
    }

    async fn links_of(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        self.records.links_of(record).await
    }

    async fn newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        self.records.newest(kind, allowed, before, limit).await
    }

    async fn count(&self, kind: u16) -> Result<u64, StoreError> {
        self.records.count(kind).await
    }

    async fn places_in_use(&self, bucket: u32) -> Result<Vec<KeyPlace>, StoreError> {
        self.records.places_in_use(bucket).await
    }

    async fn delete_record(&self, tx: &mut MemoryTx, record: RecordId) -> Result<(), StoreError> {
        self.records.delete_record(self.of(tx).await?, record).await
    }

    async fn replace_bodies(
        &self,
        tx: &mut MemoryTx,
        bodies: &[(VersionId, KeyPlace, Vec<u8>)],
    ) -> Result<(), StoreError> {
        self.records.replace_bodies(self.of(tx).await?, bodies).await
    }

    async fn put_setting(
        &self,
        tx: &mut MemoryTx,
        area: &str,
        name: &str,
        value: &str,
    ) -> Result<(), StoreError> {
        self.records.put_setting(self.of(tx).await?, area, name, value).await
    }

    async fn delete_setting(&self, tx: &mut MemoryTx, area: &str, name: &str) -> Result<(), StoreError> {
        self.records.delete_setting(self.of(tx).await?, area, name).await
    }

    async fn setting(&self, area: &str, name: &str) -> Result<Option<String>, StoreError> {
        self.records.setting(area, name).await
    }

    async fn settings(&self, area: &str) -> Result<Vec<(String, String)>, StoreError> {
        self.records.settings(area).await
    }

    async fn put_items(&self, tx: &mut MemoryTx, items: &[ItemRow]) -> Result<(), StoreError> {
        self.records.put_items(self.of(tx).await?, items).await
    }

    async fn item(&self, area: &str, name: &str) -> Result<Option<ItemRow>, StoreError> {
        self.records.item(area, name).await
    }

    async fn items(&self, area: &str, after: &str, limit: u32) -> Result<Vec<ItemRow>, StoreError> {
        self.records.items(area, after, limit).await
    }

    async fn delete_item(&self, tx: &mut MemoryTx, area: &str, name: &str) -> Result<(), StoreError> {
        self.records.delete_item(self.of(tx).await?, area, name).await
    }

    async fn seen_rows(
        &self,
        tx: &mut MemoryTx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> Result<Vec<SeenRow>, StoreError> {
        self.records.seen_rows(self.of(tx).await?, source, contents).await
    }

    async fn put_seen_rows(
        &self,
        tx: &mut MemoryTx,
        source: &str,
        rows: &[SeenRow],
    ) -> Result<(), StoreError> {
        self.records.put_seen_rows(self.of(tx).await?, source, rows).await
    }

    async fn source_ids(&self, tx: &mut MemoryTx, ids: &[[u8; 16]]) -> Result<Vec<SourceId>, StoreError> {
        self.records.source_ids(self.of(tx).await?, ids).await
    }

    async fn put_source_ids(&self, tx: &mut MemoryTx, rows: &[SourceId]) -> Result<(), StoreError> {
        self.records.put_source_ids(self.of(tx).await?, rows).await
    }

    async fn touches_of_record(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> Result<Vec<Touch>, StoreError> {
        let log = self.log();
        let found = log.touches.iter().rev().filter(|touch| touch.record == record && touch.leaf < before);
        Ok(found.take(limit as usize).cloned().collect())
    }

    async fn touches_by_actor(&self, actor: ActorId, limit: u32) -> Result<Vec<Touch>, StoreError> {
        let log = self.log();
        let found = log.touches.iter().rev().filter(|touch| touch.actor == actor);
        Ok(found.take(limit as usize).cloned().collect())
    }

    async fn clean(&self) -> Result<(), StoreError> {
        self.records.clean().await
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        self.records.check().await
    }

    async fn octets(&self) -> Result<u64, StoreError> {
        self.records.octets().await
    }
}

#[async_trait]
impl SignInStore for MemoryLog {
    async fn put_password(&self, tx: &mut MemoryTx, row: &PasswordRow) -> Result<(), StoreError> {
        self.records.put_password(self.of(tx).await?, row).await
    }

    async fn password(&self, account: ActorId) -> Result<Option<PasswordRow>, StoreError> {
        self.records.password(account).await
    }

    async fn delete_password(&self, tx: &mut MemoryTx, account: ActorId) -> Result<(), StoreError> {
        self.records.delete_password(self.of(tx).await?, account).await
    }

    async fn add_session(&self, tx: &mut MemoryTx, row: &SessionRow) -> Result<(), StoreError> {
        self.records.add_session(self.of(tx).await?, row).await
    }

    async fn session(&self, digest: &SecretDigest) -> Result<Option<SessionRow>, StoreError> {
        self.records.session(digest).await
    }

    async fn sessions_of(&self, account: ActorId) -> Result<Vec<SessionRow>, StoreError> {
        self.records.sessions_of(account).await
    }

    async fn note_session_used(
        &self,
        tx: &mut MemoryTx,
        digest: &SecretDigest,
        at: i64,
    ) -> Result<(), StoreError> {
        self.records.note_session_used(self.of(tx).await?, digest, at).await
    }

    async fn step_session_up(
        &self,
        tx: &mut MemoryTx,
        digest: &SecretDigest,
        until: i64,
    ) -> Result<bool, StoreError> {
        self.records.step_session_up(self.of(tx).await?, digest, until).await
    }

    async fn end_session(&self, tx: &mut MemoryTx, digest: &SecretDigest) -> Result<bool, StoreError> {
        self.records.end_session(self.of(tx).await?, digest).await
    }

    async fn end_sessions_of(&self, tx: &mut MemoryTx, account: ActorId) -> Result<u64, StoreError> {
        self.records.end_sessions_of(self.of(tx).await?, account).await
    }

    async fn sweep_sessions(
        &self,
        tx: &mut MemoryTx,
        now: i64,
        unused_since: i64,
    ) -> Result<u64, StoreError> {
        self.records.sweep_sessions(self.of(tx).await?, now, unused_since).await
    }

    async fn count_sessions(&self, now: i64, unused_since: i64) -> Result<u64, StoreError> {
        self.records.count_sessions(now, unused_since).await
    }
}
