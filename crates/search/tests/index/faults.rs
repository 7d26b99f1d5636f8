//! Damage, loss and interruption: refused with the mend, or served from what is good.

use crate::support::{FORCE, MemoryKeys, Place, context, found, matrix, permit, put, stop};
use law::access::Action;
use model::ForceId;
use search::{Change, Index, IndexError, Page, Query, Settings};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

async fn filled() -> Place {
    let place = Place::new();
    let index = place.open().await.unwrap();
    put(&index, (0..200).map(|n| stop(&format!("knife number {n}"))).collect(), 1).await;
    index.close().await.unwrap();
    place
}

/// A copy of folder and keys, to be damaged.
fn copy(place: &Place) -> Place {
    let copy = Place::new();
    for entry in fs::read_dir(place.folder.path()).unwrap() {
        let entry = entry.unwrap();
        // A file may go between the listing and the copying.
        let _ = fs::copy(entry.path(), copy.folder.path().join(entry.file_name()));
    }
    *copy.keys.held.lock().unwrap() = place.keys.held.lock().unwrap().clone();
    copy
}

/// Opens and searches; the error of whichever fails.
async fn probe(place: &Place) -> Result<usize, IndexError> {
    let index = place.open().await?;
    let query = Query::parse("knife number").unwrap();
    let permit = permit(&context(&["officer"], &[]), Action::List);
    let withheld = index.run(&permit, &matrix(), &query, Page { offset: 0, limit: 1000 }).await?;
    Ok(withheld.refs().len())
}

fn assert_rebuild(outcome: Result<usize, IndexError>, what: &str) {
    match outcome {
        Err(error @ IndexError::Rebuild { .. }) => {
            assert!(error.to_string().contains("bluelamp rebuild-index"), "{what}: {error}");
        }
        other => unreachable!("{what}: {other:?}"),
    }
}

