//! Bucket keys: unwrapped under the epoch key, kept open, and the data keys under them.

use super::super::multi::{Multi, Query};
use super::SqliteKeys;
use crate::keys::{KeyPlace, KeyTraces};
use crate::ring::{self, Bucket, Wrapped};
use crate::rows::place_number;
use crate::sql;
use ledger::keys::KeyError;
use model::ForceId;
use sealing::SecretKey;
use sqlx::SqliteConnection;
use std::collections::HashMap;
use std::sync::LazyLock;

static WRAPPED: LazyLock<Multi> =
    LazyLock::new(|| Multi::list("SELECT place, wrapped FROM keys WHERE force_id = ? AND place IN (", ")"));
/// A data key with its bucket's, both as of one moment.
static WRAPPED_TWICE: LazyLock<Multi> = LazyLock::new(|| {
    let head = "SELECT k.place, k.wrapped, b.wrapped FROM keys k JOIN buckets b ON b.force_id = k.force_id \
                AND b.bucket = k.place / 256 WHERE k.force_id = ? AND k.place IN (";
    Multi::list(head, ")")
});
const READING: &str = "the keystore cannot be read";

/// Adds a bucket.
pub(super) async fn insert_bucket(
    connection: &mut SqliteConnection,
    force: ForceId,
    bucket: &Bucket,
) -> sqlx::Result<()> {
    let query = sqlx::query(sql::NEW_BUCKET).bind(force.octets().to_vec()).bind(i64::from(bucket.bucket));
    query.bind(bucket.wrapped.clone()).execute(connection).await.map(drop)
}

impl SqliteKeys {
    /// Opens data keys in the order asked; `None` where there is none.
    pub(super) async fn open_keys(&self, places: &[KeyPlace]) -> Result<Vec<Option<SecretKey>>, KeyError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = HashMap::with_capacity(places.len());
        let again = self.open_buckets.unwrap_all(self.read_keys(&WRAPPED, places).await?, &mut found);
        if !again.is_empty() {
            // The epoch key is held meanwhile, so that no turn comes between.
            let epoch = self.epoch.read().await;
            let wrapped = self.read_keys(&WRAPPED_TWICE, &again).await?;
            self.open_buckets.unwrap_twice(wrapped, &epoch, &mut found)?;
        }
        Ok(places.iter().map(|place| found.get(place).cloned()).collect())
    }

    async fn read_keys(
        &self,
        statement: &'static Multi,
        places: &[KeyPlace],
    ) -> Result<Vec<Wrapped>, KeyError> {
        let fault = self.fault(READING);
        let mut reader = self.database.read().await.map_err(&fault)?;
        let lead = |query: Query<'static>| query.bind(self.key());
        let bind = |query: Query<'static>, place: &KeyPlace| query.bind(place_number(*place));
        let rows = statement.read(reader.connection().map_err(&fault)?, places, lead, bind).await;
        rows.map_err(&fault)?.iter().map(ring::wrapped).collect::<sqlx::Result<_>>().map_err(&fault)
    }

    /// Raw and wrapped octets of data keys and of their buckets' keys, as they are now.
    pub(super) async fn key_traces(&self, places: &[KeyPlace]) -> Result<KeyTraces, KeyError> {
        let epoch = self.epoch.read().await;
        ring::traces(self.read_keys(&WRAPPED_TWICE, places).await?, &epoch)
    }

    /// Whether the provider's key is this keystore's: its newest bucket must open.
    pub(super) async fn check_opens(&self) -> Result<(), KeyError> {
        let fault = self.fault(READING);
        let epoch = self.epoch.read().await;
        let mut reader = self.database.read().await.map_err(&fault)?;
        let query = sqlx::query(sql::NEWEST_BUCKET).bind(self.key());
        let row = query.fetch_one(reader.connection().map_err(&fault)?).await.map_err(&fault)?;
        ring::bucket(&row).map_err(&fault)?.open(&epoch).map(drop)
    }
}
