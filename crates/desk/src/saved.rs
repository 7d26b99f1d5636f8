//! Searches that somebody keeps: run again by their name, or with an alert, which tells them of every
//! record that comes in or changes from then on, meets the search, and may be read by them at that moment.
//! A saved search is its owner's alone, can be changed by them, has an end, and goes where an erasure takes what
//! it says. What has ended is shown to nobody, and is destroyed within a day.

mod changing;
mod ending;

pub use changing::SearchChange;

use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::find::Answers;
use crate::session::Session;
use jiff::civil::Date;
use law::access::Act;
use ledger::Detail;
use model::ActorId;
use search::{Batch, Change, Page, Query};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vault::Sealed;
use vault::store::{ItemRow, RecordStore};

/// Area of the sealed searches.
const SEARCH: &str = "saved-search";
/// Area of the setting that changes with them, for whoever holds them in memory.
const CHANGED: &str = "saved-searches";
/// Number of the counter from which they take their numbers: no kind has it.
const COUNTER: u16 = u16::MAX - 3;
/// Searches that one person keeps.
const MOST: usize = 100;
/// The longest that one lasts, in microseconds: 366 days. Then it is looked at anew whether it is needed
/// (DPA 2018 s.39).
const LONGEST: i64 = 366 * 86_400_000_000;
/// How long one lasts where nothing is said: 90 days.
const USUAL: i64 = 90 * 86_400_000_000;

/// A search that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// `S-1`, `S-2` …
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The query.
    pub query: String,
    /// What for, in their words: the purpose of every consultation that an alert leads to.
    pub purpose: Option<String>,
    /// The task or case.
    pub task: Option<String>,
    /// Whether its owner is told of records that meet it.
    pub alert: bool,
    /// Whose it is.
    pub owner: ActorId,
    /// The name of their account.
    pub account: String,
    /// When it was saved: microseconds since 1970-01-01T00:00:00Z.
    pub saved: i64,
    /// When it ends.
    pub expires: i64,
    /// The leaf of the log after which a change may alert; `None` before the first.
    pub after: Option<u64>,
    /// How many queries it has had: an alert says which of them was met.
    #[serde(default = "first")]
    pub wording: u32,
}

/// A search that is to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewSearch<'a> {
    /// What its owner calls it.
    pub name: &'a str,
    /// The query.
    pub query: &'a str,
    /// Whether they are to be told of records that meet it.
    pub alert: bool,
    /// Its last day, in London; 90 days from now where it is not given.
    pub until: Option<Date>,
}

impl<S: RecordStore> Desk<S> {
    /// Saves a search.
    ///
    /// # Errors
    /// A refusal; a query that does not read; a name, purpose or end that cannot be used; one too many.
    pub async fn save_search(&self, who: &Session, new: NewSearch<'_>) -> Result<SavedSearch, DeskError> {
        let permit = self.permit_act(who, Act::KeepSearches).await?;
        let (context, now) = (permit.context(), self.clock.now());
        if context.purpose.is_none() && context.task.is_none() {
            return Err(DeskError::unusable("purpose: say what the search is kept for (DPA 2018 s.36)"));
        }
        let (name, query) = (usable_name(new.name)?, usable_query(new.query)?);
        let expires = end_of(new.until, now)?;
        let mut tx = self.vault.store.begin_alone().await?;
        let kept = self.searches_of(who.actor()).await?;
        let counted = kept.iter().filter(|(_, search)| search.expires > now).count();
        if counted >= MOST {
            let why = format!("you keep {counted} searches, and {MOST} is the most: remove one first");
            return Err(DeskError::not_now(why));
        }
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let search = SavedSearch {
            id: format!("S-{number}"),
            name,
            query,
            purpose: context.purpose.clone(),
            task: context.task.clone(),
            alert: new.alert,
            owner: who.actor(),
            account: who.name().to_owned(),
            saved: now,
            expires,
            after: self.ledger.head().size.checked_sub(1),
            wording: first(),
        };
        self.keep_item(&mut tx, SEARCH, &item_name(who.actor(), &search.id), &search).await?;
        // What its owner keeps no more goes with the next that they keep.
        let ended: Vec<ItemRow> =
            kept.into_iter().filter(|(_, search)| search.expires <= now).map(|(item, _)| item).collect();
        self.delete_items(&mut tx, &ended).await?;
        self.note_changed(&mut tx, &search.id).await?;
        let alert = if search.alert { "with alerts" } else { "without alerts" };
        // Its words are not entered: each use of it enters them with the records that it shows.
        let subject = format!("search {} saved {alert} until {}", search.id, moment_text(expires));
        let detail = Detail { subject: Some(subject), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&ended).await?;
        Ok(search)
    }

