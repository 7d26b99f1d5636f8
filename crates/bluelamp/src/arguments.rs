//! What can be said on the command line.

use crate::commands::{
    attachment::AttachmentCommand, break_glass::BreakGlassCommand, completeness::CompletenessArguments,
    demo::DemoArguments, disclose::DiscloseArguments, grant::GrantCommand, init::InitArguments,
    local_field::LocalFieldCommand, local_list::LocalListCommand, matrix::MatrixCommand,
    notices::NoticesCommand, paper::PaperCommand, practice::PracticeCommand, saved::SavedCommand,
    search_list::SearchListArguments, serve::ServeArguments, sizing::SizingArguments, synth::SynthArguments,
    users::UsersCommand,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Bluelamp: police records, lawful by construction.
#[derive(Debug, Parser)]
#[command(
    name = "bluelamp",
    version,
    about,
    after_help = "Environment: BLUELAMP_TOKEN is the token of whoever asks, as `init` or `users add` printed it; without \
    it a terminal asks. BLUELAMP_DATA_DIR is the folder of the deployment. Only init, practice, doctor, backup, \
    rebuild-index, scan, kinds, demo, drill, sbom, sizing and bench need no token.\n\n\
    Example: bluelamp init --data ./force && \
    BLUELAMP_TOKEN=… bluelamp search 'burglary at:2024-01' --data ./force --purpose 'inquiry 17'"
)]
pub struct Arguments {
    /// Folder of the embedded deployment.
    #[arg(long, global = true, env = "BLUELAMP_DATA_DIR", default_value = "bluelamp-data")]
    pub data: PathBuf,
    /// Print one JSON object for machines, errors included.
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
    Demo(Box<DemoArguments>),
    /// Make an empty deployment with its first three accounts.
    #[command(after_help = "Example: bluelamp init --data ./force --name 'Lampshire Police'\n         \
        bluelamp init --data ./force --store postgres://force@db1/records --keystore postgres://force@db2/keys")]
    Init(Box<InitArguments>),
    /// A system of its own to practise in, in which nobody is real: make one, or put it back to its start.
    #[command(subcommand)]
    Practice(PracticeCommand),
    /// Take records in from other systems and open data; work the rejects.
    #[command(subcommand)]
    Intake(IntakeCommand),
    /// Search. Words must all match; also field:value, "a phrase", at:2024-01, missing:place.
    #[command(
        after_help = "Example: bluelamp search 'object:controlled-drugs at:2024-01..2024-03' --purpose 'inquiry 17'"
    )]
    Search {
        /// The query.
        #[arg(required_unless_present = "form")]
        query: Option<String>,
        /// Search by the advanced form in this JSON file, in place of a query (docs/search.md).
        #[arg(long, value_name = "FILE", conflicts_with = "query")]
        form: Option<PathBuf>,
        /// Count the answers by kind and year.
        #[arg(long)]
        counts: bool,
        /// Answers to show.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Answers to pass over first.
        #[arg(long, default_value_t = 0)]
        offset: usize,
    },
    /// Searches that you keep: add one, with alerts or without, list, run, remove.
    #[command(subcommand)]
    Saved(SavedCommand),
    /// Search for many names, plates, telephone numbers or references in one go: a file with one a line, or
    /// a table with a header.
    #[command(
        after_help = "Example: bluelamp search-list ./guests.csv --out ./report.csv --purpose 'op lantern, venue check'"
    )]
    SearchList(SearchListArguments),
    /// Disclose the answers to a search to somebody outside: entered with each record before the file is
    /// written.
    #[command(
        after_help = "Example: bluelamp disclose 'surname:okonjo at:2024' --out ./answers.csv --recipient 'Kent Police' --ground 'DPA 2018 s.35(2)(b): joint inquiry 17' --purpose 'inquiry 17'"
    )]
    Disclose(DiscloseArguments),
    /// List the records of a kind, newest first.
    #[command(after_help = "Example: bluelamp list vehicle --purpose 'inquiry 17'")]
    List {
        /// The kind, for instance `vehicle`.
        kind: String,
        /// Only those older than this one: the reference that the page before ended with.
        #[arg(long, value_name = "REFERENCE")]
        before: Option<String>,
        /// Records to show, at most 200.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Open a record.
    #[command(after_help = "Example: bluelamp show SS-0000017-T --purpose 'inquiry 17'")]
    Show {
        /// The reference.
        reference: String,
        /// An older version, by its number.
        #[arg(long)]
        version: Option<u32>,
    },
    /// Show who changed a record, when and why.
    #[command(after_help = "Example: bluelamp history SS-0000017-T --purpose 'complaint 4'")]
    History {
        /// The reference.
        reference: String,
    },
    /// Show what differs between two versions of a record.
    #[command(after_help = "Example: bluelamp compare SS-0000017-T 1 2 --purpose 'complaint 4'")]
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
        after_help = "Example: bluelamp correct SS-0000017-T outcome=arrest --reason 'wrong outcome keyed' --purpose 'data quality'"
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
    /// Restrict a record, or lift a restriction: name all labels that it is to have.
    #[command(
        after_help = "Example: bluelamp label SS-0000017-T --group op-lantern --covert --reason 'source at risk' --purpose 'op lantern'"
    )]
    Label {
        /// The reference.
        reference: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Take off what is on the record and not named here. Without it such a command is refused.
        #[arg(long)]
        lift: bool,
        /// Restriction and marking, all that the record is to have.
        #[command(flatten)]
        labels: LabelArguments,
    },
    /// Plan, approve, carry out and follow erasures.
    #[command(subcommand)]
    Erase(EraseCommand),
    /// Hold a record against erasure, or lift a hold.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// Papers with receipts: print a record, check, list and recall papers.
    #[command(subcommand)]
    Paper(PaperCommand),
    /// Files of a record: add, list, open.
    #[command(subcommand)]
    Attachment(AttachmentCommand),
    /// Open a restricted record at once for a risk to life; review and count that.
    #[command(subcommand)]
    BreakGlass(BreakGlassCommand),
    /// What you were told: alerts of your searches, searches that met your covert records, glasses broken.
    #[command(subcommand)]
    Notices(NoticesCommand),
    /// Membership of a restriction group for a time, by two persons.
    #[command(subcommand)]
    Grant(GrantCommand),
    /// The access matrix: read it, propose another, approve one.
    #[command(subcommand)]
    Matrix(MatrixCommand),
    /// Fields of the force's own, by two persons.
    #[command(subcommand)]
    LocalField(LocalFieldCommand),
    /// Code lists of the force's own, by two persons.
    #[command(subcommand)]
    LocalList(LocalListCommand),
    /// Look for texts in every file of a folder, by place. What a deployment seals is never found, by
    /// design: this finds what stands in clear. An erasure looks for ciphertext and keys too.
    #[command(after_help = "Example: bluelamp scan ./force --token 'Ottoline Example'")]
    Scan {
        /// The folder.
        folder: PathBuf,
        /// A text to look for, in any case; also read from standard input with `--token -`.
        #[arg(long = "token", required = true)]
        tokens: Vec<String>,
    },
    /// Count how the rules of a kind stand in its records, and list the records behind a figure.
    #[command(
        after_help = "Example: bluelamp completeness stop-and-search --by unit,month --json\nExample: bluelamp completeness crime --period 2024-03 --behind crime-place:missing --purpose 'data quality'"
    )]
    Completeness(CompletenessArguments),
    /// The log: checkpoint, proof, export, who touched a record.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Turn the epoch of the keys; register escrow copies.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Accounts of people and machines.
    #[command(subcommand)]
    Users(UsersCommand),
    /// Serve the API to this machine, until it is told to stop.
    #[command(after_help = "Example: bluelamp serve --data ./force --listen 127.0.0.1:8480")]
    Serve(ServeArguments),
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
    /// Build the search index anew from the records. Needs no token: it shows nothing.
    #[command(after_help = "Example: bluelamp rebuild-index --data ./force")]
    RebuildIndex,
    /// Look at keys, store, ledger, index, disk and clock; say what to do. Needs no token: it shows no
    /// record, and enters what it opens in the log.
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
    /// Make a synthetic force, in which nobody exists: into a folder, or into the deployment.
    #[command(after_help = "Example: bluelamp synth --nominals 100000 --seed 1 --out ./synthetic\n\
        or, with a token: bluelamp synth --nominals 100000 --seed 1 --data ./force")]
    Synth(SynthArguments),
    /// Copy records, log, keystore and files into a new folder, also while a server is at work. The key of the
    /// provider is not copied.
    #[command(after_help = "Example: bluelamp backup /var/backups/bluelamp --data ./force")]
    Backup {
        /// The folder below which a folder for the copy is made.
        into: PathBuf,
    },
    /// Print what this program is made of: a software bill of materials as CycloneDX.
    #[command(after_help = "Example: bluelamp sbom > bluelamp.cdx.json")]
    Sbom,
    /// Compute what a force of so many officers needs, from a deployment of made-up people.
    #[command(after_help = "Example: bluelamp sizing --officers 2500 --data ./sizing")]
    Sizing(SizingArguments),
    /// Run a benchmark of the bench program that lies beside this one.
    #[command(after_help = "Example: bluelamp bench reads --json")]
    Bench {
        /// Name and options, as for `bluelamp-bench`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
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
    #[arg(long, requires = "groups")]
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
    #[command(after_help = "Example: bluelamp intake rejects --purpose 'data quality'")]
    Rejects,
    /// Show one rejected row as it stood.
    #[command(after_help = "Example: bluelamp intake reject NAME --purpose 'data quality'")]
    Reject {
        /// Its name, as `rejects` lists it.
        name: String,
    },
    /// Discard a rejected row for good.
    #[command(
        after_help = "Example: bluelamp intake discard NAME --ground 'test row of the supplier' --purpose 'data quality'"
    )]
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
    /// Plan the erasure of a record, of one field or of one file, and show what would go.
    #[command(
        after_help = "Example: bluelamp erase plan SS-0000017-T --ground 'DPA 2018 s.47(1)(a)' --purpose 'erasure request 3'"
    )]
    Plan {
        /// The reference.
        reference: String,
        /// Only this field.
        #[arg(long, conflicts_with = "attachment")]
        field: Option<String>,
        /// Only this file, as `attachment list` names it.
        #[arg(long)]
        attachment: Option<String>,
        /// The ground in law.
        #[arg(long)]
        ground: String,
    },
    /// Approve a planned erasure as a second person.
    #[command(after_help = "Example: bluelamp erase approve E-1")]
    Approve {
        /// The erasure, `E-1`.
        id: String,
    },
    /// Carry an approved erasure out and prove it.
    #[command(after_help = "Example: bluelamp erase run E-1 --purpose 'erasure request 3'")]
    Run {
        /// The erasure, `E-1`.
        id: String,
    },
    /// Withdraw an erasure of which nothing is gone yet, as its planner or as somebody who may approve it.
    #[command(
        after_help = "Example: bluelamp erase cancel E-1 --reason 'the request was withdrawn' --purpose 'erasure request 3'"
    )]
    Cancel {
        /// The erasure, `E-1`.
        id: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Show how an erasure stands.
    #[command(after_help = "Example: bluelamp erase status E-1")]
    Status {
        /// The erasure, `E-1`.
        id: String,
    },
    /// List the certificates, or show one whole.
    #[command(after_help = "Example: bluelamp erase certificates E-1")]
    Certificates {
        /// The erasure whose certificate is shown, `E-1`; without it, all are listed.
        id: Option<String>,
    },
}

