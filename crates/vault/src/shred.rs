//! Shredding: a record, or one field of it, so that nothing of it can be opened again.

use crate::error::VaultError;
use crate::keys::KeyPlace;
use crate::sealed::Sealed;
use crate::store::RecordStore;
use crate::vault::Vault;
use ledger::Opening;
use model::{RecordId, VersionId};

/// What an erasure must leave nowhere: the ciphertext and the keys as they were before it. Held
/// sealed until the scan has looked for them, then shredded last.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// Runs of ciphertext.
    pub ciphertext: Vec<Vec<u8>>,
    /// Raw keys.
    pub keys: Vec<Vec<u8>>,
    /// Wrapped keys.
    pub wrapped: Vec<Vec<u8>>,
}

/// Octets of ciphertext that the scan looks for, from the middle of each body: the same run
/// cannot occur by chance.
const RUN: usize = 48;

impl<S: RecordStore> Vault<S> {
    /// What these versions would leave behind.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn traces(&self, closed: &[Sealed]) -> Result<Traces, VaultError> {
        let places: Vec<KeyPlace> = closed.iter().map(|sealed| sealed.row.key).collect();
        let keys = self.keys.traces(&places).await?;
        let ciphertext = closed.iter().map(|sealed| middle(&sealed.row.sealed)).collect();
        Ok(Traces { ciphertext, keys: keys.material, wrapped: keys.wrapped })
    }

    /// The key places of a record's versions.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn key_places(&self, record: RecordId) -> Result<Vec<(VersionId, KeyPlace)>, VaultError> {
        let rows = self.store.history(record).await?;
        Ok(rows.iter().map(|row| (row.version.version, row.key)).collect())
    }

    /// Seals every version of a record that holds a field anew without it, in a transaction.
    /// Gives the versions that held it, and the key places that must be shredded afterwards.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn erase_field_in(
        &self,
        tx: &mut S::Tx,
        record: RecordId,
        field: u16,
    ) -> Result<(Vec<VersionId>, Vec<KeyPlace>), VaultError> {
        let mut bodies = Vec::new();
        let mut old = Vec::new();
        for sealed in self.history(record).await? {
            let opening = sealed.unseal()?;
            if opening.value(field).is_none() {
                continue;
            }
            let version = sealed.row.version.version;
            let (place, body) = self.reseal(&sealed.row.identity(), version, &opening.without(field)).await?;
            bodies.push((version, place, body));
            old.push(sealed.row.key);
        }
        self.store.replace_bodies(tx, &bodies).await?;
        self.store.note_mark(tx, self.keys.mark().await?).await?;
        Ok((bodies.into_iter().map(|(version, ..)| version).collect(), old))
    }

    async fn reseal(
        &self,
        identity: &[u8],
        version: VersionId,
        opening: &Opening,
    ) -> Result<(KeyPlace, Vec<u8>), VaultError> {
        let mut keys = self.keys.make(1).await?;
        let (place, key) = keys.pop().ok_or(VaultError::KeyGone(version))?;
        let sealed = key.seal_at(0, identity, &opening.encode());
        Ok((place, sealed.map_err(|source| VaultError::Seal { version, source })?))
    }
}

fn middle(sealed: &[u8]) -> Vec<u8> {
    let from = (sealed.len() / 2).saturating_sub(RUN / 2);
    sealed[from..(from + RUN).min(sealed.len())].to_vec()
}
