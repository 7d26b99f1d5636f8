//! Ours: the sealed index as shipped, with its keys in the shipped keystore and the access rule of an
//! officer inside each query, but without the log.

use super::super::flat::{TODAY, indexed};
use super::super::needs::Need;
use super::super::records::Record;
use super::{Answered, Cost, Engine, own_cost, size_mib};
use crate::Fault;
use crate::house;
use async_trait::async_trait;
use desk::clock::{Clock, MachineClock, id_at};
use law::access::{Action, Context, Matrix, decide};
use ledger::Detail;
use model::{ForceId, Labels, RecordId, Value, VersionId, VersionRef};
use search::{Change, Fit, Index, IndexEntry, Page, Query, Weights};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use vault::provider::FileProvider;
use vault::sqlite::SqliteKeys;

/// What somebody types into one box.
const BOX: &str = "ours";
/// The same typed field by field, where the language has the fields.
const FIELDS: &str = "ours-fields";

/// The index and who asks it.
pub struct Ours {
    /// Taken out only while it is opened anew.
    index: Option<Index>,
    matrix: Matrix,
    context: Arc<Context>,
    keys: Arc<SqliteKeys>,
    force: ForceId,
    count: u64,
    folder: TempDir,
    weights: Weights,
}

impl Ours {
    /// An empty index, which will be asked with these costs.
    ///
    /// # Errors
    /// Faults of disk and keystore.
    pub async fn open(work: Option<&Path>, weights: Weights) -> Result<Self, Fault> {
        let folder = house::folder(work)?;
        let now = MachineClock.now();
        let force = ForceId(id_at(now));
        let (provider, _) = FileProvider::create(&folder.path().join("provider"))?;
        let keys = Arc::new(SqliteKeys::create(&folder.path().join("keys.sqlite"), force, provider).await?);
        let index = Index::open(&folder.path().join("index"), keys.clone(), force).await?;
        let (matrix, context) = (Matrix::committed()?, Arc::new(house::officer(now)));
        Ok(Self { index: Some(index), matrix, context, keys, force, count: 0, folder, weights })
    }

    /// Asks with other costs from now on.
    pub fn weigh(&mut self, weights: Weights) {
        self.weights = weights;
    }

    /// Every record that fits what is typed for a need, with the differences that it is charged.
    ///
    /// # Errors
    /// A need that cannot be read; a fault of the index.
    pub async fn fits(&self, need: &Need) -> Result<Vec<Fit>, Fault> {
        let query = Query::parse(&typed(need, false))?.asked_on(TODAY);
        let permit = decide(&self.matrix, &self.context, Action::List, 0, &[])?;
        let index = self.index()?.weighing(self.weights.clone());
        Ok(index.fits(&permit, &self.matrix, &query).await?)
    }

    fn index(&self) -> Result<&Index, Fault> {
        self.index.as_ref().ok_or_else(|| "the index is not open".into())
    }
}

/// What the index is given of a record; `number` is that of its reference.
pub fn entry(record: &Record, number: u64) -> IndexEntry {
    IndexEntry {
        version: VersionRef {
            record: RecordId(record.id),
            version: VersionId(record.id),
            kind: record.kind.number,
        },
        reference: number,
        labels: Labels::default(),
        happened: match record.kind.happened.and_then(|field| record.body.value(field)) {
            Some(Value::Instant(at)) => Some(*at),
            _ => None,
        },
        about: record.kind.date_of(&record.body),
        unit: None,
        document: indexed(record),
    }
}

/// What is typed for a need; the tab of a kind is a word of the query.
pub fn typed(need: &Need, is_fielded: bool) -> String {
    let text = need.fielded.as_ref().filter(|_| is_fielded).unwrap_or(&need.text);
    match &need.asks.kind {
        Some(kind) => format!("kind:{kind} {text}"),
        None => text.clone(),
    }
}

#[async_trait]
impl Engine for Ours {
    fn peers(&self) -> Vec<&'static str> {
        vec![BOX, FIELDS]
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        let first = self.count;
        let changes = records.iter().zip(first..).map(|(record, at)| Change::from(entry(record, at + 1)));
        self.count += records.len() as u64;
        let changes = changes.collect();
        Ok(self.index()?.apply(changes, self.count).await?)
    }

    /// Publishes, and opens the index anew once its merges have ended, as after a start.
    async fn finish(&mut self) -> Result<(), Fault> {
        let index = self.index.take().ok_or("the index is not open")?;
        index.close().await?;
        drop(index);
        let folder = self.folder.path().join("index");
        self.index = Some(Index::open(&folder, self.keys.clone(), self.force).await?);
        Ok(())
    }

    async fn ask(&mut self, peer: &'static str, need: &Need, most: usize) -> Result<Answered, Fault> {
        let asked = typed(need, peer == FIELDS);
        let query = match Query::parse(&asked) {
            Ok(query) => query.asked_on(TODAY),
            Err(error) => {
                return Ok(Answered { asked, error: Some(error.to_string()), ..Answered::default() });
            }
        };
        let permit = decide(&self.matrix, &self.context, Action::List, 0, &[])?;
        let index = self.index()?.weighing(self.weights.clone());
        let withheld = index.run(&permit, &self.matrix, &query, Page { offset: 0, limit: most }).await?;
        let mut detail = Detail::default();
        withheld.describe(&mut detail);
        let ids = withheld.page().into_iter().map(|version| version.record.0).collect();
        Ok(Answered { asked, total: detail.results.unwrap_or_default(), ids, error: None })
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        let disk = size_mib(&self.folder.path().join("index"))?;
        let settings = search::Settings::default();
        let is_shipped = self.weights == Weights::default();
        let costs = if is_shipped { "as shipped" } else { "of the file that was given" };
        let said = [("settings", format!("as shipped: {settings:?}")), ("costs", costs.to_owned())];
        own_cost(Some(disk), &said.each_ref().map(|(name, value)| (*name, value.as_str())))
    }
}
