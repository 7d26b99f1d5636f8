//! Settings, sealed items, what a source has been seen to hold, references, marks, and plain touches.

use super::cluster::lock_number;
use super::store::PostgresStore;
use super::tx::Tx;
use crate::cells::Reading;
use crate::keys::{BUCKET_KEYS, KeyPlace};
use crate::rows::{self, place_number, signed};
use crate::sql;
use crate::store::{ItemRow, SeenRow, SourceId};
use ledger::store::Touch;
use model::RecordId;
use sqlx::postgres::PgRow;

const PUT_ITEMS: &str = "INSERT INTO items (force_id, area, name, key_place, sealed) \
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[]) \
     ON CONFLICT (force_id, area, name) DO UPDATE SET key_place = excluded.key_place, sealed = excluded.sealed";
const SEEN: &str = "SELECT content, held, run, seen FROM intake_rows WHERE force_id = $1 AND source = $2 \
     AND content = ANY($3)";
const PUT_SEEN: &str = "INSERT INTO intake_rows (force_id, source, content, held, run, seen) \
     SELECT $1, $2, * FROM unnest($3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[]) \
     ON CONFLICT (force_id, source, content) DO UPDATE SET held = excluded.held, run = excluded.run, seen = excluded.seen";
const SOURCE_IDS: &str =
    "SELECT source_id, record_id FROM intake_ids WHERE force_id = $1 AND source_id = ANY($2)";
const PUT_SOURCE_IDS: &str = "INSERT INTO intake_ids (force_id, source_id, record_id) \
     SELECT $1, * FROM unnest($2::bytea[], $3::bytea[]) \
     ON CONFLICT (force_id, source_id) DO UPDATE SET record_id = excluded.record_id";
const RAISE_TO: &str = "INSERT INTO counters (force_id, name, value) VALUES ($1, $2, $3) \
     ON CONFLICT (force_id, name) DO UPDATE SET value = greatest(counters.value, excluded.value)";
const MARK: &str = "SELECT coalesce(max(value), 0) FROM counters WHERE force_id = $1 AND name = ANY($2)";
/// The mark is kept in several rows, the greatest counts: one row would let one writer at a time through.
const LANES: u64 = 16;

fn lane(number: u64) -> String {
    format!("keystore-mark/{number}")
}

impl PostgresStore {
    pub(super) async fn raise(&self, tx: &mut Tx, name: &str, by: u64) -> sqlx::Result<u64> {
        let query = sqlx::query(sql::RAISE).bind(self.key()).bind(name).bind(signed(by));
        let row = query.fetch_one(tx.connection()).await?;
        Reading { table: "counters", row: &row, key: 0 }.number(0, "value")
    }

    pub(super) async fn raise_mark(&self, tx: &mut Tx, mark: u64) -> sqlx::Result<()> {
        let query = sqlx::query(RAISE_TO).bind(self.key()).bind(lane(mark % LANES)).bind(signed(mark));
        query.execute(tx.connection()).await.map(drop)
    }

    pub(super) async fn read_mark(&self) -> sqlx::Result<u64> {
        let lanes: Vec<String> = (0..LANES).map(lane).collect();
        let read = |row: &PgRow| Reading { table: "counters", row, key: 0 }.number(0, "value");
        let marks = self.all(|| sqlx::query(MARK).bind(self.key()).bind(lanes.clone()), read).await?;
        Ok(marks.into_iter().max().unwrap_or(0))
    }

    pub(super) async fn write_setting(
        &self,
        tx: &mut Tx,
        area: &str,
        name: &str,
        value: &str,
    ) -> sqlx::Result<()> {
        let query = sqlx::query(sql::PUT_SETTING).bind(self.key()).bind(area).bind(name).bind(value);
        query.execute(tx.connection()).await.map(drop)
    }

    /// Deletes a row of a table that is kept by area and name.
    pub(super) async fn remove_named(
        &self,
        tx: &mut Tx,
        delete: &'static str,
        area: &str,
        name: &str,
    ) -> sqlx::Result<()> {
        sqlx::query(delete).bind(self.key()).bind(area).bind(name).execute(tx.connection()).await.map(drop)
    }

    pub(super) async fn read_setting(&self, area: &str, name: &str) -> sqlx::Result<Option<String>> {
        let query = || sqlx::query(sql::SETTING).bind(self.key()).bind(area.to_owned()).bind(name.to_owned());
        let read = |row: &PgRow| Reading { table: "settings", row, key: 1 }.column(0, "value");
        Ok(self.all(query, read).await?.pop())
    }

    pub(super) async fn read_settings(&self, area: &str) -> sqlx::Result<Vec<(String, String)>> {
        let query = || sqlx::query(sql::SETTINGS).bind(self.key()).bind(area.to_owned());
        self.all(query, rows::setting).await
    }

