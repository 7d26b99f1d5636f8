//! The index as the rest of the program sees it. Everything is asynchronous here and does its work
//! on blocking threads: the engine waits for disk and keystore, and a worker of the runtime that
//! waited with it could be the very one that the keystore needs.

use crate::columns::OpenColumns;
use crate::count::{Breakdown, Counts, Tally};
use crate::document::Change;
use crate::erase::{self, Erased};
use crate::error::IndexError;
use crate::facets::Facets;
use crate::held;
use crate::keys::IndexKeys;
use crate::links::{self, Link};
use crate::matching::vocabulary::Vocabularies;
use crate::matching::weights::Weights;
use crate::part::{By, Within};
use crate::query::Query;
use crate::reader::{self, Hits, Pick, View};
use crate::schema::Fields;
use crate::sealed::{FileKeys, Options, SealedDirectory};
use crate::withheld::Withheld;
use crate::writer::{Settings, Stamp, Writer, london, open_engine, prepare};
use jiff::tz::TimeZone;
use law::access::{Action, Filter, Matrix, Permit};
use ledger::keys::LogKeys;
use model::{ForceId, RecordId, VersionRef};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tantivy::directory::{WatchCallback, WatchHandle};
use tantivy::index::SegmentId;
use tantivy::{Directory, IndexReader, ReloadPolicy, SegmentReader};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tokio::task::spawn_blocking;

/// One force's index. Cheap to clone; all clones are the same index.
#[derive(Clone)]
pub struct Index {
    core: Arc<Core>,
    weights: Weights,
    /// Tells of merges for as long as it is held.
    _merges: WatchHandle,
}

struct Core {
    root: PathBuf,
    fields: Fields,
    zone: TimeZone,
    vocabularies: Arc<Vocabularies>,
    columns: Arc<OpenColumns>,
    reader: IndexReader,
    /// Taken only on blocking threads.
    writer: Arc<Mutex<Writer>>,
    published: watch::Sender<Option<u64>>,
    applied: watch::Sender<Option<u64>>,
}

impl Index {
    /// Opens the index in a folder, or makes an empty one where there is none.
    ///
    /// # Errors
    /// [`IndexError::Rebuild`] where it is damaged, of another force or of another version;
    /// [`IndexError::InUse`] where another process has it open.
    pub async fn open(dir: &Path, keys: Arc<dyn LogKeys>, force: ForceId) -> Result<Self, IndexError> {
        Self::open_with(dir, keys, force, Settings::default()).await
    }

