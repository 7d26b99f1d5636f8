//! Rows of the store to values of the vault and back.

use super::fault::Reading;
use super::multi::Query;
use crate::keys::{BUCKET_KEYS, KeyPlace};
use crate::store::ItemRow;
use crate::version::{Link, VersionRow};
use ledger::store::{FeedItem, Head, PayloadRun, PendingBatch, Touch};
use model::{ActorId, ForceId, RecordId, VersionId, VersionRef};
use sqlx::sqlite::SqliteRow;
use std::num::TryFromIntError;

/// A place as one number.
pub(super) fn place_number(place: KeyPlace) -> i64 {
    i64::from(place.bucket) * i64::from(BUCKET_KEYS) + i64::from(place.slot)
}

/// A number as a place.
pub(super) fn place_of(number: i64) -> Result<KeyPlace, TryFromIntError> {
    let slots = i64::from(BUCKET_KEYS);
    Ok(KeyPlace {
        bucket: u32::try_from(number.div_euclid(slots))?,
        slot: u32::try_from(number.rem_euclid(slots))?,
    })
}

/// An unsigned number for a column; SQLite's are signed. Leaves and counts stay far below the edge.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn read_place(reading: &Reading<'_>, index: usize) -> sqlx::Result<KeyPlace> {
    let number: i64 = reading.column(index, "key_place")?;
    place_of(number).map_err(|_| reading.bad("key_place", "the place is out of range"))
}

fn record(reading: &Reading<'_>, index: usize, column: &'static str) -> sqlx::Result<RecordId> {
    Ok(RecordId::from_octets(reading.octets(index, column)?))
}

/// The columns that [`version`] reads, in its order.
pub(super) const VERSION_COLUMNS: &str = "v.version_id, v.record_id, v.kind, r.reference, v.ordinal, v.shape, \
     v.labels, v.happened, v.review_due, v.author, v.written, v.link_from, v.link_to, v.link_type, \
     v.key_place, v.body";

/// A version with the reference of its record.
pub(super) fn version(row: &SqliteRow) -> sqlx::Result<VersionRow> {
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
        happened: reading.column(7, "happened")?,
        review_due,
        author: ActorId::from_octets(reading.octets(9, "author")?),
        written: reading.column(10, "written")?,
        link: link(&reading)?,
        key: read_place(&reading, 14)?,
        sealed: reading.column(15, "body")?,
    })
}

fn link(reading: &Reading<'_>) -> sqlx::Result<Option<Link>> {
    let Some(link_type) = reading.column::<Option<String>>(13, "link_type")? else { return Ok(None) };
    let (from, to) = (record(reading, 11, "link_from")?, record(reading, 12, "link_to")?);
    Ok(Some(Link { from, to, link_type }))
}

/// Binds a row of `versions`.
pub(super) fn bind_version<'q>(query: Query<'q>, force: ForceId, row: &VersionRow) -> Query<'q> {
    let link = row.link.as_ref();
    query
        .bind(force.octets().to_vec())
        .bind(row.version.version.octets().to_vec())
        .bind(row.version.record.octets().to_vec())
        .bind(i64::from(row.ordinal))
        .bind(i64::from(row.version.kind))
        .bind(i64::from(row.shape))
        .bind(row.labels.clone())
        .bind(row.happened)
        .bind(row.review_due.to_string())
        .bind(row.author.octets().to_vec())
        .bind(row.written)
        .bind(link.map(|link| link.from.octets().to_vec()))
        .bind(link.map(|link| link.to.octets().to_vec()))
        .bind(link.map(|link| link.link_type.clone()))
        .bind(place_number(row.key))
        .bind(row.sealed.clone())
}

/// An item: area, name, key_place, sealed.
pub(super) fn item(row: &SqliteRow) -> sqlx::Result<ItemRow> {
    let reading = Reading { table: "items", row, key: 1 };
    Ok(ItemRow {
        area: reading.column(0, "area")?,
        name: reading.column(1, "name")?,
        key: read_place(&reading, 2)?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A head: generation, size, root, last_time, pending_key, checkpoint, checkpoint_size, fence.
pub(super) fn head(row: &SqliteRow) -> sqlx::Result<Head> {
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
pub(super) fn batch(row: &SqliteRow) -> sqlx::Result<PendingBatch> {
    let reading = Reading { table: "ledger_pending", row, key: 0 };
    Ok(PendingBatch {
        id: uuid::Uuid::from_bytes(reading.octets(0, "batch")?),
        key: reading.number(1, "key")?,
        count: reading.number(2, "count")?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A run of payloads: first, count, commitments, sealed.
pub(super) fn payloads(row: &SqliteRow) -> sqlx::Result<PayloadRun> {
    let reading = Reading { table: "ledger_payloads", row, key: 0 };
    Ok(PayloadRun {
        first: reading.number(0, "first")?,
        count: reading.number(1, "count")?,
        commitments: reading.column(2, "commitments")?,
        sealed: reading.column(3, "sealed")?,
    })
}

/// A touch: leaf, operation, actor, record_id, time.
pub(super) fn touch(row: &SqliteRow) -> sqlx::Result<Touch> {
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
pub(super) fn feed(row: &SqliteRow) -> sqlx::Result<(i64, FeedItem)> {
    let reading = Reading { table: "feed", row, key: 0 };
    let item = FeedItem {
        leaf: reading.number(0, "leaf")?,
        record: record(&reading, 2, "record_id")?,
        version: VersionId::from_octets(reading.octets(3, "version_id")?),
    };
    Ok((reading.column(1, "place")?, item))
}

/// The id in the first column.
pub(super) fn record_id(table: &'static str, row: &SqliteRow) -> sqlx::Result<RecordId> {
    record(&Reading { table, row, key: 0 }, 0, "record_id")
}
