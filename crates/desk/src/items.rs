//! Sealed things that are no records, each of one area: kept, read in order, and shredded.

use crate::Desk;
use crate::door::json;
use crate::error::DeskError;
use law::access::Permit;
use ledger::Detail;
use model::{RecordId, VersionRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vault::store::{ItemRow, RecordStore};

/// Items read at once.
const PAGE: u32 = 256;

impl<S: RecordStore> Desk<S> {
    /// Puts or replaces a sealed item.
    pub(crate) async fn keep_item<T: Serialize>(
        &self,
        tx: &mut S::Tx,
        area: &str,
        name: &str,
        value: &T,
    ) -> Result<(), DeskError> {
        let items = self.vault.seal_items(area, &[(name.to_owned(), json(value)?.into_bytes())]).await?;
        Ok(self.vault.store.put_items(tx, &items).await?)
    }

    /// Decides on a kept item: reads it where nobody else writes, lets `change` look at it and alter it,
    /// and keeps the outcome with its entry, in one transaction. What was read earlier counts for nothing,
    /// so of two who decide at once the second sees what the first decided.
    ///
    /// # Errors
    /// Where there is no such item (`called` says what it would be), or what `change` refuses: then
    /// nothing is changed.
    pub(crate) async fn decide<T: Serialize + DeserializeOwned>(
        &self,
        permit: &Permit,
        (area, called): (&str, &str),
        name: &str,
        change: impl FnOnce(&mut T) -> Result<Detail, DeskError>,
    ) -> Result<T, DeskError> {
        let mut tx = self.vault.store.begin_alone().await?;
        let held: Option<T> = self.kept(area, name).await?;
        let mut held = held.ok_or_else(|| DeskError::unknown(format!("there is no {called} “{name}”")))?;
        let detail = change(&mut held)?;
        self.keep_item(&mut tx, area, name, &held).await?;
        let pending = self.ledger.record_in(&mut tx, &[(permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(held)
    }

    /// The newest versions of those of these records that are there, so that an entry about them is
    /// found under them.
    pub(crate) async fn versions_of(&self, records: &[RecordId]) -> Result<Vec<VersionRef>, DeskError> {
        Ok(self.vault.store.heads(records).await?.iter().map(|row| row.version).collect())
    }

    /// One sealed item.
    pub(crate) async fn kept<T: DeserializeOwned>(
        &self,
        area: &str,
        name: &str,
    ) -> Result<Option<T>, DeskError> {
        match self.vault.store.item(area, name).await? {
            Some(item) => self.read_item(&item).await.map(Some),
            None => Ok(None),
        }
    }

    /// All sealed items of an area whose names begin so, by name.
    pub(crate) async fn kept_under<T: DeserializeOwned>(
        &self,
        area: &str,
        beginning: &str,
    ) -> Result<Vec<(ItemRow, T)>, DeskError> {
        let (mut kept, mut after) = (Vec::new(), beginning.to_owned());
        loop {
            let items = self.vault.store.items(area, &after, PAGE).await?;
            let Some(last) = items.last().map(|item| item.name.clone()) else { return Ok(kept) };
            after = last;
            for item in items {
                if !item.name.starts_with(beginning) {
                    return Ok(kept);
                }
                let value = self.read_item(&item).await?;
                kept.push((item, value));
            }
        }
    }

    /// Deletes sealed items in a transaction; their keys are for [`Desk::shred_items`] to destroy once
    /// it is committed.
    pub(crate) async fn delete_items(&self, tx: &mut S::Tx, items: &[ItemRow]) -> Result<(), DeskError> {
        for item in items {
            self.vault.store.delete_item(tx, &item.area, &item.name).await?;
        }
        Ok(())
    }

    /// Destroys the keys of items that were deleted.
    pub(crate) async fn shred_items(&self, items: &[ItemRow]) -> Result<(), DeskError> {
        let places: Vec<_> = items.iter().map(|item| item.key).collect();
        if !places.is_empty() {
            self.vault.keys.shred(&places).await?;
        }
        Ok(())
    }
}
