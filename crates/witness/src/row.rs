//! One row of `versions/` (format page, sections 4 and 5).

use crate::error::Malformed;
use crate::octets::Octets;
use crate::opening::{commitment, field_hash, rising_tag};

/// Tags from here on are plain columns.
const FIRST_COLUMN: u16 = 60_000;
/// The plain column of the record id.
pub(crate) const RECORD_COLUMN: u16 = 60_001;
/// The plain column of the version id.
pub(crate) const VERSION_COLUMN: u16 = 60_002;
/// The plain column of the kind.
pub(crate) const KIND_COLUMN: u16 = 60_003;

/// How a field of a version is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form<'a> {
    /// The value with its salt.
    Open(&'a [u8]),
    /// Its hash only: the field is held, but not shown.
    Closed,
    /// Its hash only: the field is erased.
    Erased,
}

/// One field of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct VersionField<'a> {
    /// The field number, or the tag of the plain column.
    pub tag: u16,
    /// How it is exported.
    pub form: Form<'a>,
    hash: [u8; 32],
}

impl VersionField<'_> {
    /// Whether this is a plain column.
    pub fn is_column(&self) -> bool {
        self.tag >= FIRST_COLUMN
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    /// The version.
    pub version: [u8; 16],
    /// The record.
    pub record: [u8; 16],
    /// The kind.
    pub kind: u16,
    /// Its fields; none where the stored body does not open under its key.
    pub fields: Option<Vec<VersionField<'a>>>,
}

impl<'a> Row<'a> {
    /// Reads a row to its last octet.
    pub fn parse(octets: &'a [u8]) -> Result<Self, Malformed> {
        let mut octets = Octets::new(octets);
        let version = octets.array("the version id")?;
        let record = octets.array("the record id")?;
        let kind = octets.two("the kind")?;
        let fields = match octets.one("the state")? {
            0 => Some(fields(&mut octets)?),
            2 => None,
            other => return Err(octets.malformed(format!("the row has the unknown state {other}"))),
        };
        octets.end()?;
        Ok(Self { version, record, kind, fields })
    }

    /// The version commitment that these fields give; none where the version is unreadable.
    pub fn commitment(&self) -> Option<[u8; 32]> {
        self.fields.as_ref().map(|fields| commitment(fields.iter().map(|field| (field.tag, &field.hash))))
    }

    /// The value of an open plain column.
    pub fn column(&self, tag: u16) -> Option<&'a [u8]> {
        let field = self.fields.as_ref()?.iter().find(|field| field.tag == tag)?;
        match field.form {
            Form::Open(value) => Some(value),
            Form::Closed | Form::Erased => None,
        }
    }
}

fn fields<'a>(octets: &mut Octets<'a>) -> Result<Vec<VersionField<'a>>, Malformed> {
    let count = octets.two("the count of fields")?;
    let mut fields = Vec::new();
    let mut last = None;
    for _ in 0..count {
        let tag = rising_tag(octets, &mut last)?;
        fields.push(field(octets, tag)?);
    }
    Ok(fields)
}

fn field<'a>(octets: &mut Octets<'a>, tag: u16) -> Result<VersionField<'a>, Malformed> {
    match octets.one("the form of a field")? {
        0 => {
            let salt = octets.take(32, "the salt of a field")?;
            let value = octets.counted("the value of a field")?;
            Ok(VersionField { tag, form: Form::Open(value), hash: field_hash(tag, salt, value) })
        }
        1 => Ok(VersionField { tag, form: Form::Closed, hash: octets.array("the hash of a closed field")? }),
        2 => Ok(VersionField { tag, form: Form::Erased, hash: octets.array("the hash of an erased field")? }),
        other => Err(octets.malformed(format!("field {tag} has the unknown form {other}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::Opening;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_octets_make_it_panic(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Row::parse(&octets);
            let _ = Opening::parse(&octets);
            let mut led = vec![1, 0];
            led.extend(&octets);
            let _ = Opening::parse(&led);
        }
    }
}
