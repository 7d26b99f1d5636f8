//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Measures Bluelamp on this machine.
#[derive(Debug, Parser)]
#[command(
    name = "bluelamp-bench",
    version,
    about,
    after_help = "Example: bluelamp-bench reads --records 100000"
)]
pub struct Arguments {
    /// Print one JSON object.
    #[arg(long, global = true)]
    pub json: bool,
    /// Folder for the deployments that are made and removed again [default: the system's]
    #[arg(long, global = true, value_name = "DIR")]
    pub work: Option<PathBuf>,
    /// What to measure.
    #[command(subcommand)]
    pub workload: Workload,
}

/// A workload.
#[derive(Debug, Subcommand)]
pub enum Workload {
    /// Opens records through the whole door, beside the same on an in-memory log.
    Reads {
        /// Callers at a time.
        #[arg(long, default_value_t = 64)]
        callers: u32,
        /// How long and over what.
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Makes entries of the log durable, and waits for their places and for a checkpoint.
    Appends {
        /// Callers at a time.
        #[arg(long, default_value_t = 256)]
        callers: u32,
        /// How long and over what.
        #[command(flatten)]
        rounds: Rounds,
    },
    /// Makes inclusion proofs in a large log.
    Proofs {
        /// Leaves of the log.
        #[arg(long, default_value_t = 10_000_000)]
        leaves: u64,
        /// Proofs to make.
        #[arg(long, default_value_t = 20_000)]
        proofs: u64,
    },
    /// Turns the epoch of a keystore, and of one ten times as large.
    Turn {
        /// Records of the larger estate.
        #[arg(long, default_value_t = 1_000_000)]
        records: u64,
        /// Turns of each.
        #[arg(long, default_value_t = 5)]
        rounds: u32,
    },
    /// Takes in files, and ten times as many rows, each in a process of its own; or files that somebody
    /// published, three times over.
    Intake {
        /// Rows of the smaller import.
        #[arg(long, default_value_t = 50_000)]
        rows: u64,
        /// Which store is measured.
        #[arg(long, value_enum, default_value_t = Store::Sqlite)]
        store: Store,
        /// Take in this folder of published files instead: all of it, again, and file by file backwards,
        /// which must add nothing. Several are one import.
        #[arg(long, value_name = "DIR", conflicts_with = "rows")]
        files: Vec<PathBuf>,
    },
    /// Asks the index through the door.
    Search {
        /// Records to search in.
        #[arg(long, default_value_t = 100_000)]
        records: u64,
        /// How often each query is asked.
        #[arg(long, default_value_t = 50)]
        rounds: u32,
    },
    /// One import, in this process.
    #[command(hide = true)]
    IntakeOnce {
        /// Rows to take in.
        #[arg(long)]
        rows: u64,
        /// Which store is measured.
        #[arg(long, value_enum, default_value_t = Store::Sqlite)]
        store: Store,
    },
}

/// Which store is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Store {
    /// One file, beside the same on an in-memory log.
    Sqlite,
    /// Two PostgreSQL clusters, started for the measurement.
    Postgres,
}

impl Store {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// What is added to the command that repeats a measurement.
    pub fn said(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " --store postgres",
        }
    }
}

/// Rounds of callers that each wait for an answer before they ask again.
#[derive(Debug, Clone, Args)]
pub struct Rounds {
    /// Which store is measured.
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    pub store: Store,
    /// Records that they ask for, at random.
    #[arg(long, default_value_t = 100_000)]
    pub records: u64,
    /// Seconds of each round.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Rounds; the median of them is reported.
    #[arg(long, default_value_t = 3)]
    pub rounds: u32,
    /// Leave the peer out.
    #[arg(long)]
    pub alone: bool,
}
