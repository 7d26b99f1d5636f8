use super::*;
use crate::keys::KeyPlace;
use crate::postgres::PostgresStore;
use crate::sqlite::SqliteStore;
use crate::store::RecordStore;
use crate::version::VersionRow;
use model::{ActorId, ForceId, Labels, RecordId, VersionId, VersionRef};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use std::collections::BTreeSet;
use uuid::Uuid;

const FORCE: ForceId = ForceId(Uuid::from_u128(7));
const KIND: u16 = 3;
const ROWS: u64 = 4000;

/// The shape of the rule for whoever reads.
fn reading(groups: &[&str]) -> Filter {
    Filter::All(vec![
        Filter::KindIn(vec![KIND, 5]),
        Filter::Any(vec![
            Filter::All(vec![Filter::NoGroups, Filter::Not(Box::new(Filter::Covert))]),
            Filter::InGroups(groups.iter().map(|group| (*group).to_owned()).collect()),
        ]),
    ])
}

/// A record in ten is restricted.
fn row(number: u64) -> VersionRow {
    let closed = number.is_multiple_of(10).then(|| "op-lantern".to_owned());
    let labels = Labels { groups: closed.into_iter().collect(), ..Labels::default() };
    let number128 = u128::from(number);
    VersionRow {
        version: VersionRef {
            record: RecordId(Uuid::from_u128(number128)),
            version: VersionId(Uuid::from_u128(1_000_000 + number128)),
            kind: KIND,
        },
        reference: number,
        ordinal: 1,
        shape: 1,
        labels: labels.canonical(),
        happened: None,
        review_due: jiff::civil::date(2032, 11, 24),
        link: None,
        author: ActorId(Uuid::from_u128(1)),
        written: 0,
        key: KeyPlace { bucket: 1 + (number / 64) as u32, slot: (number % 64) as u32 },
        sealed: vec![7; 300],
    }
}

async fn fill(store: &impl RecordStore) {
    let rows: Vec<VersionRow> = (1..=ROWS).map(row).collect();
    let mut tx = store.begin().await.unwrap();
    let lost = store.add_versions(&mut tx, &rows, &vec![None; rows.len()]).await.unwrap();
    assert!(lost.is_empty());
    store.commit(tx).await.unwrap();
}

/// Pages through a kind; gives the references in their order.
async fn pages(store: &impl RecordStore, filter: &Filter) -> Vec<u64> {
    let (mut references, mut before) = (Vec::new(), None);
    loop {
        let page = store.newest(KIND, filter, before, 700).await.unwrap();
        let Some(last) = page.last() else { return references };
        before = Some(last.reference);
        references.extend(page.iter().map(|row| row.reference));
    }
}

async fn lists_what_is_allowed(store: &impl RecordStore) {
    let open: Vec<u64> = (1..=ROWS).rev().filter(|number| number % 10 != 0).collect();
    assert_eq!(pages(store, &reading(&["op-other"])).await, open);
    assert_eq!(pages(store, &reading(&[])).await, open);
    assert_eq!(pages(store, &reading(&["op-other", "op-lantern"])).await.len() as u64, ROWS);
    assert!(pages(store, &Filter::KindIn(Vec::new())).await.is_empty());
    assert!(pages(store, &Filter::Covert).await.is_empty());
}

#[test]
fn what_a_filter_says_never_stands_in_a_statement() {
    let hostile = "x'); DROP TABLE versions; --";
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let asked = newest(&reading(&[hostile, "\"$5"]), dialect);
        assert!(!asked.text.contains("DROP") && !asked.text.contains('"'), "{}", asked.text);
        assert_eq!(asked.text, newest(&reading(&[]), dialect).text, "one statement for everybody");
        let groups: BTreeSet<String> = [hostile, "\"$5"].map(str::to_owned).into();
        let bound = [Bound::Kinds(vec![3, 5]), Bound::Groups(groups.into_iter().collect())];
        assert_eq!(asked.bound, bound);
    }
}

/// The text of a plan, its parameters bound to what a reader asks.
macro_rules! plan {
    ($explain:literal, $dialect:expr, $connection:expr, $column:expr, $bind:expr) => {{
        let asked = newest(&reading(&["op-other"]), $dialect);
        let text = format!("{} {}", $explain, asked.text);
        let query = sqlx::query(AssertSqlSafe(text));
        let query = query.bind(FORCE.octets().to_vec()).bind(i64::from(KIND)).bind(i64::MAX).bind(20_i64);
        let query = asked.bound.into_iter().fold(query, $bind);
        let rows = query.fetch_all($connection).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>($column)).collect::<Vec<_>>()
    }};
}

#[tokio::test]
async fn a_page_on_sqlite_walks_the_index() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("records.sqlite");
    let store = SqliteStore::open(&file, FORCE).await.unwrap();
    fill(&store).await;
    lists_what_is_allowed(&store).await;
    let mut connection = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    let plan = plan!("EXPLAIN QUERY PLAN", Dialect::Sqlite, &mut connection, 3, |query, set| {
        query.bind(match set {
            Bound::Kinds(kinds) => serde_json::json!(kinds).to_string(),
            Bound::Groups(groups) => serde_json::json!(groups).to_string(),
        })
    });
    let uses = "SEARCH r USING INDEX records_by_reference (force_id=? AND kind=? AND reference<?)";
    assert!(plan.iter().any(|line| line == uses), "{plan:#?}");
    // What is scanned is the sets that were bound and the groups of one row's labels.
    let scans = plan.iter().filter(|line| line.starts_with("SCAN") && !line.contains("VIRTUAL TABLE"));
    assert_eq!(scans.count(), 0, "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER")), "{plan:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_on_postgresql_walks_the_index() {
    let Some(pair) = servers::Pair::start().unwrap() else { return };
    pair.records.create_database("force").unwrap();
    let url = pair.records.url("force");
    let store = PostgresStore::open(&url.parse().unwrap(), FORCE).await.unwrap();
    fill(&store).await;
    lists_what_is_allowed(&store).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("ANALYZE").execute(&mut connection).await.unwrap();
    let plan = plan!("EXPLAIN", Dialect::Postgres, &mut connection, 0, |query, set| match set {
        Bound::Kinds(kinds) => query.bind(kinds),
        Bound::Groups(groups) => query.bind(groups),
    });
    let plan = plan.join("\n");
    assert!(plan.contains("Index Scan Backward using records_by_reference on records r"), "{plan}");
    assert!(!plan.contains("Seq Scan") && !plan.contains("Sort"), "{plan}");
}
