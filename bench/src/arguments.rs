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
    /// Measures the search against peers: what is found, how much must be sifted, how long it takes.
    Search(SearchArguments),
    /// Makes records and information needs of the synthetic force, for `search`.
    Needs(NeedsArguments),
    /// Estimates what the differences that the search tells apart cost, from needs and what answers them.
    Weights(WeightsArguments),
    /// One engine of `search`, in this process.
    #[command(hide = true)]
    SearchOnce {
        /// The engine.
        #[arg(long, value_enum)]
        engine: EngineName,
        /// What to measure.
        #[command(flatten)]
        search: SearchArguments,
    },
    /// Builds and asks the sealed index beside the same one unsealed.
    Sealing {
        /// Records, a line of JSON each (docs/search-quality.md).
        #[arg(long, value_name = "FILE")]
        records: PathBuf,
        /// Information needs, a line of JSON each; those of the development part are asked.
        #[arg(long, value_name = "FILE")]
        needs: PathBuf,
        /// How often each index is built, in turns.
        #[arg(long, default_value_t = 3)]
        builds: u32,
        /// How often each need is asked of each, in turns; the median counts.
        #[arg(long, default_value_t = 5)]
        rounds: u32,
    },
    /// Saves changes while files are taken in, and waits until somebody else finds them.
    Freshness {
        /// Rows that are taken in meanwhile.
        #[arg(long, default_value_t = 225_000)]
        rows: u64,
        /// People who save, until all rows are in.
        #[arg(long, default_value_t = 4)]
        writers: u32,
    },
    /// Asks saved searches of records that come in: of none, of a tenth of them, of all.
    Alerts {
        /// Records, a line of JSON each (docs/search-quality.md); the searches are made of them too.
        #[arg(long, value_name = "FILE")]
        records: PathBuf,
        /// Saved searches.
        #[arg(long, default_value_t = 10_000)]
        searches: usize,
        /// Rounds; the median of them is reported.
        #[arg(long, default_value_t = 5)]
        rounds: u32,
    },
    /// Serves a deployment over HTTP to people who each do something every few seconds.
    Pages(PagesArguments),
    /// Asks the index through the door.
    DoorSearch {
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

/// What `pages` is given.
#[derive(Debug, Clone, Args)]
pub struct PagesArguments {
    /// Deployment to serve. One that is not there is made with a synthetic force and kept; of one that is there,
    /// BLUELAMP_TOKEN proves the administrator [default: one that is removed again]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// People who use it at a time.
    #[arg(long, default_value_t = 50)]
    pub users: u32,
    /// Nominals of the synthetic force in it.
    #[arg(long, default_value_t = 20_000)]
    pub nominals: u64,
    /// Seed of that force.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How long they use it, in seconds.
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Seconds between two acts of one person.
    #[arg(long, default_value_t = 5)]
    pub every: u64,
}

/// What `search` is given.
#[derive(Debug, Clone, Args)]
pub struct SearchArguments {
    /// Records, a line of JSON each (docs/search-quality.md).
    #[arg(long, value_name = "FILE")]
    pub records: PathBuf,
    /// Information needs, a line of JSON each.
    #[arg(long, value_name = "FILE")]
    pub needs: PathBuf,
    /// Where every query, rank and time is written, a line of JSON each.
    #[arg(long, value_name = "FILE")]
    pub raw: PathBuf,
    /// Engines to measure, with commas between.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = EngineName::ALL)]
    pub peers: Vec<EngineName>,
    /// Which needs are asked. The reported part is for the published table alone.
    #[arg(long, value_enum, default_value_t = Part::Development)]
    pub part: Part,
    /// Ask only the first so many needs of each type.
    #[arg(long, value_name = "COUNT")]
    pub most: Option<usize>,
    /// Costs with which `ours` counts instead of those that are shipped, as `weights --out` writes them.
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
}

/// What `weights` is given.
#[derive(Debug, Clone, Args)]
pub struct WeightsArguments {
    /// Records, a line of JSON each (docs/search-quality.md).
    #[arg(long, value_name = "FILE")]
    pub records: PathBuf,
    /// Information needs, a line of JSON each.
    #[arg(long, value_name = "FILE")]
    pub needs: PathBuf,
    /// Which needs count: the development part. The reported part is refused.
    #[arg(long, value_enum, default_value_t = Part::Development)]
    pub part: Part,
    /// Where the estimated costs are written; those that could not be estimated as they stand.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What `needs` is given.
#[derive(Debug, Clone, Args)]
pub struct NeedsArguments {
    /// Nominal records of the force.
    #[arg(long, default_value_t = 10_000)]
    pub nominals: u64,
    /// The same seed and size give the same files.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder for `records.jsonl` and `needs.jsonl`.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Needs of the name test.
    #[arg(long, default_value_t = 1_000)]
    pub names: usize,
    /// Needs of each type of the judged collection; 0 for the name test alone.
    #[arg(long, default_value_t = 24)]
    pub judged: usize,
    /// Write nominals alone: only needs that are answered by them are made.
    #[arg(long)]
    pub people: bool,
}

/// A part of the needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// For building and tuning.
    Development,
    /// For the published table alone.
    Reported,
    /// Both.
    All,
}

impl Part {
    /// The word that is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Reported => "reported",
            Self::All => "all",
        }
    }
}

/// An engine that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum EngineName {
    /// The sealed index as shipped, without door and log.
    Ours,
    /// The whole door: decided, logged, 20 hits opened.
    OursLogged,
    /// PostgreSQL with trigrams and full text.
    Postgres,
    /// SQLite FTS5.
    Sqlite,
    /// Exact words and Soundex, as an old system has them.
    Soundex,
    /// Everything that holds a word of the query as a part of its text.
    Substring,
}

impl EngineName {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Ours, Self::OursLogged, Self::Postgres, Self::Sqlite, Self::Soundex, Self::Substring];

    /// The word that is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::OursLogged => "ours-logged",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Soundex => "soundex",
            Self::Substring => "substring",
        }
    }
}

impl std::fmt::Display for EngineName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