    pub(super) async fn write_items(&self, tx: &mut Tx, items: &[ItemRow]) -> sqlx::Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        sqlx::query(PUT_ITEMS)
            .bind(self.key())
            .bind(items.iter().map(|item| item.area.clone()).collect::<Vec<_>>())
            .bind(items.iter().map(|item| item.name.clone()).collect::<Vec<_>>())
            .bind(items.iter().map(|item| place_number(item.key)).collect::<Vec<_>>())
            .bind(items.iter().map(|item| item.sealed.clone()).collect::<Vec<_>>())
            .execute(tx.connection())
            .await
            .map(drop)
    }

    pub(super) async fn read_item(&self, area: &str, name: &str) -> sqlx::Result<Option<ItemRow>> {
        let query = || sqlx::query(sql::ITEM).bind(self.key()).bind(area.to_owned()).bind(name.to_owned());
        Ok(self.all(query, rows::item).await?.pop())
    }

    pub(super) async fn read_items(&self, area: &str, after: &str, limit: u32) -> sqlx::Result<Vec<ItemRow>> {
        let query = || {
            let query = sqlx::query(sql::ITEMS).bind(self.key()).bind(area.to_owned());
            query.bind(after.to_owned()).bind(i64::from(limit))
        };
        self.all(query, rows::item).await
    }

    /// Whoever has asked what a source holds may write it until the transaction ends; another who
    /// takes the same source in waits.
    pub(super) async fn read_seen(
        &self,
        tx: &mut Tx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> sqlx::Result<Vec<SeenRow>> {
        let lock = lock_number("source", &[self.key().as_slice(), source.as_bytes()].concat());
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(lock).execute(tx.connection()).await?;
        let contents: Vec<Vec<u8>> = contents.iter().map(|content| content.to_vec()).collect();
        let query = sqlx::query(SEEN).bind(self.key()).bind(source).bind(contents);
        query.fetch_all(tx.connection()).await?.iter().map(rows::seen).collect()
    }

    pub(super) async fn write_seen(&self, tx: &mut Tx, source: &str, seen: &[SeenRow]) -> sqlx::Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        sqlx::query(PUT_SEEN)
            .bind(self.key())
            .bind(source)
            .bind(seen.iter().map(|row| row.content.to_vec()).collect::<Vec<_>>())
            .bind(seen.iter().map(|row| i64::from(row.held)).collect::<Vec<_>>())
            .bind(seen.iter().map(|row| row.run).collect::<Vec<_>>())
            .bind(seen.iter().map(|row| i64::from(row.seen)).collect::<Vec<_>>())
            .execute(tx.connection())
            .await
            .map(drop)
    }

    /// Whoever has asked which records ids lead to may lead them elsewhere until the transaction ends;
    /// another who takes rows in that carry ids waits, so that no two records are made for one id.
    pub(super) async fn read_source_ids(&self, tx: &mut Tx, ids: &[[u8; 16]]) -> sqlx::Result<Vec<SourceId>> {
        let lock = lock_number("source-ids", self.key().as_slice());
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(lock).execute(tx.connection()).await?;
        let ids: Vec<Vec<u8>> = ids.iter().map(|id| id.to_vec()).collect();
        let query = sqlx::query(SOURCE_IDS).bind(self.key()).bind(ids);
        query.fetch_all(tx.connection()).await?.iter().map(rows::source_id).collect()
    }

    pub(super) async fn write_source_ids(&self, tx: &mut Tx, ids: &[SourceId]) -> sqlx::Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        sqlx::query(PUT_SOURCE_IDS)
            .bind(self.key())
            .bind(ids.iter().map(|row| row.id.to_vec()).collect::<Vec<_>>())
            .bind(ids.iter().map(|row| row.record.map(|record| record.octets().to_vec())).collect::<Vec<_>>())
            .execute(tx.connection())
            .await
            .map(drop)
    }

    pub(super) async fn leaf_touches(&self, first: u64, end: u64) -> sqlx::Result<Vec<Touch>> {
        let query =
            || sqlx::query(sql::TOUCHES_OF_LEAVES).bind(self.key()).bind(signed(first)).bind(signed(end));
        self.all(query, rows::touch).await
    }

    pub(super) async fn record_touches(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> sqlx::Result<Vec<Touch>> {
        let query = || {
            let query = sqlx::query(sql::TOUCHES_OF_RECORD).bind(self.key()).bind(record.octets().to_vec());
            query.bind(rows::signed(before)).bind(i64::from(limit))
        };
        self.all(query, rows::touch).await
    }

    pub(super) async fn actor_touches(&self, actor: model::ActorId, limit: u32) -> sqlx::Result<Vec<Touch>> {
        let query = || {
            let query = sqlx::query(sql::TOUCHES_BY_ACTOR).bind(self.key()).bind(actor.octets().to_vec());
            query.bind(i64::from(limit))
        };
        self.all(query, rows::touch).await
    }

    pub(super) async fn used_places(&self, bucket: u32) -> sqlx::Result<Vec<KeyPlace>> {
        let first = place_number(KeyPlace { bucket, slot: 0 });
        let last = first + i64::from(BUCKET_KEYS) - 1;
        let query = || sqlx::query(sql::PLACES_IN_USE).bind(self.key()).bind(first).bind(last);
        self.all(query, |row| rows::first_place("versions", row)).await
    }

    pub(super) async fn ids(
        &self,
        table: &'static str,
        query: impl Fn() -> super::store::Query,
    ) -> sqlx::Result<Vec<RecordId>> {
        self.all(query, |row| rows::record_id(table, row)).await
    }
}
