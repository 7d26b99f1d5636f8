//! Carrying an erasure out, step by step. Each step may be run again after a kill.

use super::certificate::certificate;
use super::prepare::sorted;
use super::scan::{Area, Patterns, PlaceCount, Whose, scan_areas};
use super::{CERTIFICATE, JOB, Job, State, TRACES, TurnReport};
use crate::Desk;
use crate::door::{json, labels_of};
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Action, Permit, Target};
use ledger::Detail;
use model::RecordId;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use vault::KeyPlace;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Carries an approved erasure out, or goes on where a kill cut it off.
    ///
    /// # Errors
    /// A refusal; a job that is not approved, whose time has not come, or whose record is held;
    /// and, at the end, a scan that still found something: then there is no certificate.
    pub async fn run_erasure(&self, who: &Session, id: &str) -> Result<Job, DeskError> {
        // Asked before anything about the job, so that the answer tells nothing of what is there.
        let _permit = self.permit_act(who, Act::FollowErasure).await?;
        let _alone = self.upkeep.lock().await;
        let mut job = self.job(id).await?;
        self.check_job_known(who, &job).await?;
        let _permit = self.permit(who, Action::Erase, job.scope.kind, &[]).await?;
        if self.is_moot(&job).await? {
            return self.close_moot(job).await;
        }
        while job.state != State::Done {
            job = match job.state {
                State::Planned => {
                    let why =
                        format!("{} is not approved yet: a second person must approve it first", job.id);
                    return Err(DeskError::not_now(why));
                }
                State::Approved => self.prepare_erasure(who, job).await?,
                State::Prepared => self.delete(who, job).await?,
                State::Deleted => self.shred(who, job).await?,
                State::Shredded => self.prove(job).await?,
                State::Proved => self.certify(who, job).await?,
                State::Done => job,
                State::Closed => {
                    let closing = job.closed.as_ref();
                    let (by, reason) =
                        closing.map_or(("somebody", ""), |closing| (&closing.by, &closing.reason));
                    let why = format!(
                        "{} was closed by {by}: {reason}. Plan another one where it is needed",
                        job.id
                    );
                    return Err(DeskError::not_now(why));
                }
            };
        }
        Ok(job)
    }

    /// Deletes the rows, with the entry that authorises it, in one transaction. Whoever holds the
    /// transaction is the only one who can change anything, so holds, links and versions are looked
    /// at once more: where somebody has written since the preparation, that is done again.
    async fn delete(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        let permit = self.erase_permit(who, &job).await?;
        let patterns = self.kept::<Patterns>(TRACES, &job.id).await?.unwrap_or_default();
        if sorted(&self.searches_that_name(&job, &patterns).await?) != sorted(&job.searches) {
            return self.keep_state(job, State::Approved).await;
        }
        let mut tx = self.vault.store.begin_alone().await?;
        self.check_job_holds(&job).await?;
        if self.has_changed(&job).await? {
            drop(tx);
            return self.keep_state(job, State::Approved).await;
        }
        if let Some(field) = job.scope.field {
            let (versions, _) = self.vault.erase_field_in(&mut tx, job.scope.record, field).await?;
            if sorted(&versions) != sorted(&job.versions) {
                drop(tx);
                return self.keep_state(job, State::Approved).await;
            }
        }
        if job.scope.is_whole() {
            for record in job.records() {
                self.vault.store.delete_record(&mut tx, record).await?;
            }
        }
        self.delete_attachments(&mut tx, &job.attachments).await?;
        job.state = State::Deleted;
        self.keep_job(&mut tx, &job).await?;
        let moot = match job.scope.is_whole() {
            true => self.close_others(&mut tx, &job, &job.records()).await?,
            false => Vec::new(),
        };
        let erased_field = job.scope.field.unwrap_or(0);
        let detail = Detail {
            erases_versions: job.versions.iter().map(|version| (*version, erased_field)).collect(),
            ground: Some(job.ground.clone()),
            subject: Some(format!("erasure {} of {}", job.id, job.scope.words())),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&moot).await?;
        Ok(job)
    }

    /// Destroys the keys and the queries that say what went, and rewrites the index segments.
    async fn shred(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        let places = job.key_places();
        self.vault.keys.shred(&places).await?;
        job.keys_destroyed = places.len() as u64;
        for object in &job.objects {
            self.attachments.delete(object).await?;
        }
        self.forget(who, &job).await?;
        self.keep_state(job, State::Shredded).await
    }

    /// Scans every file. Where nothing is found, what was looked for goes too.
    async fn prove(&self, mut job: Job) -> Result<Job, DeskError> {
        self.clean_files().await?;
        let item = self.vault.store.item(TRACES, &job.id).await?;
        let item = item.ok_or_else(|| {
            DeskError::damaged(format!("what {} looks for is missing; run `bluelamp doctor`", job.id))
        })?;
        let patterns: Patterns = self.read_item(&item).await?;
        (job.after, job.not_scanned) = self.scan_here(patterns).await?;
        if let Some(place) = job.after.iter().find(|count| count.found() > 0) {
            let why = format!(
                "the scan still found {} in {}: no certificate was made. Run the erasure again; if this stays, tell the overseer",
                place.found(),
                place.place
            );
            return Err(DeskError::damaged(why));
        }
        job.traces_key = Some((item.key.bucket, item.key.slot));
        job.state = State::Proved;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.delete_item(&mut tx, TRACES, &job.id).await?;
        self.keep_job(&mut tx, &job).await?;
        self.vault.store.commit(tx).await?;
        Ok(job)
    }

    /// Shreds what the scan looked for and every key that nothing rests on, then turns the epoch:
    /// only after that is a copy made at any earlier moment of no use. Then it certifies.
    async fn certify(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        let permit = self.permit(who, Action::Erase, job.scope.kind, &[]).await?;
        let traces = job.traces_key.map(|(bucket, slot)| KeyPlace { bucket, slot });
        self.vault.keys.shred(traces.as_slice()).await?;
        self.vault.sweep_orphans().await?;
        job.turn = Some(self.turn_epoch(None).await?.0);
        self.clean_files().await?;
        let head = self.ledger.settle().await?;
        let exports = self.exports().await?;
        let certificate = certificate(&job, self.clock.now(), head.checkpoint, exports);
        let text = json(&certificate)?;
        let digest = Sha256::digest(text.as_bytes()).into();
        job.certificate = Some(certificate);
        job.state = State::Done;
        let kept = self.vault.seal_items(CERTIFICATE, &[(job.id.clone(), text.into_bytes())]).await?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_items(&mut tx, &kept).await?;
        self.keep_job(&mut tx, &job).await?;
        let detail = Detail {
            operation: Some("certificate"),
            subject: Some(format!("certificate of erasure {}", job.id)),
            digest: Some(digest),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(job)
    }

    async fn keep_state(&self, mut job: Job, state: State) -> Result<Job, DeskError> {
        job.state = state;
        let mut tx = self.vault.store.begin().await?;
        self.keep_job(&mut tx, &job).await?;
        self.vault.store.commit(tx).await?;
        Ok(job)
    }

    pub(super) async fn check_job_holds(&self, job: &Job) -> Result<(), DeskError> {
        for record in job.records() {
            self.check_holds(record).await?;
        }
        Ok(())
    }

    /// The permit over the record and the links that go with it. A link is judged by the labels of
    /// the record: it goes because the record goes, whoever may see it.
    pub(super) async fn erase_permit(&self, who: &Session, job: &Job) -> Result<Permit, DeskError> {
        let heads = self.vault.heads(&job.records()).await?;
        let main = heads.iter().find(|sealed| sealed.version().record == job.scope.record);
        let labels = labels_of(main.ok_or(DeskError::NotFound)?.row())?;
        let targets: Vec<_> =
            heads.iter().map(|sealed| Target { version: sealed.version(), labels: &labels }).collect();
        self.permit(who, Action::Erase, job.scope.kind, &targets).await
    }

    pub(crate) async fn clean_files(&self) -> Result<(), DeskError> {
        self.vault.store.clean().await?;
        Ok(self.vault.keys.clean().await?)
    }

    /// Scans everything that this process can read; gives what it could not, in words.
    pub(super) async fn scan_here(
        &self,
        patterns: Patterns,
    ) -> Result<(Vec<PlaceCount>, Vec<String>), DeskError> {
        let area = |folder: PathBuf, whose| Area { folder, whose };
        let mut areas = vec![area(self.places.root().to_owned(), Whose::Deployment)];
        areas.push(area(self.places.provider(), Whose::Provider));
        let mut not_scanned = Vec::new();
        if let Some((records, keys)) = self.places.settings().databases()? {
            for (address, whose) in [(records, Whose::Records), (keys, Whose::Keys)] {
                address.checkpoint().await.map_err(DeskError::unusable)?;
                match address.data_directory().await.map_err(DeskError::unusable)? {
                    Some(folder) => areas.push(area(folder, whose)),
                    None => not_scanned.push(format!(
                        "the files of {address}: this process may not read them, or they are on another machine"
                    )),
                }
                let archives = address.archives().await.map_err(DeskError::unusable)?;
                if archives && self.places.settings().archives.is_empty() {
                    not_scanned.push(format!(
                        "the archived write-ahead log of {address}: ciphertext and wrapped keys may be present there, \
                         unopenable; `archives` in deployment.toml names its folder, and then it is scanned"
                    ));
                }
            }
        }
        let archives = self.places.settings().archives.iter();
        areas.extend(archives.map(|folder| area(folder.clone(), Whose::Archive)));
        let scanned = tokio::task::spawn_blocking(move || scan_areas(&areas, &patterns)).await;
        let scanned =
            scanned.map_err(|error| DeskError::damaged(format!("the scan was broken off: {error}")))?;
        Ok((scanned.map_err(|error| DeskError::damaged(error.to_string()))?, not_scanned))
    }

    /// The jobs that a kill or a wait has left unfinished.
    pub(crate) async fn unfinished_erasures(&self) -> Result<Vec<Job>, DeskError> {
        let mut jobs = Vec::new();
        let mut after = String::new();
        while let Some(job) = self.next_job(&mut after).await? {
            if !job.state.is_over() {
                jobs.push(job);
            }
        }
        Ok(jobs)
    }

    /// The record that had a reference before it was erased, as the erasure's job remembers it.
    pub(crate) async fn erased_record(&self, reference: &str) -> Result<Option<RecordId>, DeskError> {
        let mut after = String::new();
        while let Some(job) = self.next_job(&mut after).await? {
            if job.scope.is_whole() && job.scope.reference.eq_ignore_ascii_case(reference.trim()) {
                return Ok(Some(job.scope.record));
            }
        }
        Ok(None)
    }

    /// The job after a name, which becomes the name of that job.
    async fn next_job(&self, after: &mut String) -> Result<Option<Job>, DeskError> {
        let Some(item) = self.vault.store.items(JOB, after, 1).await?.pop() else { return Ok(None) };
        after.clone_from(&item.name);
        Ok(Some(self.read_item(&item).await?))
    }
}

/// A turn as an erasure keeps it.
pub(crate) fn turned(report: vault::TurnReport) -> TurnReport {
    TurnReport {
        epoch: report.epoch,
        buckets: report.buckets,
        escrows_confirmed: report.confirmed,
        escrows_unconfirmed: report.unconfirmed,
        escrows_removed: Vec::new(),
    }
}
