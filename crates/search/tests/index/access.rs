//! The filter in the index, the filter as data and the decision agree.

use crate::support::{Place as Folder, STOP, context, groups, matrix, permit, put, run, stop};
use law::access::{Action, Context, Filter, Target, decide};
use ledger::Detail;
use model::{Labels, PartialDate, Place};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use search::{By, Index, IndexEntry, Page, Part, Period, Query, Tally, Within};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const GROUPS: [&str; 4] = ["op-lantern", "op-quill", "open", "covert"];
const ROLES: [&str; 6] = ["officer", "analyst", "administrator", "overseer", "records-reviewer", "nobody"];
/// Kinds of the model, and numbers that are none.
const KINDS: [u16; 4] = [5, 1, 2, 999];
const UNITS: [&str; 3] = ["", "North", "South"];

/// How many answers somebody gets.
pub(crate) async fn total(index: &Index, roles: &[&str], member_of: &[&str], query: &Query) -> u64 {
    let permit = permit(&context(roles, member_of), Action::List);
    let withheld = index.run(&permit, &matrix(), query, Page::default()).await.unwrap();
    let mut detail = Detail::default();
    withheld.describe(&mut detail);
    detail.results.unwrap()
}

/// Queries that every record of these tests meets.
const OF_ALL: [&str; 8] = [
    "knife",
    "kn?f*",
    "grounds:*ife",
    "\"knife a\"~3",
    "near:51.5,-0.1~1km",
    "place.near:51.5,-0.1~100km",
    "within:(51,-1 51,1 52,1 52,-1)",
    "-near:52,-0.1~1km -gun*",
];

fn subset(of: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    proptest::sample::subsequence(of, 0..=of.len()).prop_map(|names| groups(&names))
}

fn entry() -> impl Strategy<Value = IndexEntry> {
    let labels = (subset(&GROUPS), any::<bool>(), any::<bool>());
    let part = (proptest::sample::select(&UNITS[..]), 0i8..3, any::<bool>());
    (labels, proptest::sample::select(&KINDS[..]), part).prop_map(
        |((groups, covert, sensitive), kind, part)| {
            let (unit, month, is_missing) = part;
            let mut entry = stop("a knife");
            entry.version.kind = kind;
            entry.labels = Labels { groups, covert, sensitive, ..Labels::default() };
            entry.unit = Some(unit.to_owned()).filter(|unit| !unit.is_empty());
            entry.about =
                (month > 0).then_some(PartialDate { year: Some(2024), month: Some(month), day: None });
            let at = Place { latitude: Some(51_500_000), longitude: Some(-100_000), ..Place::default() };
            entry.document.places = vec![("place".to_owned(), at)];
            entry.document.terms = if is_missing { vec!["missing:place".to_owned()] } else { Vec::new() };
            entry
        },
    )
}

#[test]
fn filter_in_the_index_filter_as_data_and_decision_agree() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, ..Config::default() });
    let readers = proptest::collection::vec((subset(&ROLES), subset(&GROUPS)), 6);
    let cases = (proptest::collection::vec(entry(), 1..60), readers);
    runner
        .run(&cases, |(entries, readers)| {
            runtime.block_on(agree(entries, readers));
            Ok(())
        })
        .unwrap();
}

async fn agree(entries: Vec<IndexEntry>, readers: Vec<(BTreeSet<String>, BTreeSet<String>)>) {
    let place = Folder::new();
    let index = place.open().await.unwrap();
    put(&index, entries.clone(), 1).await;
    let matrix = matrix();
    for (roles, member_of) in readers {
        let mut asker = (*context(&[], &[])).clone();
        (asker.roles, asker.groups) = (roles, member_of);
        let asker = std::sync::Arc::new(asker);
        let filter = Filter::may_read(&matrix, &asker, Action::List);
        let by_filter: BTreeSet<_> = entries
            .iter()
            .filter(|entry| filter.holds(entry.version.kind, &entry.labels))
            .map(|entry| entry.version)
            .collect();
        let may = |entry: &&IndexEntry| {
            let target = Target { version: entry.version, labels: &entry.labels };
            decide(&matrix, &asker, Action::List, entry.version.kind, &[target]).is_ok()
        };
        let by_decision: BTreeSet<_> = entries.iter().filter(may).map(|entry| entry.version).collect();
        assert_eq!(by_filter, by_decision);
        if decide(&matrix, &asker, Action::List, 0, &[]).is_err() {
            assert!(by_decision.is_empty(), "who is refused every list sees nothing on one");
            continue;
        }

        for query in OF_ALL {
            let withheld = run(&index, &asker, query, Page { offset: 0, limit: 100 }).await;
            let by_index: BTreeSet<_> = withheld.refs().into_iter().collect();
            assert_eq!(by_index, by_decision, "{query}");
            let mut detail = Detail::default();
            withheld.describe(&mut detail);
            assert_eq!(detail.results, Some(by_decision.len() as u64), "{query}: the total tells of no more");
        }
        let counts = index.count(&filter, vec![Tally::default()]).await.unwrap();
        assert_eq!(counts.counts, [by_decision.len() as u64], "nor does a figure");
        let know = Filter::may_know(&matrix, &asker, Action::List);
        let known = entries.iter().filter(|entry| know.holds(entry.version.kind, &entry.labels)).count();
        let counts = index.count(&know, vec![Tally::default()]).await.unwrap();
        assert_eq!(counts.counts, [known as u64]);
        parts_tell_of_no_more(&index, &entries, &know).await;
        behind_a_figure_is_no_more(&index, &entries, &asker).await;
    }
}

