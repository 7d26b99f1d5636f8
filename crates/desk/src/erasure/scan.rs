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
    /// Raw keys.
    pub keys: Vec<Vec<u8>>,
    /// Wrapped keys: nothing once the key that opens them is destroyed.
    #[serde(default)]
    pub wrapped: Vec<Vec<u8>>,
    /// Names of people, word by word: too short to look for in files, but a query may say them.
    #[serde(default)]
    pub names: Vec<String>,
}

impl Drop for Patterns {
    fn drop(&mut self) {
        self.plaintext.zeroize();
        self.ciphertext.zeroize();
        self.keys.zeroize();
        self.wrapped.zeroize();
        self.names.zeroize();
    }
}

/// What was found in one place of the deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceCount {
    /// The place: `records`, `keystore`, `index`, `attachments`, `key provider`, `other files`; of servers
    /// also the write-ahead logs of records and keystore.
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
    /// Ciphertext and wrapped keys in a server's write-ahead log, which keeps what it once wrote until
    /// it is written over: present, and unopenable once the epoch has turned.
    #[serde(default)]
    pub unopenable: u64,
}

impl PlaceCount {
    /// Everything found that must not be there.
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

/// A folder that is scanned, and what its files are called.
#[derive(Debug, Clone)]
pub struct Area {
    /// The folder.
    pub folder: PathBuf,
    /// Whose it is.
    pub whose: Whose,
}

/// Whose a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The deployment's own: its files tell by their names what they are.
    Deployment,
    /// The key provider's.
    Provider,
    /// The server's that keeps the records.
    Records,
    /// The server's that keeps the keys.
    Keys,
    /// A server's archive of its write-ahead log.
    Archive,
}

const PLACES: [&str; 6] = ["records", "keystore", "index", "attachments", "key provider", "other files"];
const RECORDS_LOG: &str = "records: write-ahead log";
const KEYS_LOG: &str = "keystore: write-ahead log";
const ARCHIVED_LOG: &str = "archived write-ahead log";

impl Area {
    fn place_of(&self, path: &Path) -> &'static str {
        let inner = path.strip_prefix(&self.folder).unwrap_or(path);
        let first = inner.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        match (self.whose, first.unwrap_or_default().as_str()) {
            (Whose::Provider, _) => "key provider",
            (Whose::Records, "pg_wal") => RECORDS_LOG,
            (Whose::Keys, "pg_wal") => KEYS_LOG,
            (Whose::Archive, _) => ARCHIVED_LOG,
            (Whose::Records, _) => "records",
            (Whose::Keys, _) => "keystore",
            (Whose::Deployment, name) if name.starts_with("records.sqlite") => "records",
            (Whose::Deployment, name) if name.starts_with("keys.sqlite") => "keystore",
            (Whose::Deployment, "index") => "index",
            (Whose::Deployment, "attachments") => "attachments",
            (Whose::Deployment, _) => "other files",
        }
    }

    fn is_server(&self) -> bool {
        matches!(self.whose, Whose::Records | Whose::Keys | Whose::Archive)
    }
}

/// Reads every file below a deployment's folder and counts what is found, by place.
///
/// # Errors
/// [`ScanError`] for the first file that cannot be read.
pub fn scan(root: &Path, patterns: &Patterns) -> Result<Vec<PlaceCount>, ScanError> {
    let area = |folder: PathBuf, whose| Area { folder, whose };
    let provider = root.join("provider");
    let mut areas = vec![area(root.to_owned(), Whose::Deployment)];
    if provider.exists() {
        areas.push(area(provider, Whose::Provider));
    }
    scan_areas(&areas, patterns)
}

