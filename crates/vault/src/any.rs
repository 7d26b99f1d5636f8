//! Either store behind one type, chosen when a deployment is opened (docs/adr/0009): the desk is compiled
//! once, and every command works on both.

use crate::keys::KeyPlace;
use crate::postgres::PostgresStore;
use crate::sign_in::{PasswordRow, SecretDigest, SessionRow, SignInStore};
use crate::sqlite::SqliteStore;
use crate::store::{ItemRow, RecordStore, SeenRow, SourceId};
use crate::version::VersionRow;
use crate::{postgres, sqlite};
use async_trait::async_trait;
use law::access::Filter;
use ledger::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, StoreError, Touch};
use model::{ActorId, RecordId, VersionId};

/// A store of either kind.
#[derive(Debug)]
pub enum AnyStore {
    /// In one file.
    Sqlite(Box<SqliteStore>),
    /// In a database of a cluster.
    Postgres(Box<PostgresStore>),
}

/// A transaction of either store.
#[derive(Debug)]
pub enum AnyTx {
    /// Of the file.
    Sqlite(sqlite::Tx),
    /// Of the database.
    Postgres(postgres::Tx),
}

/// Asks whichever store it is.
macro_rules! ask {
    ($self:ident, $store:ident => $answer:expr) => {
        match $self {
            AnyStore::Sqlite($store) => $answer,
            AnyStore::Postgres($store) => $answer,
        }
    };
}

/// Works in a transaction of whichever store it is.
macro_rules! within {
    ($self:ident, $tx:ident, $store:ident => $work:expr) => {
        match ($self, $tx) {
            (AnyStore::Sqlite($store), AnyTx::Sqlite($tx)) => $work,
            (AnyStore::Postgres($store), AnyTx::Postgres($tx)) => $work,
            _ => {
                Err(StoreError::Failed("the transaction is of another store; nothing was changed".to_owned()))
            }
        }
    };
}

#[async_trait]
impl EntryStore for AnyStore {
    type Tx = AnyTx;

    async fn begin(&self) -> Result<AnyTx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => AnyTx::Sqlite(store.begin().await?),
            Self::Postgres(store) => AnyTx::Postgres(store.begin().await?),
        })
    }

    async fn begin_alone(&self) -> Result<AnyTx, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => AnyTx::Sqlite(store.begin_alone().await?),
            Self::Postgres(store) => AnyTx::Postgres(store.begin_alone().await?),
        })
    }

    async fn append(&self, tx: &mut AnyTx, batch: &PendingBatch) -> Result<(), StoreError> {
        within!(self, tx, store => store.append(tx, batch).await)
    }

    async fn append_alone(&self, batch: &PendingBatch) -> Result<(), StoreError> {
        ask!(self, store => store.append_alone(batch).await)
    }

    async fn commit(&self, tx: AnyTx) -> Result<(), StoreError> {
        within!(self, tx, store => store.commit(tx).await)
    }

    async fn head(&self) -> Result<Head, StoreError> {
        ask!(self, store => store.head().await)
    }

    async fn take_lease(&self) -> Result<u64, StoreError> {
        ask!(self, store => store.take_lease().await)
    }

    async fn pending(&self, entries: u32) -> Result<Vec<PendingBatch>, StoreError> {
        ask!(self, store => store.pending(entries).await)
    }

    async fn integrate(&self, step: Step) -> Result<bool, StoreError> {
        ask!(self, store => store.integrate(step).await)
    }

    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError> {
        ask!(self, store => store.keep_checkpoint(head).await)
    }

    async fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        ask!(self, store => store.tile(level, number).await)
    }

    async fn payloads(&self, first: u64, end: u64) -> Result<Vec<PayloadRun>, StoreError> {
        ask!(self, store => store.payloads(first, end).await)
    }

    async fn replace_payloads(&self, runs: Vec<PayloadRun>) -> Result<(), StoreError> {
        ask!(self, store => store.replace_payloads(runs).await)
    }

    async fn touches(&self, first: u64, end: u64) -> Result<Vec<Touch>, StoreError> {
        ask!(self, store => store.touches(first, end).await)
    }

    async fn forget_touches(&self, leaf: u64) -> Result<(), StoreError> {
        ask!(self, store => store.forget_touches(leaf).await)
    }

    async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, StoreError> {
        ask!(self, store => store.feed(after, limit).await)
    }
}

