//! The seal of one leaf's payload (docs/adr/0012): under its bundle's key and a random nonce. A place is
//! no nonce here: after a restore or a promotion it is given again, to another text.

use crate::core::bundle_key_name;
use crate::error::LedgerError;
use crate::integrate::BUNDLE;
use sealing::{SealError, SecretKey};

/// What a seal is bound to: the bundle and the leaf.
fn identity(leaf: u64) -> String {
    format!("{}/leaf/{leaf}", bundle_key_name(leaf / BUNDLE))
}

/// Seals the opening of a leaf under its bundle's key.
pub(crate) fn seal(key: &SecretKey, leaf: u64, opening: &[u8]) -> Result<Vec<u8>, LedgerError> {
    let sealed = key.seal(identity(leaf).as_bytes(), opening);
    sealed.map_err(|source| LedgerError::Seal { what: format!("leaf {leaf}"), source })
}

/// Opens the opening of a leaf. What earlier releases sealed has the leaf itself as its nonce; such
/// seals are read and never made.
pub(crate) fn open(key: &SecretKey, leaf: u64, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    key.open(identity(leaf).as_bytes(), sealed)
        .or_else(|_| key.open_at(leaf, bundle_key_name(leaf / BUNDLE).as_bytes(), sealed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_that_is_sealed_twice_has_two_nonces_and_opens_at_its_own_place_only() {
        let key = SecretKey::generate().unwrap();
        let (first, second) = (seal(&key, 7, b"lost").unwrap(), seal(&key, 7, b"instead").unwrap());
        assert_ne!(first[..12], second[..12]);
        assert_eq!(open(&key, 7, &first).unwrap(), b"lost");
        assert_eq!(open(&key, 7, &second).unwrap(), b"instead");
        assert_eq!(open(&key, 8, &first), Err(SealError::DoesNotOpen));
        assert_eq!(open(&key, 7 + BUNDLE, &first), Err(SealError::DoesNotOpen));
    }

    #[test]
    fn what_an_earlier_release_sealed_still_opens() {
        let key = SecretKey::generate().unwrap();
        let earlier = key.seal_at(BUNDLE + 7, b"ledger/bundle/1", b"entered before").unwrap();
        assert_eq!(open(&key, BUNDLE + 7, &earlier).unwrap(), b"entered before");
        assert_eq!(open(&key, BUNDLE + 8, &earlier), Err(SealError::DoesNotOpen));
    }
}
