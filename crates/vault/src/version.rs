//! One version of a record as it stands in a store: plain structure beside a sealed body.

use crate::error::VaultError;
use crate::keys::KeyPlace;
use jiff::civil::Date;
use ledger::Opening;
use ledger::commitment::OpenedField;
use model::body::Slot;
use model::kind::FIRST_PLAIN_COLUMN;
use model::{ActorId, Body, NotHeld, RecordId, VersionRef};

/// A link's plain part, for walking the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// From this record.
    pub from: RecordId,
    /// To this record.
    pub to: RecordId,
    /// Code of the list of link types.
    pub link_type: String,
}

/// One version, sealed.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Which.
    pub version: VersionRef,
    /// Reference number of the record within its kind.
    pub reference: u64,
    /// From 1.
    pub ordinal: u32,
    /// Shape of the kind when it was written.
    pub shape: u16,
    /// Labels, canonical.
    pub labels: String,
    /// When it happened: microseconds since 1970-01-01T00:00:00Z.
    pub happened: Option<i64>,
    /// When the need to keep it is to be reviewed (DPA 2018 s.39(2)).
    pub review_due: Date,
    /// Link, where the record is one.
    pub link: Option<Link>,
    /// Who wrote it.
    pub author: ActorId,
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub written: i64,
    /// Its data key.
    pub key: KeyPlace,
    /// The sealed opening.
    pub sealed: Vec<u8>,
}

impl VersionRow {
    /// The plain columns with their tags (`docs/formats/ledger.md` section 4).
    pub(crate) fn plain_columns(&self) -> Vec<(u16, Vec<u8>)> {
        let mut columns = vec![
            (60_001, self.version.record.octets().to_vec()),
            (60_002, self.version.version.octets().to_vec()),
            (60_003, self.version.kind.to_be_bytes().to_vec()),
            (60_004, self.shape.to_be_bytes().to_vec()),
            (60_005, self.ordinal.to_be_bytes().to_vec()),
            (60_006, self.labels.as_bytes().to_vec()),
            (60_008, self.review_due.to_string().into_bytes()),
            (60_010, self.author.octets().to_vec()),
            (60_011, self.written.to_be_bytes().to_vec()),
            (60_012, self.reference.to_be_bytes().to_vec()),
        ];
        if let Some(happened) = self.happened {
            columns.push((60_007, happened.to_be_bytes().to_vec()));
        }
        if let Some(link) = &self.link {
            let ends = [link.from.octets(), link.to.octets()].concat();
            columns.push((60_009, [ends.as_slice(), link.link_type.as_bytes()].concat()));
        }
        columns.sort_by_key(|(tag, _)| *tag);
        columns
    }

    /// The identity that the seal binds: force excluded, because keys are a force's own.
    pub(crate) fn identity(&self) -> Vec<u8> {
        let mut identity = b"bluelamp/version/v1".to_vec();
        identity.extend(self.version.record.octets());
        identity.extend(self.version.version.octets());
        identity.extend(self.version.kind.to_be_bytes());
        identity.extend(self.shape.to_be_bytes());
        identity
    }
}

/// Body and plain columns as one opening.
pub(crate) fn opening_of(row: &VersionRow, body: &Body) -> Result<Opening, VaultError> {
    let mut fields: Vec<(u16, Vec<u8>)> =
        body.slots().map(|(number, slot)| (number, slot.encode())).collect();
    fields.extend(row.plain_columns());
    Ok(Opening::from_fields(fields)?)
}

/// The body in an opening, erased fields marked as such.
pub(crate) fn body_of(opening: &Opening) -> Result<Body, VaultError> {
    let mut body = Body::default();
    for (tag, field) in opening.fields() {
        if *tag >= FIRST_PLAIN_COLUMN {
            continue;
        }
        let slot = match field {
            OpenedField::Open { value, .. } => Slot::decode(value)?,
            OpenedField::Erased(_) => Slot::NotHeld(NotHeld::Erased),
        };
        body.put(*tag, slot);
    }
    Ok(body)
}

/// Whether the plain columns beside a body are those that were sealed with it.
pub(crate) fn columns_agree(row: &VersionRow, opening: &Opening) -> bool {
    let sealed = opening.fields().iter().filter(|(tag, _)| *tag >= FIRST_PLAIN_COLUMN);
    let sealed: Vec<(u16, &[u8])> =
        sealed.map(|(tag, _)| (*tag, opening.value(*tag).unwrap_or_default())).collect();
    let columns = row.plain_columns();
    let plain: Vec<(u16, &[u8])> = columns.iter().map(|(tag, value)| (*tag, value.as_slice())).collect();
    sealed == plain
}
