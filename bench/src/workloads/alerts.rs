//! What alerts cost: saved searches are asked of records that come in, a few at a time and many at a time, as
//! the machine does it for each batch of changes. The searches are those that people keep: for a person by name
//! and year of birth or by both names, for a mark, for a telephone number, for what happens at a place; each is
//! made of a record that is in the file, so that some of them meet what comes in.

use super::search::records::{Record, Records};
use super::search::{entry, flat};
use crate::Fault;
use crate::report::{Report, Rounds, Row};
use model::VersionRef;
use search::{Batch, IndexEntry, Query, Standing};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use synth::random::Random;

/// Records of a batch: one change by itself, a few, and as many as are looked at together.
const SIZES: [usize; 3] = [1, 32, 1_024];

const PEER: &str = "every search asked of the same batch";

/// Asks no search, a tenth of them, and all of them, in both ways, which must agree.
///
/// # Errors
/// A file that cannot be read, by line; faults of the engine; answers that differ.
pub async fn run(records: &Path, searches: usize, rounds: u32) -> Result<Report, Fault> {
    let all = read(records)?;
    let queries = queries(&all, searches)?;
    let command = format!("alerts --records {} --searches {searches} --rounds {rounds}", records.display());
    let mut report = Report::new(command)
        .setting("records in the file", all.len())
        .setting("rounds, of which the median is given", rounds);
    for kept in [0, searches / 10, searches] {
        let queries = queries.get(..kept).unwrap_or(&queries).to_vec();
        let began = Instant::now();
        let standing = Arc::new(Standing::of(queries.clone()));
        let sorted = began.elapsed().as_secs_f64() * 1e3;
        report = report.row(Row::new(format!("{kept} searches sorted, once"), "ms", sorted));
        for size in SIZES {
            let mut random = Random::part(size as u64, "what comes in");
            let mut times = Rounds { ours: Vec::new(), peer: Vec::new() };
            let mut met = 0;
            for _ in 0..rounds.max(1) {
                let batch: Vec<IndexEntry> =
                    (1..).zip(0..size).filter_map(|(n, _)| Some(entry(random.pick(&all)?, n))).collect();
                let (ours, peer) = (ask(batch.clone(), &standing).await?, ask_all(batch, &queries).await?);
                if ours.1 != peer.1 {
                    return Err("the searches that were asked do not meet what all meet".into());
                }
                met += ours.1.iter().map(|(_, met)| met.len()).sum::<usize>();
                times.ours.push(ours.0);
                times.peer.push(peer.0);
            }
            let what = format!("{size} records, {kept} searches ({} met)", met / rounds.max(1) as usize);
            report = report.row(Row::median(&what, "ms", &times, PEER, |time| *time));
        }
    }
    Ok(report)
}

/// What was met: places of searches, with the records that meet each.
type Met = Vec<(usize, Vec<VersionRef>)>;

/// As shipped; in milliseconds.
async fn ask(records: Vec<IndexEntry>, standing: &Arc<Standing>) -> Result<(f64, Met), Fault> {
    let began = Instant::now();
    let met = Arc::new(Batch::of(records).await?).met_by_standing(Arc::clone(standing)).await?;
    Ok((began.elapsed().as_secs_f64() * 1e3, met))
}

/// Every search by itself.
async fn ask_all(records: Vec<IndexEntry>, queries: &[Query]) -> Result<(f64, Met), Fault> {
    let queries = queries.to_vec();
    let began = Instant::now();
    let met = Arc::new(Batch::of(records).await?).met_by(queries).await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    Ok((took, met.into_iter().enumerate().filter(|(_, met)| !met.is_empty()).collect()))
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
    if let (Some(name), Some(born)) = (flat.names.first(), flat.births.first()) {
        ways.extend(born.year.map(|year| format!("{} {year}", name.short())));
        let forename = name.forenames.split(' ').next().filter(|forename| !forename.is_empty());
        let surname = name.surname.split(' ').next();
        ways.extend(forename.zip(surname).map(|(forename, surname)| {
            format!("forenames:{forename} surname:{surname} kind:{}", record.kind.name)
        }));
    }
    ways.extend(flat.phones.first().map(|phone| format!("0{phone}")));
    ways.extend(flat.marks.first().map(|mark| format!("vrm:{mark}")));
    ways.extend(flat.point.map(|(latitude, longitude)| {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        format!("kind:{} near:{},{}~50m", record.kind.name, degrees(latitude), degrees(longitude))
    }));
    // What cannot be read is none that anybody could keep.
    random.pick(&ways).filter(|text| Query::parse(text).is_ok()).cloned()
}
