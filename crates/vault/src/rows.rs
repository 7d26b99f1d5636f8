//! Rows of the store to values of the vault, whichever backend gave them.

use crate::cells::{Cells, Reading};
use crate::keys::{BUCKET_KEYS, KeyPlace};
use crate::sign_in::{PasswordRow, SessionRow};
use crate::store::{ItemRow, SeenRow, SourceId};
use crate::version::{Link, VersionRow};
use ledger::store::{FeedItem, Head, PayloadRun, PendingBatch, Touch};
use model::{ActorId, RecordId, VersionId, VersionRef};
use std::collections::HashMap;
use std::hash::Hash;
use std::num::TryFromIntError;

/// A place as one number.
pub(crate) fn place_number(place: KeyPlace) -> i64 {
    i64::from(place.bucket) * i64::from(BUCKET_KEYS) + i64::from(place.slot)
}

/// A number as a place.
pub(crate) fn place_of(number: i64) -> Result<KeyPlace, TryFromIntError> {
    let slots = i64::from(BUCKET_KEYS);
    Ok(KeyPlace {
        bucket: u32::try_from(number.div_euclid(slots))?,
        slot: u32::try_from(number.rem_euclid(slots))?,
    })
}

/// An unsigned number for a column, where all are signed. Leaves and counts stay far below the edge.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read_place(reading: &Reading<'_>, index: usize) -> sqlx::Result<KeyPlace> {
    let number: i64 = reading.column(index, "key_place")?;
    place_of(number).map_err(|_| reading.bad("key_place", "the place is out of range"))
}

fn record(reading: &Reading<'_>, index: usize, column: &'static str) -> sqlx::Result<RecordId> {
    Ok(RecordId::from_octets(reading.octets(index, column)?))
}

/// A version with the reference of its record.
pub(crate) fn version<R: Cells>(row: &R) -> sqlx::Result<VersionRow> {
    let reading = Reading { table: "versions", row, key: 0 };
    let review_due: &str = reading.column(8, "review_due")?;
    let review_due = review_due.parse().map_err(|_| reading.bad("review_due", "it is no date"))?;
    Ok(VersionRow {
        version: VersionRef {
            version: VersionId::from_octets(reading.octets(0, "version_id")?),
            record: record(&reading, 1, "record_id")?,
            kind: reading.number(2, "kind")?,
        },
        reference: reading.number(3, "reference")?,
        ordinal: reading.number(4, "ordinal")?,
        shape: reading.number(5, "shape")?,
        labels: reading.column(6, "labels")?,
        happened: reading.may_lack(7, "happened")?,
        review_due,
        author: ActorId::from_octets(reading.octets(9, "author")?),
        written: reading.column(10, "written")?,
        link: link(&reading)?,
        key: read_place(&reading, 14)?,
        sealed: reading.column(15, "body")?,
    })
}

fn link(reading: &Reading<'_>) -> sqlx::Result<Option<Link>> {
    let Some(link_type) = reading.may_lack(13, "link_type")? else { return Ok(None) };
    let (from, to) = (record(reading, 11, "link_from")?, record(reading, 12, "link_to")?);
    Ok(Some(Link { from, to, link_type }))
}

