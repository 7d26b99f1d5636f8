//! Answers that nobody sees before the log has their reading.

use crate::reader::Hits;
use ledger::{Detail, Receipt, Show};
use model::{VersionId, VersionRef};
use std::collections::HashSet;

/// A value that only a receipt releases. What it holds can be reached in no other way:
///
/// ```compile_fail
/// fn peek(hits: search::Withheld<search::Hits>) -> search::Hits {
///     hits.inner
/// }
/// ```
///
/// Nor does a receipt of a change or of a machine job do:
///
/// ```compile_fail
/// fn release(hits: search::Withheld<search::Hits>, receipt: &ledger::Receipt<ledger::Machine>) {
///     let _ = hits.release(receipt);
/// }
/// ```
#[must_use = "withheld answers are for nobody until they are released"]
pub struct Withheld<T> {
    inner: T,
}

/// A receipt that leaves out some of what it is to release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the log's entry covers {covered} of {wanted} answers; all of them must be entered before any is shown"
)]
pub struct NotCovered {
    /// Answers that the receipt covers.
    pub covered: usize,
    /// Answers to be released.
    pub wanted: usize,
}

impl<T> Withheld<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner }
    }
}

impl Withheld<Hits> {
    /// What would be shown: exactly this must be decided on and entered in the log.
    #[must_use]
    pub fn refs(&self) -> Vec<VersionRef> {
        self.inner.hits.iter().map(|hit| hit.version).collect()
    }

    /// Says in an entry how many answers there were and how far the index had come, so that the
    /// log can tell later what was available to the person.
    pub fn describe(&self, detail: &mut Detail) {
        detail.results = Some(self.inner.total);
        detail.index_position = self.inner.position;
    }

    /// Leaves out answers that may no longer be seen, for instance because a label was tightened
    /// after the index took the record in; they no longer count either.
    pub fn leave_out(mut self, versions: &HashSet<VersionId>) -> Self {
        let before = self.inner.hits.len();
        self.inner.hits.retain(|hit| !versions.contains(&hit.version.version));
        let gone = (before - self.inner.hits.len()) as u64;
        self.inner.total = self.inner.total.saturating_sub(gone);
        self
    }

    /// Releases the answers for the receipt of their reading.
    ///
    /// # Errors
    /// [`NotCovered`] where the receipt does not cover every one of them; nothing is released.
    pub fn release(self, receipt: &Receipt<Show>) -> Result<Hits, NotCovered> {
        let wanted = self.inner.hits.len();
        let covered = self.inner.hits.iter().filter(|hit| receipt.covers(&hit.version)).count();
        match covered == wanted {
            true => Ok(self.inner),
            false => Err(NotCovered { covered, wanted }),
        }
    }
}

/// Shows nothing of what is withheld.
impl<T> std::fmt::Debug for Withheld<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Withheld(…)")
    }
}
