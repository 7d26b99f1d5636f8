//! The writing side: positions, waiting, restarts, and what the index holds.

use crate::support::{FORCE, Place, found, put, stop};
use search::{Change, Index, IndexError, Settings};
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn the_position_is_kept_with_the_records() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    assert_eq!((index.position(), index.applied()), (None, None));
    index.apply(vec![Change::from(stop("a knife"))], 5).await.unwrap();
    assert_eq!((index.position(), index.applied()), (None, Some(5)));
    assert!(found(&index, "knife").await.is_empty());
    assert_eq!(index.publish().await.unwrap(), Some(5));
    assert_eq!(index.publish().await.unwrap(), Some(5));
    assert_eq!(found(&index, "knife").await.len(), 1);
    // What is applied and not published does not survive.
    index.apply(vec![Change::from(stop("a knife"))], 6).await.unwrap();
    drop(index);
    let index = place.open().await.unwrap();
    assert_eq!(index.position(), Some(5));
    assert_eq!(found(&index, "knife").await.len(), 1);
    // Entries without any change move the position too.
    index.apply(Vec::new(), 9).await.unwrap();
    index.close().await.unwrap();
    drop(index);
    assert_eq!(place.open().await.unwrap().position(), Some(9));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_publishes_what_is_applied_and_gives_up_in_time() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let waiting = index.clone();
    let waiter = tokio::spawn(async move { waiting.wait_for(3, Duration::from_secs(5)).await });
    index.apply(vec![Change::from(stop("a knife"))], 3).await.unwrap();
    waiter.await.unwrap().unwrap();
    assert_eq!(found(&index, "knife").await.len(), 1);
    let error = index.wait_for(4, Duration::from_millis(20)).await.unwrap_err();
    assert!(matches!(error, IndexError::Behind { wanted: 4, reached: 3 }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_it_publishes_by_itself() {
    let place = Place::new();
    let settings = Settings { publish_after_changes: 100, ..Settings::default() };
    let index = Index::open_with(place.folder.path(), place.keys.clone(), FORCE, settings).await.unwrap();
    for position in 1..=10u64 {
        let batch = (0..30).map(|_| Change::from(stop("a knife"))).collect();
        index.apply(batch, position).await.unwrap();
    }
    assert_eq!(index.position(), Some(8));
}

/// What a merge put together is read from its own files soon after it has ended, though nothing is published then.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn after_a_merge_no_deleted_file_is_read_any_more() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    // So many that they are merged, and not one more.
    for position in 1..=6u64 {
        index.apply(vec![Change::from(stop("a knife"))], position).await.unwrap();
        index.publish().await.unwrap();
    }
    let root = place.folder.path().canonicalize().unwrap();
    let deleted_and_open = || {
        let open = std::fs::read_dir("/proc/self/fd").unwrap();
        let targets = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        targets
            .filter(|file| file.starts_with(&root) && file.to_string_lossy().ends_with("(deleted)"))
            .count()
    };
    let is_terms = |file: &std::path::PathBuf| file.extension().is_some_and(|end| end == "term");
    let began = std::time::Instant::now();
    loop {
        let segments = index.files().await.unwrap().iter().filter(|file| is_terms(file)).count();
        if (segments, deleted_and_open()) == (1, 0) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{segments}, {}", deleted_and_open());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(found(&index, "knife").await.len(), 6);
}

/// A runtime with one thread must not wait for itself.
#[tokio::test(flavor = "current_thread")]
async fn it_works_on_a_runtime_of_one_thread() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    put(&index, vec![stop("a knife")], 1).await;
    assert_eq!(found(&index, "knife").await.len(), 1);
    let doomed = stop("oubliette");
    put(&index, vec![doomed.clone()], 2).await;
    index.erase(&[doomed.version.record]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_tells_everything_that_is_held() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let entries: Vec<_> = (0..3000).map(|_| stop("a knife")).collect();
    let gone = stop("a knife");
    put(&index, entries.iter().cloned().chain([gone.clone()]).collect(), 1).await;
    index.apply(vec![Change::Erase(gone.version.record)], 2).await.unwrap();
    index.publish().await.unwrap();
    let mut batches = index.check();
    let mut held = BTreeSet::new();
    while let Some(batch) = batches.recv().await {
        held.extend(batch.unwrap());
    }
    assert_eq!(held, entries.iter().map(|entry| entry.version).collect());
}
