//! Answers stay withheld until the log has their reading.

use crate::support::{context, index_of, log, receipt, run, stop};
use law::access::{Action, decide};
use ledger::Detail;
use search::{IndexError, Page, Query};
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread")]
async fn only_a_receipt_for_all_of_them_releases_answers() {
    let (_place, index) = index_of((0..5).map(|_| stop("a knife")).collect()).await;
    let officer = context(&["officer"], &[]);
    let log = log().await;
    let withheld = || run(&index, &officer, "knife", Page::default());

    let refs = withheld().await.refs();
    assert_eq!(refs.len(), 5);
    let short = receipt(&log, &officer, &refs[1..]).await;
    let refused = withheld().await.release(&short).unwrap_err();
    assert_eq!((refused.covered, refused.wanted), (4, 5));
    let other = receipt(&log, &officer, &[]).await;
    assert_eq!(withheld().await.release(&other).unwrap_err().covered, 0);
    let whole = receipt(&log, &officer, &refs).await;
    assert_eq!(withheld().await.release(&whole).unwrap().total, 5);
    assert_eq!(format!("{:?}", withheld().await), "Withheld(…)");

    let mut detail = Detail::default();
    withheld().await.describe(&mut detail);
    assert_eq!((detail.results, detail.index_position), (Some(5), Some(1)));

    let hidden: HashSet<_> = refs[..1].iter().map(|version| version.version).collect();
    let left = withheld().await.leave_out(&hidden).release(&short).unwrap();
    assert_eq!((left.total, left.hits.len()), (4, 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_for_something_else_does_not_search() {
    let (_place, index) = index_of(vec![stop("a knife")]).await;
    let officer = context(&["officer"], &[]);
    let matrix = crate::support::matrix();
    let create = decide(&matrix, &officer, Action::Create, crate::support::STOP, &[]).unwrap();
    let query = Query::parse("knife").unwrap();
    let refused = index.run(&create, &matrix, &query, Page::default()).await.unwrap_err();
    assert!(matches!(refused, IndexError::WrongPermit));
    let permit = crate::support::permit(&officer, Action::List);
    let page = Page { offset: 9_990, limit: 20 };
    let refused = index.run(&permit, &matrix, &query, page).await.unwrap_err();
    assert!(refused.to_string().contains("9991 to 10010"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let (_place, index) = index_of((0..45).map(|_| stop("a knife")).collect()).await;
    let officer = context(&["officer"], &[]);
    let mut seen = HashSet::new();
    for offset in [0, 20, 40] {
        let refs = run(&index, &officer, "knife", Page { offset, limit: 20 }).await.refs();
        assert_eq!(refs.len(), if offset == 40 { 5 } else { 20 });
        assert!(refs.into_iter().all(|version| seen.insert(version)));
    }
    let mut detail = Detail::default();
    run(&index, &officer, "knife", Page { offset: 0, limit: 0 }).await.describe(&mut detail);
    assert_eq!(detail.results, Some(45));
}
