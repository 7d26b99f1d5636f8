//! Taking rows in from another system: what the intake engine hands over, and what it gets back.
//!
//! Rows come in two sorts. A row without an id is told by its content and by how often that has
//! occurred in its file: identical rows are different events ([`SourceFile::joining`] is `None`, or
//! [`IncomingRow::id`] is). A row with an id speaks of a thing that other rows may speak of too: an
//! identical one is a repeat, and any other joins the thing's record ([`Joining`]).

mod joining;
mod pace;
pub(crate) mod rejects;
mod sorting;

pub use joining::Joining;
pub(crate) use pace::Pace;
pub use rejects::Reject;

use crate::Desk;
use crate::again::Tries;
use crate::door::{from_json, json};
use crate::error::DeskError;
use crate::session::Session;
use joining::Opened;
use law::access::{Action, Permit};
use ledger::Detail;
use model::Body;
use serde::{Deserialize, Serialize};
use sorting::Marks;
use std::collections::BTreeMap;
use vault::store::{ItemRow, RecordStore};

/// One file of a source.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// What the file says of itself, and what makes its rows' identity with their content: the
    /// source's force, month and sort, for instance `2023-01-metropolitan-stop-and-search`.
    pub source: String,
    /// The file as it was named.
    pub file: String,
    /// Connector and its version, for instance `data-police-uk 1`.
    pub connector: String,
    /// The month that the file speaks of, `2023-01`.
    pub period: String,
    /// The licence or agreement under which it was received.
    pub licence: String,
    /// Number of the kind that its rows become.
    pub kind: u16,
    /// The unit that its rows are of, where they do not say so themselves.
    pub unit: Option<String>,
    /// How its rows that carry an id come together; `None` where none does.
    pub joining: Option<Joining>,
    /// SHA-256 of the file's content, so that an interrupted run resumes only on the same file.
    pub digest: [u8; 32],
}

/// A row that became a body.
#[derive(Debug)]
pub struct IncomingRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The row's content in one canonical form: equal rows have equal content.
    pub content: Vec<u8>,
    /// The id under which the source names what the row speaks of, where it has one.
    pub id: Option<String>,
    /// The body, without provenance: the desk adds that.
    pub body: Body,
}

/// A row that could not become a body. It is kept sealed for re-work.
#[derive(Debug, Clone)]
pub struct RejectedRow {
    /// Line of the file, from 1, the header included.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it, in words and without the value.
    pub reason: String,
    /// The row as it stood, cut at 64 KiB.
    pub raw: Vec<u8>,
}

/// How a file stands. `rows = accepted + repeated + rejected`, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that became records or joined one.
    pub accepted: u64,
    /// Rows that were held already: from an earlier run, or identical rows of one id.
    pub repeated: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Of the accepted: rows identical to another of the same file, which may be other people.
    pub possible_repeats: u64,
    /// Of the accepted: such as became a record with others or alone; the rest joined one that was there.
    #[serde(default)]
    pub records: u64,
    /// Of the accepted: further outcomes beside one that the record has.
    #[serde(default)]
    pub further_outcomes: u64,
    /// Of the accepted: rows that say otherwise than another of the same id.
    #[serde(default)]
    pub differing: u64,
    /// Records whose rows began to differ with this file.
    #[serde(default)]
    pub differing_records: u64,
    /// Rejected rows by `field: reason`.
    pub reasons: BTreeMap<String, u64>,
}

impl Counts {
    fn reject(&mut self, reject: &RejectedRow) {
        self.rejected += 1;
        *self.reasons.entry(format!("{}: {}", reject.field, reject.reason)).or_default() += 1;
    }
}

/// A place in a file up to which everything is durable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Octets from the start of the file.
    pub offset: u64,
    /// Lines before that.
    pub line: u64,
}

/// A run over one file, from [`Desk::begin_intake`].
#[derive(Debug)]
pub struct IntakeRun {
    pub(crate) file: SourceFile,
    pub(crate) run: i64,
    /// Where to read on: the start, or where a kill cut the run off.
    pub position: Position,
    /// What is counted so far.
    pub counts: Counts,
}

/// How a source's newest run stands, kept in the transaction of each batch.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    digest: String,
    run: i64,
    position: Position,
    counts: Counts,
    finished: bool,
}

impl Standing {
    fn of(run: &IntakeRun, position: Position, counts: &Counts, finished: bool) -> Self {
        let digest = hex::encode(run.file.digest);
        Self { digest, run: run.run, position, counts: counts.clone(), finished }
    }
}

/// Area of how sources stand, by their names, which say force, month and sort.
pub(crate) const STANDING: &str = "intake";
/// How often a batch begins anew because somebody changed one of its records.
const ATTEMPTS: u32 = 8;

/// What one transaction takes in.
struct Batch {
    permit: Permit,
    rows: Vec<IncomingRow>,
    marks: Marks,
    rejected: Vec<ItemRow>,
    to: Position,
}

impl<S: RecordStore> Desk<S> {
    /// Whether somebody may take rows in of any kind, before anything is looked at for them.
    ///
    /// # Errors
    /// A refusal.
    pub async fn check_may_take_in(&self, who: &Session) -> Result<(), DeskError> {
        let matrix = self.matrix();
        let may = |kind: &&&model::Kind| matrix.allows(who.roles(), kind.number, Action::Intake);
        let kind = model::kinds::ALL.iter().find(may).map_or(0, |kind| kind.number);
        let _permit = self.permit(who, Action::Intake, kind, &[]).await?;
        Ok(())
    }

