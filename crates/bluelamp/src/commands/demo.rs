//! `bluelamp demo`: the main job on data of its own, in the formats of the real files. Nothing here
//! is a shortcut: each step is the use case that the other commands call.

use super::intake::{print, take_in};
use super::made_up::{FIRST, Person, others, peopled, print_people, settings, signed};
use super::serve::ServeArguments;
use super::{absolute, first_accounts};
use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use crate::session::Door;
use clap::Args;
use desk::accounts::NewAccount;
use desk::clock::MachineClock;
use desk::completeness::Ask;
use desk::deployment::Deployment;
use desk::erasure::Part;
use desk::nature::Nature;
use desk::record::{Edit, editable};
use model::kinds::stop_and_search as stop;
use model::value::Place;
use search::Page;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use synth::Month;
use synth::stops::{Plan, write};

/// How the demonstration is walked through.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Stops that the generator writes, a month.
    #[arg(long, default_value_t = 2000)]
    rows: u32,
    /// People of a synthetic force to look around in, with all that is linked with them; 0 for none.
    #[arg(long, default_value_t = 20_000)]
    people: u64,
    /// Serve the pages afterwards, until it is stopped.
    #[arg(long)]
    serve: bool,
    /// How they are served.
    #[command(flatten)]
    server: ServeArguments,
}

pub async fn run(arguments: &Arguments, demo: &DemoArguments) -> Result<(), Complaint> {
    let settings = settings(Nature::Demonstration, "Lampshire Police (demonstration)".to_owned());
    heading("1. An empty deployment with three accounts, so that nobody approves their own work")?;
    // In a demonstration nobody has anything to hide, and whoever tries it out may begin at once.
    let made = first_accounts(&arguments.data, &settings, FIRST, false).await?;
    output::lines(made.iter().map(|(new, _)| format!("  {}", new.account.name)))?;
    let mut people: Vec<Person> =
        made.iter().enumerate().map(|(at, (_, password))| Person::first(at, password, false)).collect();
    let accounts: Vec<NewAccount> = made.into_iter().map(|(new, _)| new).collect();
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    let walked = walk(&deployment.desk, &accounts, &arguments.data, demo.rows).await;
    let further = match walked {
        Ok(()) => look_around(&deployment.desk, &accounts[0], demo.people).await,
        Err(complaint) => Err(complaint),
    };
    deployment.close().await?;
    people.extend(further?);
    heading("Now try it yourself")?;
    let program = std::env::current_exe()?;
    output::line(&format!(
        "  export BLUELAMP_DATA_DIR={} BLUELAMP_TOKEN={}",
        absolute(&arguments.data).display(),
        *accounts[1].token
    ))?;
    output::line(&format!(
        "  {} search 'object:controlled-drugs age-range:10-17' --purpose 'trying it out'",
        program.display()
    ))?;
    heading(&format!("The pages: http://{}/", demo.server.listen))?;
    print_people(&people)?;
    match demo.serve {
        true => super::serve::run(arguments, &demo.server).await,
        false => output::line(&format!(
            "  once this runs: {} serve --data {} --listen {}",
            program.display(),
            absolute(&arguments.data).display(),
            demo.server.listen
        )),
    }
}

/// A force that nobody lives in, and people to look around in it.
async fn look_around(desk: &Door, administrator: &NewAccount, people: u64) -> Result<Vec<Person>, Complaint> {
    let administrator = signed(desk, administrator).await?.for_purpose("demonstration");
    heading("8. A force to look around in: people, crimes, vehicles and what links them, all made up")?;
    peopled(desk, &administrator, people).await?;
    others(desk, &administrator).await
}

