//! Preparing an erasure: what it takes as things stand, and what the scan will look for after it.

use super::scan::Patterns;
use super::{Job, State, TRACES};
use crate::Desk;
use crate::accounts::ACCOUNT;
use crate::clock::moment_text;
use crate::door::json;
use crate::error::DeskError;
use crate::intake::STANDING;
use crate::record::kind_of;
use crate::session::Session;
use model::RecordId;
use model::derived::erasure;
use vault::Sealed;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Keeps, sealed, what the scan will look for; then looks for it while it is still there.
    pub(super) async fn prepare_erasure(&self, who: &Session, mut job: Job) -> Result<Job, DeskError> {
        if self.clock.now() < job.not_before {
            let from = moment_text(job.not_before);
            let why = format!("{} may run from {from} on; until then it can be looked at again", job.id);
            return Err(DeskError::not_now(why));
        }
        job.scope.links = self.links_that_go(&job).await?;
        self.check_job_holds(&job).await?;
        let _permit = self.erase_permit(who, &job).await?;
        (job.versions, job.keys) = (Vec::new(), Vec::new());
        let mut patterns = Patterns::default();
        if job.scope.attachment.is_none() {
            self.add_versions(&mut job, &mut patterns).await?;
        }
        self.add_files(&mut job, &mut patterns).await?;
        job.searches = self.searches_that_name(&job, &patterns).await?;
        (job.before, _) = self.scan_here(patterns.clone()).await?;
        job.state = State::Prepared;
        let traces =
            self.vault.seal_items(TRACES, &[(job.id.clone(), json(&patterns)?.into_bytes())]).await?;
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_items(&mut tx, &traces).await?;
        self.keep_job(&mut tx, &job).await?;
        self.vault.store.commit(tx).await?;
        Ok(job)
    }

    /// The versions that go or lose their field, with what they would leave behind.
    async fn add_versions(&self, job: &mut Job, patterns: &mut Patterns) -> Result<(), DeskError> {
        for record in job.records() {
            let closed = self.vault.history(record).await?;
            let closed = self.holding_field(closed, job.scope.field).await?;
            job.versions.extend(closed.iter().map(|sealed| sealed.version().version));
            job.keys.extend(closed.iter().map(|sealed| (sealed.row().key.bucket, sealed.row().key.slot)));
            let traces = self.vault.traces(&closed).await?;
            patterns.ciphertext.extend(traces.ciphertext);
            patterns.keys.extend(traces.keys);
            patterns.wrapped.extend(traces.wrapped);
            self.add_texts(patterns, closed, job.scope.field).await?;
        }
        Ok(())
    }

    /// The files that go, with what they would leave behind.
    async fn add_files(&self, job: &mut Job, patterns: &mut Patterns) -> Result<(), DeskError> {
        let traces = self.attachment_traces(&self.files_that_go(job).await?).await?;
        patterns.plaintext.extend(traces.plaintext);
        patterns.ciphertext.extend(traces.ciphertext);
        patterns.keys.extend(traces.keys);
        patterns.wrapped.extend(traces.wrapped);
        job.keys.extend(traces.places);
        (job.attachments, job.objects) = (traces.items, traces.objects);
        Ok(())
    }

    /// Links that lead to a record go with it; a field or a file takes none with it.
    async fn links_that_go(&self, job: &Job) -> Result<Vec<RecordId>, DeskError> {
        match job.scope.is_whole() {
            true => Ok(self.vault.store.links_of(job.scope.record).await?),
            false => Ok(Vec::new()),
        }
    }

    /// Whether a version, a link or a file was written since the preparation.
    pub(super) async fn has_changed(&self, job: &Job) -> Result<bool, DeskError> {
        if sorted(&self.links_that_go(job).await?) != sorted(&job.scope.links) {
            return Ok(true);
        }
        // A file that was searched for malware since is sealed under another key.
        let files = self.files_that_go(job).await?;
        let names: Vec<String> = files.iter().map(|(item, _)| item.name.clone()).collect();
        let resealed = files.iter().any(|(item, _)| !job.keys.contains(&(item.key.bucket, item.key.slot)));
        if resealed || sorted(&names) != sorted(&job.attachments) {
            return Ok(true);
        }
        if !job.scope.is_whole() {
            return Ok(false);
        }
        let mut versions = Vec::new();
        for record in job.records() {
            let rows = self.vault.store.history(record).await?;
            versions.extend(rows.iter().map(|row| row.version.version));
        }
        Ok(sorted(&versions) != sorted(&job.versions))
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

    /// Adds the texts of closed bodies that a scan looks for, and the names that a query may say.
    async fn add_texts(
        &self,
        patterns: &mut Patterns,
        closed: Vec<Sealed>,
        field: Option<u16>,
    ) -> Result<(), DeskError> {
        let versions: Vec<_> = closed.iter().map(Sealed::version).collect();
        let now = self.clock.now();
        let receipt = self.ledger.record_machine("erasure: what the scan looks for", &versions, now).await?;
        for sealed in closed {
            let kind = kind_of(sealed.row())?;
            let working = sealed.work(&receipt)?;
            let sought = working.look(|body| erasure::sought(kind, body, field))?;
            patterns.plaintext.extend(sought.tokens);
            patterns.names.extend(sought.names);
        }
        patterns.plaintext.sort();
        patterns.plaintext.dedup();
        patterns.names.sort();
        patterns.names.dedup();
        let accounts = self.vault.store.settings(ACCOUNT).await?;
        let said_by_accounts = |token: &[u8]| {
            let token = String::from_utf8_lossy(token).to_lowercase();
            accounts.iter().any(|(_, account)| account.to_lowercase().contains(&token))
        };
        let sources = self.vault.store.settings(STANDING).await?;
        let said_by_sources = |token: &[u8]| {
            let token = String::from_utf8_lossy(token).to_lowercase();
            sources.iter().any(|(source, _)| source.to_lowercase().contains(&token))
        };
        patterns.plaintext.retain(|token| {
            !self.places.settings_say(token) && !said_by_accounts(token) && !said_by_sources(token)
        });
        Ok(())
    }
}

pub(super) fn sorted<T: Clone + Ord>(items: &[T]) -> Vec<T> {
    let mut items = items.to_vec();
    items.sort_unstable();
    items
}
