//! Columns of segments: which record a document is of, and which it names.

use crate::error::IndexError;
use crate::schema::column;
use model::{RecordId, VersionId, VersionRef};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};
use uuid::Uuid;

/// The columns of the segments that are in use. To open one is to unseal the whole of it, which of a large segment
/// takes longer than the search; so they stay open until their segment is gone.
#[derive(Default)]
pub(crate) struct OpenColumns(Mutex<HashMap<SegmentId, Arc<Columns>>>);

impl OpenColumns {
    /// The columns of a segment; opened at their first use.
    pub(crate) fn of(&self, segment: &SegmentReader) -> Result<Arc<Columns>, IndexError> {
        let id = segment.segment_id();
        if let Some(open) = self.held().get(&id) {
            return Ok(Arc::clone(open));
        }
        let opened = Arc::new(Columns::open(segment)?);
        Ok(Arc::clone(self.held().entry(id).or_insert(opened)))
    }

    /// Lets go of those of segments that are gone, and opens those that are new.
    pub(crate) fn follow(&self, searcher: &Searcher) -> Result<(), IndexError> {
        let present: Vec<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        self.held().retain(|id, _| present.contains(id));
        searcher.segment_readers().iter().try_for_each(|segment| self.of(segment).map(drop))
    }

    fn held(&self) -> MutexGuard<'_, HashMap<SegmentId, Arc<Columns>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The columns of one segment.
pub(crate) struct Columns {
    record: [Column<u64>; 2],
    version: [Column<u64>; 2],
    kind: Column<u64>,
    reference: Column<u64>,
    /// Of the records that a document names; a segment without any has none.
    refers: [Option<Column<u64>>; 2],
    /// Held so that whoever orders by it finds it open.
    _happened: Option<Column<i64>>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> Result<Self, IndexError> {
        let columns = segment.fast_fields();
        Ok(Self {
            record: [columns.u64(column::RECORD_HI)?, columns.u64(column::RECORD_LO)?],
            version: [columns.u64(column::VERSION_HI)?, columns.u64(column::VERSION_LO)?],
            kind: columns.u64(column::KIND)?,
            reference: columns.u64(column::REFERENCE)?,
            refers: [columns.column_opt(column::REFERS_HI)?, columns.column_opt(column::REFERS_LO)?],
            _happened: columns.column_opt(column::HAPPENED)?,
        })
    }

    /// Version and number of the reference of one document.
    pub(crate) fn read(&self, doc: DocId) -> (VersionRef, u64) {
        let number = |column: &Column<u64>| column.first(doc).unwrap_or_default();
        let id = |pair: &[Column<u64>; 2]| Uuid::from_u64_pair(number(&pair[0]), number(&pair[1]));
        let version = VersionRef {
            record: RecordId(id(&self.record)),
            version: VersionId(id(&self.version)),
            // The column holds what was a u16.
            kind: number(&self.kind) as u16,
        };
        (version, number(&self.reference))
    }

    /// The records that a document names, in its order.
    pub(crate) fn named_by(&self, doc: DocId) -> Vec<RecordId> {
        let [Some(high), Some(low)] = &self.refers else { return Vec::new() };
        let pairs = high.values_for_doc(doc).zip(low.values_for_doc(doc));
        pairs.map(|(high, low)| RecordId(Uuid::from_u64_pair(high, low))).collect()
    }
}
