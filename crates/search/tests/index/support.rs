//! Keys, people and records for the tests.

use crate::store::MemoryStore;
use async_trait::async_trait;
use law::access::{Action, Context, Matrix, Permit, Target, decide};
use ledger::keys::{KeyError, LogKeys};
use ledger::{Detail, Ledger, Options, Receipt, Show};
use model::kinds::link;
use model::{ActorId, ForceId, Labels, RecordId, VersionId, VersionRef};
use sealing::SecretKey;
use search::{Change, Hits, Index, IndexDocument, IndexEntry, IndexError, Page, Query, Withheld};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const STOP: u16 = 5;
pub(crate) const FORCE: ForceId = ForceId(Uuid::from_u128(0xF0));

/// Keys in memory.
#[derive(Default)]
pub(crate) struct MemoryKeys {
    pub(crate) held: Mutex<BTreeMap<String, [u8; 32]>>,
}

impl MemoryKeys {
    pub(crate) fn names(&self) -> BTreeSet<String> {
        self.held.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl LogKeys for MemoryKeys {
    async fn create(&self, name: &str) -> Result<SecretKey, KeyError> {
        let key = SecretKey::generate().map_err(ledger::keys::seal_fault)?;
        // Keys take a moment, as in a real keystore.
        tokio::task::yield_now().await;
        let former = self.held.lock().unwrap().insert(name.to_owned(), *key.expose());
        assert_eq!(former, None, "{name} had a key already");
        Ok(key)
    }

    async fn get(&self, name: &str) -> Result<Option<SecretKey>, KeyError> {
        Ok(self.held.lock().unwrap().get(name).map(|octets| SecretKey::from_bytes(*octets)))
    }

    async fn rename(&self, from: &str, to: &str) -> Result<(), KeyError> {
        let mut held = self.held.lock().unwrap();
        let key = held.remove(from).ok_or_else(|| KeyError(format!("no key {from}")))?;
        held.insert(to.to_owned(), key);
        Ok(())
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        self.held.lock().unwrap().remove(name);
        Ok(())
    }
}

/// A folder and the keys for it.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) keys: Arc<MemoryKeys>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), keys: Arc::default() }
    }

    pub(crate) async fn open(&self) -> Result<Index, IndexError> {
        Index::open(self.folder.path(), self.keys.clone(), FORCE).await
    }

    /// Names of the sealed files.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.ends_with(".lock")).collect()
    }
}

/// A new index with these entries, published at position 1.
pub(crate) async fn index_of(entries: Vec<IndexEntry>) -> (Place, Index) {
    let place = Place::new();
    let index = place.open().await.unwrap();
    put(&index, entries, 1).await;
    (place, index)
}

pub(crate) async fn put(index: &Index, entries: Vec<IndexEntry>, position: u64) {
    index.apply(entries.into_iter().map(Change::from).collect(), position).await.unwrap();
    index.publish().await.unwrap();
}

static NEXT: AtomicU64 = AtomicU64::new(1);

pub(crate) fn version_of(record: u128, version: u128) -> VersionRef {
    VersionRef {
        record: RecordId(Uuid::from_u128(record)),
        version: VersionId(Uuid::from_u128(version)),
        kind: STOP,
    }
}

/// A stop with these grounds.
pub(crate) fn stop(grounds: &str) -> IndexEntry {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let document =
        IndexDocument { words: vec![("grounds".into(), grounds.into())], ..IndexDocument::default() };
    IndexEntry {
        version: version_of(u128::from(number), u128::from(number) << 64 | 1),
        reference: number,
        labels: Labels::default(),
        happened: None,
        about: None,
        unit: None,
        document,
    }
}

/// A link from one record to another.
pub(crate) fn tie(from: &IndexEntry, to: &IndexEntry, labels: Labels) -> IndexEntry {
    let mut tie = stop("");
    tie.version.kind = link::KIND.number;
    tie.labels = labels;
    let ends = [from.version.record, to.version.record];
    let named = [("from", ends[0]), ("to", ends[1])];
    tie.document.exact = named.map(|(field, record)| (field.to_owned(), record.to_string())).into();
    tie.document.refers = ends.into();
    tie
}

pub(crate) fn groups(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(crate) fn context(roles: &[&str], member_of: &[&str]) -> Arc<Context> {
    Arc::new(Context {
        actor: ActorId(Uuid::from_u128(7)),
        name: "A. Officer".into(),
        roles: groups(roles),
        groups: groups(member_of),
        unit: None,
        device: None,
        purpose: Some("a test".into()),
        task: None,
        at: 0,
    })
}

pub(crate) fn matrix() -> Matrix {
    Matrix::committed().unwrap()
}

pub(crate) fn permit(context: &Arc<Context>, action: Action) -> Permit {
    decide(&matrix(), context, action, STOP, &[]).unwrap()
}

/// A log in memory.
pub(crate) async fn log() -> Ledger<MemoryStore> {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let keys = Arc::new(MemoryKeys::default());
    Ledger::open(Arc::default(), keys, signing, Options::new("test.example/log"), 0).await.unwrap()
}

/// The receipt of showing these versions.
pub(crate) async fn receipt(
    log: &Ledger<MemoryStore>,
    context: &Arc<Context>,
    refs: &[VersionRef],
) -> Receipt<Show> {
    let labels = Labels::default();
    let targets: Vec<Target<'_>> =
        refs.iter().map(|version| Target { version: *version, labels: &labels }).collect();
    let permit = decide(&matrix(), context, Action::List, STOP, &targets).unwrap();
    log.record(vec![(permit, Detail::default())]).await.unwrap()
}

/// Searches as somebody, still withheld.
pub(crate) async fn run(index: &Index, context: &Arc<Context>, query: &str, page: Page) -> Withheld<Hits> {
    let query = Query::parse(query).unwrap();
    index.run(&permit(context, Action::List), &matrix(), &query, page).await.unwrap()
}

/// Searches as an officer in no group, and releases the answers.
pub(crate) async fn search(index: &Index, query: &str) -> Hits {
    let officer = context(&["officer"], &[]);
    let withheld = run(index, &officer, query, Page::default()).await;
    let receipt = receipt(&log().await, &officer, &withheld.refs()).await;
    withheld.release(&receipt).unwrap()
}

/// The reference numbers found, ascending.
pub(crate) async fn found(index: &Index, query: &str) -> Vec<u64> {
    let hits = search(index, query).await;
    assert_eq!(hits.total, hits.hits.len() as u64, "{query}");
    let mut found: Vec<u64> = hits.hits.iter().map(|hit| hit.reference).collect();
    found.sort_unstable();
    found
}
