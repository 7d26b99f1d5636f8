//! Salted per-field commitments and their openings: `docs/formats/ledger.md` sections 2 and 3.
//! Entries of the log and versions of records are committed in the same way.

use crate::error::LedgerError;
use sha2::{Digest, Sha256};

/// SHA-256, everywhere in the log.
pub type Hash = [u8; 32];

/// One field of an opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedField {
    /// Salt and value are known.
    Open {
        /// The salt.
        salt: [u8; 32],
        /// The value.
        value: Vec<u8>,
    },
    /// Erased; only its hash is left.
    Erased(Hash),
}

/// A payload or body with the salts that prove it, ascending by tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    seed: Option<[u8; 32]>,
    fields: Vec<(u16, OpenedField)>,
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opening({} fields)", self.fields.len())
    }
}

impl Opening {
    /// Opens nothing yet: salts come from a fresh random seed.
    ///
    /// # Errors
    /// Where the operating system has no randomness.
    pub fn from_fields(mut values: Vec<(u16, Vec<u8>)>) -> Result<Self, LedgerError> {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|_| LedgerError::NoRandomness)?;
        values.sort_by_key(|(tag, _)| *tag);
        let fields = values
            .into_iter()
            .map(|(tag, value)| (tag, OpenedField::Open { salt: salt(&seed, tag), value }))
            .collect();
        Ok(Self { seed: Some(seed), fields })
    }

    /// All fields, ascending by tag.
    #[must_use]
    pub fn fields(&self) -> &[(u16, OpenedField)] {
        &self.fields
    }

    /// The value of an open field.
    #[must_use]
    pub fn value(&self, tag: u16) -> Option<&[u8]> {
        self.fields.iter().find_map(|(t, field)| match field {
            OpenedField::Open { value, .. } if *t == tag => Some(value.as_slice()),
            _ => None,
        })
    }

    /// Whether a field was erased.
    #[must_use]
    pub fn is_erased(&self, tag: u16) -> bool {
        self.fields.iter().any(|(t, field)| *t == tag && matches!(field, OpenedField::Erased(_)))
    }

    /// The commitment over all fields.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        let mut hasher = Sha256::new();
        for (tag, field) in &self.fields {
            // The tag beside its hash: a closed field cannot be passed off as another.
            hasher.update(tag.to_be_bytes());
            hasher.update(field_hash(*tag, field));
        }
        hasher.finalize().into()
    }

    /// The same opening without one field's salt and value. The seed goes too, so that the erased
    /// value cannot be guessed from its hash.
    #[must_use]
    pub fn without(&self, tag: u16) -> Self {
        let fields = self.fields.iter().map(|(t, field)| {
            let kept = if *t == tag { OpenedField::Erased(field_hash(*t, field)) } else { field.clone() };
            (*t, kept)
        });
        Self { seed: None, fields: fields.collect() }
    }

    /// The octets of this opening.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.fields.len() * 40);
        self.encode_to(&mut out);
        out
    }

    /// Appends the octets of this opening.
    pub fn encode_to(&self, out: &mut Vec<u8>) {
        out.push(1);
        out.push(u8::from(self.seed.is_none()));
        if let Some(seed) = &self.seed {
            out.extend_from_slice(seed);
        }
        out.extend((self.fields.len() as u16).to_be_bytes());
        for (tag, field) in &self.fields {
            out.extend(tag.to_be_bytes());
            encode_field(out, field, self.seed.is_none());
        }
    }

    /// Reads octets back.
    ///
    /// # Errors
    /// [`LedgerError::Malformed`] for octets that no release of ours wrote.
    pub fn decode(octets: &[u8]) -> Result<Self, LedgerError> {
        let mut fields = Vec::new();
        let seed = each_field(octets, |tag, part| {
            fields.push((
                tag,
                match part {
                    Part::Open { salt, value } => OpenedField::Open { salt, value: value.to_vec() },
                    Part::Erased(hash) => OpenedField::Erased(hash),
                },
            ));
        })?;
        Ok(Self { seed, fields })
    }
}

/// A payload that is about to be entered. Its salts follow from its seed, and are made only where
/// somebody needs them.
#[derive(Clone)]
pub struct Payload {
    seed: [u8; 32],
    values: Vec<(u16, Vec<u8>)>,
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Payload({} fields)", self.values.len())
    }
}

