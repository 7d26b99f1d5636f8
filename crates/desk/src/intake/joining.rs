//! Rows that speak of one thing become one record, and later ones join it as a new version.

use super::sorting::{FreshRow, Sorted, Thing};
use super::{Batch, Counts, IntakeRun, SourceFile};
use crate::Desk;
use crate::clock::id_at;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{Draft, REASON, UNIT};
use crate::session::Session;
use model::body::Slot;
use model::field::Instant;
use model::kinds::crime::gathered::Joined;
use model::kinds::provenance as from;
use model::{Body, Kind, Labels, RecordId, Value};
use std::collections::HashMap;
use vault::store::{RecordStore, SourceId};
use vault::{NewVersion, Sealed, VersionRow};

/// How rows that carry an id of their source come together.
#[derive(Debug, Clone, Copy)]
pub struct Joining {
    /// What the ids name, for instance `data-police-uk/crime`: rows of one id in this scope are of one
    /// thing, whatever sort of file they stand in.
    pub scope: &'static str,
    /// The sort of file, for instance `data-police-uk/street`: identical rows of it are repeats.
    pub sort: &'static str,
    /// Makes one body of rows of one id, each the body that it would be alone, with its provenance.
    pub gather: fn(Vec<Body>) -> Joined,
    /// Adds rows to a body: its newest version, and the newest that only intake has written.
    pub join: fn(&Body, &Body, Vec<Body>) -> Joined,
}

/// Records that rows of a batch join, opened by machine.
#[derive(Default)]
pub(super) struct Opened {
    records: HashMap<RecordId, Joinable>,
}

/// One of them.
struct Joinable {
    row: VersionRow,
    head: Body,
    /// The newest version that only intake has written, where that is not the head.
    made: Option<Body>,
}

impl Drop for Joinable {
    fn drop(&mut self) {
        self.head.wipe();
        self.made.iter_mut().for_each(Body::wipe);
    }
}

impl<S: RecordStore> Desk<S> {
    /// Opens the records that rows of a batch may join. Nothing is held while they are opened: the
    /// opening is an entry of the log, which is a transaction of its own.
    pub(super) async fn open_known(&self, run: &IntakeRun, batch: &Batch) -> Result<Opened, DeskError> {
        if batch.marks.distinct_ids().is_empty() {
            return Ok(Opened::default());
        }
        let mut tx = self.vault.store.begin().await?;
        let sorted = self.sort_out(&mut tx, run, batch, &mut Counts::default()).await?;
        drop(tx);
        let known: Vec<RecordId> = sorted.things.iter().filter_map(|thing| thing.record).collect();
        let mut opened = Opened::default();
        for (row, head) in self.work_on(self.vault.heads(&known).await?).await? {
            let made = match head.get(REASON) {
                Some(_) => self.made_by_intake(row.version.record).await?,
                None => None,
            };
            opened.records.insert(row.version.record, Joinable { row, head, made });
        }
        Ok(opened)
    }

    /// What closed bodies say, under one machine receipt.
    async fn work_on(&self, closed: Vec<Sealed>) -> Result<Vec<(VersionRow, Body)>, DeskError> {
        if closed.is_empty() {
            return Ok(Vec::new());
        }
        let versions: Vec<_> = closed.iter().map(Sealed::version).collect();
        let now = self.clock.now();
        let receipt = self.ledger.record_machine("intake: records that rows join", &versions, now).await?;
        let mut opened = Vec::with_capacity(closed.len());
        for sealed in closed {
            let row = sealed.row().clone();
            opened.push((row, sealed.work(&receipt)?.for_next_version()?));
        }
        Ok(opened)
    }

    /// The newest version of a record that no person wrote by hand: those say why they did.
    async fn made_by_intake(&self, record: RecordId) -> Result<Option<Body>, DeskError> {
        let history = self.work_on(self.vault.history(record).await?).await?;
        Ok(history.into_iter().rev().map(|(_, body)| body).find(|body| body.get(REASON).is_none()))
    }

