//! Destroying data keys: the row goes, and at once its bucket gets another key, so that a wrapped
//! key that was copied elsewhere no longer opens under anything that is left.

use super::super::multi::{Multi, Query};
use super::SqliteKeys;
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyStore};
use crate::provider::EpochKey;
use crate::ring::{self, Wrapped};
use crate::rows::place_number;
use crate::sql;
use ledger::keys::KeyError;
use sealing::SecretKey;
use sqlx::SqliteConnection;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static PUT_KEYS: LazyLock<Multi> = LazyLock::new(|| {
    let tail = " ON CONFLICT (force_id, place) DO UPDATE SET wrapped = excluded.wrapped";
    Multi::rows("INSERT INTO keys (force_id, place, wrapped) VALUES ", 3, tail)
});
static DROP_KEYS: LazyLock<Multi> =
    LazyLock::new(|| Multi::list("DELETE FROM keys WHERE force_id = ? AND place IN (", ")"));
static DROP_NAMES: LazyLock<Multi> =
    LazyLock::new(|| Multi::list("DELETE FROM key_names WHERE force_id = ? AND place IN (", ")"));
const WRITING: &str = "the keystore could not be written; no key was destroyed";

impl SqliteKeys {
    /// Removes data keys, re-keys their buckets in the same transaction, and cleans the file.
    pub(super) async fn shred_keys(&self, places: &[KeyPlace]) -> Result<(), KeyError> {
        if places.is_empty() {
            return Ok(());
        }
        let fault = self.fault(WRITING);
        let epoch = self.epoch.read().await;
        let mut tx = self.database.begin().await.map_err(&fault)?;
        let renewed = self.remove(tx.connection().map_err(&fault)?, places, &epoch).await?;
        self.commit(tx).await?;
        for (bucket, key) in renewed {
            self.open_buckets.keep(bucket, key);
        }
        self.clean().await
    }

    /// Gives the key called `from` the name `to`, destroying the key that had it.
    pub(super) async fn rename_key(&self, from: &str, to: &str) -> Result<(), KeyError> {
        let fault = self.fault(WRITING);
        let epoch = self.epoch.read().await;
        let mut tx = self.database.begin().await.map_err(&fault)?;
        let connection = tx.connection().map_err(&fault)?;
        if self.name_of(connection, from).await.map_err(&fault)?.is_none() {
            return Err(KeyError(format!("there is no key called {from}: nothing was renamed or destroyed")));
        }
        let old = self.name_of(connection, to).await.map_err(&fault)?;
        let renewed = match old {
            Some(place) => self.remove(connection, &[place], &epoch).await?,
            None => Vec::new(),
        };
        let query = sqlx::query(sql::RENAME);
        let query = query.bind(self.key()).bind(from.to_owned()).bind(to.to_owned());
        query.execute(connection).await.map_err(&fault)?;
        self.commit(tx).await?;
        for (bucket, key) in renewed {
            self.open_buckets.keep(bucket, key);
        }
        self.clean().await
    }

    /// Removes data keys in a transaction; gives the buckets' new keys.
    async fn remove(
        &self,
        connection: &mut SqliteConnection,
        places: &[KeyPlace],
        epoch: &EpochKey,
    ) -> Result<Vec<(u32, SecretKey)>, KeyError> {
        let fault = self.fault(WRITING);
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, place: &KeyPlace| query.bind(place_number(*place));
        DROP_NAMES.write_listed(connection, places, lead, bind).await.map_err(&fault)?;
        DROP_KEYS.write_listed(connection, places, lead, bind).await.map_err(&fault)?;
        let buckets: BTreeSet<u32> = places.iter().map(|place| place.bucket).collect();
        let mut renewed = Vec::with_capacity(buckets.len());
        for bucket in buckets {
            renewed.extend(self.renew(connection, bucket, epoch).await?);
        }
        Ok(renewed)
    }

    /// Gives a bucket a new key and wraps what is left in it again.
    async fn renew(
        &self,
        connection: &mut SqliteConnection,
        bucket: u32,
        epoch: &EpochKey,
    ) -> Result<Option<(u32, SecretKey)>, KeyError> {
        let fault = self.fault(WRITING);
        let query = sqlx::query(sql::BUCKET).bind(self.key()).bind(i64::from(bucket));
        let Some(row) = query.fetch_optional(&mut *connection).await.map_err(&fault)? else {
            return Ok(None);
        };
        let bucket = ring::bucket(&row).map_err(&fault)?;
        let left = self.keys_of(connection, bucket.bucket).await.map_err(&fault)?;
        let renewed = ring::renew(&bucket, left, epoch)?;
        let bind = |query: Query<'static>, (place, wrapped): (KeyPlace, Vec<u8>)| {
            query.bind(self.key()).bind(place_number(place)).bind(wrapped)
        };
        PUT_KEYS.write(&mut *connection, renewed.rows, bind).await.map_err(&fault)?;
        let query = sqlx::query(sql::NEW_BUCKET_KEY).bind(self.key()).bind(i64::from(bucket.bucket));
        query.bind(renewed.wrapped).execute(connection).await.map_err(&fault)?;
        Ok(Some((bucket.bucket, renewed.key)))
    }

    async fn keys_of(&self, connection: &mut SqliteConnection, bucket: u32) -> sqlx::Result<Vec<Wrapped>> {
        let first = place_number(KeyPlace { bucket, slot: 0 });
        let query = sqlx::query(sql::KEYS_OF_BUCKET).bind(self.key()).bind(first);
        let rows = query.bind(first + i64::from(BUCKET_KEYS)).fetch_all(connection).await?;
        rows.iter().map(ring::wrapped).collect()
    }
}
