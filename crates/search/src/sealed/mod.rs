//! A search index folder in which every file is sealed.
//!
//! [`SealedDirectory`] is a [`Directory`] of the search engine. Each file has a key of its own,
//! kept elsewhere by a [`FileKeys`]; destroying the key destroys the file, whatever copies of it
//! exist. Reading unseals only the chunks that are asked for, and keeps a bounded number of them
//! in memory. What is damaged is refused with [`Damaged`]; nothing is ever half believed.
//!
//! What stays readable on disk: the names of files (random numbers and kinds), their lengths, and
//! the empty lock files.

mod cache;
mod damage;
mod folder;
mod format;
mod names;
mod reader;
mod writer;

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, WatchCallback, WatchCallbackList, WatchHandle, WritePtr,
};

use self::cache::Cache;
pub use self::cache::Usage;
pub use self::damage::{Damaged, Fault};
use self::folder::{Folder, MANAGED, META, plain_name};
use self::names::Names;
use self::reader::SealedFile;

/// The keystore for the files of an index.
///
/// A name is the name of the file, for the two files that are rewritten followed by `#1` or `#2`.
/// Keep the keys outside the index folder.
pub trait FileKeys: Send + Sync {
    /// Makes a new random key under this name. It must be durable when this returns, for the
    /// file is written next. Never give out a key that was given out before: what stands under
    /// the name is replaced.
    ///
    /// # Errors
    /// When the key could not be made or stored.
    fn create(&self, file: &str) -> io::Result<sealing::SecretKey>;

    /// The key under this name, if there is one.
    ///
    /// # Errors
    /// When the keystore could not be read; a missing key is not an error.
    fn get(&self, file: &str) -> io::Result<Option<sealing::SecretKey>>;

    /// Destroys the key under this name beyond recovery. A name without a key is no error.
    ///
    /// # Errors
    /// When the key may still exist.
    fn destroy(&self, file: &str) -> io::Result<()>;

    /// Destroys the keys under these names, where there are any. A keystore for which a question
    /// is costly answers for all of them at once.
    ///
    /// # Errors
    /// When a key may still exist.
    fn destroy_any(&self, files: &[String]) -> io::Result<()> {
        for file in files {
            // A key that cannot be read can still be destroyed.
            if !matches!(self.get(file), Ok(None)) {
                self.destroy(file)?;
            }
        }
        Ok(())
    }
}

/// How a [`SealedDirectory`] behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Room for opened text, in octets.
    pub cache_bytes: usize,
    /// How long to wait for another directory that has the folder open, for instance one whose
    /// merging threads have not ended yet.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 64 * 1024 * 1024, patience: Duration::from_secs(5) }
    }
}

/// A folder of sealed files, to be given to the search engine. Clones share everything.
#[derive(Clone)]
pub struct SealedDirectory {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Folder,
    cache: Arc<Cache>,
    /// Files opened for reading. They never change, so a reload takes them from here.
    opened: Mutex<HashMap<String, Arc<SealedFile>>>,
    /// The engine's list of its files, where it is newer than the one on disk. The engine writes it
    /// for every file that it makes, each time under a new key; what counts is that it is on disk
    /// before a list of segments names the file, and that files in neither list are cleared away
    /// at the next opening.
    listed: Mutex<Option<Vec<u8>>>,
    names: Names,
    watchers: WatchCallbackList,
    /// Releases the folder when dropped.
    _claim: File,
}

