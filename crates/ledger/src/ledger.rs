//! The ledger of one force: records permits, gives receipts, answers with proofs.

use crate::append::{self, Request, request, seal_batch};
use crate::commitment::{Hash, Opening};
use crate::entry::{self, Detail};
use crate::error::LedgerError;
use crate::integrate::{self, BUNDLE, Edge};
use crate::keys::LogKeys;
use crate::note::{Checkpoint, origin, verifier_key};
use crate::receipt::{Change, EntryRef, Machine, Pending, Receipt, Show};
use crate::store::{EntryStore, FeedItem, Head};
use crate::tiles::{TileCache, TileReader};
use crate::tree;
use ed25519_dalek::SigningKey;
use law::access::{Permit, Refusal};
use model::{VersionId, VersionRef};
use sealing::SecretKey;
use std::collections::{HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, watch};
use uuid::Uuid;

/// How a ledger runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Base of the origin, for instance `lampshire.example/bluelamp`.
    pub base: String,
    /// How long a group commit may wait for more callers.
    pub linger: Duration,
    /// Tiles kept in memory for proofs.
    pub tile_cache: NonZeroUsize,
}

impl Options {
    /// The defaults for a base.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            linger: Duration::from_micros(600),
            tile_cache: NonZeroUsize::new(4096).unwrap_or(NonZeroUsize::MIN),
        }
    }
}

/// The clock may differ by this much from the newest entry before the ledger refuses to start.
const CLOCK_TOLERANCE: i64 = 60_000_000;
/// Batches whose leaves are remembered for [`Ledger::position`].
const REMEMBERED: usize = 16_384;

pub(crate) struct Sequencer {
    pub head: Head,
    pub edge: Edge,
}

#[derive(Default)]
struct Places {
    first: HashMap<Uuid, u64>,
    order: VecDeque<Uuid>,
}

pub(crate) struct Core<S> {
    pub store: Arc<S>,
    pub keys: Arc<dyn LogKeys>,
    pub base: String,
    pub signing: SigningKey,
    pub sequencer: AsyncMutex<Sequencer>,
    pub wake: Arc<Notify>,
    pub cache: TileCache,
    pending: RwLock<(u64, SecretKey)>,
    bundles: Mutex<HashMap<u64, SecretKey>>,
    pub(crate) head: watch::Sender<Head>,
    places: Mutex<Places>,
    stopped: Mutex<Option<String>>,
}

/// One force's log over a store. Cheap to clone.
pub struct Ledger<S: EntryStore> {
    pub(crate) core: Arc<Core<S>>,
    requests: mpsc::Sender<Request>,
}

impl<S: EntryStore> Clone for Ledger<S> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), requests: self.requests.clone() }
    }
}

impl<S: EntryStore> Ledger<S> {
    /// Opens the log, takes the sequencer's lease and integrates what a kill left pending.
    /// `now` is the present time in microseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`LedgerError`], among others where the clock went back by more than a minute.
    pub async fn open(
        store: Arc<S>,
        keys: Arc<dyn LogKeys>,
        signing: SigningKey,
        options: Options,
        now: i64,
    ) -> Result<Self, LedgerError> {
        let fence = store.take_lease().await?;
        let mut head = store.head().await?;
        head.fence = fence;
        if head.last_time > now + CLOCK_TOLERANCE {
            return Err(LedgerError::ClockWentBack { seconds: (head.last_time - now) / 1_000_000 });
        }
        if head.generation == 0 {
            head.generation = 1;
            head.root = tree::empty_root();
        }
        let key = ensure_key(&*keys, &pending_key_name(head.pending_key)).await?;
        let edge = Edge::load(&*store, head.size).await?;
        let core = Arc::new(Core {
            store,
            keys,
            base: options.base,
            signing,
            wake: Arc::new(Notify::new()),
            cache: TileCache::new(options.tile_cache),
            pending: RwLock::new((head.pending_key, key)),
            bundles: Mutex::default(),
            head: watch::Sender::new(head.clone()),
            places: Mutex::default(),
            stopped: Mutex::default(),
            sequencer: AsyncMutex::new(Sequencer { head, edge }),
        });
        while integrate::step(&core).await? > 0 {}
        let (requests, queue) = mpsc::channel(4096);
        tokio::spawn(append::run(Arc::downgrade(&core), options.linger, queue));
        tokio::spawn(integrate::run(Arc::downgrade(&core)));
        Ok(Self { core, requests })
    }

