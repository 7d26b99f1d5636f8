//! Taking published files in: sealed, entered in the log, indexed. Each size runs in a process of its
//! own, so that each has its own peak of memory.

use crate::Fault;
use crate::arguments::Store;
use crate::house::{self, House};
use crate::process;
use crate::report::{Goal, Report, Row};
use desk::intake::Counts;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use vault::store::RecordStore;

const RATE: &str = "rows a second, sealed, logged and indexed";
const DURABLE: &str = "rows a second until durable";
const PEAK: &str = "most memory held";

/// Rows a second that an import should reach.
fn goal(store: Store) -> Goal {
    Goal::AtLeast(match store {
        Store::Sqlite => 5_000.0,
        Store::Postgres => 2_500.0,
    })
}

/// Runs both sizes.
///
/// # Errors
/// Faults of either.
pub fn run(work: Option<&Path>, rows: u64, store: Store) -> Result<Report, Fault> {
    let small = in_a_process(work, rows, store)?;
    let large = in_a_process(work, rows * 10, store)?;
    let peer = "a tenth of the rows";
    let row = |what: &str, unit| {
        Ok::<_, Fault>(Row::new(what, unit, figure(&large, what)?).beside(figure(&small, what)?, peer))
    };
    Ok(Report::new(format!("intake --rows {rows}{}", store.said()))
        .setting("rows", format!("{rows} and {}", rows * 10))
        .setting("rows of a transaction", intake::Options::default().batch_rows)
        .row(row(RATE, "rows/s")?.goal(goal(store)))
        .row(row(DURABLE, "rows/s")?)
        .row(row(PEAK, "MiB")?.goal(Goal::AtMost(600.0)))
        .row(row(PEAK, "MiB")?.goal(Goal::RatioAtMost(1.1))))
}

/// One import, in this process.
///
/// # Errors
/// Faults of the import.
pub async fn once(work: Option<&Path>, rows: u64, store: Store) -> Result<Report, Fault> {
    match store {
        Store::Sqlite => once_in(&house::shipped(work).await?, rows).await,
        Store::Postgres => once_in(&house::on_postgres(work).await?, rows).await,
    }
}

async fn once_in<S: RecordStore>(house: &House<S>, rows: u64) -> Result<Report, Fault> {
    house.write_files(rows)?;
    let began = Instant::now();
    let report = house.take_in().await?;
    let durable = began.elapsed();
    house.desk.settle_intake().await?;
    let indexed = began.elapsed();
    if report.totals.accepted != rows {
        return Err(format!("{} of {rows} rows were accepted", report.totals.accepted).into());
    }
    Ok(Report::new(format!("intake-once --rows {rows}"))
        .setting("rows", rows)
        .row(Row::new(RATE, "rows/s", rate(rows, indexed)))
        .row(Row::new(DURABLE, "rows/s", rate(rows, durable)))
        .row(Row::new(PEAK, "MiB", process::peak_mib()?)))
}

/// Published folders: all of them, all again, and every file by itself in the opposite order.
///
/// # Errors
/// Faults of an import, and one after the first that adds something.
pub async fn published(work: Option<&Path>, store: Store, folders: &[PathBuf]) -> Result<Report, Fault> {
    match store {
        Store::Sqlite => published_in(&house::shipped(work).await?, store, folders).await,
        Store::Postgres => published_in(&house::on_postgres(work).await?, store, folders).await,
    }
}

async fn published_in<S: RecordStore>(
    house: &House<S>,
    store: Store,
    folders: &[PathBuf],
) -> Result<Report, Fault> {
    let began = Instant::now();
    let first = take_all(house, folders).await?;
    let durable = began.elapsed();
    house.desk.settle_intake().await?;
    let indexed = began.elapsed();
    let peak = process::peak_mib()?;
    let began = Instant::now();
    adds_nothing("the second run", &take_all(house, folders).await?)?;
    let again = began.elapsed();
    let mut files = Vec::new();
    folders.iter().try_for_each(|folder| files_under(folder, &mut files))?;
    files.sort_unstable_by(|a, b| b.cmp(a));
    adds_nothing("the opposite order", &take_all(house, &files).await?)?;
    let said: Vec<String> = folders.iter().map(|folder| format!(" --files {}", folder.display())).collect();
    Ok(Report::new(format!("intake{}{}", store.said(), said.concat()))
        .setting("store", store.name())
        .setting("files", files.len())
        .setting("rows", first.rows)
        .setting("accepted", first.accepted)
        .setting("repeated", first.repeated)
        .setting("rejected", first.rejected)
        .setting("records made", first.records)
        .setting("added by a second run, and by the opposite order", 0)
        .row(Row::new(RATE, "rows/s", rate(first.rows, indexed)).goal(goal(store)))
        .row(Row::new(DURABLE, "rows/s", rate(first.rows, durable)))
        .row(Row::new("rows a second of the second run", "rows/s", rate(first.rows, again)))
        .row(Row::new(PEAK, "MiB", peak).goal(Goal::AtMost(600.0))))
}

fn rate(rows: u64, time: Duration) -> f64 {
    rows as f64 / time.as_secs_f64()
}

async fn take_all<S: RecordStore>(house: &House<S>, paths: &[PathBuf]) -> Result<Counts, Fault> {
    let mut all = Counts::default();
    for path in paths {
        let report = house.take_in_from(path).await?;
        if let Some(refused) = report.refused.first() {
            return Err(format!("{} was refused: {}", refused.file, refused.reason).into());
        }
        all.rows += report.totals.rows;
        all.accepted += report.totals.accepted;
        all.repeated += report.totals.repeated;
        all.rejected += report.totals.rejected;
        all.records += report.totals.records;
    }
    Ok(all)
}

fn adds_nothing(run: &str, counts: &Counts) -> Result<(), Fault> {
    match counts.accepted {
        0 => Ok(()),
        accepted => Err(format!("{run} added {accepted} rows").into()),
    }
}

/// All published files below a folder.
fn files_under(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_under(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "csv") {
            files.push(path);
        }
    }
    Ok(())
}

fn in_a_process(work: Option<&Path>, rows: u64, store: Store) -> Result<Value, Fault> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["intake-once", "--json", "--rows", &rows.to_string(), "--store", store.name()]);
    if let Some(work) = work {
        command.arg("--work").arg(work);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn figure(report: &Value, what: &str) -> Result<f64, Fault> {
    let rows = report.get("rows").and_then(Value::as_array).ok_or("the import gave no figures")?;
    let row = rows.iter().find(|row| row.get("what").and_then(Value::as_str) == Some(what));
    row.and_then(|row| row.get("ours"))
        .and_then(Value::as_f64)
        .ok_or_else(|| format!("the import gave no “{what}”").into())
}
