//! The sealed directory under the search engine, under damage, and under crashes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod contract;
mod crash;
mod damage;
mod engine;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{fs, io};

use sealing::SecretKey;
use search::sealed::{FileKeys, Options, SealedDirectory};
use tantivy::Directory;
use tantivy::directory::TerminatingWrite;
use tantivy::directory::error::OpenReadError;
use tempfile::TempDir;

const CHUNK: usize = 64 * 1024;
const FRAME: usize = CHUNK + 16;
const HEADER: usize = 16;

type Held = BTreeMap<String, [u8; 32]>;
type Witness = Box<dyn Fn(&Held) + Send>;

/// Keys in memory. The witness sees them before and after every change.
#[derive(Default)]
struct MemoryKeys {
    held: Mutex<Held>,
    witness: Mutex<Option<Witness>>,
}

impl MemoryKeys {
    fn names(&self) -> BTreeSet<String> {
        self.held.lock().unwrap().keys().cloned().collect()
    }

    fn witness(&self) {
        if let Some(witness) = &*self.witness.lock().unwrap() {
            witness(&self.held.lock().unwrap());
        }
    }
}

impl FileKeys for MemoryKeys {
    fn create(&self, file: &str) -> io::Result<SecretKey> {
        self.witness();
        let key = SecretKey::generate().map_err(io::Error::other)?;
        let former = self.held.lock().unwrap().insert(file.to_owned(), *key.expose());
        assert_eq!(former, None, "the key of {file} was not destroyed first");
        self.witness();
        Ok(key)
    }

    fn get(&self, file: &str) -> io::Result<Option<SecretKey>> {
        self.witness();
        Ok(self.held.lock().unwrap().get(file).map(|bytes| SecretKey::from_bytes(*bytes)))
    }

    fn destroy(&self, file: &str) -> io::Result<()> {
        self.witness();
        self.held.lock().unwrap().remove(file);
        self.witness();
        Ok(())
    }
}

struct Place {
    folder: TempDir,
    keys: Arc<MemoryKeys>,
}

impl Place {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), keys: Arc::default() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open_with(&self, options: Options) -> io::Result<SealedDirectory> {
        SealedDirectory::open(self.folder.path().to_owned(), self.keys.clone(), options)
    }

    fn open(&self) -> SealedDirectory {
        self.open_with(Options::default()).unwrap()
    }

    /// Names of the sealed files, lock files left out.
    fn files(&self) -> BTreeSet<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".lock"))
            .collect()
    }
}

fn write(directory: &dyn Directory, name: &str, text: &[u8]) {
    let mut writer = directory.open_write(Path::new(name)).unwrap();
    io::Write::write_all(&mut writer, text).unwrap();
    writer.terminate().unwrap();
}

fn read(directory: &dyn Directory, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
    let slice = directory.open_read(Path::new(name)).map_err(as_io)?;
    Ok(slice.read_bytes_slice(range)?.to_vec())
}

fn as_io(error: OpenReadError) -> io::Error {
    match error {
        OpenReadError::IoError { io_error, .. } => Arc::into_inner(io_error).unwrap(),
        other => io::Error::other(other),
    }
}

fn text(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn keys_match_files(place: &Place) {
    let bare = |name: &String| name.split('#').next().unwrap().to_owned();
    let names = place.keys.names();
    assert_eq!(names.iter().map(bare).collect::<BTreeSet<_>>(), place.files());
    assert_eq!(names.len(), place.files().len(), "one key each");
}
