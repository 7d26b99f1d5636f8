//! The one binary. Each command is a thin layer over a use case of the desk: it proves who asks,
//! calls, and prints for people or, with `--json`, for machines.

mod arguments;
mod commands;
mod drill;
mod output;
mod session;

use arguments::Arguments;
use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .without_time()
        .init();
    let arguments = Arguments::parse();
    match commands::run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}
