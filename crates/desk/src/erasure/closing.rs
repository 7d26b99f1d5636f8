//! Closing an erasure that will not run: withdrawn by one of the two persons, or left over because
//! its record has gone with another erasure.

use super::{Closing, Job, State, TRACES};
use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Action};
use ledger::Detail;
use model::RecordId;
use vault::store::{ItemRow, RecordStore};

/// Who closes what nobody closed.
const SYSTEM: &str = "the system";

impl<S: RecordStore> Desk<S> {
    /// Withdraws an erasure of which nothing is gone yet: the planner, or somebody who may approve it.
    ///
    /// # Errors
    /// A refusal; a missing reason; an erasure that is over, or of which something is gone already.
    pub async fn cancel_erasure(&self, who: &Session, id: &str, reason: &str) -> Result<Job, DeskError> {
        let _alone = self.upkeep.lock().await;
        // Asked before anything about the job, so that the answer tells nothing of what is there.
        if !self.matrix().allows_some(who.roles(), Action::Erase) {
            let _permit = self.permit_act(who, Act::ApproveErasure).await?;
        }
        let job = self.job(id).await?;
        self.check_job_known(who, &job).await?;
        let permit = match job.planned_by.0 == who.actor() {
            true => self.permit(who, Action::Erase, job.scope.kind, &[]).await?,
            false => self.permit_act(who, Act::ApproveErasure).await?,
        };
        if reason.trim().is_empty() {
            return Err(DeskError::unusable("reason: say why the erasure is withdrawn"));
        }
        let mut tx = self.vault.store.begin_alone().await?;
        // Once more: somebody may have approved it meanwhile.
        let mut job = self.job(&job.id).await?;
        if !job.state.is_before_deletion() {
            let rest =
                if job.state.is_over() { "it is over" } else { "what is gone stays gone; run it to its end" };
            let why = format!("{} is {}: {rest}", job.id, job.state.word());
            return Err(DeskError::not_now(why));
        }
        let traces = self.close_in(&mut tx, &mut job, who.name(), reason.trim()).await?;
        let about = self.versions_of(&[job.scope.record]).await?;
        let detail = Detail {
            subject: Some(format!("erasure {} of {} withdrawn", job.id, job.scope.words())),
            ground: Some(reason.trim().to_owned()),
            operation: Some("approval"),
            event: Some("erasure-withdrawn"),
            about,
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&traces).await?;
        Ok(job)
    }

    /// Closes every other job over these records: with them it has nothing left to erase. Gives the
    /// items whose keys are to be shredded once the transaction is committed.
    pub(super) async fn close_others(
        &self,
        tx: &mut S::Tx,
        by: &Job,
        gone: &[RecordId],
    ) -> Result<Vec<ItemRow>, DeskError> {
        let mut traces = Vec::new();
        for mut job in self.unfinished_erasures().await? {
            let is_moot =
                job.id != by.id && job.state.is_before_deletion() && gone.contains(&job.scope.record);
            if is_moot {
                let reason = format!("the record has gone with {}", by.id);
                traces.extend(self.close_in(tx, &mut job, SYSTEM, &reason).await?);
            }
        }
        Ok(traces)
    }

    /// Whether what a job would erase is gone already though nothing closed it.
    pub(super) async fn is_moot(&self, job: &Job) -> Result<bool, DeskError> {
        if !job.state.is_before_deletion() {
            return Ok(false);
        }
        if !self.is_there(job.scope.record).await? {
            return Ok(true);
        }
        Ok(job.scope.attachment.is_some() && self.files_that_go(job).await?.is_empty())
    }

    /// Closes a moot job.
    pub(super) async fn close_moot(&self, job: Job) -> Result<Job, DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let mut job = self.job(&job.id).await?;
        let traces = self.close_in(&mut tx, &mut job, SYSTEM, "it has gone with another erasure").await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&traces).await?;
        Ok(job)
    }

    async fn close_in(
        &self,
        tx: &mut S::Tx,
        job: &mut Job,
        by: &str,
        reason: &str,
    ) -> Result<Vec<ItemRow>, DeskError> {
        job.state = State::Closed;
        job.closed = Some(Closing { by: by.to_owned(), at: self.clock.now(), reason: reason.to_owned() });
        self.keep_job(tx, job).await?;
        let traces: Vec<_> = self.vault.store.item(TRACES, &job.id).await?.into_iter().collect();
        self.delete_items(tx, &traces).await?;
        Ok(traces)
    }
}
