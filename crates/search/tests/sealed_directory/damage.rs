//! Under damage.

use std::fs;
use std::io;
use std::ops::Range;

use search::sealed::{Damaged, Fault, FileKeys};
use tantivy::Index;

use crate::engine::{fill, probe, schema};
use crate::{CHUNK, FRAME, HEADER, Place, read, text, write};

#[test]
fn no_altered_octet_goes_unseen_by_the_engine() {
    let place = Place::new();
    fill(&Index::create(place.open(), schema(), Default::default()).unwrap());
    assert_eq!(probe(&place).unwrap().len(), 200);
    for name in place.files() {
        let whole = fs::read(place.path(&name)).unwrap();
        for at in [0, 9, 12, HEADER, whole.len() / 2, whole.len() - 1] {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            fs::write(place.path(&name), altered).unwrap();
            let error = probe(&place).expect_err(&format!("octet {at} of {name}"));
            assert_eq!(Damaged::in_engine_error(&error).unwrap().file, name);
            let error = error.to_string();
            assert!(error.contains("rebuild the index"), "{error}");
        }
        fs::write(place.path(&name), &whole[..whole.len() - 1]).unwrap();
        let error = probe(&place).expect_err(&format!("{name} cut short"));
        assert_eq!(Damaged::in_engine_error(&error).unwrap().file, name);
        fs::write(place.path(&name), &whole).unwrap();
    }
    assert_eq!(probe(&place).unwrap().len(), 200);
}

/// Changes a file of exactly three chunks and says what the reader is told about `range`.
fn told(change: impl Fn(&mut Vec<u8>), range: Range<usize>) -> Damaged {
    let place = Place::new();
    write(&place.open(), "segment.term", &text(3 * CHUNK));
    let mut raw = fs::read(place.path("segment.term")).unwrap();
    assert_eq!(raw.len(), HEADER + 3 * FRAME);
    change(&mut raw);
    fs::write(place.path("segment.term"), raw).unwrap();
    let error = read(&place.open(), "segment.term", range).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    let damaged = Damaged::in_error(&error).unwrap().clone();
    assert_eq!(damaged.file, "segment.term");
    damaged
}

#[test]
fn the_reader_is_told_which_chunk_is_damaged() {
    let damaged = told(|raw| raw[HEADER + FRAME + 5] ^= 1, CHUNK - 1..CHUNK + 1);
    assert_eq!((damaged.chunk, damaged.fault), (Some(1), Fault::DoesNotOpen));
    assert_eq!(
        damaged.to_string(),
        "sealed index file segment.term, chunk 1: the seal does not open \
         (altered, moved or cut off); rebuild the index"
    );
    let version = told(|raw| raw[8] = 2, 0..1);
    assert_eq!((version.chunk, version.fault), (None, Fault::Version(2)));
}

#[test]
fn a_file_cut_off_between_chunks_or_put_in_another_order_is_refused() {
    let cut = told(|raw| raw.truncate(HEADER + 2 * FRAME), 0..1);
    assert_eq!((cut.chunk, cut.fault), (Some(1), Fault::DoesNotOpen));
    let inside = told(|raw| raw.truncate(HEADER + 2 * FRAME + 100), 0..1);
    assert_eq!((inside.chunk, inside.fault), (Some(2), Fault::DoesNotOpen));
    assert_eq!(told(|raw| raw.truncate(HEADER + FRAME + 3), 0..1).fault, Fault::CutShort);
    assert_eq!(told(|raw| raw.truncate(7), 0..1).fault, Fault::CutShort);
    assert_eq!(told(|raw| raw.extend_from_slice(&[0; 99]), 0..1).chunk, Some(3));
    let swapped = told(|raw| raw[HEADER..HEADER + 2 * FRAME].rotate_left(FRAME), 0..1);
    assert_eq!((swapped.chunk, swapped.fault), (Some(0), Fault::DoesNotOpen));
}

#[test]
fn a_file_does_not_pass_for_another() {
    let place = Place::new();
    let directory = place.open();
    write(&directory, "a.term", b"one");
    write(&directory, "b.term", b"two");
    fs::copy(place.path("a.term"), place.path("b.term")).unwrap();
    assert!(read(&directory, "b.term", 0..3).is_err());
    // Not even when an insider moves the key along.
    let mut held = place.keys.held.lock().unwrap();
    let key = held["a.term"];
    held.insert("b.term".to_owned(), key);
    drop(held);
    assert!(read(&directory, "b.term", 0..3).is_err());
    place.keys.destroy("a.term").unwrap();
    let gone = read(&directory, "a.term", 0..3).unwrap_err();
    assert_eq!(Damaged::in_error(&gone).unwrap().fault, Fault::NoKey);
}
