//! Durable entries, one permit each, beside a few callers who wait for the place in the tree and for
//! the signed checkpoint that has it.

use crate::Fault;
use crate::arguments::{Rounds, Store};
use crate::house;
use crate::load::{Load, drive};
use crate::memory_log::{self, MemoryLog};
use crate::report::{Goal, Report, Rounds as Measured, Row};
use desk::clock::{Clock, MachineClock, id_at};
use ed25519_dalek::SigningKey;
use law::access::{Action, Context, Matrix, Permit, Target, decide};
use ledger::keys::LogKeys;
use ledger::store::EntryStore;
use ledger::{Detail, Ledger, Options};
use model::{ForceId, Labels, RecordId, VersionId, VersionRef};
use servers::Pair;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vault::postgres::{PostgresKeys, PostgresStore};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};

/// How often somebody asks for place and checkpoint while the others append.
const WATCH_EVERY: Duration = Duration::from_millis(10);

/// A log to append to, and what its entries speak of.
struct Log<S: EntryStore> {
    ledger: Ledger<S>,
    matrix: Matrix,
    context: Arc<Context>,
    versions: Vec<VersionRef>,
    labels: Labels,
    /// Removed when dropped.
    _folder: TempDir,
    /// Ended when dropped.
    _servers: Option<Pair>,
}

/// What one round measured.
struct Round {
    appends: Load,
    placed: Load,
    signed: Load,
    /// Leaves that were given their place meanwhile, a second.
    integrated: f64,
    /// Seconds until the rest had its place.
    rest: f64,
}

/// Runs ours and the peer in turns.
///
/// # Errors
/// Faults of either.
pub async fn run(work: Option<&Path>, callers: u32, wanted: &Rounds) -> Result<Report, Fault> {
    if wanted.store == Store::Postgres {
        let ours = Arc::new(Log::on_postgres(work, wanted.records).await?);
        let mut measured = Measured { ours: Vec::new(), peer: Vec::new() };
        for _ in 0..wanted.rounds.max(1) {
            measured.ours.push(round(&ours, callers, wanted).await?);
        }
        return Ok(report(callers, wanted, &measured));
    }
    let ours = Arc::new(Log::open(work, wanted.records, |store| store).await?);
    let peer = match wanted.alone {
        true => None,
        false => Some(Arc::new(Log::open(work, wanted.records, MemoryLog::new).await?)),
    };
    let mut measured = Measured { ours: Vec::new(), peer: Vec::new() };
    for _ in 0..wanted.rounds.max(1) {
        measured.ours.push(round(&ours, callers, wanted).await?);
        if let Some(peer) = &peer {
            measured.peer.push(round(peer, callers, wanted).await?);
        }
    }
    Ok(report(callers, wanted, &measured))
}

impl Log<PostgresStore> {
    async fn on_postgres(work: Option<&Path>, records: u64) -> Result<Self, Fault> {
        let (folder, servers) = (house::folder(work)?, house::clusters()?);
        let [store, keys] = house::addresses(&servers)?;
        let force = ForceId(id_at(MachineClock.now()));
        let store = Arc::new(PostgresStore::open(&store, force).await?);
        let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
        let keys = Arc::new(PostgresKeys::create(&keys, force, provider).await?);
        Self::over(folder, records, store, keys, Some(servers)).await
    }
}

impl<S: EntryStore> Log<S> {
    async fn open(
        work: Option<&Path>,
        records: u64,
        over: impl FnOnce(SqliteStore) -> S,
    ) -> Result<Self, Fault> {
        let folder = house::folder(work)?;
        let force = ForceId(id_at(MachineClock.now()));
        let store = Arc::new(over(SqliteStore::open(&folder.path().join("records.sqlite"), force).await?));
        let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
        let keys = Arc::new(SqliteKeys::create(&folder.path().join("keys.sqlite"), force, provider).await?);
        Self::over(folder, records, store, keys, None).await
    }

    async fn over(
        folder: TempDir,
        records: u64,
        store: Arc<S>,
        keys: Arc<dyn LogKeys>,
        servers: Option<Pair>,
    ) -> Result<Self, Fault> {
        let now = MachineClock.now();
        let signing = SigningKey::from_bytes(&[7; 32]);
        let ledger =
            Ledger::open(store, keys, signing, Options::new("measured.example/bluelamp"), now).await?;
        let kind = model::kinds::stop_and_search::KIND.number;
        let version = |_| VersionRef { record: RecordId(id_at(now)), version: VersionId(id_at(now)), kind };
        Ok(Self {
            ledger,
            matrix: Matrix::committed()?,
            context: Arc::new(house::officer(now)),
            versions: (0..records.max(1)).map(version).collect(),
            labels: Labels::default(),
            _folder: folder,
            _servers: servers,
        })
    }

