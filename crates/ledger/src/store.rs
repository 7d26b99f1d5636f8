//! What the log needs of a store. The vault's backends provide it, so that a change and its entry
//! commit together or not at all; an in-memory one exists in `bench/` only.

use crate::commitment::Hash;
use async_trait::async_trait;
use model::{ActorId, RecordId, VersionId};
use uuid::Uuid;

/// A fault of the store, in words that name the mend.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It failed.
    #[error("{0}")]
    Failed(String),
    /// It undid a transaction whole, only because of another's or because the way to it was cut: nothing
    /// of it was kept, and the same may be done again.
    #[error("{0}")]
    Undone(String),
}

/// Entries that became durable together, sealed, before they have their places in the tree.
#[derive(Debug, Clone)]
pub struct PendingBatch {
    /// Identity, UUIDv7.
    pub id: Uuid,
    /// Number of the pending key that seals it.
    pub key: u64,
    /// How many entries.
    pub count: u32,
    /// The sealed run of `length (4) ‖ opening`.
    pub sealed: Vec<u8>,
}

/// Where the log stands.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Generation, from 1; 0 before the first entry.
    pub generation: u32,
    /// Leaves.
    pub size: u64,
    /// Root over all leaves.
    pub root: Hash,
    /// Time of the newest entry.
    pub last_time: i64,
    /// Number of the newest pending key.
    pub pending_key: u64,
    /// The newest signed checkpoint.
    pub checkpoint: String,
    /// Size that the newest checkpoint speaks of.
    pub checkpoint_size: u64,
    /// Fence of the sequencer's lease.
    pub fence: u64,
}

/// Consecutive entries of one bundle, stored together.
#[derive(Debug, Clone)]
pub struct PayloadRun {
    /// First leaf.
    pub first: u64,
    /// How many.
    pub count: u32,
    /// `count` × commitment.
    pub commitments: Vec<u8>,
    /// `count` × ( length (4) ‖ sealed opening ); length 0 where the payload was destroyed.
    pub sealed: Vec<u8>,
}

/// A plain touch: answers "by officer" and "by record" without opening a payload.
#[derive(Debug, Clone)]
pub struct Touch {
    /// Leaf.
    pub leaf: u64,
    /// Operation, by its number in [`crate::entry::OPERATIONS`].
    pub operation: u8,
    /// Who.
    pub actor: ActorId,
    /// Which record.
    pub record: RecordId,
    /// When.
    pub time: i64,
}

/// A change in integrated order: the feed that the index follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedItem {
    /// Leaf of the entry.
    pub leaf: u64,
    /// Which record.
    pub record: RecordId,
    /// The version that was made; nil where the record was erased.
    pub version: VersionId,
}

/// One tile row of the tree.
#[derive(Debug, Clone)]
pub struct TileRow {
    /// Level, 0 is the leaves.
    pub level: u8,
    /// Number of the tile.
    pub number: u64,
    /// Its hashes, 32 octets each, at most 256.
    pub hashes: Vec<u8>,
}

/// One step of the sequencer: all of it is kept, or nothing.
#[derive(Debug, Default)]
pub struct Step {
    /// Fence that must still be the newest.
    pub fence: u64,
    /// Size before the step; the store refuses the step if it is another.
    pub from_size: u64,
    /// The head afterwards.
    pub head: Head,
    /// Batches that are now integrated and go.
    pub batches: Vec<Uuid>,
    /// Payloads.
    pub payloads: Vec<PayloadRun>,
    /// Tiles, new or grown.
    pub tiles: Vec<TileRow>,
    /// Touches.
    pub touches: Vec<Touch>,
    /// Feed.
    pub feed: Vec<FeedItem>,
}

/// The store of one force's log.
#[async_trait]
pub trait EntryStore: Send + Sync + 'static {
    /// A transaction, shared with the records.
    type Tx: Send;

    /// Begins a transaction that will write. Others may write beside it.
    async fn begin(&self) -> Result<Self::Tx, StoreError>;
    /// Begins a transaction beside which nobody else writes or appends until it ends: what is read
    /// meanwhile stays as it is. Where one writes at a time, every transaction is of that sort.
    async fn begin_alone(&self) -> Result<Self::Tx, StoreError> {
        self.begin().await
    }
    /// Adds a batch in a transaction.
    async fn append(&self, tx: &mut Self::Tx, batch: &PendingBatch) -> Result<(), StoreError>;
    /// Commits; durable on return.
    async fn commit(&self, tx: Self::Tx) -> Result<(), StoreError>;

    /// Adds a batch in a transaction of its own; durable on return. A store that can do so in one
    /// statement does.
    async fn append_alone(&self, batch: &PendingBatch) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        self.append(&mut tx, batch).await?;
        self.commit(tx).await
    }

    /// Where the log stands.
    async fn head(&self) -> Result<Head, StoreError>;
    /// Takes the sequencer's lease: every earlier fence is void from now on.
    async fn take_lease(&self) -> Result<u64, StoreError>;
    /// The oldest batches that are not integrated, up to about `entries` entries.
    async fn pending(&self, entries: u32) -> Result<Vec<PendingBatch>, StoreError>;
    /// Carries out one step of the sequencer, whole or not at all; `false` where the lease is lost. A
    /// power cut, or a crash of the database server, may undo it, but nothing that was committed after it
    /// may survive it; and the batches must come again in the same order.
    async fn integrate(&self, step: Step) -> Result<bool, StoreError>;
    /// Keeps a signed checkpoint (at most one for each generation and size); durable on return, and
    /// every step before it too.
    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError>;

    /// One tile.
    async fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<u8>>, StoreError>;
    /// The payload runs that hold leaves `first .. end`, ascending.
    async fn payloads(&self, first: u64, end: u64) -> Result<Vec<PayloadRun>, StoreError>;
    /// Replaces payload runs (same first leaves and counts) in one transaction.
    async fn replace_payloads(&self, runs: Vec<PayloadRun>) -> Result<(), StoreError>;
    /// The touches of leaves `first .. end`, ascending by leaf.
    async fn touches(&self, first: u64, end: u64) -> Result<Vec<Touch>, StoreError>;
    /// Removes the touches of one leaf.
    async fn forget_touches(&self, leaf: u64) -> Result<(), StoreError>;
    /// The feed after a leaf, ascending, at most `limit`.
    async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, StoreError>;
}
