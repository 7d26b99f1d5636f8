//! The pace at which rows come in. They can be made durable faster than they can be indexed, and the index takes
//! changes in their order: whoever saved one meanwhile would wait for all that came before it. So nobody takes in
//! more before the index has nearly followed.

use crate::Desk;
use ledger::EntryRef;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use vault::store::RecordStore;

/// How long what was taken in may be durable while the index has not got it.
const MOST_BEHIND: Duration = Duration::from_millis(250);
/// How long the index is waited for. One that does not follow, because it is damaged or built anew, must not end
/// an intake.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was taken in last: the entries, and when.
#[derive(Default)]
pub(crate) struct Pace(Mutex<VecDeque<(EntryRef, Instant)>>);

impl<S: RecordStore> Desk<S> {
    /// Notes that rows were taken in with an entry.
    pub(crate) async fn note_taken_in(&self, entry: EntryRef) {
        self.pace.0.lock().await.push_back((entry, Instant::now()));
    }

    /// Waits until the index has nearly followed what was taken in.
    pub(crate) async fn keep_pace(&self) {
        let mut taken = self.pace.0.lock().await;
        while let Some((entry, since)) = taken.front().copied().filter(|(_, at)| at.elapsed() >= MOST_BEHIND)
        {
            taken.pop_front();
            let followed = tokio::time::timeout(PATIENCE.saturating_sub(since.elapsed()), async {
                // A log that gives no places any more says so itself.
                if let Ok(leaf) = self.ledger.position(entry).await {
                    self.index.reach(leaf).await;
                }
            });
            if followed.await.is_err() {
                tracing::debug!("rows are taken in faster than the search index follows");
            }
        }
    }
}
