//! What the log needs of a keeper of keys. The vault's keystore provides it.

use async_trait::async_trait;
use sealing::SecretKey;

/// Why a key could not be made, found or destroyed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Keys by name. A key is durable before `create` returns; after `destroy` returns it is gone
/// from the keystore for good.
#[async_trait]
pub trait LogKeys: Send + Sync + 'static {
    /// Makes a new key under a name that has none.
    async fn create(&self, name: &str) -> Result<SecretKey, KeyError>;
    /// The key under a name.
    async fn get(&self, name: &str) -> Result<Option<SecretKey>, KeyError>;
    /// Gives the key under `from` the name `to`, destroying the key that had it, in one
    /// transaction.
    async fn rename(&self, from: &str, to: &str) -> Result<(), KeyError>;
    /// Destroys the key under a name.
    async fn destroy(&self, name: &str) -> Result<(), KeyError>;
}

/// A seal that does not open, as a fault of keys.
#[must_use]
pub fn seal_fault(error: sealing::SealError) -> KeyError {
    KeyError(error.to_string())
}
