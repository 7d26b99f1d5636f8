//! A deployment to measure, made for one workload and removed with it: the shipped one, or one over
//! another store.

use crate::Fault;
use crate::memory_log::MemoryLog;
use desk::clock::{Clock, MachineClock, id_at};
use desk::deployment::{Opening, Settings};
use desk::{Deployment, Desk, Places, Session};
use intake::police_uk::DataPoliceUk;
use law::access::Context;
use model::{ActorId, ForceId, RecordId};
use servers::Pair;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use synth::Month;
use synth::stops::Plan;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use vault::KeyStore;
use vault::postgres::{Address, PostgresKeys, PostgresStore};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;

/// Rows to each month's file.
const ROWS_PER_MONTH: u64 = 25_000;

/// An open deployment and the people in it.
pub struct House<S: RecordStore> {
    /// The door.
    pub desk: Arc<Desk<S>>,
    /// The store behind it, to list what there is to ask for.
    pub store: Arc<S>,
    /// Takes files in.
    pub administrator: Session,
    /// Reads records.
    pub officer: Session,
    follower: JoinHandle<()>,
    /// Removed when dropped.
    folder: TempDir,
    /// Ended when dropped.
    _servers: Option<Pair>,
}

impl<S: RecordStore> Drop for House<S> {
    fn drop(&mut self) {
        self.follower.abort();
    }
}

/// The shipped store.
pub async fn shipped(work: Option<&Path>) -> Result<House<SqliteStore>, Fault> {
    House::open(work, |records| records).await
}

/// The peer.
pub async fn in_memory(work: Option<&Path>) -> Result<House<MemoryLog>, Fault> {
    House::open(work, MemoryLog::new).await
}

/// The store of a force, on two clusters of its own.
pub async fn on_postgres(work: Option<&Path>) -> Result<House<PostgresStore>, Fault> {
    let pair = clusters()?;
    let [records, keys] = addresses(&pair)?;
    let folder = folder(work)?;
    let places = places(&folder, Some((records.clone(), keys.clone())))?;
    let force = places.settings().force;
    let store = Arc::new(PostgresStore::open(&records, force).await?);
    let keys = PostgresKeys::create(&keys, force, FileProvider::new(&places.provider())).await?;
    House::with(folder, places, store, Arc::new(keys), Some(pair)).await
}

/// Two clusters with an empty database each.
pub fn clusters() -> Result<Pair, Fault> {
    let pair = Pair::start()?.ok_or("PostgreSQL is not installed: apt-get install postgresql")?;
    pair.records.create_database("bench")?;
    pair.keys.create_database("bench")?;
    Ok(pair)
}

/// The addresses of these databases.
pub fn addresses(pair: &Pair) -> Result<[Address; 2], Fault> {
    Ok([pair.records.url("bench").parse()?, pair.keys.url("bench").parse()?])
}

fn places(folder: &TempDir, databases: Option<(Address, Address)>) -> Result<Places, Fault> {
    let (store, keystore) = databases.unzip();
    let settings = Settings { store, keystore, ..settings() };
    let root = folder.path().join("deployment");
    Deployment::create(&root, &settings)?;
    Ok(Places::read(&root)?)
}

/// The settings of a force that is measured, on the embedded store.
pub fn settings() -> Settings {
    Settings {
        force: ForceId(id_at(MachineClock.now())),
        name: "Measured force".to_owned(),
        log: "measured.example/bluelamp".to_owned(),
        erasure_wait_hours: 0,
        provider: None,
        clamd: None,
        archives: Vec::new(),
        sign_in: desk::sign_in::Limits::default(),
        store: None,
        keystore: None,
    }
}

impl<S: RecordStore> House<S> {
    async fn open(work: Option<&Path>, over: impl FnOnce(SqliteStore) -> S) -> Result<Self, Fault> {
        let folder = folder(work)?;
        let places = places(&folder, None)?;
        let force = places.settings().force;
        let store = Arc::new(over(SqliteStore::open(&places.records(), force).await?));
        let provider = FileProvider::new(&places.provider());
        let keys = Arc::new(SqliteKeys::create(&places.keys(), force, provider).await?);
        Self::with(folder, places, store, keys, None).await
    }

