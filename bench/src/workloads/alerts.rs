//! What alerts cost: saved searches are asked of records that come in, a few at a time and many at a time, as
//! the machine does it for each batch of changes. The searches are those that people keep: for a person by name
//! and year of birth, for a mark, for a telephone number, for words at a place; each is made of a record that
//! is in the file, so that some of them meet what comes in.

use super::search::records::{Record, Records};
use super::search::{entry, flat};
use crate::Fault;
use crate::load::median;
use crate::report::{Report, Row};
use search::{Batch, IndexEntry, Query};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use synth::random::Random;

/// Records of a batch: one change by itself, a few, and as many as are looked at together.
const SIZES: [usize; 3] = [1, 32, 1_024];

/// Asks no search, a tenth of them, and all of them.
///
/// # Errors
/// A file that cannot be read, by line; faults of the engine.
pub async fn run(records: &Path, searches: usize, rounds: u32) -> Result<Report, Fault> {
    let all = read(records)?;
    let queries = queries(&all, searches)?;
    let mut report = Report::new(format!(
        "alerts --records {} --searches {searches} --rounds {rounds}",
        records.display()
    ))
    .setting("records in the file", all.len())
    .setting("rounds, of which the median is given", rounds);
    for size in SIZES {
        for kept in [0, searches / 10, searches] {
            let queries = queries.get(..kept).unwrap_or(&queries);
            let (mut times, mut met) = (Vec::new(), 0);
            let mut random = Random::part(kept as u64, "what comes in");
            for _ in 0..rounds.max(1) {
                let batch: Vec<IndexEntry> =
                    (1..).zip(0..size).filter_map(|(n, _)| Some(entry(random.pick(&all)?, n))).collect();
                let queries = queries.to_vec();
                let began = Instant::now();
                let batch = Arc::new(Batch::of(batch).await?);
                met = batch.met_by(queries).await?.iter().map(Vec::len).sum();
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            let what = format!("{size} records, {kept} searches ({met} met)");
            report = report.row(Row::new(what, "ms", median(times)));
        }
    }
    Ok(report)
}

fn read(path: &Path) -> Result<Vec<Record>, Fault> {
    let (mut records, mut all) = (Records::open(path)?, Vec::new());
    while let Some(record) = records.next()? {
        all.push(record);
    }
    Ok(all)
}

/// Searches that are made of records at random, each of what that record has.
fn queries(all: &[Record], wanted: usize) -> Result<Vec<Query>, Fault> {
    let mut random = Random::part(1, "saved searches");
    let mut queries = Vec::with_capacity(wanted);
    // Some records have nothing that anybody would look for.
    for _ in 0..wanted * 10 {
        if queries.len() == wanted {
            return Ok(queries);
        }
        let text = random.pick(all).and_then(|record| text(record, &mut random));
        queries.extend(text.map(|text| Query::parse(&text)).transpose()?);
    }
    Err(format!("the records of the file make only {} searches", queries.len()).into())
}

fn text(record: &Record, random: &mut Random) -> Option<String> {
    let flat = flat(record);
    let mut ways = Vec::new();
    if let Some(name) = flat.names.first() {
        let year = flat.births.first().and_then(|born| born.year);
        ways.push(year.map_or_else(|| name.short(), |year| format!("{} {year}", name.short())));
        ways.push(format!("surname:{} kind:{}", name.surname.split(' ').next()?, record.kind.name));
    }
    ways.extend(flat.phones.first().map(|phone| format!("0{phone}")));
    ways.extend(flat.marks.first().map(|mark| format!("vrm:{mark}")));
    ways.extend(flat.point.map(|(latitude, longitude)| {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        format!("kind:{} near:{},{}~500m", record.kind.name, degrees(latitude), degrees(longitude))
    }));
    let words: Vec<&str> = flat.text.split(' ').filter(|word| word.len() > 4).take(2).collect();
    (words.len() == 2).then(|| ways.push(words.join(" ")));
    // What cannot be read is none that anybody could keep.
    random.pick(&ways).filter(|text| Query::parse(text).is_ok()).cloned()
}
