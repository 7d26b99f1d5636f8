//! Servers that are killed, replaced by a standby, or out of room: nothing acknowledged is lost without
//! being said, and log and vault agree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod common;

use common::agree::check;
use common::{FORCE, Postgres};
use law::access::Act;
use ledger::store::EntryStore;
use ledger::{LedgerError, tags};
use model::VersionId;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use vault::conformance::{Backend, Fault, House, draft};
use vault::postgres::{PostgresKeys, PostgresStore};
use vault::provider::FileProvider;
use vault::store::RecordStore;
use vault::{KeyStore, VaultError};

const ROUNDS: u64 = 10;

/// Writes until told to stop; notes what was acknowledged. What fails is no fault here: it was not
/// acknowledged.
async fn write_on<B: Backend>(
    house: &House<B>,
    acknowledged: &Mutex<Vec<VersionId>>,
    stop: &AtomicBool,
) -> Result<(), Fault> {
    while !stop.load(Ordering::Relaxed) {
        let Ok(reference) = house.reference().await else { continue };
        let first = draft(None, reference, "written while servers die");
        let version = first.version;
        if house.write(vec![first]).await.is_err() {
            continue;
        }
        acknowledged.lock().unwrap().push(version.version);
        let next = draft(Some((version, 1)), reference, "a second version");
        let second = next.version.version;
        match house.write(vec![next]).await {
            Ok(_) => acknowledged.lock().unwrap().push(second),
            // Nobody else writes here: a conflict would be an act that was done and called failed.
            Err(fault) => {
                let conflict = matches!(fault.downcast_ref(), Some(VaultError::Conflict { .. }));
                assert!(!conflict, "{fault}");
            }
        }
    }
    Ok(())
}

/// The server of records or of keys is killed at random moments, with all its processes, while the
/// process that writes lives on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_to_a_killed_server() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = Arc::new(House::open(&backend).await?);
    let (acknowledged, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (house, acknowledged, stop) =
                (Arc::clone(&house), Arc::clone(&acknowledged), Arc::clone(&stop));
            tokio::spawn(async move { write_on(&house, &acknowledged, &stop).await })
        })
        .collect();
    let mut seed = 0x5EED_0043_u64;
    for round in 0..ROUNDS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis(100 + (seed >> 33) % 400)).await;
        let pair = Arc::clone(&backend.pair);
        let killed = tokio::task::spawn_blocking(move || {
            let mut pair = pair.lock().unwrap();
            let server = if round % 3 == 2 { &mut pair.keys } else { &mut pair.records };
            server.kill().and_then(|()| server.start_again())
        });
        killed.await??;
    }
    tokio::time::sleep(Duration::from_millis(1500)).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await??;
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() as u64 > ROUNDS * 4, "{} writes are too few", acknowledged.len());
    // The log of this process goes on by itself; and one that starts anew finds the same.
    let until = std::time::Instant::now() + Duration::from_secs(20);
    while house.ledger.settle().await.is_err() && std::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    check(&house, &acknowledged, ROUNDS).await?;
    drop(house);
    check(&House::open(&backend).await?, &acknowledged, ROUNDS + 1).await
}

/// A standby that had not received the last transactions is promoted: a new generation of the log says
/// which leaves are lost, and work goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promoted_standby_begins_a_new_generation() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let kept = house.new_record("sent to the standby").await?;
    let (mut standby, received) = standby_that_stops(&backend, &house).await?;
    let received = received.size;
    let lost = house.new_record("never sent").await?;
    let outside = house.ledger.settle().await?;
    assert!(outside.size > received);
    backend.pair.lock().unwrap().records.kill()?;
    drop(house);
    standby.start_again()?;
    standby.execute("postgres", "SELECT pg_promote()")?;

    let promoted = Promoted { store: standby.url(backend.name()), backend: &backend };
    let house: House<Promoted<'static>> = promoted.open_house().await?;
    assert!(house.ledger.head().size < outside.size, "the last transactions are missing");
    let permit = house.act(Act::EraseLog)?;
    let head = house
        .ledger
        .begin_generation(&permit, std::slice::from_ref(&outside.checkpoint), "a standby was promoted")
        .await?
        .head;
    assert_eq!(head.generation, 2);
    let said = house.payload(head.size - 1).await?.ok_or("the entry of the generation is missing")?;
    let range = [(head.size - 1).to_be_bytes(), outside.size.to_be_bytes()].concat();
    assert_eq!(said.value(tags::LOST_LEAVES), Some(range.as_slice()), "the gap is reported");
    assert!(house.read(kept).await.is_ok());
    assert!(house.store.versions(&[lost.version]).await?.is_empty());
    house.new_record("after the promotion").await?;
    assert_eq!(house.store.check().await?, Vec::<String>::new());
    Ok(())
}

