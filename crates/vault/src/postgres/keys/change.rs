//! Making, naming and destroying keys, and the turn. Each change is one transaction that first locks
//! the keystore's row and looks whether the epoch is the one that this process knows.

use super::{CHANGED, PostgresKeys, STANDING, WRITING};
use crate::cells::Reading;
use crate::keys::{BUCKET_KEYS, KeyPlace, Turn};
use crate::postgres::fault::{Tries, is_lost};
use crate::postgres::tx::Tx;
use crate::provider::EpochKey;
use crate::ring::{self, Bucket, Filled, Made};
use crate::rows::{first_place, place_number, signed};
use crate::sql;
use ledger::keys::{KeyError, LogKeys};
use sealing::SecretKey;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

const NEW_KEYS: &str =
    "INSERT INTO keys (force_id, place, wrapped) SELECT $1, * FROM unnest($2::bigint[], $3::bytea[])";
const PUT_KEYS: &str = "UPDATE keys k SET wrapped = n.wrapped FROM unnest($2::bigint[], $3::bytea[]) AS n (place, wrapped) \
     WHERE k.force_id = $1 AND k.place = n.place";
const PUT_BUCKETS: &str = "UPDATE buckets b SET wrapped = n.wrapped \
     FROM unnest($2::bigint[], $3::bytea[]) AS n (bucket, wrapped) WHERE b.force_id = $1 AND b.bucket = n.bucket";
const DROP_KEYS: &str = "DELETE FROM keys WHERE force_id = $1 AND place = ANY($2)";
const DROP_NAMES: &str = "DELETE FROM key_names WHERE force_id = $1 AND place = ANY($2)";

/// Why a change was not carried out: the server, or the change itself.
enum Fault {
    Server(sqlx::Error),
    Keys(KeyError),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
}

impl From<KeyError> for Fault {
    fn from(error: KeyError) -> Self {
        Self::Keys(error)
    }
}

type Renewed = Vec<(u32, SecretKey)>;

impl PostgresKeys {
    /// Makes keys in one transaction. Done again where the connection is lost: keys that nobody was told
    /// of are swept.
    pub(super) async fn make_in_one(&self, count: usize, name: Option<&str>) -> Result<Made, KeyError> {
        let mut tries = if name.is_some() { Tries::of_undone() } else { Tries::of_harmless() };
        loop {
            match self.try_to_make(count, name).await {
                Ok(made) => return Ok(made),
                Err(fault) => self.again(&mut tries, fault).await?,
            }
        }
    }

    /// Makes a key under a name that has none. Where the answer was lost, the key under that name is it:
    /// there was none before.
    pub(super) async fn make_named(&self, name: &str) -> Result<SecretKey, KeyError> {
        if self.get(name).await?.is_some() {
            return Err(taken(name));
        }
        match self.try_to_make(1, Some(name)).await {
            Ok(mut made) => {
                made.pop().map(|(_, key)| key).ok_or_else(|| KeyError("no key was made".to_owned()))
            }
            Err(Fault::Server(error)) if is_lost(&error) => match self.get(name).await? {
                Some(key) => Ok(key),
                None => self
                    .make_in_one(1, Some(name))
                    .await?
                    .pop()
                    .map(|(_, key)| key)
                    .ok_or_else(|| taken(name)),
            },
            Err(Fault::Server(error)) => Err(self.fault(WRITING)(error)),
            Err(Fault::Keys(error)) => Err(error),
        }
    }

    /// Waits before a change is tried once more; gives the fault back where it is not.
    async fn again(&self, tries: &mut Tries, fault: Fault) -> Result<(), KeyError> {
        match fault {
            Fault::Keys(error) => Err(error),
            Fault::Server(error) => tries.again(error).await.map_err(self.fault(WRITING)),
        }
    }

    /// Begins a change under the epoch that this process knows.
    async fn begin(&self, epoch: &EpochKey) -> Result<Tx, Fault> {
        let mut tx = self.database.begin(self.database.writers(), "BEGIN").await?;
        let row = sqlx::query(STANDING).bind(self.key()).fetch_one(tx.connection()).await?;
        let stored: u64 = Reading { table: "keystore", row: &row, key: 0 }.number(0, "epoch")?;
        if stored == epoch.epoch {
            return Ok(tx);
        }
        Err(Fault::Keys(KeyError(format!(
            "the keystore is under epoch {stored}, and this process knows epoch {}: another process has turned it. \
             Start this one again; nothing was changed",
            epoch.epoch
        ))))
    }

    /// Commits a change under the next mark; `freed` says that something went.
    async fn commit(&self, mut tx: Tx, freed: bool) -> Result<(), Fault> {
        let row =
            sqlx::query(CHANGED).bind(self.key()).bind(i64::from(freed)).fetch_one(tx.connection()).await?;
        let mark: u64 = Reading { table: "keystore", row: &row, key: 0 }.number(0, "mark")?;
        tx.commit().await?;
        self.mark.fetch_max(mark, Ordering::SeqCst);
        Ok(())
    }

