//! Fields and code lists of the force's own: decided by two persons, and from then on treated as those of the
//! release are, in everything that a record goes through.

use crate::support::{House, car, on_both_stores, reference, restricted};
use desk::DeskError;
use desk::completeness::Ask;
use desk::erasure::Part;
use desk::local_fields::{FieldAsked, ListAsked, Stands, read_codes};
use desk::record::{Edit, Written, editable};
use model::derived::{Fields, compare, form, help, json, processing_record, schema, show};
use model::kinds::vehicle;
use model::{Body, Labels, NotHeld};
use std::time::Duration;

on_both_stores! {
    a_field_is_decided_by_two_persons_and_used_like_any_other
    a_field_that_ended_takes_nothing_new_and_keeps_what_it_has
    an_answer_is_erased_like_that_of_any_other_field
    a_needed_field_counts_what_was_written_before
    a_code_list_is_decided_by_two_persons_and_keeps_its_codes
    what_a_force_declared_counts_after_a_new_start
}

/// A field for notes that keepers of a fleet make of a vehicle.
fn fleet_note() -> FieldAsked {
    FieldAsked {
        kind: "vehicle".into(),
        name: "fleet-note".into(),
        label: "Fleet note".into(),
        help: "What the keeper of the fleet says.".into(),
        sort: "long-text".into(),
        about: "linked:keeper".into(),
        class: "opinion".into(),
        reviewed: true,
        source: "Force policy 12".into(),
        ..FieldAsked::default()
    }
}

async fn declared(house: &House, asked: &FieldAsked) -> String {
    let proposed = house.desk().propose_local_field(&house.administrator, asked).await.unwrap();
    house.desk().approve_local_field(&house.protector, &proposed.id).await.unwrap().id
}

fn with(number: u32, name: &str, text: &str) -> Body {
    let mut body = car(number);
    json::set_from_text(&vehicle::KIND, &mut body, name, text).unwrap();
    body
}

fn edit(written: &Written, body: Body) -> Edit {
    Edit {
        record: written.version.record,
        before: written.version.version,
        body,
        labels: None,
        anew: Vec::new(),
        reason: "a fuller account".to_owned(),
    }
}

async fn found(house: &House, query: &str) -> u64 {
    house.desk().search(&house.officer, query, search::Page::default()).await.unwrap().total
}

#[track_caller]
fn says(error: &DeskError, words: &str) {
    assert!(error.to_string().contains(words), "{error}");
}

async fn a_field_is_decided_by_two_persons_and_used_like_any_other(house: House) {
    let desk = house.desk();
    let refused = desk.propose_local_field(&house.officer, &fleet_note()).await.unwrap_err();
    assert!(matches!(refused, DeskError::Refused(_)), "{refused}");
    let proposed = desk.propose_local_field(&house.protector, &fleet_note()).await.unwrap();
    assert_eq!((proposed.id.as_str(), proposed.field.number), ("LF-1", 10_000));
    says(&desk.approve_local_field(&house.protector, "LF-1").await.unwrap_err(), "a second person must");
    says(&desk.propose_local_field(&house.administrator, &fleet_note()).await.unwrap_err(), "name: ");
    let refused = desk.approve_local_field(&house.administrator, "LF-1").await.unwrap_err();
    assert!(matches!(refused, DeskError::Refused(_)), "{refused}");
    assert_eq!(Fields::of(&vehicle::KIND).named("local.fleet-note").map(|decl| decl.number), None);
    desk.approve_local_field(&house.reviewer, "lf-1").await.unwrap();

    let made = house.make(&vehicle::KIND, car(1), Labels::default()).await.unwrap();
    let body = with(1, "local.fleet-note", "Quillfeather says that it smokes");
    let changed = desk.change_record(&house.reviewer, edit(&made, body.clone())).await.unwrap();
    let opened = desk.open_record(&house.officer, changed.version.record).await.unwrap();
    assert_eq!(editable(&opened), body);
    let lines = show::lines(&vehicle::KIND, &editable(&opened));
    let line = lines.iter().find(|line| line.field == "local.fleet-note").unwrap();
    assert_eq!((line.label.as_str(), line.class), ("Fleet note", "opinion"));
    let texts = form::texts(Fields::of(&vehicle::KIND), &body);
    assert_eq!(texts["local.fleet-note"], "Quillfeather says that it smokes");
    assert_eq!(form::body_of(Fields::of(&vehicle::KIND), &car(1), &texts), Ok(body.clone()));

    let history = desk.open_history(&house.officer, changed.version.record).await.unwrap();
    let history: Vec<Body> = history.iter().map(editable).collect();
    let told = compare::differences(&vehicle::KIND, &history[0], &history[1]);
    assert_eq!((told[0].field.as_str(), told[0].label.as_str()), ("local.fleet-note", "Fleet note"));

    for query in ["quillfeather smokes", "local.fleet-note:quillfeather", "local.fleet-note:\"it smokes\""] {
        assert_eq!(found(&house, query).await, 1, "{query}");
    }
    assert_eq!(found(&house, "local.fleet-note:ford").await, 0);
    let secret = with(2, "local.fleet-note", "Quillfeather again");
    let secret = house.make(&vehicle::KIND, secret, restricted(true)).await.unwrap();
    assert_eq!(found(&house, "local.fleet-note:quillfeather").await, 1, "the officer knows of one");
    let refused = desk.open_record(&house.officer, secret.version.record).await.unwrap_err();
    assert!(matches!(refused, DeskError::NotFound), "{refused}");

    is_treated_by_its_legal_class();
    let list = desk.local_fields(&house.protector).await.unwrap();
    assert_eq!(list[0].stands(jiff::civil::date(2999, 1, 1)), Stands::Counts);
}