/// [`scan`] of several folders. Where one lies in another, its files are counted as its own.
///
/// # Errors
/// As [`scan`].
pub fn scan_areas(areas: &[Area], patterns: &Patterns) -> Result<Vec<PlaceCount>, ScanError> {
    let own = Searchers::new(patterns)?;
    let servers: Vec<&Area> = areas.iter().filter(|area| area.is_server()).collect();
    let of_servers = match servers.is_empty() {
        true => None,
        false => Some(Searchers::new(&without_words_of_servers(&servers, patterns)?)?),
    };
    let mut places: BTreeMap<&'static str, PlaceCount> = BTreeMap::new();
    let add = |places: &mut BTreeMap<&'static str, PlaceCount>, name: &'static str, found: PlaceCount| {
        let count = places
            .entry(name)
            .or_insert_with(|| PlaceCount { place: name.to_owned(), ..PlaceCount::default() });
        count.files += found.files;
        count.octets += found.octets;
        count.plaintext += found.plaintext;
        count.ciphertext += found.ciphertext;
        count.keys += found.keys;
        count.unopenable += found.unopenable;
    };
    PLACES.into_iter().for_each(|place| add(&mut places, place, PlaceCount::default()));
    for area in areas {
        let inner: Vec<&Path> = areas
            .iter()
            .map(|other| other.folder.as_path())
            .filter(|other| *other != area.folder && other.starts_with(&area.folder))
            .collect();
        let searchers = of_servers.as_ref().filter(|_| area.is_server()).unwrap_or(&own);
        for path in files(area)? {
            if inner.iter().any(|inner| path.starts_with(inner)) {
                continue;
            }
            let place = area.place_of(&path);
            let found = searchers.count(&path).map_err(|source| ScanError::Read { path, source })?;
            add(&mut places, place, judged(place, found));
        }
    }
    Ok(places.into_values().collect())
}

/// The database of every server that nobody writes into, by its fixed number: template0.
const PRISTINE: &str = "base/4";
/// A server's settings as it comes, which are full of remarks; whoever runs it writes them.
const SETTINGS: [&str; 3] = ["postgresql.conf", "pg_hba.conf", "pg_ident.conf"];

/// The patterns without the words that a server's own catalogue and settings say, such as `languages` or
/// `trying`: finding one of them proves nothing.
fn without_words_of_servers(servers: &[&Area], patterns: &Patterns) -> Result<Patterns, ScanError> {
    let mut kept = patterns.clone();
    kept.plaintext.retain(|pattern| !pattern.is_empty());
    for server in servers {
        let folder = server.folder.join(PRISTINE);
        let mut own: Vec<PathBuf> = SETTINGS.iter().map(|name| server.folder.join(name)).collect();
        own.retain(|path| path.is_file());
        if folder.is_dir() {
            own.extend(files(&Area { folder, whose: server.whose })?);
        }
        let searcher = Searcher::new(&kept.plaintext, true)?;
        let mut said = vec![false; kept.plaintext.len()];
        for path in own {
            let octets = std::fs::read(&path).map_err(|source| ScanError::Read { path, source })?;
            searcher.mark(&octets, &mut said);
        }
        let mut said = said.into_iter();
        kept.plaintext.retain(|_| !said.next().unwrap_or(false));
    }
    Ok(kept)
}

/// In a write-ahead log ciphertext and wrapped keys stay for a while; anywhere else a wrapped key is a
/// key that is left.
fn judged(place: &str, found: Found) -> PlaceCount {
    let mut count =
        PlaceCount { files: 1, octets: found.octets, plaintext: found.plaintext, ..PlaceCount::default() };
    match place {
        RECORDS_LOG | KEYS_LOG | ARCHIVED_LOG => {
            count.keys = found.keys;
            count.unopenable = found.ciphertext + found.wrapped;
        }
        _ => {
            count.keys = found.keys + found.wrapped;
            count.ciphertext = found.ciphertext;
        }
    }
    count
}

/// What one file holds.
#[derive(Default)]
struct Found {
    octets: u64,
    plaintext: u64,
    ciphertext: u64,
    keys: u64,
    wrapped: u64,
}

