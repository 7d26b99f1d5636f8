//! What is shredded is in no file of the deployment afterwards, and no copy brings it back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod common;

use common::{FORCE, Sqlite};
use ledger::store::EntryStore;
use model::VersionRef;
use model::kinds::stop_and_search as stop;
use std::path::{Path, PathBuf};
use vault::Traces;
use vault::conformance::{Backend, Fault, House, draft};
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;

const TOKEN: &str = "Zebedee Quillfeather";

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

/// How many of the needles stand in the files of a folder.
fn scan(dir: &Path, needles: &[Vec<u8>]) -> usize {
    let contents: Vec<Vec<u8>> = files(dir).iter().map(|file| std::fs::read(file).unwrap()).collect();
    let within = |content: &Vec<u8>, needle: &Vec<u8>| {
        let first = needle[0];
        let mut rest = content.as_slice();
        while let Some(at) = rest.iter().position(|octet| *octet == first) {
            if rest[at..].starts_with(needle) {
                return true;
            }
            rest = &rest[at + 1..];
        }
        false
    };
    needles.iter().filter(|needle| contents.iter().any(|content| within(content, needle))).count()
}

/// Writes `count` records; some are longer than a page of the file.
async fn fill<B: Backend>(house: &House<B>, count: u64) -> Result<Vec<VersionRef>, Fault> {
    let mut versions = Vec::new();
    for first in (1..=count).step_by(50) {
        let drafts: Vec<_> = (first..(first + 50).min(count + 1))
            .map(|number| {
                let padding = "x".repeat(if number % 9 == 0 { 9_000 } else { (number % 7 * 40) as usize });
                draft(None, number, &format!("{TOKEN} {number} {padding}"))
            })
            .collect();
        versions.extend(drafts.iter().map(|draft| draft.version));
        let _ = house.write(drafts).await?;
    }
    Ok(versions)
}

async fn erase<B: Backend>(house: &House<B>, version: VersionRef) -> Result<Traces, Fault> {
    let traces = house.vault.traces(version.record).await?;
    let places: Vec<_> =
        house.vault.key_places(version.record).await?.into_iter().map(|(_, place)| place).collect();
    let mut tx = house.store.begin().await?;
    house.store.delete_record(&mut tx, version.record).await?;
    house.store.commit(tx).await?;
    house.keys.shred(&places).await?;
    Ok(traces)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shredded_is_in_no_file() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    let mut versions = fill(&house, 400).await?;
    house.ledger.settle().await?;
    let traces = house.vault.traces(versions[200].record).await?;
    assert_eq!(scan(&backend.dir, &traces.ciphertext), 1, "the scan must see what is there");
    assert!(scan(&backend.dir, &traces.keys) >= 2, "wrapped keys are there before");
    assert_eq!(scan(&backend.dir, &[TOKEN.as_bytes().to_vec()]), 0, "a body stands open in a file");
    // In no order, so that pages are merged and split: what they leave over must be clean too.
    let mut gone = Traces::default();
    let mut seed = 0x1234_5678_u64;
    for _ in 0..150 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let version = versions.swap_remove((seed >> 33) as usize % versions.len());
        let traces = erase(&house, version).await?;
        gone.ciphertext.extend(traces.ciphertext);
        gone.keys.extend(traces.keys);
    }
    house.store.clean().await?;
    house.keys.clean().await?;
    assert_eq!(scan(&backend.dir, &gone.ciphertext), 0, "ciphertext was left");
    assert_eq!(scan(&backend.dir, &gone.keys), 0, "keys were left");
    for version in versions.iter().step_by(10) {
        assert!(house.read(*version).await.is_ok());
    }
    assert_eq!(house.store.check().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shredded_field_is_in_no_file() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    let versions = fill(&house, 60).await?;
    let mut gone = Traces::default();
    for version in versions.iter().step_by(3) {
        let traces = house.vault.traces(version.record).await?;
        let mut tx = house.store.begin().await?;
        let (_, old) = house.vault.erase_field_in(&mut tx, version.record, stop::GROUNDS.number()).await?;
        house.store.commit(tx).await?;
        house.keys.shred(&old).await?;
        gone.ciphertext.extend(traces.ciphertext);
        gone.keys.extend(traces.keys);
    }
    house.store.clean().await?;
    assert_eq!(scan(&backend.dir, &gone.ciphertext), 0, "ciphertext was left");
    assert_eq!(scan(&backend.dir, &gone.keys), 0, "keys were left");
    assert!(house.read(versions[3]).await?.get(stop::NAME).is_some());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cleaning_completes_while_others_read() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = std::sync::Arc::new(House::open(&backend).await?);
    let versions = fill(&house, 100).await?;
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (house, versions) = (std::sync::Arc::clone(&house), versions.clone());
            tokio::spawn(async move {
                let ids: Vec<_> = versions.iter().map(|version| version.version).collect();
                for _ in 0..60 {
                    house.store.versions(&ids).await?;
                }
                Ok::<(), ledger::store::StoreError>(())
            })
        })
        .collect();
    for _ in 0..5 {
        house.store.clean().await?;
    }
    for reader in readers {
        reader.await??;
    }
    house.store.clean().await?;
    assert_eq!(std::fs::metadata(backend.dir.join("records.sqlite-wal"))?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_from_before_brings_nothing_back_after_the_turn() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    let versions = fill(&house, 30).await?;
    house.store.clean().await?;
    house.keys.clean().await?;
    let copies = tempfile::tempdir()?;
    let copy = |name: &str| copies.path().join(name);
    for name in ["records.sqlite", "keys.sqlite"] {
        std::fs::copy(backend.dir.join(name), copy(name))?;
    }
    let place = house.vault.key_places(versions[7].record).await?[0].1;
    erase(&house, versions[7]).await?;
    house.store.clean().await?;
    // Until the turn the copies still open: that is what the turn is for.
    let old = SqliteKeys::open(&copy("keys.sqlite"), FORCE, backend.provider()).await?;
    assert!(vault::KeyStore::open(&old, &[place]).await?[0].is_some());
    drop(old);
    let report = vault::turn(&*house.keys, &backend.provider(), None).await?;
    assert!(report.is_beyond_recovery());
    let records = SqliteStore::open(&copy("records.sqlite"), FORCE).await?;
    assert_eq!(records.versions(&[versions[7].version]).await?.len(), 1, "the copy does hold the ciphertext");
    let refused = SqliteKeys::open(&copy("keys.sqlite"), FORCE, backend.provider()).await;
    assert!(refused.is_err(), "a keystore from before the turn opened");
    assert!(house.read(versions[8]).await.is_ok());
    Ok(())
}
