//! `bluelamp paper`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use clap::Subcommand;
use desk::Session;
use desk::papers::{Brought, Which};
use desk::written::write_whole;
use serde_json::json;
use std::path::{Path, PathBuf};
use web::shapes::{Paper, PaperCheck, PapersOfRecord, PrintedRecord};

/// Commands of `paper`.
#[derive(Debug, Subcommand)]
pub enum PaperCommand {
    /// Put a record on paper: a text with a code by which anybody can check it.
    #[command(
        after_help = "Example: bluelamp paper print SS-0000017-T --out ./stop.txt --purpose 'court bundle'"
    )]
    Print {
        /// The reference.
        reference: String,
        /// The new file.
        #[arg(long)]
        out: PathBuf,
        /// The receipt for the person who was searched, in place of the record.
        #[arg(long)]
        receipt: bool,
    },
    /// Say whether a paper is genuine, altered, superseded or recalled. `bluelamp-verify paper` does so offline.
    #[command(
        after_help = "Example: bluelamp paper check 0123-4567-89AB-CDE4 --section 1 --words 'The record Kind …'"
    )]
    Check {
        /// The code on the paper.
        code: String,
        /// The number of a section, whose words are compared.
        #[arg(long, conflicts_with = "file")]
        section: Option<u16>,
        /// All that the section says, from its title on.
        #[arg(long, requires = "section", conflicts_with = "beside")]
        words: Option<String>,
        /// The four symbols beside the number of the section.
        #[arg(long, requires = "section")]
        beside: Option<String>,
        /// The file, where the paper is one.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// List the papers of a record, the newest first.
    #[command(after_help = "Example: bluelamp paper list SS-0000017-T --purpose 'lost papers'")]
    List {
        /// The reference.
        reference: String,
    },
    /// Recall a paper: whoever checks it hears that it counts no longer.
    #[command(
        after_help = "Example: bluelamp paper recall 48213 --reason 'left on a train' --purpose 'lost papers'"
    )]
    Recall {
        /// Its code, or the number of its entry in the log: both stand on it.
        paper: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

pub async fn run(arguments: &Arguments, command: &PaperCommand) -> Result<(), Complaint> {
    match command {
        PaperCommand::Print { reference, out, receipt } => print(arguments, reference, out, *receipt).await,
        PaperCommand::Check { code, section, words, beside, file } => {
            let octets = file.as_deref().map(read).transpose()?;
            let brought = match (section, words, beside, &octets) {
                (_, _, _, Some(octets)) => Brought::File(octets),
                (Some(section), Some(words), _, None) => Brought::Section(*section, words),
                (Some(section), None, Some(beside), None) => Brought::Beside(*section, beside),
                _ => Brought::Nothing,
            };
            check(arguments, code, brought).await
        }
        PaperCommand::List { reference } => list(arguments, reference).await,
        PaperCommand::Recall { paper, reason } => recall(arguments, paper, reason).await,
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Complaint> {
    std::fs::read(path).map_err(|error| {
        Complaint::new(format!("cannot read {}: {error}", path.display()), "Name the file as it came.")
    })
}

async fn print(arguments: &Arguments, reference: &str, out: &Path, receipt: bool) -> Result<(), Complaint> {
    if out.symlink_metadata().is_ok() {
        // Looked at before anything is entered as printed.
        let what = format!("{} is there already; nothing was printed", out.display());
        return Err(Complaint::new(what, "Choose another name."));
    }
    let printed = at_door(arguments, async |desk: &Door, who: &Session| {
        let record = desk.resolve(who, reference).await?;
        let printed = match receipt {
            true => desk.print_stop_receipt(who, record).await?,
            false => desk.print_record(who, record).await?,
        };
        Ok(PrintedRecord::of(&printed, desk.force_name()))
    });
    let printed = printed.await?;
    write_whole(out, &printed.text)?;
    if arguments.json {
        return output::json(
            &json!({ "code": printed.code, "entry": printed.entry, "out": out.display().to_string() }),
        );
    }
    output::line(&format!(
        "printed into {}: code {}, entry {} of the log",
        out.display(),
        printed.code,
        printed.entry
    ))
}

async fn check(arguments: &Arguments, code: &str, brought: Brought<'_>) -> Result<(), Complaint> {
    let checked = at_door(arguments, async |desk: &Door, _: &Session| {
        let checked = desk.check_paper(code, brought).await?;
        Ok(PaperCheck::of(&checked, desk.force_name()))
    });
    let checked = checked.await?;
    if arguments.json {
        return output::json(&json!(checked));
    }
    let PaperCheck { standing, agreement, paper } = checked;
    output::line(&format!("{standing}; what was brought of it: {agreement}"))?;
    paper.map_or(Ok(()), |paper| output::line(&described(&paper)))
}

fn described(paper: &Paper) -> String {
    let unit = paper.unit.as_deref().unwrap_or("unit not said");
    format!(
        "{} of {}, {unit}, made {}; records, lines or entries in it: {}",
        paper.what, paper.force, paper.made, paper.count
    )
}

async fn list(arguments: &Arguments, reference: &str) -> Result<(), Complaint> {
    let papers = at_door(arguments, async |desk: &Door, who: &Session| {
        let papers = desk.papers_of(who, reference).await?;
        Ok(PapersOfRecord::of(&papers, desk.force_name()))
    });
    let papers = papers.await?;
    if arguments.json {
        return output::json(&json!(papers));
    }
    if papers.papers.is_empty() {
        return output::line(&format!("{reference} was put on no paper"));
    }
    output::lines(papers.papers.iter().map(|paper| {
        let reason = paper.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        format!("entry {}  {}{reason}  {}", paper.entry, paper.standing, described(&paper.paper))
    }))
}

async fn recall(arguments: &Arguments, paper: &str, reason: &str) -> Result<(), Complaint> {
    let which = Which::read(paper)?;
    let recalled = at_door(arguments, async |desk: &Door, who: &Session| {
        let about = desk.recall_paper(who, &which, reason).await?;
        Ok(Paper::of(&about, desk.force_name()))
    });
    let recalled = recalled.await?;
    if arguments.json {
        return output::json(&json!(recalled));
    }
    output::line(&format!("recalled: {}", described(&recalled)))
}