    /// The searches that this person keeps, oldest first.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn saved_searches(&self, who: &Session) -> Result<Vec<SavedSearch>, DeskError> {
        let permit = self.permit_act(who, Act::KeepSearches).await?;
        let now = self.clock.now();
        let kept = self.searches_of(who.actor()).await?;
        let detail = Detail { subject: Some("own saved searches".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut searches: Vec<SavedSearch> = kept.into_iter().map(|(_, search)| search).collect();
        searches.retain(|search| search.expires > now);
        searches.sort_by_key(|search| search.saved);
        Ok(searches)
    }

    /// Runs one of this person's searches, for the purpose for which they kept it where they give none.
    ///
    /// # Errors
    /// A refusal; a search that they do not keep; as [`Desk::search`].
    pub async fn run_saved_search(
        &self,
        who: &Session,
        id: &str,
        page: Page,
    ) -> Result<(SavedSearch, Answers), DeskError> {
        let permit = self.permit_act(who, Act::KeepSearches).await?;
        let (_, search) = self.own_search(who, id).await?;
        let said = permit.context().purpose.is_some() || permit.context().task.is_some();
        let who = if said { who.clone() } else { for_search(who, &search) };
        let answers = self.search(&who, &search.query, page).await?;
        Ok((search, answers))
    }

    /// Removes one of this person's searches for good. What it told them stays until they dismiss it.
    ///
    /// # Errors
    /// A refusal, or a search that they do not keep.
    pub async fn remove_search(&self, who: &Session, id: &str) -> Result<SavedSearch, DeskError> {
        let permit = self.permit_act(who, Act::KeepSearches).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let (item, search) = self.own_search(who, id).await?;
        self.delete_items(&mut tx, std::slice::from_ref(&item)).await?;
        self.note_changed(&mut tx, &search.id).await?;
        let detail = Detail { subject: Some(format!("search {} removed", search.id)), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        self.shred_items(&[item]).await?;
        Ok(search)
    }

    /// What changes whenever somebody saves or loses a search.
    pub(crate) async fn searches_mark(&self) -> Result<Option<String>, DeskError> {
        Ok(self.vault.store.setting(CHANGED, "mark").await?)
    }

    /// Every search that asks for alerts, ended ones too.
    pub(crate) async fn alerting_searches(&self) -> Result<Vec<SavedSearch>, DeskError> {
        let kept: Vec<(ItemRow, SavedSearch)> = self.kept_under(SEARCH, "").await?;
        Ok(kept.into_iter().map(|(_, search)| search).filter(|search| search.alert).collect())
    }

    /// The names of the items of those saved searches that say something in query, name, purpose or task, and
    /// meet one of these records with the part of the query that says it, whatever narrows them besides. One
    /// that this release cannot read any more is among them.
    pub(crate) async fn searches_saying(
        &self,
        records: Vec<Sealed>,
        says: impl Fn(&str) -> bool,
    ) -> Result<Vec<String>, DeskError> {
        let mut kept: Vec<(ItemRow, SavedSearch)> = self.kept_under(SEARCH, "").await?;
        kept.retain(|(_, search)| search.texts().any(&says));
        let (mut named, mut parts) = (Vec::new(), Vec::new());
        for (item, search) in kept {
            match Query::parse(&search.query) {
                Ok(query) => {
                    parts.extend(query.parts_saying(&says).into_iter().map(|part| (item.name.clone(), part)))
                }
                Err(_) => named.push(item.name),
            }
        }
        if parts.is_empty() {
            return Ok(named);
        }
        let entries = self.entries_for("erasure: which saved searches say it", records).await?;
        let batch = Arc::new(Batch::of(entries.into_iter().filter_map(put).collect()).await?);
        let (names, queries): (Vec<String>, Vec<Query>) = parts.into_iter().unzip();
        let met = batch.met_by(queries).await?;
        named.extend(names.into_iter().zip(met).filter(|(_, met)| !met.is_empty()).map(|(name, _)| name));
        named.dedup();
        Ok(named)
    }

    /// Whether a search is still kept, and asks for the same alerts.
    pub(crate) async fn still_asks(&self, search: &SavedSearch) -> Result<bool, DeskError> {
        let kept: Option<SavedSearch> = self.kept(SEARCH, &item_name(search.owner, &search.id)).await?;
        let same =
            |kept: &SavedSearch| kept.alert && (kept.wording, kept.after) == (search.wording, search.after);
        Ok(kept.as_ref().is_some_and(same))
    }

    async fn own_search(&self, who: &Session, id: &str) -> Result<(ItemRow, SavedSearch), DeskError> {
        let id = id.trim().to_uppercase();
        let item = self.vault.store.item(SEARCH, &item_name(who.actor(), &id)).await?;
        let unknown = || DeskError::unknown(format!("you keep no search “{id}”: `bluelamp saved list`"));
        let item = item.ok_or_else(unknown)?;
        let search: SavedSearch = self.read_item(&item).await?;
        match search.expires > self.clock.now() {
            true => Ok((item, search)),
            false => Err(unknown()),
        }
    }

    async fn searches_of(&self, owner: ActorId) -> Result<Vec<(ItemRow, SavedSearch)>, DeskError> {
        self.kept_under(SEARCH, &item_name(owner, "")).await
    }

    async fn note_changed(&self, tx: &mut S::Tx, what: &str) -> Result<(), DeskError> {
        let mark = format!("{what} {}", crate::clock::id_at(self.clock.now()));
        Ok(self.vault.store.put_setting(tx, CHANGED, "mark", &mark).await?)
    }
}

impl SavedSearch {
    /// All that it says in words.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let optional = [&self.purpose, &self.task].into_iter().filter_map(|text| text.as_deref());
        [self.query.as_str(), self.name.as_str()].into_iter().chain(optional)
    }

    /// What it is called in an alert: each query that it has had has a name of its own.
    pub(crate) fn told_as(&self) -> String {
        told_as(&self.id, self.wording)
    }

    /// What it was ever called in an alert.
    fn all_told_as(&self) -> impl Iterator<Item = String> + '_ {
        (first()..=self.wording).map(|wording| told_as(&self.id, wording))
    }
}