/// An item: area, name, key_place, sealed.
pub(crate) fn item<R: Cells>(row: &R) -> sqlx::Result<ItemRow> {
    let reading = Reading { table: "items", row, key: 1 };
    Ok(ItemRow {
        area: reading.column(0, "area")?,
        name: reading.column(1, "name")?,
        key: read_place(&reading, 2)?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A head: generation, size, root, last_time, pending_key, checkpoint, checkpoint_size, fence.
pub(crate) fn head<R: Cells>(row: &R) -> sqlx::Result<Head> {
    let reading = Reading { table: "ledger_heads", row, key: 1 };
    Ok(Head {
        generation: reading.number(0, "generation")?,
        size: reading.number(1, "size")?,
        root: reading.octets(2, "root")?,
        last_time: reading.column(3, "last_time")?,
        pending_key: reading.number(4, "pending_key")?,
        checkpoint: reading.column(5, "checkpoint")?,
        checkpoint_size: reading.number(6, "checkpoint_size")?,
        fence: reading.number(7, "fence")?,
    })
}

/// A pending batch: batch, key, count, sealed.
pub(crate) fn batch<R: Cells>(row: &R) -> sqlx::Result<PendingBatch> {
    let reading = Reading { table: "ledger_pending", row, key: 0 };
    Ok(PendingBatch {
        id: uuid::Uuid::from_bytes(reading.octets(0, "batch")?),
        key: reading.number(1, "key")?,
        count: reading.number(2, "count")?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A run of payloads: first, count, commitments, sealed.
pub(crate) fn payloads<R: Cells>(row: &R) -> sqlx::Result<PayloadRun> {
    let reading = Reading { table: "ledger_payloads", row, key: 0 };
    Ok(PayloadRun {
        first: reading.number(0, "first")?,
        count: reading.number(1, "count")?,
        commitments: reading.column(2, "commitments")?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A touch: leaf, operation, actor, record_id, time.
pub(crate) fn touch<R: Cells>(row: &R) -> sqlx::Result<Touch> {
    let reading = Reading { table: "touches", row, key: 0 };
    Ok(Touch {
        leaf: reading.number(0, "leaf")?,
        operation: reading.number(1, "operation")?,
        actor: ActorId::from_octets(reading.octets(2, "actor")?),
        record: record(&reading, 3, "record_id")?,
        time: reading.column(4, "time")?,
    })
}

/// An item of the feed with its place among those of its leaf: leaf, place, record_id, version_id.
pub(crate) fn feed<R: Cells>(row: &R) -> sqlx::Result<(i64, FeedItem)> {
    let reading = Reading { table: "feed", row, key: 0 };
    let item = FeedItem {
        leaf: reading.number(0, "leaf")?,
        record: record(&reading, 2, "record_id")?,
        version: VersionId::from_octets(reading.octets(3, "version_id")?),
    };
    Ok((reading.column(1, "place")?, item))
}

/// The id in the first column.
pub(crate) fn record_id<R: Cells>(table: &'static str, row: &R) -> sqlx::Result<RecordId> {
    record(&Reading { table, row, key: 0 }, 0, "record_id")
}

/// The place in the first column.
pub(crate) fn first_place<R: Cells>(table: &'static str, row: &R) -> sqlx::Result<KeyPlace> {
    read_place(&Reading { table, row, key: 0 }, 0)
}

/// A name and a value: name, value.
pub(crate) fn setting<R: Cells>(row: &R) -> sqlx::Result<(String, String)> {
    let reading = Reading { table: "settings", row, key: 0 };
    Ok((reading.column(0, "name")?, reading.column(1, "value")?))
}

/// What is known of a content: content, held, run, seen.
pub(crate) fn seen<R: Cells>(row: &R) -> sqlx::Result<SeenRow> {
    let reading = Reading { table: "intake_rows", row, key: 0 };
    Ok(SeenRow {
        content: reading.octets(0, "content")?,
        held: reading.number(1, "held")?,
        run: reading.column(2, "run")?,
        seen: reading.number(3, "seen")?,
    })
}

/// An id of a source: source_id, record_id, which is missing where the record was erased.
pub(crate) fn source_id<R: Cells>(row: &R) -> sqlx::Result<SourceId> {
    let reading = Reading { table: "intake_ids", row, key: 0 };
    let record: Option<Vec<u8>> = reading.may_lack(1, "record_id")?;
    let record = record.map(|_| reading.octets(1, "record_id")).transpose()?;
    Ok(SourceId { id: reading.octets(0, "source_id")?, record: record.map(RecordId::from_octets) })
}

/// A password: account, hash, set_at, must_change, failures, locked_until.
pub(crate) fn password<R: Cells>(row: &R) -> sqlx::Result<PasswordRow> {
    let reading = Reading { table: "passwords", row, key: 0 };
    Ok(PasswordRow {
        account: ActorId::from_octets(reading.octets(0, "account")?),
        hash: reading.column(1, "hash")?,
        set_at: reading.column(2, "set_at")?,
        must_change: reading.column::<i64>(3, "must_change")? != 0,
        failures: reading.number(4, "failures")?,
        locked_until: reading.column(5, "locked_until")?,
    })
}

/// A session: digest, account, began, last_seen, ends, stepped_up_until, strength, device.
pub(crate) fn session<R: Cells>(row: &R) -> sqlx::Result<SessionRow> {
    let reading = Reading { table: "sessions", row, key: 0 };
    Ok(SessionRow {
        digest: reading.octets(0, "digest")?,
        account: ActorId::from_octets(reading.octets(1, "account")?),
        began: reading.column(2, "began")?,
        last_seen: reading.column(3, "last_seen")?,
        ends: reading.column(4, "ends")?,
        stepped_up_until: reading.column(5, "stepped_up_until")?,
        strength: reading.number(6, "strength")?,
        device: reading.column(7, "device")?,
    })
}

/// Rows in the order in which they were asked for.
pub(crate) fn in_order<K: Hash + Eq>(
    ids: &[K],
    found: Vec<VersionRow>,
    id: impl Fn(&VersionRow) -> K,
) -> Vec<VersionRow> {
    if ids.len() < 2 {
        return found;
    }
    let mut by_id: HashMap<K, VersionRow> = found.into_iter().map(|row| (id(&row), row)).collect();
    let mut ordered = Vec::with_capacity(by_id.len());
    for wanted in ids {
        if let Some(row) = by_id.remove(wanted) {
            ordered.push(row);
        }
    }
    ordered
}

/// Items of the feed with their places among those of their leaf.
pub(crate) fn with_places(feed: Vec<FeedItem>) -> Vec<(i64, FeedItem)> {
    let mut last = None;
    let mut place = 0;
    let mut placed = Vec::with_capacity(feed.len());
    for item in feed {
        place = if last == Some(item.leaf) { place + 1 } else { 0 };
        last = Some(item.leaf);
        placed.push((place, item));
    }
    placed
}