    /// The versions that a sorted batch makes, those of new records first, and keeps the ids of sources
    /// that lead to these; `None` where a version would follow one that was not opened.
    pub(super) async fn versions_made(
        &self,
        tx: &mut S::Tx,
        who: &Session,
        file: &SourceFile,
        sorted: &Sorted<'_>,
        opened: &Opened,
        counts: &mut Counts,
    ) -> Result<Option<Vec<NewVersion>>, DeskError> {
        let kind = model::kinds::by_number(file.kind);
        let kind = kind.ok_or_else(|| DeskError::unusable(format!("there is no kind {}", file.kind)))?;
        let fresh = sorted.things.iter().filter(|thing| thing.record.is_none()).count() + sorted.alone.len();
        let store = &self.vault.store;
        let mut references = match fresh {
            0 => 0..0,
            count => {
                let first = store.take_references(tx, kind.number, count as u64).await?;
                first..first + count as u64
            }
        };
        counts.records += fresh as u64;
        let maker = Maker { kind, file, now: self.clock.now() };
        let (mut versions, mut changes, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        for row in &sorted.alone {
            let draft = maker.new_record(references.next());
            versions.push(self.new_version(draft, maker.body(row), who, maker.now));
        }
        for thing in &sorted.things {
            let Some((draft, joined)) = maker.thing(thing, opened, &mut references)? else { return Ok(None) };
            counts.add(&joined);
            let record = draft.record;
            let version = self.new_version(draft, joined.body, who, maker.now);
            if thing.record.is_some() {
                changes.push(version);
                continue;
            }
            ids.push(SourceId { id: thing.id, record: Some(record) });
            versions.push(version);
        }
        store.put_source_ids(tx, &ids).await?;
        versions.extend(changes);
        Ok(Some(versions))
    }
}

impl Counts {
    fn add(&mut self, joined: &Joined) {
        self.further_outcomes += joined.further_outcomes;
        self.differing += joined.differing;
        self.differing_records += u64::from(joined.begins_to_differ);
    }
}

/// Makes bodies of rows.
struct Maker<'a> {
    kind: &'static Kind,
    file: &'a SourceFile,
    now: i64,
}

impl Maker<'_> {
    fn new_record(&self, reference: Option<u64>) -> Draft {
        Draft {
            kind: self.kind,
            record: RecordId(id_at(self.now)),
            reference: reference.unwrap_or_default(),
            before: None,
            ordinal: 1,
            labels: Labels::default(),
        }
    }

    /// The version that rows of a thing make.
    fn thing(
        &self,
        thing: &Thing<'_>,
        opened: &Opened,
        references: &mut impl Iterator<Item = u64>,
    ) -> Result<Option<(Draft, Joined)>, DeskError> {
        let Some(joining) = self.file.joining else { return Ok(None) };
        let rows: Vec<Body> = thing.rows.iter().map(|row| self.body(row)).collect();
        let Some(record) = thing.record else {
            return Ok(Some((self.new_record(references.next()), (joining.gather)(rows))));
        };
        let Some(known) = opened.records.get(&record) else { return Ok(None) };
        let mut joined = (joining.join)(&known.head, known.made.as_ref().unwrap_or(&known.head), rows);
        joined.body.remove(REASON.number());
        let draft = Draft {
            kind: self.kind,
            record,
            reference: known.row.reference,
            before: Some(known.row.version.version),
            ordinal: known.row.ordinal + 1,
            labels: labels_of(&known.row)?,
        };
        Ok(Some((draft, joined)))
    }

    /// A row's body with where it came from.
    fn body(&self, fresh: &FreshRow<'_>) -> Body {
        let mut body = fresh.row.body.clone();
        if self.kind.unit.is_none() {
            body.set_some(UNIT, self.file.unit.clone());
        }
        let Some(field) = self.kind.field_named("provenance") else { return body };
        let mut row = Body::default();
        row.set(from::CONNECTOR, self.file.connector.clone())
            .set(from::FILE, self.file.file.clone())
            .set(from::LINE, i64::try_from(fresh.row.line).unwrap_or(i64::MAX))
            .set(from::PERIOD, self.file.period.clone())
            .set(from::OCCURRENCE, fresh.occurrence)
            .set(from::TAKEN_IN, Instant(self.now))
            .set(from::LICENCE, self.file.licence.clone());
        body.put(field.number, Slot::Held(Value::Rows(vec![row])));
        body
    }
}
