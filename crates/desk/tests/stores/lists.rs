//! The records of a kind, newest first, by page.

use crate::support::{GROUP, House, on_both_stores, restricted};
use desk::{DeskError, Session};
use model::Labels;
use model::kinds::{nominal, vehicle};

on_both_stores! {
    a_page_shows_what_a_person_may_read_and_is_no_shorter_for_the_rest
    a_list_is_a_consultation_of_each_record_on_it
    who_touched_a_record_is_read_from_any_leaf_backwards
    what_cannot_be_listed_is_said
}

/// All pages of three, each reference once.
async fn pages(house: &House, who: &Session) -> Vec<Vec<String>> {
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = house.desk().records_of(who, &vehicle::KIND, before.as_deref(), 3).await.unwrap();
        pages.push(page.records.into_iter().map(|line| line.reference).collect());
        before = page.next;
        if before.is_none() {
            return pages;
        }
    }
}

async fn a_page_shows_what_a_person_may_read_and_is_no_shorter_for_the_rest(house: House) {
    let mut made = Vec::new();
    for number in 0..9 {
        let labels = match number {
            2 | 3 => restricted(false),
            4 => restricted(true),
            _ => Labels::default(),
        };
        made.push(house.vehicle(number, labels).await);
    }
    made.reverse();
    let chunks = |references: Vec<String>| references.chunks(3).map(<[_]>::to_vec).collect::<Vec<_>>();
    assert_eq!(pages(&house, &house.reviewer).await, chunks(made.clone()));
    let open = made.iter().enumerate().filter(|(at, _)| !(4..=6).contains(at));
    let open: Vec<String> = open.map(|(_, reference)| reference.clone()).collect();
    assert_eq!(open.len(), 6, "two full pages");
    assert_eq!(pages(&house, &house.officer).await, chunks(open));
    let none = house.desk().records_of(&house.reviewer, &nominal::KIND, None, 20).await.unwrap();
    assert!(none.records.is_empty() && none.next.is_none());
}

async fn a_list_is_a_consultation_of_each_record_on_it(house: House) {
    let older = house.vehicle(1, Labels::default()).await;
    let newer = house.vehicle(2, Labels::default()).await;
    let secret = house.vehicle(3, restricted(true)).await;
    let page = house.desk().records_of(&house.officer, &vehicle::KIND, None, 1).await.unwrap();
    assert_eq!(page.next.as_deref(), Some(newer.as_str()));
    assert!(page.records[0].name.contains("AB02"), "{page:?}");
    house.desk().records_of(&house.officer, &vehicle::KIND, Some(&newer), 1).await.unwrap();
    let asked = async |reference: &str| {
        let touched = house.desk().who_touched(&house.auditor, reference, None).await.unwrap().touches;
        let by_officer = touched.into_iter().filter(|trace| trace.actor == "officer");
        by_officer.map(|trace| (trace.operation, trace.query)).collect::<Vec<_>>()
    };
    let list = |query: String| vec![("consultation".to_owned(), Some(query))];
    assert_eq!(asked(&newer).await, list("list vehicle".to_owned()));
    assert_eq!(asked(&older).await, list(format!("list vehicle before {newer}")));
    assert_eq!(asked(&secret).await, [], "what was not shown was not consulted");
}

async fn who_touched_a_record_is_read_from_any_leaf_backwards(house: House) {
    let reference = house.vehicle(1, Labels::default()).await;
    let record = house.desk().resolve(&house.officer, &reference).await.unwrap();
    for _ in 0..3 {
        house.desk().open_record(&house.officer, record).await.unwrap();
    }
    let read = async |before| house.desk().who_touched(&house.auditor, &reference, before).await.unwrap();
    let all = read(None).await;
    assert_eq!(all.before, None, "there are no more than one answer shows");
    let leaves: Vec<u64> = all.touches.iter().map(|trace| trace.leaf).collect();
    assert!(leaves.len() >= 4 && leaves.is_sorted_by(|one, other| one > other), "{leaves:?}");
    let rest = read(Some(leaves[1])).await;
    assert_eq!(rest.touches.iter().map(|trace| trace.leaf).collect::<Vec<_>>(), leaves[2..]);
}

async fn what_cannot_be_listed_is_said(house: House) {
    let reference = house.vehicle(1, Labels::default()).await;
    let list = async |who: &Session, kind, before, limit| {
        house.desk().records_of(who, kind, before, limit).await.unwrap_err()
    };
    for limit in [0, 201] {
        let said = list(&house.officer, &vehicle::KIND, None, limit).await.to_string();
        assert!(said.contains("1 to 200"), "{said}");
    }
    let said = list(&house.officer, &nominal::KIND, Some(&reference), 5).await.to_string();
    assert!(said.contains("is of kind vehicle"), "{said}");
    for who in [&house.administrator, &house.auditor] {
        let refused = list(who, &vehicle::KIND, None, 5).await;
        assert!(matches!(refused, DeskError::Refused(_)), "{refused}");
    }
    let aimless = list(&house.officer.for_purpose(" "), &vehicle::KIND, None, 5).await;
    assert!(aimless.to_string().contains("Say what for"), "{aimless}");
    // A name that one store could not keep is refused on both.
    let mut labels = restricted(false);
    labels.groups.insert(format!("{GROUP}\0"));
    let said = house.make(&vehicle::KIND, crate::support::car(1), labels).await.unwrap_err().to_string();
    assert!(said.contains("control characters"), "{said}");
}
