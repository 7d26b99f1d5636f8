//! Records, their versions and links.

use super::database::Tx;
use super::multi::{Multi, Query};
use super::store::SqliteStore;
use crate::allowed::{Bound, Condition, Dialect, newest};
use crate::cells::Reading;
use crate::keys::KeyPlace;
use crate::rows;
use crate::sql::{self, heads, versions};
use crate::version::VersionRow;
use law::access::Filter;
use model::{ForceId, RecordId, VersionId};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::sync::LazyLock;

static NEW_RECORDS: LazyLock<Multi> = LazyLock::new(|| {
    let head = "INSERT INTO records (force_id, record_id, kind, reference, head_version) VALUES ";
    Multi::rows(head, 5, " ON CONFLICT (force_id, record_id) DO NOTHING")
});
static NEW_VERSIONS: LazyLock<Multi> = LazyLock::new(|| {
    let head = "INSERT INTO versions (force_id, version_id, record_id, ordinal, kind, shape, labels, happened, \
                review_due, author, written, link_from, link_to, link_type, key_place, body) VALUES ";
    Multi::rows(head, 16, "")
});
static NEW_LINKS: LazyLock<Multi> = LazyLock::new(|| {
    let tail =
        " ON CONFLICT (force_id, record_id) DO UPDATE SET from_id = excluded.from_id, to_id = excluded.to_id";
    Multi::rows("INSERT INTO links (force_id, record_id, from_id, to_id) VALUES ", 4, tail)
});
// A list's parameters have no numbers, and the two sorts cannot be mixed.
static HEADS: LazyLock<Multi> =
    LazyLock::new(|| Multi::list(&heads!("r.record_id IN (").replace("$1", "?"), ")"));
static VERSIONS: LazyLock<Multi> =
    LazyLock::new(|| Multi::list(&versions!("v.version_id IN (").replace("$1", "?"), ")"));
static HEAD_IDS: LazyLock<Multi> = LazyLock::new(|| {
    Multi::list("SELECT record_id, head_version FROM records WHERE force_id = ? AND record_id IN (", ")")
});
const MOVE_HEAD: &str =
    "UPDATE records SET head_version = ? WHERE force_id = ? AND record_id = ? AND head_version = ?";

impl SqliteStore {
    pub(super) async fn insert_versions(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> sqlx::Result<Vec<usize>> {
        let lost = self.move_heads(tx, rows, before).await?;
        if !lost.is_empty() {
            return Ok(lost);
        }
        let force = self.force();
        let bind = |query: Query<'static>, row: &VersionRow| bind_version(query, force, row);
        NEW_VERSIONS.write(tx.connection()?, rows, bind).await?;
        let links = rows.iter().filter_map(|row| row.link.as_ref().map(|link| (row.version.record, link)));
        let bind = |query: Query<'static>, (record, link): (RecordId, &crate::version::Link)| {
            let ends = [link.from.octets().to_vec(), link.to.octets().to_vec()];
            let query = query.bind(self.key()).bind(record.octets().to_vec());
            ends.into_iter().fold(query, Query::bind)
        };
        NEW_LINKS.write(tx.connection()?, links.collect::<Vec<_>>(), bind).await?;
        Ok(lost)
    }

    async fn move_heads(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> sqlx::Result<Vec<usize>> {
        let fresh: Vec<&VersionRow> =
            rows.iter().zip(before).filter(|(_, before)| before.is_none()).map(|(row, _)| row).collect();
        let bind = |query: Query<'static>, row: &&VersionRow| {
            query
                .bind(self.key())
                .bind(row.version.record.octets().to_vec())
                .bind(i64::from(row.version.kind))
                .bind(rows::signed(row.reference))
                .bind(row.version.version.octets().to_vec())
        };
        let made = NEW_RECORDS.write(tx.connection()?, &fresh, bind).await?;
        if made != fresh.len() as u64 {
            return self.taken(tx, rows, before).await;
        }
        let mut lost = Vec::new();
        for (at, (row, before)) in rows.iter().zip(before).enumerate() {
            let Some(before) = before else { continue };
            let moved = sqlx::query(MOVE_HEAD)
                .bind(row.version.version.octets().to_vec())
                .bind(self.key())
                .bind(row.version.record.octets().to_vec())
                .bind(before.octets().to_vec())
                .execute(tx.connection()?)
                .await?;
            if moved.rows_affected() != 1 {
                lost.push(at);
            }
        }
        Ok(lost)
    }

