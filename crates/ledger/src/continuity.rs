//! Whether a log continues what is known of it: a checkpoint that was signed before, or what a process
//! that lives on knows when its store comes back. An older copy in the place of the newest would sign
//! sizes a second time with other roots.

use crate::core::Core;
use crate::error::LedgerError;
use crate::note::Checkpoint;
use crate::store::{EntryStore, Head};
use crate::tiles::TileReader;

/// How the log stands against a checkpoint that was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The log continues it, or has begun a later generation since.
    Continues,
    /// The log is shorter, or of an earlier generation.
    Shorter,
    /// The log has other entries in the places that the checkpoint shows.
    Other,
    /// The tree is damaged: its tiles do not even give the root that the log states.
    Damaged,
}

impl<S: EntryStore> Core<S> {
    /// A checkpoint that this log signed.
    pub fn own_checkpoint(&self, note: &str) -> Result<Checkpoint, LedgerError> {
        let known = Checkpoint::open(note, &self.signing.verifying_key())?;
        match known.origin.rsplit_once("/g") {
            Some((base, _)) if base == self.base => Ok(known),
            _ => Err(LedgerError::BadCheckpoint("it is of another log")),
        }
    }

    /// How a head stands against a checkpoint that this log signed.
    pub async fn against(&self, head: &Head, note: &str) -> Result<Against, LedgerError> {
        let seen = self.own_checkpoint(note)?;
        Ok(match generation_of(&seen)?.cmp(&head.generation) {
            std::cmp::Ordering::Less => Against::Continues,
            std::cmp::Ordering::Greater => Against::Shorter,
            std::cmp::Ordering::Equal if seen.size > head.size => Against::Shorter,
            std::cmp::Ordering::Equal => match self.agrees(&seen).await? {
                true => Against::Continues,
                false if self.root(head.size).await? != head.root => Against::Damaged,
                false => Against::Other,
            },
        })
    }

    /// Whether the tree has the root that a checkpoint shows, at its size.
    pub async fn agrees(&self, known: &Checkpoint) -> Result<bool, LedgerError> {
        Ok(self.root(known.size).await? == known.root)
    }

    /// Refuses a head that does not continue a signed checkpoint. Damage of the tree is no matter of
    /// this: the log opens, and the verifier names the place.
    pub async fn check_continues(&self, head: &Head, signed: &str) -> Result<(), LedgerError> {
        match self.against(head, signed).await {
            Ok(Against::Shorter | Against::Other) => Err(LedgerError::Restored { entries: head.size }),
            Ok(Against::Continues | Against::Damaged) | Err(LedgerError::Malformed(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Refuses a store that comes back after a fault and is not the one that went: another sequencer
    /// took it, or it lacks what was signed or had a place. A crash may undo steps that were not signed
    /// yet; their entries are then pending again.
    pub async fn check_same_store(&self, stored: &Head, known: &Head) -> Result<(), LedgerError> {
        if stored.fence > known.fence {
            return Err(LedgerError::LeaseLost);
        }
        let restored = LedgerError::Restored { entries: stored.size };
        if stored.fence < known.fence {
            return Err(restored);
        }
        if !known.checkpoint.is_empty() {
            self.check_continues(stored, &known.checkpoint).await?;
        }
        let undone = known.size.saturating_sub(stored.size);
        if undone == 0 {
            return Ok(());
        }
        let pending = self.store.pending(u32::try_from(undone).unwrap_or(u32::MAX)).await?;
        let pending: u64 = pending.iter().map(|batch| u64::from(batch.count)).sum();
        if pending < undone { Err(restored) } else { Ok(()) }
    }

    async fn root(&self, size: u64) -> Result<crate::commitment::Hash, LedgerError> {
        TileReader::new(&*self.store, &self.cache).root(0, size).await
    }
}

/// The generation that a checkpoint is of.
pub(crate) fn generation_of(checkpoint: &Checkpoint) -> Result<u32, LedgerError> {
    let number = checkpoint.generation();
    number.ok_or(LedgerError::BadCheckpoint("its name says no generation"))
}
