//! What is shredded is in no file of the deployment afterwards, and no copy brings it back.

mod common;

use common::shredding::{TOKEN, erase, fill, scan};
use common::{FORCE, Sqlite};
use ledger::store::EntryStore;
use model::kinds::stop_and_search as stop;
use vault::Traces;
use vault::conformance::{Backend, Fault, House};
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shredded_is_in_no_file() -> Result<(), Fault> {
    let backend = Sqlite::fresh();
    let house = House::open(&backend).await?;
    let mut versions = fill(&house, 400).await?;
    house.ledger.settle().await?;
    let traces = house.vault.traces(&house.vault.history(versions[200].record).await?).await?;
    assert_eq!(scan(&backend.dir, &traces.ciphertext), 1, "the scan must see what is there");
    assert!(scan(&backend.dir, &traces.wrapped) >= 2, "wrapped keys are there before");
    assert_eq!(scan(&backend.dir, &traces.keys), 0, "a raw key stands in a file");
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
        gone.wrapped.extend(traces.wrapped);
    }
    house.store.clean().await?;
    house.keys.clean().await?;
    assert_eq!(scan(&backend.dir, &gone.ciphertext), 0, "ciphertext was left");
    assert_eq!(scan(&backend.dir, &gone.keys), 0, "keys were left");
    assert_eq!(scan(&backend.dir, &gone.wrapped), 0, "wrapped keys were left");
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
        let traces = house.vault.traces(&house.vault.history(version.record).await?).await?;
        let mut tx = house.store.begin().await?;
        let (_, old) = house.vault.erase_field_in(&mut tx, version.record, stop::GROUNDS.number()).await?;
        house.store.commit(tx).await?;
        house.keys.shred(&old).await?;
        gone.ciphertext.extend(traces.ciphertext);
        gone.keys.extend(traces.keys);
        gone.wrapped.extend(traces.wrapped);
    }
    house.store.clean().await?;
    assert_eq!(scan(&backend.dir, &gone.ciphertext), 0, "ciphertext was left");
    assert_eq!(scan(&backend.dir, &gone.keys), 0, "keys were left");
    assert_eq!(scan(&backend.dir, &gone.wrapped), 0, "wrapped keys were left");
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