    /// Records permits, one entry each; the receipt is given once they are durable, and covers
    /// the versions of all of them.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing may be shown.
    pub async fn record(&self, permits: Vec<(Permit, Detail)>) -> Result<Receipt<Show>, LedgerError> {
        let mut waiting = Vec::with_capacity(permits.len());
        let mut covers: Vec<VersionId> = Vec::new();
        for (permit, detail) in &permits {
            covers.extend(permit.versions().iter().map(|version| version.version));
            waiting.push(self.send(&entry::permitted(permit, detail)?).await?);
        }
        let mut newest = None;
        for answer in waiting {
            newest = Some(answer.await.map_err(|_| self.core.why_stopped())??);
        }
        let entry = newest.ok_or(LedgerError::Malformed("nothing to record"))?;
        Ok(Receipt::new(entry, covers))
    }

    /// Records a refusal.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_refusal(&self, refusal: &Refusal) -> Result<EntryRef, LedgerError> {
        self.append_opening(&entry::refused(refusal)?).await
    }

    /// Records a machine job's batch: one entry with range and count.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_machine(
        &self,
        purpose: &'static str,
        versions: &[VersionRef],
        at: i64,
    ) -> Result<Receipt<Machine>, LedgerError> {
        let entry = self.append_opening(&entry::machine(purpose, versions, at)?).await?;
        Ok(Receipt::new(entry, versions.iter().map(|version| version.version)))
    }

    /// Enters permits in a transaction with the change that they permit. They count only once
    /// [`Ledger::commit`] has committed it.
    ///
    /// # Errors
    /// [`LedgerError`]; the transaction must then be dropped.
    pub async fn record_in(
        &self,
        tx: &mut S::Tx,
        permits: &[(&Permit, Detail)],
    ) -> Result<Pending, LedgerError> {
        self.core.check_running()?;
        let mut covers = Vec::new();
        let mut openings = Vec::with_capacity(permits.len());
        for (permit, detail) in permits {
            covers.extend(permit.versions().iter().map(|version| version.version));
            covers.extend(detail.commitments.iter().map(|(version, _)| version.version));
            openings.push(entry::permitted(permit, detail)?.encode());
        }
        let (number, key) = self.core.pending_key();
        let batch = seal_batch(number, &key, openings.iter())?;
        self.core.store.append(tx, &batch).await?;
        let place = (permits.len() as u32).saturating_sub(1);
        Ok(Pending { entry: EntryRef { batch: batch.id, place }, covers })
    }

    /// Commits a transaction: the only way from [`Pending`] to a receipt.
    ///
    /// # Errors
    /// [`LedgerError`]; then neither the change nor its entries are there.
    pub async fn commit(&self, tx: S::Tx, pending: Pending) -> Result<Receipt<Change>, LedgerError> {
        self.core.store.commit(tx).await?;
        self.core.wake.notify_one();
        Ok(Receipt::new(pending.entry, pending.covers))
    }

    /// The leaf of an entry, waiting until the sequencer has integrated it.
    ///
    /// # Errors
    /// [`LedgerError::Stopped`] where the sequencer has stopped.
    pub async fn position(&self, entry: EntryRef) -> Result<u64, LedgerError> {
        let mut head = self.core.head.subscribe();
        loop {
            head.borrow_and_update();
            if let Some(leaf) = self.core.leaf_of(entry) {
                return Ok(leaf);
            }
            self.core.check_running()?;
            head.changed().await.map_err(|_| self.core.why_stopped())?;
        }
    }

    /// Waits until everything durable now is integrated and in a signed checkpoint.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn settle(&self) -> Result<Head, LedgerError> {
        while integrate::step(&self.core).await? > 0 {}
        let mut sequencer = self.core.sequencer.lock().await;
        if sequencer.head.checkpoint.is_empty() || sequencer.head.checkpoint_size != sequencer.head.size {
            integrate::publish(&self.core, &mut sequencer.head).await?;
            self.core.head.send_replace(sequencer.head.clone());
        }
        Ok(sequencer.head.clone())
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.core.head.borrow().clone()
    }

    /// The verifier key of the present generation.
    #[must_use]
    pub fn verifier_key(&self) -> String {
        verifier_key(&origin(&self.core.base, self.head().generation), &self.core.signing.verifying_key())
    }

    /// Proof that a leaf is in the tree of `size` leaves (RFC 6962 §2.1.1).
    ///
    /// # Errors
    /// [`LedgerError::NoSuchLeaf`], or a fault of the store.
    pub async fn inclusion_proof(&self, leaf: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
        self.check_leaf(leaf, size)?;
        self.roots(tree::inclusion_ranges(leaf, size)).await
    }

    /// Proof that the tree of `size` extends the tree of `old` (RFC 6962 §2.1.2).
    ///
    /// # Errors
    /// [`LedgerError::NoSuchLeaf`], or a fault of the store.
    pub async fn consistency_proof(&self, old: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
        self.check_leaf(old.saturating_sub(1), size)?;
        self.roots(tree::consistency_ranges(old, size)).await
    }

    /// The root of the first `size` leaves.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn root(&self, size: u64) -> Result<Hash, LedgerError> {
        TileReader::new(&*self.core.store, &self.core.cache).root(0, size).await
    }

    /// The hash of one leaf.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn leaf_hash(&self, leaf: u64) -> Result<Hash, LedgerError> {
        TileReader::new(&*self.core.store, &self.core.cache).root(leaf, leaf + 1).await
    }

    /// The payload of one leaf, for somebody who may read the log or for a job that must; `None`
    /// where it was destroyed.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn payload<T>(&self, leaf: u64, receipt: &Receipt<T>) -> Result<Option<Opening>, LedgerError> {
        // The receipt is of the reading of the log itself, which is an entry like any other.
        let _ = receipt;
        self.check_leaf(leaf, self.head().size)?;
        let mut openings = self.core.openings(leaf, leaf + 1).await?;
        Ok(openings.pop().flatten())
    }

    /// The changes after a leaf in integrated order.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, LedgerError> {
        Ok(self.core.store.feed(after, limit).await?)
    }

    /// The head as it moves. It ends with the ledger, and does not keep it open.
    #[must_use]
    pub fn heads(&self) -> watch::Receiver<Head> {
        self.core.head.subscribe()
    }

    /// Begins a new generation after an older database was restored: its first entry carries the
    /// last checkpoint that is known outside, and the leaves that are lost.
    ///
    /// # Errors
    /// [`LedgerError::BadCheckpoint`] where the checkpoint is not of this log, or names nothing
    /// beyond what is held.
    pub async fn begin_generation(&self, outside: &str, ground: &str, at: i64) -> Result<Head, LedgerError> {
        self.settle().await?;
        let mut sequencer = self.core.sequencer.lock().await;
        let known = Checkpoint::open(outside, &self.core.signing.verifying_key())?;
        if known.origin != origin(&self.core.base, sequencer.head.generation) {
            return Err(LedgerError::BadCheckpoint("it is of another log or generation"));
        }
        if known.size < sequencer.head.size {
            return Err(LedgerError::BadCheckpoint("this log already has more than it; there is nothing to begin anew"));
        }
        let lost = (sequencer.head.size, known.size);
        let opening = entry::generation(outside, lost, ground, at)?;
        let (number, key) = self.core.pending_key();
        let batch = seal_batch(number, &key, std::iter::once(opening.encode()))?;
        let mut tx = self.core.store.begin().await?;
        self.core.store.append(&mut tx, &batch).await?;
        self.core.store.commit(tx).await?;
        sequencer.head.generation += 1;
        drop(sequencer);
        self.settle().await
    }

    pub(crate) async fn append_opening(&self, opening: &Opening) -> Result<EntryRef, LedgerError> {
        let answer = self.send(opening).await?;
        answer.await.map_err(|_| self.core.why_stopped())?
    }

    async fn send(
        &self,
        opening: &Opening,
    ) -> Result<tokio::sync::oneshot::Receiver<Result<EntryRef, LedgerError>>, LedgerError> {
        let (request, answer) = request(opening);
        self.requests.send(request).await.map_err(|_| self.core.why_stopped())?;
        Ok(answer)
    }

    async fn roots(&self, ranges: Vec<(u64, u64)>) -> Result<Vec<Hash>, LedgerError> {
        let reader = TileReader::new(&*self.core.store, &self.core.cache);
        let mut proof = Vec::with_capacity(ranges.len());
        for (begin, end) in ranges {
            proof.push(reader.root(begin, end).await?);
        }
        Ok(proof)
    }

    fn check_leaf(&self, leaf: u64, size: u64) -> Result<(), LedgerError> {
        let held = self.core.head.borrow().size;
        if leaf < size && size <= held { Ok(()) } else { Err(LedgerError::NoSuchLeaf { leaf, size: held }) }
    }
}