#[async_trait]
impl RecordStore for AnyStore {
    async fn add_versions(
        &self,
        tx: &mut AnyTx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> Result<Vec<usize>, StoreError> {
        within!(self, tx, store => store.add_versions(tx, rows, before).await)
    }

    async fn take_references(&self, tx: &mut AnyTx, kind: u16, count: u64) -> Result<u64, StoreError> {
        within!(self, tx, store => store.take_references(tx, kind, count).await)
    }

    async fn note_mark(&self, tx: &mut AnyTx, mark: u64) -> Result<(), StoreError> {
        within!(self, tx, store => store.note_mark(tx, mark).await)
    }

    async fn mark(&self) -> Result<u64, StoreError> {
        ask!(self, store => store.mark().await)
    }

    async fn heads(&self, records: &[RecordId]) -> Result<Vec<VersionRow>, StoreError> {
        ask!(self, store => store.heads(records).await)
    }

    async fn versions(&self, versions: &[VersionId]) -> Result<Vec<VersionRow>, StoreError> {
        ask!(self, store => store.versions(versions).await)
    }

    async fn history(&self, record: RecordId) -> Result<Vec<VersionRow>, StoreError> {
        ask!(self, store => store.history(record).await)
    }

    async fn versions_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        ask!(self, store => store.versions_after(after, limit).await)
    }

    async fn by_reference(&self, kind: u16, reference: u64) -> Result<Option<RecordId>, StoreError> {
        ask!(self, store => store.by_reference(kind, reference).await)
    }