/// Access request, record of processing, help and schema: all by the class that it was declared with.
fn is_treated_by_its_legal_class() {
    let decl = vehicle::KIND.field_named("local.fleet-note").unwrap();
    assert_eq!(decl.about, model::About::Linked("keeper"));
    assert!(!Fields::of(&vehicle::KIND).may_disclose(decl), "a reviewer reads it before it is given");
    let row = processing_record::row(&vehicle::KIND);
    assert!(row.data.contains(&"Fleet note".to_owned()) && row.subjects.contains(&"keeper".to_owned()));
    let help = help::page(&vehicle::KIND);
    assert!(
        help.contains("**Fleet note** (`local.fleet-note`)") && help.contains("the force's own"),
        "{help}"
    );
    let schema = schema::json_schema(&vehicle::KIND);
    assert_eq!(schema["properties"]["local.fleet-note"]["x-class"], "opinion");
}

async fn a_field_that_ended_takes_nothing_new_and_keeps_what_it_has(house: House) {
    let desk = house.desk();
    let id = declared(&house, &fleet_note()).await;
    let body = with(1, "local.fleet-note", "Quillfeather");
    let made = house.make(&vehicle::KIND, body.clone(), Labels::default()).await.unwrap();
    says(&desk.end_local_field(&house.administrator, &id, None, " ").await.unwrap_err(), "why: ");
    let ended = desk.end_local_field(&house.administrator, &id, None, "the pilot is over").await.unwrap();
    assert!(ended.ended.is_some());
    says(
        &desk.end_local_field(&house.administrator, &id, None, "again").await.unwrap_err(),
        "nothing to end",
    );

    let new = with(2, "local.fleet-note", "something new");
    let told = house.make(&vehicle::KIND, new, Labels::default()).await.unwrap_err();
    says(&told, "leave it as it was");
    let other = with(1, "local.fleet-note", "something else");
    says(&desk.change_record(&house.reviewer, edit(&made, other)).await.unwrap_err(), "leave it as it was");
    let mut beside = body.clone();
    json::set_from_text(&vehicle::KIND, &mut beside, "model", "Transit").unwrap();
    let kept = desk.change_record(&house.reviewer, edit(&made, beside.clone())).await.unwrap();
    let opened = desk.open_record(&house.officer, kept.version.record).await.unwrap();
    assert_eq!(editable(&opened), beside);
    assert_eq!(found(&house, "local.fleet-note:quillfeather").await, 1);
    desk.change_record(&house.reviewer, edit(&kept, car(1))).await.unwrap();
    assert_eq!(found(&house, "local.fleet-note:quillfeather").await, 0, "it may be taken away");
    says(&desk.propose_local_field(&house.protector, &fleet_note()).await.unwrap_err(), "never given again");
}

async fn an_answer_is_erased_like_that_of_any_other_field(house: House) {
    let desk = house.desk();
    declared(&house, &fleet_note()).await;
    let body = with(1, "local.fleet-note", "Quillfeather the younger");
    let made = house.make(&vehicle::KIND, body, Labels::default()).await.unwrap();
    let record = made.version.record;
    let part = Part::Field("local.fleet-note");
    let planned = desk.plan_erasure(&house.reviewer, record, part, "DPA 2018 s.47(1)(a)").await.unwrap();
    desk.approve_erasure(&house.protector, &planned.id).await.unwrap();
    let done = desk.run_erasure(&house.reviewer, &planned.id).await.unwrap();
    assert_eq!(done.state.word(), "done");
    let opened = desk.open_record(&house.officer, record).await.unwrap();
    assert_eq!(opened.not_held(10_000), Some(NotHeld::Erased));
    assert_eq!(found(&house, "local.fleet-note:quillfeather").await, 0);
    assert_eq!(found(&house, &reference(&made)).await, 1, "the rest of the record stays");
}

