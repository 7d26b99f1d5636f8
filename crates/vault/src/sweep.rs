//! Sweeping keys that nothing rests on: a key is durable before the body that needs it, so a kill
//! between the two leaves a key without a body.

use crate::error::VaultError;
use crate::keys::KeyPlace;
use crate::store::RecordStore;
use crate::vault::Vault;
use std::collections::HashSet;

impl<S: RecordStore> Vault<S> {
    /// Destroys the unnamed keys that no version and no item rests on; gives how many.
    ///
    /// Safe while others write: only keys from before this keystore was opened are looked at, and
    /// every write that could come to rest on one of those has ended with its process.
    ///
    /// # Errors
    /// [`VaultError`].
    pub async fn sweep_orphans(&self) -> Result<u64, VaultError> {
        let mut swept = 0;
        for bucket in 0u32.. {
            let Some(settled) = self.keys.settled(bucket).await? else { break };
            let used: HashSet<KeyPlace> = self.store.places_in_use(bucket).await?.into_iter().collect();
            let orphans: Vec<KeyPlace> = settled.into_iter().filter(|place| !used.contains(place)).collect();
            self.keys.shred(&orphans).await?;
            swept += orphans.len() as u64;
        }
        Ok(swept)
    }
}
