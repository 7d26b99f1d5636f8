//! What can be said on the command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use vault::postgres::Address;

/// Bluelamp: police records, lawful by construction.
#[derive(Debug, Parser)]
#[command(
    name = "bluelamp",
    version,
    about,
    after_help = "Example: bluelamp init --data ./force && \
    BLUELAMP_TOKEN=… bluelamp search 'burglary at:2024-01' --data ./force --purpose 'inquiry 17'"
)]
pub struct Arguments {
    /// Folder of the embedded deployment.
    #[arg(long, global = true, env = "BLUELAMP_DATA_DIR", default_value = "bluelamp-data")]
    pub data: PathBuf,
    /// Print one JSON object for machines.
    #[arg(long, global = true)]
    pub json: bool,
    /// What for: every sight of a record needs a purpose (DPA 2018 s.36).
    #[arg(long, global = true)]
    pub purpose: Option<String>,
    /// The task, case or incident being worked on, which gives the purpose its context.
    #[arg(long, global = true)]
    pub task: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a deployment with data of its own and walk through the main job.
    #[command(after_help = "Example: bluelamp demo --data ./bluelamp-demo")]
    Demo {
        /// Stops that the generator writes, a month.
        #[arg(long, default_value_t = 2000)]
        rows: u32,
    },
    /// Make an empty deployment with its first three accounts.
    #[command(after_help = "Examples: bluelamp init --data ./force --name 'Lampshire Police'\n          \
        bluelamp init --data ./force --store postgres://force@db1/records --keystore postgres://force@db2/keys")]
    Init(Box<InitArguments>),
    /// Take records in from other systems and open data; work the rejects.
    #[command(subcommand)]
    Intake(IntakeCommand),
    /// Search. Words must all match; also field:value, "a phrase", at:2024-01, missing:place.
    #[command(
        after_help = "Example: bluelamp search 'object:controlled-drugs at:2024-01..2024-03' --purpose 'inquiry 17'"
    )]
    Search {
        /// The query.
        query: String,
        /// Answers to show.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Answers to pass over first.
        #[arg(long, default_value_t = 0)]
        offset: usize,
    },
    /// Open a record.
    #[command(after_help = "Example: bluelamp show SS-0000017-K --purpose 'inquiry 17'")]
    Show {
        /// The reference.
        reference: String,
        /// An older version, by its number.
        #[arg(long)]
        version: Option<u32>,
    },
    /// Show who changed a record, when and why.
    #[command(after_help = "Example: bluelamp history SS-0000017-K --purpose 'complaint 4'")]
    History {
        /// The reference.
        reference: String,
    },
    /// Show what differs between two versions of a record.
    #[command(after_help = "Example: bluelamp compare SS-0000017-K 1 2 --purpose 'complaint 4'")]
    Compare {
        /// The reference.
        reference: String,
        /// The earlier version.
        before: u32,
        /// The later version.
        after: u32,
    },
    /// Make a record.
    #[command(after_help = "Example: bluelamp new vehicle vrm='AB12 CDE' make=Ford --purpose 'patrol'")]
    New {
        /// The kind, for instance `vehicle`.
        kind: String,
        /// Its fields, as `field=value`.
        fields: Vec<String>,
        /// Restriction and marking.
        #[command(flatten)]
        labels: LabelArguments,
    },
    /// Correct a record: adds a version, keeps the one before.
    #[command(
        after_help = "Example: bluelamp correct SS-0000017-K outcome=arrest --reason 'wrong outcome keyed' --purpose 'data quality'"
    )]
    Correct {
        /// The reference.
        reference: String,
        /// The fields to change, as `field=value`; `field=` empties one.
        #[arg(required = true)]
        fields: Vec<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The version that you looked at, where it is not the newest.
        #[arg(long)]
        from_version: Option<u32>,
    },
    /// Restrict a record, or lift a restriction.
    #[command(
        after_help = "Example: bluelamp label SS-0000017-K --group op-lantern --covert --reason 'source at risk' --purpose 'op lantern'"
    )]
    Label {
        /// The reference.
        reference: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Restriction and marking; what is not named is lifted.
        #[command(flatten)]
        labels: LabelArguments,
    },
    /// Plan, approve, carry out and follow erasures.
    #[command(subcommand)]
    Erase(EraseCommand),
    /// Hold a record against erasure, or lift a hold.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Look for texts in every file of a folder, by place.
    #[command(after_help = "Example: bluelamp scan ./force --token 'Ottoline Example'")]
    Scan {
        /// The folder.
        folder: PathBuf,
        /// A text to look for, in any case; also read from standard input with `--token -`.
        #[arg(long = "token", required = true)]
        tokens: Vec<String>,
    },
    /// Count unmet rules of a kind.
    #[command(after_help = "Example: bluelamp completeness stop-and-search --json")]
    Completeness {
        /// The kind.
        kind: String,
        /// Check the figures against a full pass over the records.
        #[arg(long)]
        check: bool,
    },
    /// The log: checkpoint, proof, export, who touched a record.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Turn the epoch of the keys; register escrow copies.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Accounts.
    #[command(subcommand)]
    Users(UsersCommand),
    /// Explain the kinds of record: fields, rules, law, schema.
    #[command(after_help = "Example: bluelamp kinds stop-and-search")]
    Kinds {
        /// The kind; without it, all are listed.
        kind: Option<String>,
        /// Print its JSON Schema.
        #[arg(long)]
        schema: bool,
        /// Print its row of the record of processing (DPA 2018 s.61).
        #[arg(long)]
        processing: bool,
    },
    /// Build the search index anew from the records.
    #[command(after_help = "Example: bluelamp rebuild-index --data ./force")]
    RebuildIndex,
    /// Look at keys, store, ledger, index, disk and clock; say what to do.
    #[command(after_help = "Example: bluelamp doctor --data ./force")]
    Doctor,
    /// Prove that a kill at any moment loses nothing that was acknowledged.
    #[command(after_help = "Example: bluelamp drill --rounds 100 --data /tmp/bluelamp-drill")]
    Drill {
        /// How often the writing process is killed.
        #[arg(long, default_value_t = 10)]
        rounds: u32,
        /// On two PostgreSQL clusters of its own; their servers are killed too.
        #[arg(long)]
        postgres: bool,
        /// Seed of the moments at which it is killed.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The writing process itself.
        #[arg(long, hide = true)]
        writer: bool,
    },
    /// Run a benchmark of the bench program that lies beside this one.
    #[command(after_help = "Example: bluelamp bench reads --json")]
    Bench {
        /// Name and options, as for `bluelamp-bench`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// Name of the force.
    #[arg(long, default_value = "Lampshire Police")]
    pub name: String,
    /// Base of the log's origin: a name that the force controls, and a path.
    #[arg(long, default_value = "lampshire.example/bluelamp")]
    pub log: String,
    /// Hours between the approval of an erasure and the earliest moment at which it may run.
    #[arg(long, default_value_t = 0)]
    pub erasure_wait_hours: u32,
    /// Folder of the key provider, outside every backup; `provider` in the deployment otherwise.
    #[arg(long)]
    pub provider: Option<PathBuf>,
    /// Database of records and log, `postgres://…`; without it they are files in the folder.
    #[arg(long, requires = "keystore")]
    pub store: Option<Address>,
    /// Database of the keystore, on another cluster than the records.
    #[arg(long, requires = "store")]
    pub keystore: Option<Address>,
    /// Name of the first administrator.
    #[arg(long, default_value = "administrator")]
    pub administrator: String,
    /// Name of the first records reviewer.
    #[arg(long, default_value = "records-reviewer")]
    pub records_reviewer: String,
    /// Name of the first auditor.
    #[arg(long, default_value = "auditor")]
    pub auditor: String,
}

