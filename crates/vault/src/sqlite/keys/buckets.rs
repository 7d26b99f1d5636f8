//! Bucket keys: unwrapped under the epoch key, kept open, and the data keys under them.

use super::super::fault::Reading;
use super::super::multi::{Multi, Query};
use super::super::rows::place_number;
use super::SqliteKeys;
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyTraces, bucket_identity, key_identity, unwrap, wrap};
use crate::provider::EpochKey;
use ledger::keys::{KeyError, seal_fault};
use model::ForceId;
use sealing::SecretKey;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
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
const NEW_BUCKET: &str = "INSERT INTO buckets (force_id, bucket, used, wrapped) VALUES (?, ?, 0, ?)";
const READING: &str = "the keystore cannot be read";

/// Adds an empty bucket with a new key. The outer error is one of sealing.
pub(super) async fn insert_bucket(
    connection: &mut SqliteConnection,
    force: ForceId,
    bucket: u32,
    epoch: &EpochKey,
) -> Result<sqlx::Result<SecretKey>, KeyError> {
    let key = SecretKey::generate().map_err(seal_fault)?;
    let wrapped = wrap(&epoch.key, &bucket_identity(bucket, epoch.epoch), &key)?;
    let query = sqlx::query(NEW_BUCKET).bind(force.octets().to_vec()).bind(i64::from(bucket)).bind(wrapped);
    Ok(query.execute(connection).await.map(|_| key))
}

/// A wrapped key with its place, as a row has it.
struct Wrapped {
    place: i64,
    key: Vec<u8>,
    bucket: Option<Vec<u8>>,
}

fn read_wrapped(row: &SqliteRow) -> sqlx::Result<Wrapped> {
    let reading = Reading { table: "keys", row, key: 0 };
    let bucket = if row.len() > 2 { Some(reading.column(2, "wrapped")?) } else { None };
    Ok(Wrapped { place: reading.column(0, "place")?, key: reading.column(1, "wrapped")?, bucket })
}

impl SqliteKeys {
    /// Opens data keys in the order asked; `None` where there is none.
    pub(super) async fn open_keys(&self, places: &[KeyPlace]) -> Result<Vec<Option<SecretKey>>, KeyError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = HashMap::with_capacity(places.len());
        let mut again = Vec::new();
        for wrapped in self.read_keys(&WRAPPED, places).await? {
            let place = place_at(places, wrapped.place);
            match self.open_bucket(place.bucket).map(|key| unwrap(&key, &key_identity(place), &wrapped.key)) {
                Some(Ok(key)) => drop(found.insert(place, key)),
                // Its bucket is not open yet, or was given a new key by a shredding just now.
                _ => again.push(place),
            }
        }
        if !again.is_empty() {
            self.open_with_buckets(&again, &mut found).await?;
        }
        Ok(places.iter().map(|place| found.get(place).cloned()).collect())
    }

    /// Opens data keys, each with its bucket's key as of the same moment: a shredding between two
    /// statements gives the bucket another. The epoch key is held meanwhile, so that no turn comes
    /// between.
    async fn open_with_buckets(
        &self,
        places: &[KeyPlace],
        found: &mut HashMap<KeyPlace, SecretKey>,
    ) -> Result<(), KeyError> {
        let epoch = self.epoch.read().await;
        let mut opened: HashMap<Vec<u8>, (u32, SecretKey)> = HashMap::new();
        for wrapped in self.read_keys(&WRAPPED_TWICE, places).await? {
            let place = place_at(places, wrapped.place);
            let under = wrapped.bucket.unwrap_or_default();
            let bucket = match opened.get(&under) {
                Some((_, bucket)) => bucket.clone(),
                None => unwrap(&epoch.key, &bucket_identity(place.bucket, epoch.epoch), &under)?,
            };
            found.insert(place, unwrap(&bucket, &key_identity(place), &wrapped.key)?);
            opened.insert(under, (place.bucket, bucket));
        }
        for (bucket, key) in opened.into_values() {
            self.keep_open(bucket, key);
        }
        Ok(())
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
        rows.map_err(&fault)?.iter().map(read_wrapped).collect::<sqlx::Result<_>>().map_err(&fault)
    }

    fn open_bucket(&self, bucket: u32) -> Option<SecretKey> {
        self.open_buckets.lock().ok()?.get(&bucket).cloned()
    }

    /// Keeps a bucket's key open in the place of an older one.
    pub(super) fn keep_open(&self, bucket: u32, key: SecretKey) {
        if let Ok(mut open) = self.open_buckets.lock() {
            open.put(bucket, key);
        }
    }

    /// Raw and wrapped octets of data keys and of their buckets' keys, as they are now.
    pub(super) async fn key_traces(&self, places: &[KeyPlace]) -> Result<KeyTraces, KeyError> {
        let epoch = self.epoch.read().await;
        let mut material: Vec<Vec<u8>> = Vec::new();
        let mut add = |octets: Vec<u8>| {
            if !material.contains(&octets) {
                material.push(octets);
            }
        };
        for wrapped in self.read_keys(&WRAPPED_TWICE, places).await? {
            let place = place_at(places, wrapped.place);
            let under = wrapped.bucket.unwrap_or_default();
            let bucket = unwrap(&epoch.key, &bucket_identity(place.bucket, epoch.epoch), &under)?;
            let key = unwrap(&bucket, &key_identity(place), &wrapped.key)?;
            add(key.expose().to_vec());
            add(wrapped.key);
            add(under);
            add(bucket.expose().to_vec());
        }
        Ok(KeyTraces { material })
    }

    /// Whether the provider's key is this keystore's: its newest bucket must open.
    pub(super) async fn check_opens(&self) -> Result<(), KeyError> {
        let fault = self.fault(READING);
        let epoch = self.epoch.read().await;
        let mut reader = self.database.read().await.map_err(&fault)?;
        let sql = "SELECT bucket, wrapped FROM buckets WHERE force_id = ? ORDER BY bucket DESC LIMIT 1";
        let query = sqlx::query(sql).bind(self.key());
        let row = query.fetch_one(reader.connection().map_err(&fault)?).await.map_err(&fault)?;
        let reading = Reading { table: "buckets", row: &row, key: 0 };
        let bucket: u32 = reading.number(0, "bucket").map_err(&fault)?;
        let wrapped: &[u8] = reading.column(1, "wrapped").map_err(&fault)?;
        unwrap(&epoch.key, &bucket_identity(bucket, epoch.epoch), wrapped).map(drop)
    }
}

/// The place with a number that came from `places`.
fn place_at(places: &[KeyPlace], number: i64) -> KeyPlace {
    match places {
        [only] => *only,
        _ => super::place_of(number).unwrap_or(KeyPlace { bucket: u32::MAX, slot: BUCKET_KEYS }),
    }
}
