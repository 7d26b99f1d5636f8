//! `bluelamp sizing`: what a force of so many officers needs, computed from what a deployment of its own takes
//! on this machine. What is measured and what is assumed stand apart.

use super::made_up::signed;
use super::synth::load;
use super::{absolute, first_accounts};
use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::Door;
use clap::Args;
use desk::accounts::NewAccount;
use desk::clock::{Clock, MachineClock, id_at};
use desk::deployment::{Deployment, Settings};
use desk::naming::own_log_name;
use search::Page;
use serde::Serialize;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use synth::force::Plan;

/// What is asked of `sizing`.
#[derive(Debug, Args)]
pub struct SizingArguments {
    /// Officers and staff who work on records.
    #[arg(long, default_value_t = 1000)]
    officers: u64,
    /// People of the synthetic force that is measured; more of them measure better and take longer.
    #[arg(long, default_value_t = 2000)]
    nominals: u64,
    /// Records that are opened to measure what an entry takes.
    #[arg(long, default_value_t = 5000)]
    reads: u64,
}

/// What is assumed of one officer and of a year. A force knows its own figures better.
#[derive(Debug, Clone, Copy, Serialize)]
struct Assumed {
    /// Records that are made or changed, a day on duty.
    writes_a_day: u64,
    /// Searches, a day on duty.
    searches_a_day: u64,
    /// Records that are opened, a day on duty.
    opened_a_day: u64,
    /// Days on duty, a year.
    days: u64,
    /// Records that the force has from before, for each officer.
    records_from_before: u64,
    /// Files of records, MiB a year for each officer.
    files_mib_a_year: u64,
    /// Officers who are at work at once, of a thousand.
    at_once_of_thousand: u64,
    /// Seconds between two actions of somebody at work.
    seconds_between: u64,
}

const ASSUMED: Assumed = Assumed {
    writes_a_day: 10,
    searches_a_day: 30,
    opened_a_day: 60,
    days: 200,
    records_from_before: 5_000,
    files_mib_a_year: 500,
    at_once_of_thousand: 300,
    seconds_between: 20,
};

/// What was measured here.
#[derive(Debug, Clone, Copy, Serialize)]
struct Measured {
    records: u64,
    store_octets_a_record: f64,
    keystore_octets_a_record: f64,
    index_octets_a_record: f64,
    log_octets_an_opening: f64,
    log_octets_a_search: f64,
    openings_a_second: f64,
    searches_a_second: f64,
    memory_mib: u64,
}

/// What follows for the force.
#[derive(Debug, Clone, Copy, Serialize)]
struct Needed {
    records_first_gib: f64,
    records_a_year_gib: f64,
    log_entries_a_year: u64,
    log_a_year_gib: f64,
    files_a_year_gib: f64,
    index_after_five_years_gib: f64,
    disk_after_five_years_gib: f64,
    actions_a_second: f64,
    cores_busy: f64,
}

pub async fn run(arguments: &Arguments, asked: &SizingArguments) -> Result<(), Complaint> {
    if arguments.data.exists() {
        return Err(Complaint::new(
            format!("{} is there already", arguments.data.display()),
            "Name a folder that is not there with --data: a deployment of made-up people is made in it.",
        ));
    }
    let measured = measure(&arguments.data, asked).await?;
    let needed = needed(&measured, asked.officers);
    if arguments.json {
        let all =
            json!({ "officers": asked.officers, "assumed": ASSUMED, "measured": measured, "needed": needed });
        return output::json(&all);
    }
    say(asked.officers, &measured, &needed)?;
    let folder = absolute(&arguments.data);
    output::line(&format!("The deployment that was measured is in {}; it may be removed.", folder.display()))
}