    async fn try_to_make(&self, count: usize, name: Option<&str>) -> Result<Made, Fault> {
        let epoch = self.epoch.read().await;
        let mut tx = self.begin(&epoch).await?;
        let row = sqlx::query(sql::NEWEST_BUCKET).bind(self.key()).fetch_one(tx.connection()).await?;
        let filled = ring::fill(ring::bucket(&row)?, count, &epoch)?;
        self.put_filled(&mut tx, &filled).await?;
        if let (Some(name), Some((place, _))) = (name, filled.made.first()) {
            let query = sqlx::query(sql::NEW_NAME).bind(self.key()).bind(name).bind(place_number(*place));
            if query.execute(tx.connection()).await?.rows_affected() != 1 {
                return Err(Fault::Keys(taken(name)));
            }
        }
        self.commit(tx, false).await?;
        for (bucket, key) in filled.buckets {
            self.open_buckets.keep(bucket.bucket, key);
        }
        Ok(filled.made)
    }

    /// Writes new keys and the buckets that hold them. There is a bucket from the first day on.
    async fn put_filled(&self, tx: &mut Tx, filled: &Filled) -> sqlx::Result<()> {
        for (bucket, _) in filled.buckets.iter().skip(1) {
            let query = sqlx::query(sql::NEW_BUCKET).bind(self.key()).bind(i64::from(bucket.bucket));
            query.bind(bucket.wrapped.as_slice()).execute(tx.connection()).await?;
        }
        self.put_keys(tx, NEW_KEYS, &filled.rows).await?;
        for (bucket, _) in &filled.buckets {
            let query = sqlx::query(sql::USE_BUCKET).bind(self.key()).bind(i64::from(bucket.bucket));
            query.bind(i64::from(bucket.used)).execute(tx.connection()).await?;
        }
        Ok(())
    }

    async fn put_keys(
        &self,
        tx: &mut Tx,
        statement: &'static str,
        rows: &[(KeyPlace, Vec<u8>)],
    ) -> sqlx::Result<()> {
        let places: Vec<i64> = rows.iter().map(|(place, _)| place_number(*place)).collect();
        let wrapped: Vec<&[u8]> = rows.iter().map(|(_, wrapped)| wrapped.as_slice()).collect();
        let query = sqlx::query(statement).bind(self.key()).bind(places).bind(wrapped);
        query.execute(tx.connection()).await.map(drop)
    }

    /// Removes data keys and gives their buckets new keys in the same transaction.
    pub(super) async fn shred_keys(&self, places: &[KeyPlace]) -> Result<(), KeyError> {
        if places.is_empty() {
            return Ok(());
        }
        let mut tries = Tries::of_harmless();
        loop {
            match self.try_to_shred(places).await {
                Ok(()) => return Ok(()),
                Err(fault) => self.again(&mut tries, fault).await?,
            }
        }
    }

    async fn try_to_shred(&self, places: &[KeyPlace]) -> Result<(), Fault> {
        let epoch = self.epoch.read().await;
        let mut tx = self.begin(&epoch).await?;
        let renewed = self.remove(&mut tx, places, &epoch).await?;
        self.commit(tx, true).await?;
        self.keep_open(renewed);
        Ok(())
    }

    fn keep_open(&self, renewed: Renewed) {
        for (bucket, key) in renewed {
            self.open_buckets.keep(bucket, key);
        }
    }

    /// Gives the key called `from` the name `to`, destroying the key that had it. Where the answer was
    /// lost and `from` is gone, that was done.
    pub(super) async fn rename_key(&self, from: &str, to: &str) -> Result<(), KeyError> {
        let mut tries = Tries::of_harmless();
        let mut lost = false;
        loop {
            match self.try_to_rename(from, to).await {
                Ok(true) => return Ok(()),
                Ok(false) if lost => return Ok(()),
                Ok(false) => {
                    let why = format!("there is no key called {from}: nothing was renamed or destroyed");
                    return Err(KeyError(why));
                }
                Err(fault) => {
                    lost |= matches!(&fault, Fault::Server(error) if is_lost(error));
                    self.again(&mut tries, fault).await?;
                }
            }
        }
    }

    async fn try_to_rename(&self, from: &str, to: &str) -> Result<bool, Fault> {
        let epoch = self.epoch.read().await;
        let mut tx = self.begin(&epoch).await?;
        if self.name_of(&mut tx, from).await?.is_none() {
            return Ok(false);
        }
        let renewed = match self.name_of(&mut tx, to).await? {
            Some(place) => self.remove(&mut tx, &[place], &epoch).await?,
            None => Vec::new(),
        };
        let query = sqlx::query(sql::RENAME).bind(self.key()).bind(from).bind(to);
        query.execute(tx.connection()).await?;
        self.commit(tx, true).await?;
        self.keep_open(renewed);
        Ok(true)
    }

    async fn name_of(&self, tx: &mut Tx, name: &str) -> sqlx::Result<Option<KeyPlace>> {
        let query = sqlx::query(sql::PLACE_OF_NAME).bind(self.key()).bind(name);
        let row = query.fetch_optional(tx.connection()).await?;
        row.as_ref().map(|row| first_place("key_names", row)).transpose()
    }

