//! What is hidden tells nothing: an index with records that a reader may not read answers that reader, in
//! every count, score, probability, reason and facet, as one in which they do not exist.

use crate::support::{Place, context, groups, log, matrix, permit, put, receipt, run, stop, tie};
use law::access::{Action, Context, Filter};
use model::kinds::nominal;
use model::{Labels, PartialDate};
use proptest::prelude::*;
use search::{Hits, Index, IndexEntry, Page, Query};
use std::sync::Arc;

const FORENAMES: [&str; 5] = ["William", "Wiliam", "Bill", "Katherine", "J"];
const SURNAMES: [&str; 5] = ["Smith", "Smyth", "Smithers", "de la Cruz", "McDonald"];
const QUERIES: [&str; 12] = [
    "william smith",
    "bill smyth 1985",
    "smith 12/03/1985",
    "catherine smithe",
    "mac donald",
    "cruz nowhere",
    "surname:smth",
    "smith -william",
    "william OR knife",
    "kind:stop-and-search william smith",
    "kind:nominal knife",
    "kind:nominal smyth knife",
];
const GROUPS: [&str; 2] = ["op-lantern", "op-heron"];

#[derive(Debug, Clone)]
struct Person {
    name: (usize, usize),
    year: i16,
    group: Option<usize>,
    covert: bool,
    /// The group, if any, of a stop of theirs that does not name them.
    stopped: Option<Option<usize>>,
}

fn person() -> impl Strategy<Value = Person> {
    let name = (0..FORENAMES.len(), 0..SURNAMES.len());
    let group = || proptest::option::of(0..GROUPS.len());
    let label = (group(), any::<bool>(), proptest::option::of(group()));
    (name, 1983i16..1988, label).prop_map(|(name, year, (group, covert, stopped))| Person {
        name,
        year,
        group,
        covert,
        stopped,
    })
}

fn labels(group: Option<usize>, covert: bool) -> Labels {
    Labels {
        groups: groups(&group.map(|group| GROUPS[group]).into_iter().collect::<Vec<_>>()),
        covert: covert && group.is_some(),
        ..Labels::default()
    }
}

fn entries(people: &[Person]) -> Vec<IndexEntry> {
    let mut entries = Vec::new();
    for person in people {
        let mut entry = stop("");
        entry.version.kind = nominal::KIND.number;
        entry.labels = labels(person.group, person.covert);
        entry.document.names = vec![
            ("names.forenames".into(), FORENAMES[person.name.0].into()),
            ("names.surname".into(), SURNAMES[person.name.1].into()),
        ];
        let born = PartialDate { year: Some(person.year), month: Some(3), day: Some(12) };
        entry.document.dates = vec![("dates-of-birth.date".into(), born)];
        if let Some(group) = person.stopped {
            let mut event = stop("a knife in the waistband");
            event.labels = labels(group, person.covert);
            let tie = tie(&entry, &event, entry.labels.clone());
            entries.extend([tie, event]);
        }
        entries.push(entry);
    }
    entries
}

async fn answer(index: &Index, asker: &Arc<Context>, query: &str) -> Hits {
    let withheld = run(index, asker, query, Page { offset: 0, limit: 50 }).await;
    let receipt = receipt(&log().await, asker, &withheld.refs()).await;
    let mut hits = withheld.release(&receipt).unwrap();
    (hits.took, hits.position) = (std::time::Duration::ZERO, None);
    hits
}

async fn tells_nothing(people: Vec<Person>, member_of: &[&str]) {
    let asker = context(&["officer"], member_of);
    let filter = Filter::may_read(&matrix(), &asker, Action::List);
    let all = entries(&people);
    let mut readable = all.clone();
    readable.retain(|entry| filter.holds(entry.version.kind, &entry.labels));
    let (one, two) = (Place::new(), Place::new());
    let (with, without) = (one.open().await.unwrap(), two.open().await.unwrap());
    put(&with, all.clone(), 1).await;
    put(&without, readable, 1).await;
    for query in QUERIES {
        assert_eq!(answer(&with, &asker, query).await, answer(&without, &asker, query).await, "{query}");
        let (permit, query) = (permit(&asker, Action::List), Query::parse(query).unwrap());
        let facets = with.facets(&permit, &matrix(), &query).await.unwrap();
        assert_eq!(facets, without.facets(&permit, &matrix(), &query).await.unwrap());
    }
    let records: Vec<_> = all.iter().map(|entry| entry.version.record).collect();
    let permit = permit(&asker, Action::List);
    let links = with.links(&permit, &matrix(), &records, 100).await.unwrap();
    assert_eq!(links, without.links(&permit, &matrix(), &records, 100).await.unwrap());
    with.close().await.unwrap();
    without.close().await.unwrap();
}

#[test]
fn an_index_with_hidden_records_answers_as_one_without_them() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let cases = ProptestConfig { cases: 12, ..ProptestConfig::default() };
    let people = proptest::collection::vec(person(), 1..14);
    proptest::test_runner::TestRunner::new(cases)
        .run(&(people, any::<bool>()), |(people, is_member)| {
            runtime.block_on(tells_nothing(people, if is_member { &GROUPS[..1] } else { &[] }));
            Ok(())
        })
        .unwrap();
}
