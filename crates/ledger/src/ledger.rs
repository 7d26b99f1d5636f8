//! The ledger of one force: records permits, gives receipts, answers with proofs.

use crate::append::{self, Request, request, seal_batch};
use crate::commitment::{Hash, Opening, Payload};
use crate::core::{Core, PendingKey, Sequencer, Standing, first_pending_key};
use crate::entry::{self, Detail, LogIn};
use crate::error::LedgerError;
use crate::events::{Event, Tally};
use crate::integrate;
use crate::keys::LogKeys;
use crate::note::{origin, verifier_key};
use crate::receipt::{Change, EntryRef, Machine, Pending, Receipt, Show};
use crate::store::{EntryStore, FeedItem, Head};
use crate::tiles::{TileCache, TileReader};
use crate::tree;
use ed25519_dalek::SigningKey;
use law::access::{Context, Permit, Refusal};
use model::{VersionId, VersionRef};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, watch};

/// How a ledger runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Base of the origin, for instance `lampshire.example/bluelamp`.
    pub base: String,
    /// How long a group commit may wait for more callers.
    pub linger: Duration,
    /// Tiles kept in memory for proofs.
    pub tile_cache: NonZeroUsize,
    /// The newest checkpoint that is remembered outside the store. A log that does not continue it is
    /// not opened, and nothing of it changes.
    pub seen: Option<String>,
    /// Entries up to this moment are known to have been made by a clock that stood ahead, so the present
    /// time may be before them: microseconds since 1970-01-01T00:00:00Z.
    pub clock_stood_ahead_until: i64,
}

impl Options {
    /// The defaults for a base.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self {
            base: base.to_owned(),
            linger: Duration::from_micros(600),
            tile_cache: NonZeroUsize::new(4096).unwrap_or(NonZeroUsize::MIN),
            seen: None,
            clock_stood_ahead_until: i64::MIN,
        }
    }
}