    async fn with(
        folder: TempDir,
        places: Places,
        store: Arc<S>,
        keys: Arc<dyn KeyStore>,
        servers: Option<Pair>,
    ) -> Result<Self, Fault> {
        let desk =
            Desk::open(Arc::clone(&store), keys, places, Arc::new(MachineClock), Opening::default()).await?;
        let follower = tokio::spawn(Desk::follow(Arc::downgrade(&desk)));
        let accounts = [("admin", "administrator"), ("reviewer", "records-reviewer"), ("auditor", "auditor")];
        let made = desk.first_accounts(accounts).await?;
        let token = made.first().map(|account| account.token.clone()).ok_or("no account was made")?;
        let administrator = desk.sign_in(&token).await?.ok_or("the administrator is not known")?;
        let officer = signed_in(&desk, &administrator, "officer").await?;
        Ok(Self { desk, store, administrator, officer, follower, folder, _servers: servers })
    }

    /// Another officer.
    pub async fn another(&self, name: &str) -> Result<Session, Fault> {
        signed_in(&self.desk, &self.administrator, name).await
    }

    /// The folder that holds everything of it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes published files of this many rows.
    pub fn write_files(&self, rows: u64) -> Result<(), Fault> {
        write_files(&self.folder.path().join("files"), rows)
    }

    /// Takes the files in that were written; gives the report.
    pub async fn take_in(&self) -> Result<intake::Report, Fault> {
        self.take_in_from(&self.folder.path().join("files")).await
    }

    /// Takes in a published file, or a folder of them; gives the report.
    pub async fn take_in_from(&self, files: &Path) -> Result<intake::Report, Fault> {
        let options = intake::Options::default();
        Ok(intake::run(&*self.desk, &self.administrator, &DataPoliceUk, files, &options, |_| {}).await?)
    }

    /// Takes rows in and waits until all of them can be found; gives the records.
    pub async fn fill(&self, rows: u64) -> Result<Vec<RecordId>, Fault> {
        self.write_files(rows)?;
        self.take_in().await?;
        self.desk.settle_intake().await?;
        let mut records = Vec::new();
        let mut after = None;
        loop {
            let some = self.store.versions_after(after, 4096).await?;
            let Some(last) = some.last() else { return Ok(records) };
            after = Some(last.version.version);
            records.extend(some.iter().map(|row| row.version.record));
        }
    }
}

/// An officer, for what is measured below the door.
pub fn officer(now: i64) -> Context {
    Context {
        actor: ActorId(id_at(now)),
        name: "officer".to_owned(),
        roles: ["officer".to_owned()].into(),
        groups: BTreeSet::new(),
        unit: None,
        device: None,
        purpose: Some("measurement".to_owned()),
        task: None,
        at: now,
    }
}

async fn signed_in<S: RecordStore>(
    desk: &Desk<S>,
    administrator: &Session,
    name: &str,
) -> Result<Session, Fault> {
    let account = desk.add_account(administrator, name, &["officer"]).await?;
    let session = desk.sign_in(&account.token).await?;
    Ok(session.ok_or_else(|| format!("{name} is not known"))?.for_purpose("measurement"))
}

/// A folder that is removed when dropped.
pub fn folder(work: Option<&Path>) -> Result<TempDir, Fault> {
    let mut name = tempfile::Builder::new();
    let name = name.prefix("bluelamp-bench-");
    Ok(match work {
        Some(work) => name.tempdir_in(work)?,
        None => name.tempdir()?,
    })
}

/// Writes files of stops, a month each, with so many rows in all.
fn write_files(folder: &Path, rows: u64) -> Result<(), Fault> {
    let first = Month::new(2015, 1).ok_or("there is no such month")?;
    let (mut month, mut left) = (first, rows);
    while left > 0 {
        let here = left.min(ROWS_PER_MONTH);
        let plan = Plan {
            seed: 1,
            force: "measured".to_owned(),
            first: month,
            last: month,
            rows_per_month: u32::try_from(here)?,
            answers_from: Some(first),
            faulty_in_a_thousand: 0,
            cut_last_row: false,
        };
        synth::stops::write(folder, &plan)?;
        month = month.next().ok_or("too many rows")?;
        left -= here;
    }
    Ok(())
}
