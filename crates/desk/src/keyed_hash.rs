//! Hashes under a key of the force: what is stored by such a name can be found again, and whoever has
//! the store without the keys cannot test a guess.

use crate::Desk;
use crate::error::DeskError;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use vault::store::RecordStore;

/// Half of an HMAC-SHA-256.
pub(crate) type Hash = [u8; 16];

/// Name of the key; what is hashed under it is told apart by scopes.
const KEY: &str = "intake/identity";

impl<S: RecordStore> Desk<S> {
    /// The key for [`keyed_hash`], made at the first need.
    pub(crate) async fn hash_key(&self) -> Result<sealing::SecretKey, DeskError> {
        self.named_key(KEY).await
    }

    /// A key of the keystore by its name, made at the first need.
    pub(crate) async fn named_key(&self, name: &str) -> Result<sealing::SecretKey, DeskError> {
        if let Some(key) = self.vault.keys.get(name).await? {
            return Ok(key);
        }
        match self.vault.keys.create(name).await {
            Ok(key) => Ok(key),
            // Another that began at the same time may have made it.
            Err(error) => Ok(self.vault.keys.get(name).await?.ok_or(error)?),
        }
    }
}

/// HMAC-SHA-256 over scope and octets, the first half.
pub(crate) fn keyed_hash(key: &sealing::SecretKey, scope: &str, octets: &[u8]) -> [u8; 16] {
    // A key shorter than the block is filled up with zeros (RFC 2104 §2).
    let mut block = zeroize::Zeroizing::new([0u8; 64]);
    block[..32].copy_from_slice(key.expose());
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    mac.update(&(scope.len() as u64).to_be_bytes());
    mac.update(scope.as_bytes());
    mac.update(octets);
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    let (half, _) = whole.split_at(16);
    let mut out = [0u8; 16];
    out.copy_from_slice(half);
    out
}