async fn a_needed_field_counts_what_was_written_before(house: House) {
    let desk = house.desk();
    house.vehicle(1, Labels::default()).await;
    house.vehicle(2, restricted(false)).await;
    declared(&house, &FieldAsked { needed: true, ..fleet_note() }).await;
    filed(&house).await;
    house.make(&vehicle::KIND, with(3, "local.fleet-note", "It smokes"), Labels::default()).await.unwrap();
    let figures = desk.completeness(&house.reviewer, &vehicle::KIND, &Ask::default()).await.unwrap();
    let row = figures.rows.iter().find(|row| row.rule == "local.fleet-note").unwrap();
    assert_eq!((row.records, row.missing, row.answered), (3, 2, 1));
    assert_eq!(row.law, "Force policy 12");
    assert_eq!(found(&house, "missing:local.fleet-note").await, 1, "the officer may not list the other");
    let drift = desk.check_completeness(&house.reviewer, &vehicle::KIND).await.unwrap();
    assert_eq!(drift, []);
}

async fn filed(house: &House) {
    for _ in 0..500 {
        if house.desk().local_fields_are_filed().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the records were not filed anew");
}

fn areas(codes: &str) -> ListAsked {
    ListAsked {
        name: "patrol-area".into(),
        title: "Patrol area".into(),
        source: "Neighbourhood plan 2026".into(),
        sure: "force policy".into(),
        codes: read_codes(codes).unwrap(),
    }
}

async fn a_code_list_is_decided_by_two_persons_and_keeps_its_codes(house: House) {
    let desk = house.desk();
    let area = FieldAsked {
        name: "patrol-area".into(),
        label: "Patrol area".into(),
        sort: "code".into(),
        list: "local.patrol-area".into(),
        about: "event".into(),
        class: "fact".into(),
        reviewed: false,
        ..fleet_note()
    };
    says(&desk.propose_local_field(&house.administrator, &area).await.unwrap_err(), "list: ");
    let list =
        desk.propose_local_list(&house.protector, &areas("north | North bank\nsouth | South bank")).await;
    let list = list.unwrap();
    says(&desk.approve_local_list(&house.protector, &list.id).await.unwrap_err(), "a second person must");
    desk.approve_local_list(&house.reviewer, &list.id).await.unwrap();
    declared(&house, &area).await;
    let body = with(1, "local.patrol-area", "North bank");
    let made = house.make(&vehicle::KIND, body, Labels::default()).await.unwrap();
    let opened = desk.open_record(&house.officer, made.version.record).await.unwrap();
    let lines = show::lines(&vehicle::KIND, &editable(&opened));
    assert!(lines.iter().any(|line| line.text == "North bank"), "{lines:?}");
    for query in ["local.patrol-area:north", "local.patrol-area:\"north bank\""] {
        assert_eq!(found(&house, query).await, 1, "{query}");
    }
    let unknown = desk.search(&house.officer, "local.patrol-area:east", search::Page::default()).await;
    says(&unknown.err().unwrap(), "has no value “east”");

    let lost = desk.propose_local_list(&house.protector, &areas("south | South bank")).await;
    says(&lost.unwrap_err(), "cannot be taken away");
    let more = areas("north | North bank | | 2020-12-31\nsouth | South bank\nwest | West end");
    let more = desk.propose_local_list(&house.protector, &more).await.unwrap();
    desk.refuse_local_list(&house.reviewer, &more.id, "not agreed").await.unwrap();
    says(&desk.approve_local_list(&house.reviewer, &more.id).await.unwrap_err(), "was refused by reviewer");
}

async fn what_a_force_declared_counts_after_a_new_start(house: House) {
    declared(&house, &FieldAsked { needed: true, ..fleet_note() }).await;
    house.make(&vehicle::KIND, with(1, "local.fleet-note", "It smokes"), Labels::default()).await.unwrap();
    let house = house.begun_again().await;
    assert_eq!(found(&house, "local.fleet-note:smokes").await, 1);
    let second = FieldAsked { name: "second".into(), label: "Second".into(), ..fleet_note() };
    let proposed = house.desk().propose_local_field(&house.administrator, &second);
    assert_eq!(proposed.await.unwrap().field.number, 10_001);
    let refused = house.desk().refuse_local_field(&house.protector, "LF-2", "not needed").await.unwrap();
    assert_eq!(refused.stands(jiff::civil::date(2999, 1, 1)), Stands::Refused);
    says(&house.desk().approve_local_field(&house.reviewer, "LF-2").await.unwrap_err(), "was refused by");
}
