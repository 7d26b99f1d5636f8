//! Authenticated encryption (AES-256-GCM, NIST SP 800-38D) under keys that wipe themselves.
//!
//! Two ways to seal, and no third:
//! * [`SecretKey::seal`] draws a random 96-bit nonce and puts it in front. For keys that seal
//!   several things (at most 2^32, the limit of SP 800-38D §8.3 for random nonces).
//! * [`SecretKey::seal_at`] uses a *place* (a number that never repeats under this key) as the
//!   nonce and stores nothing extra. For the chunks of a file, and keys that seal one thing (place 0).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Octets that sealing at a place adds to the plain text (the authentication tag).
pub const TAG_LEN: usize = 16;
/// Octets that sealing with a random nonce adds (nonce and tag).
pub const OVERHEAD: usize = 12 + TAG_LEN;

/// Why a seal could not be made or opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealError {
    /// The tag does not fit: another key, another identity, or altered octets.
    #[error("the seal does not open: wrong key, wrong identity, or altered bytes")]
    DoesNotOpen,
    /// The sealed text is shorter than its own overhead.
    #[error("the sealed text is cut short")]
    CutShort,
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    NoRandomness,
}

/// A 256-bit key. It is wiped when dropped, cannot be copied by accident, and shows nothing of
/// itself when printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// Draws a new key from the operating system.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`] when the system has none to give.
    pub fn generate() -> Result<Self, SealError> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(|_| SealError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Takes over raw key material, for instance after unwrapping.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw material, for wrapping and for the erasure scan only.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals under a random nonce, which is put in front of the result.
    ///
    /// # Errors
    /// [`SealError::NoRandomness`] when the system has none to give.
    pub fn seal(&self, identity: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0u8; 12];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;
        let sealed = self.encrypt(nonce, identity, plain)?;
        let mut out = Vec::with_capacity(12 + sealed.len());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what [`SecretKey::seal`] made.
    ///
    /// # Errors
    /// [`SealError::CutShort`], or [`SealError::DoesNotOpen`] for any other key, identity or octet.
    pub fn open(&self, identity: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, rest) = sealed.split_first_chunk::<12>().ok_or(SealError::CutShort)?;
        self.decrypt(*nonce, identity, rest)
    }

    /// Seals with `place` as the nonce. A place must never seal two different texts under one key.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`] only for texts beyond the cipher's 64 GiB.
    pub fn seal_at(&self, place: u64, identity: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.encrypt(place_nonce(place), identity, plain)
    }

    /// Opens what [`SecretKey::seal_at`] made at the same place.
    ///
    /// # Errors
    /// [`SealError::DoesNotOpen`] for any other key, place, identity or octet.
    pub fn open_at(&self, place: u64, identity: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.decrypt(place_nonce(place), identity, sealed)
    }

    fn encrypt(&self, nonce: [u8; 12], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, SealError> {
        self.cipher().encrypt(&Nonce::from(nonce), Payload { msg, aad }).map_err(|_| SealError::DoesNotOpen)
    }

    fn decrypt(&self, nonce: [u8; 12], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>, SealError> {
        self.cipher().decrypt(&Nonce::from(nonce), Payload { msg, aad }).map_err(|_| SealError::DoesNotOpen)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(self.0))
    }
}

fn place_nonce(place: u64) -> [u8; 12] {
    let mut nonce = [0u8; 12];
    nonce[4..].copy_from_slice(&place.to_be_bytes());
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_only_with_its_key_identity_and_octets() {
        let key = SecretKey::generate().unwrap();
        let other = SecretKey::generate().unwrap();
        let sealed = key.seal(b"record 1", b"the body").unwrap();
        assert_eq!(key.open(b"record 1", &sealed).unwrap(), b"the body");
        assert_eq!(key.open(b"record 2", &sealed), Err(SealError::DoesNotOpen));
        assert_eq!(other.open(b"record 1", &sealed), Err(SealError::DoesNotOpen));
        let mut altered = sealed.clone();
        altered[20] ^= 1;
        assert_eq!(key.open(b"record 1", &altered), Err(SealError::DoesNotOpen));
        assert_eq!(key.open(b"record 1", &sealed[..5]), Err(SealError::CutShort));
    }

    #[test]
    fn a_place_binds_what_is_sealed_there() {
        let key = SecretKey::generate().unwrap();
        let sealed = key.seal_at(7, b"", b"x").unwrap();
        assert_eq!(sealed.len(), 1 + TAG_LEN);
        assert_eq!(key.open_at(7, b"", &sealed).unwrap(), b"x");
        assert_eq!(key.open_at(8, b"", &sealed), Err(SealError::DoesNotOpen));
    }

    #[test]
    fn a_key_does_not_print_itself() {
        let key = SecretKey::from_bytes([0xAB; 32]);
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }
}
