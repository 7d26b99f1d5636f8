//! Intake of a file or folder that lies below the server's exchange folder. A run goes on by itself;
//! whoever began it follows it here until the server stops. What it took in is durable batch by
//! batch, so after a stop the same intake reads on where it was.

use super::of;
use crate::answer::{Begun, address};
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::{Desk, Session};
use intake::police_uk::DataPoliceUk;
use intake::{Options, Progress, Report};
use model::ActorId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;
use vault::store::RecordStore;

/// Runs that are remembered.
const MOST: usize = 100;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "intake";
    ApiRouter::new()
        .api_route(
            "/intakes",
            post_with(begin::<S>, of("beginIntake", TAG, "Takes in a file or folder of the exchange folder")),
        )
        .api_route("/intakes/{run}", get_with(follow::<S>, of("followIntake", TAG, "How far an intake is")))
}

/// An intake to be begun.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Intake {
    /// What reads the files.
    connector: Connector,
    /// The file or folder, named below the server's exchange folder.
    path: String,
}

/// What reads files.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Connector {
    /// Files in the format of data.police.uk.
    DataPoliceUk,
}

/// A run by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByRun {
    /// The run's name.
    run: Uuid,
}

/// How far a run is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Run {
    /// Its name.
    run: String,
    /// Whether it goes on, has ended, or was broken off.
    state: RunState,
    /// Files that are done.
    files_done: usize,
    /// Files in all.
    files_total: usize,
    /// Rows taken in by this run.
    rows: u64,
    /// What was done, once it has ended.
    report: Option<Report>,
    /// Why it was broken off. What was acknowledged before stays; begin it again to read on.
    why: Option<String>,
    #[serde(skip)]
    begun_by: ActorId,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RunState {
    /// It goes on.
    Running,
    /// It has ended.
    Ended,
    /// It was broken off.
    BrokenOff,
}

/// The runs of a server, the oldest that have ended forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<BTreeMap<Uuid, Run>>);

impl Runs {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Uuid, Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, who: &Session) -> Result<Run, Problem> {
        let mut runs = self.all();
        if runs.values().any(|run| run.state == RunState::Running) {
            return Err(Problem::new(Sort::NotNow, "Another intake goes on; wait until it has ended."));
        }
        while runs.len() >= MOST {
            runs.pop_first();
        }
        let name = Uuid::now_v7();
        let run = Run {
            run: name.to_string(),
            state: RunState::Running,
            files_done: 0,
            files_total: 0,
            rows: 0,
            report: None,
            why: None,
            begun_by: who.actor(),
        };
        runs.insert(name, run.clone());
        Ok(run)
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Run)) {
        let mut runs = self.all();
        let run = name.parse().ok().and_then(|name: Uuid| runs.get_mut(&name));
        if let Some(run) = run {
            change(run);
        }
    }

    fn progressed(&self, name: &str, progress: &Progress) {
        self.change(name, |run| {
            (run.files_done, run.files_total) = (progress.files_done, progress.files_total);
            run.rows = progress.rows;
        });
    }
}

/// A path below the exchange folder. It may not lead out of it, neither by its parts nor by a link.
pub(super) fn in_exchange<S: RecordStore>(
    house: &House<S>,
    path: &str,
    there: bool,
) -> Result<PathBuf, Problem> {
    let exchange = house.options().exchange.as_deref().ok_or_else(|| {
        let detail =
            "This server has no exchange folder; whoever runs it gives it one with `serve --exchange`.";
        Problem::new(Sort::NotNow, detail)
    })?;
    below(exchange, path, there)
}

fn below(exchange: &Path, path: &str, there: bool) -> Result<PathBuf, Problem> {
    let unusable = || {
        let detail = "The path must name something below the exchange folder, without `..` and without links that lead out of it.";
        Problem::new(Sort::Unusable, detail)
    };
    let relative = Path::new(path.trim());
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || relative.as_os_str().is_empty() || path.contains('\0') {
        return Err(unusable());
    }
    let root =
        exchange.canonicalize().map_err(|error| Problem::fault(&format!("exchange folder: {error}")))?;
    let full = root.join(relative);
    let nearest = if there { full.as_path() } else { full.parent().unwrap_or(&root) };
    match nearest.canonicalize() {
        Ok(real) if real.starts_with(&root) => Ok(full),
        _ => Err(unusable()),
    }
}

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(intake): Sent<Intake>,
) -> Result<Begun<Run>, Problem> {
    house.desk().check_may_take_in(&who).await?;
    let path = in_exchange(&house, &intake.path, true)?;
    let run = house.runs().begin(&who)?;
    let (name, answer) = (run.run.clone(), run);
    let (runs, desk) = (Arc::clone(house.runs()), Arc::clone(house.desk()));
    house.work().spawn(async move {
        let noted = (Arc::clone(&runs), name.clone());
        let note = move |progress: &Progress| noted.0.progressed(&noted.1, progress);
        let work = tokio::spawn(async move { take_in(&desk, &who, intake.connector, &path, note).await });
        let taken = work.await.unwrap_or_else(|_| Err("a step was broken off".to_owned()));
        runs.change(&name, |run| match taken {
            Ok(report) => (run.state, run.report) = (RunState::Ended, Some(report)),
            Err(why) => (run.state, run.why) = (RunState::BrokenOff, Some(why)),
        });
    });
    Ok(Begun(address(&["intakes", &answer.run]), answer))
}

async fn take_in<S: RecordStore>(
    desk: &Desk<S>,
    who: &Session,
    connector: Connector,
    path: &Path,
    note: impl FnMut(&Progress) + Send,
) -> Result<Report, String> {
    let connector = match connector {
        Connector::DataPoliceUk => &DataPoliceUk,
    };
    let taken = intake::run(desk, who, connector, path, &Options::default(), note).await;
    let report = taken.map_err(|error| error.to_string())?;
    desk.settle_intake().await.map_err(|error| error.to_string())?;
    Ok(report)
}

async fn follow<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByRun>,
) -> Result<Json<Run>, Problem> {
    house.desk().check_may_take_in(&who).await?;
    let run = house.runs().all().get(&by.run).cloned();
    let run = run.filter(|run| run.begun_by == who.actor());
    run.map(Json).ok_or_else(|| Problem::new(Sort::NotFound, "There is no such intake that you began."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_exchange_folder() {
        let outside = tempfile::tempdir().unwrap();
        let exchange = outside.path().join("exchange");
        std::fs::create_dir_all(exchange.join("2024-01")).unwrap();
        std::os::unix::fs::symlink(outside.path(), exchange.join("way-out")).unwrap();
        assert!(below(&exchange, "2024-01", true).is_ok());
        assert!(below(&exchange, "new-export", false).is_ok());
        for path in
            ["", ".", "..", "../x", "/etc", "2024-01/../..", "way-out", "way-out/x", "nothing", "a\0b"]
        {
            assert!(below(&exchange, path, true).is_err(), "{path:?}");
        }
        assert!(below(&exchange, "way-out/x", false).is_err());
    }
}
