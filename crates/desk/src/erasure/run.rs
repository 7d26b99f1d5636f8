//! Carrying an erasure out, step by step. Each step may be run again after a kill.

use super::certificate::certificate;
use super::scan::{Patterns, PlaceCount, scan_with};
use super::{CERTIFICATE, JOB, Job, State, TRACES, TurnReport};
use crate::Desk;
use crate::clock::moment_text;
use crate::door::json;
use crate::error::DeskError;
use crate::record::kind_of;
use crate::session::Session;
use law::access::{Action, Permit};
use ledger::{Detail, tags};
use model::RecordId;
use sha2::{Digest, Sha256};
use vault::Sealed;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Carries an approved erasure out, or goes on where a kill cut it off.
    ///
    /// # Errors
    /// A refusal; a job that is not approved, whose time has not come, or whose record is held;
    /// and, at the end, a scan that still found something: then there is no certificate.
    pub async fn run_erasure(&self, who: &Session, id: &str) -> Result<Job, DeskError> {
        let _alone = self.upkeep.lock().await;
        let mut job = self.job(id).await?;
        while job.state != State::Done {
            job = match job.state {
                State::Planned => {
                    let why =
                        format!("{} is not approved yet: a second person must approve it first", job.id);
                    return Err(DeskError::unusable(why));
                }
                State::Approved => self.prepare_erasure(who, job).await?,
                State::Prepared => self.delete(who, job).await?,
                State::Deleted => self.shred(who, job).await?,
                State::Shredded => self.prove(who, job).await?,
                State::Done => job,
            };
        }
        Ok(job)
    }

    /// Keeps, sealed, what the scan will look for; then looks for it while it is still there.
    async fn prepare_erasure(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        let now = self.clock.now();
        if now < job.not_before {
            let why = format!(
                "{} may run from {} on; until then it can be looked at again",
                job.id,
                moment_text(job.not_before)
            );
            return Err(DeskError::unusable(why));
        }
        self.check_holds(job.scope.record).await?;
        let _permit = self.erase_permits(who, &job).await?;
        let mut patterns = Patterns::default();
        for record in job.records() {
            let closed = self.vault.history(record).await?;
            let closed = self.holding_field(closed, job.scope.field).await?;
            job.versions.extend(closed.iter().map(|sealed| sealed.version().version));
            job.keys.extend(closed.iter().map(|sealed| (sealed.row().key.bucket, sealed.row().key.slot)));
            let traces = self.vault.traces(&closed).await?;
            patterns.ciphertext.extend(traces.ciphertext);
            patterns.keys.extend(traces.keys);
            patterns.plaintext.extend(self.tokens(closed, job.scope.field).await?);
        }
        job.before = self.scan_here(patterns.clone()).await?;
        job.state = State::Prepared;
        let traces =
            self.vault.seal_items(TRACES, &[(job.id.clone(), json(&patterns)?.into_bytes())]).await?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_items(&mut tx, &traces).await?;
        self.keep_job(&mut tx, &job).await?;
        self.vault.store.commit(tx).await?;
        Ok(job)
    }

    /// Deletes the rows, with the entry that authorises it, in one transaction.
    async fn delete(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        self.check_holds(job.scope.record).await?;
        let permit = self.erase_permits(who, &job).await?;
        let mut tx = self.vault.store.begin().await?;
        let erased_field = job.scope.field.unwrap_or(0);
        match job.scope.field {
            None => {
                for record in job.records() {
                    self.vault.store.delete_record(&mut tx, record).await?;
                }
            }
            Some(field) => {
                let (versions, keys) = self.vault.erase_field_in(&mut tx, job.scope.record, field).await?;
                job.versions = versions;
                job.keys = keys.iter().map(|place| (place.bucket, place.slot)).collect();
            }
        }
        job.state = State::Deleted;
        self.keep_job(&mut tx, &job).await?;
        let detail = Detail {
            erases_versions: job.versions.iter().map(|version| (*version, erased_field)).collect(),
            ground: Some(job.ground.clone()),
            subject: Some(format!("erasure {} of {}", job.id, job.scope.reference)),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(job)
    }

    /// Destroys the keys, turns the epoch, rewrites the index segments and cleans the files.
    async fn shred(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        let places = job.key_places();
        self.vault.keys.shred(&places).await?;
        job.keys_destroyed = places.len() as u64;
        self.forget_queries(who, &job).await?;
        job.turn = Some(self.turn_epoch(None).await?);
        self.ledger.settle().await?;
        self.catch_up().await?;
        self.index.erase(&job.records()).await?;
        if job.scope.field.is_some() {
            self.index_again(job.scope.record).await?;
        }
        job.state = State::Shredded;
        let mut tx = self.vault.store.begin().await?;
        self.keep_job(&mut tx, &job).await?;
        self.vault.store.commit(tx).await?;
        Ok(job)
    }

    /// Scans every file, certifies, and shreds last of all what it looked for.
    async fn prove(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        self.clean_files().await?;
        let item = self.vault.store.item(TRACES, &job.id).await?;
        let item = item.ok_or_else(|| {
            DeskError::unusable(format!("what {} looks for is missing; run `bluelamp doctor`", job.id))
        })?;
        let patterns: Patterns = self.read_item(&item).await?;
        job.after = self.scan_here(patterns).await?;
        if let Some(place) = job.after.iter().find(|count| count.found() > 0) {
            let why = format!(
                "the scan still found {} in {}: no certificate was made. Run the erasure again; if this stays, tell the overseer",
                place.found(),
                place.place
            );
            return Err(DeskError::unusable(why));
        }
        let permit = self.permit(who, Action::Erase, job.scope.kind, &[]).await?;
        let head = self.ledger.settle().await?;
        let certificate = certificate(&job, self.clock.now(), head.checkpoint);
        let text = json(&certificate)?;
        let digest = Sha256::digest(text.as_bytes()).into();
        job.certificate = Some(certificate);
        job.state = State::Done;
        let kept = self.vault.seal_items(CERTIFICATE, &[(job.id.clone(), text.into_bytes())]).await?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_items(&mut tx, &kept).await?;
        self.vault.store.delete_item(&mut tx, TRACES, &job.id).await?;
        self.keep_job(&mut tx, &job).await?;
        let detail = Detail {
            operation: Some("certificate"),
            subject: Some(format!("certificate of erasure {}", job.id)),
            digest: Some(digest),
            ..Detail::default()
        };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.vault.keys.shred(&[item.key]).await?;
        self.clean_files().await?;
        Ok(job)
    }

    /// One permit over every record that goes.
    async fn erase_permits(&self, who: &Session, job: &Job) -> Result<Permit, DeskError> {
        let heads = self.vault.heads(&job.records()).await?;
        let mut labels = Vec::with_capacity(heads.len());
        for sealed in &heads {
            labels.push(crate::door::labels_of(sealed.row())?);
        }
        let targets: Vec<_> = heads
            .iter()
            .zip(&labels)
            .map(|(sealed, labels)| law::access::Target { version: sealed.version(), labels })
            .collect();
        self.permit(who, Action::Erase, job.scope.kind, &targets).await
    }

    /// Of these versions those that hold the field; all of them where the whole record goes.
    async fn holding_field(&self, closed: Vec<Sealed>, field: Option<u16>) -> Result<Vec<Sealed>, DeskError> {
        let Some(field) = field else { return Ok(closed) };
        let versions: Vec<_> = closed.iter().map(Sealed::version).collect();
        let receipt = self
            .ledger
            .record_machine("erasure: which versions hold the field", &versions, self.clock.now())
            .await?;
        let mut holding = Vec::new();
        for sealed in closed {
            let version = sealed.version().version;
            if sealed.work(&receipt)?.look(|body| body.value(field).is_some())? {
                holding.extend(self.vault.versions(&[version]).await?);
            }
        }
        Ok(holding)
    }

    async fn tokens(&self, closed: Vec<Sealed>, field: Option<u16>) -> Result<Vec<Vec<u8>>, DeskError> {
        let versions: Vec<_> = closed.iter().map(Sealed::version).collect();
        let receipt = self
            .ledger
            .record_machine("erasure: what the scan looks for", &versions, self.clock.now())
            .await?;
        let mut tokens = Vec::new();
        for sealed in closed {
            let kind = kind_of(sealed.row())?;
            let working = sealed.work(&receipt)?;
            tokens.extend(working.look(|body| model::derived::erasure::tokens(kind, body, field))?);
        }
        tokens.sort();
        tokens.dedup();
        tokens.retain(|token| !self.places.settings_say(token));
        Ok(tokens)
    }

    /// Searches that found the record are entries of the log with their query text, which may be
    /// the very name that goes: where it holds a token, the query is erased from its payload.
    async fn forget_queries(&self, who: &Session, job: &Job) -> Result<(), DeskError> {
        let Some(item) = self.vault.store.item(TRACES, &job.id).await? else { return Ok(()) };
        let patterns: Patterns = self.read_item(&item).await?;
        let tokens: Vec<String> =
            patterns.plaintext.iter().map(|token| String::from_utf8_lossy(token).to_lowercase()).collect();
        let ground = format!("{} (erasure {})", job.ground, job.id);
        let mut leaves: Vec<u64> = Vec::new();
        for record in job.records() {
            let touches = self.vault.store.touches_of_record(record, 100_000).await?;
            leaves.extend(touches.iter().map(|touch| touch.leaf));
        }
        leaves.sort_unstable();
        leaves.dedup();
        let permit = self.permit(who, Action::Erase, job.scope.kind, &[]).await?;
        let receipt =
            self.ledger.record_machine("erasure: which queries say it", &[], self.clock.now()).await?;
        for leaf in leaves {
            let payload = self.ledger.payload(leaf, &receipt).await?;
            let query = payload.as_ref().and_then(|payload| payload.value(tags::QUERY));
            let query = query.map(|query| String::from_utf8_lossy(query).to_lowercase());
            if query.is_some_and(|query| tokens.iter().any(|token| says(&query, token))) {
                self.ledger.erase_payload(leaf, tags::QUERY, &permit, &ground).await?;
            }
        }
        Ok(())
    }

    /// Puts a record that is still there back into the index, without what it lost.
    async fn index_again(&self, record: RecordId) -> Result<(), DeskError> {
        let _alone = self.following.lock().await;
        let entries = self.entries(self.vault.heads(&[record]).await?).await?;
        let changes = entries.into_iter().map(|entry| search::Change::Put(Box::new(entry))).collect();
        let position = self.index.applied().unwrap_or_default();
        self.index.apply(changes, position).await?;
        self.index.publish().await?;
        Ok(())
    }

    pub(crate) async fn clean_files(&self) -> Result<(), DeskError> {
        self.vault.store.clean().await?;
        Ok(self.vault.keys.clean().await?)
    }

    async fn scan_here(&self, patterns: Patterns) -> Result<Vec<PlaceCount>, DeskError> {
        let (root, provider) = (self.places.root().to_owned(), self.places.provider());
        let scanned = tokio::task::spawn_blocking(move || scan_with(&root, &provider, &patterns)).await;
        let scanned =
            scanned.map_err(|error| DeskError::unusable(format!("the scan was broken off: {error}")))?;
        scanned.map_err(|error| DeskError::unusable(error.to_string()))
    }

    /// The jobs that a kill or a wait has left unfinished.
    pub(crate) async fn unfinished_erasures(&self) -> Result<Vec<Job>, DeskError> {
        let mut jobs = Vec::new();
        for item in self.vault.store.items(JOB, "", 10_000).await? {
            let job: Job = self.read_item(&item).await?;
            if job.state != State::Done {
                jobs.push(job);
            }
        }
        Ok(jobs)
    }
}

/// Whether a query says a token, and the token is more than a scrap.
fn says(query: &str, token: &str) -> bool {
    token.chars().count() >= 4 && query.contains(token)
}

/// A turn as an erasure keeps it.
pub(crate) fn turned(report: vault::TurnReport) -> TurnReport {
    TurnReport {
        epoch: report.epoch,
        buckets: report.buckets,
        escrows_confirmed: report.confirmed,
        escrows_unconfirmed: report.unconfirmed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrap_is_no_token_of_a_query() {
        assert!(says("surname:okonjo at:2024", "okonjo"));
        assert!(!says("surname:okonjo", "oko"));
        assert!(!says("kind:nominal", "okonjo"));
    }
}
