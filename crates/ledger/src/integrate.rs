//! The sequencer: gives durable entries their places in the tree, and writes tiles, payloads,
//! touches, feed and checkpoint. Only the holder of the newest fence may do it.

use crate::append::{open_batch, openings_of};
use crate::commitment::{Hash, OpeningView, entry_octets};
use crate::core::{Core, Sequencer, bundle_key_name, pending_key_name};
use crate::entry::read_records;
use crate::error::LedgerError;
use crate::note::{Checkpoint, origin};
use crate::payload;
use crate::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, TileRow, Touch};
use crate::tags;
use crate::tiles::WIDTH;
use crate::touches::{number, touches_of};
use crate::tree;
use model::VersionId;
use sealing::SecretKey;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{MutexGuard, Notify};
use zeroize::Zeroizing;

/// Leaves of one bundle, sealed under one key.
pub const BUNDLE: u64 = 65_536;
/// Most entries of one step. While a step is written nobody else writes, so this also bounds how long
/// an entry waits to become durable.
const STEP: u32 = 2048;
/// Most steps before others come to the sequencer, to sign or to seal a bundle anew.
const RUN: u32 = 16;
/// How long the sequencer lets entries gather under load.
const PACE: Duration = Duration::from_millis(8);
/// How often it signs a checkpoint at most: nobody enters anything while one is written, so whoever comes next
/// would wait for it.
const PUBLISH: Duration = Duration::from_millis(250);

/// How long a log that stopped waits before it looks whether it can go on.
const RECOVERY: Duration = Duration::from_millis(500);

/// Runs until the ledger is dropped or the lease is lost.
pub(crate) async fn run<S: EntryStore>(core: std::sync::Weak<Core<S>>) {
    let mut published = Instant::now();
    loop {
        let Some(strong) = core.upgrade() else { return };
        let wake = Arc::clone(&strong.wake);
        match advance(&strong, &mut published).await {
            Ok(0) => {
                let due = (!strong.is_signed()).then(|| PUBLISH.saturating_sub(published.elapsed()));
                drop(strong);
                wait(&wake, due).await;
            }
            Ok(count) => {
                drop(strong);
                // A full step means that more is waiting.
                if count < u64::from(STEP) {
                    tokio::time::sleep(PACE).await;
                }
            }
            Err(error) => {
                drop(strong);
                if !recover(&core, error).await {
                    return;
                }
            }
        }
    }
}

/// Waits until there is something to do, or a checkpoint is due.
async fn wait(wake: &Notify, due: Option<Duration>) {
    let Some(due) = due else { return wake.notified().await };
    // Whichever it was, the next round looks at both.
    let _ = tokio::time::timeout(due, wake.notified()).await;
}

/// Stops the log, and lets it go on once the store and the keys can be reached again and the lease is
/// still this one's. Gives `false` where it cannot go on.
async fn recover<S: EntryStore>(core: &std::sync::Weak<Core<S>>, mut error: LedgerError) -> bool {
    loop {
        let Some(strong) = core.upgrade() else { return false };
        tracing::error!(%error, "the log stopped");
        strong.stop(&error);
        if !matches!(error, LedgerError::Store(_) | LedgerError::Key(_)) {
            return false;
        }
        drop(strong);
        tokio::time::sleep(RECOVERY).await;
        let Some(strong) = core.upgrade() else { return false };
        match strong.stand_again().await {
            Ok(()) => return true,
            Err(again) => error = again,
        }
    }
}

/// One step, and a checkpoint where one is due.
async fn advance<S: EntryStore>(core: &Arc<Core<S>>, published: &mut Instant) -> Result<u64, LedgerError> {
    let count = step(core).await?;
    if count == 0 {
        core.caught_up();
    }
    if !core.is_signed() && published.elapsed() >= PUBLISH {
        core.publish_if_behind().await?;
        *published = Instant::now();
    }
    Ok(count)
}