impl SealedDirectory {
    /// Opens a folder, making it if need be, and clears away what a crash left behind.
    ///
    /// A folder can be open only once at a time, in this process or another; clone the directory
    /// to share it.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] when the folder is in use elsewhere; else what the file
    /// system or the keystore said.
    pub fn open(path: PathBuf, keys: Arc<dyn FileKeys>, options: Options) -> io::Result<Self> {
        let folder = Folder::make(path, keys)?;
        let claim = folder.claim(options.patience)?;
        folder.sweep()?;
        folder.sweep_unlisted()?;
        let shared = Shared {
            folder,
            cache: Arc::new(Cache::new(options.cache_bytes)),
            opened: Mutex::default(),
            names: Names::default(),
            listed: Mutex::default(),
            watchers: WatchCallbackList::default(),
            _claim: claim,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Throws away everything in a folder: the keys first, then the files. Nothing is opened for
    /// it, so damaged files go like others.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] when the folder is in use elsewhere; else what the file
    /// system or the keystore said.
    pub fn discard(path: PathBuf, keys: Arc<dyn FileKeys>, patience: Duration) -> io::Result<()> {
        let folder = Folder::make(path, keys)?;
        let _claim = folder.claim(patience)?;
        folder.discard()
    }

    /// Whether nothing was ever written here: no list of segments, and no file of one.
    ///
    /// # Errors
    /// What the file system said.
    pub fn is_new(&self) -> io::Result<bool> {
        self.shared.folder.is_new()
    }

    /// How much opened text is in memory, and how much had to be unsealed for it.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.shared.cache.usage()
    }

    fn open_sealed(&self, name: &str) -> io::Result<SealedFile> {
        let folder = &self.shared.folder;
        let cache = Arc::clone(&self.shared.cache);
        SealedFile::open(&folder.path(name), name, folder.keys(), cache)
    }

    fn open_shared(&self, name: &str) -> io::Result<Arc<SealedFile>> {
        if let Some(file) = self.shared.opened().get(name) {
            return Ok(Arc::clone(file));
        }
        let _turn = self.shared.names.take(name);
        // Another thread may have been quicker; then both use its file.
        if let Some(file) = self.shared.opened().get(name) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(self.open_sealed(name)?);
        self.shared.opened().insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }
}

impl Shared {
    fn opened(&self) -> MutexGuard<'_, HashMap<String, Arc<SealedFile>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets an opened file whose text is replaced or deleted.
    fn close(&self, name: &str) {
        let closed = self.opened().remove(name);
        if let Some(file) = closed {
            file.mark_deleted();
        }
    }

    fn listed(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the engine's list of its files, where it has changed.
    fn write_listed(&self) -> io::Result<()> {
        let mut listed = self.listed();
        if let Some(text) = listed.as_deref() {
            self.rewrite(MANAGED, text)?;
        }
        *listed = None;
        Ok(())
    }

    fn rewrite(&self, name: &str, text: &[u8]) -> io::Result<()> {
        let _turn = self.names.take(name);
        let rewritten = self.folder.rewrite(name, text);
        self.close(name);
        rewritten
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        let _turn = self.names.take(name);
        let deleted = self.folder.delete(name);
        self.close(name);
        deleted
    }
}

impl fmt::Debug for SealedDirectory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedDirectory({})", self.shared.folder.root().display())
    }
}

/// Tells the engine whether a file is missing, which it sometimes expects, or damaged.
fn read_error(error: io::Error, path: &Path) -> OpenReadError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
        _ => OpenReadError::wrap_io_error(error, path.to_owned()),
    }
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let opened = plain_name(path).and_then(|name| self.open_shared(name));
        opened.map(|file| file as Arc<dyn FileHandle>).map_err(|error| read_error(error, path))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        plain_name(path).and_then(|name| self.shared.delete(name)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_owned() },
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        plain_name(path)
            .and_then(|name| match name == MANAGED && self.shared.listed().is_some() {
                true => Ok(true),
                false => self.shared.folder.path(name).try_exists(),
            })
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let writer = plain_name(path).and_then(|name| {
            let _turn = self.shared.names.take(name);
            self.shared.folder.create(name)
        });
        match writer {
            Ok(writer) => Ok(BufWriter::new(Box::new(writer))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(OpenWriteError::FileAlreadyExists(path.to_owned()))
            }
            Err(error) => Err(OpenWriteError::wrap_io_error(error, path.to_owned())),
        }
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED)
            && let Some(text) = self.shared.listed().as_ref()
        {
            return Ok(text.clone());
        }
        plain_name(path)
            .and_then(|name| {
                let _turn = self.shared.names.take(name);
                self.open_sealed(name)?.read_all()
            })
            .map_err(|error| read_error(error, path))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let name = plain_name(path)?;
        if name == MANAGED {
            *self.shared.listed() = Some(data.to_vec());
            return Ok(());
        }
        if name == META {
            self.shared.write_listed()?;
        }
        self.shared.rewrite(name, data)?;
        if name == META {
            // The callbacks run on a thread of their own; a commit does not wait for them.
            drop(self.shared.watchers.broadcast());
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.shared.folder.sync()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let file = plain_name(&lock.filepath)
            .and_then(|name| self.shared.folder.lock_file(name))
            .map_err(LockError::wrap_io_error)?;
        if lock.is_blocking {
            file.lock().map_err(LockError::wrap_io_error)?;
        } else {
            file.try_lock().map_err(|error| match error {
                std::fs::TryLockError::WouldBlock => LockError::LockBusy,
                std::fs::TryLockError::Error(error) => LockError::wrap_io_error(error),
            })?;
        }
        // Closing the file releases the lock; the empty file stays.
        Ok(DirectoryLock::from(Box::new(file)))
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(self.shared.watchers.subscribe(watch_callback))
    }
}
