//! `bluelamp-verify`: checks an exported log offline, for the overseer.

use clap::{Args, Parser, Subcommand};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use witness::{
    Brought, Code, Export, HeldCheckpoint, Memory, Report, SignedCheckpoint, Trust, Unusable, VerifierKey,
};

const GOOD: u8 = 0;
const FAULTS: u8 = 1;
const UNUSABLE: u8 = 2;

/// Checks an exported log of who read and changed what, without the force's systems and without a network.
///
/// It remembers the last checkpoint that it accepted, so that a later export that was cut short or rewritten
/// is found. Exit status: 0 where everything is good, 1 where there are faults, 2 where the input cannot be
/// used.
#[derive(Debug, Parser)]
#[command(
    name = "bluelamp-verify",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Example:\n  bluelamp-verify /media/stick/export-2026-11\n  \
    bluelamp-verify export --key-file vkey-from-the-website --checkpoint last-year.checkpoint --json"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The folder that `bluelamp ledger export` wrote.
    #[arg(required = true)]
    path: Option<PathBuf>,
    #[command(flatten)]
    trusted: Trusted,
}

/// What is checked in place of a whole log.
#[derive(Debug, Subcommand)]
enum Command {
    /// Say whether a paper is genuine, altered, superseded or recalled. Exit status: 0 where it is genuine and
    /// nothing of it is altered, 1 where not, 2 where the input cannot be used.
    #[command(
        after_help = "Example:\n  bluelamp-verify paper 0123-4567-89AB-CDE4 --log /media/stick/export-2026-11 --file answers.csv"
    )]
    Paper(Box<PaperArguments>),
    /// Write the verifier as one HTML file, which checks an export in a browser without a network or a server.
    #[command(after_help = "Example:\n  bluelamp-verify html > verifier.html")]
    Html,
}

/// The verifier as one HTML file: `ui/verifier` has its sources, and `ui/build.js` puts it together.
const PAGE: &str = include_str!("../verifier.html");

/// A paper and the log by which it is judged.
#[derive(Debug, Args)]
struct PaperArguments {
    /// The code on the paper.
    code: String,
    /// The folder that `bluelamp ledger export` wrote, after the paper was made.
    #[arg(long, value_name = "EXPORT")]
    log: PathBuf,
    /// The file, or the paper saved as a text, to be compared with what was printed.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The number of a section, from 1, whose words are compared.
    #[arg(long, conflicts_with = "file", requires = "words")]
    section: Option<u16>,
    /// All that the section says, from its title on.
    #[arg(long, requires = "section")]
    words: Option<String>,
    #[command(flatten)]
    trusted: Trusted,
}

/// What the overseer brings, and how they are answered.
#[derive(Debug, Args)]
struct Trusted {
    /// The verifier key, received by another way than the export.
    #[arg(long, value_name = "VKEY", conflicts_with = "key_file")]
    key: Option<String>,
    /// A file with the verifier key.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The memory of earlier verifications, or `none` for no memory.
    #[arg(long, value_name = "FILE")]
    memory: Option<PathBuf>,
    /// A checkpoint held outside, to compare with; may be given several times.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// Answers with one JSON object on standard output.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (done, json) = match (&arguments.command, &arguments.path) {
        (Some(Command::Paper(asked)), _) => (check_paper(asked), asked.trusted.json),
        (Some(Command::Html), _) => (write_page(), false),
        (None, path) => {
            let path = path.clone().unwrap_or_default();
            (check_log(&path, &arguments.trusted), arguments.trusted.json)
        }
    };
    let status = match done {
        Ok(true) => GOOD,
        Ok(false) => FAULTS,
        Err(unusable) => {
            complain(&unusable, json);
            UNUSABLE
        }
    };
    ExitCode::from(status)
}

fn write_page() -> Result<bool, Unusable> {
    let written = io::stdout().lock().write_all(PAGE.as_bytes());
    written.map(|()| true).map_err(|source| Unusable::File { path: "standard output".into(), source })
}

fn check_log(path: &Path, trusted: &Trusted) -> Result<bool, Unusable> {
    let (_, report) = run(path, trusted)?;
    answer(&report, trusted.json)?;
    Ok(report.good)
}

