//! The turn: every bucket key is wrapped again under the next epoch key, and the epoch's number
//! changes in the same transaction. Data keys are not touched, so a turn costs what the buckets
//! cost, not what the estate costs.

use super::super::clean;
use super::super::multi::{Multi, Query};
use super::SqliteKeys;
use crate::keys::{KeyStore, Turn};
use crate::provider::EpochKey;
use crate::ring::{self, Bucket};
use crate::rows::signed;
use crate::sql;
use ledger::keys::KeyError;
use sqlx::SqliteConnection;
use std::sync::LazyLock;

static PUT_BUCKETS: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, bucket) DO UPDATE SET wrapped = excluded.wrapped";
    Multi::rows("INSERT INTO buckets (force_id, bucket, used, wrapped) VALUES ", 4, tail)
});
const WRITING: &str = "the turn failed; the keystore stays under its present epoch key";

impl SqliteKeys {
    pub(super) async fn turn_buckets(&self, next: &EpochKey) -> Result<Turn, KeyError> {
        let fault = self.fault(WRITING);
        let mut epoch = self.epoch.write().await;
        if next.epoch != epoch.epoch + 1 {
            let (from, to) = (epoch.epoch, next.epoch);
            return Err(KeyError(format!(
                "a turn goes from epoch {from} to {}, not to {to}; nothing was changed",
                from + 1
            )));
        }
        let mut tx = self.database.begin().await.map_err(&fault)?;
        let connection = tx.connection().map_err(&fault)?;
        let buckets = self.rewrap_all(connection, &epoch, next).await?;
        let query =
            sqlx::query(sql::SET_EPOCH).bind(self.key()).bind(signed(next.epoch)).bind(signed(epoch.epoch));
        if query.execute(connection).await.map_err(&fault)?.rows_affected() != 1 {
            return Err(KeyError(
                "the keystore is under another epoch than this process knows: start it again".to_owned(),
            ));
        }
        self.commit(tx).await?;
        *epoch = next.clone();
        drop(epoch);
        self.clean().await?;
        Ok(Turn { epoch: next.epoch, buckets })
    }

    async fn rewrap_all(
        &self,
        connection: &mut SqliteConnection,
        from: &EpochKey,
        to: &EpochKey,
    ) -> Result<u64, KeyError> {
        let fault = self.fault(WRITING);
        let (mut last, mut count) = (-1, 0);
        loop {
            let mut some = self.some_buckets(connection, last).await.map_err(&fault)?;
            let Some(newest) = some.last() else { return Ok(count) };
            last = i64::from(newest.bucket);
            count += some.len() as u64;
            for bucket in &mut some {
                bucket.turn(from, to)?;
            }
            let bind = |query: Query<'static>, bucket: Bucket| {
                query
                    .bind(self.key())
                    .bind(i64::from(bucket.bucket))
                    .bind(i64::from(bucket.used))
                    .bind(bucket.wrapped)
            };
            PUT_BUCKETS.write(&mut *connection, some, bind).await.map_err(&fault)?;
        }
    }

    async fn some_buckets(&self, connection: &mut SqliteConnection, after: i64) -> sqlx::Result<Vec<Bucket>> {
        let rows = sqlx::query(sql::SOME_BUCKETS).bind(self.key()).bind(after).fetch_all(connection).await?;
        rows.iter().map(ring::bucket).collect()
    }

    /// What is wrong with the keystore: SQLite's own check, buckets and keys that do not open, and
    /// keys without a bucket.
    pub(super) async fn check_all(&self) -> Result<Vec<String>, KeyError> {
        let fault = self.fault("the check failed");
        let mut found = clean::integrity(&self.database).await.map_err(&fault)?;
        let epoch = self.epoch.read().await;
        let mut reader = self.database.read().await.map_err(&fault)?;
        let connection = reader.connection().map_err(&fault)?;
        let mut last = -1;
        loop {
            let some = self.some_buckets(connection, last).await.map_err(&fault)?;
            let Some(newest) = some.last() else { break };
            last = i64::from(newest.bucket);
            let closed = some.iter().filter(|bucket| bucket.open(&epoch).is_err());
            found.extend(
                closed.map(|bucket| format!("bucket {} does not open under the epoch key", bucket.bucket)),
            );
        }
        drop(reader);
        for (sql, what) in sql::KEYSTORE_RULES {
            let count = self.one(sql, "keys").await.map_err(&fault)?;
            if count > 0 {
                found.push(format!("{count} {what}"));
            }
        }
        Ok(found)
    }
}
