//! Origins, verifier keys and signed checkpoints (C2SP signed-note and tlog-checkpoint).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use signed_note::{Note, StandardVerifier, VerifierList, is_key_name_valid, key_id};
use std::fmt;
use tlog_tiles::{Checkpoint, Hash};

/// The name of one generation of a log: `<base>/g<N>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    base: String,
    generation: u64,
}

impl Origin {
    /// Reads an origin; none where it is not of the form `<base>/g<N>` with `N` from 1.
    pub fn parse(text: &str) -> Option<Self> {
        let (base, number) = text.rsplit_once("/g")?;
        let generation = canonical_number(number).filter(|generation| *generation > 0)?;
        let usable = is_key_name_valid(base) && !base.chars().any(char::is_control);
        usable.then(|| Self { base: base.to_owned(), generation })
    }

    /// The name of the force's log, the same in all its generations.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The generation, counted from 1.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/g{}", self.base, self.generation)
    }
}

/// A number in decimal as it is always written: no sign and no leading nought.
pub(crate) fn canonical_number(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

/// The public key of a log, apart from the names under which it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    octets: Vec<u8>,
}

impl PublicKey {
    /// Reads a key in base64: the algorithm's octet and the key's 32, of Ed25519.
    pub fn parse(text: &str) -> Option<Self> {
        let octets = STANDARD.decode(text).ok()?;
        let key = Self { octets };
        key.verifier("any").map(|_| key)
    }

    fn verifier(&self, name: &str) -> Option<StandardVerifier> {
        StandardVerifier::new(&format!("{name}+{:08x}+{self}", key_id(name, &self.octets))).ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&STANDARD.encode(&self.octets))
    }
}

/// A verifier key as C2SP signed-note writes it: name, id and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    /// The generation for which the key was given.
    pub origin: Origin,
    /// The key itself, the same for all generations.
    pub key: PublicKey,
}

impl VerifierKey {
    /// Reads a verifier key, which must be written in exactly one way.
    ///
    /// # Errors
    ///
    /// Says what is wrong, in words that end a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        StandardVerifier::new(text).map_err(|error| error.to_string())?;
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("it has not three parts".to_owned());
        };
        let origin = Origin::parse(name).ok_or("its name is not of the form `<base>/g<N>`")?;
        let key = PublicKey::parse(key).ok_or("its last part is no Ed25519 key")?;
        if id != format!("{:08x}", key_id(name, &key.octets)) {
            return Err("its id is not written in eight small hexadecimal digits".to_owned());
        }
        Ok(Self { origin, key })
    }
}

/// A checkpoint with its signatures, as it was received.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedCheckpoint {
    origin: Origin,
    size: u64,
    root: Hash,
    note: String,
}

impl SignedCheckpoint {
    /// Reads a signed note whose text is a checkpoint. The signature is not yet checked.
    ///
    /// # Errors
    ///
    /// Says what is wrong, in words that end a sentence.
    pub fn parse(octets: &[u8]) -> Result<Self, String> {
        let note = Note::from_bytes(octets).map_err(|_| "it is not a signed note")?;
        let checkpoint =
            Checkpoint::from_bytes(note.text()).map_err(|_| "its text is not that of a checkpoint")?;
        let origin =
            Origin::parse(checkpoint.origin()).ok_or("its origin is not of the form `<base>/g<N>`")?;
        let text = String::from_utf8(octets.to_vec()).map_err(|_| "it is not UTF-8")?;
        Ok(Self { origin, size: checkpoint.size(), root: *checkpoint.hash(), note: text })
    }

    /// Whether the key signed this checkpoint under the name of its own origin.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let (Ok(note), Some(verifier)) =
            (Note::from_bytes(self.note.as_bytes()), key.verifier(&self.origin.to_string()))
        else {
            return false;
        };
        note.verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok()
    }

    /// The origin.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> [u8; 32] {
        self.root.0
    }

    /// The whole signed note.
    pub fn note(&self) -> &str {
        &self.note
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_origin_has_a_base_and_a_generation_from_one() {
        let origin = Origin::parse("log.example/a/g12").unwrap();
        assert_eq!((origin.base(), origin.generation()), ("log.example/a", 12));
        for wrong in ["log", "log/g0", "log/g01", "log/g", "log/g+1", "/g1", "a b/g1", "log/g1/", "a+b/g1"] {
            assert_eq!(Origin::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_verifier_key_is_written_in_one_way_only() {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        let octets = [&[1], key.to_bytes().as_slice()].concat();
        let id = format!("{:08x}", key_id("log/g3", &octets));
        let text = format!("log/g3+{id}+{}", STANDARD.encode(&octets));
        assert_eq!(VerifierKey::parse(&text).unwrap().origin.generation(), 3);
        assert!(
            VerifierKey::parse(&text.replace(&id, &id.to_uppercase())).is_err() || id == id.to_uppercase()
        );
        assert!(VerifierKey::parse(&text.replace("g3", "g4")).is_err());
        assert!(VerifierKey::parse("log/g3").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            octets in proptest::collection::vec(any::<u8>(), 0..300),
            text in ".{0,80}",
        ) {
            let _ = SignedCheckpoint::parse(&octets);
            let _ = VerifierKey::parse(&text);
            let _ = PublicKey::parse(&text);
            let _ = Origin::parse(&text);
        }
    }
}