    /// The same with other settings.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub async fn open_with(
        dir: &Path,
        keys: Arc<dyn LogKeys>,
        force: ForceId,
        settings: Settings,
    ) -> Result<Self, IndexError> {
        let keys: Arc<dyn FileKeys> = Arc::new(IndexKeys::new(keys, Handle::current()));
        let dir = dir.to_owned();
        spawn_blocking(move || open_blocking(dir, keys, force, settings)).await?
    }

    /// Throws away whatever is in the folder and its keys, and opens an empty index there.
    ///
    /// # Errors
    /// [`IndexError::InUse`] where another process has it open; else what disk or keystore said.
    pub async fn reset(dir: &Path, keys: Arc<dyn LogKeys>, force: ForceId) -> Result<Self, IndexError> {
        let file_keys: Arc<dyn FileKeys> = Arc::new(IndexKeys::new(Arc::clone(&keys), Handle::current()));
        let folder = dir.to_owned();
        let patience = Settings::default().patience;
        spawn_blocking(move || SealedDirectory::discard(folder, file_keys, patience)).await??;
        Self::open(dir, keys, force).await
    }

    /// Takes changes in, in the order of the feed; `position` is the leaf of the last of them.
    /// They become searchable with [`Index::publish`], and under load on their own now and then.
    /// Await one call before the next: the order of the calls is the order of the changes.
    ///
    /// # Errors
    /// [`IndexError`]; then everything after [`Index::position`] must be applied again.
    pub async fn apply(&self, changes: Vec<Change>, position: u64) -> Result<(), IndexError> {
        let fields = self.core.fields;
        let zone = self.core.zone.clone();
        let prepared = spawn_blocking(move || prepare(&changes, &fields, &zone)).await?;
        self.writing(move |writer| match writer.apply(prepared, position)? {
            true => writer.publish().map(|_| ()),
            false => Ok(()),
        })
        .await
    }

    /// Makes everything applied durable and searchable; returns the position that is.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub async fn publish(&self) -> Result<Option<u64>, IndexError> {
        self.writing(Writer::publish).await
    }

    /// The leaf up to which the feed is searchable; `None` before the first.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        *self.core.published.borrow()
    }

    /// The leaf up to which the feed was applied, searchable or not.
    #[must_use]
    pub fn applied(&self) -> Option<u64> {
        *self.core.applied.borrow()
    }

    /// Waits until a position is applied, searchable or not, for as long as that takes.
    pub async fn reach(&self, position: u64) {
        // The sender lives as long as the index does.
        let _ = self.core.applied.subscribe().wait_for(|at| at.is_some_and(|at| at >= position)).await;
    }

    /// Waits until a position is searchable, publishing as soon as it is applied.
    ///
    /// # Errors
    /// [`IndexError::Behind`] where it was not reached in time.
    pub async fn wait_for(&self, position: u64, timeout: Duration) -> Result<(), IndexError> {
        let reached = |at: &Option<u64>| at.is_some_and(|at| at >= position);
        let wait = async {
            let mut published = self.core.published.subscribe();
            let mut applied = self.core.applied.subscribe();
            while !reached(&published.borrow_and_update()) {
                if reached(&applied.borrow_and_update()) {
                    self.publish().await?;
                    continue;
                }
                tokio::select! {
                    _ = published.changed() => {}
                    _ = applied.changed() => {}
                }
            }
            Ok(())
        };
        match tokio::time::timeout(timeout, wait).await {
            Ok(done) => done,
            Err(_) => Err(IndexError::Behind { wanted: position, reached: self.position().unwrap_or(0) }),
        }
    }

    /// Answers a query with what the permit's holder may list, and with nothing else: the access
    /// rule is part of what is asked of the engine, so that totals and scores tell of nothing
    /// more. The answers stay withheld until the log has the reading.
    ///
    /// # Errors
    /// [`IndexError::WrongPermit`] for a permit that is not of listing or viewing;
    /// [`IndexError::TooFar`]; else a fault of the index.
    pub async fn run(
        &self,
        permit: &Permit,
        matrix: &Matrix,
        query: &Query,
        pick: impl Into<Pick>,
    ) -> Result<Withheld<Hits>, IndexError> {
        let pick = pick.into();
        if !matches!(permit.action(), Some(Action::List | Action::View)) {
            return Err(IndexError::WrongPermit);
        }
        pick.page.check()?;
        let filter = Filter::may_read(matrix, permit.context(), Action::List);
        let query = query.clone();
        self.reading(move |view| reader::run(view, &filter, &query, pick)).await.map(Withheld::new)
    }

    /// The same index, asked with other costs.
    #[cfg(feature = "study")]
    #[must_use]
    pub fn weighing(&self, weights: Weights) -> Self {
        Self { weights, ..self.clone() }
    }

    /// Which records within a filter a query meets, at most so many: for telling the owner of a covert
    /// record, or that a restricted one exists. It shows nothing of them.
    ///
    /// # Errors
    /// A fault of the index.
    pub async fn meets(
        &self,
        filter: &Filter,
        query: &Query,
        most: usize,
    ) -> Result<Vec<VersionRef>, IndexError> {
        let (filter, query) = (filter.clone(), query.clone());
        self.reading(move |view| reader::meets(view, &filter, &query, most)).await
    }

    /// Counts the answers to a query, of those that the permit's holder may list, by kind and by year.
    ///
    /// # Errors
    /// [`IndexError::WrongPermit`] for a permit that is not of listing or viewing; else a fault of the index.
    pub async fn facets(
        &self,
        permit: &Permit,
        matrix: &Matrix,
        query: &Query,
    ) -> Result<Facets, IndexError> {
        if !matches!(permit.action(), Some(Action::List | Action::View)) {
            return Err(IndexError::WrongPermit);
        }
        let filter = Filter::may_read(matrix, permit.context(), Action::List);
        let query = query.clone();
        self.reading(move |view| reader::facets(view, &filter, &query)).await
    }

    /// The newest links, at most so many, that name one of these records and that the permit's holder may
    /// list. It shows nothing of them: what opens them is a receipt.
    ///
    /// # Errors
    /// [`IndexError::WrongPermit`] for a permit that is not of listing or viewing; else a fault of the index.
    pub async fn links(
        &self,
        permit: &Permit,
        matrix: &Matrix,
        records: &[RecordId],
        most: usize,
    ) -> Result<Vec<Link>, IndexError> {
        self.links_of_type(permit, matrix, records, None, most).await
    }

    /// The same, of links of one type alone where one is named, as a code.
    ///
    /// # Errors
    /// As [`Index::links`].
    pub async fn links_of_type(
        &self,
        permit: &Permit,
        matrix: &Matrix,
        records: &[RecordId],
        link_type: Option<&str>,
        most: usize,
    ) -> Result<Vec<Link>, IndexError> {
        if !matches!(permit.action(), Some(Action::List | Action::View)) {
            return Err(IndexError::WrongPermit);
        }
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Filter::may_read(matrix, permit.context(), Action::List);
        let (records, link_type) = (records.to_vec(), link_type.map(str::to_owned));
        self.reading(move |view| links::links(view, &filter, &records, link_type.as_deref(), most)).await
    }

    /// Counts records within an access filter, in one pass.
    ///
    /// # Errors
    /// A fault of the index.
    pub async fn count(&self, filter: &Filter, tallies: Vec<Tally>) -> Result<Counts, IndexError> {
        let filter = filter.clone();
        self.reading(move |view| crate::count::count(view, &filter, &tallies)).await
    }

    /// Counts records within an access filter by unit, by month or year of the event, by one of each,
    /// or in one sum.
    ///
    /// # Errors
    /// [`IndexError::Parts`], or a fault of the index.
    pub async fn break_down(
        &self,
        filter: &Filter,
        tallies: Vec<Tally>,
        within: &Within,
        by: &[By],
    ) -> Result<Breakdown, IndexError> {
        let (filter, within, by) = (filter.clone(), within.clone(), by.to_vec());
        self.reading(move |view| crate::count::break_down(view, &filter, &tallies, &within, &by)).await
    }

    /// Removes records so that nothing of them stays on disk: deletes them, writes the segments
    /// that held them anew, removes the old files and destroys their keys.
    ///
    /// # Errors
    /// [`IndexError::StillRead`] where a search holds the old files too long; else a fault of the
    /// index. Running it again continues.
    pub async fn erase(&self, records: &[RecordId]) -> Result<Erased, IndexError> {
        let records = records.to_vec();
        let root = self.core.root.clone();
        self.writing(move |writer| erase::erase(writer, &records, &root)).await
    }

    /// The files of the index, for the scan after an erasure.
    ///
    /// # Errors
    /// What the file system said.
    pub async fn files(&self) -> Result<Vec<PathBuf>, IndexError> {
        let root = self.core.root.clone();
        spawn_blocking(move || erase::files(&root)).await?
    }

    /// Every record and version that the index holds, in batches, for comparison with the vault.
    /// Dropping the receiver ends it.
    #[must_use]
    pub fn check(&self) -> mpsc::Receiver<Result<Vec<VersionRef>, IndexError>> {
        let (batches, receiver) = mpsc::channel(4);
        let view = self.view();
        let ending = batches.clone();
        let streamed = spawn_blocking(move || held::stream(&view, &batches));
        tokio::spawn(async move {
            // A stream that broke off must not look like one that came to its end.
            if let Err(broken) = streamed.await {
                let _ = ending.send(Err(broken.into())).await;
            }
        });
        receiver
    }

    /// Publishes what was applied and ends the engine's threads. The index must not be used after.
    ///
    /// # Errors
    /// A fault of the index.
    pub async fn close(&self) -> Result<(), IndexError> {
        self.writing(|writer| {
            writer.publish()?;
            writer.close()
        })
        .await
    }

    async fn writing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let core = Arc::clone(&self.core);
        spawn_blocking(move || {
            let mut writer = core.writer();
            let done = work(&mut writer);
            core.follow_segments();
            core.published.send_if_modified(|at| replace(at, writer.published()));
            core.applied.send_if_modified(|at| replace(at, writer.applied()));
            done
        })
        .await?
    }

    pub(crate) async fn reading<T: Send + 'static>(
        &self,
        work: impl FnOnce(&View) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let index = self.clone();
        spawn_blocking(move || work(&index.view())).await?
    }

    fn view(&self) -> View {
        // The position first: the searcher may then be newer than it says, never older.
        let position = self.position();
        View {
            position,
            searcher: self.core.reader.searcher(),
            fields: self.core.fields,
            vocabularies: Arc::clone(&self.core.vocabularies),
            columns: Arc::clone(&self.core.columns),
            weights: self.weights.clone(),
        }
    }
}

