//! What the search engine demands of any directory.

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use proptest::prelude::*;
use search::sealed::Options;
use tantivy::Directory;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{Lock, TerminatingWrite, WatchCallback};

use crate::{CHUNK, Place, read, text, write};

#[test]
fn files_are_written_once_and_outlive_their_deletion_only_in_readers_hands() {
    let place = Place::new();
    let directory = place.open();
    let path = Path::new("a.pos");
    let writer = directory.open_write(path).unwrap();
    assert!(directory.exists(path).unwrap());
    let again = directory.open_write(path);
    assert!(matches!(again, Err(OpenWriteError::FileAlreadyExists(_))));
    writer.terminate().unwrap();
    assert_eq!(read(&directory, "a.pos", 0..0).unwrap(), b"");
    directory.delete(path).unwrap();

    write(&directory, "a.pos", &text(CHUNK + 9));
    let slice = directory.open_read(path).unwrap();
    let bytes = slice.read_bytes().unwrap();
    directory.delete(path).unwrap();
    assert_eq!(directory.usage().kept, 0);
    assert!(!directory.exists(path).unwrap() && place.keys.names().is_empty());
    assert!(matches!(directory.open_read(path), Err(OpenReadError::FileDoesNotExist(_))));
    assert_eq!(bytes.as_slice(), text(CHUNK + 9));
    assert_eq!(slice.read_bytes_slice(7..9).unwrap().as_slice(), &text(9)[7..]);
    assert_eq!(directory.usage().kept, 0, "a deleted file is not cached again");
    drop((slice, bytes));
    assert_eq!(directory.usage().lingering, 0);
    assert!(directory.open_write(Path::new("../a")).is_err());
}

#[test]
fn a_folder_is_open_once_at_a_time() {
    let place = Place::new();
    let directory = place.open();
    let impatient = Options { patience: Duration::ZERO, ..Options::default() };
    let error = place.open_with(impatient.clone()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    drop(directory);
    place.open_with(impatient).unwrap();
}

#[test]
fn locks_keep_others_out() {
    let place = Place::new();
    let directory = place.open();
    let lock = |name: &str, is_blocking| Lock { filepath: name.into(), is_blocking };
    let held = directory.acquire_lock(&lock("a.lock", false)).unwrap();
    directory.acquire_lock(&lock("b.lock", false)).unwrap();
    let busy = directory.acquire_lock(&lock("a.lock", false));
    assert!(matches!(busy, Err(LockError::LockBusy)));
    let (sender, receiver) = mpsc::channel();
    let waiting = directory.clone();
    let waiter = std::thread::spawn(move || {
        let lock = waiting.acquire_lock(&lock("a.lock", true));
        sender.send(lock.is_ok()).unwrap();
    });
    assert!(receiver.recv_timeout(Duration::from_millis(50)).is_err(), "it waits");
    drop(held);
    assert!(receiver.recv().unwrap());
    waiter.join().unwrap();
}

#[test]
fn a_commit_is_announced_to_those_who_watch() {
    let place = Place::new();
    let directory = place.open();
    let seen = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = mpsc::channel();
    let counter = Arc::clone(&seen);
    let callback = WatchCallback::new(move || {
        sender.send(counter.fetch_add(1, Ordering::SeqCst) + 1).unwrap();
    });
    let handle = directory.watch(callback).unwrap();
    let wait = Duration::from_secs(5);
    for n in 1..3 {
        directory.atomic_write(Path::new("meta.json"), b"foo").unwrap();
        assert_eq!(receiver.recv_timeout(wait), Ok(n));
    }
    directory.atomic_write(Path::new(".managed.json"), b"foo").unwrap();
    drop(handle);
    directory.atomic_write(Path::new("meta.json"), b"foo").unwrap();
    assert!(receiver.recv_timeout(Duration::from_millis(100)).is_err());
}

fn sizes() -> impl Strategy<Value = usize> {
    let near = (0usize..5, 0usize..3).prop_map(|(n, off)| (n * CHUNK + off).saturating_sub(1));
    prop_oneof![near, 0usize..300 * 1024]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_read_is_what_was_written(
        size in sizes(),
        steps in prop::collection::vec(1usize..100_000, 1..8),
        ranges in prop::collection::vec((0.0f64..=1.0, 0.0f64..=1.0), 1..24),
        cache_bytes in prop_oneof![Just(0), Just(100_000), Just(1 << 26)],
    ) {
        let place = Place::new();
        let plain = text(size);
        let options = Options { cache_bytes, ..Options::default() };
        let directory = place.open_with(options.clone()).unwrap();
        let mut writer = directory.open_write(Path::new("a.idx")).unwrap();
        let (mut rest, mut step) = (plain.as_slice(), steps.iter().cycle());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(*step.next().unwrap()));
            writer.write_all(now).unwrap();
            rest = later;
        }
        writer.terminate().unwrap();
        directory.atomic_write(Path::new("meta.json"), &plain).unwrap();
        drop(directory);
        let directory = place.open_with(options).unwrap();
        for (a, b) in ranges {
            let at = |part: f64| (part * size as f64) as usize;
            let range = at(a.min(b))..at(a.max(b));
            prop_assert_eq!(&read(&directory, "a.idx", range.clone()).unwrap(), &plain[range]);
        }
        prop_assert_eq!(&read(&directory, "a.idx", 0..size).unwrap(), &plain);
        prop_assert_eq!(directory.atomic_read(Path::new("meta.json")).unwrap(), plain);
        prop_assert!(directory.usage().kept <= cache_bytes);
    }
}