fn segment_files(place: &Place) -> Vec<PathBuf> {
    let names = place.files().into_iter().filter(|name| !name.starts_with('.'));
    names.map(|name| place.folder.path().join(name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_to_any_file_is_refused_or_does_not_matter() {
    let good = filled().await;
    assert_eq!(probe(&copy(&good)).await.unwrap(), 200);
    for file in segment_files(&good) {
        let name = file.file_name().unwrap().to_owned();
        let what = name.to_string_lossy().into_owned();
        let octets = fs::read(&file).unwrap();
        for (fault, bad) in [
            ("a flipped bit", flipped(&octets)),
            ("cut short", octets[..octets.len() - 7].to_vec()),
            ("empty", Vec::new()),
        ] {
            let damaged = copy(&good);
            fs::write(damaged.folder.path().join(&name), bad).unwrap();
            assert_rebuild(probe(&damaged).await, &format!("{what} {fault}"));
        }
        let without = copy(&good);
        fs::remove_file(without.folder.path().join(&name)).unwrap();
        assert_rebuild(probe(&without).await, &format!("{what} missing"));
        let keyless = copy(&good);
        keyless.keys.held.lock().unwrap().retain(|key, _| !key.contains(&what));
        assert_rebuild(probe(&keyless).await, &format!("{what} without its key"));
    }
}

fn flipped(octets: &[u8]) -> Vec<u8> {
    let mut octets = octets.to_vec();
    let middle = octets.len() / 2;
    octets[middle] ^= 1;
    octets
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_another_force_or_without_stamp_is_refused() {
    let place = filled().await;
    let other = ForceId(Uuid::from_u128(0xF1));
    let error = Index::open(place.folder.path(), place.keys.clone(), other).await.unwrap_err();
    assert!(error.to_string().contains("another force"), "{error}");
    assert_eq!(probe(&place).await.unwrap(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_mends_a_damaged_index() {
    let place = filled().await;
    for file in segment_files(&place) {
        fs::write(file, b"rubbish").unwrap();
    }
    assert_rebuild(probe(&place).await, "rubbish");
    let index = Index::reset(place.folder.path(), place.keys.clone(), FORCE).await.unwrap();
    put(&index, vec![stop("a knife")], 1).await;
    assert_eq!(found(&index, "knife").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_use_says_so() {
    let place = Place::new();
    let _open = place.open().await.unwrap();
    let settings = Settings { patience: Duration::from_millis(20), ..Settings::default() };
    let second = Index::open_with(place.folder.path(), place.keys.clone(), FORCE, settings).await;
    let error = second.unwrap_err();
    assert!(matches!(error, IndexError::InUse), "{error}");
}

/// Copies taken in the middle of commits stand for a kill at that moment: each opens at one of the
/// published positions, with exactly what was published there.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_commit_leaves_a_published_state() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let writing = index.clone();
    let writer = tokio::spawn(async move {
        for position in 1..=12u64 {
            put(&writing, vec![stop("knife number one"), stop("knife number two")], position).await;
        }
    });
    let mut copies = Vec::new();
    while !writer.is_finished() {
        copies.push(snapshot(&place));
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    writer.await.unwrap();
    assert!(copies.len() >= 5, "{} copies", copies.len());
    let mut opened = 0;
    let whole: Vec<Place> = copies.into_iter().flatten().collect();
    let step = (whole.len() / 8).max(1);
    for copy in whole.into_iter().step_by(step) {
        let index = match copy.open().await {
            Ok(index) => index,
            // A copy is slower than a kill: a file may have gone while it was made.
            Err(IndexError::Rebuild { .. }) => continue,
            Err(other) => unreachable!("{other}"),
        };
        let position = index.position().unwrap_or(0);
        assert_eq!(found_all(&index).await as u64, 2 * position);
        put(&index, vec![stop("knife number three")], position + 1).await;
        assert_eq!(found_all(&index).await as u64, 2 * position + 1);
        opened += 1;
    }
    assert!(opened >= 2, "{opened} of the copies opened");
}

/// A kill between the file of deletions and the commit that names it: the same change is applied
/// again, and the engine would give its file the same name.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_kill_left_before_its_commit_is_in_nobodys_way() {
    let place = Place::new();
    let entries: Vec<_> = (0..50).map(|n| stop(&format!("knife number {n}"))).collect();
    let index = place.open().await.unwrap();
    put(&index, entries.clone(), 1).await;
    index.close().await.unwrap();
    drop(index);
    let before = copy(&place);

    let index = place.open().await.unwrap();
    put(&index, vec![entries[7].clone()], 2).await;
    index.close().await.unwrap();
    drop(index);
    let killed = copy(&before);
    let mut deletions = 0;
    for name in place.files().difference(&before.files()).cloned().chain([".managed.json".to_owned()]) {
        fs::copy(place.folder.path().join(&name), killed.folder.path().join(&name)).unwrap();
        deletions += usize::from(name.ends_with(".del"));
    }
    assert_eq!(deletions, 1);
    let mut keys = place.keys.held.lock().unwrap().clone();
    keys.extend(before.keys.held.lock().unwrap().clone());
    *killed.keys.held.lock().unwrap() = keys;

    let index = killed.open().await.unwrap();
    assert_eq!((index.position(), found_all(&index).await), (Some(1), 50));
    put(&index, vec![entries[7].clone()], 2).await;
    assert_eq!((index.position(), found_all(&index).await), (Some(2), 50));
    index.close().await.unwrap();
}

async fn found_all(index: &Index) -> usize {
    let query = Query::parse("knife number").unwrap();
    let permit = permit(&context(&["officer"], &[]), Action::List);
    let page = Page { offset: 0, limit: 1000 };
    index.run(&permit, &matrix(), &query, page).await.unwrap().refs().len()
}

/// Files and keys as they are at one moment; `None` where they changed while they were copied.
fn snapshot(place: &Place) -> Option<Place> {
    let keys: BTreeMap<_, _> = place.keys.held.lock().unwrap().clone();
    let copied = copy(place);
    let same = *place.keys.held.lock().unwrap() == keys;
    same.then_some(copied)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keystore_that_fails_stops_the_writing_and_not_the_reading() {
    let place = Place::new();
    let keys = Arc::new(Failing { inner: MemoryKeys::default(), fails: false.into() });
    let index = Index::open(place.folder.path(), keys.clone(), FORCE).await.unwrap();
    put(&index, vec![stop("a knife")], 1).await;
    keys.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    let lost = stop("another knife");
    index.apply(vec![Change::from(lost.clone())], 2).await.unwrap();
    let error = index.publish().await.unwrap_err();
    assert!(error.to_string().contains("the keystore is full"), "{error}");
    assert_eq!((index.position(), index.applied()), (Some(1), Some(1)), "2 must come again");
    assert_eq!(found(&index, "knife").await.len(), 1);
    keys.fails.store(false, std::sync::atomic::Ordering::SeqCst);
    put(&index, vec![lost], 2).await;
    assert_eq!(found(&index, "knife").await.len(), 2);
    assert_eq!(index.position(), Some(2));
}

struct Failing {
    inner: MemoryKeys,
    fails: std::sync::atomic::AtomicBool,
}

#[async_trait::async_trait]
impl ledger::keys::LogKeys for Failing {
    async fn create(&self, name: &str) -> Result<sealing::SecretKey, ledger::keys::KeyError> {
        if self.fails.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(ledger::keys::KeyError("the keystore is full".into()));
        }
        self.inner.create(name).await
    }

    async fn get(&self, name: &str) -> Result<Option<sealing::SecretKey>, ledger::keys::KeyError> {
        self.inner.get(name).await
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), ledger::keys::KeyError> {
        self.inner.rename(from, to).await
    }

    async fn destroy(&self, name: &str) -> Result<(), ledger::keys::KeyError> {
        self.inner.destroy(name).await
    }
}
