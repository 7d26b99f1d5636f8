//! After an older database was restored: seeing that it was, and beginning a new generation that says
//! what was lost.

use crate::append::seal_batch;
use crate::entry;
use crate::error::LedgerError;
use crate::integrate::BUNDLE;
use crate::ledger::Ledger;
use crate::note::Checkpoint;
use crate::store::{EntryStore, Head};
use law::access::Permit;

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
        let seen = self.own_checkpoint(seen)?;
        let head = self.head();
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
        loop {
            let head = self.settle().await?;
            let known = self.compare_all(outside, &head).await?;
            // What was lost was sealed at the places that come next: the bundle gets a new key, so
            // that no place seals two texts under one key.
            if !head.size.is_multiple_of(BUNDLE) {
                self.renew_bundle(head.size / BUNDLE).await?;
            }
            if self.enter_generation(&head, &known, permit, ground).await? {
                let replaced = known.lost.0 < head.size;
                return Ok(Begun { head: self.settle().await?, leaf: head.size, lost: known.lost, replaced });
            }
        }
    }

    async fn compare_all(&self, outside: &[String], head: &Head) -> Result<Known, LedgerError> {
        let mut newest: Option<((u32, u64), &String)> = None;
        let (mut agreed, mut largest, mut differs) = (0, 0, false);
        for note in outside {
            let known = self.own_checkpoint(note)?;
            let generation = generation_of(&known)?;
            if generation < head.generation {
                return Err(LedgerError::BadCheckpoint("it is of an earlier generation than this log"));
            }
            newest = newest.max(Some(((generation, known.size), note)));
            largest = largest.max(known.size);
            match known.size <= head.size {
                true if self.agrees(&known).await? => agreed = agreed.max(known.size),
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
            false => (head.size, largest.max(head.size)),
        };
        Ok(Known { newest: newest.clone(), lost })
    }

    fn own_checkpoint(&self, note: &str) -> Result<Checkpoint, LedgerError> {
        let known = Checkpoint::open(note, &self.core.signing.verifying_key())?;
        match known.origin.rsplit_once("/g") {
            Some((base, _)) if base == self.core.base => Ok(known),
            _ => Err(LedgerError::BadCheckpoint("it is of another log")),
        }
    }

    async fn agrees(&self, known: &Checkpoint) -> Result<bool, LedgerError> {
        Ok(self.root(known.size).await? == known.root)
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

fn generation_of(checkpoint: &Checkpoint) -> Result<u32, LedgerError> {
    let number = checkpoint.generation();
    number.ok_or(LedgerError::BadCheckpoint("its name says no generation"))
}