async fn measure(data: &Path, asked: &SizingArguments) -> Result<Measured, Complaint> {
    let force = model::ForceId(id_at(MachineClock.now()));
    let settings = Settings {
        force,
        name: "Lampshire Police (sizing)".to_owned(),
        log: own_log_name(force),
        erasure_wait_hours: 0,
        provider: None,
        clamd: None,
        archives: Vec::new(),
        sign_in: desk::sign_in::Limits::default(),
        store: None,
        keystore: None,
    };
    let roles =
        [("administrator", "administrator"), ("reviewer", "records-reviewer"), ("auditor", "auditor")];
    let made = first_accounts(data, &settings, roles, false).await?;
    let deployment = Deployment::open(data, Arc::new(MachineClock)).await?;
    let (administrator, reviewer) = (&made[0].0, &made[1].0);
    let measured = at_work(&deployment.desk, asked, administrator, reviewer).await;
    deployment.close().await?;
    // Closed, each file has all that was written ahead of it.
    let measured = measured?;
    let each = |octets: u64| octets as f64 / measured.records.max(1) as f64;
    let keys = std::fs::metadata(data.join("keys.sqlite"))?.len();
    let (keystore_octets_a_record, index_octets_a_record) =
        (each(keys), each(octets_of(&data.join("index"))?));
    Ok(Measured { keystore_octets_a_record, index_octets_a_record, ..measured })
}

async fn at_work(
    desk: &Door,
    asked: &SizingArguments,
    administrator: &NewAccount,
    reviewer: &NewAccount,
) -> Result<Measured, Complaint> {
    let administrator = signed(desk, administrator).await?.for_purpose("sizing");
    let reviewer = signed(desk, reviewer).await?.for_purpose("sizing");
    let empty = desk.standing().await?.octets;
    let (records, _) =
        load(desk, &administrator, Plan { seed: 1, nominals: asked.nominals }).await?.records_and_seconds();
    let loaded = desk.standing().await?.octets;
    let found = desk.search(&reviewer, "kind:nominal", Page { offset: 0, limit: 50 }).await?;
    let began = std::time::Instant::now();
    let reads = usize::try_from(asked.reads).unwrap_or(usize::MAX);
    for found in found.found.iter().cycle().take(reads) {
        let _shown = desk.open_record(&reviewer, found.record).await?;
    }
    let opening = began.elapsed().as_secs_f64();
    let opened = desk.standing().await?.octets;
    let began = std::time::Instant::now();
    let searches = (asked.reads / 10).max(1);
    for found in found.found.iter().cycle().take(usize::try_from(searches).unwrap_or(1)) {
        desk.search(&reviewer, &words(&found.name), Page { offset: 0, limit: 20 }).await?;
    }
    let searching = began.elapsed().as_secs_f64();
    let searched = desk.standing().await?.octets;
    let each = |before: u64, after: u64, of: u64| after.saturating_sub(before) as f64 / of.max(1) as f64;
    Ok(Measured {
        records,
        store_octets_a_record: each(empty, loaded, records),
        keystore_octets_a_record: 0.0,
        index_octets_a_record: 0.0,
        log_octets_an_opening: each(loaded, opened, asked.reads),
        log_octets_a_search: each(opened, searched, searches),
        openings_a_second: asked.reads as f64 / opening.max(0.001),
        searches_a_second: searches as f64 / searching.max(0.001),
        memory_mib: most_memory_mib(),
    })
}

/// The first words of a name, as somebody types them into the search box.
fn words(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    words.take(2).collect::<Vec<_>>().join(" ")
}

/// Octets of the files of a folder.
fn octets_of(folder: &Path) -> Result<u64, Complaint> {
    let mut octets = 0;
    for entry in std::fs::read_dir(folder)? {
        octets += entry?.metadata()?.len();
    }
    Ok(octets)
}

/// The most memory that this process had, MiB; 0 where the machine does not say.
fn most_memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

const GIB: f64 = (1u64 << 30) as f64;