/// A paper is judged by a log that is good, and by no other.
fn check_paper(asked: &PaperArguments) -> Result<bool, Unusable> {
    let code = Code::parse(&asked.code).map_err(Unusable::Code)?;
    let brought = match (&asked.file, asked.section, &asked.words) {
        (Some(file), ..) => Brought::File(
            std::fs::read(file).map_err(|source| Unusable::File { path: file.clone(), source })?,
        ),
        (None, Some(section), Some(words)) => Brought::Section(section, words.clone()),
        _ => Brought::Nothing,
    };
    let (export, report) = run(&asked.log, &asked.trusted)?;
    if !report.good {
        answer(&report, asked.trusted.json)?;
        return Ok(false);
    }
    let paper = export.paper(&code, &brought)?;
    answer(&paper, asked.trusted.json)?;
    Ok(paper.is_good())
}

fn run(path: &Path, trusted: &Trusted) -> Result<(Export, Report), Unusable> {
    let export = Export::open(path)?;
    let trust = Trust {
        key: key(trusted)?,
        memory: memory(trusted, &export)?,
        checkpoints: trusted.checkpoints.iter().map(|path| held(path)).collect::<Result<_, _>>()?,
    };
    let mut report = export.verify(&trust)?;
    if report.good {
        report.remembered_in = remember(&export, trust)?;
    }
    Ok((export, report))
}

/// Remembers the accepted checkpoint, and says in which file; none where no memory is wanted.
fn remember(export: &Export, mut trust: Trust) -> Result<Option<String>, Unusable> {
    let key = export.key(&trust).cloned();
    let (Some(memory), Some(key), Some(accepted)) = (&mut trust.memory, key, export.checkpoint()) else {
        return Ok(None);
    };
    memory.advance(&key, accepted)?;
    Ok(Some(memory.path().display().to_string()))
}

fn key(trusted: &Trusted) -> Result<Option<VerifierKey>, Unusable> {
    let (text, place) = match (&trusted.key, &trusted.key_file) {
        (Some(text), _) => (text.clone(), "--key".to_owned()),
        (None, Some(path)) => (read_text(path)?, path.display().to_string()),
        (None, None) => return Ok(None),
    };
    VerifierKey::parse(text.trim()).map(Some).map_err(|why| Unusable::Key { place, why })
}

fn memory(trusted: &Trusted, export: &Export) -> Result<Option<Memory>, Unusable> {
    let path = match &trusted.memory {
        Some(path) if path == Path::new("none") => None,
        Some(path) => Some(path.clone()),
        None => export.base().and_then(witness::default_memory_file),
    };
    path.map(|path| Memory::open(&path)).transpose()
}

fn held(path: &Path) -> Result<HeldCheckpoint, Unusable> {
    let place = format!("the checkpoint {}", path.display());
    match SignedCheckpoint::parse(read_text(path)?.as_bytes()) {
        Ok(checkpoint) => Ok(HeldCheckpoint { place, checkpoint }),
        Err(why) => Err(Unusable::Checkpoint { place, why }),
    }
}

fn read_text(path: &Path) -> Result<String, Unusable> {
    std::fs::read_to_string(path).map_err(|source| Unusable::File { path: path.to_owned(), source })
}

fn answer<R: Serialize + Display>(report: &R, json: bool) -> Result<(), Unusable> {
    let refused = |source: io::Error| Unusable::File { path: "standard output".into(), source };
    let mut out = io::stdout().lock();
    let written = match json {
        true => serde_json::to_writer(&mut out, report).map_err(io::Error::from).and_then(|()| writeln!(out)),
        false => write!(out, "{report}"),
    };
    written.and_then(|()| out.flush()).map_err(refused)
}

fn complain(unusable: &Unusable, json: bool) {
    // Where even the complaint cannot be written, the exit status still tells.
    let _ = writeln!(io::stderr(), "bluelamp-verify: {unusable}");
    if json {
        let answer = serde_json::json!({ "good": false, "error": unusable.to_string() });
        let _ = writeln!(io::stdout(), "{answer}");
    }
}
