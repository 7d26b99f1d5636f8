//! The index follows the change feed, which is the integrated order of the force's log. It opens
//! bodies with a machine receipt, one entry a batch; what it opens can be neither shown nor
//! serialised.

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{filing, kind_of};
use ledger::store::FeedItem;
use model::RecordId;
use search::{Change, IndexEntry};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use vault::store::RecordStore;
use vault::{Filing, Sealed, VaultError, Working};

/// Changes of one batch.
const BATCH: u32 = 1024;
/// How long a writer waits until the index has followed.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a change may stay unseen where nobody waits for it: each publishing makes files, with a
/// key of its own for each.
const UNSEEN: Duration = Duration::from_millis(500);

impl<S: RecordStore> Desk<S> {
    /// Follows the feed until the desk is dropped.
    pub async fn follow(desk: std::sync::Weak<Self>) {
        let mut published = Instant::now();
        loop {
            let Some(strong) = desk.upgrade() else { return };
            let (mut heads, wanted) = (strong.ledger.heads(), strong.wanted.clone());
            heads.mark_unchanged();
            if let Err(error) = strong.remember_before_restored() {
                tracing::error!(%error, "an older copy took the place of the records, and that could not be noted");
            }
            if let Err(error) = strong.keep_up(&mut published).await {
                tracing::error!(%error, "the index does not follow; run `bluelamp doctor`");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            let more = strong.refile_some().await.unwrap_or_else(|error| {
                tracing::error!(%error, "records are not filed by the force's own fields; run `bluelamp doctor`");
                false
            });
            let unseen = strong.index.applied() != strong.index.position();
            let due = UNSEEN.saturating_sub(published.elapsed());
            // Nothing strong is held while waiting: who drops the desk closes it.
            drop(strong);
            tokio::select! {
                moved = heads.changed() => if moved.is_err() { return },
                () = wanted.notified() => {}
                () = tokio::time::sleep(due), if unseen => {}
                () = std::future::ready(()), if more => {}
            }
        }
    }

    /// Applies what the feed has, and publishes where that is due. Whoever waits for a change
    /// publishes it at once ([`Index::wait_for`](search::Index::wait_for)).
    async fn keep_up(&self, published: &mut Instant) -> Result<(), DeskError> {
        let _alone = self.following.lock().await;
        self.apply_feed().await?;
        if published.elapsed() >= UNSEEN {
            self.index.publish().await?;
            *published = Instant::now();
        }
        Ok(())
    }

    /// Brings the index up to the newest change of the feed, all of it searchable; gives the position.
    pub(crate) async fn catch_up(&self) -> Result<Option<u64>, DeskError> {
        let _alone = self.following.lock().await;
        self.apply_feed().await?;
        self.index.publish().await?;
        Ok(self.index.position())
    }

    /// Applies what the feed has. One at a time: the index takes changes in their order. The next
    /// batch is fetched and opened while the index takes the last one in.
    async fn apply_feed(&self) -> Result<(), DeskError> {
        let mut batch = self.batch_after(self.index.applied()).await?;
        while let Some((changes, position)) = batch {
            let applied = async { Ok(self.index.apply(changes, position).await?) };
            ((), batch) = tokio::try_join!(applied, self.batch_after(Some(position)))?;
        }
        Ok(())
    }

    /// The changes after a leaf, with the leaf of the last of them. Items of one leaf stay together:
    /// the position speaks of whole leaves.
    async fn batch_after(&self, after: Option<u64>) -> Result<Option<(Vec<Change>, u64)>, DeskError> {
        let items = self.ledger.feed(after, BATCH).await?;
        let Some(position) = items.last().map(|item| item.leaf) else { return Ok(None) };
        Ok(Some((self.changes(&items).await?, position)))
    }

    /// Waits until the index shows everything up to a leaf of the log.
    pub(crate) async fn index_up_to(&self, leaf: u64) -> Result<(), DeskError> {
        self.wanted.notify_one();
        Ok(self.index.wait_for(leaf, PATIENCE).await?)
    }

    async fn changes(&self, items: &[FeedItem]) -> Result<Vec<Change>, DeskError> {
        let records: BTreeSet<RecordId> = items.iter().map(|item| item.record).collect();
        let records: Vec<RecordId> = records.into_iter().collect();
        let sealed = self.vault.heads(&records).await?;
        let held: BTreeSet<RecordId> = sealed.iter().map(|sealed| sealed.version().record).collect();
        let gone = records.iter().filter(|record| !held.contains(record));
        let mut changes: Vec<Change> = gone.map(|record| Change::Erase(*record)).collect();
        changes.extend(self.entries(sealed).await?);
        Ok(changes)
    }

    /// What the index takes of closed bodies, under one machine receipt. A body that does not open,
    /// because its key was shredded or somebody altered it, is left out of the index and must not
    /// stop the others; `bluelamp doctor` counts such bodies.
    pub(crate) async fn entries(&self, sealed: Vec<Sealed>) -> Result<Vec<Change>, DeskError> {
        self.entries_for("search index", sealed).await
    }

    /// The same for another job of the machine.
    pub(crate) async fn entries_for(
        &self,
        job: &'static str,
        sealed: Vec<Sealed>,
    ) -> Result<Vec<Change>, DeskError> {
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        let versions: Vec<_> = sealed.iter().map(Sealed::version).collect();
        let receipt = self.ledger.record_machine(job, &versions, self.clock.now()).await?;
        let mut changes = Vec::with_capacity(sealed.len());
        for sealed in sealed {
            let version = sealed.version();
            changes.push(match sealed.work(&receipt) {
                Ok(working) => Change::Put(Box::new(entry(&working)?)),
                Err(error) if stays_closed(&error) => {
                    tracing::warn!(%error, "a body is left out of the index");
                    Change::Erase(version.record)
                }
                Err(error) => return Err(error.into()),
            });
        }
        Ok(changes)
    }
}

/// Whether an error is of one body alone.
pub(crate) fn stays_closed(error: &VaultError) -> bool {
    matches!(error, VaultError::KeyGone(_) | VaultError::Seal { .. } | VaultError::PlainAltered(_))
}

fn entry(working: &Working) -> Result<IndexEntry, DeskError> {
    let row = working.row();
    let kind = kind_of(row)?;
    let Filing { document, about, unit } = working.look(|body| filing(kind, body, row.written))?;
    Ok(IndexEntry {
        version: row.version,
        reference: row.reference,
        labels: labels_of(row)?,
        happened: row.happened,
        about,
        unit,
        document,
    })
}
