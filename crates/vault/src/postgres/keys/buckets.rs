//! Bucket keys: unwrapped under the epoch key, kept open, and the data keys under them.

use super::PostgresKeys;
use crate::keys::{KeyPlace, KeyTraces};
use crate::ring::{self, Wrapped};
use crate::rows::place_number;
use crate::sql;
use ledger::keys::KeyError;
use sealing::SecretKey;
use std::collections::HashMap;

const WRAPPED: &str = "SELECT place, wrapped FROM keys WHERE force_id = $1 AND place = ANY($2)";
/// A data key with its bucket's, both as of one moment: a shredding between two statements gives the
/// bucket another.
const WRAPPED_TWICE: &str = "SELECT k.place, k.wrapped, b.wrapped FROM keys k JOIN buckets b \
     ON b.force_id = k.force_id AND b.bucket = k.place / 256 WHERE k.force_id = $1 AND k.place = ANY($2)";

impl PostgresKeys {
    /// Opens data keys in the order asked; `None` where there is none.
    pub(super) async fn open_keys(&self, places: &[KeyPlace]) -> Result<Vec<Option<SecretKey>>, KeyError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = HashMap::with_capacity(places.len());
        let again = self.open_buckets.unwrap_all(self.read_keys(WRAPPED, places).await?, &mut found);
        if !again.is_empty() {
            // The epoch key is held meanwhile, so that no turn comes between.
            let epoch = self.epoch.read().await;
            let wrapped = self.read_keys(WRAPPED_TWICE, &again).await?;
            self.open_buckets.unwrap_twice(wrapped, &epoch, &mut found)?;
        }
        Ok(places.iter().map(|place| found.get(place).cloned()).collect())
    }

    /// Raw and wrapped octets of data keys and of their buckets' keys, as they are now.
    pub(super) async fn key_traces(&self, places: &[KeyPlace]) -> Result<KeyTraces, KeyError> {
        let epoch = self.epoch.read().await;
        ring::traces(self.read_keys(WRAPPED_TWICE, places).await?, &epoch)
    }

    async fn read_keys(
        &self,
        statement: &'static str,
        places: &[KeyPlace],
    ) -> Result<Vec<Wrapped>, KeyError> {
        let places: Vec<i64> = places.iter().map(|place| place_number(*place)).collect();
        self.all(|| sqlx::query(statement).bind(self.key()).bind(places.clone()), ring::wrapped).await
    }

    /// Whether the provider's key is this keystore's: its newest bucket must open.
    pub(super) async fn check_opens(&self) -> Result<(), KeyError> {
        let epoch = self.epoch.read().await;
        let newest = self.all(|| sqlx::query(sql::NEWEST_BUCKET).bind(self.key()), ring::bucket).await?;
        newest.iter().try_for_each(|bucket| bucket.open(&epoch).map(drop))
    }
}