/// A standby that had not received the last transactions takes the place of the server while a process
/// lives on over it: that process stops for good, gives nothing a place and signs nothing, and only a
/// new generation goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_living_log_ends_where_a_standby_without_its_end_takes_its_place() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let kept = house.new_record("sent to the standby").await?;
    let (standby, received) = standby_that_stops(&backend, &house).await?;
    let lost = house.new_record("never sent").await?;
    let outside = house.ledger.settle().await?;
    take_the_place(&backend, &standby)?;
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while !house.ledger.is_restored() {
        assert!(std::time::Instant::now() < until, "the log does not notice the standby");
        // An entry may still become durable in the standby; it waits there for the new generation.
        let _ = house.ledger.record_machine("meanwhile", &[], vault::conformance::AT).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Longer than a log that may recover waits before it tries.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let ended = house.ledger.settle().await;
    assert!(matches!(ended, Err(LedgerError::Restored { .. })), "{ended:?}");
    assert!(house.new_record("too late").await.is_err() && house.read(kept).await.is_err());
    assert_eq!(house.ledger.head().checkpoint, outside.checkpoint, "what it signed is still known");
    let stands = house.store.head().await?;
    assert_eq!((stands.size, &stands.checkpoint), (received.size, &received.checkpoint));
    drop(house);
    let (store, keys) = backend.open().await?;
    let seen = House::<Postgres>::ledger_after(&store, &keys, &outside.checkpoint).await.err();
    assert!(matches!(seen, Some(LedgerError::Restored { .. })), "{seen:?}");
    let house = House::<Postgres>::held(store, keys).await?;
    let permit = house.act(Act::EraseLog)?;
    let known = [received.checkpoint, outside.checkpoint];
    let begun = house.ledger.begin_generation(&permit, &known, "a standby was promoted").await?;
    assert_eq!((begun.head.generation, begun.lost.0), (2, received.size));
    assert!(begun.lost.1 >= outside.size);
    assert!(house.read(kept).await.is_ok());
    assert!(house.store.versions(&[lost.version]).await?.is_empty());
    house.new_record("after the promotion").await?;
    assert_eq!(house.store.check().await?, Vec::<String>::new());
    Ok(())
}

/// A standby that has received all that was entered, and gets nothing more; with the head that it has.
async fn standby_that_stops(
    backend: &Postgres,
    house: &House<Postgres>,
) -> Result<(servers::Cluster, ledger::store::Head), Fault> {
    let mut standby = {
        let pair = backend.pair.lock().unwrap();
        pair.records.standby(&pair.folder().join("standby"))?
    };
    let received = house.ledger.settle().await?;
    wait_for_size(&standby, backend.name(), received.size).await?;
    standby.stop()?;
    Ok((standby, received))
}

/// Kills the server of the records, and starts a promoted standby where it listened.
fn take_the_place(backend: &Postgres, standby: &servers::Cluster) -> Result<(), Fault> {
    let mut pair = backend.pair.lock().unwrap();
    pair.records.kill()?;
    let data = pair.records.data();
    std::fs::rename(&data, data.with_extension("dead"))?;
    std::fs::rename(standby.data(), &data)?;
    pair.records.start_again()?;
    Ok(pair.records.execute("postgres", "SELECT pg_promote()")?)
}

/// The store of a promoted standby with the keystore as it was.
struct Promoted<'a> {
    store: String,
    backend: &'a Postgres,
}

impl Promoted<'_> {
    async fn open_house(&self) -> Result<House<Promoted<'static>>, Fault> {
        let store = Arc::new(PostgresStore::open(&self.store.parse()?, FORCE).await?);
        let keys: Arc<dyn KeyStore> =
            Arc::new(PostgresKeys::open(&self.backend.keys, FORCE, self.backend.provider()).await?);
        House::over(store, keys, vault::conformance::AT).await
    }
}

#[async_trait::async_trait]
impl Backend for Promoted<'static> {
    type Store = PostgresStore;

    async fn open(&self) -> Result<(Arc<PostgresStore>, Arc<dyn KeyStore>), Fault> {
        Err("it is opened by hand".into())
    }

    fn provider(&self) -> FileProvider {
        self.backend.provider()
    }

    fn folder(&self) -> &Path {
        self.backend.folder()
    }

    async fn put_keystore(&self, _: &Path) -> Result<(), Fault> {
        Err("its keystore stays".into())
    }
}

async fn wait_for_size(standby: &servers::Cluster, name: &str, size: u64) -> Result<(), Fault> {
    let asked = format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ledger_heads WHERE checkpoint_size >= {size}) THEN RAISE 'not yet'; END IF; END $$"
    );
    for _ in 0..200 {
        if standby.execute(name, &asked).is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err("the standby does not follow".into())
}

/// A disk that is full is named, shows nobody anything, and loses nothing that was acknowledged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_named_and_loses_nothing() -> Result<(), Fault> {
    let Some(backend) = Postgres::fresh() else { return Ok(()) };
    let Some(disk) = servers::SmallDisk::mount(120)? else { return Ok(()) };
    let programs = Arc::new(servers::Programs::find().ok_or("PostgreSQL went away")?);
    programs.give(disk.path())?;
    let mut cluster =
        servers::Cluster::start_with(&programs, &disk.path().join("c"), &["max_wal_size=32MB"])?;
    cluster.create_database("force")?;
    drop(backend.open().await?);
    let small = Promoted { store: cluster.url("force"), backend: &backend };
    let house = small.open_house().await?;
    let version = house.new_record("while there is room").await?;
    let filler = disk.path().join("c").join("filler");
    fill(&filler)?;
    let (mut fault, long) = (None, "x".repeat(300_000));
    for _ in 0..200 {
        if let Err(full) = house.new_record(&long).await {
            fault = Some(full.to_string());
            break;
        }
    }
    let fault = fault.ok_or("the disk was never full")?;
    assert!(fault.contains("is full") || fault.contains("cannot be reached"), "{fault}");
    std::fs::remove_file(&filler)?;
    // A server that cannot write its log stops itself; its operator makes room and starts it again.
    let _ = cluster.kill();
    cluster.start_again()?;
    drop(house);
    let house = small.open_house().await?;
    assert!(house.read(version).await.is_ok());
    house.new_record("there is room again").await?;
    check(&house, &[version.version], 0).await
}

fn fill(filler: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::create(filler)?;
    let block = vec![1u8; 1 << 20];
    while std::io::Write::write_all(&mut file, &block).is_ok() {}
    // A little is left, so that the server itself can still say what is wrong.
    file.set_len(file.metadata()?.len().saturating_sub(6 << 20))
}