fn part_of(entry: &IndexEntry) -> Part {
    let period = entry.about.map(|date| date.to_string()[..7].to_owned()).unwrap_or_default();
    Part { unit: entry.unit.clone().unwrap_or_default(), period }
}

fn is_missing(entry: &IndexEntry) -> bool {
    entry.document.terms == ["missing:place"]
}

/// Figures by unit and month are those of what the filter lets through: no part is named and none is
/// larger because of a record that the reader may not know of.
async fn parts_tell_of_no_more(index: &Index, entries: &[IndexEntry], filter: &Filter) {
    let mut expected: BTreeMap<Part, Vec<u64>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| filter.holds(entry.version.kind, &entry.labels)) {
        let counts = expected.entry(part_of(entry)).or_insert_with(|| vec![0, 0]);
        counts[0] += 1;
        counts[1] += u64::from(is_missing(entry));
    }
    let missing = Tally { terms: vec!["missing:place".to_owned()], ..Tally::default() };
    let asked = vec![Tally::default(), missing];
    let by = [By::Unit, By::Month];
    let broken = index.break_down(filter, asked, &Within::default(), &by).await.unwrap();
    assert_eq!(broken.counts, expected);
}

/// The records behind a figure of a unit and month are those of them that the reader may read.
async fn behind_a_figure_is_no_more(index: &Index, entries: &[IndexEntry], asker: &Arc<Context>) {
    let filter = Filter::may_read(&matrix(), asker, Action::List);
    let within = Within { unit: Some("North".to_owned()), period: Period::parse("2024-01") };
    let wanted = Part { unit: "North".to_owned(), period: "2024-01".to_owned() };
    let expected: BTreeSet<_> = entries
        .iter()
        .filter(|entry| filter.holds(entry.version.kind, &entry.labels) && entry.version.kind == STOP)
        .filter(|entry| part_of(entry) == wanted && is_missing(entry))
        .map(|entry| entry.version)
        .collect();
    let query = Query::behind(STOP, "missing:place", &within);
    let page = Page { offset: 0, limit: 100 };
    let withheld = index.run(&permit(asker, Action::List), &matrix(), &query, page).await.unwrap();
    assert_eq!(withheld.refs().into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Scores come from frequencies; those must not tell of what is hidden.
#[tokio::test(flavor = "multi_thread")]
async fn a_score_does_not_change_with_records_that_are_hidden() {
    let place = Folder::new();
    let index = place.open().await.unwrap();
    put(&index, vec![stop("a rare knife"), stop("a common knife")], 1).await;
    let before = crate::support::search(&index, "rare OR knife").await.hits;
    let hidden = (0..50).map(|_| {
        let mut entry = stop("rare rare rare");
        entry.labels = Labels { groups: groups(&["op-lantern"]), covert: true, ..Labels::default() };
        entry
    });
    put(&index, hidden.collect(), 2).await;
    assert_eq!(crate::support::search(&index, "rare OR knife").await.hits, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tightened_label_hides_a_record_as_soon_as_it_is_published() {
    let place = Folder::new();
    let index = place.open().await.unwrap();
    let mut entry = stop("a knife");
    put(&index, vec![entry.clone()], 1).await;
    let query = Query::parse("knife").unwrap();
    assert_eq!(total(&index, &["officer"], &[], &query).await, 1);
    entry.labels = Labels { groups: groups(&["op-lantern"]), covert: true, ..Labels::default() };
    put(&index, vec![entry], 2).await;
    assert_eq!(total(&index, &["officer"], &[], &query).await, 0);
    assert_eq!(total(&index, &["officer"], &["op-lantern"], &query).await, 1);
}
