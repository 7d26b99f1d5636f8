//! One cluster: made, started, killed, started again.

use crate::{Fault, Programs};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// How long a server may take to start, recovery after a kill included.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every server here is set to. What a killed one leaves of shared memory lies in its folder, and goes
/// with that.
const OWN: [&str; 5] = [
    "listen_addresses=",
    "shared_buffers=64MB",
    "max_wal_size=512MB",
    "autovacuum_naptime=15s",
    "dynamic_shared_memory_type=mmap",
];

/// A cluster in a folder. Dropping it ends its server.
pub struct Cluster {
    programs: Arc<Programs>,
    folder: PathBuf,
    server: Option<Child>,
    settings: Vec<String>,
}

/// Settings with which a cluster archives its write-ahead log beside its data.
pub const ARCHIVE: [&str; 2] = [
    "archive_mode=on",
    "archive_command=mkdir -p ../archive && cp %p ../archive/%f.new && mv ../archive/%f.new ../archive/%f",
];

impl Cluster {
    /// Starts the cluster of a folder, making it where there is none.
    ///
    /// # Errors
    /// [`Fault`] with the end of the server's log where it does not start.
    pub fn start(programs: &Arc<Programs>, folder: &Path) -> Result<Self, Fault> {
        Self::start_with(programs, folder, &[])
    }

