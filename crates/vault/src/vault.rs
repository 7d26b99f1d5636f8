//! The vault of one force: seals what is written, fetches what is asked for, shreds what must go.

use crate::error::VaultError;
use crate::keys::{KeyPlace, KeyStore};
use crate::sealed::Sealed;
use crate::store::{ItemRow, RecordStore};
use crate::version::{Link, VersionRow, opening_of};
use jiff::civil::Date;
use law::access::Filter;
use ledger::commitment::Hash;
use model::{ActorId, Body, RecordId, VersionId, VersionRef};
use sealing::SecretKey;
use std::sync::Arc;

/// A version to be written.
#[derive(Debug)]
pub struct NewVersion {
    /// Identity of the new version.
    pub version: VersionRef,
    /// The version that it follows, which must still be the newest.
    pub before: Option<VersionId>,
    /// Reference number of the record.
    pub reference: u64,
    /// From 1.
    pub ordinal: u32,
    /// Shape of the body.
    pub shape: u16,
    /// Labels, canonical.
    pub labels: String,
    /// When it happened.
    pub happened: Option<i64>,
    /// Review date.
    pub review_due: Date,
    /// Link, where the record is one.
    pub link: Option<Link>,
    /// Who writes.
    pub author: ActorId,
    /// When.
    pub written: i64,
    /// What it says.
    pub body: Body,
}

/// A version sealed and committed to, before its transaction.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) rows: Vec<VersionRow>,
    before: Vec<Option<VersionId>>,
    /// The commitments, for the entry.
    pub commitments: Vec<(VersionRef, Hash)>,
}

/// The vault over a store and a keystore.
pub struct Vault<S> {
    /// The store of records and log.
    pub store: Arc<S>,
    /// The keystore.
    pub keys: Arc<dyn KeyStore>,
}

impl<S> Clone for Vault<S> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), keys: Arc::clone(&self.keys) }
    }
}

impl<S: RecordStore> Vault<S> {
    /// A vault; refuses a keystore that is older than its records.
    ///
    /// # Errors
    /// [`VaultError::KeystoreOlder`].
    pub async fn new(store: Arc<S>, keys: Arc<dyn KeyStore>) -> Result<Self, VaultError> {
        let (records, keystore) = (store.mark().await?, keys.mark().await?);
        if keystore < records {
            return Err(VaultError::KeystoreOlder { keystore, records });
        }
        Ok(Self { store, keys })
    }

    /// Seals versions under keys that are durable by then.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn prepare(&self, versions: Vec<NewVersion>) -> Result<Prepared, VaultError> {
        let keys = self.keys.make(versions.len()).await?;
        let mut prepared = Prepared { rows: Vec::new(), before: Vec::new(), commitments: Vec::new() };
        for (version, (place, key)) in versions.into_iter().zip(keys) {
            prepared.before.push(version.before);
            let (row, commitment) = seal_version(version, place, &key)?;
            prepared.commitments.push((row.version, commitment));
            prepared.rows.push(row);
        }
        Ok(prepared)
    }

    /// Adds prepared versions in a transaction.
    ///
    /// # Errors
    /// [`VaultError::Conflict`] where somebody else was quicker; the transaction must be dropped.
    pub async fn add(&self, tx: &mut S::Tx, prepared: &Prepared) -> Result<(), VaultError> {
        let lost = self.store.add_versions(tx, &prepared.rows, &prepared.before).await?;
        if let Some(first) = lost.first() {
            let record = prepared.rows[*first].version.record;
            let heads = self.store.heads(&[record]).await?;
            return Err(VaultError::Conflict { present: heads.first().map_or(0, |head| head.ordinal) });
        }
        self.store.note_mark(tx, self.keys.mark().await?).await?;
        Ok(())
    }

    /// Fetches the newest versions of the records of a kind that a filter lets through, closed, highest
    /// reference first ([`RecordStore::newest`]).
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Sealed>, VaultError> {
        self.with_keys(self.store.newest(kind, allowed, before, limit).await?).await
    }

    /// Fetches the newest versions of records without their keys: for deciding on them. What is opened then
    /// gets its key by [`Vault::with_keys`], and what is not needs none.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn head_rows(&self, records: &[RecordId]) -> Result<Vec<VersionRow>, VaultError> {
        Ok(self.store.heads(records).await?)
    }

    /// Fetches the newest versions of records, closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn heads(&self, records: &[RecordId]) -> Result<Vec<Sealed>, VaultError> {
        self.with_keys(self.store.heads(records).await?).await
    }

    /// Fetches versions, closed.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn versions(&self, versions: &[VersionId]) -> Result<Vec<Sealed>, VaultError> {
        self.with_keys(self.store.versions(versions).await?).await
    }

    /// Fetches all versions of a record, closed, oldest first.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn history(&self, record: RecordId) -> Result<Vec<Sealed>, VaultError> {
        self.with_keys(self.store.history(record).await?).await
    }

    /// Brings closed rows together with their keys, in their order.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn with_keys(&self, rows: Vec<VersionRow>) -> Result<Vec<Sealed>, VaultError> {
        let places: Vec<KeyPlace> = rows.iter().map(|row| row.key).collect();
        let keys = self.keys.open(&places).await?;
        Ok(rows.into_iter().zip(keys).map(|(row, key)| Sealed { row, key }).collect())
    }

    /// Seals a thing that is no record.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn seal_items(
        &self,
        area: &str,
        things: &[(String, Vec<u8>)],
    ) -> Result<Vec<ItemRow>, VaultError> {
        let keys = self.keys.make(things.len()).await?;
        let mut items = Vec::with_capacity(things.len());
        for ((name, plain), (key, secret)) in things.iter().zip(keys) {
            let sealed = secret.seal_at(0, item_identity(area, name).as_bytes(), plain);
            let sealed = sealed.map_err(ledger::keys::seal_fault)?;
            items.push(ItemRow { area: area.to_owned(), name: name.clone(), key, sealed });
        }
        Ok(items)
    }

    /// Opens a sealed thing that is no record: only for machine jobs and for what an act shows.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn open_item(&self, item: &ItemRow) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.open(&[item.key]).await?.pop().flatten();
        let key = key.ok_or_else(|| {
            ledger::keys::KeyError(format!("the key of {}/{} is gone", item.area, item.name))
        })?;
        let identity = item_identity(&item.area, &item.name);
        Ok(key.open_at(0, identity.as_bytes(), &item.sealed).map_err(ledger::keys::seal_fault)?)
    }
}

fn item_identity(area: &str, name: &str) -> String {
    format!("bluelamp/item/v1/{area}/{name}")
}

fn seal_version(
    version: NewVersion,
    key: KeyPlace,
    secret: &SecretKey,
) -> Result<(VersionRow, Hash), VaultError> {
    let mut row = VersionRow {
        version: version.version,
        reference: version.reference,
        ordinal: version.ordinal,
        shape: version.shape,
        labels: version.labels,
        happened: version.happened,
        review_due: version.review_due,
        link: version.link,
        author: version.author,
        written: version.written,
        key,
        sealed: Vec::new(),
    };
    let opening = opening_of(&row, &version.body)?;
    let sealed = secret.seal_at(0, &row.identity(), &opening.encode());
    let fault = |source| VaultError::Seal { version: row.version.version, source };
    row.sealed = sealed.map_err(fault)?;
    Ok((row, opening.commitment()))
}
