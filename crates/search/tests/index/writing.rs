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
