//! Taking published files in: sealed, entered in the log, indexed. Each size runs in a process of its
//! own, so that each has its own peak of memory.

use crate::Fault;
use crate::house;
use crate::process;
use crate::report::{Goal, Report, Row};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const RATE: &str = "rows a second, sealed, logged and indexed";
const DURABLE: &str = "rows a second until durable";
const PEAK: &str = "most memory held";

/// Runs both sizes.
///
/// # Errors
/// Faults of either.
pub fn run(work: Option<&Path>, rows: u64) -> Result<Report, Fault> {
    let small = in_a_process(work, rows)?;
    let large = in_a_process(work, rows * 10)?;
    let peer = "a tenth of the rows";
    let row = |what: &str, unit| {
        Ok::<_, Fault>(Row::new(what, unit, figure(&large, what)?).beside(figure(&small, what)?, peer))
    };
    Ok(Report::new(format!("intake --rows {rows}"))
        .setting("rows", format!("{rows} and {}", rows * 10))
        .setting("rows of a transaction", intake::Options::default().batch_rows)
        .row(row(RATE, "rows/s")?.goal(Goal::AtLeast(5000.0)))
        .row(row(DURABLE, "rows/s")?)
        .row(row(PEAK, "MiB")?.goal(Goal::AtMost(600.0)))
        .row(row(PEAK, "MiB")?.goal(Goal::RatioAtMost(1.1))))
}

/// One import, in this process.
///
/// # Errors
/// Faults of the import.
pub async fn once(work: Option<&Path>, rows: u64) -> Result<Report, Fault> {
    let house = house::shipped(work).await?;
    house.write_files(rows)?;
    let began = Instant::now();
    let report = house.take_in().await?;
    let durable = began.elapsed();
    house.desk.settle_intake().await?;
    let indexed = began.elapsed();
    if report.totals.accepted != rows {
        return Err(format!("{} of {rows} rows were accepted", report.totals.accepted).into());
    }
    let rate = |time: std::time::Duration| rows as f64 / time.as_secs_f64();
    Ok(Report::new(format!("intake-once --rows {rows}"))
        .setting("rows", rows)
        .row(Row::new(RATE, "rows/s", rate(indexed)))
        .row(Row::new(DURABLE, "rows/s", rate(durable)))
        .row(Row::new(PEAK, "MiB", process::peak_mib()?)))
}

fn in_a_process(work: Option<&Path>, rows: u64) -> Result<Value, Fault> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["intake-once", "--json", "--rows", &rows.to_string()]);
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