impl Payload {
    /// Values by tag, under a fresh random seed.
    ///
    /// # Errors
    /// Where the operating system has no randomness.
    pub fn new(mut values: Vec<(u16, Vec<u8>)>) -> Result<Self, LedgerError> {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|_| LedgerError::NoRandomness)?;
        values.sort_by_key(|(tag, _)| *tag);
        Ok(Self { seed, values })
    }

    /// The octets of the opening that this becomes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let held: usize = self.values.iter().map(|(_, value)| value.len() + 6).sum();
        let mut out = Vec::with_capacity(36 + held);
        out.extend([1, 0]);
        out.extend_from_slice(&self.seed);
        out.extend((self.values.len() as u16).to_be_bytes());
        for (tag, value) in &self.values {
            out.extend(tag.to_be_bytes());
            out.extend((value.len() as u32).to_be_bytes());
            out.extend_from_slice(value);
        }
        out
    }
}

/// An opening read where it lies: the values of its open fields, ascending by tag, and its commitment.
pub(crate) struct OpeningView<'a> {
    values: Vec<(u16, &'a [u8])>,
    /// The commitment over all fields.
    pub commitment: Hash,
}

impl<'a> OpeningView<'a> {
    /// Reads octets.
    pub fn read(octets: &'a [u8]) -> Result<Self, LedgerError> {
        let mut values = Vec::with_capacity(16);
        let mut hasher = Sha256::new();
        each_field(octets, |tag, part| {
            hasher.update(tag.to_be_bytes());
            hasher.update(match part {
                Part::Open { salt, value } => {
                    values.push((tag, value));
                    open_hash(tag, &salt, value)
                }
                Part::Erased(hash) => hash,
            });
        })?;
        Ok(Self { values, commitment: hasher.finalize().into() })
    }

    /// The value of an open field.
    pub fn value(&self, tag: u16) -> Option<&'a [u8]> {
        self.values.iter().find(|(held, _)| *held == tag).map(|(_, value)| *value)
    }
}

/// One field where it lies.
enum Part<'a> {
    Open { salt: [u8; 32], value: &'a [u8] },
    Erased(Hash),
}

/// Reads the fields of an opening in their order; gives its seed, where it still has one.
fn each_field<'a>(
    octets: &'a [u8],
    mut visit: impl FnMut(u16, Part<'a>),
) -> Result<Option<[u8; 32]>, LedgerError> {
    let mut reader = Reader(octets);
    let [version, form] = reader.take::<2>()?;
    if version != 1 || form > 1 {
        return Err(LedgerError::Malformed("an opening of an unknown form"));
    }
    let seed = if form == 0 { Some(reader.take::<32>()?) } else { None };
    let mut last = None;
    for _ in 0..reader.number16()? {
        let tag = reader.number16()?;
        if last.is_some_and(|last| last >= tag) {
            return Err(LedgerError::Malformed("an opening whose tags do not rise"));
        }
        last = Some(tag);
        visit(tag, read_part(&mut reader, seed.as_ref(), tag)?);
    }
    reader.end()?;
    Ok(seed)
}

fn encode_field(out: &mut Vec<u8>, field: &OpenedField, explicit: bool) {
    match field {
        OpenedField::Open { salt, value } => {
            if explicit {
                out.push(0);
                out.extend_from_slice(salt);
            }
            out.extend((value.len() as u32).to_be_bytes());
            out.extend_from_slice(value);
        }
        OpenedField::Erased(hash) => {
            out.push(1);
            out.extend_from_slice(hash);
        }
    }
}

fn read_part<'a>(
    reader: &mut Reader<'a>,
    seed: Option<&[u8; 32]>,
    tag: u16,
) -> Result<Part<'a>, LedgerError> {
    let salt = match seed {
        Some(seed) => salt(seed, tag),
        None => match reader.take::<1>()? {
            [0] => reader.take::<32>()?,
            [1] => return Ok(Part::Erased(reader.take::<32>()?)),
            _ => return Err(LedgerError::Malformed("a field of an unknown state")),
        },
    };
    let length = reader.number32()? as usize;
    Ok(Part::Open { salt, value: reader.slice(length)? })
}

