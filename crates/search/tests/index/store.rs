//! A store for the log that keeps everything in memory. For tests only: nothing is durable.

use async_trait::async_trait;
use ledger::store::{EntryStore, FeedItem, Head, PayloadRun, PendingBatch, Step, StoreError, Touch};
use std::collections::BTreeMap;
use std::sync::Mutex;

#[derive(Default)]
pub(crate) struct MemoryStore {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    head: Head,
    pending: Vec<PendingBatch>,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    payloads: BTreeMap<u64, PayloadRun>,
    feed: Vec<FeedItem>,
}

#[async_trait]
impl EntryStore for MemoryStore {
    type Tx = Vec<PendingBatch>;

    async fn begin(&self) -> Result<Self::Tx, StoreError> {
        Ok(Vec::new())
    }

    async fn append(&self, tx: &mut Self::Tx, batch: &PendingBatch) -> Result<(), StoreError> {
        tx.push(batch.clone());
        Ok(())
    }

    async fn commit(&self, tx: Self::Tx) -> Result<(), StoreError> {
        self.held.lock().unwrap().pending.extend(tx);
        Ok(())
    }

    async fn head(&self) -> Result<Head, StoreError> {
        Ok(self.held.lock().unwrap().head.clone())
    }

    async fn take_lease(&self) -> Result<u64, StoreError> {
        let mut held = self.held.lock().unwrap();
        held.head.fence += 1;
        Ok(held.head.fence)
    }

    async fn pending(&self, _entries: u32) -> Result<Vec<PendingBatch>, StoreError> {
        Ok(self.held.lock().unwrap().pending.clone())
    }

    async fn integrate(&self, step: Step) -> Result<bool, StoreError> {
        let mut held = self.held.lock().unwrap();
        if held.head.fence != step.fence || held.head.size != step.from_size {
            return Ok(false);
        }
        held.head = step.head;
        held.pending.retain(|batch| !step.batches.contains(&batch.id));
        held.payloads.extend(step.payloads.into_iter().map(|run| (run.first, run)));
        held.tiles.extend(step.tiles.into_iter().map(|tile| ((tile.level, tile.number), tile.hashes)));
        held.feed.extend(step.feed);
        Ok(true)
    }

    async fn keep_checkpoint(&self, head: &Head) -> Result<(), StoreError> {
        self.held.lock().unwrap().head = head.clone();
        Ok(())
    }

    async fn tile(&self, level: u8, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.held.lock().unwrap().tiles.get(&(level, number)).cloned())
    }

    async fn payloads(&self, first: u64, end: u64) -> Result<Vec<PayloadRun>, StoreError> {
        let held = self.held.lock().unwrap();
        let within = |run: &&PayloadRun| run.first < end && run.first + u64::from(run.count) > first;
        Ok(held.payloads.values().filter(within).cloned().collect())
    }

    async fn replace_payloads(&self, runs: Vec<PayloadRun>) -> Result<(), StoreError> {
        self.held.lock().unwrap().payloads.extend(runs.into_iter().map(|run| (run.first, run)));
        Ok(())
    }

    async fn touches(&self, _first: u64, _end: u64) -> Result<Vec<Touch>, StoreError> {
        Ok(Vec::new())
    }

    async fn forget_touches(&self, _leaf: u64) -> Result<(), StoreError> {
        Ok(())
    }

    async fn feed(&self, after: Option<u64>, limit: u32) -> Result<Vec<FeedItem>, StoreError> {
        let held = self.held.lock().unwrap();
        let due = held.feed.iter().filter(|item| after.is_none_or(|after| item.leaf > after));
        Ok(due.take(limit as usize).cloned().collect())
    }
}
