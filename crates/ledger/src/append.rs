//! Group commit: many callers' entries become durable in one transaction. Data is released to a
//! caller only after that.

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

/// What one caller enters, and whom to tell of the last of it. The entries of one caller stay together.
pub(crate) struct Request {
    openings: Vec<Vec<u8>>,
    done: oneshot::Sender<Result<EntryRef, LedgerError>>,
}

/// What is told of a request.
pub(crate) type Answer = oneshot::Receiver<Result<EntryRef, LedgerError>>;

/// Most callers in one transaction.
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
        // Callers that wait together tend to come back together: the next batch may wait for as many. Whoever
        // comes alone waits for nobody, however much they enter.
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
    let sealed = seal_batch(&key, batch.iter().flat_map(|request| &request.openings))?;
    core.made_durable(u64::from(sealed.count), core.store.append_alone(&sealed)).await?;
    Ok(sealed.id)
}

fn answer(batch: Vec<Request>, result: Result<Uuid, LedgerError>) {
    match result {
        Ok(id) => {
            let mut entered = 0u32;
            for request in batch {
                entered += request.openings.len() as u32;
                // A caller that went away has its entries all the same.
                let _ = request.done.send(Ok(EntryRef { batch: id, place: entered.saturating_sub(1) }));
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

/// A request to enter these, in their order.
pub(crate) fn request(openings: Vec<Vec<u8>>) -> (Request, Answer) {
    let (done, answer) = oneshot::channel();
    (Request { openings, done }, answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_caller_is_told_of_the_last_of_their_entries() {
        let (two, first) = request(vec![vec![1], vec![2]]);
        let (one, second) = request(vec![vec![3]]);
        let batch = Uuid::now_v7();
        answer(vec![two, one], Ok(batch));
        assert_eq!(first.await.unwrap().unwrap(), EntryRef { batch, place: 1 });
        assert_eq!(second.await.unwrap().unwrap(), EntryRef { batch, place: 2 });
    }

    #[tokio::test]
    async fn whoever_comes_alone_waits_for_nobody_and_others_for_as_many_as_came_before() {
        let (sender, mut requests) = mpsc::channel(4);
        let batch_of = |count| (0..count).map(|_| request(vec![vec![1]; 5]).0).collect::<Vec<_>>();
        let began = std::time::Instant::now();
        gather(&mut requests, &mut batch_of(1), 1, Duration::from_secs(60)).await;
        let late = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            sender.send(request(vec![vec![1]]).0).await.ok();
        };
        let mut batch = batch_of(1);
        tokio::join!(gather(&mut requests, &mut batch, 2, Duration::from_secs(60)), late);
        assert_eq!(batch.len(), 2);
        assert!(began.elapsed() < Duration::from_secs(30));
    }
}
