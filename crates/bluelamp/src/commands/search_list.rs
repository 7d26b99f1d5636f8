//! `bluelamp search-list`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, counted};
use crate::session::at_door;
use clap::Args;
use desk::lists::{Line, ListReport, Outcome};
use desk::papers::Code;
use desk::written::write_whole;
use serde_json::json;
use std::path::{Path, PathBuf};
use web::shapes::ListAnswers;

/// Octets that a list may have: 500 lines of names are far less.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Arguments of `search-list`.
#[derive(Debug, Args)]
pub struct SearchListArguments {
    /// The list, at most 500 lines: one name, plate, telephone number or reference a line, or a table with a
    /// header (name or surname and forenames, dob, plate, phone, ref).
    pub file: PathBuf,
    /// Answers to show of each line.
    #[arg(long, default_value_t = 3)]
    pub best: usize,
    /// Write the report here: as a table where the name ends in `.csv`, as JSON where it ends in `.json`.
    #[arg(long)]
    pub out: Option<PathBuf>,
}

pub async fn run(arguments: &Arguments, asked: &SearchListArguments) -> Result<(), Complaint> {
    let text = read(&asked.file)?;
    let form = asked.out.as_deref().map(is_table).transpose()?;
    if let Some(out) = asked.out.as_deref().filter(|out| out.symlink_metadata().is_ok()) {
        // Looked at before anything is entered as given on paper.
        let what = format!("{} is there already; nothing was searched", out.display());
        return Err(Complaint::new(what, "Choose another name."));
    }
    let searched = at_door(arguments, async |desk, who| {
        let report = desk.search_list(who, &text, asked.best).await?;
        let Some(table) = form else { return Ok((report, None)) };
        let (contents, paper) =
            desk.issue_list_report(who, &report, |report, code| written(report, code, table)).await?;
        Ok((report, Some((contents, paper.code))))
    });
    let (report, paper) = searched.await?;
    if let (Some(out), Some((contents, _))) = (&asked.out, &paper) {
        write_whole(out, contents)?;
    }
    let code = paper.as_ref().map(|(_, code)| code);
    if arguments.json {
        let answers = ListAnswers::of(&report);
        return output::json(&json!(match code {
            Some(code) => answers.on_paper(code),
            None => answers,
        }));
    }
    print(&report, asked.out.as_deref())?;
    match code {
        Some(code) => output::line(&format!("Its code as a paper is {code}")),
        None => Ok(()),
    }
}

fn written(report: &ListReport, code: &Code, table: bool) -> String {
    match table {
        true => report.table(code),
        false => json!(ListAnswers::of(report).on_paper(code)).to_string(),
    }
}

fn read(file: &Path) -> Result<String, Complaint> {
    let shown = file.display();
    let fault =
        |error: std::io::Error| Complaint::new(format!("cannot read {shown}: {error}"), "Name a text file.");
    if std::fs::metadata(file).map_err(fault)?.len() > LARGEST {
        return Err(Complaint::new(
            format!("{shown} is too large for a list"),
            "Give at most 500 lines of text.",
        ));
    }
    let octets = std::fs::read(file).map_err(fault)?;
    String::from_utf8(octets).map_err(|_| {
        Complaint::new(
            format!("{shown} is no UTF-8 text"),
            "Save it as UTF-8; from a spreadsheet as “CSV UTF-8”.",
        )
    })
}

/// Whether a report goes out as a table; JSON otherwise.
pub fn is_table(out: &Path) -> Result<bool, Complaint> {
    match out.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("csv") => Ok(true),
        Some("json") => Ok(false),
        _ => Err(Complaint::new(
            format!("{} ends in neither .csv nor .json", out.display()),
            "Let the name of the file end in .csv for a table or in .json.",
        )),
    }
}

fn print(report: &ListReport, out: Option<&Path>) -> Result<(), Complaint> {
    let counts = report.counts();
    let seconds = report.took.as_secs_f64();
    output::line(&format!(
        "{} in {seconds:.1} s: {} found one, {} found several, {} found nothing, {} restricted, {} could not be read",
        counted(counts.lines, "line", "lines"),
        counts.found_one,
        counts.found_several,
        counts.nothing_found,
        counts.restricted,
        counts.not_read
    ))?;
    if !report.unused.is_empty() {
        output::line(&format!("Columns that were not searched for: {}", report.unused.join(", ")))?;
    }
    if counts.nothing_found > 0 {
        output::line(&format!("  searched: {}", report.scope.kinds.join(", ").to_lowercase()))?;
        output::line(&format!("  not searched: {}", report.scope.not_searched.join("; ")))?;
    }
    match out {
        Some(out) => output::line(&format!("The report is in {}", out.display())),
        None => report.lines.iter().try_for_each(print_line),
    }
}

fn print_line(line: &Line) -> Result<(), Complaint> {
    let more = match line.outcome {
        Outcome::FoundSeveral => format!(", {} in all", line.total),
        _ => String::new(),
    };
    output::line(&format!("{:>4}  {}: {}{more}", line.line, line.given, line.outcome.words()))?;
    if line.total > 0 && line.whole == 0 {
        output::line("        nothing holds all of it; these lack a part:")?;
    }
    for found in &line.best {
        let likely = found.probability.map_or_else(String::new, |one| format!("  ({:.0} %)", one * 100.0));
        output::line(&format!("        {:<16} {}{likely}", found.reference, found.name))?;
        output::line(&format!("        {:<16}   {}", "", found.why.join("; ")))?;
    }
    for closed in &line.restricted {
        let whom = closed.ask.as_deref().unwrap_or("a supervisor who may read it");
        output::line(&format!("        {:<16} restricted {}: ask {whom}", closed.reference, closed.kind))?;
    }
    match &line.mend {
        Some(mend) => output::line(&format!("        {mend}")),
        None => Ok(()),
    }
}
