//! What sealing costs: the sealed index as shipped, beside the same one in files that the engine maps into
//! memory. Both are built of the same records, in turns; then both answer the same queries, in turns, over
//! the very same segments. Answers that differ end the measurement.

use super::search::needs::{self, NAME_TEST, Need};
use super::search::records::Records;
use super::search::{entry, typed};
use crate::Fault;
use crate::arguments::Part;
use crate::house;
use crate::load::{Load, median};
use crate::process::processor_time;
use crate::report::{Goal, Report, Rounds, Row};
use desk::clock::{Clock, MachineClock, id_at};
use law::access::{Action, Context, Matrix, decide};
use ledger::Detail;
use model::{ForceId, VersionRef};
use search::{Change, Index, IndexEntry, Page, Query, Settings};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vault::provider::FileProvider;
use vault::sqlite::SqliteKeys;

const PEER: &str = "the same index unsealed, mapped into memory by the engine";
/// Sealing costs less than 25 %.
const MOST: Goal = Goal::RatioAtMost(1.25);
/// The same of a rate.
const LEAST: Goal = Goal::RatioAtLeast(1.0 / 1.25);

/// A need as both are asked.
struct Asked {
    is_name_test: bool,
    query: Query,
}

/// The time of each need, sealed and unsealed: the median of its rounds.
type Times = Vec<[Duration; 2]>;

/// What building an index took.
struct Built {
    rate: f64,
    /// Processor time of a record, in microseconds.
    processor: f64,
    mib: f64,
}

/// Builds both, and asks both.
///
/// # Errors
/// Files that cannot be read, by line; faults of the index; answers that differ.
pub async fn run(
    work: Option<&Path>,
    (records, needs): (&Path, &Path),
    builds: u32,
    rounds: u32,
) -> Result<Report, Fault> {
    let asked = asked(needs::read(needs, Part::Development, None)?)?;
    let batches = entries(records)?;
    let mut built = Rounds { ours: Vec::new(), peer: Vec::new() };
    let mut pair = Pair::new(work).await?;
    for build in 0..builds.max(1) {
        if build > 0 {
            pair = Pair::new(work).await?;
        }
        // Each is first as often as the other.
        for is_sealed in [build % 2 == 0, build % 2 == 1] {
            let took = pair.build(is_sealed, &batches).await?;
            if is_sealed { built.ours.push(took) } else { built.peer.push(took) }
        }
    }
    drop(batches);
    let times = pair.ask(&asked, rounds.max(1)).await?;
    let command = format!(
        "sealing --records {} --needs {} --builds {builds} --rounds {rounds}",
        records.display(),
        needs.display()
    );
    let row = |what: &str, unit, figure: fn(&Built) -> f64| Row::median(what, unit, &built, PEER, figure);
    let report = Report::new(command)
        .setting("records", pair.count)
        .setting("needs, of the development part", asked.len())
        .setting("times that each index is built, in turns; the median counts", builds)
        .setting("times that each need is asked of each, in turns; its median counts", rounds)
        .setting("settings of both", format!("{:?}", Settings::default()))
        .row(row("indexing, merges included", "records/s", |built| built.rate).goal(LEAST))
        .row(row("processor time of a record", "µs", |built| built.processor).goal(MOST))
        .row(row("room on disk", "MiB", |built| built.mib).goal(MOST));
    Ok([true, false].into_iter().fold(report, |report, of| with_times(report, &asked, &times, of)))
}

fn with_times(report: Report, asked: &[Asked], times: &[[Duration; 2]], is_name_test: bool) -> Report {
    let which = if is_name_test { "name test" } else { "judged" };
    let of = |side: usize| {
        let wanted = asked.iter().zip(times).filter(|(asked, _)| asked.is_name_test == is_name_test);
        Load::of(wanted.map(|(_, times)| times[side]).collect(), Duration::ZERO)
    };
    let (ours, peer) = (of(0), of(1));
    let row = |share: f64, name: &str| {
        Row::new(format!("{which}, {name}"), "ms", ours.at(share)).beside(peer.at(share), PEER).goal(MOST)
    };
    report.row(row(0.5, "p50")).row(row(0.95, "p95")).row(row(0.99, "p99"))
}

fn asked(needs: Vec<Need>) -> Result<Vec<Asked>, Fault> {
    let of = |need: Need| {
        Ok(Asked { is_name_test: need.type_of == NAME_TEST, query: Query::parse(&typed(&need, false))? })
    };
    needs.into_iter().map(of).collect()
}

