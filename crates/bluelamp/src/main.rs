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

/// The system's allocator keeps a heap for each of many threads, and what one frees another cannot
/// use: an import then holds twice as much as it needs (docs/performance.md).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
