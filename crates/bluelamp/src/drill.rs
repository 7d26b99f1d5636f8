//! `bluelamp drill`: a writing process is killed again and again, without warning, and after each
//! kill everything that it had acknowledged must be there, and log and records must agree. On PostgreSQL
//! the servers of records and of keys are killed in turns with it, while it writes.

use crate::arguments::Arguments;
use crate::commands::first_accounts;
use crate::output::{self, Complaint};
use crate::session::Door;
use desk::Session;
use desk::clock::{Clock, MachineClock, id_at};
use desk::deployment::{Deployment, Settings};
use desk::record::{Edit, editable, reference_of};
use model::body::Slot;
use model::field::{Code, Instant as At};
use model::kinds::stop_and_search as stop;
use model::value::Place;
use model::{Body, Labels, NotHeld, Value};
use serde_json::json;
use servers::{Cluster, Pair};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use vault::postgres::Address;

const TOKEN: &str = "BLUELAMP_TOKEN";
/// How long work may take to go on once a server is back.
const BACK: Duration = Duration::from_secs(60);

/// What is drilled.
pub struct Drill {
    /// How often something is killed.
    pub rounds: u32,
    /// Seed of the moments.
    pub seed: u64,
    /// On two clusters of its own.
    pub postgres: bool,
}

/// Runs the drill, or the writing process of it.
pub async fn run(arguments: &Arguments, drill: &Drill, writer: bool) -> Result<(), Complaint> {
    if writer {
        return write_for_ever(arguments).await;
    }
    let rounds = drill.rounds;
    let mut servers = if drill.postgres { Some(Servers::start()?) } else { None };
    let token = prepare(&arguments.data, servers.as_ref()).await?;
    let mut moments = synth::random::Random::part(drill.seed, "drill");
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    for round in 1..=rounds {
        let moment = Duration::from_millis(150 + moments.below(700));
        let server = servers.as_mut().and_then(|servers| servers.of_round(round));
        let what = server.as_ref().map_or("the writer", |(name, _)| name);
        let new = killed_writer(&arguments.data, &token, moment, server.map(|(_, server)| server))?;
        let wrote = new.len();
        acknowledged.extend(new);
        let entries = check(&arguments.data, &token, &acknowledged, wrote).await?;
        if !arguments.json {
            output::line(&format!(
                "round {round}: {what} killed after {} ms, {wrote} acknowledged, all there; log has {entries} entries",
                moment.as_millis()
            ))?;
        }
    }
    verify(&arguments.data, &token).await?;
    let lost = 0;
    if arguments.json {
        return output::json(&json!({ "rounds": rounds, "acknowledged": acknowledged.len(), "lost": lost }));
    }
    output::line(&format!(
        "{rounds} kills, {} acknowledged, {lost} lost; the log verifies",
        acknowledged.len()
    ))
}

/// Two clusters of the drill's own.
struct Servers(Pair);

impl Servers {
    fn start() -> Result<Self, Complaint> {
        let pair = Pair::start().map_err(|fault| Complaint::new(fault.to_string(), ""))?;
        let pair = pair.ok_or_else(|| {
            Complaint::new("PostgreSQL is not installed", "On Debian: apt-get install postgresql.")
        })?;
        for cluster in [&pair.records, &pair.keys] {
            cluster.create_database("drill").map_err(|fault| Complaint::new(fault.to_string(), ""))?;
        }
        Ok(Self(pair))
    }

    fn addresses(&self) -> Result<[Address; 2], Complaint> {
        let address =
            |cluster: &Cluster| cluster.url("drill").parse().map_err(|why: String| Complaint::new(why, ""));
        Ok([address(&self.0.records)?, address(&self.0.keys)?])
    }

    /// Which server is killed in a round; in each third one only the writer is.
    fn of_round(&mut self, round: u32) -> Option<(&'static str, &mut Cluster)> {
        match round % 3 {
            1 => Some(("the server of the records", &mut self.0.records)),
            2 => Some(("the server of the keys", &mut self.0.keys)),
            _ => None,
        }
    }
}

/// What the writer said was done.
struct Acknowledged {
    reference: String,
    version: String,
    ordinal: u32,
}

