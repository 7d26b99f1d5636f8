//! Workloads that measure what the product promises, one command each. Each prints its settings, the
//! command that repeats it, and its figures beside the goal and, where there is one, beside a peer.
//!
//! It is a program of its own because of [`memory_log`]: a log that is not durable must not be within
//! reach of a force.

mod arguments;
mod house;
mod load;
mod memory_log;
mod process;
mod report;
mod workloads;

use arguments::Arguments;
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// What stops a workload.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The system's allocator keeps a heap for each of many threads, and what one frees another cannot
/// use: an import then holds twice as much as it needs (docs/performance.md).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = workloads::run(&arguments).await.and_then(|report| report.print(arguments.json));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            // Nothing is left to be done where even standard error is closed.
            let _ = writeln!(std::io::stderr().lock(), "bluelamp-bench: {fault}");
            ExitCode::FAILURE
        }
    }
}
