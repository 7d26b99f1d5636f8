//! The access rule has four readers: the decision, the filter as data, the query of the index and the
//! condition of SQL on either store. Whatever the matrix, the person and the labels, they agree on each
//! record.

use law::access::{Action, Context, Filter, Matrix, Target, decide};
use ledger::Detail;
use model::{ActorId, ForceId, Labels, RecordId, VersionId, VersionRef, kinds};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use search::{Change, Index, IndexDocument, IndexEntry, Page, Query};
use servers::Pair;
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use vault::postgres::PostgresStore;
use vault::provider::FileProvider;
use vault::sqlite::{SqliteKeys, SqliteStore};
use vault::store::RecordStore;
use vault::{KeyPlace, VersionRow};

const FORCE: ForceId = ForceId(Uuid::from_u128(0xA5));
/// Names that mean something elsewhere: to SQL, to JSON, to the index.
const GROUPS: [&str; 8] =
    ["op-lantern", "op-quill", "open", "covert", "o'neil\" --", "a\\u0041$1%_?", "über 🔦", "Op-Lantern"];
const ROLES: [&str; 5] = ["officer", "analyst", "records-reviewer", "administrator", "nobody"];
const RECORDS: usize = 240;

/// A record by its plain structure.
#[derive(Debug, Clone)]
struct Held {
    version: VersionRef,
    reference: u64,
    labels: Labels,
}

/// One who asks, under a matrix.
#[derive(Debug, Clone)]
struct Asker {
    /// For each kind, the roles that may see it.
    sees: Vec<BTreeSet<String>>,
    roles: BTreeSet<String>,
    groups: BTreeSet<String>,
}

/// The same records behind every reader of the rule.
struct House {
    held: Vec<Held>,
    index: Index,
    sqlite: SqliteStore,
    postgres: Option<PostgresStore>,
    _servers: Option<Pair>,
    _folder: TempDir,
}

fn subset(of: &'static [&'static str], most: usize) -> impl Strategy<Value = BTreeSet<String>> {
    let some = proptest::sample::subsequence(of, 0..=most);
    some.prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

fn number() -> impl Strategy<Value = u16> {
    let mut numbers: Vec<u16> = kinds::ALL.iter().map(|kind| kind.number).collect();
    // One that no release knows.
    numbers.push(999);
    proptest::sample::select(numbers)
}

fn labels() -> impl Strategy<Value = Labels> {
    let owner = proptest::option::of(Just(ActorId(Uuid::from_u128(9))));
    (subset(&GROUPS, 3), any::<bool>(), any::<bool>(), any::<bool>(), owner).prop_map(
        |(groups, covert, sensitive, handling_conditions, owner)| Labels {
            groups,
            covert,
            sensitive,
            handling_conditions,
            owner,
            ..Labels::default()
        },
    )
}

/// Records of all kinds, a third of them open to everybody who sees the kind.
fn records() -> impl Strategy<Value = Vec<Held>> {
    let labels = prop_oneof![1 => Just(Labels::default()), 2 => labels()];
    proptest::collection::vec((number(), labels), RECORDS).prop_map(|records| {
        let numbered = (1u64..).zip(records);
        let held = |(number, (kind, labels)): (u64, (u16, Labels))| {
            let id = Uuid::from_u128(u128::from(number));
            let version = VersionRef { record: RecordId(id), version: VersionId(id), kind };
            Held { version, reference: number, labels }
        };
        numbered.map(held).collect()
    })
}

fn asker() -> impl Strategy<Value = Asker> {
    let sees = proptest::collection::vec(subset(&ROLES, ROLES.len()), kinds::ALL.len());
    (sees, subset(&ROLES, 2), subset(&GROUPS, 3)).prop_map(|(sees, roles, groups)| Asker {
        sees,
        roles,
        groups,
    })
}

/// Any condition, also such as no person has.
fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        proptest::collection::vec(number(), 0..4).prop_map(Filter::KindIn),
        Just(Filter::NoGroups),
        subset(&GROUPS, 3).prop_map(Filter::InGroups),
        Just(Filter::Covert),
    ];
    leaf.prop_recursive(4, 24, 3, |part| {
        prop_oneof![
            proptest::collection::vec(part.clone(), 0..3).prop_map(Filter::All),
            proptest::collection::vec(part.clone(), 0..3).prop_map(Filter::Any),
            part.prop_map(|part| Filter::Not(Box::new(part))),
        ]
    })
}

