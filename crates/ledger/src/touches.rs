//! Plain touches: what of an entry stands beside the log, so that "by officer" and "by record" are
//! answered without opening a payload, and whether they still say what the entries say.

use crate::commitment::Opening;
use crate::entry::{operation_number, read_records};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::receipt::{Machine, Receipt};
use crate::store::{EntryStore, Touch};
use crate::tags;
use model::ActorId;
use std::collections::BTreeSet;

/// Leaves whose payloads are opened together.
const STEP: u64 = 4096;

/// The touches of an entry whose fields `value` gives.
pub(crate) fn touches_of<'a>(leaf: u64, value: impl Fn(u16) -> Option<&'a [u8]>) -> Vec<Touch> {
    let Some(records) = value(tags::RECORDS) else { return Vec::new() };
    let time = number(value(tags::TIME)) as i64;
    let operation = operation_number(value(tags::OPERATION).unwrap_or_default());
    let actor = value(tags::ACTOR).and_then(|octets| octets.try_into().ok());
    let actor = actor.map_or(ActorId::SYSTEM, ActorId::from_octets);
    let versions = read_records(records);
    versions.iter().map(|version| Touch { leaf, operation, actor, record: version.record, time }).collect()
}

pub(crate) fn number(octets: Option<&[u8]>) -> u64 {
    octets.and_then(|octets| octets.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// Touches that do not say what the entries say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TouchFaults {
    /// Touches of an entry that are not there, or say another thing.
    pub missing: u64,
    /// Touches that no entry speaks of.
    pub invented: u64,
}

impl<S: EntryStore> Ledger<S> {
    /// Compares the touches of leaves `first .. end` with what their entries say. An entry whose
    /// payload or whose records were destroyed says nothing, and is left out.
    ///
    /// # Errors
    /// [`LedgerError`].
    pub async fn check_touches(
        &self,
        first: u64,
        end: u64,
        receipt: &Receipt<Machine>,
    ) -> Result<TouchFaults, LedgerError> {
        // The receipt is of the job itself, which is an entry like any other.
        let _ = receipt;
        let mut faults = TouchFaults::default();
        let mut from = first;
        while from < end {
            let to = end.min(from + STEP);
            let openings = self.core.openings(from, to).await?;
            let held = self.core.store.touches(from, to).await?;
            compare(from, &openings, &held, &mut faults);
            from = to;
        }
        Ok(faults)
    }
}

fn compare(first: u64, openings: &[Option<Opening>], held: &[Touch], faults: &mut TouchFaults) {
    let mut silent = BTreeSet::new();
    let mut said = BTreeSet::new();
    for (leaf, opening) in (first..).zip(openings) {
        match opening {
            Some(opening) if !opening.is_erased(tags::RECORDS) => {
                said.extend(touches_of(leaf, |tag| opening.value(tag)).iter().map(key));
            }
            _ => drop(silent.insert(leaf)),
        }
    }
    let held: BTreeSet<_> = held.iter().filter(|touch| !silent.contains(&touch.leaf)).map(key).collect();
    faults.missing += said.difference(&held).count() as u64;
    faults.invented += held.difference(&said).count() as u64;
}

fn key(touch: &Touch) -> (u64, [u8; 16], u8, [u8; 16], i64) {
    (touch.leaf, touch.record.octets(), touch.operation, touch.actor.octets(), touch.time)
}
