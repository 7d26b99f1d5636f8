//! `bluelamp-verify`: checks an exported log offline, for the overseer.

use clap::Parser;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use witness::{Export, HeldCheckpoint, Memory, Report, SignedCheckpoint, Trust, Unusable, VerifierKey};

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
    after_help = "Example:\n  bluelamp-verify /media/stick/export-2026-11\n  \
    bluelamp-verify export --key-file vkey-from-the-website --checkpoint last-year.checkpoint --json"
)]
struct Arguments {
    /// The folder that `bluelamp ledger export` wrote.
    path: PathBuf,
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
    let status =
        match run(&arguments).and_then(|report| answer(&report, arguments.json).map(|()| report.good)) {
            Ok(true) => GOOD,
            Ok(false) => FAULTS,
            Err(unusable) => {
                complain(&unusable, arguments.json);
                UNUSABLE
            }
        };
    ExitCode::from(status)
}

fn run(arguments: &Arguments) -> Result<Report, Unusable> {
    let export = Export::open(&arguments.path)?;
    let trust = Trust {
        key: key(arguments)?,
        memory: memory(arguments, &export)?,
        checkpoints: arguments.checkpoints.iter().map(|path| held(path)).collect::<Result<_, _>>()?,
    };
    let mut report = export.verify(&trust)?;
    if report.good {
        report.remembered_in = remember(&export, trust)?;
    }
    Ok(report)
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

fn key(arguments: &Arguments) -> Result<Option<VerifierKey>, Unusable> {
    let (text, place) = match (&arguments.key, &arguments.key_file) {
        (Some(text), _) => (text.clone(), "--key".to_owned()),
        (None, Some(path)) => (read_text(path)?, path.display().to_string()),
        (None, None) => return Ok(None),
    };
    VerifierKey::parse(text.trim()).map(Some).map_err(|why| Unusable::Key { place, why })
}

fn memory(arguments: &Arguments, export: &Export) -> Result<Option<Memory>, Unusable> {
    let path = match &arguments.memory {
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

fn answer(report: &Report, json: bool) -> Result<(), Unusable> {
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
