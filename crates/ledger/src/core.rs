//! What a ledger shares with its tasks: head, keys in use, and where batches came to stand.

use crate::commitment::Opening;
use crate::error::LedgerError;
use crate::events::Tally;
use crate::integrate::{self, BUNDLE, Edge};
use crate::keys::LogKeys;
use crate::payload;
use crate::receipt::EntryRef;
use crate::store::{EntryStore, Head};
use crate::tiles::TileCache;
use crate::tree;
use ed25519_dalek::SigningKey;
use sealing::SecretKey;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex as AsyncMutex, Notify, watch};
use uuid::Uuid;

/// Durable entries without a place before new ones wait.
const MOST_BEHIND: u64 = 4096;
/// Batches whose leaves are remembered for [`Ledger::position`].
const REMEMBERED: usize = 16_384;

pub(crate) struct Sequencer {
    pub head: Head,
    pub edge: Edge,
    /// A step of which it is not known whether the store has it: its size afterwards, and where its
    /// batches come to stand.
    pub doubtful: Option<(u64, Vec<(Uuid, u64)>)>,
}

impl Sequencer {
    /// Where the store stands.
    pub async fn load<S: EntryStore>(store: &S, mut head: Head) -> Result<Self, LedgerError> {
        if head.generation == 0 {
            head.generation = 1;
            head.root = tree::empty_root();
        }
        let edge = Edge::load(store, head.size).await?;
        Ok(Self { head, edge, doubtful: None })
    }
}

#[derive(Default)]
pub(crate) struct Places {
    first: HashMap<Uuid, u64>,
    order: VecDeque<Uuid>,
}

/// The key that seals new entries until they are integrated. Whoever seals under it holds it until
/// the entry is committed; it is destroyed only once nobody does.
#[derive(Debug)]
pub(crate) struct PendingKey {
    pub number: u64,
    pub key: SecretKey,
}

/// Whether the log goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It takes entries and gives them places.
    Running,
    /// It was opened over a restored copy, to begin a new generation and for nothing before that.
    Held,
    /// It stopped, and may go on once the fault is mended.
    Stopped(String),
    /// An older copy came in the place of its store: it has ended for good.
    Restored { entries: u64 },
}

/// How long the destruction of a pending key waits for transactions that hold it.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Core<S> {
    pub store: Arc<S>,
    pub keys: Arc<dyn LogKeys>,
    pub base: String,
    pub signing: SigningKey,
    pub sequencer: AsyncMutex<Sequencer>,
    pub wake: Arc<Notify>,
    pub cache: TileCache,
    pub(crate) pending: RwLock<Arc<PendingKey>>,
    /// Held while a bundle's key is looked up or replaced, so that nobody clears up after a
    /// replacement that is still under way.
    pub renewing: AsyncMutex<()>,
    pub(crate) bundles: Mutex<HashMap<u64, SecretKey>>,
    pub(crate) head: watch::Sender<Head>,
    pub(crate) places: Mutex<Places>,
    pub(crate) standing: Mutex<Standing>,
    /// Entries made durable here that have no place yet.
    pub(crate) behind: AtomicU64,
    /// What the program's log was told of.
    pub(crate) tally: Tally,
    /// When this process signed a checkpoint last.
    pub(crate) signed: Mutex<Option<Instant>>,
}

pub(crate) fn bundle_key_name(bundle: u64) -> String {
    format!("ledger/bundle/{bundle}")
}

pub(crate) fn pending_key_name(number: u64) -> String {
    format!("ledger/pending/{number}")
}

/// The key for new entries. A log in which something is pending must have it: a new one in its
/// place would leave that closed for ever. Where nothing is pending, the key was destroyed by an
/// erasure after this copy of the database was made, and the next one takes its place.
pub(crate) async fn first_pending_key<S: EntryStore>(
    store: &S,
    keys: &dyn LogKeys,
    head: &mut Head,
) -> Result<SecretKey, LedgerError> {
    let name = pending_key_name(head.pending_key);
    match keys.get(&name).await? {
        Some(key) => Ok(key),
        None if head.generation == 0 => Ok(keys.create(&name).await?),
        None if store.pending(1).await?.is_empty() => {
            head.pending_key += 1;
            ensure_key(keys, &pending_key_name(head.pending_key)).await
        }
        None => Err(LedgerError::KeyMissing(name)),
    }
}

