//! Answers that nobody sees before the log has their reading.

use crate::reader::{Hit, Hits};
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
    /// What would be shown: exactly this must be decided on and entered in the log. Of an answer that was
    /// reached through a link that is also the link, and the record at its other end.
    #[must_use]
    pub fn refs(&self) -> Vec<VersionRef> {
        let mut refs: Vec<VersionRef> = self.inner.hits.iter().flat_map(shown_by).collect();
        let mut seen = HashSet::new();
        refs.retain(|version| seen.insert(*version));
        refs
    }

    /// The answers alone, best first.
    #[must_use]
    pub fn page(&self) -> Vec<VersionRef> {
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
        let (before, reached) = (self.inner.hits.len(), reached(&self.inner));
        let may_be_seen =
            |hit: &Hit| shown_by(hit).into_iter().all(|shown| !versions.contains(&shown.version));
        self.inner.hits.retain(may_be_seen);
        let gone = (before - self.inner.hits.len()) as u64;
        self.inner.total = self.inner.total.saturating_sub(gone);
        let gone_reached = reached - self::reached(&self.inner);
        self.inner.reached = self.inner.reached.saturating_sub(gone_reached);
        self.inner.whole = self.inner.whole.min(self.inner.total - self.inner.reached.min(self.inner.total));
        self
    }

    /// Releases the answers for the receipt of their reading.
    ///
    /// # Errors
    /// [`NotCovered`] where the receipt does not cover every one of them; nothing is released.
    pub fn release(self, receipt: &Receipt<Show>) -> Result<Hits, NotCovered> {
        let wanted = self.inner.hits.len();
        let is_covered = |hit: &&Hit| shown_by(hit).iter().all(|version| receipt.covers(version));
        let covered = self.inner.hits.iter().filter(is_covered).count();
        match covered == wanted {
            true => Ok(self.inner),
            false => Err(NotCovered { covered, wanted }),
        }
    }
}

/// How many on the page were reached through a link.
fn reached(hits: &Hits) -> u64 {
    hits.hits.iter().filter(|hit| hit.through.is_some()).count() as u64
}

/// What showing one answer shows.
fn shown_by(hit: &Hit) -> Vec<VersionRef> {
    let through = hit.through.map(|through| [through.record, through.link]);
    std::iter::once(hit.version).chain(through.into_iter().flatten()).collect()
}

/// Shows nothing of what is withheld.
impl<T> std::fmt::Debug for Withheld<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Withheld(…)")
    }
}
