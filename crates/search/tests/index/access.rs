//! The filter in the index, the filter as data and the decision agree.

use crate::support::{Place, context, groups, matrix, permit, put, run, stop};
use law::access::{Action, Filter, Target, decide};
use ledger::Detail;
use model::Labels;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use search::{Index, IndexEntry, Page, Query, Tally};
use std::collections::BTreeSet;

const GROUPS: [&str; 4] = ["op-lantern", "op-quill", "open", "covert"];
const ROLES: [&str; 6] = ["officer", "analyst", "administrator", "overseer", "records-reviewer", "nobody"];
/// Kinds of the model, and numbers that are none.
const KINDS: [u16; 4] = [5, 1, 2, 999];

/// How many answers somebody gets.
pub(crate) async fn total(index: &Index, roles: &[&str], member_of: &[&str], query: &Query) -> u64 {
    let permit = permit(&context(roles, member_of), Action::List);
    let withheld = index.run(&permit, &matrix(), query, Page::default()).await.unwrap();
    let mut detail = Detail::default();
    withheld.describe(&mut detail);
    detail.results.unwrap()
}

fn subset(of: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    proptest::sample::subsequence(of, 0..=of.len()).prop_map(|names| groups(&names))
}

fn entry() -> impl Strategy<Value = IndexEntry> {
    (subset(&GROUPS), any::<bool>(), any::<bool>(), proptest::sample::select(&KINDS[..])).prop_map(
        |(groups, covert, sensitive, kind)| {
            let mut entry = stop("a knife");
            entry.version.kind = kind;
            entry.labels = Labels { groups, covert, sensitive, ..Labels::default() };
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
    let place = Place::new();
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

        let withheld = run(&index, &asker, "knife", Page { offset: 0, limit: 100 }).await;
        let by_index: BTreeSet<_> = withheld.refs().into_iter().collect();
        assert_eq!(by_index, by_decision);
        let mut detail = Detail::default();
        withheld.describe(&mut detail);
        assert_eq!(detail.results, Some(by_decision.len() as u64), "the total tells of no more");
        let counts = index.count(&filter, vec![Tally::default()]).await.unwrap();
        assert_eq!(counts.counts, [by_decision.len() as u64], "nor does a figure");
        let know = Filter::may_know(&matrix, &asker, Action::List);
        let known = entries.iter().filter(|entry| know.holds(entry.version.kind, &entry.labels)).count();
        let counts = index.count(&know, vec![Tally::default()]).await.unwrap();
        assert_eq!(counts.counts, [known as u64]);
    }
}

/// Scores come from frequencies; those must not tell of what is hidden.
#[tokio::test(flavor = "multi_thread")]
async fn a_score_does_not_change_with_records_that_are_hidden() {
    let place = Place::new();
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
    let place = Place::new();
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
