//! Figures by unit and period through the real door: of what was taken in and of what was made here,
//! with the records behind them, and nothing of what is covert.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;

use desk::completeness::{ALL, Ask, Figures, NONE, Row};
use desk::{DeskError, Session};
use house::{House, put_into};
use model::field::Code;
use model::kinds::crime;
use model::{Body, Labels, PartialDate, Place};
use search::{By, Page, Period, Within};
use std::collections::BTreeSet;

async fn asked(house: &House, who: &Session, ask: &Ask) -> Figures {
    house.desk().settle_intake().await.unwrap();
    house.desk().completeness(who, &crime::KIND, ask).await.unwrap()
}

fn of<'f>(figures: &'f Figures, rule: &str) -> Vec<&'f Row> {
    figures.rows.iter().filter(|row| row.rule == rule).collect()
}

/// Unit, period, and how the rule stands: applies, answered, missing, placeholder, not in source.
fn told<'f>(figures: &'f Figures, rule: &str) -> Vec<(&'f str, &'f str, [u64; 5])> {
    let counts = |row: &Row| [row.records, row.answered, row.missing, row.placeholder, row.not_in_source];
    of(figures, rule).into_iter().map(|row| (row.unit.as_str(), row.period.as_str(), counts(row))).collect()
}

fn burglary(place: Place) -> Body {
    let mut body = Body::default();
    body.set(crime::MONTH, PartialDate::parse("2024-04").unwrap())
        .set(crime::CRIME_TYPE, Code("burglary".to_owned()))
        .set(crime::PLACE, place);
    body
}

fn words(words: &str) -> Place {
    Place { words: Some(words.to_owned()), ..Place::default() }
}

/// A person of a unit, with this role and group.
async fn person(house: &House, name: &str, unit: &str, groups: &[&str]) -> Session {
    let desk = house.desk();
    let made = desk.add_account(&house.administrator, name, &["records-reviewer"]).await.unwrap();
    for group in groups {
        put_into(desk, &house.administrator, name, group).await;
    }
    desk.put_in_unit(&house.administrator, name, unit).await.unwrap();
    desk.sign_in(&made.token).await.unwrap().unwrap().for_purpose("a test")
}

async fn make(house: &House, who: &Session, body: Body, labels: Labels) {
    house.desk().create_record(who, &crime::KIND, body, labels).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_by_unit_and_month_and_a_full_pass_agrees() {
    let house = House::new().await;
    house.take_in(&house.folder(), 512).await;
    let response = person(&house, "PC 1", "Response A", &[]).await;
    let device = Place { latitude: Some(54_000_000), longitude: Some(-2_000_000), ..Place::default() };
    for place in [words("N/A"), words("other"), device, words("14 Ottoline Row")] {
        make(&house, &response, burglary(place), Labels::default()).await;
    }
    let ask = Ask { by: vec![By::Unit, By::Month], ..Ask::default() };
    let figures = asked(&house, &house.auditor, &ask).await;
    assert_eq!(figures.records, 10);
    // D came from an outcomes file alone: nothing tells its month nor its type.
    let expected = [
        ("Response A", "2024-04", [4, 1, 0, 3, 0]),
        ("Wessex Police", NONE, [1, 1, 0, 0, 0]),
        ("Wessex Police", "2024-01", [5, 5, 0, 0, 0]),
    ];
    assert_eq!(told(&figures, "crime-place"), expected);
    assert_eq!(told(&figures, "crime-type")[1], ("Wessex Police", NONE, [1, 0, 0, 0, 1]));
    let whole = asked(&house, &house.auditor, &Ask::default()).await;
    assert_eq!(told(&whole, "crime-place"), [("", ALL, [10, 7, 0, 3, 0])]);
    let year = Ask { within: Within { unit: None, period: Period::parse("2024") }, by: vec![By::Unit] };
    let figures = asked(&house, &house.auditor, &year).await;
    let expected = [("Response A", "2024", [4, 1, 0, 3, 0]), ("Wessex Police", "2024", [5, 5, 0, 0, 0])];
    assert_eq!(told(&figures, "crime-place"), expected);
    let drift = house.desk().check_completeness(&house.auditor, &crime::KIND).await.unwrap();
    assert_eq!(drift, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_records_behind_a_figure_are_those_that_the_reader_may_read() {
    let house = House::new().await;
    let response = person(&house, "PC 1", "Response A", &[]).await;
    make(&house, &response, burglary(words("unknown")), Labels::default()).await;
    let groups: BTreeSet<String> = ["op-lantern".to_owned()].into();
    let restricted = Labels { groups, sensitive: true, ..Labels::default() };
    let member = person(&house, "PC 2", "Response A", &["op-lantern"]).await;
    make(&house, &member, burglary(words("unknown")), restricted.clone()).await;
    let covert = Labels { covert: true, ..restricted };
    let hidden = person(&house, "PC 3", "Covert unit", &["op-lantern"]).await;
    make(&house, &hidden, burglary(words("unknown")), covert).await;

    let by_unit = Ask { by: vec![By::Unit], ..Ask::default() };
    let figures = asked(&house, &house.auditor, &by_unit).await;
    // What is restricted and not covert is counted; nobody is told of the covert unit.
    assert_eq!(told(&figures, "crime-place"), [("Response A", ALL, [2, 0, 0, 2, 0])]);
    assert_eq!(asked(&house, &house.member, &by_unit).await.records, 3);

    let within = Within { unit: Some("Response A".to_owned()), period: Period::parse("2024-04") };
    let behind = async |who: &Session, state: &str| {
        let page = Page { offset: 0, limit: 10 };
        house.desk().behind_figure(who, &crime::KIND, ("crime-place", state), &within, page).await
    };
    let found = behind(&house.reviewer, "placeholder").await.unwrap();
    assert_eq!((found.total, found.found.len()), (1, 1), "one of the two is restricted to others");
    assert!(found.found[0].reference.starts_with("C-"));
    assert_eq!(behind(&house.member, "placeholder").await.unwrap().total, 2);
    assert_eq!(behind(&house.member, "missing").await.unwrap().total, 0);
    let refused = behind(&house.administrator, "placeholder").await.unwrap_err();
    assert!(matches!(refused, DeskError::Refused(_)), "the administrator reads no record: {refused}");
    let unknown = behind(&house.reviewer, "absent").await.unwrap_err().to_string();
    assert!(unknown.contains("state") && unknown.contains("not-in-source"), "{unknown}");
    let whole = Within::default();
    let page = Page::default();
    let wrong = house.desk().behind_figure(&house.reviewer, &crime::KIND, ("place", "missing"), &whole, page);
    assert!(wrong.await.unwrap_err().to_string().contains("crime-place"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_stays_of_the_unit_that_recorded_it() {
    let house = House::new().await;
    let response = person(&house, "PC 1", "Response A", &[]).await;
    let made = house
        .desk()
        .create_record(&response, &crime::KIND, burglary(words("unknown")), Labels::default())
        .await
        .unwrap();
    let record = made.version.record;
    house.change(record, burglary(words("14 Ottoline Row")), None).await;
    let by_unit = Ask { by: vec![By::Unit], ..Ask::default() };
    let figures = asked(&house, &house.auditor, &by_unit).await;
    assert_eq!(told(&figures, "crime-place"), [("Response A", ALL, [1, 1, 0, 0, 0])]);
    assert_eq!(house.open(record).await.get(desk::record::UNIT).as_deref(), Some("Response A"));
}
