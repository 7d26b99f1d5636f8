//! A deployment in a folder that goes away, the people who work on it, and what they are told.

mod answer;
mod copies;
mod database;
mod server;
mod verifier;

pub(crate) use answer::Answer;
pub(crate) use copies::Database;
pub(crate) use database::{execute, query_blob, query_number};
pub(crate) use server::{Server, ask};
pub(crate) use verifier::{Verdict, verify, verify_with};

use serde_json::Value;
use servers::Pair;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use synth::Month;
use synth::stops::{Plan, Written};
use tempfile::TempDir;

/// Where a deployment keeps records and keys.
#[derive(Clone, Copy)]
pub(crate) enum Store {
    Sqlite,
    Postgres,
}

/// Makes two tests of each story, one for each store. Where PostgreSQL is not installed, its are passed
/// over, or fail: see `servers::NEED`.
macro_rules! on_both_stores {
    ($($story:ident)*) => {
        mod sqlite {
            $(#[test]
            fn $story() {
                super::$story(crate::support::Store::Sqlite);
            })*
        }
        mod postgres {
            $(#[test]
            fn $story() {
                if servers::Programs::find_or_pass_over().unwrap().is_some() {
                    super::$story(crate::support::Store::Postgres);
                }
            })*
        }
    };
}
pub(crate) use on_both_stores;

/// A deployment with its first three accounts.
pub(crate) struct House {
    folder: TempDir,
    tokens: [String; 3],
    servers: Option<Pair>,
}

/// Somebody who works on a deployment, for a purpose.
#[derive(Clone)]
pub(crate) struct Person {
    data: PathBuf,
    token: String,
    purpose: Option<String>,
}

impl House {
    /// An empty deployment, made by `bluelamp init`.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// An empty deployment on a store.
    pub(crate) fn on(store: Store) -> Self {
        Self::on_with(store, &[])
    }

    /// An empty deployment on a store, with more arguments for `init`.
    pub(crate) fn on_with(store: Store, arguments: &[&str]) -> Self {
        if matches!(store, Store::Sqlite) {
            return Self::with(arguments);
        }
        let pair = Pair::start().unwrap().unwrap();
        for cluster in [&pair.records, &pair.keys] {
            cluster.create_database("force").unwrap();
        }
        let (records, keys) = (pair.records.url("force"), pair.keys.url("force"));
        let databases = ["--store", &records, "--keystore", &keys];
        Self { servers: Some(pair), ..Self::with(&[databases.as_slice(), arguments].concat()) }
    }

    /// An empty deployment on servers that archive their write-ahead logs; `None` where there are none.
    pub(crate) fn archiving() -> Option<Self> {
        let pair = Pair::start_with(&servers::ARCHIVE).unwrap()?;
        for cluster in [&pair.records, &pair.keys] {
            cluster.create_database("force").unwrap();
        }
        let (records, keys) = (pair.records.url("force"), pair.keys.url("force"));
        let archives = [text(&pair.records.archive()), text(&pair.keys.archive())];
        let house = Self::with(&[
            "--store",
            &records,
            "--keystore",
            &keys,
            "--archive",
            &archives[0],
            "--archive",
            &archives[1],
        ]);
        Some(Self { servers: Some(pair), ..house })
    }

    /// The same deployment, holding generated stops: `rows` of January 2024, none of them at fault.
    pub(crate) fn holding(self, rows: u32) -> Self {
        let (published, written) = self.publish(&plan(rows));
        let report = self.administrator().run(&["intake", "data-police-uk", &text(&published), "--json"]);
        assert_eq!(report.good().json()["totals"]["accepted"], written.good);
        self
    }

    /// Its servers, which are there where it is on PostgreSQL.
    pub(crate) fn servers(&mut self) -> &mut Pair {
        self.servers.as_mut().unwrap()
    }

