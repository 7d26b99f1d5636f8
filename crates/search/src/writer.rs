//! The writing side: changes go into the engine's buffers, and become searchable by a commit. All
//! of this runs on blocking threads.

use crate::document::Change;
use crate::error::IndexError;
use crate::mapping::Mapper;
use crate::placed;
use crate::schema::{Fields, VERSION};
use jiff::tz::TimeZone;
use model::{ForceId, RecordId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::store::Compressor;
use tantivy::{
    Directory, Index as Engine, IndexReader, IndexSettings, IndexWriter, Searcher, TantivyDocument,
};

/// How an index writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Memory for changes on their way, in octets, over all threads; at least 15 MB a thread.
    pub buffer_bytes: usize,
    /// Threads that build segments.
    pub threads: usize,
    /// Memory for opened text, in octets.
    pub cache_bytes: usize,
    /// How long to wait at the start for another index that has the folder open.
    pub patience: Duration,
    /// Under load, changes become searchable after this many.
    pub publish_after_changes: usize,
    /// Under load, changes become searchable after this long, at the next batch.
    pub publish_after: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            buffer_bytes: 60_000_000,
            threads: 2,
            cache_bytes: 32 * 1024 * 1024,
            patience: Duration::from_secs(5),
            publish_after_changes: 50_000,
            publish_after: Duration::from_millis(500),
        }
    }
}

/// What each commit says of the whole index. It is written with the list of segments, so that the
/// position is never ahead of them nor behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    pub(crate) schema: u32,
    pub(crate) force: ForceId,
    /// The leaf up to which the feed is in.
    pub(crate) position: Option<u64>,
}

impl Stamp {
    pub(crate) fn new(force: ForceId) -> Self {
        Self { schema: VERSION, force, position: None }
    }

    /// Reads the stamp of the newest commit and refuses an index that is not this one.
    pub(crate) fn read(engine: &Engine, force: ForceId) -> Result<Self, IndexError> {
        let payload = engine.load_metas()?.payload;
        let payload = payload.ok_or_else(|| IndexError::rebuild("it was never finished"))?;
        let stamp: Self = serde_json::from_str(&payload)
            .map_err(|_| IndexError::rebuild("its stamp is not one of this program's"))?;
        if stamp.schema != VERSION {
            let why = format!("it is of version {} and this program reads version {VERSION}", stamp.schema);
            return Err(IndexError::rebuild(why));
        }
        if stamp.force != force {
            return Err(IndexError::rebuild(format!(
                "it is of another force ({}, not {force})",
                stamp.force
            )));
        }
        Ok(stamp)
    }
}

/// The engine's writer and what is on its way.
pub(crate) struct Writer {
    engine: Engine,
    reader: IndexReader,
    fields: Fields,
    settings: Settings,
    stamp: Stamp,
    /// Made when first needed and after every failure; an engine's writer that failed once stays
    /// failed.
    inner: Option<IndexWriter>,
    /// Records put since the last commit, whose earlier documents the reader does not show yet.
    pending: HashSet<RecordId>,
    /// Where the changes on their way lead, and when the first of them came.
    towards: Option<(u64, Instant)>,
    changes: usize,
}

/// A document ready for the engine, or a deletion.
pub(crate) enum Prepared {
    Put(RecordId, TantivyDocument),
    Erase(RecordId),
}

/// Does the costly part of a batch, which needs no lock.
pub(crate) fn prepare(changes: &[Change], fields: &Fields, zone: &TimeZone) -> Vec<Prepared> {
    let mut mapper = Mapper::new(fields, zone);
    let prepared = changes.iter().map(|change| match change {
        Change::Put(entry) => Prepared::Put(entry.version.record, mapper.document(entry)),
        Change::Erase(record) => Prepared::Erase(*record),
    });
    prepared.collect()
}

