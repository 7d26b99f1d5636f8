//! The folder on disk, its keys, and the rewriting of files in it.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::FileKeys;
use super::cache::Cache;
use super::format::{Header, Slot};
use super::reader::{SealedFile, keystore_failed, read_header};
use super::writer::SealedWriter;

/// The file whose rewriting is a commit; readers reload when it changes.
pub(super) const META: &str = "meta.json";
/// The engine's list of the files it has made.
pub(super) const MANAGED: &str = ".managed.json";
/// Held for as long as the folder is open.
const CLAIM: &str = ".sealed.lock";
/// New text of a file that is being rewritten.
const FRESH: &str = ".fresh";

/// A folder of sealed files and the keystore for them.
pub(super) struct Folder {
    root: PathBuf,
    keys: Arc<dyn FileKeys>,
}

impl Folder {
    /// Makes the folder if need be; only its owner may look into it.
    pub(super) fn make(root: PathBuf, keys: Arc<dyn FileKeys>) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&root)?;
        Ok(Self { root: root.canonicalize()?, keys })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    pub(super) fn keys(&self) -> &dyn FileKeys {
        self.keys.as_ref()
    }

    /// Waits until no other opened directory holds this folder. Two would not see each other's
    /// deletions and could keep text that is meant to be gone.
    pub(super) fn claim(&self, patience: Duration) -> io::Result<File> {
        let file = self.lock_file(CLAIM)?;
        let deadline = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    let message = format!("the index in {} is in use", self.root.display());
                    return Err(io::Error::new(io::ErrorKind::WouldBlock, message));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// Opens an empty, unsealed file for locking.
    pub(super) fn lock_file(&self, name: &str) -> io::Result<File> {
        private().create(true).truncate(false).open(self.path(name))
    }

    /// Makes the names in the folder durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::open(&self.root)?.sync_all()
    }

    /// Starts a file that is written once.
    pub(super) fn create(&self, name: &str) -> io::Result<SealedWriter> {
        if self.path(name).try_exists()? {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let key = self.new_key(name, Slot::Once)?;
        private()
            .create_new(true)
            .open(self.path(name))
            .and_then(|file| SealedWriter::start(file, name, key, Header { slot: Slot::Once }))
    }

    /// Replaces the text of a file, so that after a crash at any moment the old or the new text
    /// opens: the new key is durable before the new text, the new text before its name, and the
    /// old key goes last.
    pub(super) fn rewrite(&self, name: &str, text: &[u8]) -> io::Result<()> {
        let slot = match self.slot(name) {
            Ok(Some(Slot::First)) => Slot::Second,
            _ => Slot::First,
        };
        let placed = self.write_fresh(name, slot, text).and_then(|fresh| {
            fs::rename(fresh, self.path(name))?;
            Ok(())
        });
        if let Err(error) = placed {
            self.abandon_fresh(name, slot);
            return Err(error);
        }
        self.sync()?;
        // The new text stands; a key that would not go now goes at the next rewrite or opening.
        if let Err(error) = self.discard_keys_except(name, Some(slot)) {
            tracing::warn!(file = name, %error, "the key of the replaced text could not be destroyed");
        }
        Ok(())
    }

    fn write_fresh(&self, name: &str, slot: Slot, text: &[u8]) -> io::Result<PathBuf> {
        let key = self.new_key(name, slot)?;
        let fresh = self.path(&format!("{name}{FRESH}"));
        let file = private().create(true).truncate(true).open(&fresh)?;
        SealedWriter::start(file, name, key, Header { slot })?.finish_with(text)?;
        Ok(fresh)
    }

    /// Clears away what a failed rewrite left. What cannot be cleared now is swept later.
    fn abandon_fresh(&self, name: &str, slot: Slot) {
        let cleared = self
            .discard_key(name, slot)
            .and_then(|()| remove_if_there(&self.path(&format!("{name}{FRESH}"))));
        if let Err(error) = cleared {
            tracing::warn!(file = name, %error, "a failed rewrite could not be cleared away");
        }
    }

    /// A key that has never sealed anything, durable in the keystore.
    fn new_key(&self, name: &str, slot: Slot) -> io::Result<sealing::SecretKey> {
        // A key may stand here after a crash. It must go: it may have sealed another text.
        self.discard_key(name, slot)?;
        self.keys.create(&slot.key_name(name)).map_err(keystore_failed)
    }

    fn discard_key(&self, name: &str, slot: Slot) -> io::Result<()> {
        self.keys.destroy_any(&[slot.key_name(name)]).map_err(keystore_failed)
    }

    fn discard_keys_except(&self, name: &str, kept: Option<Slot>) -> io::Result<()> {
        let others = Slot::ALL.into_iter().filter(|slot| Some(*slot) != kept);
        let names: Vec<String> = others.map(|slot| slot.key_name(name)).collect();
        self.keys.destroy_any(&names).map_err(keystore_failed)
    }

    /// Deletes a file, its key first: from then on nobody can read it, whatever happens to the
    /// file. The key goes even when the file is not there, for a crash may have left it alone.
    pub(super) fn delete(&self, name: &str) -> io::Result<()> {
        self.discard_keys_except(name, None)?;
        fs::remove_file(self.path(name))
    }

    /// The slot that the header of a file names, `None` when there is no such file.
    fn slot(&self, name: &str) -> io::Result<Option<Slot>> {
        match File::open(self.path(name)) {
            Ok(file) => read_header(&file, name).map(|header| Some(header.slot)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The slot of a file that opens under it: a header alone could be altered, and destroying
    /// keys on its word would turn a scratch into a loss.
    fn proven_slot(&self, name: &str) -> io::Result<Option<Slot>> {
        let no_cache = Arc::new(Cache::new(0));
        match SealedFile::open(&self.path(name), name, self.keys(), no_cache) {
            Ok(file) => Ok(Some(file.slot())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends the rewrites that a crash interrupted: destroys the keys of texts that do not stand,
    /// then removes the unfinished files.
    pub(super) fn sweep(&self) -> io::Result<()> {
        // A rename that was not durable yet must not be undone after the old key is gone.
        self.sync()?;
        let names = self.names()?;
        let unfinished: Vec<&str> = names.iter().filter_map(|name| name.strip_suffix(FRESH)).collect();
        let rewritten = names
            .iter()
            .map(String::as_str)
            .filter(|name| matches!(self.slot(name), Ok(Some(Slot::First | Slot::Second))));
        let mut to_check: BTreeSet<&str> = rewritten.collect();
        to_check.extend(unfinished.iter().copied());
        to_check.extend([META, MANAGED]);
        for name in to_check {
            // Of a damaged file we cannot tell which key is the right one; it keeps them all.
            if let Ok(slot) = self.proven_slot(name) {
                self.discard_keys_except(name, slot)?;
            }
        }
        for name in unfinished {
            remove_if_there(&self.path(&format!("{name}{FRESH}")))?;
        }
        Ok(())
    }

    /// Removes files, and their keys, that a crash left before the engine's list of its files named
    /// them; no list of segments can name them either. Where the list itself cannot be read,
    /// nothing is removed on its word.
    pub(super) fn sweep_unlisted(&self) -> io::Result<()> {
        let no_cache = Arc::new(Cache::new(0));
        let list = SealedFile::open(&self.path(MANAGED), MANAGED, self.keys(), no_cache)
            .and_then(|file| file.read_all());
        let Some(listed) = list.ok().and_then(|text| serde_json::from_slice::<BTreeSet<String>>(&text).ok())
        else {
            return Ok(());
        };
        for name in self.names()? {
            if name.starts_with('.') || name == META || name.ends_with(FRESH) || listed.contains(&name) {
                continue;
            }
            tracing::info!(file = name, "a file of the index that a crash left behind is removed");
            self.delete(&name)?;
        }
        Ok(())
    }

    /// Destroys every key that a file here may have, then removes the files. The claim stays.
    pub(super) fn discard(&self) -> io::Result<()> {
        let mut names: BTreeSet<String> = self.names()?.into_iter().collect();
        names.remove(CLAIM);
        let bare = |name: &String| name.strip_suffix(FRESH).unwrap_or(name).to_owned();
        // The two rewritten files may have keys without being there.
        let with_keys: BTreeSet<String> =
            names.iter().map(bare).chain([META, MANAGED].map(str::to_owned)).collect();
        for name in &with_keys {
            self.discard_keys_except(name, None)?;
        }
        for name in &names {
            remove_if_there(&self.path(name))?;
        }
        self.sync()
    }

    /// Whether there is neither a list of segments nor a file of one. The engine's own list of
    /// files may be there from a start that a crash cut off.
    pub(super) fn is_new(&self) -> io::Result<bool> {
        let is_beside = |name: &String| name.starts_with('.') || name.ends_with(".lock");
        Ok(self.names()?.iter().all(is_beside))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.extend(entry.file_name().into_string());
            }
        }
        Ok(names)
    }
}

/// Checks a path that the engine gives: one plain name, none of those used in here.
pub(super) fn plain_name(path: &Path) -> io::Result<&str> {
    let mut parts = path.components();
    let only = match (parts.next(), parts.next()) {
        (Some(Component::Normal(part)), None) => part.to_str(),
        _ => None,
    };
    only.filter(|name| *name != CLAIM && !name.ends_with(FRESH) && !name.contains('#')).ok_or_else(|| {
        let message = format!("{} is not a name for a sealed file", path.display());
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

/// Files that only their owner may open.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
