//! The key provider: keeps the current epoch key, and nothing that lives longer does.
//!
//! The file provider keeps it in one file, outside every backup. Its escrow copies are
//! registered; a turn replaces each of them, and what could not be reached stays unconfirmed.

use sealing::SecretKey;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What can go wrong with the provider.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The file cannot be read or written.
    #[error(
        "the key provider cannot use {path}: {source}. Put the provider's folder in place and make it writable for this user only"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not an epoch key.
    #[error("{0} is not an epoch key of this program: put the right file in place")]
    NotAKey(PathBuf),
    /// The provider holds the key of another epoch.
    #[error(
        "the key provider holds the key of epoch {held}, and the keystore needs that of epoch {needed}: keystore and provider do not belong together. Put the newest of both in place"
    )]
    OtherEpoch {
        /// Held.
        held: u64,
        /// Needed.
        needed: u64,
    },
    /// An escrow copy of this name is kept elsewhere.
    #[error(
        "an escrow copy “{0}” is registered elsewhere, and it still holds the key: choose another name, or drop that copy first"
    )]
    EscrowInUse(String),
    /// The path of an escrow copy cannot be one.
    #[error("the escrow copy was not registered: {path} {why}")]
    EscrowPath {
        /// The path.
        path: PathBuf,
        /// What is wrong with it, and the mend.
        why: &'static str,
    },
    /// No randomness.
    #[error(transparent)]
    Seal(#[from] sealing::SealError),
}

/// An epoch key with its number.
#[derive(Debug, Clone)]
pub struct EpochKey {
    /// Number of the epoch, from 1.
    pub epoch: u64,
    /// The key.
    pub key: SecretKey,
}

/// Whether one escrow copy followed a turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscrowState {
    /// Name of the copy, for people.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// The newest epoch that it is known to hold, the older one destroyed.
    pub confirmed: u64,
    /// Set once it was taken off the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removal>,
}

/// That an escrow copy was taken off the register: whoever kept it says that it is destroyed, and no
/// turn can confirm that any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// Name of the person who took it off.
    pub by: String,
    /// When, in words.
    pub on: String,
    /// Why, in their words.
    pub ground: String,
}

/// The file provider.
#[derive(Debug, Clone)]
pub struct FileProvider {
    dir: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    epoch: u64,
    key: String,
}

impl FileProvider {
    /// A provider over its folder.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Refuses a folder in which there is an epoch key: something may be sealed under it.
    ///
    /// # Errors
    /// [`ProviderError`] names the file.
    pub fn check_none(&self) -> Result<(), ProviderError> {
        let path = self.current_path();
        match path.exists() {
            true => Err(file_error(&path, std::io::Error::other("there is an epoch key already"))),
            false => Ok(()),
        }
    }

    /// Whether the first epoch's key is there and reads.
    #[must_use]
    pub fn holds_first(&self) -> bool {
        read_key(&self.current_path()).is_ok_and(|key| key.epoch == 1)
    }

    /// Makes the first epoch key.
    ///
    /// # Errors
    /// [`ProviderError`]; an existing key is never overwritten.
    pub fn create(dir: &Path) -> Result<(Self, EpochKey), ProviderError> {
        use std::os::unix::fs::DirBuilderExt;
        let provider = Self::new(dir);
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
        made.map_err(|source| file_error(dir, source))?;
        provider.check_none()?;
        let path = provider.current_path();
        let key = EpochKey { epoch: 1, key: SecretKey::generate()? };
        write_key(&path, &key)?;
        Ok((provider, key))
    }

    /// The key of the epoch that the keystore needs. Finishes or drops a turn that a kill cut in
    /// two: the keystore says which epoch counts.
    ///
    /// # Errors
    /// [`ProviderError::OtherEpoch`] where neither key fits.
    pub fn key_for(&self, needed: u64) -> Result<EpochKey, ProviderError> {
        let next_path = self.next_path();
        // The current key may be zeros by now: a turn overwrites it before the next one takes its
        // place, and a kill can come between.
        let current = read_key(&self.current_path());
        let next = if next_path.exists() { read_key(&next_path).ok() } else { None };
        match (current, next) {
            (Ok(current), _) if current.epoch == needed => {
                if next_path.exists() {
                    destroy_file(&next_path)?;
                }
                self.refresh_escrows(&current)?;
                Ok(current)
            }
            (_, Some(next)) if next.epoch == needed => {
                self.finish_turn(&next)?;
                Ok(next)
            }
            (Ok(current), _) => Err(ProviderError::OtherEpoch { held: current.epoch, needed }),
            (Err(error), _) => Err(error),
        }
    }