    /// Every folder that holds anything of it.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let servers = self.servers.iter().flat_map(|pair| [pair.records.data(), pair.keys.data()]);
        std::iter::once(self.data()).chain(servers).collect()
    }

    /// An empty deployment, with more arguments for `init`.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("force");
        let init = ["init", "--json", "--log", "lampshire.example/bluelamp"];
        let made = bluelamp(&data, None, &[&init, arguments].concat()).good().json();
        let token = |at: usize| made["users"][at]["token"].as_str().unwrap().to_owned();
        Self { folder, tokens: [token(0), token(1), token(2)], servers: None }
    }

    /// A deployment of an earlier release, packed into an archive, with the tokens of its first accounts.
    pub(crate) fn unpacked(archive: &Path, tokens: [&str; 3]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let unpacked =
            Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(folder.path()).status().unwrap();
        assert!(unpacked.success());
        Self { folder, tokens: tokens.map(str::to_owned), servers: None }
    }

    /// A deployment that holds generated stops.
    pub(crate) fn with_stops(rows: u32) -> Self {
        Self::new().holding(rows)
    }

    /// Writes published files beside the deployment.
    pub(crate) fn publish(&self, plan: &Plan) -> (PathBuf, Written) {
        let published = self.beside("published");
        let written = synth::stops::write(&published, plan).unwrap();
        (published, written)
    }

    /// The deployment's folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("force")
    }

    /// A path beside the deployment.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn administrator(&self) -> Person {
        self.person(&self.tokens[0])
    }

    pub(crate) fn reviewer(&self) -> Person {
        self.person(&self.tokens[1])
    }

    pub(crate) fn auditor(&self) -> Person {
        self.person(&self.tokens[2])
    }

    /// Somebody with a token, here for inquiry 17.
    pub(crate) fn person(&self, token: &str) -> Person {
        Person::new(&self.data(), token)
    }

    /// A new account, put into restriction groups by the administrator and a second person.
    pub(crate) fn add(&self, name: &str, role: &str, groups: &[&str]) -> Person {
        let made = self.new_account(name, role);
        if !groups.is_empty() {
            let second = self.new_account(&format!("{name} second"), "data-protection-officer");
            groups.iter().for_each(|group| self.put_into(name, group, &second));
        }
        made
    }

    fn new_account(&self, name: &str, role: &str) -> Person {
        let arguments = ["users", "add", name, "--role", role, "--json"];
        let made = self.administrator().run(&arguments).good().json();
        self.person(made["token"].as_str().unwrap())
    }

    fn put_into(&self, name: &str, group: &str, second: &Person) {
        let propose =
            ["grant", "propose", name, group, "--until", "2099-12-31", "--ground", "a test", "--json"];
        let grant = self.administrator().run(&propose).good().json();
        second.run(&["grant", "approve", grant["grants"][0]["id"].as_str().unwrap()]).good();
    }

    /// The reference of some stop.
    pub(crate) fn some_stop(&self) -> String {
        let found = self.reviewer().run(&["search", "kind:stop-and-search", "--limit", "1", "--json"]);
        found.good().json()["groups"][0]["ref"].as_str().unwrap().to_owned()
    }

    /// How many stops the reviewer finds.
    pub(crate) fn stops(&self) -> u64 {
        let found = self.reviewer().run(&["search", "kind:stop-and-search", "--limit", "1", "--json"]);
        found.good().json()["total"].as_u64().unwrap()
    }

    /// Exports the log to a new folder beside the deployment.
    pub(crate) fn export(&self, name: &str) -> PathBuf {
        let folder = self.beside(name);
        self.auditor().run(&["ledger", "export", &text(&folder), "--json"]).good();
        folder
    }

    /// Keeps the newest checkpoint where the overseer keeps it.
    pub(crate) fn keep_checkpoint(&self) -> PathBuf {
        let note = self.auditor().run(&["ledger", "checkpoint", "--json"]).good().json();
        let path = self.beside("kept.checkpoint");
        fs::write(&path, note["checkpoint"].as_str().unwrap()).unwrap();
        path
    }

    /// Says that everything is well: every part of `doctor`, and the overseer's program.
    pub(crate) fn all_is_well(&self) {
        self.administrator().run(&["doctor", "--json"]).good();
        let export = self.export("well.export");
        verify(&export).good();
        fs::remove_dir_all(export).unwrap();
    }
}

impl Person {
    /// Whoever has this token, here for inquiry 17.
    pub(crate) fn new(data: &Path, token: &str) -> Self {
        Self { data: data.to_owned(), token: token.to_owned(), purpose: Some("inquiry 17".to_owned()) }
    }

    /// Runs a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        let mut all = arguments.to_vec();
        if let Some(purpose) = &self.purpose {
            all.extend(["--purpose", purpose]);
        }
        bluelamp(&self.data, Some(&self.token), &all)
    }

    /// The same person, who says what for.
    pub(crate) fn for_purpose(&self, purpose: &str) -> Self {
        Self { purpose: Some(purpose.to_owned()), ..self.clone() }
    }

    /// The same person, who does not say what for.
    pub(crate) fn without_purpose(&self) -> Self {
        Self { purpose: None, ..self.clone() }
    }

    /// The same person at another deployment.
    pub(crate) fn at(&self, data: &Path) -> Self {
        Self { data: data.to_owned(), ..self.clone() }
    }

    /// What for.
    pub(crate) fn purpose(&self) -> Option<&str> {
        self.purpose.as_deref()
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The command, to be started and watched.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&self.data, Some(&self.token), arguments);
        if let Some(purpose) = &self.purpose {
            command.args(["--purpose", purpose]);
        }
        command
    }

    /// How many answers a query has.
    pub(crate) fn total(&self, query: &str) -> u64 {
        let found = self.run(&["search", query, "--json"]).good().json();
        found["total"].as_u64().unwrap()
    }
}

/// Runs `bluelamp` over a folder, with nothing from the environment but a token.
pub(crate) fn bluelamp(data: &Path, token: Option<&str>, arguments: &[&str]) -> Answer {
    Answer::of(arguments, program(data, token, arguments).output().unwrap())
}

/// The program.
pub(crate) fn bluelamp_path() -> &'static str {
    env!("CARGO_BIN_EXE_bluelamp")
}

fn program(data: &Path, token: Option<&str>, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bluelamp"));
    command.args(arguments).arg("--data").arg(data).stdin(Stdio::null());
    command.env_remove("BLUELAMP_TOKEN").env_remove("BLUELAMP_DATA_DIR");
    if let Some(token) = token {
        command.env("BLUELAMP_TOKEN", token);
    }
    command
}

/// Runs what goes through the door of the desk, and not by a command.
pub(crate) fn at_the_door<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// One month of stops without a fault.
pub(crate) fn plan(rows: u32) -> Plan {
    let january = Month::new(2024, 1).unwrap();
    Plan {
        seed: 7,
        force: "lampshire".to_owned(),
        first: january,
        last: january,
        rows_per_month: rows,
        answers_from: Some(january),
        faulty_in_a_thousand: 0,
        cut_last_row: false,
    }
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// Copies a folder with all in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// The names of an object's fields.
pub(crate) fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Says that an object has at least these fields: others may be added, these stay.
pub(crate) fn has(value: &Value, fields: &[&str]) {
    let held = names(value);
    for field in fields {
        assert!(held.contains(field), "there is no field {field} in {value}");
    }
}
