//! The program `bluelamp`. Each command is a thin layer over a use case of the desk: it proves who asks,
//! calls, and prints for people or, with `--json`, for machines.

mod arguments;
#[cfg(test)]
mod both_ways;
mod commands;
mod drill;
#[cfg(test)]
mod manual_names;
mod output;
mod session;
mod supervisor;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The system's allocator keeps a heap for each of many threads, and what one frees another cannot
/// use: an import then holds twice as much as it needs (docs/performance.md).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What goes wrong is told on standard error; a server tells one JSON object a line, with the time,
/// each request among them.
fn tell(arguments: &Arguments) {
    let told = tracing_subscriber::fmt().with_writer(std::io::stderr);
    match arguments.command {
        Command::Serve(_) => {
            let ours = Targets::new()
                .with_default(tracing::Level::WARN)
                .with_targets([("bluelamp", tracing::Level::INFO), ("web", tracing::Level::INFO)]);
            told.json().flatten_event(true).with_max_level(tracing::Level::INFO).finish().with(ours).init();
        }
        _ => {
            // Whoever types a command reads its answer; what happened stands in the log.
            let no_events = Targets::new()
                .with_default(tracing::Level::WARN)
                .with_target(ledger::events::TARGET, tracing::level_filters::LevelFilter::OFF);
            told.with_max_level(tracing::Level::WARN).without_time().finish().with(no_events).init();
        }
    }
}

/// A command line that cannot be understood, or that asks for help.
fn misspoken(error: &clap::Error) -> ExitCode {
    let wants_json = std::env::args().any(|argument| argument == "--json");
    if !wants_json || !error.use_stderr() {
        // Printing goes to the stream that fits; where that is closed nothing is left to be done.
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let said = error.to_string();
    let what = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    output::complain_as(&output::Complaint::new(what, "See `bluelamp --help`."), true);
    ExitCode::from(2)
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misspoken(&error),
    };
    tell(&arguments);
    match commands::run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain_as(&error, arguments.json);
            ExitCode::FAILURE
        }
    }
}
