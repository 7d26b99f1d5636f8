//! What the vault needs of a store of records. One trait, two backends; one conformance suite.

use crate::keys::KeyPlace;
use crate::sign_in::SignInStore;
use crate::version::VersionRow;
use async_trait::async_trait;
use law::access::Filter;
use ledger::store::{StoreError, Touch};
use model::{RecordId, VersionId};

/// A sealed thing that is no record.
#[derive(Debug, Clone)]
pub struct ItemRow {
    /// Area: `reject`, `certificate`, `erasure` …
    pub area: String,
    /// Name within the area.
    pub name: String,
    /// Its key.
    pub key: KeyPlace,
    /// The sealed octets.
    pub sealed: Vec<u8>,
}

/// What is known of one distinct content of a published month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeenRow {
    /// Keyed hash of the content.
    pub content: [u8; 16],
    /// How often it is held.
    pub held: u32,
    /// The run that saw it last.
    pub run: i64,
    /// How often that run has seen it.
    pub seen: u32,
}

/// Which record stands for a thing that a source names by an id of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceId {
    /// Keyed hash of the source's id.
    pub id: [u8; 16],
    /// The record; `None` where it was erased.
    pub record: Option<RecordId>,
}

/// The store of one force's records, in the same database as its log.
#[async_trait]
pub trait RecordStore: SignInStore {
    /// Adds versions and moves the heads of their records. `before` names, for each row, the
    /// version that must still be the head (`None` for a new record).
    ///
    /// Gives the rows whose head was another: then nothing may be committed.
    async fn add_versions(
        &self,
        tx: &mut Self::Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> Result<Vec<usize>, StoreError>;
    /// Takes the next `count` reference numbers of a kind; gives the first.
    async fn take_references(&self, tx: &mut Self::Tx, kind: u16, count: u64) -> Result<u64, StoreError>;
    /// Remembers the keystore's mark that the records rest on.
    async fn note_mark(&self, tx: &mut Self::Tx, mark: u64) -> Result<(), StoreError>;
    /// That mark.
    async fn mark(&self) -> Result<u64, StoreError>;

    /// The newest versions of records, in the order asked; missing ones are left out.
    async fn heads(&self, records: &[RecordId]) -> Result<Vec<VersionRow>, StoreError>;
    /// Versions by id, in the order asked; missing ones are left out.
    async fn versions(&self, versions: &[VersionId]) -> Result<Vec<VersionRow>, StoreError>;
    /// All versions of a record, oldest first.
    async fn history(&self, record: RecordId) -> Result<Vec<VersionRow>, StoreError>;
    /// Versions after one in the order of their ids.
    async fn versions_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError>;
    /// The record with a reference number.
    async fn by_reference(&self, kind: u16, reference: u64) -> Result<Option<RecordId>, StoreError>;
    /// Links from or to a record: the link's own record id.
    async fn links_of(&self, record: RecordId) -> Result<Vec<RecordId>, StoreError>;
    /// The newest versions of the records of a kind that a filter lets through, highest reference first:
    /// those with a reference below `before`, or from the highest on, and at most `limit` of them. No
    /// more rows are read than it takes to find so many.
    async fn newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<VersionRow>, StoreError>;
    /// How many records of a kind are held.
    async fn count(&self, kind: u16) -> Result<u64, StoreError>;
    /// The key places of a bucket that versions or items rest on.
    async fn places_in_use(&self, bucket: u32) -> Result<Vec<KeyPlace>, StoreError>;

    /// Deletes a record with all its versions and its link row; a source's id that led to it leads to
    /// no record from then on, and stays known.
    async fn delete_record(&self, tx: &mut Self::Tx, record: RecordId) -> Result<(), StoreError>;
    /// Replaces the sealed body and key place of versions.
    async fn replace_bodies(
        &self,
        tx: &mut Self::Tx,
        bodies: &[(VersionId, KeyPlace, Vec<u8>)],
    ) -> Result<(), StoreError>;

    /// Puts or replaces a plain setting.
    async fn put_setting(
        &self,
        tx: &mut Self::Tx,
        area: &str,
        name: &str,
        value: &str,
    ) -> Result<(), StoreError>;
    /// Deletes a plain setting.
    async fn delete_setting(&self, tx: &mut Self::Tx, area: &str, name: &str) -> Result<(), StoreError>;
    /// A plain setting.
    async fn setting(&self, area: &str, name: &str) -> Result<Option<String>, StoreError>;
    /// All plain settings of an area by name.
    async fn settings(&self, area: &str) -> Result<Vec<(String, String)>, StoreError>;

    /// Puts sealed items.
    async fn put_items(&self, tx: &mut Self::Tx, items: &[ItemRow]) -> Result<(), StoreError>;
    /// A sealed item.
    async fn item(&self, area: &str, name: &str) -> Result<Option<ItemRow>, StoreError>;
    /// Sealed items of an area after a name, ascending.
    async fn items(&self, area: &str, after: &str, limit: u32) -> Result<Vec<ItemRow>, StoreError>;
    /// Deletes a sealed item.
    async fn delete_item(&self, tx: &mut Self::Tx, area: &str, name: &str) -> Result<(), StoreError>;

    /// What is known of contents of a source; unknown ones are left out.
    async fn seen_rows(
        &self,
        tx: &mut Self::Tx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> Result<Vec<SeenRow>, StoreError>;
    /// Puts or replaces what is known of contents.
    async fn put_seen_rows(
        &self,
        tx: &mut Self::Tx,
        source: &str,
        rows: &[SeenRow],
    ) -> Result<(), StoreError>;

    /// What is known of ids of sources; unknown ones are left out. An id is asked for once.
    async fn source_ids(&self, tx: &mut Self::Tx, ids: &[[u8; 16]]) -> Result<Vec<SourceId>, StoreError>;
    /// Puts or replaces what is known of ids of sources.
    async fn put_source_ids(&self, tx: &mut Self::Tx, rows: &[SourceId]) -> Result<(), StoreError>;

    /// Plain touches of a record before a leaf, newest first; of all leaves for [`u64::MAX`].
    async fn touches_of_record(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> Result<Vec<Touch>, StoreError>;
    /// Plain touches by an actor, newest first.
    async fn touches_by_actor(&self, actor: model::ActorId, limit: u32) -> Result<Vec<Touch>, StoreError>;

    /// Leaves no freed octets and no write-ahead log behind.
    async fn clean(&self) -> Result<(), StoreError>;
    /// Checks the store's own structure; gives what is wrong.
    async fn check(&self) -> Result<Vec<String>, StoreError>;
    /// Octets that records and log take on the disk of the database.
    async fn octets(&self) -> Result<u64, StoreError>;
}
