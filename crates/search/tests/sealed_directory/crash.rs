//! Under crashes.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use search::sealed::FileKeys;
use tantivy::Directory;
use tantivy::directory::error::DeleteError;

use crate::{CHUNK, Held, Place, keys_match_files, text};

/// Copies the folder and the keys at every step of `act`, as if the machine stopped there.
fn at_every_step(place: &Place, act: impl FnOnce()) -> Vec<Place> {
    let stops = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&stops);
    let from = place.folder.path().to_owned();
    let witness = move |held: &Held| {
        let stopped = Place::new();
        for entry in fs::read_dir(&from).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), stopped.folder.path().join(entry.file_name())).unwrap();
        }
        *stopped.keys.held.lock().unwrap() = held.clone();
        seen.lock().unwrap().push(stopped);
    };
    *place.keys.witness.lock().unwrap() = Some(Box::new(witness));
    act();
    *place.keys.witness.lock().unwrap() = None;
    std::mem::take(&mut stops.lock().unwrap())
}

#[test]
fn a_crash_while_rewriting_leaves_the_old_or_the_new_text() {
    let meta = Path::new("meta.json");
    let place = Place::new();
    let directory = place.open();
    directory.atomic_write(meta, b"text 0").unwrap();
    for round in 1..4 {
        let old = format!("text {}", round - 1).into_bytes();
        let new = format!("text {round}").into_bytes();
        let stops = at_every_step(&place, || directory.atomic_write(meta, &new).unwrap());
        assert!(stops.len() >= 6);
        for stopped in stops {
            // A part of the new text may be on disk already.
            if !stopped.path("meta.json.fresh").exists() {
                let part = &fs::read(stopped.path("meta.json")).unwrap()[..20];
                fs::write(stopped.path("meta.json.fresh"), part).unwrap();
            }
            let reopened = stopped.open();
            let text = reopened.atomic_read(meta).unwrap();
            assert!(text == old || text == new, "{text:?}");
            keys_match_files(&stopped);
            reopened.atomic_write(meta, b"after").unwrap();
            assert_eq!(reopened.atomic_read(meta).unwrap(), b"after");
            keys_match_files(&stopped);
        }
    }
}

#[test]
fn a_crash_while_writing_leaves_a_file_that_is_refused_and_can_be_deleted() {
    let place = Place::new();
    let path = Path::new("segment.store");
    let mut unfinished = place.open().open_write(path).unwrap();
    std::io::Write::write_all(&mut unfinished, &text(2 * CHUNK + 5)).unwrap();
    drop(unfinished);
    let directory = place.open();
    assert!(directory.open_read(path).is_err());
    directory.delete(path).unwrap();
    assert!(place.keys.names().is_empty() && place.files().is_empty());
    // A key alone, from a crash between the key and the file.
    place.keys.create("segment.store").unwrap();
    assert!(matches!(directory.delete(path), Err(DeleteError::FileDoesNotExist(_))));
    assert!(place.keys.names().is_empty());
}