/// Integrates what is pending, a few steps at most; gives how many entries that were.
pub(crate) async fn step<S: EntryStore>(core: &Arc<Core<S>>) -> Result<u64, LedgerError> {
    let writer = core.sequencer.lock().await;
    // Looked at under the lock: whoever finds an older copy in the place of the store holds it.
    core.check_not_restored()?;
    step_under(core, writer).await
}

/// Integrates over a restored copy what was pending in it, before the entry of the new generation;
/// nothing of it is signed in the old one.
pub(crate) async fn step_held<S: EntryStore>(core: &Arc<Core<S>>) -> Result<u64, LedgerError> {
    step_under(core, core.sequencer.lock().await).await
}

/// The steps themselves. While the store writes one the next is drafted.
async fn step_under<S: EntryStore>(
    core: &Arc<Core<S>>,
    mut writer: MutexGuard<'_, Sequencer>,
) -> Result<u64, LedgerError> {
    let from = writer.head.size;
    let mut drafted = draft_after(core, &writer.head, &writer.edge, &[]).await?;
    for left in (0..RUN).rev() {
        let Some(Drafted { step, edge, places }) = drafted else { break };
        let (head, count, taken) = (step.head.clone(), step.head.size - step.from_size, step.batches.clone());
        let ahead = async {
            // Only where more than a step is waiting, and never beyond this run: whoever takes the
            // sequencer's lock next must find nothing under way.
            let more = left > 0 && count >= u64::from(STEP);
            if more { draft_after(core, &head, &edge, &taken).await } else { Ok(None) }
        };
        writer.doubtful = Some((head.size, places));
        let (integrated, ahead) = tokio::join!(core.store.integrate(step), ahead);
        if !integrated? {
            return Err(LedgerError::LeaseLost);
        }
        writer.head = head;
        writer.edge = edge;
        let places = writer.doubtful.take().map(|(_, places)| places).unwrap_or_default();
        core.integrated(&writer.head, &places);
        drafted = ahead?;
    }
    Ok(writer.head.size - from)
}

/// Drafts the next step after a head, leaving out batches that another step has already.
async fn draft_after<S: EntryStore>(
    core: &Arc<Core<S>>,
    head: &Head,
    edge: &Edge,
    taken: &[uuid::Uuid],
) -> Result<Option<Drafted>, LedgerError> {
    let wanted = if taken.is_empty() { STEP } else { 2 * STEP };
    let mut batches = core.store.pending(wanted).await?;
    batches.retain(|batch| !taken.contains(&batch.id));
    if batches.is_empty() {
        return Ok(None);
    }
    let keys = StepKeys::of(core, head, &batches).await?;
    let (head, edge) = (head.clone(), edge.clone());
    // Thousands of entries are hashed and sealed at a go: not on a worker that callers wait for.
    let drafted = tokio::task::spawn_blocking(move || draft(&head, edge, &batches, &keys)).await;
    drafted.map_err(|error| LedgerError::Stopped(format!("a step was broken off: {error}")))?.map(Some)
}

/// The keys that a step needs.
struct StepKeys {
    pending: HashMap<u64, SecretKey>,
    bundles: HashMap<u64, SecretKey>,
}

impl StepKeys {
    async fn of<S: EntryStore>(
        core: &Core<S>,
        head: &Head,
        batches: &[PendingBatch],
    ) -> Result<Self, LedgerError> {
        let (mut pending, mut bundles) = (HashMap::new(), HashMap::new());
        for batch in batches {
            if let Entry::Vacant(place) = pending.entry(batch.key) {
                place.insert(core.pending_key_numbered(batch.key).await?);
            }
        }
        let entries: u64 = batches.iter().map(|batch| u64::from(batch.count)).sum();
        let last = head.size + entries.max(1) - 1;
        for bundle in head.size / BUNDLE..=last / BUNDLE {
            bundles.insert(bundle, core.bundle_key(bundle).await?);
        }
        Ok(Self { pending, bundles })
    }
}

/// A step that is ready for the store.
struct Drafted {
    step: Step,
    edge: Edge,
    places: Vec<(uuid::Uuid, u64)>,
}

