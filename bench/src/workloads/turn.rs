//! The turn of a keystore that holds one data key for each record, and of one ten times as large.

use crate::Fault;
use crate::house;
use crate::load::median;
use crate::report::{Goal, Report, Row};
use desk::clock::{Clock, MachineClock, id_at};
use model::ForceId;
use std::path::Path;
use std::time::Instant;
use vault::KeyStore;
use vault::provider::FileProvider;
use vault::sqlite::SqliteKeys;

/// Keys made in one transaction.
const BATCH: usize = 4096;

/// Times of one estate, in microseconds a bucket.
struct Estate {
    buckets: u64,
    turn: f64,
    with_copy: f64,
}

/// Turns both.
///
/// # Errors
/// Faults of keystore and provider.
pub async fn run(work: Option<&Path>, records: u64, rounds: u32) -> Result<Report, Fault> {
    let small = estate(work, records / 10, rounds).await?;
    let large = estate(work, records, rounds).await?;
    let peer = "the same in an estate of a tenth of the size";
    Ok(Report::new(format!("turn --records {records} --rounds {rounds}"))
        .setting("records, one data key each", records)
        .setting("buckets that a turn touches", format!("{} and {}", small.buckets, large.buckets))
        .setting("rounds, of which the median is given", rounds)
        .row(
            Row::new("turn, a bucket", "µs", large.turn)
                .beside(small.turn, peer)
                .goal(Goal::RatioAtMost(1.5)),
        )
        .row(
            Row::new("turn with a new checked copy of the keystore, a bucket", "µs", large.with_copy)
                .beside(small.with_copy, peer)
                .goal(Goal::RatioAtMost(1.5)),
        )
        .row(Row::new("turn, whole", "ms", large.turn * large.buckets as f64 / 1e3)))
}

async fn estate(work: Option<&Path>, records: u64, rounds: u32) -> Result<Estate, Fault> {
    let folder = house::folder(work)?;
    let force = ForceId(id_at(MachineClock.now()));
    let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
    let keys = SqliteKeys::create(&folder.path().join("keys.sqlite"), force, provider.clone()).await?;
    let mut left = usize::try_from(records)?;
    while left > 0 {
        let some = left.min(BATCH);
        keys.make(some).await?;
        left -= some;
    }
    let (mut turns, mut copies, mut buckets) = (Vec::new(), Vec::new(), 0);
    for _ in 0..rounds.max(1) {
        for copy in [None, Some(folder.path())] {
            let began = Instant::now();
            let report = vault::turn(&keys, &provider, copy).await?;
            let time = began.elapsed().as_secs_f64() * 1e6 / report.buckets as f64;
            buckets = report.buckets;
            if copy.is_some() { copies.push(time) } else { turns.push(time) }
        }
    }
    Ok(Estate { buckets, turn: median(turns), with_copy: median(copies) })
}