    /// Removes data keys in a transaction; gives the buckets' new keys.
    async fn remove(&self, tx: &mut Tx, places: &[KeyPlace], epoch: &EpochKey) -> Result<Renewed, Fault> {
        let numbers: Vec<i64> = places.iter().map(|place| place_number(*place)).collect();
        for drop in [DROP_NAMES, DROP_KEYS] {
            sqlx::query(drop).bind(self.key()).bind(numbers.clone()).execute(tx.connection()).await?;
        }
        let buckets: BTreeSet<u32> = places.iter().map(|place| place.bucket).collect();
        let mut renewed = Vec::with_capacity(buckets.len());
        for bucket in buckets {
            renewed.extend(self.renew(tx, bucket, epoch).await?);
        }
        Ok(renewed)
    }

    /// Gives a bucket a new key and wraps what is left in it again.
    async fn renew(
        &self,
        tx: &mut Tx,
        bucket: u32,
        epoch: &EpochKey,
    ) -> Result<Option<(u32, SecretKey)>, Fault> {
        let query = sqlx::query(sql::BUCKET).bind(self.key()).bind(i64::from(bucket));
        let Some(row) = query.fetch_optional(tx.connection()).await? else { return Ok(None) };
        let first = place_number(KeyPlace { bucket, slot: 0 });
        let query = sqlx::query(sql::KEYS_OF_BUCKET).bind(self.key()).bind(first);
        let left = query.bind(first + i64::from(BUCKET_KEYS)).fetch_all(tx.connection()).await?;
        let left = left.iter().map(ring::wrapped).collect::<sqlx::Result<_>>()?;
        let renewed = ring::renew(&ring::bucket(&row)?, left, epoch)?;
        self.put_keys(tx, PUT_KEYS, &renewed.rows).await?;
        let query = sqlx::query(sql::NEW_BUCKET_KEY).bind(self.key()).bind(i64::from(bucket));
        query.bind(renewed.wrapped).execute(tx.connection()).await?;
        Ok(Some((bucket, renewed.key)))
    }

    /// The turn: every bucket key is wrapped again under the next epoch key, and the epoch's number
    /// changes in the same transaction.
    pub(super) async fn turn_buckets(&self, next: &EpochKey) -> Result<Turn, KeyError> {
        let mut epoch = self.epoch.write().await;
        if next.epoch != epoch.epoch + 1 {
            let (from, to) = (epoch.epoch, next.epoch);
            return Err(KeyError(format!(
                "a turn goes from epoch {from} to {}, not to {to}; nothing was changed",
                from + 1
            )));
        }
        let buckets = match self.try_to_turn(&epoch, next).await {
            Ok(buckets) => buckets,
            Err(Fault::Keys(error)) => return Err(error),
            Err(Fault::Server(error)) if is_lost(&error) && self.stands_at(next.epoch).await? => 0,
            Err(Fault::Server(error)) => {
                let doing = "the turn failed; the keystore stays under its present epoch key";
                return Err(self.fault(doing)(error));
            }
        };
        *epoch = next.clone();
        drop(epoch);
        self.rewrite_freed().await?;
        let buckets = if buckets > 0 { buckets } else { self.count_buckets().await? };
        Ok(Turn { epoch: next.epoch, buckets })
    }

    async fn stands_at(&self, epoch: u64) -> Result<bool, KeyError> {
        Ok(self.number("SELECT epoch FROM keystore WHERE force_id = $1").await? == signed(epoch))
    }

    async fn count_buckets(&self) -> Result<u64, KeyError> {
        let count = self.number("SELECT count(*) FROM buckets WHERE force_id = $1").await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn try_to_turn(&self, from: &EpochKey, to: &EpochKey) -> Result<u64, Fault> {
        let mut tx = self.begin(from).await?;
        let (mut last, mut count) = (-1, 0);
        loop {
            let query = sqlx::query(sql::SOME_BUCKETS).bind(self.key()).bind(last);
            let rows = query.fetch_all(tx.connection()).await?;
            let mut some = rows.iter().map(ring::bucket).collect::<sqlx::Result<Vec<Bucket>>>()?;
            let Some(newest) = some.last() else { break };
            last = i64::from(newest.bucket);
            count += some.len() as u64;
            for bucket in &mut some {
                bucket.turn(from, to)?;
            }
            let query = sqlx::query(PUT_BUCKETS)
                .bind(self.key())
                .bind(some.iter().map(|bucket| i64::from(bucket.bucket)).collect::<Vec<_>>())
                .bind(some.iter().map(|bucket| bucket.wrapped.as_slice()).collect::<Vec<_>>());
            query.execute(tx.connection()).await?;
        }
        let query = sqlx::query(sql::SET_EPOCH).bind(self.key()).bind(signed(to.epoch));
        query.bind(signed(from.epoch)).execute(tx.connection()).await?;
        self.commit(tx, true).await?;
        Ok(count)
    }
}

fn taken(name: &str) -> KeyError {
    KeyError(format!("there is a key called {name} already; it was not touched"))
}
