//! After an older database was restored: seeing that it was, and beginning a new generation that says
//! what was lost.

use crate::append::seal_batch;
use crate::continuity::{Against, generation_of};
use crate::core::Standing;
use crate::entry;
use crate::error::LedgerError;
use crate::integrate;
use crate::ledger::Ledger;
use crate::store::{EntryStore, Head};
use crate::tags;
use law::access::Permit;

/// A generation that began.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The head, its first entry included.
    pub head: Head,
    /// Leaf of that entry.
    pub leaf: u64,
    /// The leaves that were lost or replaced: the first, and the end, not included.
    pub lost: (u64, u64),
    /// Whether some of the lost leaves were replaced: something was entered after the restore.
    pub replaced: bool,
}

/// First and end of the leaves that a generation states as lost, as [`entry::generation`] writes them.
fn lost_leaves(range: &[u8]) -> Option<(u64, u64)> {
    let (first, end) = range.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*first), u64::from_be_bytes(end.try_into().ok()?)))
}

/// What the checkpoints known outside say together.
struct Known {
    /// The newest of them, as it was signed.
    newest: String,
    /// The leaves that were lost or replaced.
    lost: (u64, u64),
}

impl<S: EntryStore> Ledger<S> {
    /// Compares the log with a checkpoint that it signed before.
    ///
    /// # Errors
    /// [`LedgerError::BadCheckpoint`] where it is not of this log, or a fault of the store.
    pub async fn against(&self, seen: &str) -> Result<Against, LedgerError> {
        self.core.against(&self.head(), seen).await
    }

    /// Begins a new generation after an older database was restored: its first entry carries the
    /// newest of the checkpoints that are known outside, and the leaves that are lost. Where
    /// something was entered after the restore, the checkpoints tell how far the log still is what
    /// they show: from the largest of them that agrees with it, all is stated as lost.
    ///
    /// # Errors
    /// [`LedgerError::BadCheckpoint`] where a checkpoint is not of this log, or where the log
    /// continues all of them.
    pub async fn begin_generation(
        &self,
        permit: &Permit,
        outside: &[String],
        ground: &str,
    ) -> Result<Begun, LedgerError> {
        let held = self.core.standing() == Standing::Held;
        let before = self.head().generation;
        loop {
            let head = if held { self.integrate_held().await? } else { self.settle().await? };
            if held && head.generation > before {
                return self.finish_begun(&head).await;
            }
            let known = self.compare_all(outside, &head).await?;
            if !self.enter_generation(&head, &known, permit, ground).await? {
                continue;
            }
            if held {
                self.go_on();
            }
            let replaced = known.lost.0 < head.size;
            return Ok(Begun { head: self.settle().await?, leaf: head.size, lost: known.lost, replaced });
        }
    }

    /// A kill came after the first entry of the generation was durable and before it had its place. It has
    /// it now, and says itself what was lost.
    async fn finish_begun(&self, head: &Head) -> Result<Begun, LedgerError> {
        let leaf = head.size.saturating_sub(1);
        let opening = self.core.openings(leaf, head.size).await?.pop().flatten();
        let lost = opening.as_ref().and_then(|opening| lost_leaves(opening.value(tags::LOST_LEAVES)?));
        let lost = lost.ok_or(LedgerError::Malformed("the first entry of a generation"))?;
        self.go_on();
        Ok(Begun { head: self.settle().await?, leaf, lost, replaced: lost.0 < leaf })
    }

    /// Gives places to what was pending in a restored copy, and signs nothing.
    async fn integrate_held(&self) -> Result<Head, LedgerError> {
        while integrate::step_held(&self.core).await? > 0 {}
        Ok(self.head())
    }

    async fn compare_all(&self, outside: &[String], head: &Head) -> Result<Known, LedgerError> {
        let mut newest: Option<((u32, u64), &String)> = None;
        let (mut agreed, mut largest, mut differs) = (0, 0, false);
        for note in outside {
            let known = self.core.own_checkpoint(note)?;
            let generation = generation_of(&known)?;
            if generation < head.generation {
                return Err(LedgerError::BadCheckpoint("it is of an earlier generation than this log"));
            }
            newest = newest.max(Some(((generation, known.size), note)));
            largest = largest.max(known.size);
            match known.size <= head.size {
                true if self.core.agrees(&known).await? => agreed = agreed.max(known.size),
                true => differs = true,
                false => {}
            }
        }
        let Some(((generation, _), newest)) = newest else {
            return Err(LedgerError::BadCheckpoint("none was given"));
        };
        if !differs && largest <= head.size && generation == head.generation {
            return Err(LedgerError::BadCheckpoint(
                "this log has all that it shows: nothing of it was lost, and there is nothing to begin anew",
            ));
        }
        let lost = match differs {
            true => (agreed, largest.max(agreed)),
            // What was pending in a copy has a place since, which may have been another's: what the copy
            // had signed is the same for certain.
            false => (head.checkpoint_size.max(agreed), largest.max(head.size)),
        };
        Ok(Known { newest: newest.clone(), lost })
    }

    /// Enters the first entry of a generation, if nothing else was entered since `head`. The
    /// sequencer raises the generation when it integrates that entry.
    async fn enter_generation(
        &self,
        head: &Head,
        known: &Known,
        permit: &Permit,
        ground: &str,
    ) -> Result<bool, LedgerError> {
        let sequencer = self.core.sequencer.lock().await;
        // Whoever holds the transaction is the only one who can append.
        let mut tx = self.core.store.begin_alone().await?;
        let unchanged = sequencer.head.size == head.size && self.core.store.pending(1).await?.is_empty();
        if !unchanged {
            return Ok(false);
        }
        let payload = entry::generation(permit, &known.newest, known.lost, ground)?;
        let key = self.core.pending_key();
        let batch = seal_batch(&key, std::iter::once(payload.encode()))?;
        self.core.store.append(&mut tx, &batch).await?;
        self.core.made_durable(1, self.core.store.commit(tx)).await?;
        Ok(true)
    }
}
