//! Pages as many people open them at a time, over HTTP: one act each every few seconds.

mod client;
mod deployment;
mod html;

use crate::Fault;
use crate::arguments::PagesArguments;
use crate::load::Load;
use crate::report::{Goal, Report, Row};
use client::{Client, Page};
use deployment::Measured;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use synth::random::Random;
use tokio::sync::oneshot;
use web::{Options, Rate};

/// Milliseconds that 95 of 100 answers for a page may take at the server.
const GOAL: f64 = 100.0;
/// Kilobytes that the first view may have: page, styles and scripts.
const FIRST_VIEW: f64 = 300.0;
const PASSWORD: &str = "three words of nobody";

/// What people do, and how often of a hundred times.
const ACTS: &[(u32, Act)] = &[
    (10, Act::Home),
    (20, Act::Search),
    (20, Act::Person),
    (15, Act::Record),
    (6, Act::History),
    (8, Act::Linked),
    (6, Act::List),
    (6, Act::Edit),
    (5, Act::Save),
    (4, Act::Completeness),
];

#[derive(Debug, Clone, Copy)]
enum Act {
    Home,
    Search,
    Person,
    Record,
    History,
    Linked,
    List,
    Edit,
    Save,
    Completeness,
}

/// Times by the page that was asked for.
type Times = BTreeMap<&'static str, Vec<Duration>>;

/// Paths of records.
struct Paths {
    people: Vec<String>,
    events: Vec<String>,
    misspelt: Vec<String>,
}

/// Serves the deployment and lets people use it.
///
/// # Errors
/// Faults of the deployment, and answers that are none.
pub async fn run(work: Option<&Path>, wanted: &PagesArguments) -> Result<Report, Fault> {
    let measured = Measured::open(work, wanted).await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let (told, address) = oneshot::channel();
    let desk = Arc::clone(&measured.deployment.desk);
    let server = tokio::spawn(async move {
        let listening = |address| {
            let _nobody_waits = told.send(address);
        };
        let stopped = async {
            let _ended = stopped.await;
        };
        web::serve(desk, SocketAddr::from(([127, 0, 0, 1], 0)), options(), listening, stopped).await
    });
    let report = used(&measured, address.await?, wanted).await;
    drop(stop);
    server.await??;
    measured.deployment.close().await?;
    report
}

/// All of them come from one address here.
fn options() -> Options {
    let much = Rate::new(1_000_000, 100_000);
    Options { per_address: much, per_token: much, ..Options::default() }
}

async fn used(measured: &Measured, address: SocketAddr, wanted: &PagesArguments) -> Result<Report, Fault> {
    let mut people = Vec::new();
    for number in 0..wanted.users.max(1) {
        people.push(signed_in(measured, address, number).await?);
    }
    let first = people.first_mut().ok_or("nobody has signed in")?;
    let octets = first_view(first).await?;
    let paths = Arc::new(paths(first, measured).await?);
    let busy = busy()?;
    let times = together(people, &paths, wanted).await?;
    let report = Report::new(format!(
        "pages --users {} --nominals {} --seconds {}",
        wanted.users, wanted.nominals, wanted.seconds
    ))
    .setting("people at a time", wanted.users)
    .setting("seconds between two acts of one", wanted.every)
    .setting("nominals of the synthetic force", wanted.nominals)
    .setting("load average before and after", format!("{busy}, {}", self::busy()?));
    let first = Row::new("first view: page, styles and scripts as sent", "KB", octets as f64 / 1e3);
    let report = report.row(first.goal(Goal::AtMost(FIRST_VIEW)));
    Ok(times.into_iter().fold(report, |report, (page, times)| rows(report, page, times, wanted.seconds)))
}

fn rows(report: Report, page: &str, times: Vec<Duration>, seconds: u64) -> Report {
    let load = Load::of(times, Duration::from_secs(seconds));
    let row =
        |what: &str, share: f64| Row::new(format!("{page} ({}), {what}", load.count()), "ms", load.at(share));
    report.row(row("p50", 0.5)).row(row("p95", 0.95).goal(Goal::AtMost(GOAL))).row(row("p99", 0.99))
}

/// The load of the machine over the last minute, as the system counts it.
fn busy() -> Result<String, Fault> {
    let text = std::fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().next().unwrap_or_default().to_owned())
}