pub(crate) fn bundle_key_name(bundle: u64) -> String {
    format!("ledger/bundle/{bundle}")
}

pub(crate) fn pending_key_name(number: u64) -> String {
    format!("ledger/pending/{number}")
}

pub(crate) async fn ensure_key(keys: &dyn LogKeys, name: &str) -> Result<SecretKey, LedgerError> {
    match keys.get(name).await? {
        Some(key) => Ok(key),
        None => Ok(keys.create(name).await?),
    }
}

impl<S: EntryStore> Core<S> {
    pub fn pending_key(&self) -> (u64, SecretKey) {
        match self.pending.read() {
            Ok(pending) => pending.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    pub fn set_pending_key(&self, number: u64, key: SecretKey) {
        match self.pending.write() {
            Ok(mut pending) => *pending = (number, key),
            Err(poisoned) => *poisoned.into_inner() = (number, key),
        }
    }

    pub async fn pending_key_numbered(&self, number: u64) -> Result<SecretKey, LedgerError> {
        let (present, key) = self.pending_key();
        if present == number {
            return Ok(key);
        }
        let name = pending_key_name(number);
        let found = self.keys.get(&name).await?;
        found.ok_or(LedgerError::Malformed("the key of a pending batch is missing from the keystore"))
    }

    pub async fn bundle_key(&self, bundle: u64) -> Result<SecretKey, LedgerError> {
        if let Some(key) = self.bundles.lock().ok().and_then(|keys| keys.get(&bundle).cloned()) {
            return Ok(key);
        }
        let key = self.load_bundle_key(bundle).await?;
        if let Ok(mut keys) = self.bundles.lock() {
            // A handful is enough: the newest for writing, a few for reading.
            if keys.len() >= 16 {
                keys.clear();
            }
            keys.insert(bundle, key.clone());
        }
        Ok(key)
    }

    /// Reads a bundle's key. A kill between re-sealing a bundle and renaming its new key leaves
    /// both: the one that opens the payloads stays, the other is destroyed.
    async fn load_bundle_key(&self, bundle: u64) -> Result<SecretKey, LedgerError> {
        let name = bundle_key_name(bundle);
        let next_name = format!("{name}/next");
        let Some(next) = self.keys.get(&next_name).await? else {
            return ensure_key(&*self.keys, &name).await;
        };
        let first = bundle * BUNDLE;
        let runs = self.store.payloads(first, first + BUNDLE).await?;
        if runs.iter().any(|run| opens_under(run, &name, &next)) {
            self.keys.rename(&next_name, &name).await?;
            return Ok(next);
        }
        self.keys.destroy(&next_name).await?;
        ensure_key(&*self.keys, &name).await
    }

    pub fn forget_bundle_key(&self, bundle: u64) {
        if let Ok(mut keys) = self.bundles.lock() {
            keys.remove(&bundle);
        }
    }

    /// The openings of leaves `first .. end`; `None` where a payload was destroyed.
    pub async fn openings(&self, first: u64, end: u64) -> Result<Vec<Option<Opening>>, LedgerError> {
        let mut out = Vec::with_capacity((end - first) as usize);
        for run in self.store.payloads(first, end).await? {
            for (leaf, sealed) in (run.first..).zip(split_run(&run)?) {
                if leaf < first || leaf >= end {
                    continue;
                }
                out.push(self.open_payload(leaf, sealed).await?);
            }
        }
        if out.len() as u64 == end - first {
            Ok(out)
        } else {
            Err(LedgerError::Malformed("payloads of the log are missing from the store"))
        }
    }

    async fn open_payload(&self, leaf: u64, sealed: &[u8]) -> Result<Option<Opening>, LedgerError> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let key = self.bundle_key(leaf / BUNDLE).await?;
        let plain = key.open_at(leaf, bundle_key_name(leaf / BUNDLE).as_bytes(), sealed);
        let plain = plain.map_err(|source| LedgerError::Seal { what: format!("leaf {leaf}"), source })?;
        Opening::decode(&plain).map(Some)
    }

    pub fn integrated(&self, head: &Head, batches: &[(Uuid, u64)]) {
        if let Ok(mut places) = self.places.lock() {
            for (batch, first) in batches {
                places.first.insert(*batch, *first);
                places.order.push_back(*batch);
            }
            while places.order.len() > REMEMBERED {
                if let Some(old) = places.order.pop_front() {
                    places.first.remove(&old);
                }
            }
        }
        self.head.send_replace(head.clone());
    }

    fn leaf_of(&self, entry: EntryRef) -> Option<u64> {
        let places = self.places.lock().ok()?;
        places.first.get(&entry.batch).map(|first| first + u64::from(entry.place))
    }

    pub fn stop(&self, error: &LedgerError) {
        if let Ok(mut stopped) = self.stopped.lock() {
            *stopped = Some(error.to_string());
        }
        let head = self.head.borrow().clone();
        self.head.send_replace(head);
    }

    pub fn check_running(&self) -> Result<(), LedgerError> {
        match self.stopped.lock() {
            Ok(stopped) if stopped.is_none() => Ok(()),
            _ => Err(self.why_stopped()),
        }
    }

    pub fn why_stopped(&self) -> LedgerError {
        let why = self.stopped.lock().ok().and_then(|why| why.clone());
        LedgerError::Stopped(why.unwrap_or_else(|| "it was closed".to_owned()))
    }
}

/// Whether the first payload that a run still holds opens under a key.
fn opens_under(run: &crate::store::PayloadRun, name: &str, key: &SecretKey) -> bool {
    let parts = split_run(run).unwrap_or_default();
    let held = (run.first..).zip(parts).find(|(_, part)| !part.is_empty());
    held.is_some_and(|(leaf, part)| key.open_at(leaf, name.as_bytes(), part).is_ok())
}

/// The sealed payloads of a run, one slice a leaf.
pub(crate) fn split_run(run: &crate::store::PayloadRun) -> Result<Vec<&[u8]>, LedgerError> {
    let mut reader = crate::commitment::Reader(&run.sealed);
    let mut parts = Vec::with_capacity(run.count as usize);
    for _ in 0..run.count {
        let length = reader.number32()? as usize;
        parts.push(reader.slice(length)?);
    }
    reader.end()?;
    Ok(parts)
}
