//! Searches through the door: the query, the decision on each hit, the entry, the lines shown.

use crate::Fault;
use crate::house;
use crate::load::Load;
use crate::report::{Report, Row};
use search::Page;
use std::path::Path;
use std::time::Instant;

const QUERIES: &[&str] = &[
    "drugs",
    "\"controlled drugs\"",
    "kind:stop-and-search arrest",
    "at:2015-01-05",
    "missing:place",
    "stolen -arrest",
    "contr*",
    "object:*drugs",
    "\"drugs misuse\"~8",
    "near:52.0,-1.0~500m",
    "near:52.0,-1.0~20km",
    "within:(51.8,-1.2 51.8,-0.8 52.2,-1.0)",
];

/// Asks each query in turn, one caller.
///
/// # Errors
/// Faults of the door.
pub async fn run(work: Option<&Path>, records: u64, rounds: u32) -> Result<Report, Fault> {
    let house = house::shipped(work).await?;
    house.fill(records).await?;
    let mut report = Report::new(format!("door-search --records {records} --rounds {rounds}"))
        .setting("records", records)
        .setting("times that each query is asked", rounds)
        .setting("callers", 1);
    for query in QUERIES {
        let mut times = Vec::new();
        let mut total = 0;
        let began = Instant::now();
        for _ in 0..rounds.max(1) {
            let asked = Instant::now();
            total = house.desk.search(&house.officer, query, Page::default()).await?.total;
            times.push(asked.elapsed());
        }
        let load = Load::of(times, began.elapsed());
        report = report
            .row(Row::new(format!("{query} ({total} found), p50"), "ms", load.at(0.5)))
            .row(Row::new(format!("{query} ({total} found), p95"), "ms", load.at(0.95)));
    }
    Ok(report)
}
