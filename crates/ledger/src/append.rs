//! Group commit: many callers' entries become durable in one transaction. Data is released to a
//! caller only after that.

use crate::commitment::Payload;
use crate::core::{Core, PendingKey};
use crate::error::LedgerError;
use crate::receipt::EntryRef;
use crate::store::{EntryStore, PendingBatch};
use sealing::SecretKey;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

/// An entry on its way, and whom to tell.
pub(crate) struct Request {
    pub opening: Vec<u8>,
    pub done: oneshot::Sender<Result<EntryRef, LedgerError>>,
}

/// Most entries in one transaction.
const MOST: usize = 2048;

/// Seals openings into a batch.
pub(crate) fn seal_batch(
    key: &PendingKey,
    openings: impl Iterator<Item = impl AsRef<[u8]>>,
) -> Result<PendingBatch, LedgerError> {
    let id = Uuid::now_v7();
    let mut plain = Vec::with_capacity(16 * 1024);
    let mut count = 0;
    for opening in openings {
        let opening = opening.as_ref();
        plain.extend((opening.len() as u32).to_be_bytes());
        plain.extend_from_slice(opening);
        count += 1;
    }
    let sealed = key.key.seal(id.as_bytes(), &plain);
    let sealed = sealed.map_err(|source| LedgerError::Seal { what: "a new batch".into(), source })?;
    Ok(PendingBatch { id, key: key.number, count, sealed })
}

/// Opens a batch.
pub(crate) fn open_batch(batch: &PendingBatch, key: &SecretKey) -> Result<Vec<u8>, LedgerError> {
    let plain = key.open(batch.id.as_bytes(), &batch.sealed);
    plain.map_err(|source| LedgerError::Seal { what: format!("batch {}", batch.id), source })
}

/// The openings of an opened batch, where they lie.
pub(crate) fn openings_of(plain: &[u8], count: u32) -> Result<Vec<&[u8]>, LedgerError> {
    let mut reader = crate::commitment::Reader(plain);
    let mut openings = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let length = reader.number32()? as usize;
        openings.push(reader.slice(length)?);
    }
    reader.end()?;
    Ok(openings)
}

/// Runs until the ledger is dropped.
pub(crate) async fn run<S: EntryStore>(
    core: std::sync::Weak<Core<S>>,
    linger: Duration,
    mut requests: mpsc::Receiver<Request>,
) {
    let mut expected = 1;
    while let Some(first) = requests.recv().await {
        let mut batch = vec![first];
        gather(&mut requests, &mut batch, expected, linger).await;
        // Callers that wait together tend to come back together: the next batch may wait as many.
        expected = batch.len() + requests.len();
        let Some(core) = core.upgrade() else { return };
        let result = write(&core, &batch).await;
        answer(batch, result);
    }
}

/// Takes what is there, and lingers a little while fewer came than last time. A group commit that
/// waits costs latency; one that never waits commits in twos and threes.
async fn gather(
    requests: &mut mpsc::Receiver<Request>,
    batch: &mut Vec<Request>,
    expected: usize,
    linger: Duration,
) {
    let until = Instant::now() + linger;
    while batch.len() < MOST {
        match requests.try_recv() {
            Ok(request) => batch.push(request),
            Err(_) if batch.len() >= expected => return,
            // Asleep, not spinning: the callers who are awaited need the processor.
            Err(_) => match tokio::time::timeout_at(until, requests.recv()).await {
                Ok(Some(request)) => batch.push(request),
                Ok(None) | Err(_) => return,
            },
        }
    }
}

async fn write<S: EntryStore>(core: &Arc<Core<S>>, batch: &[Request]) -> Result<Uuid, LedgerError> {
    core.check_running()?;
    core.not_too_far_ahead().await?;
    let key = core.pending_key();
    let sealed = seal_batch(&key, batch.iter().map(|request| &request.opening))?;
    core.made_durable(u64::from(sealed.count), core.store.append_alone(&sealed)).await?;
    Ok(sealed.id)
}

fn answer(batch: Vec<Request>, result: Result<Uuid, LedgerError>) {
    match result {
        Ok(id) => {
            for (place, request) in (0u32..).zip(batch) {
                // A caller that went away has its entry all the same.
                let _ = request.done.send(Ok(EntryRef { batch: id, place }));
            }
        }
        Err(error) => {
            let text = error.to_string();
            for request in batch {
                let _ = request.done.send(Err(LedgerError::Stopped(text.clone())));
            }
        }
    }
}

/// A payload, as a request carries it.
pub(crate) fn request(payload: &Payload) -> (Request, oneshot::Receiver<Result<EntryRef, LedgerError>>) {
    let (done, answer) = oneshot::channel();
    (Request { opening: payload.encode(), done }, answer)
}