/// Labels of a record.
#[derive(Debug, Args)]
pub struct LabelArguments {
    /// Restriction group; only a member of at least one may read.
    #[arg(long = "group")]
    pub groups: Vec<String>,
    /// Nobody outside the groups may even know that the record exists.
    #[arg(long, requires = "groups")]
    pub covert: bool,
    /// Others see that something exists, and whom to ask.
    #[arg(long)]
    pub sensitive: bool,
    /// Handling conditions (3x5x2 code C) apply.
    #[arg(long)]
    pub handling_conditions: bool,
    /// OFFICIAL-SENSITIVE.
    #[arg(long)]
    pub official_sensitive: bool,
}

/// Commands of `intake`.
#[derive(Debug, Subcommand)]
pub enum IntakeCommand {
    /// Stops in the format of data.police.uk: a file, or a folder with all below it.
    #[command(after_help = "Example: bluelamp intake data-police-uk ./2024-01 --data ./force")]
    DataPoliceUk {
        /// The file or folder.
        path: PathBuf,
    },
    /// List the rejected rows: where, and why.
    Rejects,
    /// Show one rejected row as it stood.
    Reject {
        /// Its name, as `rejects` lists it.
        name: String,
    },
    /// Discard a rejected row for good.
    Discard {
        /// Its name, as `rejects` lists it.
        name: String,
        /// Why it is not needed.
        #[arg(long)]
        ground: String,
    },
}