pub(crate) async fn ensure_key(keys: &dyn LogKeys, name: &str) -> Result<SecretKey, LedgerError> {
    match keys.get(name).await? {
        Some(key) => Ok(key),
        None => Ok(keys.create(name).await?),
    }
}

impl<S: EntryStore> Core<S> {
    /// The key for new entries; hold it until they are committed.
    pub fn pending_key(&self) -> Arc<PendingKey> {
        match self.pending.read() {
            Ok(pending) => Arc::clone(&pending),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    /// Puts another key in the place of the key for new entries, and waits until nobody holds the
    /// old one.
    pub async fn replace_pending_key(&self, next: PendingKey) -> Result<(), LedgerError> {
        let old = match self.pending.write() {
            Ok(mut pending) => std::mem::replace(&mut *pending, Arc::new(next)),
            Err(poisoned) => std::mem::replace(&mut *poisoned.into_inner(), Arc::new(next)),
        };
        let until = tokio::time::Instant::now() + PATIENCE;
        while Arc::strong_count(&old) > 1 {
            if tokio::time::Instant::now() >= until {
                return Err(LedgerError::HeldUp { seconds: PATIENCE.as_secs() });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Destroys the pending key before the present one, where a kill left it. Nothing rests on it:
    /// the number is raised only once everything under it is integrated.
    pub async fn finish_pending_turn(&self) -> Result<(), LedgerError> {
        let stored = self.sequencer.lock().await.head.pending_key;
        match stored.checked_sub(1) {
            Some(old) => Ok(self.keys.destroy(&pending_key_name(old)).await?),
            None => Ok(()),
        }
    }

    /// Signs the present size where that was not done yet.
    pub async fn publish_if_behind(&self) -> Result<Head, LedgerError> {
        let mut sequencer = self.sequencer.lock().await;
        if !signed(&sequencer.head) {
            integrate::publish(self, &mut sequencer.head).await?;
            self.head.send_replace(sequencer.head.clone());
        }
        Ok(sequencer.head.clone())
    }

    /// Goes on from where the store stands after a fault of it: a step whose answer was lost may have
    /// been carried out, and a crash of a server may have undone the last ones, whose entries are then
    /// pending again. A store that lacks what was signed or had a place is an older copy, and not gone
    /// on from.
    pub async fn stand_again(&self) -> Result<(), LedgerError> {
        let mut sequencer = self.sequencer.lock().await;
        let stored = self.store.head().await?;
        self.cache.clear();
        if let Err(error) = self.check_same_store(&stored, &sequencer.head).await {
            // Under the lock still, so that nobody takes a step meanwhile.
            self.stop(&error);
            return Err(error);
        }
        let mut loaded = Sequencer::load(&*self.store, stored).await?;
        std::mem::swap(&mut *sequencer, &mut loaded);
        let doubtful = loaded.doubtful;
        let done = doubtful.filter(|(size, _)| sequencer.head.size >= *size);
        self.integrated(&sequencer.head, &done.map(|(_, places)| places).unwrap_or_default());
        self.stand(Standing::Running);
        self.wake.notify_one();
        Ok(())
    }

    /// Whether the newest checkpoint is of the present size.
    pub fn is_signed(&self) -> bool {
        signed(&self.head.borrow())
    }

    pub async fn pending_key_numbered(&self, number: u64) -> Result<SecretKey, LedgerError> {
        let present = self.pending_key();
        if present.number == number {
            return Ok(present.key.clone());
        }
        let name = pending_key_name(number);
        self.keys.get(&name).await?.ok_or(LedgerError::KeyMissing(name))
    }

    pub async fn bundle_key(&self, bundle: u64) -> Result<SecretKey, LedgerError> {
        if let Some(key) = self.bundles.lock().ok().and_then(|keys| keys.get(&bundle).cloned()) {
            return Ok(key);
        }
        let _renewing = self.renewing.lock().await;
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
            return self.first_bundle_key(bundle).await;
        };
        let first = bundle * BUNDLE;
        let runs = self.store.payloads(first, first + BUNDLE).await?;
        if runs.iter().any(|run| opens_under(run, &next)) {
            self.keys.rename(&next_name, &name).await?;
            return Ok(next);
        }
        self.keys.destroy(&next_name).await?;
        self.first_bundle_key(bundle).await
    }

    /// The key of a bundle, made when its first leaf is sealed and never again. After a restore the
    /// keystore may have it already, from leaves that were lost: no nonce comes twice even so.
    async fn first_bundle_key(&self, bundle: u64) -> Result<SecretKey, LedgerError> {
        let name = bundle_key_name(bundle);
        match self.keys.get(&name).await? {
            Some(key) => Ok(key),
            None if self.head.borrow().size <= bundle * BUNDLE => Ok(self.keys.create(&name).await?),
            None => Err(LedgerError::KeyMissing(name)),
        }
    }

    pub fn forget_bundle_key(&self, bundle: u64) {
        if let Ok(mut keys) = self.bundles.lock() {
            keys.remove(&bundle);
        }
    }

    /// The openings of leaves `first .. end`; `None` where a payload was destroyed.
    pub async fn openings(&self, first: u64, end: u64) -> Result<Vec<Option<Opening>>, LedgerError> {
        match self.read_openings(first, end).await {
            // A bundle may have been sealed anew between reading it and reading its key.
            Err(LedgerError::Seal { .. }) => {
                (first / BUNDLE..=end / BUNDLE).for_each(|bundle| self.forget_bundle_key(bundle));
                self.read_openings(first, end).await
            }
            read => read,
        }
    }

    async fn read_openings(&self, first: u64, end: u64) -> Result<Vec<Option<Opening>>, LedgerError> {
        let mut out = Vec::with_capacity((end - first) as usize);
        for run in self.store.payloads(first, end).await? {
            for (leaf, sealed) in (run.first..).zip(split_run(&run)?) {
                if leaf < first || leaf >= end {
                    continue;
                }
                if leaf != first + out.len() as u64 {
                    break;
                }
                out.push(self.open_payload(leaf, sealed).await?);
            }
        }
        if out.len() as u64 == end - first {
            Ok(out)
        } else {
            Err(LedgerError::EntriesGone { leaf: first + out.len() as u64 })
        }
    }

    /// The openings of leaves `first .. end` for an export: what was altered and does not open is
    /// absent like what was destroyed, and the verifier asks by what authority.
    pub async fn openings_as_they_are(
        &self,
        first: u64,
        end: u64,
    ) -> Result<Vec<Option<Opening>>, LedgerError> {
        match self.openings(first, end).await {
            Err(LedgerError::Seal { .. } | LedgerError::Malformed(_)) => {}
            read => return read,
        }
        let mut out = Vec::with_capacity((end - first) as usize);
        for run in self.store.payloads(first, end).await? {
            let parts = split_run(&run).unwrap_or_else(|_| vec![&[]; run.count as usize]);
            for (leaf, sealed) in (run.first..).zip(parts).filter(|(leaf, _)| (first..end).contains(leaf)) {
                out.push(match self.open_payload(leaf, sealed).await {
                    Err(LedgerError::Seal { .. } | LedgerError::Malformed(_)) => None,
                    opening => opening?,
                });
            }
        }
        Ok(out)
    }

    async fn open_payload(&self, leaf: u64, sealed: &[u8]) -> Result<Option<Opening>, LedgerError> {
        if sealed.is_empty() {
            return Ok(None);
        }
        let key = self.bundle_key(leaf / BUNDLE).await?;
        let plain = payload::open(&key, leaf, sealed)
            .map_err(|source| LedgerError::Seal { what: format!("leaf {leaf}"), source })?;
        Opening::decode(&plain).map(Some)
    }

    pub fn integrated(&self, head: &Head, batches: &[(Uuid, u64)]) {
        let before = self.head.borrow().size;
        self.no_longer_behind(head.size.saturating_sub(before));
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

    /// Makes entries durable with `write`, and wakes the sequencer. They are counted before, so that
    /// the sequencer never takes off what was not yet put on.
    pub async fn made_durable<T, E>(
        &self,
        entries: u64,
        write: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.behind.fetch_add(entries, Ordering::Relaxed);
        let written = write.await;
        match written {
            Ok(_) => self.wake.notify_one(),
            Err(_) => self.no_longer_behind(entries),
        }
        written
    }

    /// Notes that nothing is pending. What a caller who went away had announced ends here.
    pub fn caught_up(&self) {
        if self.behind.swap(0, Ordering::Relaxed) > MOST_BEHIND {
            self.head.send_modify(|_| {});
        }
    }

    fn no_longer_behind(&self, entries: u64) {
        let less = |behind: u64| Some(behind.saturating_sub(entries));
        let _ = self.behind.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// Waits while too many durable entries have no place yet: who appends faster than places are
    /// given would wait ever longer for a checkpoint.
    pub async fn not_too_far_ahead(&self) -> Result<(), LedgerError> {
        let mut head = self.head.subscribe();
        while self.behind.load(Ordering::Relaxed) > MOST_BEHIND {
            self.check_running()?;
            self.wake.notify_one();
            head.changed().await.map_err(|_| self.why_stopped())?;
        }
        Ok(())
    }

    pub fn leaf_of(&self, entry: EntryRef) -> Option<u64> {
        let places = self.places.lock().ok()?;
        places.first.get(&entry.batch).map(|first| first + u64::from(entry.place))
    }

    pub fn stop(&self, error: &LedgerError) {
        self.stand(match error {
            LedgerError::Restored { entries } => Standing::Restored { entries: *entries },
            other => Standing::Stopped(other.to_string()),
        });
        let head = self.head.borrow().clone();
        self.head.send_replace(head);
    }

    pub fn stand(&self, standing: Standing) {
        match self.standing.lock() {
            Ok(mut now) => *now = standing,
            Err(poisoned) => *poisoned.into_inner() = standing,
        }
    }

    pub fn standing(&self) -> Standing {
        match self.standing.lock() {
            Ok(now) => now.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    pub fn check_running(&self) -> Result<(), LedgerError> {
        match self.standing() {
            Standing::Running => Ok(()),
            _ => Err(self.why_stopped()),
        }
    }

    /// Refuses where an older copy is in the place of the store: nothing may be given a place or signed.
    pub fn check_not_restored(&self) -> Result<(), LedgerError> {
        match self.standing() {
            Standing::Held | Standing::Restored { .. } => Err(self.why_stopped()),
            Standing::Running | Standing::Stopped(_) => Ok(()),
        }
    }

    pub fn why_stopped(&self) -> LedgerError {
        match self.standing() {
            Standing::Running => LedgerError::Stopped("it was closed".to_owned()),
            Standing::Stopped(why) => LedgerError::Stopped(why),
            Standing::Held => LedgerError::Restored { entries: self.head.borrow().size },
            Standing::Restored { entries } => LedgerError::Restored { entries },
        }
    }
}

impl<S> Drop for Core<S> {
    /// Wakes the sequencer, so that it sees that its ledger is gone.
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

fn signed(head: &Head) -> bool {
    !head.checkpoint.is_empty() && head.checkpoint_size == head.size
}

/// Whether the first payload that a run still holds opens under a key.
fn opens_under(run: &crate::store::PayloadRun, key: &SecretKey) -> bool {
    let parts = split_run(run).unwrap_or_default();
    let held = (run.first..).zip(parts).find(|(_, part)| !part.is_empty());
    held.is_some_and(|(leaf, part)| payload::open(key, leaf, part).is_ok())
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
