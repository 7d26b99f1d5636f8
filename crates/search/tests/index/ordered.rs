//! The order of answers, what narrows them, and how they are counted.

use crate::support::{context, found, index_of, matrix, permit, stop, tie};
use law::access::Action;
use model::kinds::nominal;
use model::{Labels, Marking, Place};
use search::{Index, IndexEntry, Order, Page, Pick, Query, State};
use std::collections::BTreeMap;

const DAY: i64 = 86_400_000_000;

/// Four stops and a person: of two units, one without a time, one lacking, one marked, one with a place.
fn entries() -> Vec<IndexEntry> {
    let mut all: Vec<IndexEntry> = (0..5).map(|_| stop("a red bicycle")).collect();
    for (entry, (reference, happened, unit)) in all.iter_mut().zip([
        (1, Some(30 * DAY), Some("North")),
        (2, Some(10 * DAY), Some("North West")),
        (3, None, None),
        (4, Some(20 * DAY), Some("North")),
        (5, None, Some("North")),
    ]) {
        entry.reference = reference;
        entry.happened = happened;
        entry.unit = unit.map(str::to_owned);
    }
    all[0].document.terms = vec!["applies:place".into(), "missing:place".into()];
    all[1].labels = Labels { marking: Marking::OfficialSensitive, ..Labels::default() };
    let (latitude, longitude) = (Some(51_500_000), Some(-100_000));
    all[3].document.places = vec![("place".into(), Place { latitude, longitude, ..Place::default() })];
    all[4].version.kind = nominal::KIND.number;
    all
}

async fn ordered(index: &Index, query: &str, order: Order, page: Page) -> (u64, Vec<u128>) {
    let query = Query::parse(query).unwrap();
    let permit = permit(&context(&["officer"], &[]), Action::List);
    let withheld = index.run(&permit, &matrix(), &query, Pick { page, order }).await.unwrap();
    let mut detail = ledger::Detail::default();
    withheld.describe(&mut detail);
    (detail.results.unwrap(), withheld.page().iter().map(|version| version.record.0.as_u128()).collect())
}

#[tokio::test]
async fn answers_stand_in_the_order_that_was_asked_for_page_by_page() {
    let entries = entries();
    let ids: BTreeMap<u128, u64> =
        entries.iter().map(|entry| (entry.version.record.0.as_u128(), entry.reference)).collect();
    let (_place, index) = index_of(entries).await;
    for (order, expected) in
        [(Order::Newest, [1, 4, 2, 5, 3]), (Order::Oldest, [2, 4, 1, 3, 5]), (Order::Kind, [5, 1, 4, 2, 3])]
    {
        for query in ["bicycle", "kind:stop-and-search OR kind:nominal"] {
            let (total, whole) = ordered(&index, query, order, Page::default()).await;
            let whole: Vec<u64> = whole.iter().map(|id| ids[id]).collect();
            assert_eq!(total, 5);
            assert_eq!(whole, expected, "{order:?} {query}");
            let mut paged = Vec::new();
            for offset in 0..5 {
                let (total, page) = ordered(&index, query, order, Page { offset, limit: 1 }).await;
                assert_eq!(total, 5);
                paged.extend(page.iter().map(|id| ids[id]));
            }
            assert_eq!(paged, expected, "{order:?} {query}, page by page");
        }
    }
    index.close().await.unwrap();
}

#[tokio::test]
async fn states_narrow_and_are_counted() {
    let (_place, index) = index_of(entries()).await;
    for (query, expected) in [
        ("is:lacking", vec![1]),
        ("is:official-sensitive", vec![2]),
        ("is:placed", vec![4]),
        ("is:restricted", vec![]),
    ] {
        assert_eq!(found(&index, query).await, expected, "{query}");
    }
    let permit = permit(&context(&["officer"], &[]), Action::List);
    let query = Query::parse("bicycle").unwrap();
    let facets = index.facets(&permit, &matrix(), &query).await.unwrap();
    let states = [(State::Lacking, 1), (State::OfficialSensitive, 1), (State::Placed, 1)];
    assert_eq!(facets.states, BTreeMap::from(states));
    let units = [("North".to_owned(), 3), ("North West".to_owned(), 1)];
    assert_eq!(facets.units, BTreeMap::from(units));
    let north = index.facets(&permit, &matrix(), &query.of_unit("North")).await.unwrap();
    assert_eq!(north.kinds.values().sum::<u64>(), 3, "a unit is the whole name of it");
    index.close().await.unwrap();
}

#[tokio::test]
async fn what_is_reached_through_a_link_stands_in_the_order_of_time_and_is_narrowed_too() {
    let mut person = stop("");
    person.version.kind = nominal::KIND.number;
    person.document.names = vec![("names.surname".into(), "Ferguson".into())];
    let mut stops: Vec<IndexEntry> = (0..3).map(|_| stop("a bag in the hedge")).collect();
    for (entry, day) in stops.iter_mut().zip([10, 30, 20]) {
        entry.happened = Some(day * DAY);
    }
    stops[1].document.names = vec![("name".into(), "Ferguson".into())];
    stops[2].document.terms = vec!["missing:place".into()];
    let ids: Vec<u128> = stops.iter().map(|entry| entry.version.record.0.as_u128()).collect();
    let mut all: Vec<IndexEntry> = stops.iter().map(|stop| tie(&person, stop, Labels::default())).collect();
    all.extend(stops);
    all.push(person);
    let (_place, index) = index_of(all).await;
    let query = "kind:stop-and-search ferguson";
    let (total, newest) = ordered(&index, query, Order::Newest, Page::default()).await;
    assert_eq!((total, newest), (3, vec![ids[1], ids[2], ids[0]]));
    let narrowed = "kind:stop-and-search is:lacking ferguson";
    for order in [Order::Best, Order::Oldest] {
        assert_eq!(ordered(&index, narrowed, order, Page::default()).await, (1, vec![ids[2]]));
    }
    index.close().await.unwrap();
}
