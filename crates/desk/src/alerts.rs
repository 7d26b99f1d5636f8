//! Alerts follow the change feed beside the index, at a place of their own that is kept with what they
//! tell, in one transaction: a restart neither loses nor repeats one. Each batch of changed records is
//! indexed by itself in memory, and of the saved searches those are asked of it that one of its records may
//! meet ([`search::Standing`]), so that an alert costs no more the more records and searches a force holds.
//! Matching is the machine's, and entered as such; who may be told is decided on the labels, roles and
//! groups of that moment, and again inside the transaction.

use crate::Desk;
use crate::accounts::Account;
use crate::clock::london_day;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::notices::{Alert, Notice};
use crate::saved::{SavedSearch, for_search, put};
use jiff::civil::Date;
use law::access::{Act, Action, Context, Filter};
use ledger::store::FeedItem;
use model::{Labels, RecordId, VersionRef};
use search::{Batch, Query};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault::store::RecordStore;

/// Changes of one batch.
const BATCH: u32 = 1024;
/// Notices that one batch gives one search: a broad one meets many, and the last then says how many more.
const MOST_OF_BATCH: usize = 20;
/// Leaves after which the place in the feed is kept although there was nothing to tell: so far a restart
/// looks again at most.
const KEPT_AFTER: u64 = 4096;
/// How often somebody looks whether a search has ended, where nothing happens.
const LOOKED_AFTER_EVERY: Duration = Duration::from_secs(3600);
/// How often what goes with time alone is looked at.
const REMINDED_EVERY: Duration = Duration::from_secs(60);
/// Setting that holds the place.
const PLACE: (&str, &str) = ("alerts", "followed-to");

/// What alerts hold in memory.
#[derive(Default)]
pub(crate) struct Standing {
    /// The leaf up to which the feed was looked at, and the one that is kept; read at the first need.
    place: Option<Place>,
    /// The searches; read at the first need.
    searches: Option<Arc<Watches>>,
}

/// The saved searches, as they were at a mark, sorted for a day.
struct Watches {
    mark: Option<String>,
    today: Date,
    /// The searches, each at the place of its query.
    saved: Vec<Arc<SavedSearch>>,
    queries: Arc<search::Standing>,
}

impl Watches {
    /// The leaf after which a search that counts now was saved; nothing where none counts.
    fn first(&self, now: i64) -> Option<Option<u64>> {
        self.saved.iter().filter(|saved| saved.expires > now).map(|saved| saved.after).min()
    }
}

#[derive(Clone, Copy)]
struct Place {
    at: Option<u64>,
    kept: Option<u64>,
}

/// One thing to tell: to whose search, of what.
struct Telling {
    saved: Arc<SavedSearch>,
    version: VersionRef,
    notice: Notice,
}

