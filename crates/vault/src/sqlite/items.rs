//! Settings, sealed items, what a source has been seen to hold, references, and plain touches.

use super::database::Tx;
use super::multi::{Multi, Query};
use super::store::SqliteStore;
use crate::cells::Reading;
use crate::keys::{BUCKET_KEYS, KeyPlace};
use crate::rows;
use crate::sql;
use crate::store::{ItemRow, SeenRow, SourceId};
use ledger::store::Touch;
use model::RecordId;
use sqlx::sqlite::SqliteRow;
use std::sync::LazyLock;

static PUT_ITEMS: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, area, name) DO UPDATE SET key_place = excluded.key_place, \
                sealed = excluded.sealed";
    Multi::rows("INSERT INTO items (force_id, area, name, key_place, sealed) VALUES ", 5, tail)
});
static SEEN: LazyLock<Multi> = LazyLock::new(|| {
    let head =
        "SELECT content, held, run, seen FROM intake_rows WHERE force_id = ? AND source = ? AND content IN (";
    Multi::list(head, ")")
});
static PUT_SEEN: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, source, content) DO UPDATE SET held = excluded.held, run = excluded.run, \
                seen = excluded.seen";
    Multi::rows("INSERT INTO intake_rows (force_id, source, content, held, run, seen) VALUES ", 6, tail)
});
static SOURCE_IDS: LazyLock<Multi> = LazyLock::new(|| {
    Multi::list("SELECT source_id, record_id FROM intake_ids WHERE force_id = ? AND source_id IN (", ")")
});
static PUT_SOURCE_IDS: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, source_id) DO UPDATE SET record_id = excluded.record_id";
    Multi::rows("INSERT INTO intake_ids (force_id, source_id, record_id) VALUES ", 3, tail)
});
const RAISE_TO: &str = "INSERT INTO counters (force_id, name, value) VALUES (?1, ?2, ?3) \
     ON CONFLICT (force_id, name) DO UPDATE SET value = max(value, ?3)";

impl SqliteStore {
    pub(super) async fn raise(&self, tx: &mut Tx, name: &str, by: u64) -> sqlx::Result<u64> {
        let query = sqlx::query(sql::RAISE).bind(self.key()).bind(name.to_owned()).bind(rows::signed(by));
        let row = query.fetch_one(tx.connection()?).await?;
        Reading { table: "counters", row: &row, key: 0 }.number(0, "value")
    }

    pub(super) async fn raise_to(&self, tx: &mut Tx, name: &str, value: u64) -> sqlx::Result<()> {
        let query = sqlx::query(RAISE_TO).bind(self.key()).bind(name.to_owned()).bind(rows::signed(value));
        query.execute(tx.connection()?).await.map(drop)
    }

    pub(super) async fn counter(&self, name: &str) -> sqlx::Result<u64> {
        let sql = "SELECT value FROM counters WHERE force_id = ? AND name = ?";
        let query = sqlx::query(sql).bind(self.key()).bind(name.to_owned());
        let read = |row: &SqliteRow| Reading { table: "counters", row, key: 0 }.number(0, "value");
        Ok(self.one(query, read).await?.unwrap_or(0))
    }

    pub(super) async fn write_setting(
        &self,
        tx: &mut Tx,
        area: &str,
        name: &str,
        value: &str,
    ) -> sqlx::Result<()> {
        let texts = [area, name, value].map(str::to_owned);
        let query = texts.into_iter().fold(sqlx::query(sql::PUT_SETTING).bind(self.key()), Query::bind);
        query.execute(tx.connection()?).await.map(drop)
    }

    /// Deletes a row of a table that is kept by area and name.
    pub(super) async fn remove_named(
        &self,
        tx: &mut Tx,
        delete: &'static str,
        area: &str,
        name: &str,
    ) -> sqlx::Result<()> {
        let query = sqlx::query(delete).bind(self.key()).bind(area.to_owned()).bind(name.to_owned());
        query.execute(tx.connection()?).await.map(drop)
    }

    pub(super) async fn read_setting(&self, area: &str, name: &str) -> sqlx::Result<Option<String>> {
        let query = sqlx::query(sql::SETTING).bind(self.key()).bind(area.to_owned()).bind(name.to_owned());
        self.one(query, |row| Reading { table: "settings", row, key: 1 }.column(0, "value")).await
    }

    pub(super) async fn read_settings(&self, area: &str) -> sqlx::Result<Vec<(String, String)>> {
        let query = sqlx::query(sql::SETTINGS).bind(self.key()).bind(area.to_owned());
        self.all(query, rows::setting).await
    }