/// The hash of one field.
#[must_use]
pub fn field_hash(tag: u16, field: &OpenedField) -> Hash {
    match field {
        OpenedField::Erased(hash) => *hash,
        OpenedField::Open { salt, value } => open_hash(tag, salt, value),
    }
}

fn open_hash(tag: u16, salt: &[u8; 32], value: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(tag.to_be_bytes());
    hasher.update(salt);
    hasher.update(value);
    hasher.finalize().into()
}

fn salt(seed: &[u8; 32], tag: u16) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(b"bluelamp/salt/v1");
    hasher.update(seed);
    hasher.update(tag.to_be_bytes());
    hasher.finalize().into()
}

/// The 33 octets that stand in the log for a commitment.
#[must_use]
pub fn entry_octets(commitment: &Hash) -> [u8; 33] {
    let mut octets = [1u8; 33];
    octets[1..].copy_from_slice(commitment);
    octets
}

/// Reads big-endian numbers and runs of octets, and never past the end.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N], LedgerError> {
        let (head, rest) =
            self.0.split_first_chunk::<N>().ok_or(LedgerError::Malformed("octets are missing"))?;
        self.0 = rest;
        Ok(*head)
    }

    pub fn slice(&mut self, length: usize) -> Result<&'a [u8], LedgerError> {
        let (head, rest) =
            self.0.split_at_checked(length).ok_or(LedgerError::Malformed("octets are missing"))?;
        self.0 = rest;
        Ok(head)
    }

    pub fn number16(&mut self) -> Result<u16, LedgerError> {
        self.take().map(u16::from_be_bytes)
    }

    pub fn number32(&mut self) -> Result<u32, LedgerError> {
        self.take().map(u32::from_be_bytes)
    }

    pub fn end(&self) -> Result<(), LedgerError> {
        match self.0 {
            [] => Ok(()),
            _ => Err(LedgerError::Malformed("octets are left over")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_opening_reads_back_and_keeps_its_commitment(
            values in proptest::collection::btree_map(1u16..500, proptest::collection::vec(any::<u8>(), 0..80), 1..12),
        ) {
            let tags: Vec<u16> = values.keys().copied().collect();
            let opening = Opening::from_fields(values.into_iter().collect()).unwrap();
            let back = Opening::decode(&opening.encode()).unwrap();
            prop_assert_eq!(&back, &opening);
            let reduced = opening.without(tags[0]);
            prop_assert_eq!(reduced.commitment(), opening.commitment());
            prop_assert!(reduced.is_erased(tags[0]));
            let octets = reduced.encode();
            let again = Opening::decode(&octets).unwrap();
            prop_assert_eq!(again.commitment(), opening.commitment());
            let view = OpeningView::read(&octets).unwrap();
            prop_assert_eq!(view.commitment, opening.commitment());
            for tag in &tags {
                prop_assert_eq!(view.value(*tag), again.value(*tag));
            }
        }

        #[test]
        fn a_payload_is_read_as_the_opening_that_it_becomes(
            values in proptest::collection::btree_map(1u16..500, proptest::collection::vec(any::<u8>(), 0..80), 1..12),
        ) {
            let payload = Payload::new(values.clone().into_iter().collect()).unwrap();
            let opening = Opening::decode(&payload.encode()).unwrap();
            prop_assert_eq!(opening.encode(), payload.encode());
            prop_assert_eq!(OpeningView::read(&payload.encode()).unwrap().commitment, opening.commitment());
            for (tag, value) in &values {
                prop_assert_eq!(opening.value(*tag), Some(value.as_slice()));
            }
        }

        #[test]
        fn random_octets_never_panic(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
            let whole = Opening::decode(&octets).is_ok();
            assert_eq!(OpeningView::read(&octets).is_ok(), whole);
        }
    }

    #[test]
    fn the_seed_does_not_survive_an_erased_field() {
        let opening = Opening::from_fields(vec![(1, b"a".to_vec()), (8, b"secret".to_vec())]).unwrap();
        let Some(seed) = opening.seed else { panic!("a fresh opening has a seed") };
        let octets = opening.without(8).encode();
        assert!(!octets.windows(32).any(|window| window == seed));
        assert!(!octets.windows(6).any(|window| window == b"secret"));
    }
}