async fn prepare(data: &Path, servers: Option<&Servers>) -> Result<String, Complaint> {
    let [store, keystore] = match servers {
        Some(servers) => servers.addresses()?.map(Some),
        None => [None, None],
    };
    let settings = Settings {
        force: model::ForceId(id_at(MachineClock.now())),
        name: "Drill".to_owned(),
        log: "drill.example/bluelamp".to_owned(),
        erasure_wait_hours: 0,
        provider: None,
        clamd: None,
        archives: Vec::new(),
        sign_in: desk::sign_in::Limits::default(),
        store,
        keystore,
    };
    let roles =
        [("administrator", "administrator"), ("reviewer", "records-reviewer"), ("auditor", "auditor")];
    let accounts = first_accounts(data, &settings, roles, true).await?;
    let tokens: Vec<&str> = accounts.iter().map(|(new, _)| new.token.as_str()).collect();
    std::fs::write(data.join("auditor.token"), tokens[2])?;
    Ok(tokens[1].to_owned())
}

/// Lets a writer write, and kills it when the moment comes; where a server is named, that is killed then
/// and started again, and the writer goes on for as long once more before it is killed.
fn killed_writer(
    data: &Path,
    token: &str,
    moment: Duration,
    server: Option<&mut Cluster>,
) -> Result<Vec<Acknowledged>, Complaint> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["drill", "--writer", "--data"])
        .arg(data)
        .env(TOKEN, token)
        .stdout(Stdio::piped())
        // What fails because the server is killed is no news.
        .stderr(if server.is_some() { Stdio::null() } else { Stdio::inherit() })
        .spawn()?;
    let heard = listen(&mut child, moment, server);
    child.kill()?;
    child.wait()?;
    heard
}

/// Reads what the writer acknowledges until the moment comes; the moment counts from its first
/// word, so that a slow start is not mistaken for work.
fn listen(
    child: &mut Child,
    moment: Duration,
    server: Option<&mut Cluster>,
) -> Result<Vec<Acknowledged>, Complaint> {
    let out = child.stdout.take().ok_or_else(|| Complaint::new("the writer has no output", ""))?;
    let (said, hear) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            if said.send(line).is_err() {
                return;
            }
        }
    });
    let mut heard = Vec::new();
    let first = hear.recv_timeout(Duration::from_secs(60));
    let first = first.map_err(|_| {
        Complaint::new("the writer did not begin", "Run it by hand: bluelamp drill --writer.")
    })?;
    heard.extend(acknowledged(&first));
    hear_for(&hear, moment, &mut heard);
    if let Some(server) = server {
        let killed = server.kill().and_then(|()| server.start_again());
        killed.map_err(|fault| Complaint::new(fault.to_string(), ""))?;
        let before = heard.len();
        let back = Instant::now();
        while heard.len() == before && back.elapsed() < BACK {
            hear_for(&hear, Duration::from_millis(100), &mut heard);
        }
        if heard.len() == before {
            let why = format!("the server is back for {} s, and the writer does not go on", BACK.as_secs());
            return Err(Complaint::new(why, "Run `bluelamp doctor`."));
        }
        hear_for(&hear, moment, &mut heard);
    }
    child.kill()?;
    // What was said before the kill counts, even where it was not read yet.
    heard.extend(hear.iter().filter_map(|line| acknowledged(&line)));
    let _ = reader.join();
    Ok(heard)
}

fn hear_for(hear: &Receiver<String>, time: Duration, heard: &mut Vec<Acknowledged>) {
    let until = Instant::now() + time;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        match hear.recv_timeout(left) {
            Ok(line) => heard.extend(acknowledged(&line)),
            Err(_) => return,
        }
    }
}

fn acknowledged(line: &str) -> Option<Acknowledged> {
    let mut words = line.strip_prefix("done ")?.split(' ');
    Some(Acknowledged {
        reference: words.next()?.to_owned(),
        version: words.next()?.to_owned(),
        ordinal: words.next()?.parse().ok()?,
    })
}

