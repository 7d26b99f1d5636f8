//! What a keystore does with keys, whichever backend keeps the rows: filling buckets, giving a bucket
//! another key, going from one epoch to the next, and making keys for all who wait at once.

use crate::cells::{Cells, Reading};
use crate::keys::{BUCKET_KEYS, KeyPlace, KeyTraces, bucket_identity, key_identity, unwrap, wrap};
use crate::provider::EpochKey;
use crate::rows;
use futures::future::BoxFuture;
use ledger::keys::{KeyError, seal_fault};
use lru::LruCache;
use sealing::SecretKey;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

/// New data keys with their places.
pub(crate) type Made = Vec<(KeyPlace, SecretKey)>;

/// A bucket as its row has it.
pub(crate) struct Bucket {
    pub bucket: u32,
    pub used: u32,
    pub wrapped: Vec<u8>,
}

/// A bucket: bucket, used, wrapped.
pub(crate) fn bucket<R: Cells>(row: &R) -> sqlx::Result<Bucket> {
    let reading = Reading { table: "buckets", row, key: 0 };
    Ok(Bucket {
        bucket: reading.number(0, "bucket")?,
        used: reading.number(1, "used")?,
        wrapped: reading.column(2, "wrapped")?,
    })
}

/// A wrapped key with its place, and with its bucket's where the row has that too: place, wrapped,
/// wrapped of the bucket.
pub(crate) struct Wrapped {
    pub place: KeyPlace,
    pub key: Vec<u8>,
    pub bucket: Vec<u8>,
}

pub(crate) fn wrapped<R: Cells>(row: &R) -> sqlx::Result<Wrapped> {
    let place = rows::first_place("keys", row)?;
    let reading = Reading { table: "keys", row, key: 0 };
    let bucket = if row.width() > 2 { reading.column(2, "wrapped")? } else { Vec::new() };
    Ok(Wrapped { place, key: reading.column(1, "wrapped")?, bucket })
}

impl Bucket {
    /// A new bucket with a new key.
    pub fn new(bucket: u32, epoch: &EpochKey) -> Result<(Self, SecretKey), KeyError> {
        let key = SecretKey::generate().map_err(seal_fault)?;
        let wrapped = wrap(&epoch.key, &bucket_identity(bucket, epoch.epoch), &key)?;
        Ok((Self { bucket, used: 0, wrapped }, key))
    }

    /// Its key.
    pub fn open(&self, epoch: &EpochKey) -> Result<SecretKey, KeyError> {
        unwrap(&epoch.key, &bucket_identity(self.bucket, epoch.epoch), &self.wrapped)
    }

    /// Wraps its key under the next epoch's.
    pub fn turn(&mut self, from: &EpochKey, to: &EpochKey) -> Result<(), KeyError> {
        let key = self.open(from)?;
        self.wrapped = wrap(&to.key, &bucket_identity(self.bucket, to.epoch), &key)?;
        Ok(())
    }
}

/// What making keys writes.
pub(crate) struct Filled {
    /// The keys, for whoever asked.
    pub made: Made,
    /// Their rows.
    pub rows: Vec<(KeyPlace, Vec<u8>)>,
    /// The bucket that was being filled, with what is used of it now; it comes first, and new buckets
    /// after it.
    pub buckets: Vec<(Bucket, SecretKey)>,
}

/// Makes `count` keys, filling `newest` and making new buckets as they fill up.
pub(crate) fn fill(newest: Bucket, count: usize, epoch: &EpochKey) -> Result<Filled, KeyError> {
    let mut key = newest.open(epoch)?;
    let (mut current, mut buckets) = (newest, Vec::new());
    let (mut made, mut rows) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while made.len() < count {
        if current.used >= BUCKET_KEYS {
            let (next, next_key) = Bucket::new(current.bucket + 1, epoch)?;
            buckets.push((std::mem::replace(&mut current, next), std::mem::replace(&mut key, next_key)));
        }
        let place = KeyPlace { bucket: current.bucket, slot: current.used };
        let new = SecretKey::generate().map_err(seal_fault)?;
        rows.push((place, wrap(&key, &key_identity(place), &new)?));
        made.push((place, new));
        current.used += 1;
    }
    buckets.push((current, key));
    Ok(Filled { made, rows, buckets })
}

/// A bucket under another key, with what is left in it.
pub(crate) struct Renewed {
    pub key: SecretKey,
    pub wrapped: Vec<u8>,
    pub rows: Vec<(KeyPlace, Vec<u8>)>,
}