fn draft(
    before: &Head,
    mut edge: Edge,
    batches: &[PendingBatch],
    keys: &StepKeys,
) -> Result<Drafted, LedgerError> {
    let mut draft = Draft::new(before);
    let mut places = Vec::with_capacity(batches.len());
    for batch in batches {
        places.push((batch.id, draft.head.size));
        draft_batch(&mut draft, batch, keys)?;
    }
    grow_tree(&mut draft, &mut edge);
    let step = draft.into_step(before, batches.iter().map(|batch| batch.id).collect());
    Ok(Drafted { step, edge, places })
}

/// Signs after the commit of (size, root), never before, and shows the checkpoint only once that and
/// it are durable: a signed size is a kept size.
pub(crate) async fn publish<S: EntryStore>(core: &Core<S>, head: &mut Head) -> Result<(), LedgerError> {
    let checkpoint =
        Checkpoint { origin: origin(&core.base, head.generation), size: head.size, root: head.root };
    let signed =
        Head { checkpoint: checkpoint.sign(&core.signing), checkpoint_size: head.size, ..head.clone() };
    core.store.keep_checkpoint(&signed).await?;
    *core.signed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    // Only now: what was not kept is signed again, and nothing is measured by it.
    *head = signed;
    Ok(())
}

struct Draft {
    head: Head,
    leaves: Vec<Hash>,
    payloads: Vec<PayloadRun>,
    tiles: Vec<TileRow>,
    touches: Vec<Touch>,
    feed: Vec<FeedItem>,
}

impl Draft {
    fn new(head: &Head) -> Self {
        Self {
            head: head.clone(),
            leaves: Vec::new(),
            payloads: Vec::new(),
            tiles: Vec::new(),
            touches: Vec::new(),
            feed: Vec::new(),
        }
    }

    fn into_step(self, before: &Head, batches: Vec<uuid::Uuid>) -> Step {
        Step {
            fence: before.fence,
            from_size: before.size,
            head: self.head,
            batches,
            payloads: self.payloads,
            tiles: self.tiles,
            touches: self.touches,
            feed: self.feed,
        }
    }

    /// The run that the next leaf joins; a new one at a bundle's edge.
    fn run(&mut self) -> &mut PayloadRun {
        let leaf = self.head.size;
        let fresh = self.payloads.last().is_none_or(|_| leaf.is_multiple_of(BUNDLE));
        if fresh {
            let empty = PayloadRun { first: leaf, count: 0, commitments: Vec::new(), sealed: Vec::new() };
            self.payloads.push(empty);
        }
        let last = self.payloads.len() - 1;
        &mut self.payloads[last]
    }
}

fn draft_batch(draft: &mut Draft, batch: &PendingBatch, keys: &StepKeys) -> Result<(), LedgerError> {
    let key = keys.pending.get(&batch.key);
    let key = key.ok_or_else(|| LedgerError::KeyMissing(pending_key_name(batch.key)))?;
    let plain = Zeroizing::new(open_batch(batch, key)?);
    for octets in openings_of(&plain, batch.count)? {
        draft_entry(draft, octets, keys)?;
    }
    Ok(())
}

fn draft_entry(draft: &mut Draft, octets: &[u8], keys: &StepKeys) -> Result<(), LedgerError> {
    let leaf = draft.head.size;
    let opening = OpeningView::read(octets)?;
    let key = keys.bundles.get(&(leaf / BUNDLE));
    let key = key.ok_or_else(|| LedgerError::KeyMissing(bundle_key_name(leaf / BUNDLE)))?;
    let sealed = payload::seal(key, leaf, octets)?;
    let run = draft.run();
    run.count += 1;
    run.commitments.extend(opening.commitment);
    run.sealed.extend((sealed.len() as u32).to_be_bytes());
    run.sealed.extend(sealed);
    draft.leaves.push(tree::leaf_hash(&entry_octets(&opening.commitment)));
    note_entry(draft, leaf, &opening);
    if opening.value(tags::OPERATION) == Some(b"generation")
        && let Some(earlier) = opening.value(tags::EARLIER_CHECKPOINT)
    {
        // It follows the generation that was known outside, of which this database may hold nothing.
        let earlier = Checkpoint::named_generation(earlier).unwrap_or(0);
        draft.head.generation = draft.head.generation.max(earlier) + 1;
    }
    draft.head.size += 1;
    Ok(())
}

