//! Reads through the whole door: look up, decide, enter in the log, wait until that is durable, open.

use crate::Fault;
use crate::arguments::{Rounds, Store};
use crate::house::{self, House};
use crate::load::{Load, drive};
use crate::memory_log;
use crate::report::{Goal, Report, Rounds as Measured, Row};
use model::RecordId;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use vault::store::RecordStore;

/// Runs ours and the peer in turns, so that what else the machine does meets both alike.
///
/// # Errors
/// Faults of either.
pub async fn run(work: Option<&Path>, callers: u32, wanted: &Rounds) -> Result<Report, Fault> {
    if wanted.store == Store::Postgres {
        let ours = house::on_postgres(work).await?;
        let records = Arc::new(ours.fill(wanted.records).await?);
        let mut measured = Measured { ours: Vec::new(), peer: Vec::new() };
        for _ in 0..wanted.rounds.max(1) {
            measured.ours.push(read(&ours, &records, callers, wanted).await?);
        }
        return Ok(report(callers, wanted, &measured));
    }
    let ours = house::shipped(work).await?;
    let our_records = Arc::new(ours.fill(wanted.records).await?);
    let peer = match wanted.alone {
        true => None,
        false => Some(house::in_memory(work).await?),
    };
    let peer_records = match &peer {
        Some(peer) => Arc::new(peer.fill(wanted.records).await?),
        None => Arc::default(),
    };
    let mut measured = Measured { ours: Vec::new(), peer: Vec::new() };
    for _ in 0..wanted.rounds.max(1) {
        measured.ours.push(read(&ours, &our_records, callers, wanted).await?);
        if let Some(peer) = &peer {
            measured.peer.push(read(peer, &peer_records, callers, wanted).await?);
        }
    }
    Ok(report(callers, wanted, &measured))
}

async fn read<S: RecordStore>(
    house: &House<S>,
    records: &Arc<Vec<RecordId>>,
    callers: u32,
    wanted: &Rounds,
) -> Result<Load, Fault> {
    let (desk, who, records) = (Arc::clone(&house.desk), house.officer.clone(), Arc::clone(records));
    drive(callers, Duration::from_secs(wanted.seconds), move |random| {
        let record =
            usize::try_from(random).ok().and_then(|random| records.get(random % records.len())).copied();
        let (desk, who) = (Arc::clone(&desk), who.clone());
        async move {
            let record = record.ok_or("there is no record to read")?;
            let plain = desk.open_record(&who, record).await?;
            // What was opened is looked at, so that opening cannot be left out.
            if plain.slots().next().is_none() {
                return Err("an opened record says nothing".into());
            }
            Ok(())
        }
    })
    .await
}

fn report(callers: u32, wanted: &Rounds, measured: &Measured<Load>) -> Report {
    let row = |what: &str, unit, figure: &dyn Fn(&Load) -> f64| {
        Row::median(what, unit, measured, memory_log::NAME, figure)
    };
    let Rounds { records, seconds, rounds: count, store, .. } = wanted;
    let goal = match store {
        Store::Sqlite => 10_000.0,
        Store::Postgres => 3_000.0,
    };
    Report::new(format!(
        "reads --callers {callers} --records {records} --seconds {seconds} --rounds {count}{}",
        store.said()
    ))
    .setting("callers", callers)
    .setting("records", records)
    .setting("seconds of each round", seconds)
    .setting("rounds, of which the median is given", count)
    .row(row("reads through the whole door", "reads/s", &Load::rate).goal(Goal::AtLeast(goal)))
    .row(row("the same, beside the peer", "reads/s", &Load::rate).goal(Goal::RatioAtLeast(0.6)))
    .row(row("time of a read, p50", "ms", &|load| load.at(0.5)))
    .row(row("time of a read, p95", "ms", &|load| load.at(0.95)).goal(Goal::AtMost(12.0)))
    .row(row("time of a read, p99", "ms", &|load| load.at(0.99)))
    .row(row("processor time of a read", "µs", &Load::processor))
}
