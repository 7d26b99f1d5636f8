//! Openings: what an entry says, with the salts that tie it to its leaf (format page, sections 2 and 3).

use crate::error::Malformed;
use crate::octets::Octets;
use sha2::{Digest, Sha256};

const SALT_LABEL: &[u8] = b"bluelamp/salt/v1";

/// One field of an opening.
pub(crate) struct Field<'a> {
    /// The tag.
    pub tag: u16,
    /// The value, or none where it was erased.
    pub value: Option<&'a [u8]>,
    hash: [u8; 32],
}

/// A payload opened, or opened in part.
pub(crate) struct Opening<'a> {
    fields: Vec<Field<'a>>,
}

impl<'a> Opening<'a> {
    /// Reads an opening of either form, to its last octet.
    pub fn parse(octets: &'a [u8]) -> Result<Self, Malformed> {
        let mut octets = Octets::new(octets);
        if octets.one("the form of the opening")? != 1 {
            return Err(octets.malformed("the opening does not begin with octet 01"));
        }
        let fields = match octets.one("the form of the opening")? {
            0 => whole(&mut octets)?,
            1 => reduced(&mut octets)?,
            other => return Err(octets.malformed(format!("the opening has the unknown form {other}"))),
        };
        octets.end()?;
        Ok(Self { fields })
    }

    /// The fields, in ascending order of tag.
    pub fn fields(&self) -> &[Field<'a>] {
        &self.fields
    }

    /// The value of an open field.
    pub fn open(&self, tag: u16) -> Option<&'a [u8]> {
        self.find(tag)?.value
    }

    /// Whether the field is there, open or erased.
    pub fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    /// The commitment `C` that the entry must hold.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(self.fields.iter().map(|field| (field.tag, &field.hash)))
    }

    fn find(&self, tag: u16) -> Option<&Field<'a>> {
        let place = self.fields.binary_search_by_key(&tag, |field| field.tag).ok()?;
        self.fields.get(place)
    }
}

/// `H( t1 ‖ h1 ‖ … ‖ tn ‖ hn )`.
pub(crate) fn commitment<'h>(fields: impl Iterator<Item = (u16, &'h [u8; 32])>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for (tag, hash) in fields {
        hasher.update(tag.to_be_bytes());
        hasher.update(hash);
    }
    hasher.finalize().into()
}

/// `H( tag ‖ salt ‖ value )`.
pub(crate) fn field_hash(tag: u16, salt: &[u8], value: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(tag.to_be_bytes());
    hasher.update(salt);
    hasher.update(value);
    hasher.finalize().into()
}

/// Takes the next tag, which must be greater than the one before.
pub(crate) fn rising_tag(octets: &mut Octets<'_>, last: &mut Option<u16>) -> Result<u16, Malformed> {
    let tag = octets.two("the tag of a field")?;
    if last.is_some_and(|last| last >= tag) {
        return Err(octets.malformed(format!("field {tag} does not stand in ascending order")));
    }
    *last = Some(tag);
    Ok(tag)
}

fn derived_salt(seed: &[u8], tag: u16) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(SALT_LABEL);
    hasher.update(seed);
    hasher.update(tag.to_be_bytes());
    hasher.finalize().into()
}

fn whole<'a>(octets: &mut Octets<'a>) -> Result<Vec<Field<'a>>, Malformed> {
    let seed: [u8; 32] = octets.array("the seed")?;
    let count = octets.two("the count of fields")?;
    let mut fields = Vec::new();
    let mut last = None;
    for _ in 0..count {
        let tag = rising_tag(octets, &mut last)?;
        let value = octets.counted("the value of a field")?;
        fields.push(Field {
            tag,
            value: Some(value),
            hash: field_hash(tag, &derived_salt(&seed, tag), value),
        });
    }
    Ok(fields)
}

fn reduced<'a>(octets: &mut Octets<'a>) -> Result<Vec<Field<'a>>, Malformed> {
    let count = octets.two("the count of fields")?;
    let mut fields = Vec::new();
    let mut last = None;
    for _ in 0..count {
        let tag = rising_tag(octets, &mut last)?;
        fields.push(reduced_field(octets, tag)?);
    }
    Ok(fields)
}

fn reduced_field<'a>(octets: &mut Octets<'a>, tag: u16) -> Result<Field<'a>, Malformed> {
    match octets.one("the state of a field")? {
        0 => {
            let salt = octets.take(32, "the salt of a field")?;
            let value = octets.counted("the value of a field")?;
            Ok(Field { tag, value: Some(value), hash: field_hash(tag, salt, value) })
        }
        1 => Ok(Field { tag, value: None, hash: octets.array("the hash of an erased field")? }),
        other => Err(octets.malformed(format!("field {tag} has the unknown state {other}"))),
    }
}
