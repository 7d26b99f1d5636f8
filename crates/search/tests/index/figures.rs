//! Counts of marks within what the asker may know of.

use crate::support::{Place, STOP, context, groups, matrix, put, stop};
use law::access::{Action, Filter};
use model::Labels;
use search::{By, Change, IndexEntry, Tally};

fn marked(marks: &[&str], unit: &str, month: &str) -> IndexEntry {
    let mut entry = stop("x");
    entry.document.terms = marks.iter().map(|mark| (*mark).to_owned()).collect();
    entry.unit = Some(unit.to_owned());
    let instant: jiff::Timestamp = format!("{month}-15T12:00:00Z").parse().unwrap();
    entry.happened = Some(instant.as_microsecond());
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_count_marks_within_the_filter_and_without_what_is_deleted() {
    let place = Place::new();
    let index = place.open().await.unwrap();
    let gap = marked(&["applies:place", "missing:place"], "North", "2024-01");
    let gone = marked(&["applies:place", "missing:place"], "North", "2024-01");
    let mut hidden = marked(&["applies:place", "missing:place"], "Covert unit", "2024-03");
    hidden.labels = Labels { groups: groups(&["op-lantern"]), covert: true, ..Labels::default() };
    put(&index, vec![gap, gone.clone(), marked(&["applies:place"], "South", "2024-02")], 1).await;
    put(&index, vec![hidden, marked(&["applies:place", "missing:place"], "South", "2024-02")], 2).await;
    index.apply(vec![Change::Erase(gone.version.record)], 3).await.unwrap();
    index.publish().await.unwrap();

    let officer = Filter::may_read(&matrix(), &context(&["officer"], &[]), Action::List);
    let tallies = vec![
        Tally::of(STOP, &[]),
        Tally::of(STOP, &["applies:place"]),
        Tally::of(STOP, &["applies:place", "missing:place"]),
        Tally::of(999, &["applies:place"]),
        Tally::of(STOP, &["missing:nothing"]),
    ];
    let counts = index.count(&officer, tallies.clone()).await.unwrap();
    assert_eq!((counts.counts, counts.position), (vec![3, 3, 2, 0, 0], Some(3)));
    let member = Filter::may_read(&matrix(), &context(&["officer"], &["op-lantern"]), Action::List);
    assert_eq!(index.count(&member, tallies.clone()).await.unwrap().counts, [4, 4, 3, 0, 0]);

    let tallies = tallies[..3].to_vec();
    let by_unit = index.break_down(&officer, tallies.clone(), By::Unit).await.unwrap().counts;
    let expected = [("North".to_owned(), vec![1, 1, 1]), ("South".to_owned(), vec![2, 2, 1])];
    assert_eq!(by_unit.into_iter().collect::<Vec<_>>(), expected, "the covert unit is not named");
    let by_month = index.break_down(&officer, tallies, By::Month).await.unwrap().counts;
    let expected = [("2024-01".to_owned(), vec![1, 1, 1]), ("2024-02".to_owned(), vec![2, 2, 1])];
    assert_eq!(by_month.into_iter().collect::<Vec<_>>(), expected);
}
