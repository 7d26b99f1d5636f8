//! Checkpoints and their signatures (C2SP tlog-checkpoint, signed-note), Ed25519.

use crate::commitment::Hash;
use crate::error::LedgerError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest, Sha256};

/// Signature type octet of Ed25519 in signed-note.
const ED25519: u8 = 1;

/// A checkpoint: what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// `<base>/g<N>`.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Root.
    pub root: Hash,
}

/// The origin of one generation of a log.
#[must_use]
pub fn origin(base: &str, generation: u32) -> String {
    format!("{base}/g{generation}")
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// The generation that the origin names.
    #[must_use]
    pub fn generation(&self) -> Option<u32> {
        self.origin.rsplit_once("/g")?.1.parse().ok()
    }

    /// The generation that the first line of a note names, whoever signed it.
    #[must_use]
    pub fn named_generation(note: &[u8]) -> Option<u32> {
        let origin = std::str::from_utf8(note).ok()?.lines().next()?;
        origin.rsplit_once("/g")?.1.parse().ok()
    }

    /// Signs, giving the whole note.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        let text = self.text();
        let mut signature = key_id(&self.origin, &key.verifying_key()).to_vec();
        signature.extend(key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(signature))
    }

    /// Reads a signed note and checks our own signature on it.
    ///
    /// # Errors
    /// [`LedgerError::BadCheckpoint`] says what is wrong.
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Self, LedgerError> {
        let (text, signatures) =
            note.split_once("\n\n").ok_or(LedgerError::BadCheckpoint("it has no signature"))?;
        let text = format!("{text}\n");
        let checkpoint = Self::parse(&text)?;
        let id = key_id(&checkpoint.origin, key);
        let head = format!("\u{2014} {} ", checkpoint.origin);
        let signed = signatures.lines().filter_map(|line| line.strip_prefix(&head)).any(|line| {
            let Ok(octets) = STANDARD.decode(line) else { return false };
            let Some((found, rest)) = octets.split_first_chunk::<4>() else { return false };
            let Ok(signature) = ed25519_dalek::Signature::from_slice(rest) else { return false };
            *found == id && key.verify(text.as_bytes(), &signature).is_ok()
        });
        if signed { Ok(checkpoint) } else { Err(LedgerError::BadCheckpoint("its signature is not ours")) }
    }

    fn parse(text: &str) -> Result<Self, LedgerError> {
        let bad = LedgerError::BadCheckpoint;
        let mut lines = text.lines();
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(bad("it has no origin"))?;
        let size = lines.next().and_then(|line| line.parse().ok()).ok_or(bad("it has no size"))?;
        let root = lines.next().and_then(|line| STANDARD.decode(line).ok());
        let root = root.and_then(|octets| octets.try_into().ok()).ok_or(bad("it has no root"))?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

/// The verifier key of signed-note, one line without its end.
#[must_use]
pub fn verifier_key(origin: &str, key: &VerifyingKey) -> String {
    let mut octets = vec![ED25519];
    octets.extend(key.as_bytes());
    let id = key_id(origin, key);
    let id = id.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    format!("{origin}+{id}+{}", STANDARD.encode(octets))
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', ED25519]);
    hasher.update(key.as_bytes());
    let hash: Hash = hasher.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_opens_with_its_key_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let other = SigningKey::from_bytes(&[8; 32]);
        let checkpoint = Checkpoint { origin: "force.example/log/g1".into(), size: 5, root: [9; 32] };
        let note = checkpoint.sign(&key);
        assert_eq!(Checkpoint::open(&note, &key.verifying_key()).unwrap(), checkpoint);
        assert!(Checkpoint::open(&note, &other.verifying_key()).is_err());
        let forged = note.replacen("\n5\n", "\n6\n", 1);
        assert!(Checkpoint::open(&forged, &key.verifying_key()).is_err());
    }
}