fn texts(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Somebody who has an account, has signed in and has said what for.
async fn signed_in(measured: &Measured, address: SocketAddr, number: u32) -> Result<Client, Fault> {
    let name = format!("measured {number} {}", std::process::id());
    let given = measured.account(&name, "supervisor").await?;
    let mut client = Client::new(address).await?;
    fills(&mut client, "/sign-in", &[("name", &name), ("password", &given)]).await?;
    fills(&mut client, "/password", &[("old", &given), ("new", PASSWORD), ("again", PASSWORD)]).await?;
    fills(&mut client, "/working-on", &[("purpose", "Investigating a crime"), ("task", "INC-17")]).await?;
    Ok(client)
}

/// Fills in the form of a page, which is sent to the page itself.
async fn fills(client: &mut Client, path: &str, typed: &[(&str, &str)]) -> Result<Page, Fault> {
    let page = client.opens(path).await?;
    client.sends(path, &filled(&page, path, typed)?).await
}

/// The form of a page with what was typed.
fn filled(page: &Page, action: &str, typed: &[(&str, &str)]) -> Result<Vec<(String, String)>, Fault> {
    let mut sent = html::form(&page.text(), action)?;
    sent.retain(|(name, _)| typed.iter().all(|(typed, _)| typed != name));
    sent.extend(texts(typed));
    Ok(sent)
}

/// Octets of the home page with its styles and scripts.
async fn first_view(client: &mut Client) -> Result<usize, Fault> {
    let page = client.opens("/").await?;
    let mut octets = page.octets.len();
    for file in html::files(&page.text())? {
        octets += client.opens(&file).await?.octets.len();
    }
    Ok(octets)
}

async fn paths(client: &mut Client, measured: &Measured) -> Result<Paths, Fault> {
    let targets = &measured.targets;
    let mut of = [Vec::new(), Vec::new()];
    for (paths, ids) in of.iter_mut().zip([&targets.people, &targets.events]) {
        for id in ids {
            let page = client.opens(&format!("/record-of/{}", id.0)).await?;
            paths.push(
                page.location.ok_or("a record of the force is not there; are seed and size the same?")?,
            );
        }
    }
    let [people, events] = of;
    if people.is_empty() || events.is_empty() || targets.misspelt.is_empty() {
        return Err("the force is too small to be asked for anything; take more nominals".into());
    }
    Ok(Paths { people, events, misspelt: targets.misspelt.clone() })
}

async fn together(people: Vec<Client>, paths: &Arc<Paths>, wanted: &PagesArguments) -> Result<Times, Fault> {
    let (every, time) = (Duration::from_secs(wanted.every.max(1)), Duration::from_secs(wanted.seconds));
    let tasks: Vec<_> = (0u64..)
        .zip(people)
        .map(|(number, client)| {
            let paths = Arc::clone(paths);
            tokio::spawn(async move { Somebody::new(number, client, paths).acts(every, time).await })
        })
        .collect();
    let mut all = Times::new();
    for task in tasks {
        for (page, times) in task.await?? {
            all.entry(page).or_default().extend(times);
        }
    }
    Ok(all)
}

struct Somebody {
    client: Client,
    paths: Arc<Paths>,
    random: Random,
    times: Times,
}

impl Somebody {
    fn new(number: u64, client: Client, paths: Arc<Paths>) -> Self {
        Self { client, paths, random: Random::part(number, "acts"), times: Times::new() }
    }

    /// Acts every so often, beginning at a moment of their own.
    async fn acts(mut self, every: Duration, time: Duration) -> Result<Times, Fault> {
        let late = self.random.below(u64::try_from(every.as_millis()).unwrap_or(u64::MAX));
        let mut next = Instant::now() + Duration::from_millis(late);
        let end = Instant::now() + time;
        while next < end {
            tokio::time::sleep_until(next.into()).await;
            next += every;
            let act = self.random.weighted(ACTS).copied().unwrap_or(Act::Home);
            self.acts_once(act).await?;
        }
        Ok(self.times)
    }

    async fn acts_once(&mut self, act: Act) -> Result<(), Fault> {
        match act {
            Act::Home => self.opens("home", "/").await.map(drop),
            Act::Search => self.searches().await,
            Act::Person => self.opens_some("person", true, "").await,
            Act::Record => self.opens_some("record", false, "").await,
            Act::History => self.opens_some("history", true, "/history").await,
            Act::Linked => self.opens_some("linked", true, "/linked").await,
            Act::List => self.opens("list of a kind", "/kinds/stop-and-search").await.map(drop),
            Act::Edit => self.opens_some("edit form", true, "/edit").await,
            Act::Save => self.saves().await,
            Act::Completeness => self.opens("completeness", "/completeness").await.map(drop),
        }
    }

    async fn opens(&mut self, what: &'static str, path: &str) -> Result<Page, Fault> {
        let page = self.client.opens(path).await?;
        self.times.entry(what).or_default().push(page.took);
        Ok(page)
    }

    fn some(&mut self, is_person: bool) -> String {
        let of = if is_person { &self.paths.people } else { &self.paths.events };
        self.random.pick(of).cloned().unwrap_or_default()
    }

    async fn opens_some(&mut self, what: &'static str, is_person: bool, page: &str) -> Result<(), Fault> {
        let path = format!("{}{page}", self.some(is_person));
        self.opens(what, &path).await.map(drop)
    }

    /// From the search page: the box is sent, and its answers are shown.
    async fn searches(&mut self) -> Result<(), Fault> {
        let page = self.opens("search page", "/search").await?;
        let query = self.random.pick(&self.paths.misspelt).cloned().unwrap_or_default();
        let sent = filled(&page, "/search", &[("query", &query)])?;
        let kept = self.client.sends("/search", &sent).await?;
        let to = kept.location.ok_or("a search led nowhere")?;
        let answers = self.client.opens(&to).await?;
        // Whoever searches waits for both.
        self.times.entry("answers to a misspelt name").or_default().push(kept.took + answers.took);
        Ok(())
    }

    async fn saves(&mut self) -> Result<(), Fault> {
        let path = format!("{}/edit", self.some(true));
        let form = self.opens("edit form", &path).await?;
        let words = format!("Seen again, {}", self.random.next());
        let typed = [("description", words.as_str()), ("reason", "seen again"), ("do", "save")];
        let sent = filled(&form, &path, &typed)?;
        let saved = self.client.sends_whatever(&path, &sent).await?;
        self.times.entry("save").or_default().push(saved.took);
        match saved.location {
            Some(record) => self.opens("person", &record).await.map(drop),
            // Somebody else saved the same record meanwhile: the page says so, and nothing is lost.
            None if saved.status == hyper::StatusCode::CONFLICT => Ok(()),
            None => Err(format!("a save was answered with {}", saved.status).into()),
        }
    }
}
