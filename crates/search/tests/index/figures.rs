//! Counts of marks within what the asker may know of.

use crate::support::{Place, STOP, context, groups, index_of, matrix, put, stop};
use law::access::{Action, Filter};
use model::{Labels, PartialDate};
use search::{By, Change, IndexEntry, Part, Period, Tally, Within};

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
        Tally::of(STOP, &["applies:place"]).with_any(&["missing:nothing".into(), "missing:place".into()]),
    ];
    let counts = index.count(&officer, tallies.clone()).await.unwrap();
    assert_eq!((counts.counts, counts.position), (vec![3, 3, 2, 0, 0, 2], Some(3)));
    let member = Filter::may_read(&matrix(), &context(&["officer"], &["op-lantern"]), Action::List);
    assert_eq!(index.count(&member, tallies.clone()).await.unwrap().counts, [4, 4, 3, 0, 0, 3]);

    let tallies = tallies[..3].to_vec();
    let everything = Within::default();
    let by = async |by: &[By], within: &Within| {
        let broken = index.break_down(&officer, tallies.clone(), within, by).await.unwrap().counts;
        let named = |(part, counts): (Part, Vec<u64>)| (format!("{}/{}", part.unit, part.period), counts);
        broken.into_iter().map(named).collect::<Vec<_>>()
    };
    let figures = |rows: &[(&str, [u64; 3])]| -> Vec<(String, Vec<u64>)> {
        rows.iter().map(|(part, counts)| ((*part).to_owned(), counts.to_vec())).collect()
    };
    let by_unit = figures(&[("North/", [1, 1, 1]), ("South/", [2, 2, 1])]);
    assert_eq!(by(&[By::Unit], &everything).await, by_unit, "the covert unit is not named");
    let by_month = figures(&[("/2024-01", [1, 1, 1]), ("/2024-02", [2, 2, 1])]);
    assert_eq!(by(&[By::Month], &everything).await, by_month);
    assert_eq!(by(&[By::Year], &everything).await, figures(&[("/2024", [3, 3, 2])]));
    let by_both = figures(&[("North/2024-01", [1, 1, 1]), ("South/2024-02", [2, 2, 1])]);
    assert_eq!(by(&[By::Month, By::Unit], &everything).await, by_both);
    let south = Within { unit: Some("South".to_owned()), period: None };
    assert_eq!(by(&[], &south).await, figures(&[("/", [2, 2, 1])]));
    let january = Within { unit: None, period: Period::parse("2024-01") };
    assert_eq!(by(&[By::Unit], &january).await, figures(&[("North/", [1, 1, 1])]));
    let neither = Within { unit: Some("South".to_owned()), period: Period::parse("2024-01") };
    assert_eq!(by(&[By::Unit], &neither).await, figures(&[]));
    let hidden = Within { unit: Some("Covert unit".to_owned()), period: None };
    assert_eq!(by(&[], &hidden).await, figures(&[]));
    let refused = index.break_down(&officer, tallies, &everything, &[By::Month, By::Year]).await;
    assert!(refused.unwrap_err().to_string().contains("by unit, by month or year"));
}

#[tokio::test(flavor = "multi_thread")]
async fn records_without_unit_or_time_are_a_part_of_their_own() {
    let mut nothing_known = stop("x");
    nothing_known.document.terms = vec!["applies:place".to_owned()];
    let mut about = nothing_known.clone();
    about.version = stop("y").version;
    about.about = PartialDate::parse("2023-05");
    let (_place, index) =
        index_of(vec![nothing_known, about, marked(&["applies:place"], "North", "2024-01")]).await;
    let officer = Filter::may_read(&matrix(), &context(&["officer"], &[]), Action::List);
    let tallies = vec![Tally::of(STOP, &["applies:place"])];
    let by = [By::Unit, By::Year];
    let broken = index.break_down(&officer, tallies, &Within::default(), &by).await.unwrap().counts;
    let rows: Vec<_> =
        broken.iter().map(|(part, counts)| (part.unit.as_str(), part.period.as_str(), counts[0])).collect();
    assert_eq!(rows, [("", "", 1), ("", "2023", 1), ("North", "2024", 1)]);
    assert_eq!(crate::support::search(&index, "happened:2023-05").await.total, 1);
}
