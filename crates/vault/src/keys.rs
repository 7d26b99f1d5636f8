//! Data keys in buckets, buckets under the epoch key: two envelopes and a turn.
//!
//! A bucket is filled with [`BUCKET_KEYS`] data keys and then left, so the number of buckets grows
//! with the estate while the work of shredding one key stays the same. A turn re-wraps the
//! buckets, never the data keys.

use crate::provider::EpochKey;
use async_trait::async_trait;
use ledger::keys::{KeyError, LogKeys};
use sealing::SecretKey;

/// Data keys of one bucket: what one shredding re-wraps.
pub const BUCKET_KEYS: u32 = 256;

/// Where a data key is in the keystore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPlace {
    /// Bucket.
    pub bucket: u32,
    /// Slot of the bucket; never used again once its key is shredded.
    pub slot: u32,
}

/// Key material that an erasure must not leave behind: held in memory until the scan is done.
#[derive(Debug, Clone, Default)]
pub struct KeyTraces {
    /// Raw keys: these must be in no file at any time.
    pub material: Vec<Vec<u8>>,
    /// Wrapped keys, as they were before: nothing once the key that opens them is destroyed.
    pub wrapped: Vec<Vec<u8>>,
}

/// What a turn did.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The new epoch.
    pub epoch: u64,
    /// Buckets that were re-wrapped.
    pub buckets: u64,
}

/// A keystore of one force.
#[async_trait]
pub trait KeyStore: LogKeys {
    /// Makes `count` data keys, durable on return.
    async fn make(&self, count: usize) -> Result<Vec<(KeyPlace, SecretKey)>, KeyError>;
    /// Opens data keys; `None` where one was shredded.
    async fn open(&self, places: &[KeyPlace]) -> Result<Vec<Option<SecretKey>>, KeyError>;
    /// Removes data keys and at once gives their buckets new keys.
    async fn shred(&self, places: &[KeyPlace]) -> Result<(), KeyError>;
    /// The raw and wrapped octets of data keys and their buckets' wrapped keys, for the scan.
    async fn traces(&self, places: &[KeyPlace]) -> Result<KeyTraces, KeyError>;
    /// Places of keys by name.
    async fn place_of(&self, name: &str) -> Result<Option<KeyPlace>, KeyError>;
    /// Re-wraps every bucket under a new epoch key.
    async fn turn(&self, next: &EpochKey) -> Result<Turn, KeyError>;
    /// The epoch whose key wraps the buckets.
    async fn epoch(&self) -> Result<u64, KeyError>;
    /// Rises with every change of the keystore; records remember the newest they rest on.
    async fn mark(&self) -> Result<u64, KeyError>;
    /// Writes a copy of the keystore to a file and checks that it opens.
    async fn copy_to(&self, path: &std::path::Path) -> Result<(), KeyError>;
    /// Leaves no freed octets and no write-ahead log behind.
    async fn clean(&self) -> Result<(), KeyError>;
    /// Named keys with a prefix, for sweeping orphans.
    async fn names(&self, prefix: &str) -> Result<Vec<String>, KeyError>;
    /// The unnamed keys of a bucket that were made before this keystore was opened, so that no
    /// write under way can still come to rest on them; `None` beyond the last such bucket.
    async fn settled(&self, bucket: u32) -> Result<Option<Vec<KeyPlace>>, KeyError>;
    /// Checks the keystore's own structure and that every bucket opens; gives what is wrong.
    async fn check(&self) -> Result<Vec<String>, KeyError>;
}

/// What is said of a keystore that is not of the force that asks.
pub(crate) fn anothers_keystore(keystore: &str, others: &[String], force: model::ForceId) -> String {
    let whose = if others.is_empty() {
        "holds no force's keys".to_owned()
    } else {
        format!("belongs to the force {}", others.join(", "))
    };
    format!(
        "the keystore {keystore} {whose}, not to the force {force}: put this force's own keystore in place. Nothing was changed"
    )
}

/// The associated data of a wrapped data key.
#[must_use]
pub fn key_identity(place: KeyPlace) -> [u8; 8] {
    let mut identity = [0u8; 8];
    identity[..4].copy_from_slice(&place.bucket.to_be_bytes());
    identity[4..].copy_from_slice(&place.slot.to_be_bytes());
    identity
}

/// The associated data of a wrapped bucket key.
#[must_use]
pub fn bucket_identity(bucket: u32, epoch: u64) -> [u8; 12] {
    let mut identity = [0u8; 12];
    identity[..4].copy_from_slice(&bucket.to_be_bytes());
    identity[4..].copy_from_slice(&epoch.to_be_bytes());
    identity
}

/// Wraps a key under another.
///
/// # Errors
/// Where the system has no randomness.
pub fn wrap(under: &SecretKey, identity: &[u8], key: &SecretKey) -> Result<Vec<u8>, KeyError> {
    under.seal(identity, key.expose()).map_err(|error| KeyError(error.to_string()))
}

/// Unwraps a key.
///
/// # Errors
/// Where the wrapping key is another or the octets were altered.
pub fn unwrap(under: &SecretKey, identity: &[u8], wrapped: &[u8]) -> Result<SecretKey, KeyError> {
    let octets = under.open(identity, wrapped).map_err(|_| {
        KeyError(
            "a key does not open: the provider's epoch key is another's, or the keystore was altered. \
             Put the provider's file that belongs to this keystore in place"
                .to_owned(),
        )
    })?;
    let octets: [u8; 32] =
        octets.try_into().map_err(|_| KeyError("a key has the wrong length".to_owned()))?;
    Ok(SecretKey::from_bytes(octets))
}