fn note_entry(draft: &mut Draft, leaf: u64, opening: &OpeningView<'_>) {
    let time = number(opening.value(tags::TIME)) as i64;
    draft.head.last_time = draft.head.last_time.max(time);
    draft.touches.extend(touches_of(leaf, |tag| opening.value(tag)));
    let Some(records) = opening.value(tags::RECORDS) else { return };
    let changed = opening.value(tags::COMMITMENTS).is_some();
    let erased = opening.value(tags::ERASES_VERSIONS).is_some();
    for version in read_records(records) {
        if changed || erased {
            let made = if changed { version.version } else { VersionId(uuid::Uuid::nil()) };
            draft.feed.push(FeedItem { leaf, record: version.record, version: made });
        }
    }
}

/// The right edge of the tree: for each level the hashes of its last, unfinished tile.
#[derive(Debug, Default, Clone)]
pub(crate) struct Edge {
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// Reads the edge of a stored tree.
    pub async fn load<S: EntryStore>(store: &S, size: u64) -> Result<Self, LedgerError> {
        let mut levels = Vec::new();
        let mut hashes = size;
        for level in 0u8.. {
            if hashes == 0 {
                break;
            }
            let width = (hashes % WIDTH) as usize;
            levels.push(if width == 0 {
                Vec::new()
            } else {
                edge_tile(store, level, hashes / WIDTH, width).await?
            });
            hashes /= WIDTH;
        }
        Ok(Self { levels })
    }

    /// The root of a tree of `size` whose edge this is.
    fn root(&self) -> Hash {
        let mut parts: Vec<Hash> = Vec::new();
        for row in self.levels.iter().rev() {
            let mut at = 0usize;
            for (height, _) in tree::subtrees(0, row.len() as u64) {
                let width = 1usize << height;
                parts.push(tree::perfect_root(&row[at..at + width]));
                at += width;
            }
        }
        tree::fold_right(&parts)
    }

    /// Adds one hash to a level; a tile that is full goes up as one hash. Notes which tiles grew.
    fn push(&mut self, level: u8, hash: Hash, size_of_level: u64, grown: &mut BTreeMap<(u8, u64), Vec<u8>>) {
        let at = usize::from(level);
        if self.levels.len() <= at {
            self.levels.push(Vec::new());
        }
        let number = size_of_level / WIDTH;
        let row = &mut self.levels[at];
        row.push(hash);
        let tile = grown.entry((level, number)).or_insert_with(|| row[..row.len() - 1].concat());
        tile.extend(hash);
        if row.len() as u64 == WIDTH {
            let up = tree::perfect_root(row);
            row.clear();
            self.push(level + 1, up, number, grown);
        }
    }
}

async fn edge_tile<S: EntryStore>(
    store: &S,
    level: u8,
    number: u64,
    width: usize,
) -> Result<Vec<Hash>, LedgerError> {
    let octets = store.tile(level, number).await?.unwrap_or_default();
    let mut hashes = octets.as_chunks::<32>().0.to_vec();
    if hashes.len() < width {
        return Err(LedgerError::Malformed("the last tile of a level is short"));
    }
    hashes.truncate(width);
    Ok(hashes)
}

fn grow_tree(draft: &mut Draft, edge: &mut Edge) {
    let first = draft.head.size - draft.leaves.len() as u64;
    let mut grown = BTreeMap::new();
    for (leaf, hash) in (first..).zip(&draft.leaves) {
        edge.push(0, *hash, leaf, &mut grown);
    }
    draft.tiles =
        grown.into_iter().map(|((level, number), hashes)| TileRow { level, number, hashes }).collect();
    draft.head.root = edge.root();
}
