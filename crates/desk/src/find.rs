//! Search: the filter stands inside the query, the decision is made again on the plain labels of
//! the store, and nothing is shown before the entry is durable. A list of results shown is a
//! consultation of each item on it (DPA 2018 s.62(1)(c)).

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{editable, kind_of, reference_of};
use crate::session::Session;
use law::access::{Action, Filter, Target};
use ledger::Detail;
use model::derived::show;
use model::{Labels, RecordId, VersionId, VersionRef};
use search::{Hits, Page, Query};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use vault::store::RecordStore;
use vault::{Sealed, VersionRow};

/// One answer.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub record: RecordId,
    /// Its reference.
    pub reference: String,
    /// Name of its kind.
    pub kind: &'static str,
    /// One line to recognise it by.
    pub name: String,
    /// How well it fits; the best is highest.
    pub score: f32,
    /// Why it is here, in words.
    pub why: Vec<String>,
}

/// The answers to a query.
#[derive(Debug, Clone)]
pub struct Answers {
    /// How many there are in all, of those that this person may read.
    pub total: u64,
    /// Leaf of the log up to which the index was built.
    pub position: Option<u64>,
    /// Time of the whole search at the door.
    pub took: Duration,
    /// The page asked for.
    pub found: Vec<Found>,
}

impl<S: RecordStore> Desk<S> {
    /// Searches.
    ///
    /// # Errors
    /// A query that does not read, with the place in it; a refusal.
    pub async fn search(&self, who: &Session, text: &str, page: Page) -> Result<Answers, DeskError> {
        let query = Query::parse(text).map_err(|error| DeskError::unusable(error.to_string()))?;
        self.answer(who, &query, text, page).await
    }

    /// Answers a query, which stands in the log as `text`.
    pub(crate) async fn answer(
        &self,
        who: &Session,
        query: &Query,
        text: &str,
        page: Page,
    ) -> Result<Answers, DeskError> {
        let started = std::time::Instant::now();
        let permit = self.permit(who, Action::List, 0, &[]).await?;
        let withheld = self.index.run(&permit, &self.matrix, query, page).await?;
        let shown = self.shown(who, &withheld.refs()).await?;
        let withheld = withheld.leave_out(&shown.gone);
        let permit = self.permit(who, Action::List, 0, &shown.targets()).await?;
        let mut detail = Detail { query: Some(text.to_owned()), ..Detail::default() };
        withheld.describe(&mut detail);
        let receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let hits = withheld.release(&receipt).map_err(|error| DeskError::unusable(error.to_string()))?;
        let mut lines = HashMap::new();
        for sealed in shown.sealed {
            let kind = kind_of(sealed.row())?;
            let plain = sealed.open(&receipt)?;
            lines.insert(plain.row().version.record, (kind.name, show::summary(kind, &editable(&plain))));
        }
        Ok(answers(hits, &lines, started.elapsed()))
    }

    /// The newest versions of the records on a page, those left out that this person may not read
    /// any more since the index was built.
    async fn shown(&self, who: &Session, refs: &[VersionRef]) -> Result<Shown, DeskError> {
        let records: Vec<RecordId> = refs.iter().map(|version| version.record).collect();
        let filter = Filter::may_read(&self.matrix, &who.at(self.clock.now()), Action::List);
        let mut shown =
            Shown { sealed: Vec::new(), labels: Vec::new(), older: Vec::new(), gone: HashSet::new() };
        for sealed in self.vault.heads(&records).await? {
            let labels = labels_of(sealed.row())?;
            if filter.holds(sealed.version().kind, &labels) {
                shown.labels.push(labels);
                shown.sealed.push(sealed);
            }
        }
        shown.note_older(refs);
        Ok(shown)
    }
}

/// What of a page may be shown.
struct Shown {
    sealed: Vec<Sealed>,
    labels: Vec<Labels>,
    /// Versions that the index still has while the store has a newer one of the same record.
    older: Vec<(VersionRef, usize)>,
    /// Versions of the page that may not be shown any more.
    gone: HashSet<VersionId>,
}

impl Shown {
    fn note_older(&mut self, refs: &[VersionRef]) {
        let places: HashMap<RecordId, usize> =
            self.sealed.iter().enumerate().map(|(at, sealed)| (sealed.version().record, at)).collect();
        let newest: HashSet<VersionRef> = self.sealed.iter().map(Sealed::version).collect();
        for version in refs.iter().filter(|version| !newest.contains(version)) {
            match places.get(&version.record) {
                Some(at) => self.older.push((*version, *at)),
                None => drop(self.gone.insert(version.version)),
            }
        }
    }

    fn targets(&self) -> Vec<Target<'_>> {
        let newest = self.sealed.iter().zip(&self.labels);
        let newest = newest.map(|(sealed, labels)| Target { version: sealed.version(), labels });
        let older =
            self.older.iter().map(|(version, at)| Target { version: *version, labels: &self.labels[*at] });
        newest.chain(older).collect()
    }
}

fn answers(hits: Hits, lines: &HashMap<RecordId, (&'static str, String)>, took: Duration) -> Answers {
    let found = hits.hits.into_iter().filter_map(|hit| {
        let (kind, name) = lines.get(&hit.version.record)?;
        Some(Found {
            record: hit.version.record,
            reference: reference_of(hit.version.kind, hit.reference),
            kind,
            name: name.clone(),
            score: hit.score,
            why: hit.why,
        })
    });
    Answers { total: hits.total, position: hits.position, took, found: found.collect() }
}

/// The reference of a stored version in words.
#[must_use]
pub fn reference_of_row(row: &VersionRow) -> String {
    reference_of(row.version.kind, row.reference)
}