/// All records as the index is given them, in memory: what runs behind the building must not be hidden by the
/// reading of a file.
fn entries(path: &Path) -> Result<Vec<Vec<IndexEntry>>, Fault> {
    let mut records = Records::open(path)?;
    let (mut batches, mut number) = (Vec::new(), 0);
    loop {
        let batch = records.batch()?;
        if batch.is_empty() {
            return Ok(batches);
        }
        batches.push(batch.iter().zip(number + 1..).map(|(record, number)| entry(record, number)).collect());
        number += batch.len() as u64;
    }
}

/// The two of one build.
struct Pair {
    folder: TempDir,
    keys: Arc<SqliteKeys>,
    force: ForceId,
    matrix: Matrix,
    context: Arc<Context>,
    count: u64,
}

impl Pair {
    async fn new(work: Option<&Path>) -> Result<Self, Fault> {
        let folder = house::folder(work)?;
        let now = MachineClock.now();
        let force = ForceId(id_at(now));
        let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
        let keys = Arc::new(SqliteKeys::create(&folder.path().join("keys.sqlite"), force, provider).await?);
        let (matrix, context) = (Matrix::committed()?, Arc::new(house::officer(now)));
        Ok(Self { folder, keys, force, matrix, context, count: 0 })
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn sealed(&self) -> Result<Index, Fault> {
        Ok(Index::open(&self.place("sealed"), self.keys.clone(), self.force).await?)
    }

    async fn unsealed(&self, name: &str) -> Result<Index, Fault> {
        Ok(Index::open_unsealed(&self.place(name), self.force, Settings::default()).await?)
    }

    /// Builds one of them, until its merges have ended.
    async fn build(&mut self, is_sealed: bool, batches: &[Vec<IndexEntry>]) -> Result<Built, Fault> {
        let index = if is_sealed { self.sealed().await? } else { self.unsealed("built").await? };
        let (mut took, mut count) = (Duration::ZERO, 0);
        let before = processor_time()?;
        for batch in batches {
            let changes = batch.iter().cloned().map(Change::from).collect();
            count += batch.len() as u64;
            let began = Instant::now();
            index.apply(changes, count).await?;
            took += began.elapsed();
        }
        let began = Instant::now();
        index.close().await?;
        took += began.elapsed();
        let processor = processor_time()?.saturating_sub(before);
        self.count = count;
        let octets = index
            .files()
            .await?
            .iter()
            .try_fold(0, |sum, file| Ok::<_, std::io::Error>(sum + file.metadata()?.len()))?;
        Ok(Built {
            rate: count as f64 / took.as_secs_f64(),
            processor: processor.as_secs_f64() * 1e6 / count.max(1) as f64,
            mib: octets as f64 / 1_048_576.0,
        })
    }

    /// Asks both, over the same segments.
    async fn ask(&self, asked: &[Asked], rounds: u32) -> Result<Times, Fault> {
        Index::unseal_into(&self.place("sealed"), self.keys.clone(), &self.place("copy")).await?;
        let (sealed, unsealed) = (self.sealed().await?, self.unsealed("copy").await?);
        // The first answers warm what can be warmed, and must be the same.
        for Asked { query, .. } in asked {
            let answers = (self.answer(&sealed, query).await?, self.answer(&unsealed, query).await?);
            if answers.0.1 != answers.1.1 {
                return Err(format!("{query:?} has other answers sealed than unsealed").into());
            }
        }
        let mut times = vec![[Vec::new(), Vec::new()]; asked.len()];
        // All needs before any is asked again: what lies opened in memory is what other needs left there.
        for round in 0..rounds {
            for (number, (Asked { query, .. }, times)) in (0..).zip(asked.iter().zip(&mut times)) {
                let sides = [(&sealed, 0), (&unsealed, 1)];
                let turn = (round + number) as usize % 2;
                for (index, side) in [sides[turn], sides[1 - turn]] {
                    times[side].push(self.answer(index, query).await?.0);
                }
            }
        }
        Ok(times.iter().map(|sides| sides.each_ref().map(|times| middle(times))).collect())
    }

    /// The first 20 answers and their number.
    async fn answer(
        &self,
        index: &Index,
        query: &Query,
    ) -> Result<(Duration, (Option<u64>, Vec<VersionRef>)), Fault> {
        let permit = decide(&self.matrix, &self.context, Action::List, 0, &[])?;
        let began = Instant::now();
        let withheld = index.run(&permit, &self.matrix, query, Page::default()).await?;
        let took = began.elapsed();
        let mut detail = Detail::default();
        withheld.describe(&mut detail);
        Ok((took, (detail.results, withheld.refs())))
    }
}

fn middle(times: &[Duration]) -> Duration {
    Duration::from_secs_f64(median(times.iter().map(Duration::as_secs_f64).collect()))
}