    /// [`Cluster::start`] with settings of the server, as `name=value`.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_with(programs: &Arc<Programs>, folder: &Path, settings: &[&str]) -> Result<Self, Fault> {
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut cluster =
            Self { programs: Arc::clone(programs), folder: folder.to_owned(), server: None, settings };
        cluster.make()?;
        cluster.start_again()?;
        Ok(cluster)
    }

    fn make(&self) -> Result<(), Fault> {
        if self.data().join("PG_VERSION").exists() {
            return Ok(());
        }
        fs::create_dir_all(self.socket())?;
        self.programs.give(&self.folder)?;
        self.programs.give(&self.socket())?;
        let template = self.template();
        if template.as_ref().is_some_and(|template| template.exists() && copy(template, &self.data()).is_ok())
        {
            return Ok(());
        }
        let data = self.data();
        let arguments =
            ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--wal-segsize=4"];
        let data = ["--no-sync", "--no-instructions", "--pgdata", text(&data)?];
        self.programs.run("initdb", &[arguments.as_slice(), &data].concat())?;
        // The next one of this name is a copy, which takes a tenth of the time.
        if let Some(template) = template {
            let _ = keep(&self.data(), &template);
        }
        Ok(())
    }

    /// Where a cluster of this name is kept as it was made. Clusters of one name are one cluster to each
    /// other, which two of one test must not be.
    fn template(&self) -> Option<PathBuf> {
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home)?.join("bluelamp");
        let name = self.folder.file_name()?.to_str()?;
        Some(cache.join(format!("postgres-{}-{name}", self.programs.version())))
    }

    /// Starts the server after it was stopped or killed.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_again(&mut self) -> Result<(), Fault> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = self.programs.command("postgres");
        command.arg("-D").arg(self.data()).arg("-k").arg(self.socket());
        for setting in OWN.into_iter().chain(self.settings.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        command.stdout(log.try_clone()?).stderr(log);
        let child = spawn_for_good(command)?;
        let process = child.id();
        self.server = Some(child);
        self.await_ready(process)
    }

    /// The server says in its own file when it is ready; what an earlier one left there has another number.
    fn await_ready(&mut self, process: u32) -> Result<(), Fault> {
        let until = Instant::now() + PATIENCE;
        let mut ended = false;
        while Instant::now() < until && !ended {
            let state = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
            let lines: Vec<&str> = state.lines().map(str::trim).collect();
            let ready = matches!(lines.get(7), Some(&("ready" | "standby")));
            if lines.first() == Some(&process.to_string().as_str()) && ready {
                return Ok(());
            }
            ended = self.server.as_mut().is_none_or(|server| !matches!(server.try_wait(), Ok(None)));
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let end: Vec<&str> = log.lines().rev().take(8).collect();
        Err(Fault(format!("the server in {} does not start: {}", self.folder.display(), end.join(" | "))))
    }

    /// The address of a database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.socket().display())
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// [`Fault`] where there is one already.
    pub fn create_database(&self, name: &str) -> Result<(), Fault> {
        self.run("createdb", &[name])
    }

    /// Runs a statement, as somebody with the server's own tool.
    ///
    /// # Errors
    /// [`Fault`] with what the server said.
    pub fn execute(&self, database: &str, sql: &str) -> Result<(), Fault> {
        self.run("psql", &["--quiet", "--set=ON_ERROR_STOP=1", "--dbname", database, "--command", sql])
    }

    /// Runs one of PostgreSQL's programs on this cluster.
    ///
    /// # Errors
    /// [`Fault`] with what it said.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<(), Fault> {
        let socket = self.socket();
        let at = ["--host", text(&socket)?, "--username", "postgres"];
        self.programs.run(program, &[at.as_slice(), arguments].concat()).map(drop)
    }

    /// A standby of this cluster in another folder, which follows it from now on.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn standby(&self, folder: &Path) -> Result<Self, Fault> {
        let standby = Self {
            programs: Arc::clone(&self.programs),
            folder: folder.to_owned(),
            server: None,
            settings: Vec::new(),
        };
        fs::create_dir_all(standby.socket())?;
        self.programs.give(folder)?;
        self.programs.give(&standby.socket())?;
        let data = standby.data();
        self.run("pg_basebackup", &["--write-recovery-conf", "--checkpoint=fast", "--pgdata", text(&data)?])?;
        let mut standby = standby;
        standby.start_again()?;
        Ok(standby)
    }

    /// Where the server keeps everything.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where it archives its write-ahead log, where `archive_command` is [`ARCHIVE`].
    #[must_use]
    pub fn archive(&self) -> PathBuf {
        self.folder.join("archive")
    }

    /// Has everything that was written until now archived.
    ///
    /// # Errors
    /// [`Fault`] where the server does not archive within a minute.
    pub fn archive_all(&self) -> Result<(), Fault> {
        let count = || fs::read_dir(self.archive()).map_or(0, Iterator::count);
        let before = count();
        self.execute("postgres", "SELECT pg_switch_wal()")?;
        let until = Instant::now() + PATIENCE;
        while count() == before {
            if Instant::now() > until {
                return Err(Fault(format!("the server in {} archives nothing", self.folder.display())));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// What the server wrote about itself.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("s")
    }

    /// Kills the server and all its processes without warning, as a power cut would.
    ///
    /// # Errors
    /// [`Fault`] where it was not running.
    pub fn kill(&mut self) -> Result<(), Fault> {
        let mut server = self.server.take().ok_or_else(|| Fault("the server is not running".to_owned()))?;
        let mut all = vec![server.id()];
        all.extend(children_of(server.id()));
        let numbers = all.iter().map(u32::to_string);
        // One of them may have ended by itself in the meantime.
        let _ = Command::new("kill").arg("-9").args(numbers).stderr(std::process::Stdio::null()).status()?;
        server.wait()?;
        let until = Instant::now() + PATIENCE;
        while all.iter().any(|process| is_alive(*process)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Ends the server in order: everything in its memory reaches the disk.
    ///
    /// # Errors
    /// [`Fault`] where it was not running.
    pub fn stop(&mut self) -> Result<(), Fault> {
        self.end("-INT")
    }

    fn end(&mut self, signal: &str) -> Result<(), Fault> {
        let mut server = self.server.take().ok_or_else(|| Fault("the server is not running".to_owned()))?;
        Command::new("kill").args([signal, &server.id().to_string()]).status()?;
        server.wait()?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Whoever drops it needs nothing of it any more.
        let _ = self.end("-QUIT");
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    let copied = Command::new("cp").args(["--archive", "--reflink=auto"]).arg(from).arg(to).status()?;
    match copied.success() {
        true => Ok(()),
        false => {
            let _ = fs::remove_dir_all(to);
            Err(Fault(format!("{} could not be copied", from.display())))
        }
    }
}

/// Keeps a copy, whole or not at all.
fn keep(data: &Path, template: &Path) -> Result<(), Fault> {
    let folder = template.parent().ok_or_else(|| Fault("the template has no folder".to_owned()))?;
    fs::create_dir_all(folder)?;
    let writing = tempfile::Builder::new().prefix("postgres-writing-").tempdir_in(folder)?;
    copy(data, &writing.path().join("data"))?;
    Ok(fs::rename(writing.path().join("data"), template)?)
}

fn text(path: &Path) -> Result<&str, Fault> {
    path.to_str().ok_or_else(|| Fault(format!("{} is not UTF-8", path.display())))
}

/// Starts a process from a thread that lives as long as this process: the system ends it with the thread
/// that started it.
fn spawn_for_good(mut command: Command) -> Result<Child, Fault> {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = tell.send(command.spawn());
        loop {
            std::thread::park();
        }
    });
    let child = told.recv().map_err(|_| Fault("the thread that starts servers ended".to_owned()))?;
    Ok(child?)
}

fn stat_of(process: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut words = stat.rsplit_once(") ")?.1.split(' ');
    Some((words.next()?.chars().next()?, words.next()?.parse().ok()?))
}

fn is_alive(process: u32) -> bool {
    stat_of(process).is_some_and(|(state, _)| state != 'Z')
}

fn children_of(parent: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.filter(|process| stat_of(*process).is_some_and(|(_, of)| of == parent)).collect()
}
