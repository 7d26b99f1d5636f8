//! The identity of a record that is made once, however often the request for it is repeated. It
//! follows from the key, the person and the record itself, so that the store's own rule, one first
//! version for a record, lets one request win, on every node; nothing more has to be kept or erased.
//! Nobody can aim at a record of somebody else: the person stands in the hash.

use crate::error::DeskError;
use crate::session::Session;
use model::derived::json::to_json;
use model::{Body, Kind, Labels, RecordId};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// How far a key's time may lie from this machine's clock, in milliseconds: a day.
const FAR: u64 = 86_400_000;

/// The identity of the record that this person makes under a key at the moment `now`, microseconds
/// since 1970-01-01T00:00:00Z.
///
/// # Errors
/// A key that is not a UUIDv7 of about now: identities sort by time.
pub(super) fn record_id(
    key: Uuid,
    who: &Session,
    kind: &Kind,
    body: &Body,
    labels: &Labels,
    now: i64,
) -> Result<RecordId, DeskError> {
    let millis =
        millis_of(key).filter(|millis| millis.abs_diff(u64::try_from(now / 1000).unwrap_or(0)) <= FAR);
    let millis = millis.ok_or_else(|| {
        DeskError::unusable(
            "Idempotency-Key: it must be a UUID of version 7 made within the last 24 hours; make a new one for \
             each record, and send it again only with the same record",
        )
    })?;
    let parts =
        [key.to_string(), who.actor().to_string(), kind.name.to_owned(), to_json(kind, body).to_string()];
    let mut hash = Sha256::new();
    for part in parts.iter().chain([&labels.canonical()]) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut random = [0u8; 10];
    random.copy_from_slice(&digest[..10]);
    Ok(RecordId(Builder::from_unix_timestamp_millis(millis, &random).into_uuid()))
}

fn millis_of(key: Uuid) -> Option<u64> {
    let (seconds, nanos) = (key.get_version_num() == 7).then(|| key.get_timestamp())??.to_unix();
    Some(seconds * 1000 + u64::from(nanos / 1_000_000))
}