    pub(super) async fn write_items(&self, tx: &mut Tx, items: &[ItemRow]) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, item: &ItemRow| {
            query
                .bind(self.key())
                .bind(item.area.clone())
                .bind(item.name.clone())
                .bind(rows::place_number(item.key))
                .bind(item.sealed.clone())
        };
        PUT_ITEMS.write(tx.connection()?, items, bind).await.map(drop)
    }

    pub(super) async fn read_item(&self, area: &str, name: &str) -> sqlx::Result<Option<ItemRow>> {
        let query = sqlx::query(sql::ITEM).bind(self.key()).bind(area.to_owned()).bind(name.to_owned());
        self.one(query, rows::item).await
    }

    pub(super) async fn read_items(&self, area: &str, after: &str, limit: u32) -> sqlx::Result<Vec<ItemRow>> {
        let query =
            sqlx::query(sql::ITEMS).bind(self.key()).bind(area.to_owned()).bind(after.to_owned()).bind(limit);
        self.all(query, rows::item).await
    }

    pub(super) async fn read_seen(
        &self,
        tx: &mut Tx,
        source: &str,
        contents: &[[u8; 16]],
    ) -> sqlx::Result<Vec<SeenRow>> {
        let lead = |query: Query<'static>| query.bind(self.key()).bind(source.to_owned());
        let bind = |query: Query<'static>, content: &[u8; 16]| query.bind(content.to_vec());
        let found = SEEN.read(tx.connection()?, contents, lead, bind).await?;
        found.iter().map(rows::seen).collect()
    }

    pub(super) async fn write_seen(&self, tx: &mut Tx, source: &str, seen: &[SeenRow]) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, row: &SeenRow| {
            query
                .bind(self.key())
                .bind(source.to_owned())
                .bind(row.content.to_vec())
                .bind(i64::from(row.held))
                .bind(row.run)
                .bind(i64::from(row.seen))
        };
        PUT_SEEN.write(tx.connection()?, seen, bind).await.map(drop)
    }

    pub(super) async fn read_source_ids(&self, tx: &mut Tx, ids: &[[u8; 16]]) -> sqlx::Result<Vec<SourceId>> {
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, id: &[u8; 16]| query.bind(id.to_vec());
        let found = SOURCE_IDS.read(tx.connection()?, ids, lead, bind).await?;
        found.iter().map(rows::source_id).collect()
    }

    pub(super) async fn write_source_ids(&self, tx: &mut Tx, ids: &[SourceId]) -> sqlx::Result<()> {
        let bind = |query: Query<'static>, row: &SourceId| {
            query
                .bind(self.key())
                .bind(row.id.to_vec())
                .bind(row.record.map(|record| record.octets().to_vec()))
        };
        PUT_SOURCE_IDS.write(tx.connection()?, ids, bind).await.map(drop)
    }

    pub(super) async fn record_touches(
        &self,
        record: RecordId,
        before: u64,
        limit: u32,
    ) -> sqlx::Result<Vec<Touch>> {
        let query = sqlx::query(sql::TOUCHES_OF_RECORD).bind(self.key()).bind(record.octets().to_vec());
        self.all(query.bind(rows::signed(before)).bind(limit), rows::touch).await
    }

    pub(super) async fn actor_touches(&self, actor: model::ActorId, limit: u32) -> sqlx::Result<Vec<Touch>> {
        let query =
            sqlx::query(sql::TOUCHES_BY_ACTOR).bind(self.key()).bind(actor.octets().to_vec()).bind(limit);
        self.all(query, rows::touch).await
    }

    pub(super) async fn leaf_touches(&self, first: u64, end: u64) -> sqlx::Result<Vec<Touch>> {
        let query = sqlx::query(sql::TOUCHES_OF_LEAVES);
        let query = query.bind(self.key()).bind(rows::signed(first)).bind(rows::signed(end));
        self.all(query, rows::touch).await
    }

    pub(super) async fn used_places(&self, bucket: u32) -> sqlx::Result<Vec<KeyPlace>> {
        let first = rows::place_number(KeyPlace { bucket, slot: 0 });
        let last = first + i64::from(BUCKET_KEYS) - 1;
        let query = sqlx::query(sql::PLACES_IN_USE).bind(self.key()).bind(first).bind(last);
        self.all(query, |row| rows::first_place("versions", row)).await
    }
}