fn needed(measured: &Measured, officers: u64) -> Needed {
    let many = officers as f64;
    let a_year = |a_day: u64| many * (a_day * ASSUMED.days) as f64;
    let record = measured.store_octets_a_record + measured.keystore_octets_a_record;
    let first = many * ASSUMED.records_from_before as f64;
    let (written, searched, opened) =
        (a_year(ASSUMED.writes_a_day), a_year(ASSUMED.searches_a_day), a_year(ASSUMED.opened_a_day));
    let log = searched * measured.log_octets_a_search + opened * measured.log_octets_an_opening;
    let files = many * ASSUMED.files_mib_a_year as f64 / 1024.0;
    let index = (first + 5.0 * written) * measured.index_octets_a_record / GIB;
    let actions = many * ASSUMED.at_once_of_thousand as f64 / 1000.0 / ASSUMED.seconds_between as f64;
    // A third of what is done is a search, and the rest opens something.
    let seconds = 1.0 / 3.0 / measured.searches_a_second + 2.0 / 3.0 / measured.openings_a_second;
    Needed {
        records_first_gib: first * record / GIB,
        records_a_year_gib: written * record / GIB,
        log_entries_a_year: (written + searched + opened) as u64,
        log_a_year_gib: log / GIB,
        files_a_year_gib: files,
        index_after_five_years_gib: index,
        disk_after_five_years_gib: (first + 5.0 * written) * record / GIB
            + 5.0 * (log / GIB + files)
            + 3.0 * index,
        actions_a_second: actions,
        cores_busy: actions * seconds,
    }
}

fn say(officers: u64, measured: &Measured, needed: &Needed) -> Result<(), Complaint> {
    output::line(&format!(
        "Measured here, on {} records of people who do not exist:",
        grouped(measured.records)
    ))?;
    let row = |what: &str, value: String| output::line(&format!("  {what:<56} {value:>14}"));
    row(
        "octets of a record in the database, with its entry",
        format!("{:.0}", measured.store_octets_a_record),
    )?;
    row("octets of a record in the keystore", format!("{:.0}", measured.keystore_octets_a_record))?;
    row("octets of a record in the search index", format!("{:.0}", measured.index_octets_a_record))?;
    row("octets of the log for a record that is opened", format!("{:.0}", measured.log_octets_an_opening))?;
    row("octets of the log for a search", format!("{:.0}", measured.log_octets_a_search))?;
    row("records opened a second, one after another", format!("{:.0}", measured.openings_a_second))?;
    row("searches a second, one after another", format!("{:.0}", measured.searches_a_second))?;
    row("memory at the most, MiB", measured.memory_mib.to_string())?;
    output::line(&format!("For {} officers, under what docs/running.md assumes:", grouped(officers)))?;
    row("records from before, GiB", format!("{:.1}", needed.records_first_gib))?;
    row("records of a year, GiB", format!("{:.1}", needed.records_a_year_gib))?;
    row("entries of the log in a year", grouped(needed.log_entries_a_year))?;
    row("the log of a year without changes, GiB", format!("{:.1}", needed.log_a_year_gib))?;
    row("files of records in a year, GiB", format!("{:.1}", needed.files_a_year_gib))?;
    row("the search index after five years, GiB", format!("{:.1}", needed.index_after_five_years_gib))?;
    row("disk after five years, GiB", format!("{:.1}", needed.disk_after_five_years_gib))?;
    row("actions a second at the busiest", format!("{:.1}", needed.actions_a_second))?;
    row("cores that these keep busy", format!("{:.2}", needed.cores_busy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_grows_with_the_officers_and_is_the_sum_of_its_parts() {
        let measured = Measured {
            records: 1,
            store_octets_a_record: 1000.0,
            keystore_octets_a_record: 100.0,
            index_octets_a_record: 500.0,
            log_octets_an_opening: 400.0,
            log_octets_a_search: 600.0,
            openings_a_second: 1000.0,
            searches_a_second: 100.0,
            memory_mib: 1,
        };
        let (one, two) = (needed(&measured, 1000), needed(&measured, 2000));
        assert_eq!(one.log_entries_a_year, 1000 * 100 * 200);
        assert!((two.disk_after_five_years_gib / one.disk_after_five_years_gib - 2.0).abs() < 1e-9);
        let parts = one.records_first_gib
            + 5.0 * (one.records_a_year_gib + one.log_a_year_gib + one.files_a_year_gib)
            + 3.0 * one.index_after_five_years_gib;
        assert!((parts - one.disk_after_five_years_gib).abs() < 1e-9);
        assert!((one.actions_a_second - 15.0).abs() < 1e-9);
    }
}
