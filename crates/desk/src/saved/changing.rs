//! Changing a saved search: what it is called, what it asks for, until when, and whether it alerts.

use super::{SEARCH, SavedSearch, end_of, usable_name, usable_query};
use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::session::Session;
use jiff::civil::Date;
use law::access::Act;
use ledger::Detail;
use vault::store::RecordStore;

/// What of a saved search is to be another. What is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct SearchChange<'a> {
    /// What its owner calls it.
    pub name: Option<&'a str>,
    /// The query.
    pub query: Option<&'a str>,
    /// Whether they are to be told of records that meet it.
    pub alert: Option<bool>,
    /// Its last day, in London.
    pub until: Option<Date>,
}

impl<S: RecordStore> Desk<S> {
    /// Changes one of this person's searches. Another query, and alerts that are asked for anew, tell of what
    /// comes in from then on; what was told before stays until it is dismissed. The purpose stays: what is
    /// needed for another one is another search (DPA 2018 s.36).
    ///
    /// # Errors
    /// A refusal; a search that they do not keep; a name, query or end that cannot be used; nothing that
    /// would be another. Then it is as it was.
    pub async fn change_search(
        &self,
        who: &Session,
        id: &str,
        change: SearchChange<'_>,
    ) -> Result<SavedSearch, DeskError> {
        let permit = self.permit_act(who, Act::KeepSearches).await?;
        let now = self.clock.now();
        let mut tx = self.vault.store.begin_alone().await?;
        let (item, before) = self.own_search(who, id).await?;
        let mut search = before.changed(change, now)?;
        let said = search.differences(&before);
        if said.is_empty() {
            return Err(DeskError::unusable(format!(
                "{} is as you ask for: give another name, query or last day, or say whether it alerts",
                search.id
            )));
        }
        if search.query != before.query || search.alert && !before.alert {
            search.after = self.ledger.head().size.checked_sub(1);
        }
        self.keep_item(&mut tx, SEARCH, &item.name, &search).await?;
        self.note_changed(&mut tx, &search.id).await?;
        let subject = format!("search {} changed: {}", search.id, said.join(", "));
        let detail = Detail { subject: Some(subject), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        // What it said before opens no more.
        self.shred_items(&[item]).await?;
        Ok(search)
    }
}

impl SavedSearch {
    /// The same with a change.
    fn changed(&self, change: SearchChange<'_>, now: i64) -> Result<Self, DeskError> {
        let mut search = self.clone();
        if let Some(name) = change.name {
            search.name = usable_name(name)?;
        }
        if let Some(query) = change.query {
            search.query = usable_query(query)?;
            search.wording += u32::from(search.query != self.query);
        }
        if change.until.is_some() {
            search.expires = end_of(change.until, now)?;
        }
        search.alert = change.alert.unwrap_or(self.alert);
        Ok(search)
    }

    /// What is another than before, for the log: its words are not entered.
    fn differences(&self, before: &Self) -> Vec<String> {
        let name = (self.name != before.name).then(|| "its name".to_owned());
        let query = (self.query != before.query).then(|| "its query".to_owned());
        let alert = match (before.alert, self.alert) {
            (false, true) => Some("with alerts".to_owned()),
            (true, false) => Some("without alerts".to_owned()),
            _ => None,
        };
        let end = (self.expires != before.expires).then(|| format!("until {}", moment_text(self.expires)));
        [name, query, alert, end].into_iter().flatten().collect()
    }
}
