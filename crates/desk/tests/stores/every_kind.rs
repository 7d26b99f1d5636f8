//! A record of every kind that is declared, from its making to its erasure, through the door.

use crate::support::{House, on_both_stores, reference, restricted};
use desk::DeskError;
use desk::record::{Edit, Written, editable};
use model::kinds::{self, link};
use model::{Body, Kind, Labels, RecordId};
use std::collections::BTreeMap;
use synth::force::{Force, Plan};

on_both_stores! {
    every_kind_is_recorded_read_changed_found_labelled_and_erased
}

/// Two bodies of each kind, as somebody would type them.
fn bodies() -> BTreeMap<u16, Vec<Body>> {
    let mut bodies: BTreeMap<u16, Vec<Body>> = BTreeMap::new();
    for made in Force::new(Plan { seed: 11, nominals: 4_000 }).unwrap().flat_map(|home| home.records) {
        let held = bodies.entry(made.kind.number).or_default();
        if held.len() < 2 && !held.contains(&made.body) {
            held.push(made.body);
        }
    }
    bodies
}

async fn every_kind_is_recorded_read_changed_found_labelled_and_erased(house: House) {
    let mut bodies = bodies();
    let mut ends = Vec::new();
    for location in &bodies[&kinds::location::KIND.number][..2] {
        ends.push(house.make(&kinds::location::KIND, location.clone(), Labels::default()).await.unwrap());
    }
    let [from, to] = [ends[0].version.record, ends[1].version.record];
    for body in bodies.get_mut(&link::KIND.number).unwrap() {
        body.set(link::FROM, from.0).set(link::TO, to.0);
    }
    for kind in kinds::ALL {
        let [first, second] = &bodies[&kind.number][..] else { panic!("no bodies of {}", kind.name) };
        live(&house, kind, first, second).await;
    }
}

async fn live(house: &House, kind: &'static Kind, first: &Body, second: &Body) {
    let desk = house.desk();
    let made = house.make(kind, first.clone(), Labels::default()).await.unwrap();
    let (record, name) = (made.version.record, reference(&made));
    assert_eq!(desk.resolve(&house.officer, &name).await.unwrap(), record, "{name}");
    let opened = desk.open_record(&house.officer, record).await.unwrap();
    assert_eq!(&editable(&opened), first, "{name}");

    let changed = change(house, &made, second.clone(), None).await;
    assert_eq!(changed.ordinal, 2);
    let history = desk.open_history(&house.officer, record).await.unwrap();
    let history: Vec<Body> = history.iter().map(editable).collect();
    assert_eq!(history, [first.clone(), second.clone()], "{name}");
    assert_eq!(found(house, kind, &name).await, (1, true));

    let labelled = change(house, &changed, second.clone(), Some(restricted(true))).await;
    assert_eq!(labelled.ordinal, 3);
    assert_eq!(found(house, kind, &name).await, (0, false), "{name} is a secret to the officer");
    let refused = desk.open_record(&house.officer, record).await.unwrap_err();
    assert!(matches!(refused, DeskError::NotFound), "{name}: {refused}");
    assert_eq!(editable(&desk.open_record(&house.reviewer, record).await.unwrap()), *second);
    erase(house, record, &name).await;
}

/// A change of what was written, by somebody who has it before them.
async fn change(house: &House, written: &Written, body: Body, labels: Option<Labels>) -> Written {
    let edit = Edit {
        record: written.version.record,
        before: written.version.version,
        body,
        labels,
        anew: Vec::new(),
        reason: "a fuller account".to_owned(),
    };
    house.desk().change_record(&house.reviewer, edit).await.unwrap()
}

/// How often the officer finds a record, and whether it is on the first page of its kind.
async fn found(house: &House, kind: &'static Kind, name: &str) -> (u64, bool) {
    let answers = house.desk().search(&house.officer, name, search::Page::default()).await.unwrap();
    let listed = house.desk().records_of(&house.officer, kind, None, 200).await.unwrap();
    (answers.total, listed.records.iter().any(|line| line.reference == name))
}

async fn erase(house: &House, record: RecordId, name: &str) {
    let desk = house.desk();
    let planned = desk
        .plan_erasure(&house.reviewer, record, desk::erasure::Part::Whole, "DPA 2018 s.47(1)(a)")
        .await
        .unwrap();
    desk.approve_erasure(&house.protector, &planned.id).await.unwrap();
    let done = desk.run_erasure(&house.reviewer, &planned.id).await.unwrap();
    assert_eq!(done.state.word(), "done", "{name}");
    for who in [&house.reviewer, &house.officer] {
        let gone = desk.open_record(who, record).await.unwrap_err();
        assert!(matches!(gone, DeskError::NotFound), "{name}: {gone}");
        let gone = desk.resolve(who, name).await.unwrap_err();
        assert!(matches!(gone, DeskError::NotFound), "{name}: {gone}");
    }
    let answers = desk.search(&house.reviewer, name, search::Page::default()).await.unwrap();
    assert_eq!(answers.total, 0, "{name}");
}