impl<S: RecordStore> Desk<S> {
    /// Alerts, and destroys the searches that have ended, until the desk is dropped.
    pub async fn alert(desk: std::sync::Weak<Self>) {
        let mut reminded: Option<Instant> = None;
        loop {
            let Some(strong) = desk.upgrade() else { return };
            let mut heads = strong.ledger.heads();
            heads.mark_unchanged();
            if reminded.is_none_or(|at| at.elapsed() >= REMINDED_EVERY) {
                reminded = Some(Instant::now());
                if let Err(error) = strong.look_at_the_clock().await {
                    tracing::error!(%error, "what fell due could not be told; run `bluelamp doctor`");
                }
            }
            if let Err(error) = strong.look_after_searches().await {
                tracing::error!(%error, "alerts of saved searches do not follow; run `bluelamp doctor`");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            // Nothing strong is held while waiting: who drops the desk closes it.
            drop(strong);
            tokio::select! {
                moved = heads.changed() => if moved.is_err() { return },
                () = tokio::time::sleep(LOOKED_AFTER_EVERY.min(REMINDED_EVERY)) => {}
            }
        }
    }

    /// What goes with time alone.
    async fn look_at_the_clock(&self) -> Result<(), DeskError> {
        self.note_clock().await?;
        self.sweep_sessions().await?;
        self.tell_of_overdue_reviews().await
    }

    async fn look_after_searches(&self) -> Result<(), DeskError> {
        self.purge_ended().await?;
        self.alert_all().await
    }

    /// Looks at everything that the feed has and tells whom it concerns.
    pub(crate) async fn alert_all(&self) -> Result<(), DeskError> {
        let mut standing = self.alerting.lock().await;
        loop {
            let watches = self.watches(&mut standing).await?;
            let Some(first) = watches.first(self.clock.now()) else { return Ok(()) };
            let place = self.place(&mut standing).await?;
            let items = self.ledger.feed(place.at.max(first), BATCH).await?;
            let mark = self.searches_mark().await?;
            // A search that was saved since, and a record after it, would be passed over.
            if watches.mark != mark {
                continue;
            }
            let Some(last) = items.last().map(|item| item.leaf) else { return Ok(()) };
            let tellings = self.tellings(&watches, &items).await?;
            let is_due = last.saturating_sub(place.kept.unwrap_or_default()) >= KEPT_AFTER;
            standing.place = match (tellings, is_due) {
                (None, false) => Some(Place { at: Some(last), ..place }),
                (tellings, _) => self.keep_tellings(tellings.unwrap_or_default(), place.kept, last).await?,
            };
        }
    }

    /// The same, and keeps the place, so that the next start looks at nothing again.
    pub(crate) async fn end_alerts(&self) -> Result<(), DeskError> {
        self.look_after_searches().await?;
        let mut standing = self.alerting.lock().await;
        let Some(place) = standing.place.filter(|place| place.at > place.kept) else { return Ok(()) };
        let Some(at) = place.at else { return Ok(()) };
        standing.place = self.keep_tellings(Vec::new(), place.kept, at).await?;
        Ok(())
    }

    /// The searches, read and sorted again where one was saved, changed or removed, and on another day.
    async fn watches(&self, standing: &mut Standing) -> Result<Arc<Watches>, DeskError> {
        let (mark, today) = (self.searches_mark().await?, london_day(self.clock.now()));
        if let Some(known) =
            standing.searches.as_ref().filter(|known| known.mark == mark && known.today == today)
        {
            return Ok(Arc::clone(known));
        }
        let saved = match mark {
            // Nobody ever saved one.
            None => Vec::new(),
            Some(_) => self.alerting_searches().await?,
        };
        let (saved, queries): (Vec<_>, Vec<_>) =
            saved.into_iter().filter_map(|saved| watch(saved, today)).unzip();
        let sorted = tokio::task::spawn_blocking(move || search::Standing::of(queries)).await;
        let queries = Arc::new(sorted.map_err(search::IndexError::from)?);
        Ok(Arc::clone(standing.searches.insert(Arc::new(Watches { mark, today, saved, queries }))))
    }

    async fn place(&self, standing: &mut Standing) -> Result<Place, DeskError> {
        if let Some(place) = standing.place {
            return Ok(place);
        }
        let kept = self.kept_place().await?;
        Ok(*standing.place.insert(Place { at: kept, kept }))
    }

    async fn kept_place(&self) -> Result<Option<u64>, DeskError> {
        let kept = self.vault.store.setting(PLACE.0, PLACE.1).await?;
        Ok(kept.and_then(|leaf| leaf.parse().ok()))
    }

    /// What changes mean for the searches. Only the newest version of a record counts: an older one has a
    /// later change in the feed, which is looked at in its turn. `None` where nothing meets any of them; what
    /// was met and told nobody is not looked at again when somebody may know more.
    async fn tellings(
        &self,
        watches: &Watches,
        items: &[FeedItem],
    ) -> Result<Option<Vec<Telling>>, DeskError> {
        let leaves: HashMap<_, u64> = items.iter().map(|item| (item.version, item.leaf)).collect();
        let mut records: Vec<RecordId> = items.iter().map(|item| item.record).collect();
        records.sort_unstable();
        records.dedup();
        let mut sealed = self.vault.heads(&records).await?;
        sealed.retain(|sealed| leaves.contains_key(&sealed.version().version));
        let mut rows = HashMap::new();
        for sealed in &sealed {
            rows.insert(sealed.version(), (labels_of(sealed.row())?, reference_of_row(sealed.row())));
        }
        let entries = self.entries_for("alerts of saved searches", sealed).await?;
        let batch = Arc::new(Batch::of(entries.into_iter().filter_map(put).collect()).await?);
        let now = self.clock.now();
        let mut met = Vec::new();
        for (place, mut versions) in batch.met_by_standing(Arc::clone(&watches.queries)).await? {
            let saved = watches.saved.get(place).filter(|saved| saved.expires > now);
            let Some(saved) = saved else { continue };
            versions.retain(|version| leaves.get(&version.version).copied() > saved.after);
            if !versions.is_empty() {
                met.push((Arc::clone(saved), versions));
            }
        }
        match met.is_empty() {
            true => Ok(None),
            false => self.concerning(&met, &rows).await.map(Some),
        }
    }

    /// Of what searches meet, what their owners may be told; the owners of covert records that they may
    /// not know of are told of the search.
    async fn concerning(
        &self,
        met: &[(Arc<SavedSearch>, Vec<VersionRef>)],
        rows: &HashMap<VersionRef, (Labels, String)>,
    ) -> Result<Vec<Telling>, DeskError> {
        let mut tellings = Vec::new();
        let accounts = self.all_accounts().await?;
        for (saved, met) in met {
            let Some(context) = self.context_of_owner(saved, &accounts).await? else { continue };
            let filter = Filter::may_read(&self.matrix(), &context, Action::List);
            let labels = |version: &&VersionRef| rows.get(*version).map(|(labels, _)| labels);
            let may_read =
                |version: &&VersionRef| labels(version).is_some_and(|of| filter.holds(version.kind, of));
            let read: Vec<&VersionRef> = met.iter().filter(may_read).collect();
            let is_hidden = |version: &&VersionRef| {
                labels(version).is_some_and(|of| of.covert && of.groups.is_disjoint(&context.groups))
            };
            let hidden: Vec<RecordId> = met.iter().filter(is_hidden).map(|version| version.record).collect();
            self.tell_owners_of(&context, &saved.query, &hidden).await?;
            let more = read.len().saturating_sub(MOST_OF_BATCH) as u64;
            let told = read.len().min(MOST_OF_BATCH);
            for (number, version) in (1..).zip(read.into_iter().take(told)) {
                let reference = rows.get(version).map(|(_, reference)| reference.clone()).unwrap_or_default();
                let more = if number == told { more } else { 0 };
                let notice = alert_notice(saved, &context, *version, reference, more);
                tellings.push(Telling { saved: Arc::clone(saved), version: *version, notice });
            }
        }
        Ok(tellings)
    }

    /// Whose search it is, as they may act now; `None` for somebody who has left, is locked out, or may
    /// keep no searches any more.
    async fn context_of_owner(
        &self,
        saved: &SavedSearch,
        accounts: &[Account],
    ) -> Result<Option<Arc<Context>>, DeskError> {
        let now = self.clock.now();
        let account = accounts.iter().find(|account| account.actor == saved.owner);
        let Some(account) = account.filter(|account| account.has_a_way_in(now)) else { return Ok(None) };
        if !self.matrix().allows_act(&account.roles, Act::KeepSearches) {
            return Ok(None);
        }
        let session = self.as_they_may_act(account.clone()).await?;
        Ok(Some(for_search(&session, saved).at(now)))
    }

    /// Keeps notices and place together. Whoever holds the transaction is alone, so records, labels and
    /// accounts are looked at once more: what changed since is not told, and comes again with its own change.
    ///
    /// Gives the place; `None` where another one was kept meanwhile, by a commit whose answer was lost or by
    /// another process. Then nothing is told here: it was told with that place.
    async fn keep_tellings(
        &self,
        tellings: Vec<Telling>,
        expected: Option<u64>,
        place: u64,
    ) -> Result<Option<Place>, DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        if self.kept_place().await? != expected {
            return Ok(None);
        }
        let records: Vec<RecordId> = tellings.iter().map(|telling| telling.version.record).collect();
        let mut heads = HashMap::new();
        for row in self.vault.store.heads(&records).await? {
            heads.insert(row.version, labels_of(&row)?);
        }
        let (matrix, accounts) = (self.matrix(), self.all_accounts().await?);
        let mut filters: HashMap<&str, Option<Filter>> = HashMap::new();
        for Telling { saved, version, notice } in &tellings {
            if !filters.contains_key(saved.id.as_str()) {
                let context = match self.still_asks(saved).await? {
                    true => self.context_of_owner(saved, &accounts).await?,
                    false => None,
                };
                let filter = context.map(|context| Filter::may_read(&matrix, &context, Action::List));
                filters.insert(&saved.id, filter);
            }
            let filter = filters.get(saved.id.as_str()).and_then(Option::as_ref);
            let labels = heads.get(version);
            if filter.zip(labels).is_some_and(|(filter, labels)| filter.holds(version.kind, labels)) {
                self.tell(&mut tx, saved.owner, notice).await?;
            }
        }
        self.vault.store.put_setting(&mut tx, PLACE.0, PLACE.1, &place.to_string()).await?;
        self.vault.store.commit(tx).await?;
        Ok(Some(Place { at: Some(place), kept: Some(place) }))
    }
}

/// A search with its query as it is asked; one that this release reads no more is passed over, and its list
/// says so.
fn watch(saved: SavedSearch, today: Date) -> Option<(Arc<SavedSearch>, Query)> {
    match Query::parse(&saved.query) {
        Ok(query) => Some((Arc::new(saved), query.asked_on(today))),
        Err(error) => {
            tracing::warn!(search = saved.id, %error, "a saved search cannot be read and alerts nobody");
            None
        }
    }
}

fn alert_notice(
    saved: &SavedSearch,
    context: &Context,
    version: VersionRef,
    reference: String,
    more: u64,
) -> Notice {
    let search = saved.told_as();
    let what = format!("A record came in or changed that your search {search} “{}” meets.", saved.name);
    let alert = Alert { search, name: saved.name.clone(), version, more };
    Notice {
        query: Some(saved.query.clone()),
        alert: Some(alert),
        ..Notice::new(&what, version.record, reference, context)
    }
}
