//! A door that keeps everything in memory and counts as the desk does.

#![allow(dead_code, reason = "each test program uses a part of it")]

use desk::DeskError;
use desk::intake::{Counts, IncomingRow, Joining, Position, RejectedRow, SourceFile};
use intake::police_uk::DataPoliceUk;
use intake::{Door, IntakeError, Options, Report};
use model::Body;
use model::kinds::{crime, provenance as from};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

/// What the store holds.
#[derive(Default)]
pub struct Held {
    /// Bodies by source, content and occurrence.
    pub records: BTreeMap<(String, Vec<u8>, u64), Body>,
    /// Bodies of rows with an id, by scope and id.
    pub things: BTreeMap<(String, String), Body>,
    /// Contents of rows with an id, by sort.
    named: BTreeSet<(String, Vec<u8>)>,
    /// Rejects by source and line.
    pub rejects: BTreeMap<(String, u64), RejectedRow>,
    /// Runs that were cut off.
    open: HashMap<(String, [u8; 32]), MemoryRun>,
    pub largest_batch: usize,
    pub sources: BTreeSet<String>,
}

/// One run.
#[derive(Clone)]
pub struct MemoryRun {
    key: (String, [u8; 32]),
    file: String,
    joining: Option<Joining>,
    position: Position,
    counts: Counts,
    occurrences: HashMap<Vec<u8>, u64>,
}

/// The door.
#[derive(Default)]
pub struct Memory {
    held: Mutex<Held>,
    /// Fails once so many more batches were taken in.
    fails_after: Mutex<Option<u64>>,
    /// Loses one row of each batch, as no desk may.
    loses_rows: bool,
    /// Writes to this file with each batch, as a copy that is still going on would.
    appends_to: Option<PathBuf>,
}

impl Memory {
    pub fn losing_rows() -> Self {
        Self { loses_rows: true, ..Self::default() }
    }

    pub fn appending_to(file: PathBuf) -> Self {
        Self { appends_to: Some(file), ..Self::default() }
    }

    pub fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    pub fn fail_after(&self, batches: u64) {
        *self.fails_after.lock().unwrap() = Some(batches);
    }

    fn is_failing(&self) -> bool {
        let mut left = self.fails_after.lock().unwrap();
        match *left {
            Some(0) => {
                *left = None;
                true
            }
            Some(batches) => {
                *left = Some(batches - 1);
                false
            }
            None => false,
        }
    }
}

impl Held {
    /// A row of a thing: held already, the first of it, or one that joins.
    fn join(&mut self, run: &mut MemoryRun, joining: Joining, id: String, row: IncomingRow) {
        run.counts.rows += 1;
        if !self.named.insert((joining.sort.to_owned(), row.content)) {
            run.counts.repeated += 1;
            return;
        }
        run.counts.accepted += 1;
        let mut origin = Body::default();
        origin.set(from::FILE, run.file.clone()).set(from::LINE, row.line as i64);
        let mut body = row.body;
        body.set(crime::PROVENANCE, vec![origin]);
        let key = (joining.scope.to_owned(), id);
        let joined = match self.things.get(&key) {
            Some(head) => (joining.join)(head, head, vec![body]),
            None => (joining.gather)(vec![body]),
        };
        run.counts.further_outcomes += joined.further_outcomes;
        run.counts.differing += joined.differing;
        run.counts.differing_records += u64::from(joined.begins_to_differ);
        let is_new = self.things.insert(key, joined.body).is_none();
        run.counts.records += u64::from(is_new);
    }
}

impl Door for Memory {
    type Who = &'static str;
    type Run = MemoryRun;

    async fn begin_intake(&self, who: &Self::Who, file: SourceFile) -> Result<MemoryRun, DeskError> {
        assert_eq!(*who, "officer");
        self.held().sources.insert(file.source.clone());
        let key = (file.source, file.digest);
        let fresh = MemoryRun {
            key: key.clone(),
            file: file.file,
            joining: file.joining,
            position: Position::default(),
            counts: Counts::default(),
            occurrences: HashMap::new(),
        };
        Ok(self.held().open.get(&key).cloned().unwrap_or(fresh))
    }

    async fn take_in(
        &self,
        _who: &Self::Who,
        run: &mut MemoryRun,
        mut rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> Result<(), DeskError> {
        if self.is_failing() {
            return Err(DeskError::Unusable("the power went out".to_owned()));
        }
        if let Some(file) = &self.appends_to {
            OpenOptions::new().append(true).open(file).unwrap().write_all(b"\n").unwrap();
        }
        if self.loses_rows {
            rows.pop();
        }
        let mut held = self.held();
        held.largest_batch = held.largest_batch.max(rows.len() + rejects.len());
        for row in rows {
            if let (Some(joining), Some(id)) = (run.joining, &row.id) {
                held.join(run, joining, id.clone(), row);
                continue;
            }
            let occurrence = run.occurrences.entry(row.content.clone()).or_default();
            *occurrence += 1;
            let is_new =
                held.records.insert((run.key.0.clone(), row.content, *occurrence), row.body).is_none();
            run.counts.rows += 1;
            run.counts.accepted += u64::from(is_new);
            run.counts.records += u64::from(is_new);
            run.counts.repeated += u64::from(!is_new);
            run.counts.possible_repeats += u64::from(is_new && *occurrence > 1);
        }
        for reject in rejects {
            run.counts.rows += 1;
            run.counts.rejected += 1;
            *run.counts.reasons.entry(format!("{}: {}", reject.field, reject.reason)).or_default() += 1;
            held.rejects.insert((run.key.0.clone(), reject.line), reject);
        }
        run.position = to;
        held.open.insert(run.key.clone(), run.clone());
        Ok(())
    }

    async fn end_intake(&self, _who: &Self::Who, run: MemoryRun) -> Result<Counts, DeskError> {
        self.held().open.remove(&run.key);
        Ok(run.counts)
    }

    fn position(&self, run: &MemoryRun) -> Position {
        run.position
    }

    fn rows(&self, run: &MemoryRun) -> u64 {
        run.counts.rows
    }
}

/// Options whose clock moves on by a second each time it is read.
pub fn options(batch_rows: usize) -> Options {
    let ticks = Mutex::new(0);
    let clock = move || {
        let mut ticks = ticks.lock().unwrap();
        *ticks += 1;
        Duration::from_secs(*ticks)
    };
    Options { batch_rows, clock: Box::new(clock), ..Options::default() }
}

/// Runs the connector over a path.
pub fn take_in(door: &Memory, path: &Path, batch_rows: usize) -> Result<Report, IntakeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let options = options(batch_rows);
    runtime.block_on(intake::run(door, &"officer", &DataPoliceUk, path, &options, |_| {}))
}
