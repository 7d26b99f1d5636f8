//! Records that are reached through a link with what says what was typed.

use crate::support::{context, groups, index_of, log, receipt, run, search, stop, tie};
use model::Labels;
use model::kinds::nominal;
use search::{IndexEntry, Page, Query};

fn person(forenames: &str, surname: &str) -> IndexEntry {
    let mut entry = stop("");
    entry.version.kind = nominal::KIND.number;
    entry.document.names =
        vec![("names.forenames".into(), forenames.into()), ("names.surname".into(), surname.into())];
    entry
}

fn named_stop(name: &str) -> IndexEntry {
    let mut entry = stop("a bag in the hedge");
    entry.document.names = vec![("name".into(), name.into())];
    entry
}

fn lantern() -> Labels {
    Labels { groups: groups(&["op-lantern"]), ..Labels::default() }
}

#[tokio::test]
async fn the_stops_of_a_person_are_found_by_a_name_that_they_do_not_give() {
    let (colin, other) = (person("Colin", "Ferguson"), person("Ruth", "Adeyemi"));
    let (named, unnamed, of_other) = (named_stop("Colin Ferguson"), stop("a bag"), stop("a bag"));
    let ties = [tie(&colin, &named, Labels::default()), tie(&unnamed, &colin, Labels::default())];
    let references = [named.reference, unnamed.reference];
    let mut all =
        vec![colin.clone(), tie(&other, &of_other, Labels::default()), other, named, unnamed, of_other];
    all.extend(ties);
    let (_place, index) = index_of(all).await;
    let hits = search(&index, "kind:stop-and-search colin ferguzon").await;
    let found: Vec<u64> = hits.hits.iter().map(|hit| hit.reference).collect();
    assert_eq!(found, references, "what says it itself comes first");
    assert_eq!((hits.total, hits.reached, hits.whole), (2, 1, 1));
    let reached = &hits.hits[1];
    let through = reached.through.unwrap();
    assert_eq!(through.record, colin.version);
    assert_eq!(reached.probability, None);
    assert!(
        reached.why[0].starts_with("linked with person N-") && reached.why[0].contains("“ferguson”"),
        "{:?}",
        reached.why
    );
    // Nothing is reached for what is asked of every kind, word by word, or strictly.
    for query in ["colin ferguzon", "kind:stop-and-search \"colin ferguson\""] {
        assert_eq!(search(&index, query).await.reached, 0, "{query}");
    }
    let strict = Query::parse("kind:stop-and-search colin ferguson").unwrap().strictly();
    assert_eq!(crate::access::total(&index, &["officer"], &[], &strict).await, 1);
    index.close().await.unwrap();
}

#[tokio::test]
async fn nothing_is_reached_through_what_the_reader_may_not_know_of() {
    for hidden in 0..3 {
        let (mut colin, mut event) = (person("Colin", "Ferguson"), stop("a bag"));
        let mut link = tie(&colin, &event, Labels::default());
        [&mut colin, &mut link, &mut event][hidden].labels = lantern();
        let shown = [colin.version, link.version, event.version];
        let (_place, index) = index_of(vec![colin, link, event]).await;
        let query = "kind:stop-and-search colin ferguson";
        let hits = search(&index, query).await;
        assert_eq!((hits.total, hits.reached), (0, 0), "{hidden}");
        let member = context(&["officer"], &["op-lantern"]);
        let withheld = run(&index, &member, query, Page::default()).await;
        let (mut refs, mut expected) = (withheld.refs(), shown);
        refs.sort_unstable();
        expected.sort_unstable();
        assert_eq!(refs, expected, "the entry names all that is shown");
        assert_eq!(withheld.page(), [shown[2]]);
        let only_answer = receipt(&log().await, &member, &withheld.page()).await;
        assert!(withheld.release(&only_answer).is_err());
        index.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_reached_is_paged_and_counted_with_the_rest() {
    let colin = person("Colin", "Ferguson");
    let mut all = vec![colin.clone()];
    for number in 0..7 {
        let event = if number % 2 == 0 { stop("a bag") } else { named_stop("Colin Ferguson") };
        all.push(tie(&colin, &event, Labels::default()));
        all.push(event);
    }
    let (_place, index) = index_of(all).await;
    let officer = context(&["officer"], &[]);
    let mut paged = Vec::new();
    for offset in 0..8 {
        let withheld =
            run(&index, &officer, "kind:stop-and-search colin ferguson", Page { offset, limit: 1 }).await;
        paged.extend(withheld.page());
    }
    assert_eq!(paged.len(), 7);
    let whole = run(&index, &officer, "kind:stop-and-search colin ferguson", Page::default()).await;
    assert_eq!(whole.page(), paged);
    let permit = crate::support::permit(&officer, law::access::Action::List);
    let query = Query::parse("kind:stop-and-search colin ferguson").unwrap();
    let facets = index.facets(&permit, &crate::support::matrix(), &query).await.unwrap();
    assert_eq!(facets.kinds.values().sum::<u64>(), 7);
    index.close().await.unwrap();
}
