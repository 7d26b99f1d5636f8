//! Making data keys: many callers' keys become durable in one transaction.

use super::super::fault::Reading;
use super::super::multi::{Multi, Query};
use super::super::rows::place_number;
use super::SqliteKeys;
use super::buckets::insert_bucket;
use crate::keys::{BUCKET_KEYS, KeyPlace, bucket_identity, key_identity, unwrap, wrap};
use crate::provider::EpochKey;
use ledger::keys::{KeyError, seal_fault};
use sealing::SecretKey;
use sqlx::SqliteConnection;
use std::sync::LazyLock;
use tokio::sync::oneshot;

static NEW_KEYS: LazyLock<Multi> =
    LazyLock::new(|| Multi::rows("INSERT INTO keys (force_id, place, wrapped) VALUES ", 3, ""));
const NEWEST: &str =
    "SELECT bucket, used, wrapped FROM buckets WHERE force_id = ? ORDER BY bucket DESC LIMIT 1";
const USE: &str = "UPDATE buckets SET used = ? WHERE force_id = ? AND bucket = ?";
const NEW_NAME: &str =
    "INSERT INTO key_names (force_id, name, place) VALUES (?, ?, ?) ON CONFLICT (force_id, name) DO NOTHING";
const WRITING: &str = "the keystore could not be written; nothing of it was kept";

type Made = Vec<(KeyPlace, SecretKey)>;

/// A caller who waits for keys.
pub(super) struct Request {
    count: usize,
    done: oneshot::Sender<Result<Made, String>>,
}

/// The bucket that is being filled.
struct Filling {
    bucket: u32,
    used: u32,
    key: SecretKey,
}

impl SqliteKeys {
    /// Makes `count` keys. Whoever comes first makes them for all who wait by then.
    pub(super) async fn make_keys(&self, count: usize) -> Result<Made, KeyError> {
        if count == 0 {
            return Ok(Vec::new());
        }
        loop {
            let (done, mut answer) = oneshot::channel();
            self.queue(Request { count, done });
            let first = tokio::select! {
                biased;
                made = &mut answer => Err(made),
                first = self.making.lock() => Ok(first),
            };
            let made = match first {
                Err(made) => made,
                Ok(_first) => {
                    self.serve().await;
                    answer.await
                }
            };
            // Without an answer, the caller who was making the keys went away: once more.
            if let Ok(made) = made {
                return made.map_err(KeyError);
            }
        }
    }

    fn queue(&self, request: Request) {
        match self.waiting.lock() {
            Ok(mut waiting) => waiting.push(request),
            Err(poisoned) => poisoned.into_inner().push(request),
        }
    }

    /// Makes the keys of all who wait, in one transaction.
    async fn serve(&self) {
        let mut waiting = match self.waiting.lock() {
            Ok(mut waiting) => std::mem::take(&mut *waiting),
            Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
        };
        waiting.retain(|request| !request.done.is_closed());
        if waiting.is_empty() {
            return;
        }
        let total = waiting.iter().map(|request| request.count).sum();
        match self.make_in_one(total, None).await {
            Ok(mut made) => {
                for request in waiting {
                    let rest = made.split_off(request.count);
                    // A caller that went away leaves orphans, which are swept.
                    let _ = request.done.send(Ok(std::mem::replace(&mut made, rest)));
                }
            }
            Err(error) => {
                for request in waiting {
                    let _ = request.done.send(Err(error.to_string()));
                }
            }
        }
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
        let (made, filled) = self.allocate(connection, count, &epoch).await?;
        if let (Some(name), Some((place, _))) = (name, made.first()) {
            let query =
                sqlx::query(NEW_NAME).bind(self.key()).bind(name.to_owned()).bind(place_number(*place));
            if query.execute(connection).await.map_err(&fault)?.rows_affected() != 1 {
                return Err(KeyError(format!("there is a key called {name} already; it was not touched")));
            }
        }
        self.commit(tx).await?;
        for filling in filled {
            self.keep_open(filling.bucket, filling.key);
        }
        Ok(made)
    }

    /// Fills buckets, making new ones as they fill up. Gives the buckets that were touched, to be
    /// kept open once this is committed.
    async fn allocate(
        &self,
        connection: &mut SqliteConnection,
        count: usize,
        epoch: &EpochKey,
    ) -> Result<(Made, Vec<Filling>), KeyError> {
        let fault = self.fault(WRITING);
        let mut filled = vec![self.newest(connection, epoch).await?];
        let mut made: Made = Vec::with_capacity(count);
        let mut wrapped = Vec::with_capacity(count);
        while made.len() < count {
            let Some(last) = filled.last_mut() else { break };
            if last.used >= BUCKET_KEYS {
                let bucket = last.bucket + 1;
                let key = insert_bucket(connection, self.force, bucket, epoch).await?.map_err(&fault)?;
                filled.push(Filling { bucket, used: 0, key });
                continue;
            }
            let place = KeyPlace { bucket: last.bucket, slot: last.used };
            let key = SecretKey::generate().map_err(seal_fault)?;
            wrapped.push((place, wrap(&last.key, &key_identity(place), &key)?));
            made.push((place, key));
            last.used += 1;
        }
        let bind = |query: Query<'static>, (place, wrapped): (KeyPlace, Vec<u8>)| {
            query.bind(self.key()).bind(place_number(place)).bind(wrapped)
        };
        NEW_KEYS.write(&mut *connection, wrapped, bind).await.map_err(&fault)?;
        for filling in &filled {
            let query = sqlx::query(USE)
                .bind(i64::from(filling.used))
                .bind(self.key())
                .bind(i64::from(filling.bucket));
            query.execute(&mut *connection).await.map_err(&fault)?;
        }
        Ok((made, filled))
    }

    /// The bucket that is being filled. There is one from the first day on.
    async fn newest(&self, connection: &mut SqliteConnection, epoch: &EpochKey) -> Result<Filling, KeyError> {
        let fault = self.fault(WRITING);
        let row = sqlx::query(NEWEST).bind(self.key()).fetch_one(connection).await.map_err(&fault)?;
        let reading = Reading { table: "buckets", row: &row, key: 0 };
        let bucket: u32 = reading.number(0, "bucket").map_err(&fault)?;
        let used: u32 = reading.number(1, "used").map_err(&fault)?;
        let wrapped: &[u8] = reading.column(2, "wrapped").map_err(&fault)?;
        let key = unwrap(&epoch.key, &bucket_identity(bucket, epoch.epoch), wrapped)?;
        Ok(Filling { bucket, used, key })
    }
}