fn cases(count: u32) -> TestRunner {
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

impl House {
    async fn new() -> Self {
        let held = records().new_tree(&mut cases(1)).unwrap().current();
        let folder = tempfile::tempdir().unwrap();
        let provider = folder.path().join("provider");
        FileProvider::create(&provider).unwrap();
        let keys = folder.path().join("keys.sqlite");
        let keys = SqliteKeys::create(&keys, FORCE, FileProvider::new(&provider)).await.unwrap();
        let index = Index::open(&folder.path().join("index"), Arc::new(keys), FORCE).await.unwrap();
        index.apply(held.iter().map(Held::change).collect(), 1).await.unwrap();
        index.publish().await.unwrap();
        let sqlite = SqliteStore::open(&folder.path().join("records.sqlite"), FORCE).await.unwrap();
        fill(&sqlite, &held).await;
        let servers = Pair::start().unwrap();
        let postgres = match &servers {
            None => None,
            Some(pair) => {
                pair.records.create_database("force").unwrap();
                let address = pair.records.url("force").parse().unwrap();
                let store = PostgresStore::open(&address, FORCE).await.unwrap();
                fill(&store, &held).await;
                Some(store)
            }
        };
        Self { held, index, sqlite, postgres, _servers: servers, _folder: folder }
    }

    /// Whom a filter lets through, as each of its readers says. They must say the same.
    async fn agreed(&self, filter: &Filter) -> BTreeSet<VersionRef> {
        let holds = |held: &&Held| filter.holds(held.version.kind, &held.labels);
        let by_data: BTreeSet<VersionRef> = self.held.iter().filter(holds).map(|held| held.version).collect();
        let all = Query::parse("knife").unwrap();
        let by_index = self.index.meets(filter, &all, RECORDS).await.unwrap();
        assert_eq!(by_index.into_iter().collect::<BTreeSet<_>>(), by_data, "the index on {filter:?}");
        assert_eq!(listed(&self.sqlite, filter).await, by_data, "SQLite on {filter:?}");
        if let Some(postgres) = &self.postgres {
            assert_eq!(listed(postgres, filter).await, by_data, "PostgreSQL on {filter:?}");
        }
        by_data
    }

    async fn agree(&self, asker: &Asker) {
        let (matrix, context) = (asker.matrix(), asker.context());
        let may_read = self.agreed(&Filter::may_read(&matrix, &context, Action::List)).await;
        let may_know = self.agreed(&Filter::may_know(&matrix, &context, Action::Know)).await;
        assert!(may_read.is_subset(&may_know));
        for (action, allowed) in [(Action::List, &may_read), (Action::Know, &may_know)] {
            for held in &self.held {
                let (version, labels) = (held.version, &held.labels);
                let target = [Target { version, labels }];
                let decided = decide(&matrix, &context, action, version.kind, &target).is_ok();
                assert_eq!(decided, allowed.contains(&version), "{action:?} of {held:?} by {asker:?}");
            }
        }
        let Ok(permit) = decide(&matrix, &context, Action::List, 0, &[]) else {
            assert!(may_read.is_empty(), "who is refused every list sees nothing on one");
            return;
        };
        let query = Query::parse("knife").unwrap();
        let page = Page { offset: 0, limit: RECORDS };
        let hits = self.index.run(&permit, &matrix, &query, page).await.unwrap();
        let mut detail = Detail::default();
        hits.describe(&mut detail);
        assert_eq!(detail.results, Some(may_read.len() as u64));
        assert_eq!(hits.refs().into_iter().collect::<BTreeSet<_>>(), may_read);
    }
}

impl Asker {
    fn matrix(&self) -> Matrix {
        let mut matrix = Matrix::committed().unwrap();
        for (kind, roles) in kinds::ALL.iter().zip(&self.sees) {
            matrix.kinds.get_mut(kind.name).unwrap().insert("view".to_owned(), roles.clone());
        }
        matrix
    }

    fn context(&self) -> Arc<Context> {
        Arc::new(Context {
            actor: ActorId(Uuid::from_u128(7)),
            name: "A. Officer".to_owned(),
            roles: self.roles.clone(),
            groups: self.groups.clone(),
            unit: None,
            device: None,
            purpose: Some("a test".to_owned()),
            task: None,
            at: 0,
        })
    }
}

impl Held {
    fn change(&self) -> Change {
        let words = vec![("grounds".to_owned(), "a knife".to_owned())];
        Change::from(IndexEntry {
            version: self.version,
            reference: self.reference,
            labels: self.labels.clone(),
            happened: None,
            about: None,
            unit: None,
            document: IndexDocument { words, ..IndexDocument::default() },
        })
    }

    fn row(&self) -> VersionRow {
        VersionRow {
            version: self.version,
            reference: self.reference,
            ordinal: 1,
            shape: 1,
            labels: self.labels.canonical(),
            happened: None,
            review_due: jiff::civil::date(2032, 11, 24),
            link: None,
            author: ActorId(Uuid::from_u128(1)),
            written: 0,
            key: KeyPlace { bucket: 1, slot: u32::try_from(self.reference).unwrap() },
            sealed: vec![7; 40],
        }
    }
}

async fn fill(store: &impl RecordStore, held: &[Held]) {
    let rows: Vec<VersionRow> = held.iter().map(Held::row).collect();
    let mut tx = store.begin().await.unwrap();
    assert!(store.add_versions(&mut tx, &rows, &vec![None; rows.len()]).await.unwrap().is_empty());
    store.commit(tx).await.unwrap();
}

/// All records of all kinds that a store lets through, by pages that end in odd places.
async fn listed(store: &impl RecordStore, filter: &Filter) -> BTreeSet<VersionRef> {
    let mut listed = BTreeSet::new();
    let numbers = kinds::ALL.iter().map(|kind| kind.number).chain([999]);
    for kind in numbers {
        let mut before = None;
        loop {
            let page = store.newest(kind, filter, before, 17).await.unwrap();
            listed.extend(page.iter().map(|row| row.version));
            before = page.last().map(|row| row.reference);
            if page.len() < 17 {
                break;
            }
        }
    }
    listed
}

#[test]
fn decision_filter_index_and_both_databases_agree_on_each_record() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let house = runtime.block_on(House::new());
    let asked = |asker: Asker| {
        runtime.block_on(house.agree(&asker));
        Ok(())
    };
    cases(60).run(&asker(), asked).unwrap();
    let asked = |filter: Filter| {
        runtime.block_on(house.agreed(&filter));
        Ok(())
    };
    cases(60).run(&filter(), asked).unwrap();
    // What is dropped may need the runtime.
    let _inside = runtime.enter();
    drop(house);
}