/// The clock may differ by this much from the newest entry before the ledger refuses to start: microseconds.
pub const CLOCK_TOLERANCE: i64 = 60_000_000;

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
    /// [`LedgerError`], among others where the clock went back by more than a minute, and
    /// [`LedgerError::Restored`] where it does not continue what was seen of it.
    pub async fn open(
        store: Arc<S>,
        keys: Arc<dyn LogKeys>,
        signing: SigningKey,
        options: Options,
        now: i64,
    ) -> Result<Self, LedgerError> {
        let ledger = Self::over(store, keys, signing, &options, now, Standing::Running).await?;
        let core = &ledger.core;
        // Before anything has a place: what a restored copy has pending would be a fork.
        if let Some(seen) = &options.seen {
            core.check_continues(&ledger.head(), seen).await?;
        }
        ledger.settle().await?;
        core.finish_pending_turn().await?;
        tokio::spawn(integrate::run(Arc::downgrade(core)));
        Ok(ledger)
    }

    /// Opens a log whose store is a restored copy, for [`Ledger::begin_generation`]: until that is
    /// done nothing is entered, nothing gets a place and nothing is signed.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub async fn open_restored(
        store: Arc<S>,
        keys: Arc<dyn LogKeys>,
        signing: SigningKey,
        options: Options,
        now: i64,
    ) -> Result<Self, LedgerError> {
        Self::over(store, keys, signing, &options, now, Standing::Held).await
    }

    async fn over(
        store: Arc<S>,
        keys: Arc<dyn LogKeys>,
        signing: SigningKey,
        options: &Options,
        now: i64,
        standing: Standing,
    ) -> Result<Self, LedgerError> {
        let fence = store.take_lease().await?;
        let mut head = store.head().await?;
        head.fence = fence;
        // A restored copy takes nothing but the entry of its new generation, whatever the clock: what was said of
        // that may be lost with the newest copy.
        let latest = options.clock_stood_ahead_until.max(now + CLOCK_TOLERANCE);
        if standing != Standing::Held && head.last_time > latest {
            return Err(LedgerError::ClockWentBack { seconds: (head.last_time - now) / 1_000_000 });
        }
        let key = first_pending_key(&*store, &*keys, &mut head).await?;
        let sequencer = Sequencer::load(&*store, head).await?;
        let head = sequencer.head.clone();
        let core = Arc::new(Core {
            store,
            keys,
            base: options.base.clone(),
            signing,
            wake: Arc::new(Notify::new()),
            cache: TileCache::new(options.tile_cache),
            pending: RwLock::new(Arc::new(PendingKey { number: head.pending_key, key })),
            renewing: AsyncMutex::default(),
            bundles: Mutex::default(),
            head: watch::Sender::new(head.clone()),
            places: Mutex::default(),
            standing: Mutex::new(standing),
            behind: AtomicU64::new(0),
            tally: Tally::default(),
            signed: Mutex::new(None),
            sequencer: AsyncMutex::new(sequencer),
        });
        let (requests, queue) = mpsc::channel(4096);
        tokio::spawn(append::run(Arc::downgrade(&core), options.linger, queue));
        Ok(Self { core, requests })
    }

    /// Lets a log that was held for its new generation take entries.
    pub(crate) fn go_on(&self) {
        self.core.stand(Standing::Running);
        tokio::spawn(integrate::run(Arc::downgrade(&self.core)));
    }

    /// Whether an older copy came in the place of the store while this log was open, or was there when
    /// it was opened: then it takes no entry until a new generation begins.
    #[must_use]
    pub fn is_restored(&self) -> bool {
        self.core.check_not_restored().is_err()
    }

    /// Records permits, one entry each, all in one batch; the receipt is given once they are durable, and
    /// covers the versions of all of them.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing may be shown.
    pub async fn record(&self, permits: Vec<(Permit, Detail)>) -> Result<Receipt<Show>, LedgerError> {
        if permits.is_empty() {
            return Err(LedgerError::Malformed("nothing to record"));
        }
        let mut openings = Vec::with_capacity(permits.len());
        let mut covers: Vec<VersionId> = Vec::new();
        for (permit, detail) in &permits {
            covers.extend(permit.versions().iter().map(|version| version.version));
            openings.push(entry::permitted(permit, detail)?.encode());
        }
        let entry = self.append(openings).await?;
        self.core.tally.tell(permits.iter().filter_map(|(permit, detail)| Event::of_sight(permit, detail)));
        Ok(Receipt::new(entry, covers))
    }

    /// Records a refusal.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn record_refusal(&self, refusal: &Refusal) -> Result<EntryRef, LedgerError> {
        let entry = self.append_payload(&entry::refused(refusal)?).await?;
        self.core.tally.tell([Event::of_refusal(refusal)]);
        Ok(entry)
    }

    /// Records that somebody signed in; without a context, that a token proved nobody.
    ///
    /// # Errors
    /// [`LedgerError`]: then nobody is signed in.
    pub async fn record_log_in(&self, context: Option<&Context>, at: i64) -> Result<EntryRef, LedgerError> {
        let log_in = match context {
            Some(context) => LogIn::By { context, how: None },
            None => LogIn::Failed {
                ground: "the token proves nobody",
                account: None,
                whom: None,
                locks: false,
                at,
            },
        };
        let entry = self.append_payload(&entry::log_in(log_in)?).await?;
        self.core.tally.tell([Event::of_log_in(log_in)]);
        Ok(entry)
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
        let entry = self.append_payload(&entry::machine(purpose, versions, at)?).await?;
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
        let events = permits.iter().filter_map(|(permit, detail)| Event::of_change(permit, detail)).collect();
        Ok(Pending { events, ..self.pend(tx, &openings, covers).await? })
    }

    /// Enters that somebody signed in, or did not, in a transaction with what follows from it. It counts
    /// only once [`Ledger::commit`] has committed it.
    ///
    /// # Errors
    /// [`LedgerError`]; the transaction must then be dropped, and nobody is signed in.
    pub async fn record_log_in_in(&self, tx: &mut S::Tx, log_in: LogIn<'_>) -> Result<Pending, LedgerError> {
        self.core.check_running()?;
        let pending = self.pend(tx, &[entry::log_in(log_in)?.encode()], Vec::new()).await?;
        Ok(Pending { events: vec![Event::of_log_in(log_in)], ..pending })
    }

    async fn pend(
        &self,
        tx: &mut S::Tx,
        openings: &[Vec<u8>],
        covers: Vec<VersionId>,
    ) -> Result<Pending, LedgerError> {
        let key = self.core.pending_key();
        let batch = seal_batch(&key, openings.iter())?;
        self.core.store.append(tx, &batch).await?;
        let place = (openings.len() as u32).saturating_sub(1);
        Ok(Pending { entry: EntryRef { batch: batch.id, place }, covers, events: Vec::new(), _key: key })
    }

    /// Commits a transaction: the only way from [`Pending`] to a receipt.
    ///
    /// # Errors
    /// [`LedgerError`]; then neither the change nor its entries are there.
    pub async fn commit(&self, tx: S::Tx, pending: Pending) -> Result<Receipt<Change>, LedgerError> {
        let entries = u64::from(pending.entry.place) + 1;
        self.core.made_durable(entries, self.core.store.commit(tx)).await?;
        self.core.tally.tell(pending.events);
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
        self.core.publish_if_behind().await
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.core.head.borrow().clone()
    }

    /// Whether it takes entries; where not, why.
    ///
    /// # Errors
    /// [`LedgerError`]: then nothing is shown to anybody.
    pub fn check_running(&self) -> Result<(), LedgerError> {
        self.core.check_running()
    }

    /// Time since this process signed a checkpoint last; `None` before the first.
    #[must_use]
    pub fn since_checkpoint(&self) -> Option<Duration> {
        self.core.signed.lock().unwrap_or_else(PoisonError::into_inner).map(|signed| signed.elapsed())
    }

    /// How often each event was told to the program's log since this process began ([`crate::events`]).
    #[must_use]
    pub fn tally(&self) -> BTreeMap<&'static str, u64> {
        self.core.tally.counts()
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

    pub(crate) async fn append_payload(&self, payload: &Payload) -> Result<EntryRef, LedgerError> {
        self.append(vec![payload.encode()]).await
    }

    /// Makes entries durable together; gives the last of them.
    async fn append(&self, openings: Vec<Vec<u8>>) -> Result<EntryRef, LedgerError> {
        let (request, answer) = request(openings);
        self.requests.send(request).await.map_err(|_| self.core.why_stopped())?;
        answer.await.map_err(|_| self.core.why_stopped())?
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