impl Writer {
    pub(crate) fn new(
        engine: Engine,
        reader: IndexReader,
        fields: Fields,
        settings: Settings,
        stamp: Stamp,
    ) -> Self {
        Self {
            engine,
            reader,
            fields,
            settings,
            stamp,
            inner: None,
            pending: HashSet::new(),
            towards: None,
            changes: 0,
        }
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The position that is searchable.
    pub(crate) fn published(&self) -> Option<u64> {
        self.stamp.position
    }

    /// The position of what was applied, searchable or not.
    pub(crate) fn applied(&self) -> Option<u64> {
        self.towards.map(|(position, _)| position).or(self.stamp.position)
    }

    /// Takes a batch in. Returns whether it is time to publish.
    pub(crate) fn apply(&mut self, batch: Vec<Prepared>, position: u64) -> Result<bool, IndexError> {
        let taken = self.take(batch);
        if let Err(error) = taken {
            self.give_up();
            return Err(error);
        }
        let since = self.towards.map_or_else(Instant::now, |(_, since)| since);
        self.towards = Some((position, since));
        Ok(self.changes >= self.settings.publish_after_changes
            || since.elapsed() >= self.settings.publish_after)
    }

    fn take(&mut self, batch: Vec<Prepared>) -> Result<(), IndexError> {
        self.inner()?;
        let searcher = self.reader.searcher();
        for change in batch {
            let (Prepared::Put(record, _) | Prepared::Erase(record)) = &change;
            self.replace(&searcher, *record)?;
            self.changes += 1;
            if let Prepared::Put(record, document) = change {
                self.pending.insert(record);
                self.inner()?.add_document(document)?;
            }
        }
        Ok(())
    }

    /// Deletes what the index holds of a record. Asking first is cheaper than a deletion in vain,
    /// which opens every segment again at the commit; and most changes are of new records.
    fn replace(&mut self, searcher: &Searcher, record: RecordId) -> Result<(), IndexError> {
        let term = self.fields.record_term(record);
        if self.pending.contains(&record) || searcher.doc_freq(&term)? > 0 {
            self.inner()?.delete_term(term);
        }
        Ok(())
    }

    /// Makes everything applied durable and searchable. Does nothing where there is nothing.
    pub(crate) fn publish(&mut self) -> Result<Option<u64>, IndexError> {
        if self.towards.is_none() {
            return Ok(self.published());
        }
        let stamp = Stamp { position: self.applied(), ..self.stamp.clone() };
        if let Err(error) = self.commit(&stamp) {
            self.give_up();
            return Err(error);
        }
        self.stamp = stamp;
        self.forget_pending();
        Ok(self.published())
    }

    /// Commits under a stamp and shows it to the reader.
    pub(crate) fn commit(&mut self, stamp: &Stamp) -> Result<(), IndexError> {
        let payload = serde_json::to_string(stamp).map_err(|error| IndexError::Failed(error.to_string()))?;
        let mut prepared = self.inner()?.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.reader.reload()?;
        Ok(())
    }

    /// The engine's writer, made where there is none.
    pub(crate) fn inner(&mut self) -> Result<&mut IndexWriter, IndexError> {
        let writer = match self.inner.take() {
            Some(writer) => writer,
            None => self.make()?,
        };
        Ok(self.inner.insert(writer))
    }

    fn make(&self) -> Result<IndexWriter, IndexError> {
        let threads = self.settings.threads.max(1);
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(self.settings.buffer_bytes / threads)
            .num_worker_threads(threads)
            .num_merge_threads(1)
            .build();
        let writer = self.engine.writer_with_options(options)?;
        writer.set_merge_policy(Box::new(merge_policy()));
        // After a failure the reader may be older than the newest commit; what it shows decides
        // which documents must be replaced.
        self.reader.reload()?;
        Ok(writer)
    }

    /// After a failure: what was not published is forgotten here and comes again from the feed.
    fn give_up(&mut self) {
        self.inner = None;
        self.forget_pending();
    }

    fn forget_pending(&mut self) {
        self.pending.clear();
        self.towards = None;
        self.changes = 0;
    }

    /// Ends the engine's threads. Waits for merges under way.
    pub(crate) fn close(&mut self) -> Result<(), IndexError> {
        match self.inner.take() {
            Some(writer) => Ok(writer.wait_merging_threads()?),
            None => Ok(()),
        }
    }

    pub(crate) fn reader(&self) -> &IndexReader {
        &self.reader
    }

    pub(crate) fn stamp(&self) -> &Stamp {
        &self.stamp
    }
}

/// Single changes make small segments; they are put together early among themselves, so that a
/// large segment is seldom written again because of them.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(6);
    policy.set_min_layer_size(200);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

/// Nothing is stored, so nothing needs compressing on a thread of its own.
pub(crate) fn engine_settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

/// The zone in whose days events are counted.
pub(crate) fn london() -> Result<TimeZone, IndexError> {
    TimeZone::get("Europe/London")
        .map_err(|error| IndexError::Failed(format!("the time zone Europe/London is missing: {error}")))
}

/// Opens the engine over a folder, or makes a new index where there is none.
pub(crate) fn open_engine(directory: Box<dyn Directory>, is_new: bool) -> Result<Engine, IndexError> {
    let (schema, _) = Fields::schema();
    let engine = match is_new {
        true => Engine::create(directory, schema.clone(), engine_settings())?,
        false => Engine::open(directory)?,
    };
    engine.tokenizers().register(placed::NAME, placed::analyzer());
    if engine.schema() != schema {
        return Err(IndexError::rebuild("it has fields that this program does not know"));
    }
    Ok(engine)
}
