//! Making data keys: many callers' keys become durable in one transaction.

use super::super::multi::{Multi, Query};
use super::SqliteKeys;
use super::buckets::insert_bucket;
use crate::keys::KeyPlace;
use crate::ring::{self, Filled, Made};
use crate::rows::place_number;
use crate::sql;
use futures::FutureExt;
use ledger::keys::KeyError;
use sealing::SecretKey;
use sqlx::SqliteConnection;
use std::sync::LazyLock;

static NEW_KEYS: LazyLock<Multi> =
    LazyLock::new(|| Multi::rows("INSERT INTO keys (force_id, place, wrapped) VALUES ", 3, ""));
const WRITING: &str = "the keystore could not be written; nothing of it was kept";

impl SqliteKeys {
    /// Makes `count` keys. Whoever comes first makes them for all who wait by then.
    pub(super) async fn make_keys(&self, count: usize) -> Result<Made, KeyError> {
        self.makers.keys(count, |count| self.make_in_one(count, None).boxed()).await
    }

    /// Makes a key under a name that has none.
    pub(super) async fn make_named(&self, name: &str) -> Result<SecretKey, KeyError> {
        let mut made = self.make_in_one(1, Some(name)).await?;
        made.pop().map(|(_, key)| key).ok_or_else(|| KeyError("no key was made".to_owned()))
    }

    async fn make_in_one(&self, count: usize, name: Option<&str>) -> Result<Made, KeyError> {
        let fault = self.fault(WRITING);
        let epoch = self.epoch.read().await;
        let mut tx = self.database.begin().await.map_err(&fault)?;
        let connection = tx.connection().map_err(&fault)?;
        let row = sqlx::query(sql::NEWEST_BUCKET).bind(self.key()).fetch_one(&mut *connection).await;
        let newest = row.and_then(|row| ring::bucket(&row)).map_err(&fault)?;
        let filled = ring::fill(newest, count, &epoch)?;
        self.put_filled(connection, &filled).await.map_err(&fault)?;
        let made = filled.made;
        if let (Some(name), Some((place, _))) = (name, made.first()) {
            let query =
                sqlx::query(sql::NEW_NAME).bind(self.key()).bind(name.to_owned()).bind(place_number(*place));
            if query.execute(connection).await.map_err(&fault)?.rows_affected() != 1 {
                return Err(KeyError(format!("there is a key called {name} already; it was not touched")));
            }
        }
        self.commit(tx).await?;
        for (bucket, key) in filled.buckets {
            self.open_buckets.keep(bucket.bucket, key);
        }
        Ok(made)
    }

    /// Writes new keys and the buckets that hold them. There is a bucket from the first day on.
    async fn put_filled(&self, connection: &mut SqliteConnection, filled: &Filled) -> sqlx::Result<()> {
        for (bucket, _) in filled.buckets.iter().skip(1) {
            insert_bucket(connection, self.force, bucket).await?;
        }
        let bind = |query: Query<'static>, (place, wrapped): &(KeyPlace, Vec<u8>)| {
            query.bind(self.key()).bind(place_number(*place)).bind(wrapped.clone())
        };
        NEW_KEYS.write(&mut *connection, &filled.rows, bind).await?;
        for (bucket, _) in &filled.buckets {
            let query = sqlx::query(sql::USE_BUCKET).bind(self.key()).bind(i64::from(bucket.bucket));
            query.bind(i64::from(bucket.used)).execute(&mut *connection).await?;
        }
        Ok(())
    }
}