/// Commands of `hold`.
#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Place a hold.
    #[command(
        after_help = "Example: bluelamp hold place SS-0000017-T --reason 'claim 2026/17, county court'"
    )]
    Place {
        /// The reference.
        reference: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// List the holds on a record.
    #[command(after_help = "Example: bluelamp hold list SS-0000017-T")]
    List {
        /// The reference.
        reference: String,
    },
    /// Lift a hold.
    #[command(after_help = "Example: bluelamp hold lift SS-0000017-T HOLD --reason 'the claim is settled'")]
    Lift {
        /// The reference.
        reference: String,
        /// The hold's name, as `list` shows it.
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
    #[command(after_help = "Example: bluelamp ledger checkpoint > 2026-11.checkpoint")]
    Checkpoint,
    /// Prove that an entry stands in the log.
    #[command(after_help = "Example: bluelamp ledger proof 17 --json")]
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
    #[command(
        after_help = "Example: bluelamp ledger who-touched SS-0000017-T --purpose 'DPA 2018 s.62(4)(a): complaint 4'"
    )]
    WhoTouched {
        /// The reference.
        reference: String,
        /// Only what was before this leaf: the rest of a long list, as its end says.
        #[arg(long)]
        before: Option<u64>,
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
    /// Say that the clock is right now, where it stood ahead for a while and the log has times that have
    /// not come yet: nothing starts otherwise until they have.
    #[command(
        after_help = "Example: bluelamp ledger clock-is-right --ground 'compared with the time server; it stood an hour ahead on 24 November' --purpose 'upkeep'"
    )]
    ClockIsRight {
        /// How you know.
        #[arg(long)]
        ground: String,
    },
    /// After an older database was restored: begin a new generation that says what was lost. Do it
    /// before anything else, `doctor` included.
    #[command(
        after_help = "Example: bluelamp ledger begin-generation 2026-10.checkpoint 2026-11.checkpoint --ground 'restored from the copy of 3 November after a disk failure'"
    )]
    BeginGeneration {
        /// Files with the signed checkpoints that people outside hold: all of them, the newest included.
        #[arg(required = true)]
        checkpoints: Vec<PathBuf>,
        /// Why.
        #[arg(long)]
        ground: String,
    },
}

