//! Crimes and outcomes through the real door: in any order, twice, cut off, beside what people do, and
//! after an erasure.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use house::{Failing, House, OUTCOMES_2, STREET_1};
use intake::Report;
use model::kinds::crime::{self, outcome as of_outcome};
use model::{Labels, Place, Value};
use std::collections::BTreeSet;

/// What does not depend on the order of files.
fn sums(reports: &[Report]) -> [u64; 8] {
    let mut sums = [0; 8];
    for report in reports {
        let totals = report.totals;
        assert_eq!(totals.rows, totals.accepted + totals.repeated + totals.rejected);
        let figures = [
            totals.rows,
            totals.accepted,
            totals.repeated,
            totals.rejected,
            totals.records,
            totals.further_outcomes,
            totals.differing,
            totals.differing_records,
        ];
        sums.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
    }
    sums
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_any_order_give_the_same_crimes_and_figures() {
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]];
    let mut all = Vec::new();
    for order in orders {
        let house = House::new().await;
        let files = house.files();
        let mut reports = Vec::new();
        for place in order {
            reports.push(house.take_in(&files[place], 3).await);
        }
        let again = house.take_in(&house.folder(), 512).await;
        assert_eq!(
            (again.totals.accepted, again.totals.rows),
            (0, again.totals.repeated),
            "a second run adds 0"
        );
        all.push((sums(&reports), house.crimes().await));
    }
    // Street: A twice alike, A otherwise, B, two alike without an id; B of the next month's file again,
    // C. Outcomes: of A two and one of them twice, of B, and of D, which no street file has.
    assert_eq!(all[0].0, [14, 12, 2, 0, 6, 2, 2, 2]);
    let crimes = &all[0].1;
    assert_eq!(crimes.len(), 6);
    let of =
        |id: &str| crimes.iter().find(|body| body.get(crime::PUBLISHED_ID).as_deref() == Some(id)).unwrap();
    let a = of(&"a".repeat(64));
    assert_eq!(a.get(crime::OUTCOMES).unwrap().len(), 2);
    assert_eq!(a.get(crime::STATEMENTS).unwrap().len(), 1);
    assert_eq!(a.get(crime::PROVENANCE).unwrap().len(), 4);
    let d = of(&"d".repeat(64));
    assert_eq!(d.get(crime::OUTCOMES).unwrap()[0].get(of_outcome::OUTCOME).unwrap().0, "local-resolution");
    assert!(d.not_held(crime::CRIME_TYPE.number()).is_some(), "its street file never came");
    let without_id = crimes.iter().filter(|body| body.get(crime::PUBLISHED_ID).is_none()).count();
    assert_eq!(without_id, 2, "identical rows without an id are other events");
    for other in &all[1..] {
        assert_eq!(other, &all[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_cut_off_anywhere_ends_as_if_it_had_not_been() {
    let whole = House::new().await;
    let report = whole.take_in(&whole.folder(), 2).await;
    let expected = (sums(&[report]), whole.crimes().await);
    for batches in 0..7 {
        let house = House::new().await;
        let failing = Failing::after(&house, batches);
        let _error = house.try_take_in(&failing, &house.folder(), 2).await.unwrap_err();
        let before: u64 = house.crimes().await.len() as u64;
        let report = house.take_in(&house.folder(), 2).await;
        assert_eq!(house.crimes().await, expected.1, "cut off after {batches}");
        // Files that were done before count as repeated now; the file that was cut off goes on counting.
        assert!(report.totals.records + before >= expected.0[4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_take_in_files_of_the_same_crimes_do_not_lose_a_row() {
    let alone = House::new().await;
    alone.take_in(&alone.folder(), 512).await;
    let house = House::new().await;
    let files = house.files();
    let (street, outcomes) =
        tokio::join!(house.take_in(&files[STREET_1], 1), house.take_in(&files[OUTCOMES_2], 1));
    let later = house.take_in(&house.folder(), 1).await;
    assert_eq!(sums(&[street, outcomes, later])[4], 6);
    assert_eq!(house.crimes().await, alone.crimes().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_did_to_a_crime_stays_when_its_next_row_comes() {
    let house = House::new().await;
    let files = house.files();
    house.take_in(&files[STREET_1], 512).await;
    let (record, mut body) = house.find(&"a".repeat(64)).await;
    let place = Place { words: Some("14 Ottoline Row".to_owned()), ..Place::default() };
    body.set(crime::PLACE, place.clone());
    let groups: BTreeSet<String> = ["op-lantern".to_owned()].into();
    let labels = Labels { groups, sensitive: true, ..Labels::default() };
    house.change(record, body, Some(labels.clone())).await;
    let report = house.take_in(&house.folder(), 512).await;
    assert_eq!(report.totals.further_outcomes, 2, "one of A and one of B");
    let plain = house.open(record).await;
    assert_eq!(plain.get(crime::PLACE), Some(place));
    assert_eq!(plain.get(crime::OUTCOMES).unwrap().len(), 2);
    let kept = Labels { owner: None, ..Labels::parse(&plain.row().labels).unwrap() };
    assert_eq!(kept, labels, "its restriction stays");
    assert_eq!(plain.row().ordinal, 4, "after the correction two files with outcomes of it");
    let statements = plain.get(crime::STATEMENTS).unwrap();
    assert_eq!(statements.len(), 4, "what each row said is kept beside what was corrected");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_crime_does_not_come_back() {
    let house = House::new().await;
    let files = house.files();
    house.take_in(&files[STREET_1], 512).await;
    let (record, _) = house.find(&"a".repeat(64)).await;
    let (other, _) = house.find(&"b".repeat(64)).await;
    let job = house.erase(record, None).await;
    assert!(job.after.iter().all(|count| count.found() == 0));
    let again = house.take_in(&files[STREET_1], 512).await;
    assert_eq!((again.totals.accepted, again.totals.rejected), (0, 0), "as a stop that was erased");
    let report = house.take_in(&house.folder(), 512).await;
    let reasons: Vec<_> = report.files.iter().flat_map(|file| &file.reasons).collect();
    assert_eq!(report.totals.rejected, 3, "two outcomes of it, one of them twice: {reasons:?}");
    assert!(reasons.iter().all(|(reason, _)| reason.contains("erased here by law")), "{reasons:?}");
    let listed = house.desk().rejects(&house.reviewer).await.unwrap();
    assert_eq!(listed.len(), 3);
    let shown = house.desk().reject(&house.reviewer, &listed[0].name).await.unwrap();
    assert_eq!(shown.raw, "", "what the row says is not kept");
    let crimes = house.crimes().await;
    assert!(
        crimes.iter().all(|body| body.get(crime::PUBLISHED_ID).as_deref() != Some("a".repeat(64).as_str()))
    );
    assert_eq!(house.open(other).await.get(crime::OUTCOMES).unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_field_stays_erased_when_the_next_row_comes() {
    let house = House::new().await;
    house.take_in(&house.files()[STREET_1], 512).await;
    let (record, _) = house.find(&"b".repeat(64)).await;
    house.erase(record, Some("place")).await;
    house.take_in(&house.folder(), 512).await;
    let plain = house.open(record).await;
    assert_eq!(plain.not_held(crime::PLACE.number()), Some(model::NotHeld::Erased));
    assert_eq!(plain.get(crime::OUTCOMES).unwrap().len(), 2);
    let statements = plain.get(crime::STATEMENTS).unwrap_or_default();
    assert!(statements.iter().all(|row| !matches!(row.value(5), Some(Value::Place(_)))), "{statements:?}");
}
