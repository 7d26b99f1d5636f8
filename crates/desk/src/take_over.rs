//! Taking over records that bring their own identity, because others of them are linked to it: from
//! the generator of synthetic data, or from a system whose records are carried over whole. A batch may
//! be of several kinds and is one transaction. What was taken over once is not taken over again, even
//! where it has been erased since.

use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::record::Draft;
use crate::session::Session;
use law::access::{Action, Permit};
use ledger::Detail;
use model::body::Slot;
use model::field::Instant;
use model::{Body, Kind, Labels, RecordId, Value};
use std::collections::{BTreeMap, BTreeSet};
use vault::NewVersion;
use vault::store::{RecordStore, SeenRow};

/// Where records come from, for their provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What hands them over and its version, for instance `bluelamp-synth 1`.
    pub connector: String,
    /// What they are a part of, for instance `synthetic force, seed 1`.
    pub whole: String,
    /// The licence or agreement under which they were received.
    pub licence: String,
}

/// One record with its identity.
#[derive(Debug)]
pub struct Named {
    /// The identity, by which links name it: a UUIDv7 of its source's making.
    pub record: RecordId,
    /// The kind.
    pub kind: &'static Kind,
    /// The body, without provenance: the desk adds that.
    pub body: Body,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Records that are new here.
    pub accepted: u64,
    /// Records that were taken over before.
    pub repeated: u64,
}

/// Under this name the store remembers which identities were taken over. An identity is a random
/// number and says nothing of anybody, so it may outlive its record.
const IDENTITIES: &str = "identities taken over";

impl<S: RecordStore> Desk<S> {
    /// Takes over a batch of records in one transaction. They are found once the index has followed:
    /// [`Desk::settle_intake`].
    ///
    /// # Errors
    /// A refusal for any of the kinds, or faults of store, keys and log: then nothing of the batch is
    /// held.
    pub async fn take_over(
        &self,
        who: &Session,
        origin: &Origin,
        batch: Vec<Named>,
    ) -> Result<TakenOver, DeskError> {
        self.keep_pace().await;
        let mut permits = BTreeMap::new();
        for kind in batch.iter().map(|named| named.kind.number).collect::<BTreeSet<u16>>() {
            permits.insert(kind, self.permit(who, Action::Intake, kind, &[]).await?);
        }
        self.check_may_mix(origin).await?;
        let store = &self.vault.store;
        let mut tx = store.begin().await?;
        let count = batch.len() as u64;
        let fresh = self.not_yet_held(&mut tx, batch).await?;
        let taken = TakenOver { accepted: fresh.len() as u64, repeated: count - fresh.len() as u64 };
        if fresh.is_empty() {
            return Ok(taken);
        }
        let mut entries: Vec<(&Permit, Detail)> = Vec::new();
        for (kind, records) in by_kind(fresh) {
            let Some(permit) = permits.get(&kind.number) else { continue };
            entries.push((permit, self.add_of_kind(&mut tx, who, origin, kind, records).await?));
        }
        let pending = self.ledger.record_in(&mut tx, &entries).await?;
        let receipt = self.ledger.commit(tx, pending).await?;
        self.note_taken_in(receipt.entry()).await;
        Ok(taken)
    }

    async fn not_yet_held(&self, tx: &mut S::Tx, batch: Vec<Named>) -> Result<Vec<Named>, DeskError> {
        let ids: Vec<[u8; 16]> = batch.iter().map(|named| named.record.octets()).collect();
        let known = self.vault.store.seen_rows(tx, IDENTITIES, &ids).await?;
        let mut known: BTreeSet<[u8; 16]> = known.into_iter().map(|row| row.content).collect();
        let fresh: Vec<Named> =
            batch.into_iter().filter(|named| known.insert(named.record.octets())).collect();
        let seen = |named: &Named| SeenRow { content: named.record.octets(), held: 1, run: 0, seen: 1 };
        let seen: Vec<SeenRow> = fresh.iter().map(seen).collect();
        self.vault.store.put_seen_rows(tx, IDENTITIES, &seen).await?;
        Ok(fresh)
    }

    async fn add_of_kind(
        &self,
        tx: &mut S::Tx,
        who: &Session,
        origin: &Origin,
        kind: &'static Kind,
        records: Vec<Named>,
    ) -> Result<Detail, DeskError> {
        let (now, count) = (self.clock.now(), records.len() as u64);
        let first = self.vault.store.take_references(tx, kind.number, count).await?;
        let version = |(reference, named): (u64, Named)| -> NewVersion {
            let record = named.record;
            let draft =
                Draft { kind, record, reference, before: None, ordinal: 1, labels: Labels::default() };
            self.new_version(draft, with_provenance(named, origin, now), who, now)
        };
        let prepared = self.vault.prepare((first..).zip(records).map(version).collect()).await?;
        self.vault.add(tx, &prepared).await?;
        Ok(Detail {
            commitments: prepared.commitments,
            count: Some(count),
            subject: Some(format!("{}: {count} of kind {} at {}", origin.whole, kind.name, moment_text(now))),
            ..Detail::default()
        })
    }
}

/// The records by kind, each in the order in which they came.
fn by_kind(records: Vec<Named>) -> Vec<(&'static Kind, Vec<Named>)> {
    let mut sorted: BTreeMap<u16, (&'static Kind, Vec<Named>)> = BTreeMap::new();
    for named in records {
        sorted.entry(named.kind.number).or_insert((named.kind, Vec::new())).1.push(named);
    }
    sorted.into_values().collect()
}

fn with_provenance(named: Named, origin: &Origin, now: i64) -> Body {
    use model::kinds::provenance as from;
    let mut body = named.body;
    let Some(field) = named.kind.field_named("provenance") else { return body };
    let mut row = Body::default();
    row.set(from::CONNECTOR, origin.connector.clone())
        .set(from::FILE, origin.whole.clone())
        .set(from::TAKEN_IN, Instant(now))
        .set(from::LICENCE, origin.licence.clone());
    body.put(field.number, Slot::Held(Value::Rows(vec![row])));
    body
}
