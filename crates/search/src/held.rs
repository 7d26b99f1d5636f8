//! What the index holds, for the comparison with the vault.

use crate::error::IndexError;
use crate::reader::View;
use model::VersionRef;
use tokio::sync::mpsc::Sender;

/// Records in one batch.
const BATCH: usize = 1024;

/// Sends every record and version in batches, until all are sent or nobody listens.
pub(crate) fn stream(view: &View, to: &Sender<Result<Vec<VersionRef>, IndexError>>) {
    if let Err(error) = send_all(view, to) {
        // Nobody listens any more; then nobody misses the error.
        let _ = to.blocking_send(Err(error));
    }
}

fn send_all(view: &View, to: &Sender<Result<Vec<VersionRef>, IndexError>>) -> Result<(), IndexError> {
    let mut batch = Vec::with_capacity(BATCH);
    for segment in view.searcher.segment_readers() {
        let columns = view.columns.of(segment)?;
        for doc in segment.doc_ids_alive() {
            batch.push(columns.read(doc).0);
            if batch.len() == BATCH && to.blocking_send(Ok(std::mem::take(&mut batch))).is_err() {
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        // As above: where nobody listens, there is nothing left to do.
        let _ = to.blocking_send(Ok(batch));
    }
    Ok(())
}
