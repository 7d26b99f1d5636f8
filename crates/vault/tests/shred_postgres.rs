//! What is shredded is in no table of either cluster afterwards. Only the write-ahead logs still have it,
//! sealed, and after the turn nothing opens it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod common;

use common::Postgres;
use common::shredding::{TOKEN, erase, fill, scan};
use std::path::PathBuf;
use vault::Traces;
use vault::conformance::{Fault, House};
use vault::store::RecordStore;

/// The folders of tables, and those of write-ahead logs, of both clusters.
fn folders(backend: &Postgres) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let pair = backend.pair.lock().unwrap();
    let data = [pair.records.data(), pair.keys.data()];
    let parts = |part: &str| data.iter().map(|data| data.join(part)).collect();
    (parts("base"), parts("pg_wal"))
}

fn found(folders: &[PathBuf], needles: &[Vec<u8>]) -> usize {
    folders.iter().map(|folder| scan(folder, needles)).sum()
}

async fn to_the_disk(backend: &Postgres) -> Result<(), Fault> {
    backend.records.checkpoint().await?;
    Ok(backend.keys.checkpoint().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shredded_is_in_no_table() -> Result<(), Fault> {
    let Some(backend) = Postgres::alone() else { return Ok(()) };
    let house = House::open(&backend).await?;
    let (tables, logs) = folders(&backend);
    let mut versions = fill(&house, 150).await?;
    to_the_disk(&backend).await?;
    let traces = house.vault.traces(&house.vault.history(versions[70].record).await?).await?;
    assert_eq!(found(&tables, &traces.ciphertext), 1, "the scan must see what is there");
    assert!(found(&tables, &traces.wrapped) >= 2, "wrapped keys are there before");
    let mut gone = Traces::default();
    let mut seed = 0x1234_5678_u64;
    for _ in 0..40 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let version = versions.swap_remove((seed >> 33) as usize % versions.len());
        let traces = erase(&house, version).await?;
        gone.ciphertext.extend(traces.ciphertext);
        gone.keys.extend(traces.keys);
        gone.wrapped.extend(traces.wrapped);
    }
    vault::turn(&*house.keys, &vault::conformance::Backend::provider(&backend), None).await?;
    house.store.clean().await?;
    house.keys.clean().await?;
    to_the_disk(&backend).await?;
    let needles = [gone.ciphertext.clone(), gone.keys.clone(), gone.wrapped.clone()].concat();
    assert_eq!(found(&tables, &needles), 0, "something was left in a table");
    let open = [gone.keys, vec![TOKEN.as_bytes().to_vec()]].concat();
    assert_eq!(found(&logs, &open), 0, "a raw key or a text stands in a log");
    assert!(found(&logs, &gone.ciphertext) > 0, "the log is known to keep what is sealed");
    for version in versions.iter().step_by(10) {
        assert!(house.read(*version).await.is_ok());
    }
    assert_eq!(house.store.check().await?, Vec::<String>::new());
    Ok(())
}
