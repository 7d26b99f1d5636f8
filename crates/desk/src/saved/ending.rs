//! The end of saved searches: by time, and by an erasure of what they say.

use super::{SEARCH, SavedSearch};
use crate::Desk;
use crate::error::DeskError;
use vault::store::{ItemRow, RecordStore};

impl<S: RecordStore> Desk<S> {
    /// Destroys the searches that have ended by `now`. What they told stays until it is dismissed.
    pub(crate) async fn purge_searches(&self, now: i64) -> Result<(), DeskError> {
        let kept: Vec<(ItemRow, SavedSearch)> = self.kept_under(SEARCH, "").await?;
        let ended: Vec<String> =
            kept.into_iter().filter(|(_, search)| search.expires <= now).map(|(item, _)| item.name).collect();
        if ended.is_empty() {
            return Ok(());
        }
        let _entered =
            self.ledger.record_machine("saved searches that ended are destroyed", &[], now).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        // Once more: their owner may have been quicker. What has ended is never changed.
        let items = self.items_of(&ended).await?;
        self.delete_items(&mut tx, &items).await?;
        if !items.is_empty() {
            self.note_changed(&mut tx, "ended").await?;
        }
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    /// Destroys saved searches that say what was erased, and what they told, of whatever record: it says the
    /// query too.
    pub(crate) async fn forget_searches(&self, names: &[String]) -> Result<(), DeskError> {
        if names.is_empty() {
            return Ok(());
        }
        // Whoever holds it is alone: an alert that is kept meanwhile would stay.
        let mut tx = self.vault.store.begin_alone().await?;
        let (mut items, mut told) = (Vec::new(), Vec::new());
        for item in self.items_of(names).await? {
            told.extend(self.read_item::<SavedSearch>(&item).await?.all_told_as());
            items.push(item);
        }
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        items.extend(self.alerts_of(&told).await?);
        self.note_changed(&mut tx, "erased").await?;
        self.delete_items(&mut tx, &items).await?;
        self.vault.store.commit(tx).await?;
        self.shred_items(&items).await
    }

    async fn items_of(&self, names: &[String]) -> Result<Vec<ItemRow>, DeskError> {
        let mut items = Vec::with_capacity(names.len());
        for name in names {
            items.extend(self.vault.store.item(SEARCH, name).await?);
        }
        Ok(items)
    }
}
