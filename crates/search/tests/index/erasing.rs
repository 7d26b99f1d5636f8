//! Erased means gone: from the answers, from the files, and from the keys.

use crate::support::{Place, found, put, stop};
use sealing::SecretKey;
use search::{Change, IndexError, Page, Query};
use std::collections::BTreeSet;
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
    index.apply(vec![Change::from(pending.clone())], 3).await.unwrap();
    let before = copy(&place);
    let held_before = place.keys.held.lock().unwrap().clone();

    let erased = index.erase(&[doomed.version.record, pending.version.record]).await.unwrap();
    assert_eq!(erased.records, 2);
    assert!(erased.segments >= 2 && !erased.files.is_empty(), "{erased:?}");
    assert!(found(&index, "oubliette OR quillfeather").await.is_empty());
    let rest = Query::parse("nothing of note").unwrap();
    assert_eq!(crate::access::total(&index, &["officer"], &[], &rest).await, 60);
    assert_eq!(index.position(), Some(3));

    // Neither does any file that is left hold the words, opened with every key that there ever was,
    let keys: Vec<SecretKey> = held_before.values().map(|octets| SecretKey::from_bytes(*octets)).collect();
    assert!(shows(&before, &keys, b"quillfeather"), "the scan finds what is there");
    let now: Vec<SecretKey> =
        place.keys.held.lock().unwrap().values().map(|octets| SecretKey::from_bytes(*octets)).collect();
    let all: Vec<SecretKey> = keys.into_iter().chain(now).collect();
    let left: Vec<(String, Vec<u8>)> = copy(&place);
    assert!(!shows(&left, &all, b"quillfeather"));
    assert!(!shows(&left, &all, &doomed.version.record.octets()));
    // nor do the keys that are left open any of the files that were.
    let now = place.keys.held.lock().unwrap().clone();
    for file in &erased.files {
        assert!(!now.contains_key(&format!("index/{file}")), "{file} kept its key");
    }
    keys_match_files(&place);
    assert_eq!(index.files().await.unwrap().len(), fs::read_dir(place.folder.path()).unwrap().count());

    let again = index.erase(&[doomed.version.record]).await.unwrap();
    assert_eq!((again.records, again.segments), (0, 0));
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
    let index = search::Index::reset(place.folder.path(), Arc::clone(&place.keys) as _, crate::support::FORCE).await?;
    assert_eq!(index.position(), None);
    assert!(found(&index, "oubliette").await.is_empty());
    let segments = |names: &BTreeSet<String>| names.iter().filter(|name| !name.contains('#')).cloned().collect::<BTreeSet<_>>();
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

/// Whether the octets show in any file, as it lies or opened chunk by chunk with any of the keys.
fn shows(files: &[(String, Vec<u8>)], keys: &[SecretKey], wanted: &[u8]) -> bool {
    let has = |octets: &[u8]| octets.windows(wanted.len()).any(|window| window == wanted);
    files.iter().any(|(name, raw)| has(raw) || keys.iter().any(|key| has(&opened(name, raw, key))))
}

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