    async fn links_of(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError> {
        ask!(self, store => store.links_of(record).await)
    }

    async fn newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError> {
        ask!(self, store => store.newest(kind, allowed, before, limit).await)
    }

    async fn count(&self, kind: u16) -> Result<u64, StoreError> {
        ask!(self, store => store.count(kind).await)
    }

    async fn places_in_use(&self, bucket: u32) -> Result<Vec<KeyPlace>, StoreError> {
        ask!(self, store => store.places_in_use(bucket).await)
    }

    async fn delete_record(&self, tx: &mut AnyTx, record: RecordId) -> Result<(), StoreError> {
        within!(self, tx, store => store.delete_record(tx, record).await)
    }

    async fn replace_bodies(
        &self,
        tx: &mut AnyTx,
        bodies: &[(VersionId, KeyPlace, Vec<u8>)],
    ) -> Result<(), StoreError> {
        within!(self, tx, store => store.replace_bodies(tx, bodies).await)
    }

    async fn put_setting(
        &self,
        tx: &mut AnyTx,
        area: &str,
        name: &str,
        value: &str,
    ) -> Result<(), StoreError> {
        within!(self, tx, store => store.put_setting(tx, area, name, value).await)
    }

    async fn delete_setting(&self, tx: &mut AnyTx, area: &str, name: &str) -> Result<(), StoreError> {
        within!(self, tx, store => store.delete_setting(tx, area, name).await)
    }

    async fn setting(&self, area: &str, name: &str) -> Result<Option<String>, StoreError> {
        ask!(self, store => store.setting(area, name).await)
    }

    async fn settings(&self, area: &str) -> Result<Vec<(String, String)>, StoreError> {
        ask!(self, store => store.settings(area).await)
    }

    async fn put_items(&self, tx: &mut AnyTx, items: &[ItemRow]) -> Result<(), StoreError> {
        within!(self, tx, store => store.put_items(tx, items).await)
    }

    async fn item(&self, area: &str, name: &str) -> Result<Option<ItemRow>, StoreError> {
        ask!(self, store => store.item(area, name).await)
    }

    async fn items(&self, area: &str, after: &str, limit: u32) -> Result<Vec<ItemRow>, StoreError> {
        ask!(self, store => store.items(area, after, limit).await)
    }

    async fn delete_item(&self, tx: &mut AnyTx, area: &str, name: &str) -> Result<(), StoreError> {
        within!(self, tx, store => store.delete_item(tx, area, name).await)
    }

    async fn seen_rows(
        &self,
        tx: &mut AnyTx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> Result<Vec<SeenRow>, StoreError> {
        within!(self, tx, store => store.seen_rows(tx, source, contents).await)
    }

    async fn put_seen_rows(&self, tx: &mut AnyTx, source: &str, rows: &[SeenRow]) -> Result<(), StoreError> {
        within!(self, tx, store => store.put_seen_rows(tx, source, rows).await)
    }

    async fn source_ids(&self, tx: &mut AnyTx, ids: &[[u8; 16]]) -> Result<Vec<SourceId>, StoreError> {
        within!(self, tx, store => store.source_ids(tx, ids).await)
    }

    async fn put_source_ids(&self, tx: &mut AnyTx, rows: &[SourceId]) -> Result<(), StoreError> {
        within!(self, tx, store => store.put_source_ids(tx, rows).await)
    }

    async fn touches_of_record(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> Result<Vec<Touch>, StoreError> {
        ask!(self, store => store.touches_of_record(record, before, limit).await)
    }

    async fn touches_by_actor(&self, actor: ActorId, limit: u32) -> Result<Vec<Touch>, StoreError> {
        ask!(self, store => store.touches_by_actor(actor, limit).await)
    }

    async fn clean(&self) -> Result<(), StoreError> {
        ask!(self, store => store.clean().await)
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        ask!(self, store => store.check().await)
    }

    async fn octets(&self) -> Result<u64, StoreError> {
        ask!(self, store => store.octets().await)
    }
}

#[async_trait]
impl SignInStore for AnyStore {
    async fn put_password(&self, tx: &mut AnyTx, row: &PasswordRow) -> Result<(), StoreError> {
        within!(self, tx, store => store.put_password(tx, row).await)
    }

    async fn password(&self, account: ActorId) -> Result<Option<PasswordRow>, StoreError> {
        ask!(self, store => store.password(account).await)
    }

    async fn delete_password(&self, tx: &mut AnyTx, account: ActorId) -> Result<(), StoreError> {
        within!(self, tx, store => store.delete_password(tx, account).await)
    }

    async fn add_session(&self, tx: &mut AnyTx, row: &SessionRow) -> Result<(), StoreError> {
        within!(self, tx, store => store.add_session(tx, row).await)
    }

    async fn session(&self, digest: &SecretDigest) -> Result<Option<SessionRow>, StoreError> {
        ask!(self, store => store.session(digest).await)
    }

    async fn sessions_of(&self, account: ActorId) -> Result<Vec<SessionRow>, StoreError> {
        ask!(self, store => store.sessions_of(account).await)
    }

    async fn note_session_used(
        &self,
        tx: &mut AnyTx,
        digest: &SecretDigest,
        at: i64,
    ) -> Result<(), StoreError> {
        within!(self, tx, store => store.note_session_used(tx, digest, at).await)
    }

    async fn step_session_up(
        &self,
        tx: &mut AnyTx,
        digest: &SecretDigest,
        until: i64,
    ) -> Result<bool, StoreError> {
        within!(self, tx, store => store.step_session_up(tx, digest, until).await)
    }

    async fn end_session(&self, tx: &mut AnyTx, digest: &SecretDigest) -> Result<bool, StoreError> {
        within!(self, tx, store => store.end_session(tx, digest).await)
    }

    async fn end_sessions_of(&self, tx: &mut AnyTx, account: ActorId) -> Result<u64, StoreError> {
        within!(self, tx, store => store.end_sessions_of(tx, account).await)
    }

    async fn sweep_sessions(&self, tx: &mut AnyTx, now: i64, unused_since: i64) -> Result<u64, StoreError> {
        within!(self, tx, store => store.sweep_sessions(tx, now, unused_since).await)
    }

    async fn count_sessions(&self, now: i64, unused_since: i64) -> Result<u64, StoreError> {
        ask!(self, store => store.count_sessions(now, unused_since).await)
    }
}
