//! What the overseer keeps between verifications: the pinned key and the last checkpoint of each generation.

use crate::error::{Unusable, settle};
use crate::export::HeldCheckpoint;
use crate::framed::read_small;
use crate::note::{PublicKey, SignedCheckpoint};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const FORMAT: &str = "bluelamp-verify memory 1";
/// No memory is larger: a generation is a restore, and each takes about half a kilobyte.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The memory as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    base: String,
    key: String,
    checkpoints: Vec<String>,
}

/// What is remembered of one log.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// The base of the log's origin.
    pub base: String,
    /// The pinned key.
    pub key: PublicKey,
    /// The last checkpoint accepted of each generation.
    pub checkpoints: Vec<SignedCheckpoint>,
}

/// The memory file.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    path: PathBuf,
    remembered: Option<Remembered>,
}

impl Memory {
    /// Reads the memory. A file that is not there is a memory without content.
    ///
    /// # Errors
    ///
    /// [`Unusable::Memory`] where the file is damaged, or holds a checkpoint that its key did not sign.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        let damaged = |why: String| Unusable::Memory { path: path.to_owned(), why };
        let octets = match settle(read_small(path, LARGEST)) {
            Ok(Ok(octets)) => octets,
            Ok(Err(malformed)) => return Err(damaged(malformed.what)),
            Err(Unusable::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), remembered: None });
            }
            Err(other) => return Err(other),
        };
        let written: Written = serde_json::from_slice(&octets).map_err(|error| damaged(error.to_string()))?;
        let remembered = read_back(written).map_err(damaged)?;
        Ok(Self { path: path.to_owned(), remembered: Some(remembered) })
    }

    /// Where it is kept.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is remembered, if there is anything yet.
    pub fn remembered(&self) -> Option<&Remembered> {
        self.remembered.as_ref()
    }

    /// The checkpoints, with words for where they came from.
    pub(crate) fn held(&self) -> Vec<HeldCheckpoint> {
        let checkpoints = self.remembered.iter().flat_map(|remembered| &remembered.checkpoints);
        let place = format!("the memory {}", self.path.display());
        checkpoints
            .map(|checkpoint| HeldCheckpoint { place: place.clone(), checkpoint: checkpoint.clone() })
            .collect()
    }

    /// Puts an accepted checkpoint in the place of the earlier one of its generation and makes it durable.
    /// Call it only after a wholly good verification.
    ///
    /// # Errors
    ///
    /// [`Unusable::File`] where it could not be written; the former memory then stays as it was.
    pub fn advance(&mut self, key: &PublicKey, accepted: &SignedCheckpoint) -> Result<(), Unusable> {
        let mut remembered = self.remembered.clone().unwrap_or_else(|| Remembered {
            base: accepted.origin().base().to_owned(),
            key: key.clone(),
            checkpoints: Vec::new(),
        });
        remembered.checkpoints.retain(|kept| kept.origin() != accepted.origin());
        remembered.checkpoints.push(accepted.clone());
        self.write(&remembered)?;
        self.remembered = Some(remembered);
        Ok(())
    }

    fn write(&self, remembered: &Remembered) -> Result<(), Unusable> {
        let written = Written {
            format: FORMAT.to_owned(),
            base: remembered.base.clone(),
            key: remembered.key.to_string(),
            checkpoints: remembered.checkpoints.iter().map(|kept| kept.note().to_owned()).collect(),
        };
        let refused = |error: io::Error| Unusable::file(&self.path, error);
        let mut octets = serde_json::to_vec_pretty(&written).map_err(|error| refused(error.into()))?;
        octets.push(b'\n');
        replace(&self.path, &octets).map_err(refused)
    }
}

/// Where the memory of a log is kept if nothing else is said: below `$XDG_STATE_HOME`, or `~/.local/state`.
/// None where neither is known.
pub fn default_memory_file(base: &str) -> Option<PathBuf> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/state"));
    Some(state.or_else(home)?.join("bluelamp-verify").join(file_name(base)))
}

/// A base as a file name: strokes become `_`, and whatever is neither letter, digit, `.` nor `-` becomes
/// `%XX`, so that no two bases share a file and none leads elsewhere.
fn file_name(base: &str) -> String {
    let mut name = String::new();
    for octet in base.bytes() {
        match octet {
            b'/' => name.push('_'),
            b'.' | b'-' => name.push(char::from(octet)),
            _ if octet.is_ascii_alphanumeric() => name.push(char::from(octet)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(name, "%{octet:02X}");
            }
        }
    }
    name + ".json"
}

fn read_back(written: Written) -> Result<Remembered, String> {
    if written.format != FORMAT {
        return Err(format!("its format is not “{FORMAT}”"));
    }
    let key = PublicKey::parse(&written.key).ok_or("the key in it is no Ed25519 key")?;
    let mut checkpoints = Vec::new();
    for note in &written.checkpoints {
        let checkpoint = SignedCheckpoint::parse(note.as_bytes())?;
        if checkpoint.origin().base() != written.base || !checkpoint.is_signed_by(&key) {
            return Err("a checkpoint in it is not signed by the key in it".to_owned());
        }
        checkpoints.push(checkpoint);
    }
    Ok(Remembered { base: written.base, key, checkpoints })
}

/// Writes beside, makes durable, and puts in place, so that a crash leaves the old file or the new one.
fn replace(path: &Path, octets: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let beside = folder.join(name);
    let written = write_durably(&beside, octets).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What could not be put in place is of no use to anybody; the first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    written?;
    File::open(folder)?.sync_all()
}

fn write_durably(path: &Path, octets: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(octets)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_base_leads_elsewhere_or_shares_a_file() {
        assert_eq!(file_name("police.example/met"), "police.example_met.json");
        assert_eq!(file_name("../../etc"), ".._.._etc.json");
        assert_eq!(file_name("a_b"), "a%5Fb.json");
        assert_ne!(file_name("a/b"), file_name("a_b"));
    }

    #[test]
    fn a_damaged_memory_is_never_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.json");
        assert_eq!(Memory::open(&path).unwrap().remembered(), None);
        for damaged in ["", "{", "{}", r#"{"format":"other","base":"a","key":"","checkpoints":[]}"#] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(Memory::open(&path), Err(Unusable::Memory { .. })), "{damaged}");
        }
    }
}
