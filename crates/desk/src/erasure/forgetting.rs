//! Forgetting: what the log, notices, reviews and the index say of what was erased.

use super::scan::Patterns;
use super::{Job, TRACES};
use crate::Desk;
use crate::attachments::added;
use crate::error::DeskError;
use crate::papers::mark_of;
use crate::session::Session;
use law::access::Action;
use ledger::tags;
use model::RecordId;
use model::derived::erasure;
use std::collections::BTreeSet;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Takes what went out of the log's entries, out of notices and reviews, and out of the index.
    pub(super) async fn forget(&self, who: &Session, job: &Job) -> Result<(), DeskError> {
        self.forget_in_entries(who, job).await?;
        if job.scope.attachment.is_some() {
            // Notices speak of the record, which stays; the index knows nothing of files.
            return Ok(());
        }
        self.forget_searches(&job.searches).await?;
        self.forget_drafts(&job.records()).await?;
        self.forget_followed(&job.records()).await?;
        let patterns: Patterns = self.kept(TRACES, &job.id).await?.unwrap_or_default();
        let said = Said::of(&patterns, job);
        self.forget_notices(&job.records(), |text| said.in_query(&text.to_lowercase())).await?;
        self.forget_glass_words(&job.records()).await?;
        self.ledger.settle().await?;
        self.catch_up().await?;
        self.index.erase(&job.records()).await?;
        match job.scope.field {
            Some(_) => self.index_again(job.scope.record).await,
            None => Ok(()),
        }
    }

    /// Searches that found the record are entries of the log with their query text, which may be the
    /// very name that goes, and the entry of a file's adding has a digest by which whoever has a copy
    /// could tell that it was here. Such fields are erased from their payloads; the entries stay.
    async fn forget_in_entries(&self, who: &Session, job: &Job) -> Result<(), DeskError> {
        let Some(item) = self.vault.store.item(TRACES, &job.id).await? else { return Ok(()) };
        let patterns: Patterns = self.read_item(&item).await?;
        let said = Said::of(&patterns, job);
        let permit = self.permit(who, Action::Erase, job.scope.kind, &[]).await?;
        let receipt =
            self.ledger.record_machine("erasure: which entries say it", &[], self.clock.now()).await?;
        let (mut erased, mut papers) = (Vec::new(), BTreeSet::new());
        for leaf in self.leaves_of(job).await? {
            let payload = self.ledger.payload(leaf, &receipt).await?;
            papers.extend(payload.as_ref().and_then(mark_of));
            let text = |tag| payload.as_ref()?.value(tag).map(String::from_utf8_lossy);
            if text(tags::QUERY).is_some_and(|query| said.in_query(&query.to_lowercase())) {
                erased.push((leaf, tags::QUERY));
            }
            let has_digest = payload.as_ref().is_some_and(|payload| payload.value(tags::DIGEST).is_some());
            if has_digest && text(tags::SUBJECT).is_some_and(|subject| said.as_adding(&subject)) {
                erased.push((leaf, tags::DIGEST));
            }
        }
        // Whoever checks a paper of it hears that it counts no longer.
        let why = format!("what it says was erased (erasure {})", job.id);
        self.recall_erased(&permit, &papers, (&job.versions, &why)).await?;
        if erased.is_empty() {
            return Ok(());
        }
        let ground = format!("{} (erasure {})", job.ground, job.id);
        self.ledger.erase_payloads(&erased, &permit, &ground).await?;
        Ok(())
    }

    /// The leaves that touch what goes, ascending.
    async fn leaves_of(&self, job: &Job) -> Result<Vec<u64>, DeskError> {
        let mut leaves: Vec<u64> = Vec::new();
        for record in job.records() {
            let touches = self.all_touches_of(record).await?;
            leaves.extend(touches.iter().map(|touch| touch.leaf));
        }
        leaves.sort_unstable();
        leaves.dedup();
        Ok(leaves)
    }

    /// The saved searches that meet what goes and say it: their words are somebody's name too.
    pub(super) async fn searches_that_name(
        &self,
        job: &Job,
        patterns: &Patterns,
    ) -> Result<Vec<String>, DeskError> {
        if job.scope.attachment.is_some() {
            return Ok(Vec::new());
        }
        let said = Said::of(patterns, job);
        // A name that was corrected since is in an older version, and a search may say that.
        let mut versions = Vec::new();
        for record in job.records() {
            versions.extend(self.vault.history(record).await?);
        }
        self.searches_saying(versions, |text| said.in_query(&text.to_lowercase())).await
    }

    /// Puts a record that is still there back into the index, without what it lost.
    async fn index_again(&self, record: RecordId) -> Result<(), DeskError> {
        let _alone = self.following.lock().await;
        let changes = self.entries(self.vault.heads(&[record]).await?).await?;
        let position = self.index.applied().unwrap_or_default();
        self.index.apply(changes, position).await?;
        self.index.publish().await?;
        Ok(())
    }
}

/// What entries of the log may say of what goes.
struct Said {
    tokens: Vec<String>,
    names: Vec<String>,
    addings: Vec<String>,
}

impl Said {
    fn of(patterns: &Patterns, job: &Job) -> Self {
        let tokens = patterns.plaintext.iter().map(|token| String::from_utf8_lossy(token).to_lowercase());
        let ids = job.attachments.iter().filter_map(|item| item.split_once('/'));
        Self {
            tokens: tokens.collect(),
            names: patterns.names.clone(),
            addings: ids.map(|(_, id)| added(id)).collect(),
        }
    }

    fn in_query(&self, query: &str) -> bool {
        self.tokens.iter().any(|token| says(query, token)) || names(query, &self.names)
    }

    fn as_adding(&self, subject: &str) -> bool {
        self.addings.iter().any(|adding| adding == subject)
    }
}

/// Whether a query says one of these names as a whole word.
fn names(query: &str, names: &[String]) -> bool {
    erasure::words(query).iter().any(|word| names.contains(word))
}

/// Whether a query says a token, and the token is more than a scrap.
fn says(query: &str, token: &str) -> bool {
    token.chars().count() >= 4 && query.contains(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_found_as_a_whole_word_only() {
        let li = ["li".to_owned()];
        assert!(names("surname:Li at:2024", &li));
        assert!(names("li-wei", &li));
        assert!(!names("liverpool street", &li));
    }

    #[test]
    fn a_scrap_is_no_token_of_a_query() {
        assert!(says("surname:okonjo at:2024", "okonjo"));
        assert!(!says("surname:okonjo", "oko"));
        assert!(!says("kind:nominal", "okonjo"));
    }
}
