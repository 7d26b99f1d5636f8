//! Records, their versions and links. Columns go as arrays, one row an element.

use super::store::{PostgresStore, Query};
use super::tx::Tx;
use crate::allowed::{Bound, Condition, Dialect, newest};
use crate::cells::Reading;
use crate::keys::KeyPlace;
use crate::rows::{self, place_number, signed};
use crate::sql::{self, heads, versions};
use crate::version::VersionRow;
use law::access::Filter;
use model::{RecordId, VersionId};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

const NEW_RECORDS: &str = "INSERT INTO records (force_id, record_id, kind, reference, head_version) \
     SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[]) \
     ON CONFLICT (force_id, record_id) DO NOTHING";
/// Locked in one order, so that two who change the same records wait for each other and never both.
const LOCK_HEADS: &str = "SELECT record_id, head_version FROM records WHERE force_id = $1 AND record_id = ANY($2) \
     ORDER BY record_id FOR UPDATE";
const MOVE_HEADS: &str = "UPDATE records r SET head_version = n.head \
     FROM unnest($2::bytea[], $3::bytea[]) AS n (record, head) WHERE r.force_id = $1 AND r.record_id = n.record";
const NEW_VERSIONS: &str = "INSERT INTO versions (force_id, version_id, record_id, ordinal, kind, shape, labels, \
     happened, review_due, author, written, link_from, link_to, link_type, key_place, body) \
     SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], \
     $8::bigint[], $9::text[], $10::bytea[], $11::bigint[], $12::bytea[], $13::bytea[], $14::text[], $15::bigint[], \
     $16::bytea[])";
/// Of a record that is changed twice in one write the newer link counts.
const NEW_LINKS: &str = "INSERT INTO links (force_id, record_id, from_id, to_id) \
     SELECT DISTINCT ON (record) $1, record, link_from, link_to \
     FROM unnest($2::bytea[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS n (record, link_from, link_to, at) \
     ORDER BY record, at DESC \
     ON CONFLICT (force_id, record_id) DO UPDATE SET from_id = excluded.from_id, to_id = excluded.to_id";
const HEADS: &str = heads!("r.record_id = ANY($2)");
const VERSIONS: &str = versions!("v.version_id = ANY($2)");

/// One column of rows.
fn column<T, C>(rows: &[&T], cell: impl Fn(&T) -> C) -> Vec<C> {
    rows.iter().map(|row| cell(row)).collect()
}

fn octets<T>(ids: &[T], octets: impl Fn(&T) -> [u8; 16]) -> Vec<Vec<u8>> {
    ids.iter().map(|id| octets(id).to_vec()).collect()
}

