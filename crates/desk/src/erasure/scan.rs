//! The scan: reads every file of a deployment and counts what should be gone.

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zeroize::Zeroize;

/// What a scan looks for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Patterns {
    /// Plain text, in any case.
    pub plaintext: Vec<Vec<u8>>,
    /// Runs of ciphertext.
    pub ciphertext: Vec<Vec<u8>>,
    /// Keys, raw and wrapped.
    pub keys: Vec<Vec<u8>>,
    /// Names of people, word by word: too short to look for in files, but a query may say them.
    #[serde(default)]
    pub names: Vec<String>,
}

impl Drop for Patterns {
    fn drop(&mut self) {
        self.plaintext.zeroize();
        self.ciphertext.zeroize();
        self.keys.zeroize();
        self.names.zeroize();
    }
}

/// What was found in one place of the deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceCount {
    /// The place: `records`, `keystore`, `index`, `attachments`, `key provider`, `other files`.
    pub place: String,
    /// Files read there.
    pub files: u64,
    /// Octets read there.
    pub octets: u64,
    /// Findings of plain text.
    pub plaintext: u64,
    /// Findings of ciphertext.
    pub ciphertext: u64,
    /// Findings of keys.
    pub keys: u64,
}

impl PlaceCount {
    /// Everything found.
    #[must_use]
    pub fn found(&self) -> u64 {
        self.plaintext + self.ciphertext + self.keys
    }
}

/// Why a scan could not be made whole. A scan that skipped something proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A file could not be read.
    #[error("the scan cannot read {path}: {source}. Nothing was certified; make it readable and run again")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The patterns are more than the searcher takes.
    #[error("the scan cannot look for so much at once: {0}")]
    Patterns(#[from] aho_corasick::BuildError),
}

/// Octets read at a time.
const CHUNK: usize = 1 << 20;

/// Reads every file below a folder and counts what is found, by place.
///
/// # Errors
/// [`ScanError`] for the first file that cannot be read.
pub fn scan(root: &Path, patterns: &Patterns) -> Result<Vec<PlaceCount>, ScanError> {
    scan_with(root, &root.join("provider"), patterns)
}

/// [`scan`], with a key provider whose folder may lie elsewhere.
///
/// # Errors
/// As [`scan`].
pub fn scan_with(root: &Path, provider: &Path, patterns: &Patterns) -> Result<Vec<PlaceCount>, ScanError> {
    let searchers = Searchers::new(patterns)?;
    let mut places: BTreeMap<&'static str, PlaceCount> = BTreeMap::new();
    for place in ["records", "keystore", "index", "attachments", "key provider", "other files"] {
        places.insert(place, PlaceCount { place: place.to_owned(), ..PlaceCount::default() });
    }
    let elsewhere = if provider.starts_with(root) { Vec::new() } else { files(provider)? };
    for path in files(root)?.into_iter().chain(elsewhere) {
        let place = if path.starts_with(provider) { "key provider" } else { place_of(root, &path) };
        let Some(count) = places.get_mut(place) else { continue };
        let found = searchers.count(&path).map_err(|source| ScanError::Read { path, source })?;
        count.files += 1;
        count.octets += found.octets;
        count.plaintext += found.plaintext;
        count.ciphertext += found.ciphertext;
        count.keys += found.keys;
    }
    Ok(places.into_values().collect())
}

fn place_of(root: &Path, path: &Path) -> &'static str {
    let first = path.strip_prefix(root).ok().and_then(|path| path.components().next());
    let first = first.map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
    match first.as_str() {
        name if name.starts_with("records.sqlite") => "records",
        name if name.starts_with("keys.sqlite") => "keystore",
        "index" => "index",
        "attachments" => "attachments",
        _ => "other files",
    }
}