    fn permit(&self, random: u64) -> Result<Permit, Fault> {
        let place = usize::try_from(random % self.versions.len() as u64)?;
        let version = self.versions.get(place).copied().ok_or("there is no version")?;
        let target = Target { version, labels: &self.labels };
        Ok(decide(&self.matrix, &self.context, Action::View, version.kind, &[target])?)
    }

    /// One entry: until it has its place, and until a signed checkpoint has it.
    async fn watch(&self, random: u64) -> Result<(Duration, Duration), Fault> {
        let began = Instant::now();
        let receipt = self.ledger.record(vec![(self.permit(random)?, Detail::default())]).await?;
        let leaf = self.ledger.position(receipt.entry()).await?;
        let placed = began.elapsed();
        let mut heads = self.ledger.heads();
        heads.wait_for(|head| head.checkpoint_size > leaf).await?;
        Ok((placed, began.elapsed()))
    }
}

async fn round<S: EntryStore>(log: &Arc<Log<S>>, callers: u32, wanted: &Rounds) -> Result<Round, Fault> {
    let time = Duration::from_secs(wanted.seconds);
    let before = log.ledger.head().size;
    let watching = tokio::spawn(watch(Arc::clone(log), time));
    let of_callers = Arc::clone(log);
    let began = Instant::now();
    let appends = drive(callers, time, move |random| {
        let log = Arc::clone(&of_callers);
        async move {
            let permit = log.permit(random)?;
            let _receipt = log.ledger.record(vec![(permit, Detail::default())]).await?;
            Ok(())
        }
    })
    .await?;
    let integrated = (log.ledger.head().size - before) as f64 / began.elapsed().as_secs_f64();
    let ended = Instant::now();
    log.ledger.settle().await?;
    let rest = ended.elapsed().as_secs_f64();
    let (placed, signed) = watching.await??;
    Ok(Round { appends, placed, signed, integrated, rest })
}

async fn watch<S: EntryStore>(log: Arc<Log<S>>, time: Duration) -> Result<(Load, Load), Fault> {
    let mut ticks = tokio::time::interval(WATCH_EVERY);
    let mut watchers = tokio::task::JoinSet::new();
    let began = Instant::now();
    let mut random = 0u64;
    while began.elapsed() < time {
        ticks.tick().await;
        random = random.wrapping_add(7919);
        let (log, random) = (Arc::clone(&log), random);
        watchers.spawn(async move { log.watch(random).await });
    }
    let (mut placed, mut signed) = (Vec::new(), Vec::new());
    while let Some(done) = watchers.join_next().await {
        let (place, sign) = done??;
        placed.push(place);
        signed.push(sign);
    }
    Ok((Load::of(placed, time), Load::of(signed, time)))
}

fn report(callers: u32, wanted: &Rounds, measured: &Measured<Round>) -> Report {
    let row = |what: &str, unit, figure: &dyn Fn(&Round) -> f64| {
        Row::median(what, unit, measured, memory_log::NAME, figure)
    };
    let Rounds { records, seconds, rounds: count, store, .. } = wanted;
    let goal = match store {
        Store::Sqlite => 40_000.0,
        Store::Postgres => 15_000.0,
    };
    Report::new(format!(
        "appends --callers {callers} --records {records} --seconds {seconds} --rounds {count}{}",
        store.said()
    ))
    .setting("callers", callers)
    .setting("records that the entries speak of", records)
    .setting("seconds of each round", seconds)
    .setting("rounds, of which the median is given", count)
    .row(row("durable appends", "entries/s", &|round| round.appends.rate()).goal(Goal::AtLeast(goal)))
    .row(row("time until durable, p50", "ms", &|round| round.appends.at(0.5)))
    .row(row("time until durable, p99", "ms", &|round| round.appends.at(0.99)))
    .row(row("given their place meanwhile", "entries/s", &|round| round.integrated))
    .row(row("time until in its place, p99", "ms", &|round| round.placed.at(0.99)).goal(Goal::AtMost(100.0)))
    .row(
        row("time until in a signed checkpoint, longest", "ms", &|round| round.signed.at(1.0))
            .goal(Goal::AtMost(1000.0)),
    )
    .row(row("processor time of an entry, place included", "µs", &|round| round.appends.processor()))
    .row(row("until the rest had its place, after the load", "s", &|round| round.rest))
}