/// Commands of `erase`.
#[derive(Debug, Subcommand)]
pub enum EraseCommand {
    /// Plan the erasure of a record, or of one field, and show what would go.
    #[command(
        after_help = "Example: bluelamp erase plan SS-0000017-K --ground 'DPA 2018 s.47(1)(a)' --purpose 'erasure request 3'"
    )]
    Plan {
        /// The reference.
        reference: String,
        /// Only this field.
        #[arg(long)]
        field: Option<String>,
        /// The ground in law.
        #[arg(long)]
        ground: String,
    },
    /// Approve a planned erasure as a second person.
    Approve {
        /// The erasure, `E-1`.
        id: String,
    },
    /// Carry an approved erasure out and prove it.
    Run {
        /// The erasure, `E-1`.
        id: String,
    },
    /// Show how an erasure stands.
    Status {
        /// The erasure, `E-1`.
        id: String,
    },
    /// List the certificates.
    Certificates,
}

/// Commands of `hold`.
#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Place a hold.
    Place {
        /// The reference.
        reference: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lift a hold.
    Lift {
        /// The reference.
        reference: String,
        /// The hold's name, as `place` printed it.
        name: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

/// Commands of `ledger`.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Print the newest signed checkpoint, for an overseer to keep.
    Checkpoint,
    /// Prove that an entry stands in the log.
    Proof {
        /// The leaf.
        leaf: u64,
    },
    /// Write the log to a folder for `bluelamp-verify`.
    #[command(
        after_help = "Example: bluelamp ledger export ./for-the-overseer --recipient 'the overseer' --purpose 'DPA 2018 s.62(4)(a)'"
    )]
    Export {
        /// A new or empty folder.
        folder: PathBuf,
        /// Who gets it.
        #[arg(long, default_value = "the overseer")]
        recipient: String,
    },
    /// Who touched a record, for the purposes of DPA 2018 s.62(4).
    WhoTouched {
        /// The reference.
        reference: String,
    },
    /// Destroy what an entry says, or one field of it; the entry stays and the log still verifies.
    #[command(
        after_help = "Example: bluelamp ledger erase 17 --field query --ground 'DPA 2018 s.47(1)(a)' --purpose 'request 3'"
    )]
    Erase {
        /// The leaf.
        leaf: u64,
        /// Only this field: query, purpose, task, actor-name, unit or device.
        #[arg(long)]
        field: Option<String>,
        /// The ground in law.
        #[arg(long)]
        ground: String,
    },
    /// After an older database was restored: begin a new generation from the last checkpoint known
    /// outside.
    BeginGeneration {
        /// File with that checkpoint.
        checkpoint: PathBuf,
        /// Why.
        #[arg(long)]
        ground: String,
    },
}

/// Commands of `keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Turn the epoch: older copies of the keystore open nothing any more.
    Turn {
        /// Where a checked copy of the new keystore goes.
        #[arg(long)]
        copy: Option<PathBuf>,
    },
    /// Put a copy of the keystore in its place, while nothing of this program runs.
    #[command(after_help = "Example: bluelamp keys restore ./copies/keys-epoch-7.sqlite --data ./force")]
    Restore {
        /// The copy.
        copy: PathBuf,
        /// Even where the keystore that is there has newer keys, which are then lost.
        #[arg(long)]
        older: bool,
    },
    /// Register an escrow copy of the epoch key.
    Escrow {
        /// Its name.
        name: String,
        /// Where it is kept.
        path: PathBuf,
    },
}

/// Commands of `users`.
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// Add an account; its token is shown once.
    #[command(after_help = "Example: bluelamp users add 'PC 1234' --role officer")]
    Add {
        /// The name.
        name: String,
        /// Its roles.
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        /// Its restriction groups.
        #[arg(long = "group")]
        groups: Vec<String>,
    },
    /// Lock an account.
    Lock {
        /// The name.
        name: String,
    },
    /// List the accounts.
    List,
}