fn replace<T: PartialEq>(held: &mut T, new: T) -> bool {
    let differs = *held != new;
    *held = new;
    differs
}

impl Core {
    /// The writer puts itself right after every failure, so a panic elsewhere does not spoil it.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Core {
    /// Shows what a merge made. What it was made of is deleted by then, and of a deleted file nothing is cached: each
    /// search would unseal all that it reads.
    fn follow_merges(&self) {
        // Whoever commits shows by themselves what they made.
        let writer = self.writer();
        if let Err(error) = self.show_merged() {
            tracing::warn!(%error, "what was merged in the search index is not searched yet");
        }
        drop(writer);
        self.follow_segments();
    }

    fn show_merged(&self) -> Result<(), IndexError> {
        let searcher = self.reader.searcher();
        let shown: BTreeSet<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        let present = searcher.index().searchable_segment_ids()?;
        if present.into_iter().collect::<BTreeSet<_>>() != shown {
            self.reader.reload()?;
        }
        Ok(())
    }

    /// Reads the names and columns of new segments before anybody waits for them, and forgets those of old ones.
    fn follow_segments(&self) {
        let searcher = self.reader.searcher();
        if let Err(error) = self.vocabularies.follow(&searcher) {
            tracing::warn!(%error, "the names of a part of the search index cannot be read");
        }
        if let Err(error) = self.columns.follow(&searcher) {
            tracing::warn!(%error, "the columns of a part of the search index cannot be read");
        }
    }
}

