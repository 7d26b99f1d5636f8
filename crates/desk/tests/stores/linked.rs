//! What a record is linked with: what its reader may see, and nothing that tells of the rest.

use crate::support::{House, on_both_stores};
use desk::record::reference_of;
use model::field::{Code, Identifier};
use model::kinds::{link, vehicle};
use model::{Body, Labels, RecordId};
use std::collections::BTreeSet;

on_both_stores! {
    a_record_shows_what_it_is_linked_with_and_hides_what_is_covert
}

async fn vehicle(house: &House, mark: &str, labels: Labels) -> RecordId {
    let mut body = Body::default();
    body.set(vehicle::VRM, Identifier(mark.to_owned()));
    let who = &house.reviewer.for_purpose("inquiry 17");
    house.desk().create_record(who, &vehicle::KIND, body, labels).await.unwrap().version.record
}

async fn tie(house: &House, from: RecordId, to: RecordId) -> String {
    let mut body = Body::default();
    body.set(link::FROM, from.0).set(link::TO, to.0).set(link::TYPE, Code("used-in".into()));
    body.set(link::SOURCE, Code("officer".into()));
    let who = &house.reviewer.for_purpose("inquiry 17");
    let written = house.desk().create_record(who, &link::KIND, body, Labels::default()).await.unwrap();
    reference_of(written.version.kind, written.reference)
}

async fn a_record_shows_what_it_is_linked_with_and_hides_what_is_covert(house: House) {
    let covert = Labels {
        groups: BTreeSet::from([crate::support::GROUP.to_owned()]),
        covert: true,
        ..Labels::default()
    };
    let head = vehicle(&house, "AA11 AAA", Labels::default()).await;
    let open = vehicle(&house, "BB22 BBB", Labels::default()).await;
    let hidden = vehicle(&house, "CC33 CCC", covert).await;
    let first = tie(&house, head, open).await;
    tie(&house, hidden, head).await;
    let desk = house.desk();
    let reader = &house.officer.for_purpose("inquiry 17");
    let around = desk.linked_with(reader, head, 0).await.unwrap();
    assert!(!around.more);
    let [one] = around.linked.as_slice() else { panic!("{:?}", around.linked) };
    assert_eq!(
        (one.record, one.link.as_str(), one.outward, one.kind),
        (open, first.as_str(), true, "vehicle")
    );
    assert!(one.name.contains("BB22"), "{}", one.name);
    let member = &house.reviewer.for_purpose("inquiry 17");
    assert_eq!(desk.linked_with(member, head, 0).await.unwrap().linked.len(), 2);
    assert!(!desk.linked_with(member, open, 0).await.unwrap().linked[0].outward);
    assert!(desk.linked_with(reader, hidden, 0).await.is_err());
    assert!(desk.linked_with(reader, head, 1_000_000).await.unwrap_err().to_string().contains("offset"));
}
