//! Runs of intake: one at a time, each goes on by itself. Whoever began one follows it until the server
//! stops. What it took in is durable batch by batch, so after a stop the same intake reads on where it was.

use crate::house::House;
use crate::problem::{Problem, Sort};
use desk::{Desk, Session};
use intake::police_uk::DataPoliceUk;
use intake::{Connector, Options, Progress, Report};
use model::ActorId;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use uuid::Uuid;
use vault::store::RecordStore;

/// Runs that are remembered.
const MOST: usize = 100;

/// What reads the files.
pub(crate) const CONNECTOR: &dyn Connector = &DataPoliceUk;

/// How far a run is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Run {
    /// Its name.
    pub run: String,
    /// Whether it goes on, has ended, or was broken off.
    pub state: RunState,
    /// Files that are done.
    pub files_done: usize,
    /// Files in all.
    pub files_total: usize,
    /// Rows taken in by this run.
    pub rows: u64,
    /// What was done, once it has ended.
    pub report: Option<Report>,
    /// Why it was broken off. What was acknowledged before stays; begin it again to read on.
    pub why: Option<String>,
    /// What is taken in, in words.
    #[serde(skip)]
    pub what: String,
    /// The path below the exchange folder, where it can be taken in again from there.
    #[serde(skip)]
    pub path: Option<String>,
    /// When it began, microseconds since 1970-01-01T00:00:00Z.
    #[serde(skip)]
    pub begun: i64,
    /// Octets that are done, and those of all files.
    #[serde(skip)]
    pub octets: (u64, u64),
    /// Time left at the pace so far.
    #[serde(skip)]
    pub time_left: Option<Duration>,
    #[serde(skip)]
    begun_by: ActorId,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RunState {
    /// It goes on.
    Running,
    /// It has ended.
    Ended,
    /// It was broken off.
    BrokenOff,
}

/// What a run takes in.
#[derive(Debug)]
pub(crate) struct Taking {
    what: String,
    path: Option<String>,
    from: Vec<PathBuf>,
    brought: Option<Brought>,
}

impl Taking {
    /// A file or folder of the exchange folder.
    pub(crate) fn of_exchange(path: &str, full: PathBuf) -> Self {
        Self { what: path.to_owned(), path: Some(path.to_owned()), from: vec![full], brought: None }
    }

    /// Several files of the exchange folder, as `what`.
    pub(crate) fn of_files(what: String, from: Vec<PathBuf>) -> Self {
        Self { what, path: None, from, brought: None }
    }

    /// A file that somebody brought, which goes when it was read.
    pub(crate) fn of_brought(what: String, brought: Brought) -> Self {
        Self { what, path: None, from: vec![brought.file.clone()], brought: Some(brought) }
    }
}

/// A file that somebody brought, in a folder of its own below the exchange folder. It is removed with this value:
/// nothing of it stays in plain once it was taken in.
#[derive(Debug)]
pub(crate) struct Brought {
    folder: PathBuf,
    /// The file.
    pub file: PathBuf,
}

/// Folder below the exchange folder in which brought files lie while they are read.
const BROUGHT: &str = ".bluelamp-brought";

/// Removes what a server that was killed left of brought files.
pub(crate) fn remove_left_behind(exchange: &Path) {
    match std::fs::remove_dir_all(exchange.join(BROUGHT)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::error!(%error, "brought files that a killed server left are not removed");
        }
        _ => {}
    }
}

impl Brought {
    /// A place for a file of this name, which is one of the connector's.
    pub(crate) fn place<S: RecordStore>(house: &House<S>, name: &str) -> Result<Self, Problem> {
        let fault = |error| Problem::fault(&format!("exchange folder: {error}"));
        let root = exchange(house)?.canonicalize().map_err(fault)?.join(BROUGHT);
        let folder = root.join(Uuid::new_v4().simple().to_string());
        std::fs::create_dir_all(&folder).map_err(fault)?;
        Ok(Self { file: folder.join(name), folder })
    }
}

impl Drop for Brought {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::error!(%error, folder = %self.folder.display(), "a file that was brought is not removed");
        }
    }
}

/// The runs of a server, the oldest that have ended forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Runs(Mutex<BTreeMap<Uuid, Run>>);

impl Runs {
    fn all(&self) -> MutexGuard<'_, BTreeMap<Uuid, Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run of this name, where this person began it.
    pub(crate) fn of(&self, who: &Session, name: Uuid) -> Option<Run> {
        self.all().get(&name).filter(|run| run.begun_by == who.actor()).cloned()
    }

    /// The runs that this person began, the newest first.
    pub(crate) fn all_of(&self, who: &Session) -> Vec<Run> {
        self.all().values().rev().filter(|run| run.begun_by == who.actor()).cloned().collect()
    }

    /// Whether a run goes on, whoever began it.
    pub(crate) fn is_busy(&self) -> bool {
        self.all().values().any(|run| run.state == RunState::Running)
    }

    fn begin(&self, who: &Session, taking: &Taking, now: i64) -> Result<Run, Problem> {
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
            what: taking.what.clone(),
            path: taking.path.clone(),
            begun: now,
            octets: (0, 0),
            time_left: None,
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
            run.octets = (progress.octets_done, progress.octets_total);
            run.time_left = progress.time_left;
        });
    }
}

fn exchange<S: RecordStore>(house: &House<S>) -> Result<&Path, Problem> {
    house.options().exchange.as_deref().ok_or_else(|| {
        let detail =
            "This server has no exchange folder; whoever runs it gives it one with `serve --exchange`.";
        Problem::new(Sort::NotNow, detail)
    })
}

/// A path below the exchange folder. It may not lead out of it, neither by its parts nor by a link.
pub(crate) fn in_exchange<S: RecordStore>(
    house: &House<S>,
    path: &str,
    there: bool,
) -> Result<PathBuf, Problem> {
    below(exchange(house)?, path, there)
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

/// Begins a run, which goes on by itself; the handle ends with it. Whoever calls has asked whether the person
/// may take rows in.
pub(crate) fn begin<S: RecordStore>(
    house: &House<S>,
    who: Session,
    taking: Taking,
) -> Result<(Run, JoinHandle<()>), Problem> {
    let run = house.runs().begin(&who, &taking, house.desk().now())?;
    let name = run.run.clone();
    let (runs, desk) = (Arc::clone(house.runs()), Arc::clone(house.desk()));
    let handle = house.work().spawn(async move {
        let noted = (Arc::clone(&runs), name.clone());
        let note = move |progress: &Progress| noted.0.progressed(&noted.1, progress);
        let work = tokio::spawn(async move { take_in(&desk, &who, taking, note).await });
        let taken = work.await.unwrap_or_else(|_| Err("a step was broken off".to_owned()));
        runs.change(&name, |run| match taken {
            Ok(report) => (run.state, run.report) = (RunState::Ended, Some(report)),
            Err(why) => (run.state, run.why) = (RunState::BrokenOff, Some(why)),
        });
    });
    Ok((run, handle))
}

async fn take_in<S: RecordStore>(
    desk: &Desk<S>,
    who: &Session,
    taking: Taking,
    mut note: impl FnMut(&Progress) + Send,
) -> Result<Report, String> {
    let mut report = Report::default();
    for path in &taking.from {
        let taken = intake::run(desk, who, CONNECTOR, path, &Options::default(), &mut note).await;
        report.join(taken.map_err(|error| error.to_string())?);
    }
    drop(taking.brought);
    desk.settle_intake().await.map_err(|error| error.to_string())?;
    Ok(report)
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