async fn walk(desk: &Door, accounts: &[NewAccount], data: &Path, rows: u32) -> Result<(), Complaint> {
    let administrator = signed(desk, &accounts[0]).await?;
    let reviewer = signed(desk, &accounts[1]).await?.for_purpose("demonstration of the main job");
    let auditor = signed(desk, &accounts[2]).await?.for_purpose("DPA 2018 s.62(4)(a): verifying lawfulness");

    heading("2. Stops as a force publishes them, made by the generator: no real person is in them")?;
    let published = data.with_extension("published");
    let written = write(&published, &plan(rows)?)?;
    output::line(&format!("  {} rows in {}", grouped(written.rows), published.display()))?;

    heading("3. Intake: every row accepted, repeated or rejected with its reason")?;
    print(&take_in(desk, &administrator, &published).await?)?;

    heading("4. Completeness: the records behind the law's questions")?;
    let figures = desk.completeness(&auditor, &stop::KIND, &Ask::default()).await?;
    for row in
        figures.rows.iter().filter(|row| row.rule.starts_with("place") || row.rule == "more-than-outer")
    {
        output::line(&format!(
            "  {:<42} applies to {:>7}, missing {:>6}, not in this source {:>6}",
            row.rule,
            grouped(row.records),
            grouped(row.missing),
            grouped(row.not_in_source)
        ))?;
    }

    heading("5. Search, open, correct: a receipt before each sight")?;
    let query = "outcome:arrest missing:place";
    let answers = desk.search(&reviewer, query, Page { offset: 0, limit: 3 }).await?;
    output::line(&format!("  “{query}”: {} in all", grouped(answers.total)))?;
    for found in &answers.found {
        output::line(&format!("  {}  {}", found.reference, found.name))?;
    }
    let first = answers.found.first().ok_or_else(|| Complaint::new("the search found nothing", ""))?;
    let plain = desk.open_record(&reviewer, first.record).await?;
    let mut body = editable(&plain);
    let words = "Car park of the Ottoline Example library, Lampton";
    body.set(stop::PLACE, Place { words: Some(words.to_owned()), ..Place::default() });
    let before = plain.row().version.version;
    let reason = "place found in the officer's notebook".to_owned();
    let edit = Edit { record: first.record, before, body, labels: None, anew: Vec::new(), reason };
    let written = desk.change_record(&reviewer, edit).await?;
    output::line(&format!(
        "  {} is now version {}, entry {} of the log",
        first.reference,
        written.ordinal,
        written.leaf.unwrap_or_default()
    ))?;
    let found = desk.search(&reviewer, "Ottoline library", Page { offset: 0, limit: 3 }).await?;
    output::line(&format!(
        "  its author finds it at once: {} answer(s) for “Ottoline library”",
        found.total
    ))?;

    heading("6. Erasure: planned, approved by a second person, carried out, proved by a scan")?;
    let job = desk.plan_erasure(&reviewer, first.record, Part::Whole, "DPA 2018 s.47(1)(a), s.39(1)").await?;
    output::lines(job.plan.iter().map(|line| format!("  {line}")))?;
    desk.approve_erasure(&auditor, &job.id).await?;
    let job = desk.run_erasure(&reviewer, &job.id).await?;
    for place in job.certificate.iter().flat_map(|certificate| &certificate.places) {
        output::line(&format!(
            "  {:<14} found before: {:>3}   after: {}",
            place.place, place.before, place.after
        ))?;
    }

    heading("7. The log for the overseer, verified by a program that shares no code with it")?;
    let export = data.with_extension("export");
    let exported = desk.export_log(&auditor, &export, "the overseer").await?;
    output::line(&format!(
        "  {} entries, {} versions in {}",
        grouped(exported.entries),
        grouped(exported.versions),
        export.display()
    ))?;
    verify(&export)
}

fn plan(rows: u32) -> Result<Plan, Complaint> {
    let month = |year, month| {
        Month::new(year, month).ok_or_else(|| Complaint::new("the generator knows no such month", ""))
    };
    Ok(Plan {
        seed: 1,
        force: "lampshire".to_owned(),
        first: month(2023, 12)?,
        last: month(2024, 3)?,
        rows_per_month: rows,
        answers_from: Some(month(2024, 2)?),
        faulty_in_a_thousand: 4,
        cut_last_row: true,
    })
}

/// Runs the overseer's program that lies beside this one.
fn verify(export: &Path) -> Result<(), Complaint> {
    let program = std::env::current_exe()?.with_file_name("bluelamp-verify");
    if !program.exists() {
        return output::line("  bluelamp-verify is not built: cargo build --release -p bluelamp-witness");
    }
    let status = Command::new(program).arg(export).args(["--memory", "none"]).status()?;
    match status.success() {
        true => Ok(()),
        false => Err(Complaint::new(
            "the log does not verify",
            "This is a fault of the program: please report it.",
        )),
    }
}

fn heading(text: &str) -> Result<(), Complaint> {
    output::line("")?;
    output::line(text)
}
