//! One version and its entry, in one transaction that is begun anew where the store undid it.

use super::{Draft, Written};
use crate::Desk;
use crate::again::Tries;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Permit;
use ledger::{Change, Detail, Receipt};
use model::{Body, VersionRef};
use vault::store::RecordStore;

/// A version that is to be written.
pub(super) struct Writing<'a> {
    /// Who writes it.
    pub who: &'a Session,
    /// What it is of. The first version of a record is given its reference in the transaction.
    pub draft: Draft,
    /// What it says.
    pub body: Body,
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Fields that it changes.
    pub fields: Vec<u16>,
    /// Whether it has other labels than the version before.
    pub relabelled: bool,
}

/// A version that is durable with its entry.
struct Committed {
    version: VersionRef,
    reference: u64,
    receipt: Receipt<Change>,
}

impl<S: RecordStore> Desk<S> {
    /// Commits one version with its entry, and waits until its author can find it. A tightened
    /// label must hide before anybody is told that it does.
    pub(super) async fn write(&self, permit: &Permit, writing: &Writing<'_>) -> Result<Written, DeskError> {
        let Committed { version, reference, receipt } = self.commit_in_tries(permit, writing).await?;
        let ordinal = writing.draft.ordinal;
        // From here on the version is there. Where the log can give it no place yet, because its store
        // is full, saying “failed” would make somebody key it twice.
        let placed = self.ledger.position(receipt.entry()).await;
        let leaf = placed.as_ref().ok().copied();
        let shown = match placed {
            Ok(leaf) => self.index_up_to(leaf).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match shown {
            Err(why) if writing.relabelled => Err(DeskError::NotHiddenYet { ordinal, why }),
            shown => Ok(Written { version, reference, ordinal, leaf, findable: shown.is_ok() }),
        }
    }

    async fn commit_in_tries(&self, permit: &Permit, writing: &Writing<'_>) -> Result<Committed, DeskError> {
        let mut tries = Tries::default();
        loop {
            match self.commit_version(permit, writing).await {
                Err(error) if tries.again(&error).await => {}
                other => return other,
            }
        }
    }

    /// One transaction. Keys of one that was undone are swept like those of any crash.
    async fn commit_version(&self, permit: &Permit, writing: &Writing<'_>) -> Result<Committed, DeskError> {
        let mut tx = self.vault.store.begin().await?;
        let mut draft = writing.draft.clone();
        if draft.before.is_none() {
            draft.reference = self.vault.store.take_references(&mut tx, draft.kind.number, 1).await?;
        }
        let reference = draft.reference;
        let version = self.new_version(draft, writing.body.clone(), writing.who, writing.now);
        let prepared = self.vault.prepare(vec![version]).await?;
        self.vault.add(&mut tx, &prepared).await?;
        let made = prepared.commitments.first().map(|(version, _)| *version);
        let version = made.ok_or_else(|| DeskError::damaged("nothing was written"))?;
        let (fields, commitments) = (writing.fields.clone(), prepared.commitments);
        let detail = Detail { fields, commitments, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(permit, detail)]).await?;
        let receipt = self.ledger.commit(tx, pending).await?;
        Ok(Committed { version, reference, receipt })
    }
}