/// Commands of `keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Turn the epoch: older copies of the keystore open nothing any more.
    #[command(after_help = "Example: bluelamp keys turn --copy /mnt/keystore-copies")]
    Turn {
        /// Folder into which a checked copy of the new keystore goes; made where it is missing.
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
    #[command(after_help = "Example: bluelamp keys escrow 'the safe' /mnt/safe/epoch-copy.key")]
    Escrow {
        /// Its name.
        name: String,
        /// The new file in which it is kept.
        path: PathBuf,
    },
    /// List the escrow copies, and those that were taken off the register.
    #[command(after_help = "Example: bluelamp keys escrows")]
    Escrows,
    /// Take an escrow copy off the register, once whoever kept it has destroyed it. Certificates of
    /// erasure name it from then on.
    #[command(
        after_help = "Example: bluelamp keys unregister 'the safe' --ground 'file shredded by the solicitor on 3 November'"
    )]
    Unregister {
        /// Its name.
        name: String,
        /// Who destroyed it, and when.
        #[arg(long)]
        ground: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_an_example() {
        fn walk(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            for sub in command.get_subcommands() {
                walk(sub, &format!("{path} {}", sub.get_name()), missing);
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let shows = help.contains("Example: ") && help.contains(path);
            if command.get_subcommands().next().is_none() && !shows {
                missing.push(path.to_owned());
            }
        }
        let mut missing = Vec::new();
        walk(&Arguments::command(), "bluelamp", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }
}