    /// The new rows whose record has a head that is not theirs.
    async fn taken(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> sqlx::Result<Vec<usize>> {
        let ids: Vec<RecordId> = rows.iter().map(|row| row.version.record).collect();
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, id: &RecordId| query.bind(id.octets().to_vec());
        let mut heads = HashMap::new();
        for row in HEAD_IDS.read(tx.connection()?, &ids, lead, bind).await? {
            let reading = Reading { table: "records", row: &row, key: 0 };
            let head = VersionId::from_octets(reading.octets(1, "head_version")?);
            heads.insert(rows::record_id("records", &row)?, head);
        }
        let mut lost = Vec::new();
        for (at, (row, before)) in rows.iter().zip(before).enumerate() {
            let own = heads.get(&row.version.record) == Some(&row.version.version);
            if before.is_none() && !own {
                lost.push(at);
            }
        }
        Ok(lost)
    }

    pub(super) async fn read_heads(&self, records: &[RecordId]) -> sqlx::Result<Vec<VersionRow>> {
        let found = self.read_versions(&HEADS, records, |id| id.octets()).await?;
        Ok(rows::in_order(records, found, |row| row.version.record))
    }

    pub(super) async fn read_by_id(&self, versions: &[VersionId]) -> sqlx::Result<Vec<VersionRow>> {
        let found = self.read_versions(&VERSIONS, versions, |id| id.octets()).await?;
        Ok(rows::in_order(versions, found, |row| row.version.version))
    }

    async fn read_versions<T>(
        &self,
        statement: &'static Multi,
        ids: &[T],
        octets: impl Fn(&T) -> [u8; 16],
    ) -> sqlx::Result<Vec<VersionRow>> {
        let mut reader = self.database().read().await?;
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, id: &T| query.bind(octets(id).to_vec());
        let found = statement.read(reader.connection()?, ids, lead, bind).await?;
        found.iter().map(rows::version).collect()
    }

    pub(super) async fn read_history(&self, record: RecordId) -> sqlx::Result<Vec<VersionRow>> {
        let query = sqlx::query(sql::HISTORY).bind(self.key()).bind(record.octets().to_vec());
        self.all(query, rows::version).await
    }

    pub(super) async fn read_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> sqlx::Result<Vec<VersionRow>> {
        let after = after.map(|id| id.octets().to_vec()).unwrap_or_default();
        let query = sqlx::query(sql::AFTER).bind(self.key()).bind(after).bind(limit);
        self.all(query, rows::version).await
    }

    pub(super) async fn read_newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> sqlx::Result<Vec<VersionRow>> {
        let Condition { text, bound } = newest(allowed, Dialect::Sqlite);
        let query = sqlx::query(AssertSqlSafe(text)).bind(self.key()).bind(i64::from(kind));
        let query = query.bind(before.map_or(i64::MAX, rows::signed)).bind(limit);
        let bind = |query: Query<'static>, set: Bound| query.bind(array(set).to_string());
        self.all(bound.into_iter().fold(query, bind), rows::version).await
    }

    pub(super) async fn remove_record(&self, tx: &mut Tx, record: RecordId) -> sqlx::Result<()> {
        for delete in sql::DELETE_RECORD {
            let query = sqlx::query(delete).bind(self.key()).bind(record.octets().to_vec());
            query.execute(tx.connection()?).await?;
        }
        Ok(())
    }

    /// Gives the first version that is not there.
    pub(super) async fn write_bodies(
        &self,
        tx: &mut Tx,
        bodies: &[(VersionId, KeyPlace, Vec<u8>)],
    ) -> sqlx::Result<Option<VersionId>> {
        for (version, place, body) in bodies {
            let done = sqlx::query(sql::REPLACE_BODY)
                .bind(self.key())
                .bind(version.octets().to_vec())
                .bind(rows::place_number(*place))
                .bind(body.clone())
                .execute(tx.connection()?)
                .await?;
            if done.rows_affected() != 1 {
                return Ok(Some(*version));
            }
        }
        Ok(None)
    }
}

/// Binds a row of `versions`.
fn bind_version<'q>(query: Query<'q>, force: ForceId, row: &VersionRow) -> Query<'q> {
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
        .bind(rows::place_number(row.key))
        .bind(row.sealed.clone())
}

/// A set as SQLite takes it.
fn array(set: Bound) -> Value {
    match set {
        Bound::Kinds(kinds) => kinds.into(),
        Bound::Groups(groups) => groups.into(),
    }
}
