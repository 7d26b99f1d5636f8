//! Erased means gone: from the answers, from the files, and from the keys.

use crate::support::{Place, found, put, stop};
use sealing::SecretKey;
use search::{Change, IndexError, Page, Query};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_record_is_left_in_files_or_keys() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let doomed = stop("the oubliette was quillfeather blue");
    let pending = stop("another oubliette");
    put(&index, (0..30).map(|_| stop("nothing of note")).chain([doomed.clone()]).collect(), 1).await;
    put(&index, (0..30).map(|_| stop("nothing of note")).collect(), 2).await;
    let before = copy(&place);
    let held_before = place.keys.held.lock().unwrap().clone();
    index.apply(vec![Change::from(pending.clone())], 3).await.unwrap();

    let erased = index.erase(&[doomed.version.record, pending.version.record]).await.unwrap();
    assert_eq!(erased.records, 2);
    assert!(erased.segments >= 2 && !erased.files.is_empty(), "{erased:?}");
    assert!(found(&index, "oubliette OR quillfeather").await.is_empty());
    let rest = Query::parse("nothing of note").unwrap();
    assert_eq!(crate::access::total(&index, &["officer"], &[], &rest).await, 60);
    assert_eq!(index.position(), Some(3));

    // The old files, of which a copy may exist, open under none of the keys that are left
    let now: Vec<SecretKey> = keys_of(&place.keys.held.lock().unwrap());
    // (those of the entry that was not yet published came and went with the erasure),
    let old: Vec<_> = before.iter().filter(|(name, _)| erased.files.contains(name)).collect();
    assert!(old.len() >= 6, "{old:?}");
    for (file, raw) in old {
        let old = SecretKey::from_bytes(held_before[&format!("index/{file}")]);
        assert!(!opened(file, raw, &old).is_empty(), "{file} opened under its key");
        assert!(now.iter().all(|key| opened(file, raw, key).is_empty()), "{file} still opens");
    }
    // so that a copy of the folder is of no use,
    let copied = Place { folder: tempfile::TempDir::new().unwrap(), keys: place.keys.clone() };
    before.iter().for_each(|(name, raw)| fs::write(copied.folder.path().join(name), raw).unwrap());
    assert!(matches!(copied.open().await, Err(IndexError::Rebuild { .. })));
    // and of the files that are there, none knows the records or their words.
    let again = index.erase(&[doomed.version.record, pending.version.record]).await.unwrap();
    assert_eq!((again.records, again.segments), (0, 0));
    keys_match_files(&place);
    assert_eq!(index.files().await.unwrap().len(), fs::read_dir(place.folder.path()).unwrap().count());
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_while_others_search_and_write_ends_clean() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let doomed: Vec<_> = (0..10).map(|n| stop(&format!("oubliette number {n}"))).collect();
    for (position, entry) in doomed.iter().enumerate() {
        put(&index, vec![entry.clone(), stop("nothing of note")], position as u64).await;
    }
    let searching = index.clone();
    let searches = tokio::spawn(async move {
        for _ in 0..50 {
            let officer = crate::support::context(&["officer"], &[]);
            let _ = crate::support::run(&searching, &officer, "nothing", Page::default()).await.refs();
        }
    });
    let records: Vec<_> = doomed.iter().map(|entry| entry.version.record).collect();
    index.erase(&records[..5]).await.unwrap();
    index.erase(&records[5..]).await.unwrap();
    searches.await.unwrap();
    assert!(found(&index, "oubliette").await.is_empty());
    assert_eq!(found(&index, "nothing").await.len(), 10);
    keys_match_files(&place);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_destroys_every_key_and_starts_empty() -> Result<(), IndexError> {
    let place = Place::new();
    let index = place.open().await?;
    put(&index, vec![stop("oubliette")], 7).await;
    let before = place.keys.names();
    index.close().await?;
    drop(index);
    let index =
        search::Index::reset(place.folder.path(), Arc::clone(&place.keys) as _, crate::support::FORCE)
            .await?;
    assert_eq!(index.position(), None);
    assert!(found(&index, "oubliette").await.is_empty());
    let segments = |names: &BTreeSet<String>| {
        names.iter().filter(|name| !name.contains('#')).cloned().collect::<BTreeSet<_>>()
    };
    assert!(segments(&before).is_disjoint(&segments(&place.keys.names())));
    keys_match_files(&place);
    Ok(())
}

fn keys_match_files(place: &Place) {
    let bare = |name: &String| name.trim_start_matches("index/").split('#').next().unwrap().to_owned();
    let named: BTreeSet<String> = place.keys.names().iter().map(bare).collect();
    assert_eq!(named, place.files());
    assert_eq!(place.keys.names().len(), place.files().len(), "one key each");
}

fn copy(place: &Place) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| (name.clone(), fs::read(place.folder.path().join(name)).unwrap());
    place.files().into_iter().map(read).collect()
}

fn keys_of(held: &BTreeMap<String, [u8; 32]>) -> Vec<SecretKey> {
    held.values().map(|octets| SecretKey::from_bytes(*octets)).collect()
}

/// What opens of a file under a key.
fn opened(name: &str, raw: &[u8], key: &SecretKey) -> Vec<u8> {
    let (header, body) = raw.split_at(16);
    let chunks: Vec<&[u8]> = body.chunks(64 * 1024 + 16).collect();
    let mut text = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let is_last = number + 1 == chunks.len();
        let identity = [header, &[u8::from(is_last)], name.as_bytes()].concat();
        text.extend(key.open_at(number as u64, &identity, chunk).unwrap_or_default());
    }
    text
}
