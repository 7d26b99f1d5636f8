//! The workloads.

mod alerts;
mod appends;
mod door_search;
mod freshness;
mod intake;
mod needs;
mod pages;
mod proofs;
mod reads;
mod sealing;
mod search;
mod turn;
mod weights;

use crate::Fault;
use crate::arguments::{Arguments, Workload};
use crate::report::Print;

/// Runs the workload that was asked for.
///
/// # Errors
/// Whatever stops it, in words.
pub async fn run(arguments: &Arguments) -> Result<Box<dyn Print>, Fault> {
    let work = arguments.work.as_deref();
    let report = match &arguments.workload {
        Workload::Reads { callers, rounds } => reads::run(work, *callers, rounds).await,
        Workload::Appends { callers, rounds } => appends::run(work, *callers, rounds).await,
        Workload::Proofs { leaves, proofs } => proofs::run(work, *leaves, *proofs).await,
        Workload::Turn { records, rounds } => turn::run(work, *records, *rounds).await,
        Workload::Intake { rows, store, files } if files.is_empty() => intake::run(work, *rows, *store),
        Workload::Intake { store, files, .. } => intake::published(work, *store, files).await,
        Workload::IntakeOnce { rows, store } => intake::once(work, *rows, *store).await,
        Workload::DoorSearch { records, rounds } => door_search::run(work, *records, *rounds).await,
        Workload::Sealing { records, needs, builds, rounds } => {
            sealing::run(work, (records, needs), *builds, *rounds).await
        }
        Workload::Freshness { rows, writers } => freshness::run(work, *rows, *writers).await,
        Workload::Alerts { records, searches, rounds } => alerts::run(records, *searches, *rounds).await,
        Workload::Pages(wanted) => pages::run(work, wanted).await,
        Workload::Needs(wanted) => return Ok(Box::new(needs::run(wanted)?)),
        Workload::Search(wanted) => return Ok(Box::new(search::run(work, wanted)?)),
        Workload::Weights(wanted) => return Ok(Box::new(weights::run(work, wanted).await?)),
        Workload::SearchOnce { engine, search: wanted } => {
            return Ok(Box::new(search::once(work, *engine, wanted).await?));
        }
    };
    Ok(Box::new(report?))
}