    /// Begins a run over a file, or goes on where a kill cut one off.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn begin_intake(&self, who: &Session, file: SourceFile) -> Result<IntakeRun, DeskError> {
        let _permit = self.permit(who, Action::Intake, file.kind, &[]).await?;
        self.check_takes_files()?;
        let held = self.vault.store.setting(STANDING, &file.source).await?;
        let held: Option<Standing> = held.as_deref().map(from_json).transpose()?;
        let same = |standing: &Standing| !standing.finished && standing.digest == hex::encode(file.digest);
        Ok(match held.filter(same) {
            Some(standing) => {
                IntakeRun { file, run: standing.run, position: standing.position, counts: standing.counts }
            }
            None => {
                self.forget_rejects(&file).await?;
                let (position, counts) = (Position::default(), Counts::default());
                IntakeRun { file, run: self.clock.now(), position, counts }
            }
        })
    }

    /// Takes rows in, with their rejects and the place reached, in one transaction.
    ///
    /// # Errors
    /// A refusal, or faults of store, keys and log: then nothing of the batch is held.
    pub async fn take_in(
        &self,
        who: &Session,
        run: &mut IntakeRun,
        rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> Result<(), DeskError> {
        self.keep_pace().await;
        // Files may take hours: a role that was taken away meanwhile takes in nothing more.
        let who = &self.still(who).await?;
        let permit = self.permit(who, Action::Intake, run.file.kind, &[]).await?;
        let mut counts = run.counts.clone();
        counts.rows += (rows.len() + rejects.len()) as u64;
        rejects.iter().for_each(|reject| counts.reject(reject));
        let marks = Marks::of(&self.hash_key().await?, &run.file, &rows);
        let batch =
            Batch { permit, rejected: self.seal_rejects(&run.file, &rejects).await?, rows, marks, to };
        let mut tries = Tries::default();
        for _ in 0..ATTEMPTS {
            let opened = self.open_known(run, &batch).await?;
            match self.try_batch(who, run, &batch, &opened, counts.clone()).await {
                Ok(Some(counts)) => {
                    run.counts = counts;
                    run.position = to;
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) if tries.again(&error).await => {}
                Err(error) => return Err(error),
            }
        }
        Err(DeskError::unusable(
            "records that these rows are of were changed by somebody again and again: run the same command once more",
        ))
    }

    /// One transaction over a batch; `None` where somebody has changed a record since it was opened.
    async fn try_batch(
        &self,
        who: &Session,
        run: &IntakeRun,
        batch: &Batch,
        opened: &Opened,
        mut counts: Counts,
    ) -> Result<Option<Counts>, DeskError> {
        let store = &self.vault.store;
        let mut tx = store.begin().await?;
        let sorted = self.sort_out(&mut tx, run, batch, &mut counts).await?;
        self.keep_seen(&mut tx, &run.file, &sorted).await?;
        let erased = self.seal_rejects(&run.file, &sorted.erased).await?;
        let Some(made) = self.versions_made(&mut tx, who, &run.file, &sorted, opened, &mut counts).await?
        else {
            return Ok(None);
        };
        let changes = made.iter().filter(|version| version.before.is_some()).count();
        let mut prepared = self.vault.prepare(made).await?;
        match self.vault.add(&mut tx, &prepared).await {
            Err(vault::VaultError::Conflict { .. }) => return Ok(None),
            other => other?,
        }
        store.put_items(&mut tx, &batch.rejected).await?;
        store.put_items(&mut tx, &erased).await?;
        let standing = Standing::of(run, batch.to, &counts, false);
        store.put_setting(&mut tx, STANDING, &run.file.source, &json(&standing)?).await?;
        let collected = prepared.commitments.len() - changes;
        let changed = prepared.commitments.split_off(collected);
        let subject = format!("{} {}", run.file.file, sorted.lines());
        // What is new was collected; a record that was there was altered (DPA 2018 s.62(1)(a), (b)).
        let entries: Vec<_> = [(None, prepared.commitments), (Some("alteration"), changed)]
            .into_iter()
            .filter(|(_, commitments)| !commitments.is_empty())
            .map(|(operation, commitments)| {
                let count = Some(commitments.len() as u64);
                let subject = Some(subject.clone());
                (&batch.permit, Detail { operation, commitments, count, subject, ..Detail::default() })
            })
            .collect();
        if entries.is_empty() {
            store.commit(tx).await?;
            return Ok(Some(counts));
        }
        let pending = self.ledger.record_in(&mut tx, &entries).await?;
        let receipt = self.ledger.commit(tx, pending).await?;
        self.note_taken_in(receipt.entry()).await;
        Ok(Some(counts))
    }

    /// Ends a run over a file.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn end_intake(&self, who: &Session, run: IntakeRun) -> Result<Counts, DeskError> {
        let _permit = self.permit(who, Action::Intake, run.file.kind, &[]).await?;
        let standing = Standing::of(&run, run.position, &run.counts, true);
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, STANDING, &run.file.source, &json(&standing)?).await?;
        self.vault.store.commit(tx).await?;
        Ok(run.counts)
    }

    /// Waits until everything taken in can be found.
    ///
    /// # Errors
    /// Faults of the index.
    pub async fn settle_intake(&self) -> Result<(), DeskError> {
        self.ledger.settle().await?;
        self.wanted.notify_one();
        self.catch_up().await?;
        Ok(())
    }

    pub(crate) async fn read_item<T: serde::de::DeserializeOwned>(
        &self,
        item: &ItemRow,
    ) -> Result<T, DeskError> {
        let octets = zeroize::Zeroizing::new(self.vault.open_item(item).await?);
        from_json(&String::from_utf8_lossy(&octets))
    }
}