/// The writing process: makes records and corrects them until it is killed.
async fn write_for_ever(arguments: &Arguments) -> Result<(), Complaint> {
    let token = std::env::var(TOKEN).map_err(|_| Complaint::new("the writer has no token", ""))?;
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    let who = signed(&deployment.desk, &token).await?;
    output::line("ready")?;
    for number in 0u64.. {
        // A server that is killed makes acts fail; what failed was not acknowledged, and work goes on.
        if let Err(complaint) = write_once(&deployment.desk, &who, number).await {
            output::complain(&complaint);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    Ok(())
}

/// Makes a record and corrects it; says of each when it is done.
async fn write_once(desk: &Door, who: &Session, number: u64) -> Result<(), Complaint> {
    let made = desk.create_record(who, &stop::KIND, body(number), Labels::default()).await?;
    let reference = reference_of(stop::KIND.number, made.reference);
    output::line(&format!("done {reference} {} {}", made.version.version, made.ordinal))?;
    let plain = desk.open_record(who, made.version.record).await?;
    let mut body = editable(&plain);
    body.set(stop::GROUNDS, format!("grounds of round {number}, corrected"));
    let before = made.version.version;
    let edit = Edit {
        record: made.version.record,
        before,
        body,
        labels: None,
        anew: Vec::new(),
        reason: "drill".to_owned(),
    };
    let changed = desk.change_record(who, edit).await?;
    output::line(&format!("done {reference} {} {}", changed.version.version, changed.ordinal))
}

async fn signed(desk: &Door, token: &str) -> Result<Session, Complaint> {
    let who = desk.sign_in(token).await?;
    let who = who.ok_or_else(|| Complaint::new("the token proves nobody", ""))?;
    Ok(who.for_purpose("drill"))
}

fn body(number: u64) -> Body {
    let mut body = Body::default();
    let place = Place { words: Some(format!("Drill Street {number}, Lampton")), ..Place::default() };
    body.set(stop::AT, At(1_700_000_000_000_000 + i64::try_from(number).unwrap_or(0) * 1_000_000))
        .set(stop::SEARCH_TYPE, Code("vehicle".into()))
        .set(stop::PLACE, place)
        .set(stop::GROUNDS, format!("grounds of round {number}"))
        .set(stop::OFFICER, "Drill 1".to_owned());
    for field in model::derived::Fields::of(&stop::KIND).iter().filter(|field| !field.rules.is_empty()) {
        if body.slot(field.number).is_none() {
            body.put(field.number, answer(field));
        }
    }
    body
}

/// Some answer that satisfies a rule: the first code of the list, a word, or *not known*.
fn answer(field: &model::FieldDecl) -> Slot {
    let code = field.code_list.and_then(model::codes::list).and_then(|list| list.codes.first());
    match (code, field.kind) {
        (Some(code), _) => Slot::Held(Value::Code(code.code.clone())),
        (None, model::Type::Text) => Slot::Held(Value::Text("of the drill".to_owned())),
        (None, model::Type::Bool) => Slot::Held(Value::Bool(false)),
        _ => Slot::NotHeld(NotHeld::NotKnown),
    }
}

/// Opens what was acknowledged: all of the last round, and a sample of the rounds before.
async fn check(data: &Path, token: &str, all: &[Acknowledged], wrote: usize) -> Result<u64, Complaint> {
    let deployment = Deployment::open(data, Arc::new(MachineClock)).await?;
    let who = signed(&deployment.desk, token).await?;
    let older = all.len() - wrote;
    let sample = all[..older].iter().step_by((older / 50).max(1));
    for one in all[older..].iter().chain(sample) {
        let record = deployment.desk.resolve(&who, &one.reference).await?;
        let plain = deployment.desk.open_version(&who, record, one.ordinal).await?;
        if plain.row().version.version.to_string() != one.version {
            return Err(Complaint::new(
                format!("{} version {} was acknowledged and is another", one.reference, one.ordinal),
                "",
            ));
        }
        let found =
            deployment.desk.search(&who, &one.reference, search::Page { offset: 0, limit: 1 }).await?;
        if found.total != 1 {
            return Err(Complaint::new(format!("{} was acknowledged and is not found", one.reference), ""));
        }
    }
    let findings = desk::health::examine_open(&deployment.desk).await;
    if let Some(ill) = findings.iter().find(|finding| !finding.well) {
        return Err(Complaint::new(format!("{}: {}", ill.part, ill.says), ill.mend.clone()));
    }
    let entries = deployment.desk.log_size();
    deployment.close().await?;
    Ok(entries)
}

/// Exports the log and lets the overseer's program judge it: every version's commitment is in the
/// log, and every commitment of the log has its version.
async fn verify(data: &Path, _token: &str) -> Result<(), Complaint> {
    let token = std::fs::read_to_string(data.join("auditor.token"))?;
    let deployment = Deployment::open(data, Arc::new(MachineClock)).await?;
    let who = signed(&deployment.desk, &token).await?;
    let export = data.with_extension("export");
    if export.exists() {
        std::fs::remove_dir_all(&export)?;
    }
    deployment.desk.export_log(&who, &export, "the drill").await?;
    deployment.close().await?;
    let program = std::env::current_exe()?.with_file_name("bluelamp-verify");
    if !program.exists() {
        return Err(Complaint::new(
            "bluelamp-verify is not beside this program",
            "Build it: cargo build -p bluelamp-witness.",
        ));
    }
    let status =
        Command::new(program).arg(&export).args(["--memory", "none"]).stdout(Stdio::null()).status()?;
    match status.success() {
        true => Ok(()),
        false => Err(Complaint::new(format!("the log in {} does not verify", export.display()), "")),
    }
}
