//! Receipts: values that only the ledger can make, and only once the entry is durable. They open
//! bodies. See ARCHITECTURE.md, *The receipt*.

use crate::core::PendingKey;
use crate::events::Event;
use model::{VersionId, VersionRef};
use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::Arc;
use uuid::Uuid;

/// The receipt of something shown to a person.
#[derive(Debug)]
pub enum Show {}
/// The receipt of a change that is committed.
#[derive(Debug)]
pub enum Change {}
/// The receipt of a machine job: what it opens can be neither serialised nor shown.
#[derive(Debug)]
pub enum Machine {}

/// Which entry: the batch in which it became durable and its place there. Its leaf follows when
/// the sequencer has integrated the batch ([`crate::Ledger::position`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryRef {
    pub(crate) batch: Uuid,
    pub(crate) place: u32,
}

/// Proof that an entry is durable. It can be neither copied nor serialised nor made elsewhere:
///
/// ```compile_fail
/// fn copy(receipt: ledger::Receipt<ledger::Show>) -> (ledger::Receipt<ledger::Show>, ledger::Receipt<ledger::Show>) {
///     (receipt.clone(), receipt)
/// }
/// ```
#[must_use = "a receipt is what the entry was made for"]
#[derive(Debug)]
pub struct Receipt<T> {
    entry: EntryRef,
    covers: HashSet<VersionId>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Receipt<T> {
    pub(crate) fn new(entry: EntryRef, covers: impl IntoIterator<Item = VersionId>) -> Self {
        Self { entry, covers: covers.into_iter().collect(), kind: PhantomData }
    }

    /// Which entry it is the receipt of.
    #[must_use]
    pub fn entry(&self) -> EntryRef {
        self.entry
    }

    /// Whether it covers this version. A receipt for one version never opens another.
    #[must_use]
    pub fn covers(&self, version: &VersionRef) -> bool {
        self.covers.contains(&version.version)
    }
}

/// An entry that stands in a transaction that is not committed. Only
/// [`crate::Ledger::commit`] makes a receipt of it.
#[must_use = "an entry in a transaction counts only once it is committed"]
#[derive(Debug)]
pub struct Pending {
    pub(crate) entry: EntryRef,
    pub(crate) covers: Vec<VersionId>,
    /// What the program's log says of it once it is committed.
    pub(crate) events: Vec<Event>,
    /// Held until the commit, so that the key that seals the entry is not destroyed before.
    pub(crate) _key: Arc<PendingKey>,
}
