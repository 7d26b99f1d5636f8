//! Measures the embedded store on this machine: audited reads, bare reads, durable appends and how
//! soon they are integrated. Run with
//! `cargo run --release -p bluelamp-vault --example throughput [-- FOLDER]`.

use async_trait::async_trait;
use law::access::Action;
use ledger::Detail;
use model::{ForceId, VersionRef};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use vault::KeyStore;
use vault::conformance::{AT, Backend, Fault, House, draft};
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};

const RECORDS: u64 = 20_000;
const RUN: Duration = Duration::from_secs(5);

struct Folder(PathBuf);

#[async_trait]
impl Backend for Folder {
    type Store = SqliteStore;

    async fn open(&self) -> Result<(Arc<SqliteStore>, Arc<dyn KeyStore>), Fault> {
        let force = ForceId(uuid::Uuid::from_u128(1));
        let store = SqliteStore::open(&self.0.join("records.sqlite"), force).await?;
        FileProvider::create(&self.0.join("provider"))?;
        let keys = SqliteKeys::create(&self.0.join("keys.sqlite"), force, self.provider()).await?;
        Ok((Arc::new(store), Arc::new(keys)))
    }

    fn provider(&self) -> FileProvider {
        FileProvider::new(&self.0.join("provider"))
    }

    fn folder(&self) -> &Path {
        &self.0
    }

    async fn put_keystore(&self, copy: &Path) -> Result<(), Fault> {
        Ok(std::fs::copy(copy, self.0.join("keys.sqlite")).map(drop)?)
    }
}

type TheHouse = Arc<House<Folder>>;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let given = std::env::args().nth(1).map(PathBuf::from);
    let dir = given
        .unwrap_or_else(|| std::env::temp_dir().join(format!("bluelamp-throughput-{}", std::process::id())));
    std::fs::create_dir_all(&dir)?;
    let house: TheHouse = Arc::new(House::open(&Folder(dir.clone())).await?);
    let versions = Arc::new(fill(&house).await?);
    reads(&house, &versions, false).await?;
    reads(&house, &versions, true).await?;
    appends(&house, false).await?;
    appends(&house, true).await?;
    proofs(&house).await?;
    drop(house);
    Ok(std::fs::remove_dir_all(dir)?)
}

async fn fill(house: &TheHouse) -> Result<Vec<VersionRef>, Fault> {
    let started = Instant::now();
    let mut versions = Vec::new();
    for first in (1..=RECORDS).step_by(500) {
        let drafts: Vec<_> =
            (first..first + 500).map(|n| draft(None, n, &format!("{n} {}", "grounds ".repeat(30)))).collect();
        versions.extend(drafts.iter().map(|draft| draft.version));
        let _ = house.write(drafts).await?;
    }
    let size = house.ledger.settle().await?.size;
    report("records written, 500 a transaction", RECORDS, started.elapsed(), &mut []);
    println!("  the log has {size} entries");
    Ok(versions)
}

/// Single reads of random records from 64 callers.
async fn reads(house: &TheHouse, versions: &Arc<Vec<VersionRef>>, audited: bool) -> Result<(), Fault> {
    let started = Instant::now();
    let tasks: Vec<_> = (0..64u64)
        .map(|task| {
            let (house, versions) = (Arc::clone(house), Arc::clone(versions));
            tokio::spawn(async move {
                let mut seed = task * 7919 + 1;
                let mut times = Vec::new();
                while started.elapsed() < RUN {
                    seed =
                        seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let version = versions[(seed >> 33) as usize % versions.len()];
                    let began = Instant::now();
                    read(&house, version, audited).await?;
                    times.push(began.elapsed());
                }
                Ok::<Vec<Duration>, Fault>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let what = if audited { "audited reads, 64 callers" } else { "fetch and key, not audited, 64 callers" };
    report(what, times.len() as u64, started.elapsed(), &mut times);
    Ok(())
}

async fn read(house: &TheHouse, version: VersionRef, audited: bool) -> Result<(), Fault> {
    let sealed = house.vault.heads(&[version.record]).await?.pop().ok_or("a record is missing")?;
    if audited {
        let permit = house.permit(Action::View, &[version])?;
        let receipt = house.ledger.record(vec![(permit, Detail::default())]).await?;
        drop(sealed.open(&receipt)?);
    }
    Ok(())
}

/// Durable entries from 256 callers; where `wait` is set each waits for its leaf.
async fn appends(house: &TheHouse, wait: bool) -> Result<(), Fault> {
    let started = Instant::now();
    let count = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..256)
        .map(|_| {
            let (house, count) = (Arc::clone(house), Arc::clone(&count));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < RUN {
                    let began = Instant::now();
                    let receipt = house.ledger.record_machine("throughput", &[], AT).await?;
                    if wait {
                        house.ledger.position(receipt.entry()).await?;
                    }
                    times.push(began.elapsed());
                    count.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<Vec<Duration>, Fault>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let what = if wait { "appends until integrated, 256 callers" } else { "durable appends, 256 callers" };
    report(what, count.load(Ordering::Relaxed), started.elapsed(), &mut times);
    let began = Instant::now();
    let size = house.ledger.settle().await?.size;
    println!("  settled {size} entries after another {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

async fn proofs(house: &TheHouse) -> Result<(), Fault> {
    let size = house.ledger.head().size;
    let mut times = Vec::new();
    let started = Instant::now();
    for n in 0..20_000u64 {
        let began = Instant::now();
        house.ledger.inclusion_proof(n.wrapping_mul(2_654_435_761) % size, size).await?;
        times.push(began.elapsed());
    }
    report(&format!("inclusion proofs at {size} leaves, 1 caller"), 20_000, started.elapsed(), &mut times);
    Ok(())
}

fn report(what: &str, count: u64, took: Duration, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| {
        let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    let rate = count as f64 / took.as_secs_f64();
    println!("{what}: {rate:.0}/s, p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.95), at(0.99));
}
