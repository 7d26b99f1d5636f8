//! `bluelamp intake`.

use crate::arguments::{Arguments, IntakeCommand};
use crate::output::{self, Complaint, grouped};
use crate::session::{Door, at_door};
use desk::Session;
use indicatif::{ProgressBar, ProgressStyle};
use intake::police_uk::DataPoliceUk;
use intake::{Options, Progress, Report};
use serde_json::json;
use std::path::Path;
use web::shapes::Reject;

pub async fn run(arguments: &Arguments, command: &IntakeCommand) -> Result<(), Complaint> {
    match command {
        IntakeCommand::DataPoliceUk { path } => {
            let report = at_door(arguments, async |desk, who| take_in(desk, who, path).await).await?;
            if arguments.json {
                output::json(&json!(report))?;
            } else {
                print(&report)?;
            }
            match report.refused.len() {
                0 => Ok(()),
                count => Err(Complaint::new(
                    format!("{count} file(s) were refused whole and nothing of them was taken in"),
                    "Mend them as the report says and run the same command again; the others are not taken in twice.",
                )),
            }
        }
        IntakeCommand::Rejects => {
            let rejects = at_door(arguments, async |desk, who| Ok(desk.rejects(who).await?)).await?;
            if arguments.json {
                let rejects: Vec<Reject> = rejects.into_iter().map(Reject::listed).collect();
                return output::json(&json!({ "rejects": rejects }));
            }
            output::lines(rejects.iter().map(|r| format!("{}  {}: {}", r.name, r.field, r.reason)))
        }
        IntakeCommand::Discard { name, ground } => {
            at_door(arguments, async |desk, who| Ok(desk.discard_reject(who, name, ground).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "discarded": name }));
            }
            output::line(&format!("{name} is discarded, and its key destroyed"))
        }
        IntakeCommand::Reject { name } => {
            let reject = at_door(arguments, async |desk, who| Ok(desk.reject(who, name).await?)).await?;
            let reject = Reject::opened(reject);
            if arguments.json {
                return output::json(&json!(reject));
            }
            output::line(&format!(
                "{} line {}: {}: {}",
                reject.file, reject.line, reject.field, reject.reason
            ))?;
            output::line(reject.raw.as_deref().unwrap_or_default())
        }
    }
}

/// Takes a file or folder in, with progress on a terminal, and waits until all of it is found.
pub async fn take_in(desk: &Door, who: &Session, path: &Path) -> Result<Report, Complaint> {
    let bar = ProgressBar::new(0);
    let form = "{bar:30} {percent}%  {msg}";
    bar.set_style(ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let report =
        intake::run(desk, who, &DataPoliceUk, path, &Options::default(), |progress| show(&bar, progress))
            .await;
    bar.finish_and_clear();
    let report = report?;
    desk.settle_intake().await?;
    Ok(report)
}

fn show(bar: &ProgressBar, progress: &Progress) {
    bar.set_length(progress.octets_total);
    bar.set_position(progress.octets_done);
    let left = progress.time_left.map_or_else(String::new, |left| format!(", {} s left", left.as_secs()));
    bar.set_message(format!(
        "{} of {} files, {} rows, {} rows/s{left}",
        progress.files_done,
        progress.files_total,
        grouped(progress.rows),
        grouped(progress.rows_per_second as u64),
    ));
}

/// Prints a report for people.
pub fn print(report: &Report) -> Result<(), Complaint> {
    output::line(&format!(
        "  {:<46} {:>9} {:>9} {:>9} {:>9}",
        "file", "rows", "accepted", "repeated", "rejected"
    ))?;
    for file in &report.files {
        output::line(&row(&file.file, file.rows, file.accepted, file.repeated, file.rejected))?;
        for (reason, count) in &file.reasons {
            output::line(&format!("      {} × {reason}", grouped(*count)))?;
        }
    }
    for refused in &report.refused {
        output::line(&format!("  {} was refused: {}", refused.file, refused.reason))?;
    }
    let totals = &report.totals;
    output::line(&row("all", totals.rows, totals.accepted, totals.repeated, totals.rejected))?;
    output::line(&format!(
        "  {} records made; {} further outcomes; {} rows say otherwise than another of the same id, of {} records",
        grouped(totals.records),
        grouped(totals.further_outcomes),
        grouped(totals.differing),
        grouped(totals.differing_records)
    ))?;
    let rate = totals.rows as f64 / report.seconds.max(0.001);
    output::line(&format!(
        "  {} possible repeats (identical rows, which may be other people); {:.1} s, {} rows/s",
        grouped(totals.possible_repeats),
        report.seconds,
        grouped(rate as u64)
    ))
}

fn row(name: &str, rows: u64, accepted: u64, repeated: u64, rejected: u64) -> String {
    let name: String = name.chars().take(46).collect();
    format!(
        "  {name:<46} {:>9} {:>9} {:>9} {:>9}",
        grouped(rows),
        grouped(accepted),
        grouped(repeated),
        grouped(rejected)
    )
}