    /// Makes the next epoch's key durable beside the current one.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn prepare_turn(&self, from: u64) -> Result<EpochKey, ProviderError> {
        let next = EpochKey { epoch: from + 1, key: SecretKey::generate()? };
        write_key(&self.next_path(), &next)?;
        Ok(next)
    }

    /// Puts the next key in the current one's place, destroying that, and brings every escrow copy
    /// up to date that can be reached.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn finish_turn(&self, next: &EpochKey) -> Result<(), ProviderError> {
        let current = self.current_path();
        if current.exists() {
            overwrite(&current)?;
        }
        std::fs::rename(self.next_path(), &current).map_err(|source| file_error(&current, source))?;
        sync_dir(&self.dir)?;
        self.refresh_escrows(next)
    }

    /// Brings every escrow copy up to date that lags behind and can be reached now. The others
    /// stay unconfirmed: until they follow, nothing is beyond recovery.
    ///
    /// # Errors
    /// [`ProviderError`], only where the register itself cannot be used.
    pub fn refresh_escrows(&self, current: &EpochKey) -> Result<(), ProviderError> {
        let mut escrows = self.register()?;
        let mut changed = false;
        let behind = |escrow: &&mut EscrowState| escrow.removed.is_none() && escrow.confirmed < current.epoch;
        for escrow in escrows.iter_mut().filter(behind) {
            if replace_escrow(&escrow.path, current).is_ok() {
                escrow.confirmed = current.epoch;
                changed = true;
            }
        }
        if changed { self.save_escrows(&escrows) } else { Ok(()) }
    }

    /// Takes an escrow copy off the register, once whoever kept it has destroyed it. That it was there
    /// stays on record, because no turn can confirm any more that it is gone. Gives whether there was
    /// one of that name.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn remove_escrow(&self, name: &str, removal: Removal) -> Result<bool, ProviderError> {
        let mut escrows = self.register()?;
        let found = escrows.iter_mut().find(|escrow| escrow.name == name && escrow.removed.is_none());
        let Some(escrow) = found else { return Ok(false) };
        escrow.removed = Some(removal);
        self.save_escrows(&escrows)?;
        Ok(true)
    }

    /// Registers an escrow copy and writes the current key to it. Where that fails, nothing is
    /// registered. The path is kept absolute: a later turn may begin in another folder.
    ///
    /// # Errors
    /// [`ProviderError::EscrowInUse`] where the name stands for another place;
    /// [`ProviderError::EscrowPath`] where the path cannot be a copy's.
    pub fn add_escrow(&self, name: &str, path: &Path, needed: u64) -> Result<(), ProviderError> {
        let path = &std::path::absolute(path).map_err(|source| file_error(path, source))?;
        let current = self.key_for(needed)?;
        let before = self.register()?;
        let is_same = |escrow: &EscrowState| escrow.name == name && escrow.removed.is_none();
        let known = before.iter().find(|escrow| is_same(escrow));
        if known.is_some_and(|escrow| escrow.path != *path) {
            return Err(ProviderError::EscrowInUse(name.to_owned()));
        }
        check_escrow_path(path, known.is_some())?;
        // Registered before it is written: a copy that nobody knows of would never be replaced.
        let mut escrows: Vec<_> = before.iter().filter(|escrow| !is_same(escrow)).cloned().collect();
        let (name, path) = (name.to_owned(), path.clone());
        escrows.push(EscrowState { name, path: path.clone(), confirmed: 0, removed: None });
        self.save_escrows(&escrows)?;
        if let Err(error) = write_key(&path, &current) {
            // Only where no copy is left behind may the register forget it.
            discard_copy(&path)?;
            self.save_escrows(&before)?;
            return Err(error);
        }
        if let Some(escrow) = escrows.last_mut() {
            escrow.confirmed = current.epoch;
        }
        self.save_escrows(&escrows)
    }

    /// The registered escrow copies.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn escrows(&self) -> Result<Vec<EscrowState>, ProviderError> {
        let mut escrows = self.register()?;
        escrows.retain(|escrow| escrow.removed.is_none());
        Ok(escrows)
    }

    /// The escrow copies that held a key and were taken off the register.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn removed_escrows(&self) -> Result<Vec<EscrowState>, ProviderError> {
        let mut escrows = self.register()?;
        escrows.retain(|escrow| escrow.removed.is_some() && escrow.confirmed > 0);
        Ok(escrows)
    }

    fn register(&self) -> Result<Vec<EscrowState>, ProviderError> {
        let path = self.dir.join("escrow.json");
        match std::fs::read(&path) {
            Ok(octets) => serde_json::from_slice(&octets).map_err(|_| ProviderError::NotAKey(path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(file_error(&path, source)),
        }
    }

    fn save_escrows(&self, escrows: &[EscrowState]) -> Result<(), ProviderError> {
        let path = self.dir.join("escrow.json");
        let octets = serde_json::to_vec_pretty(escrows).map_err(|_| ProviderError::NotAKey(path.clone()))?;
        write_file(&path, &octets)
    }

    fn current_path(&self) -> PathBuf {
        self.dir.join("epoch.key")
    }

    fn next_path(&self) -> PathBuf {
        self.dir.join("epoch.key.next")
    }
}

/// Whether a copy can be written here, before anything is registered.
fn check_escrow_path(path: &Path, is_known: bool) -> Result<(), ProviderError> {
    let wrong = |why| Err(ProviderError::EscrowPath { path: path.to_owned(), why });
    if path.is_dir() {
        return wrong("is a folder: name a file in it, for instance “epoch-copy.key”");
    }
    if !path.parent().is_some_and(Path::is_dir) {
        return wrong("lies in a folder that does not exist: make the folder first, or name another");
    }
    if path.exists() && !is_known {
        return wrong("is there already and would be overwritten: name a new file");
    }
    Ok(())
}

/// Destroys what an attempt at a copy has left.
fn discard_copy(path: &Path) -> Result<(), ProviderError> {
    for left in [path.with_extension("writing"), path.to_owned()] {
        if left.is_file() {
            destroy_file(&left)?;
        }
    }
    Ok(())
}

fn replace_escrow(path: &Path, next: &EpochKey) -> Result<(), ProviderError> {
    // The escrow's own storage must be there; a copy that was carried away stays unconfirmed.
    if !path.exists() {
        return Err(file_error(path, std::io::Error::from(std::io::ErrorKind::NotFound)));
    }
    overwrite(path)?;
    write_key(path, next)
}

fn read_key(path: &Path) -> Result<EpochKey, ProviderError> {
    let octets = std::fs::read(path).map_err(|source| file_error(path, source))?;
    let bad = || ProviderError::NotAKey(path.to_owned());
    let stored: Stored = serde_json::from_slice(&octets).map_err(|_| bad())?;
    let key: [u8; 32] = hex::decode(stored.key).ok().and_then(|key| key.try_into().ok()).ok_or_else(bad)?;
    Ok(EpochKey { epoch: stored.epoch, key: SecretKey::from_bytes(key) })
}

fn write_key(path: &Path, key: &EpochKey) -> Result<(), ProviderError> {
    let stored = Stored { epoch: key.epoch, key: hex::encode(key.key.expose()) };
    let octets = serde_json::to_vec(&stored).map_err(|_| ProviderError::NotAKey(path.to_owned()))?;
    write_file(path, &octets)
}

fn write_file(path: &Path, octets: &[u8]) -> Result<(), ProviderError> {
    use std::os::unix::fs::OpenOptionsExt;
    let write = || -> std::io::Result<()> {
        let temporary = path.with_extension("writing");
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(octets)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().map_err(|source| file_error(path, source))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// Writes zeros over a file in place. On remapped flash the old cells may survive, which is why
/// the certificate names what was not scanned.
fn overwrite(path: &Path) -> Result<(), ProviderError> {
    let write = || -> std::io::Result<()> {
        let length = std::fs::metadata(path)?.len() as usize;
        let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
        file.write_all(&vec![0u8; length])?;
        file.sync_all()
    };
    write().map_err(|source| file_error(path, source))
}

fn destroy_file(path: &Path) -> Result<(), ProviderError> {
    overwrite(path)?;
    std::fs::remove_file(path).map_err(|source| file_error(path, source))
}

fn sync_dir(dir: &Path) -> Result<(), ProviderError> {
    let sync = || std::fs::File::open(dir)?.sync_all();
    sync().map_err(|source| file_error(dir, source))
}

fn file_error(path: &Path, source: std::io::Error) -> ProviderError {
    ProviderError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn octets(path: &Path) -> Vec<u8> {
        std::fs::read(path).unwrap()
    }

    #[test]
    fn a_turn_that_was_cut_in_two_is_finished_or_dropped_by_what_the_keystore_needs() {
        let dir = tempfile::tempdir().unwrap();
        let (provider, first) = FileProvider::create(dir.path()).unwrap();
        // Killed after the next key was made, before the keystore turned: the old key counts.
        provider.prepare_turn(1).unwrap();
        assert_eq!(provider.key_for(1).unwrap().key.expose(), first.key.expose());
        assert!(!provider.next_path().exists());
        // Killed after the keystore turned: the next key counts, and the old one is gone.
        let second = provider.prepare_turn(1).unwrap();
        assert_eq!(provider.key_for(2).unwrap().key.expose(), second.key.expose());
        assert!(matches!(provider.key_for(1), Err(ProviderError::OtherEpoch { held: 2, needed: 1 })));
        // Killed after the old key was overwritten, before the next one took its place.
        let third = provider.prepare_turn(2).unwrap();
        overwrite(&provider.current_path()).unwrap();
        assert_eq!(provider.key_for(3).unwrap().key.expose(), third.key.expose());
        // Killed after the old file was taken away altogether.
        let fourth = provider.prepare_turn(3).unwrap();
        std::fs::remove_file(provider.current_path()).unwrap();
        assert_eq!(provider.key_for(4).unwrap().key.expose(), fourth.key.expose());
    }

    #[test]
    fn an_escrow_copy_that_was_out_of_reach_follows_once_it_is_back() {
        let dir = tempfile::tempdir().unwrap();
        let (provider, first) = FileProvider::create(&dir.path().join("provider")).unwrap();
        let (near, far) = (dir.path().join("near.key"), dir.path().join("far.key"));
        provider.add_escrow("safe", &near, 1).unwrap();
        provider.add_escrow("solicitor", &far, 1).unwrap();
        let away = dir.path().join("carried-away.key");
        std::fs::rename(&far, &away).unwrap();
        let next = provider.prepare_turn(1).unwrap();
        provider.finish_turn(&next).unwrap();
        let confirmed = |name: &str| {
            provider.escrows().unwrap().iter().find(|escrow| escrow.name == name).unwrap().confirmed
        };
        assert_eq!((confirmed("safe"), confirmed("solicitor")), (2, 1));
        let old = hex::encode(first.key.expose());
        assert!(!String::from_utf8(octets(&near)).unwrap().contains(&old));
        std::fs::rename(&away, &far).unwrap();
        provider.key_for(2).unwrap();
        assert_eq!(confirmed("solicitor"), 2);
        assert!(!String::from_utf8(octets(&far)).unwrap().contains(&old));
        let removal = || Removal {
            by: "administrator".to_owned(),
            on: "2026-11-25".to_owned(),
            ground: "shredded by the solicitor".to_owned(),
        };
        assert!(provider.remove_escrow("solicitor", removal()).unwrap());
        assert!(!provider.remove_escrow("solicitor", removal()).unwrap());
        assert_eq!(provider.escrows().unwrap().len(), 1);
        // That it held epoch 2 is remembered, and the name may be used again.
        let removed = provider.removed_escrows().unwrap();
        assert_eq!((removed.len(), removed[0].confirmed), (1, 2));
        provider.add_escrow("solicitor", &dir.path().join("new.key"), 2).unwrap();
        assert_eq!((confirmed("safe"), provider.escrows().unwrap().len()), (2, 2));
    }

    #[test]
    fn an_escrow_copy_that_cannot_be_written_is_not_registered() {
        let dir = tempfile::tempdir().unwrap();
        let (provider, _) = FileProvider::create(&dir.path().join("provider")).unwrap();
        let taken = dir.path().join("taken");
        std::fs::write(&taken, b"somebody's letter").unwrap();
        let wrong = [dir.path().to_owned(), dir.path().join("nowhere/epoch.key"), taken.clone()];
        for (path, told) in wrong.iter().zip(["is a folder", "does not exist", "is there already"]) {
            let error = provider.add_escrow("safe", path, 1).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
            assert_eq!(provider.escrows().unwrap(), []);
        }
        assert_eq!(octets(&taken), b"somebody's letter");
    }

    #[test]
    fn a_wrong_file_and_a_missing_one_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let provider = FileProvider::new(dir.path());
        assert!(provider.key_for(1).unwrap_err().to_string().contains("Put the provider's folder in place"));
        std::fs::write(provider.current_path(), b"not a key").unwrap();
        assert!(provider.key_for(1).unwrap_err().to_string().contains("is not an epoch key"));
    }
}