/// The number of a search's first query.
fn first() -> u32 {
    1
}

fn told_as(id: &str, wording: u32) -> String {
    match wording == first() {
        true => id.to_owned(),
        false => format!("{id}.{wording}"),
    }
}

/// The same person, for what a search was kept for.
pub(crate) fn for_search(who: &Session, search: &SavedSearch) -> Session {
    let who = search.purpose.as_ref().map_or_else(|| who.clone(), |purpose| who.for_purpose(purpose));
    search.task.as_ref().map_or_else(|| who.clone(), |task| who.for_task(task))
}

/// What a change puts into an index, where it does.
pub(crate) fn put(change: Change) -> Option<search::IndexEntry> {
    match change {
        Change::Put(entry) => Some(*entry),
        Change::Erase(_) => None,
    }
}

fn usable_name(name: &str) -> Result<String, DeskError> {
    let name = name.trim();
    let usable = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    match usable {
        true => Ok(name.to_owned()),
        false => {
            Err(DeskError::unusable("name: call the search something of 1 to 100 letters, all of one line"))
        }
    }
}

fn usable_query(query: &str) -> Result<String, DeskError> {
    match Query::parse(query) {
        Ok(_) => Ok(query.trim().to_owned()),
        Err(error) => Err(DeskError::unusable(error.to_string())),
    }
}

/// The end of the last day.
fn end_of(until: Option<Date>, now: i64) -> Result<i64, DeskError> {
    let Some(day) = until else { return Ok(now + USUAL) };
    let end = day.tomorrow().and_then(|next| next.in_tz("Europe/London"));
    let end = end.map(|end| end.timestamp().as_microsecond()).unwrap_or_default();
    match (1..=LONGEST).contains(&end.saturating_sub(now)) {
        true => Ok(end),
        false => Err(DeskError::unusable(format!(
            "until: a saved search lasts at least today and at most 366 days, and {day} is not within them"
        ))),
    }
}

fn item_name(owner: ActorId, id: &str) -> String {
    format!("{owner}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_ends_within_a_year_and_with_the_day() {
        let now = 1_764_000_000_000_000; // 24 November 2025, 16:00
        assert_eq!(end_of(None, now).unwrap(), now + USUAL);
        let today = end_of(Some(jiff::civil::date(2025, 11, 24)), now).unwrap();
        assert_eq!(moment_text(today), "2025-11-25T00:00:00Z");
        assert!(end_of(Some(jiff::civil::date(2025, 11, 23)), now).is_err());
        assert!(end_of(Some(jiff::civil::date(2027, 1, 1)), now).is_err());
    }

    #[test]
    fn a_search_that_was_kept_before_it_could_be_changed_has_its_first_query() {
        let kept = r#"{"id":"S-1","name":"Quill","query":"quillfeather","purpose":null,"task":null,"alert":true,
            "owner":"019b767a-4400-7000-8000-000000000001","account":"PC 1","saved":0,"expires":9,"after":null}"#;
        let mut search: SavedSearch = serde_json::from_str(kept).unwrap();
        assert_eq!(search.told_as(), "S-1");
        search.wording = 3;
        assert_eq!(search.all_told_as().collect::<Vec<_>>(), ["S-1", "S-1.2", "S-1.3"]);
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(usable_name(" Op Lantern ").unwrap(), "Op Lantern");
        for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert!(usable_name(bad).is_err(), "{bad:?}");
        }
    }
}