/// Gives a bucket a new key and wraps what is left in it again.
pub(crate) fn renew(bucket: &Bucket, left: Vec<Wrapped>, epoch: &EpochKey) -> Result<Renewed, KeyError> {
    let old = bucket.open(epoch)?;
    let (renewed, key) = Bucket::new(bucket.bucket, epoch)?;
    let rewrap = |left: Wrapped| {
        let identity = key_identity(left.place);
        Ok((left.place, wrap(&key, &identity, &unwrap(&old, &identity, &left.key)?)?))
    };
    let rows = left.into_iter().map(rewrap).collect::<Result<_, KeyError>>()?;
    Ok(Renewed { wrapped: renewed.wrapped, key, rows })
}

/// Raw and wrapped octets of keys that come with their buckets' keys.
pub(crate) fn traces(found: Vec<Wrapped>, epoch: &EpochKey) -> Result<KeyTraces, KeyError> {
    let mut traces = KeyTraces::default();
    for Wrapped { place, key: wrapped, bucket: under } in found {
        let bucket = unwrap(&epoch.key, &bucket_identity(place.bucket, epoch.epoch), &under)?;
        let key = unwrap(&bucket, &key_identity(place), &wrapped)?;
        for raw in [key.expose().to_vec(), bucket.expose().to_vec()] {
            push_once(&mut traces.material, raw);
        }
        for wrapped in [wrapped, under] {
            push_once(&mut traces.wrapped, wrapped);
        }
    }
    Ok(traces)
}

fn push_once(all: &mut Vec<Vec<u8>>, octets: Vec<u8>) {
    if !all.contains(&octets) {
        all.push(octets);
    }
}

/// Bucket keys kept open: enough for four million records, about 4 MiB.
const OPEN_BUCKETS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(16_383);

/// The bucket keys that are open.
pub(crate) struct OpenBuckets(Mutex<LruCache<u32, SecretKey>>);

impl Default for OpenBuckets {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(OPEN_BUCKETS)))
    }
}

impl OpenBuckets {
    /// The key of a bucket, where it is open.
    pub fn get(&self, bucket: u32) -> Option<SecretKey> {
        self.0.lock().ok()?.get(&bucket).cloned()
    }

    /// Keeps a bucket's key open in the place of an older one.
    pub fn keep(&self, bucket: u32, key: SecretKey) {
        if let Ok(mut open) = self.0.lock() {
            open.put(bucket, key);
        }
    }

    /// Opens what opens under keys that are kept; gives the places of the rest.
    pub fn unwrap_all(&self, found: Vec<Wrapped>, into: &mut HashMap<KeyPlace, SecretKey>) -> Vec<KeyPlace> {
        let mut again = Vec::new();
        for Wrapped { place, key, .. } in found {
            match self.get(place.bucket).map(|bucket| unwrap(&bucket, &key_identity(place), &key)) {
                Some(Ok(key)) => drop(into.insert(place, key)),
                // Its bucket is not open yet, or was given a new key by a shredding just now.
                _ => again.push(place),
            }
        }
        again
    }

    /// Opens keys that come with their buckets' keys, and keeps those.
    pub fn unwrap_twice(
        &self,
        found: Vec<Wrapped>,
        epoch: &EpochKey,
        into: &mut HashMap<KeyPlace, SecretKey>,
    ) -> Result<(), KeyError> {
        let mut opened: HashMap<Vec<u8>, (u32, SecretKey)> = HashMap::new();
        for Wrapped { place, key, bucket: under } in found {
            let bucket = match opened.get(&under) {
                Some((_, bucket)) => bucket.clone(),
                None => unwrap(&epoch.key, &bucket_identity(place.bucket, epoch.epoch), &under)?,
            };
            into.insert(place, unwrap(&bucket, &key_identity(place), &key)?);
            opened.insert(under, (place.bucket, bucket));
        }
        for (bucket, key) in opened.into_values() {
            self.keep(bucket, key);
        }
        Ok(())
    }
}

/// A caller who waits for keys.
struct Request {
    count: usize,
    done: oneshot::Sender<Result<Made, String>>,
}

/// Callers who wait for new keys. Whoever comes first makes them for all who wait by then, so that many
/// callers' keys become durable in one transaction.
#[derive(Default)]
pub(crate) struct Makers {
    waiting: Mutex<Vec<Request>>,
    making: AsyncMutex<()>,
}

impl Makers {
    /// Gives `count` keys; `make` makes the keys of all who wait, in one transaction.
    pub async fn keys<'a>(
        &self,
        count: usize,
        make: impl Fn(usize) -> BoxFuture<'a, Result<Made, KeyError>>,
    ) -> Result<Made, KeyError> {
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
                    self.serve(&make).await;
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

    async fn serve<'a>(&self, make: &impl Fn(usize) -> BoxFuture<'a, Result<Made, KeyError>>) {
        let mut waiting = match self.waiting.lock() {
            Ok(mut waiting) => std::mem::take(&mut *waiting),
            Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
        };
        waiting.retain(|request| !request.done.is_closed());
        if waiting.is_empty() {
            return;
        }
        match make(waiting.iter().map(|request| request.count).sum()).await {
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
}
