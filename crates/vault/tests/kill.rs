//! A writing process is killed at random moments: nothing acknowledged is lost, nothing is half
//! written, and ledger and vault agree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod common;

use common::Sqlite;
use common::agree::check;
use model::VersionId;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use uuid::Uuid;
use vault::conformance::{Backend, Fault, House, draft};

/// Names the deployment's folder in the process that writes.
const DIR: &str = "BLUELAMP_TEST_KILL_DIR";
const ROUNDS: u64 = 10;

/// A generator that gives the same moments on every run.
fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// In the process that is killed: writes for ever and says what was acknowledged. Without the
/// variable it is no test at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_process() -> Result<(), Fault> {
    let Ok(dir) = std::env::var(DIR) else { return Ok(()) };
    let house = std::sync::Arc::new(House::open(&Sqlite::at(Path::new(&dir))).await?);
    let tasks: Vec<_> = (0..4u64)
        .map(|task| {
            let house = std::sync::Arc::clone(&house);
            tokio::spawn(async move { write_for_ever(&house, task).await })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn write_for_ever<B: Backend>(house: &House<B>, task: u64) -> Result<(), Fault> {
    loop {
        let mut drafts = Vec::new();
        for _ in 0..=task {
            drafts.push(draft(None, house.reference().await?, "written by a process that dies"));
        }
        let versions: Vec<_> = drafts.iter().map(|draft| draft.version).collect();
        let reference = drafts[0].reference;
        let _ = house.write(drafts).await?;
        let next = draft(Some((versions[0], 1)), reference, "a second version");
        let second = next.version;
        let _ = house.write(vec![next]).await?;
        let mut out = std::io::stdout().lock();
        for version in versions.iter().chain([&second]) {
            writeln!(out, "acknowledged {}", version.version)?;
        }
        out.flush()?;
    }
}

fn spawn(dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writing_process", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a writing process some time after its first word; gives what it acknowledged.
fn run_and_kill(dir: &Path, after: Duration) -> Vec<VersionId> {
    let mut child = spawn(dir);
    let (first, started) = std::sync::mpsc::channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut found = Vec::new();
        for line in out.lines().map_while(Result::ok) {
            // The harness writes its own words in front of the first line.
            let Some((_, id)) = line.split_once("acknowledged ") else { continue };
            let Ok(id) = id.parse::<Uuid>() else { continue };
            let _ = first.send(());
            found.push(VersionId(id));
        }
        found
    });
    let spoke = started.recv_timeout(Duration::from_secs(60));
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(spoke.is_ok(), "the writing process wrote nothing");
    reader.join().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_to_a_kill() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let mut acknowledged = Vec::new();
    let mut seed = 0x5EED_0042;
    for round in 0..ROUNDS {
        let after = Duration::from_micros(random(&mut seed) % 300_000);
        let dir = backend.dir.clone();
        acknowledged.extend(tokio::task::spawn_blocking(move || run_and_kill(&dir, after)).await?);
        let house = House::open(&backend).await?;
        check(&house, &acknowledged, round).await?;
    }
    assert!(acknowledged.len() as u64 > ROUNDS * 10, "{} writes are too few", acknowledged.len());
    Ok(())
}
