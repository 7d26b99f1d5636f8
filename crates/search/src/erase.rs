//! Erasing for good: a deletion only hides a document until its segment is written anew, so the
//! segments that held it are, and their files and keys go.

use crate::error::IndexError;
use crate::writer::Writer;
use model::RecordId;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tantivy::index::SegmentId;
use tantivy::{Searcher, Term};

/// How long a running merge or search is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(5);

/// What an erasure did to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Records that the index held.
    pub records: u64,
    /// Segments that were written anew or dropped.
    pub segments: u64,
    /// Files that went, each with its key.
    pub files: Vec<String>,
}

/// Removes records, their segments' files and those files' keys.
pub(crate) fn erase(writer: &mut Writer, records: &[RecordId], root: &Path) -> Result<Erased, IndexError> {
    writer.publish()?;
    let fields = *writer.fields();
    let terms: Vec<Term> = records.iter().map(|record| fields.record_term(*record)).collect();
    let before = names(root)?;
    // A segment of which nothing is left goes with the deletion itself.
    let mut segments: BTreeSet<SegmentId> =
        holders(&writer.reader().searcher(), &terms)?.into_iter().collect();
    let held = delete(writer, &terms)?;
    segments.extend(rewrite_holders(writer, &terms)?);
    collect(writer, &segments, root)?;
    let after = names(root)?;
    Ok(Erased {
        records: held,
        segments: segments.len() as u64,
        files: before.difference(&after).cloned().collect(),
    })
}

fn delete(writer: &mut Writer, terms: &[Term]) -> Result<u64, IndexError> {
    let searcher = writer.reader().searcher();
    let mut held = 0;
    for term in terms {
        if searcher.doc_freq(term)? > 0 {
            held += u64::from(lives(&searcher, term)?);
            writer.inner()?.delete_term(term.clone());
        }
    }
    drop(searcher);
    let stamp = writer.stamp().clone();
    writer.commit(&stamp)?;
    Ok(held)
}

fn lives(searcher: &Searcher, term: &Term) -> Result<bool, IndexError> {
    let query = tantivy::query::TermQuery::new(term.clone(), tantivy::schema::IndexRecordOption::Basic);
    Ok(searcher.search(&query, &tantivy::collector::Count)? > 0)
}

/// Writes segments anew until none knows any of the terms. A merge that ran meanwhile may have
/// carried a term along, so it is looked for again each time.
fn rewrite_holders(writer: &mut Writer, terms: &[Term]) -> Result<BTreeSet<SegmentId>, IndexError> {
    let deadline = Instant::now() + PATIENCE;
    let mut rewritten = BTreeSet::new();
    loop {
        let holders = holders(&writer.reader().searcher(), terms)?;
        if holders.is_empty() {
            return Ok(rewritten);
        }
        for segment in holders {
            rewritten.insert(segment);
            // Each by itself: two large ones need not become a larger one.
            if let Err(error) = writer.inner()?.merge(&[segment]).wait() {
                // It is part of a merge under way, whose outcome is looked at next.
                tracing::debug!(%error, "a segment could not be written anew yet");
                if Instant::now() >= deadline {
                    return Err(error.into());
                }
                sleep(PAUSE);
            }
        }
        writer.reader().reload()?;
    }
}

/// The segments that know one of the terms, deleted or not.
fn holders(searcher: &Searcher, terms: &[Term]) -> Result<Vec<SegmentId>, IndexError> {
    let mut holders = Vec::new();
    for segment in searcher.segment_readers() {
        let Some(first) = terms.first() else {
            break;
        };
        let index = segment.inverted_index(first.field())?;
        for term in terms {
            if index.get_term_info(term)?.is_some() {
                holders.push(segment.segment_id());
                break;
            }
        }
    }
    Ok(holders)
}

/// Removes what no reader needs any more, until nothing of these segments is left. The engine
/// keeps the files of a segment that a running search still reads.
fn collect(writer: &mut Writer, segments: &BTreeSet<SegmentId>, root: &Path) -> Result<(), IndexError> {
    let gone: Vec<String> = segments.iter().map(SegmentId::uuid_string).collect();
    let deadline = Instant::now() + PATIENCE;
    loop {
        writer.inner()?.garbage_collect_files().wait()?;
        let left = names(root)?.into_iter().any(|name| gone.iter().any(|segment| name.starts_with(segment)));
        match left {
            false => return Ok(()),
            true if Instant::now() >= deadline => return Err(IndexError::StillRead(PATIENCE.as_secs())),
            true => sleep(PAUSE),
        }
    }
}

fn names(root: &Path) -> Result<BTreeSet<String>, IndexError> {
    let paths = files(root)?.into_iter();
    Ok(paths.filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned())).collect())
}

/// Every file in the folder of the index.
pub(crate) fn files(root: &Path) -> Result<Vec<PathBuf>, IndexError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root)? {
        files.push(entry?.path());
    }
    Ok(files)
}