/// Ending the engine's threads waits for them, and they may wait for the keystore: not on a worker
/// of the runtime, which may be the only one.
impl Drop for Core {
    fn drop(&mut self) {
        let writer = Arc::clone(&self.writer);
        std::thread::spawn(move || {
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = writer.close() {
                tracing::warn!(%error, "the search index did not close in order");
            }
        });
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({}, position {:?})", self.core.root.display(), self.position())
    }
}

/// Removes the files that a kill left between their writing and the commit that would have named
/// them. The engine numbers what it does from the last commit on, so that it would make a file of the
/// same name again, and find the name taken.
fn sweep_uncommitted(engine: &mut tantivy::Index) -> Result<(), IndexError> {
    let mut named = engine.load_metas()?.list_segment_files();
    named.insert(PathBuf::from("meta.json"));
    engine.directory_mut().garbage_collect(|| named)?;
    Ok(())
}

fn open_blocking(
    dir: PathBuf,
    keys: Arc<dyn FileKeys>,
    force: ForceId,
    settings: Settings,
) -> Result<Index, IndexError> {
    let options = Options { cache_bytes: settings.cache_bytes, patience: settings.patience };
    let directory = SealedDirectory::open(dir.clone(), keys, options)?;
    let is_new = directory.is_new()?;
    open_over(dir, Box::new(directory), is_new, force, settings)
}

/// Opens an index over whatever the engine reads and writes.
pub(crate) fn open_over(
    dir: PathBuf,
    directory: Box<dyn Directory>,
    is_new: bool,
    force: ForceId,
    settings: Settings,
) -> Result<Index, IndexError> {
    let (_, fields) = Fields::schema();
    let zone = london()?;
    let mut engine = open_engine(directory, is_new)?;
    let stamp = if is_new { Stamp::new(force) } else { Stamp::read(&engine, force)? };
    if !is_new {
        sweep_uncommitted(&mut engine)?;
    }
    let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let mut writer = Writer::new(engine, reader, fields, settings, stamp.clone());
    if is_new {
        writer.commit(&stamp)?;
    }
    let core = Core {
        root: dir,
        fields,
        zone,
        vocabularies: Arc::new(Vocabularies::new(fields.names)),
        columns: Arc::default(),
        reader: writer.reader().clone(),
        published: watch::Sender::new(stamp.position),
        applied: watch::Sender::new(stamp.position),
        writer: Arc::new(Mutex::new(writer)),
    };
    let core = Arc::new(core);
    let watching = Arc::downgrade(&core);
    let changed = WatchCallback::new(move || {
        if let Some(core) = watching.upgrade() {
            core.follow_merges();
        }
    });
    let merges = core.reader.searcher().index().directory().watch(changed)?;
    Ok(Index { core, weights: Weights::default(), _merges: merges })
}