/// Every regular file below a folder. A file that goes away in the meantime is gone, not skipped. A
/// server may keep parts elsewhere, which its own links lead to.
fn files(area: &Area) -> Result<Vec<PathBuf>, ScanError> {
    let fault = |path: &Path, source| ScanError::Read { path: path.to_owned(), source };
    let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
    let mut found = Vec::new();
    let mut folders = vec![area.folder.clone()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if is_gone(&error) && folder != area.folder => continue,
            entries => entries.map_err(|source| fault(&folder, source))?,
        };
        for entry in entries {
            let path = entry.map_err(|source| fault(&folder, source))?.path();
            let kind = match std::fs::symlink_metadata(&path) {
                Ok(kind) if kind.is_symlink() && area.is_server() => std::fs::metadata(&path),
                other => other,
            };
            let kind = match kind {
                Err(error) if is_gone(&error) => continue,
                kind => kind.map_err(|source| fault(&path, source))?,
            };
            if kind.is_symlink() {
                let source =
                    std::io::Error::other("it is a symbolic link, and what it leads to was not looked at");
                return Err(fault(&path, source));
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                found.push(path);
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
    wrapped: Searcher,
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

    /// Marks the patterns that are found. None of the patterns is empty.
    fn mark(&self, octets: &[u8], found: &mut [bool]) {
        let Some(searcher) = &self.0 else { return };
        for hit in searcher.find_overlapping_iter(octets) {
            if let Some(mark) = found.get_mut(hit.pattern().as_usize()) {
                *mark = true;
            }
        }
    }

    /// Findings that end beyond `from`: those before it were counted with the chunk before.
    fn count(&self, octets: &[u8], from: usize) -> u64 {
        let Some(searcher) = &self.0 else { return 0 };
        searcher.find_overlapping_iter(octets).filter(|found| found.end() > from).count() as u64
    }
}

impl Searchers {
    fn new(patterns: &Patterns) -> Result<Self, ScanError> {
        let sealed = patterns.ciphertext.iter().chain(&patterns.wrapped);
        let all = patterns.plaintext.iter().chain(&patterns.keys).chain(sealed);
        Ok(Self {
            overlap: all.map(Vec::len).max().unwrap_or(1).saturating_sub(1),
            plaintext: Searcher::new(&patterns.plaintext, true)?,
            ciphertext: Searcher::new(&patterns.ciphertext, false)?,
            keys: Searcher::new(&patterns.keys, false)?,
            wrapped: Searcher::new(&patterns.wrapped, false)?,
        })
    }

    fn count(&self, path: &Path) -> std::io::Result<Found> {
        let mut count = Found::default();
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
            count.wrapped += self.wrapped.count(&window, kept);
            window.drain(..window.len().saturating_sub(self.overlap));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(plaintext: &[&str]) -> Patterns {
        let plaintext = plaintext.iter().map(|text| text.as_bytes().to_vec()).collect();
        let none = Vec::new;
        Patterns { plaintext, ciphertext: none(), keys: none(), wrapped: none(), names: Vec::new() }
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
    fn what_a_server_says_of_itself_is_no_trace_there() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("base/4")).unwrap();
        std::fs::create_dir_all(dir.path().join("base/16384")).unwrap();
        std::fs::write(dir.path().join("base/4/1255"), "returns the Languages known").unwrap();
        std::fs::write(dir.path().join("base/16384/1255"), "languages ottoline").unwrap();
        let area = Area { folder: dir.path().to_owned(), whose: Whose::Records };
        let found = scan_areas(&[area], &patterns(&["languages", "ottoline"])).unwrap();
        let records = found.iter().find(|count| count.place == "records").unwrap();
        assert_eq!(records.plaintext, 1);
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

    #[test]
    fn in_a_servers_log_what_is_sealed_is_present_and_unopenable_and_a_raw_key_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let server = dir.path().join("server");
        for part in ["base", "pg_wal"] {
            std::fs::create_dir_all(server.join(part)).unwrap();
            std::fs::write(server.join(part).join("1"), "sealed-body wrapped-key raw-key").unwrap();
        }
        let token = |text: &str| vec![text.as_bytes().to_vec()];
        let patterns = Patterns {
            plaintext: Vec::new(),
            ciphertext: token("sealed-body"),
            keys: token("raw-key"),
            wrapped: token("wrapped-key"),
            names: Vec::new(),
        };
        let areas = [
            Area { folder: dir.path().to_owned(), whose: Whose::Deployment },
            Area { folder: server, whose: Whose::Keys },
        ];
        let found = scan_areas(&areas, &patterns).unwrap();
        let of = |name: &str| found.iter().find(|count| count.place == name).unwrap();
        assert_eq!((of("keystore").found(), of("keystore").unopenable), (3, 0));
        assert_eq!((of(KEYS_LOG).found(), of(KEYS_LOG).unopenable), (1, 2));
        assert_eq!(of("other files").files, 0);
    }
}