/// Every regular file below a folder. A file that goes away in the meantime is gone, not skipped.
fn files(root: &Path) -> Result<Vec<PathBuf>, ScanError> {
    let fault = |path: &Path, source| ScanError::Read { path: path.to_owned(), source };
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|source| fault(&folder, source))? {
            let entry = entry.map_err(|source| fault(&folder, source))?;
            let kind = entry.file_type().map_err(|source| fault(&entry.path(), source))?;
            if kind.is_symlink() {
                let source =
                    std::io::Error::other("it is a symbolic link, and what it leads to was not looked at");
                return Err(fault(&entry.path(), source));
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

struct Searchers {
    plaintext: Searcher,
    ciphertext: Searcher,
    keys: Searcher,
    overlap: usize,
}

struct Searcher(Option<AhoCorasick>);

impl Searcher {
    fn new(patterns: &[Vec<u8>], any_case: bool) -> Result<Self, ScanError> {
        let patterns: Vec<&Vec<u8>> = patterns.iter().filter(|pattern| !pattern.is_empty()).collect();
        if patterns.is_empty() {
            return Ok(Self(None));
        }
        Ok(Self(Some(AhoCorasick::builder().ascii_case_insensitive(any_case).build(patterns)?)))
    }

    /// Findings that end beyond `from`: those before it were counted with the chunk before.
    fn count(&self, octets: &[u8], from: usize) -> u64 {
        let Some(searcher) = &self.0 else { return 0 };
        searcher.find_overlapping_iter(octets).filter(|found| found.end() > from).count() as u64
    }
}

impl Searchers {
    fn new(patterns: &Patterns) -> Result<Self, ScanError> {
        let all = patterns.plaintext.iter().chain(&patterns.ciphertext).chain(&patterns.keys);
        Ok(Self {
            overlap: all.map(Vec::len).max().unwrap_or(1).saturating_sub(1),
            plaintext: Searcher::new(&patterns.plaintext, true)?,
            ciphertext: Searcher::new(&patterns.ciphertext, false)?,
            keys: Searcher::new(&patterns.keys, false)?,
        })
    }

    fn count(&self, path: &Path) -> std::io::Result<PlaceCount> {
        let mut count = PlaceCount::default();
        let mut file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(count),
            other => other?,
        };
        let mut window: Vec<u8> = Vec::with_capacity(CHUNK + self.overlap);
        loop {
            let kept = window.len();
            let read = file.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
            if read == 0 {
                window.zeroize();
                return Ok(count);
            }
            count.octets += read as u64;
            count.plaintext += self.plaintext.count(&window, kept);
            count.ciphertext += self.ciphertext.count(&window, kept);
            count.keys += self.keys.count(&window, kept);
            window.drain(..window.len().saturating_sub(self.overlap));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(plaintext: &[&str]) -> Patterns {
        let plaintext = plaintext.iter().map(|text| text.as_bytes().to_vec()).collect();
        Patterns { plaintext, ciphertext: Vec::new(), keys: Vec::new(), names: Vec::new() }
    }

    #[test]
    fn a_token_is_found_once_wherever_it_lies_across_chunks() {
        let dir = tempfile::tempdir().unwrap();
        let token = b"Ottoline Example";
        for at in [0, CHUNK - token.len(), CHUNK - 7, CHUNK - 1, CHUNK, 2 * CHUNK - 3] {
            let mut octets = vec![b'.'; 2 * CHUNK + 100];
            octets[at..at + token.len()].copy_from_slice(token);
            std::fs::write(dir.path().join("records.sqlite-wal"), &octets).unwrap();
            let found = scan(dir.path(), &patterns(&["ottoline example"])).unwrap();
            let records = found.iter().find(|count| count.place == "records").unwrap();
            assert_eq!((records.plaintext, records.octets), (1, octets.len() as u64), "at {at}");
        }
    }

    #[test]
    fn places_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("index")).unwrap();
        for name in ["records.sqlite", "keys.sqlite", "index/a.term", "left-over.tmp"] {
            std::fs::write(dir.path().join(name), "xx token-one token-two").unwrap();
        }
        let found = scan(dir.path(), &patterns(&["token-one", "token-two"])).unwrap();
        let counts: Vec<(&str, u64)> =
            found.iter().map(|count| (count.place.as_str(), count.found())).collect();
        let expected = [
            ("attachments", 0),
            ("index", 2),
            ("key provider", 0),
            ("keystore", 2),
            ("other files", 2),
            ("records", 2),
        ];
        assert_eq!(counts, expected);
    }
}