impl PostgresStore {
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
        self.put_versions(tx, &rows.iter().collect::<Vec<_>>()).await?;
        let links: Vec<&VersionRow> = rows.iter().filter(|row| row.link.is_some()).collect();
        if !links.is_empty() {
            self.put_links(tx, &links).await?;
        }
        Ok(lost)
    }

    async fn put_versions(&self, tx: &mut Tx, rows: &[&VersionRow]) -> sqlx::Result<()> {
        let link = |row: &VersionRow| row.link.clone();
        sqlx::query(NEW_VERSIONS)
            .bind(self.key())
            .bind(column(rows, |row| row.version.version.octets().to_vec()))
            .bind(column(rows, |row| row.version.record.octets().to_vec()))
            .bind(column(rows, |row| i64::from(row.ordinal)))
            .bind(column(rows, |row| i64::from(row.version.kind)))
            .bind(column(rows, |row| i64::from(row.shape)))
            .bind(column(rows, |row| row.labels.clone()))
            .bind(column(rows, |row| row.happened))
            .bind(column(rows, |row| row.review_due.to_string()))
            .bind(column(rows, |row| row.author.octets().to_vec()))
            .bind(column(rows, |row| row.written))
            .bind(column(rows, |row| link(row).map(|link| link.from.octets().to_vec())))
            .bind(column(rows, |row| link(row).map(|link| link.to.octets().to_vec())))
            .bind(column(rows, |row| link(row).map(|link| link.link_type)))
            .bind(column(rows, |row| place_number(row.key)))
            .bind(column(rows, |row| row.sealed.clone()))
            .execute(tx.connection())
            .await
            .map(drop)
    }

    async fn put_links(&self, tx: &mut Tx, rows: &[&VersionRow]) -> sqlx::Result<()> {
        let end = |row: &VersionRow, first: bool| {
            row.link.as_ref().map(|link| if first { link.from } else { link.to }.octets().to_vec())
        };
        sqlx::query(NEW_LINKS)
            .bind(self.key())
            .bind(column(rows, |row| row.version.record.octets().to_vec()))
            .bind(column(rows, |row| end(row, true)))
            .bind(column(rows, |row| end(row, false)))
            .execute(tx.connection())
            .await
            .map(drop)
    }

    /// Makes new records and moves the heads of the others, under their locks. Gives the rows whose
    /// head is another.
    async fn move_heads(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> sqlx::Result<Vec<usize>> {
        let fresh: Vec<&VersionRow> =
            rows.iter().zip(before).filter(|(_, before)| before.is_none()).map(|(row, _)| row).collect();
        if !fresh.is_empty() {
            let made = self.put_records(tx, &fresh).await?;
            if made != fresh.len() as u64 {
                return self.taken(tx, rows, before).await;
            }
        }
        if fresh.len() == rows.len() {
            return Ok(Vec::new());
        }
        let mut heads = self.lock_heads(tx, rows).await?;
        let mut lost = Vec::new();
        for (at, (row, before)) in rows.iter().zip(before).enumerate() {
            let Some(before) = before else { continue };
            match heads.get_mut(&row.version.record) {
                Some(head) if *head == *before => *head = row.version.version,
                _ => lost.push(at),
            }
        }
        if !lost.is_empty() {
            return Ok(lost);
        }
        let (records, heads): (Vec<RecordId>, Vec<VersionId>) = heads.into_iter().unzip();
        sqlx::query(MOVE_HEADS)
            .bind(self.key())
            .bind(octets(&records, |record| record.octets()))
            .bind(octets(&heads, |head| head.octets()))
            .execute(tx.connection())
            .await?;
        Ok(lost)
    }

    async fn put_records(&self, tx: &mut Tx, fresh: &[&VersionRow]) -> sqlx::Result<u64> {
        let made = sqlx::query(NEW_RECORDS)
            .bind(self.key())
            .bind(column(fresh, |row| row.version.record.octets().to_vec()))
            .bind(column(fresh, |row| i64::from(row.version.kind)))
            .bind(column(fresh, |row| signed(row.reference)))
            .bind(column(fresh, |row| row.version.version.octets().to_vec()))
            .execute(tx.connection())
            .await?;
        Ok(made.rows_affected())
    }

    async fn lock_heads(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
    ) -> sqlx::Result<HashMap<RecordId, VersionId>> {
        let query =
            sqlx::query(LOCK_HEADS).bind(self.key()).bind(octets(rows, |row| row.version.record.octets()));
        let found = query.fetch_all(tx.connection()).await?;
        let read = |row: &PgRow| {
            let reading = Reading { table: "records", row, key: 0 };
            Ok((rows::record_id("records", row)?, VersionId::from_octets(reading.octets(1, "head_version")?)))
        };
        found.iter().map(read).collect()
    }

    /// The new rows whose record has a head that is not theirs.
    async fn taken(
        &self,
        tx: &mut Tx,
        rows: &[VersionRow],
        before: &[Option<VersionId>],
    ) -> sqlx::Result<Vec<usize>> {
        let heads = self.lock_heads(tx, rows).await?;
        let is_lost = |row: &VersionRow| heads.get(&row.version.record) != Some(&row.version.version);
        let both = rows.iter().zip(before).enumerate();
        Ok(both.filter(|(_, (row, before))| before.is_none() && is_lost(row)).map(|(at, _)| at).collect())
    }

    pub(super) async fn read_heads(&self, records: &[RecordId]) -> sqlx::Result<Vec<VersionRow>> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let ids = octets(records, |id| id.octets());
        let found = self.all(|| sqlx::query(HEADS).bind(self.key()).bind(ids.clone()), rows::version).await?;
        Ok(rows::in_order(records, found, |row| row.version.record))
    }

    pub(super) async fn read_by_id(&self, versions: &[VersionId]) -> sqlx::Result<Vec<VersionRow>> {
        if versions.is_empty() {
            return Ok(Vec::new());
        }
        let ids = octets(versions, |id| id.octets());
        let found =
            self.all(|| sqlx::query(VERSIONS).bind(self.key()).bind(ids.clone()), rows::version).await?;
        Ok(rows::in_order(versions, found, |row| row.version.version))
    }

    pub(super) async fn read_history(&self, record: RecordId) -> sqlx::Result<Vec<VersionRow>> {
        let record = record.octets().to_vec();
        self.all(|| sqlx::query(sql::HISTORY).bind(self.key()).bind(record.clone()), rows::version).await
    }

    pub(super) async fn read_after(
        &self,
        after: Option<VersionId>,
        limit: u32,
    ) -> sqlx::Result<Vec<VersionRow>> {
        let after = after.map(|id| id.octets().to_vec()).unwrap_or_default();
        let query = || sqlx::query(sql::AFTER).bind(self.key()).bind(after.clone()).bind(i64::from(limit));
        self.all(query, rows::version).await
    }

    pub(super) async fn read_newest(
        &self,
        kind: u16,
        allowed: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> sqlx::Result<Vec<VersionRow>> {
        let Condition { text, bound } = newest(allowed, Dialect::Postgres);
        let bind = |query: Query, set: &Bound| match set {
            Bound::Kinds(kinds) => query.bind(kinds.clone()),
            Bound::Groups(groups) => query.bind(groups.clone()),
        };
        let query = || {
            let query = sqlx::query(AssertSqlSafe(text.clone())).bind(self.key()).bind(i64::from(kind));
            let query = query.bind(before.map_or(i64::MAX, signed)).bind(i64::from(limit));
            bound.iter().fold(query, bind)
        };
        self.all(query, rows::version).await
    }

    pub(super) async fn remove_record(&self, tx: &mut Tx, record: RecordId) -> sqlx::Result<()> {
        for delete in sql::DELETE_RECORD {
            let query = sqlx::query(delete).bind(self.key()).bind(record.octets().to_vec());
            query.execute(tx.connection()).await?;
        }
        self.freed(tx, "versions").await
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
                .bind(place_number(*place))
                .bind(body.clone())
                .execute(tx.connection())
                .await?;
            if done.rows_affected() != 1 {
                return Ok(Some(*version));
            }
        }
        if !bodies.is_empty() {
            self.freed(tx, "versions").await?;
        }
        Ok(None)
    }
}
