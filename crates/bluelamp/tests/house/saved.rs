//! Saved searches and alerts: who is told of what, once, and never of what they may not know of.

use crate::support::{House, Person, Store, on_both_stores};
use desk::clock::{Clock, MachineClock, moment_text};
use desk::notices::Notice;
use desk::saved::NewSearch;
use desk::{Deployment, Session};
use model::body::Body;
use model::derived::json::set_from_text;
use model::kinds::nominal;
use model::{Labels, RecordId};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

fn nominal(by: &Person, surname: &str, labels: &[&str]) -> String {
    let surname = format!("names[1].surname={surname}");
    let new = ["new", "nominal", &surname, "names[1].forenames=Ottoline", "--json"];
    by.run(&[&new[..], labels].concat()).good().json()["ref"].as_str().unwrap().to_owned()
}

fn alerts(person: &Person) -> Vec<(String, String)> {
    let told = person.run(&["notices", "list", "--json"]).good().json();
    let notices = told["notices"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    notices.iter().map(|notice| (text(&notice["what"]), text(&notice["ref"]))).collect()
}

fn references(person: &Person) -> Vec<String> {
    alerts(person).into_iter().map(|(_, reference)| reference).collect()
}

on_both_stores! {
    an_alert_is_told_once_for_each_version_and_over_restarts
    a_search_is_kept_run_listed_and_removed_by_its_owner_alone
    a_search_is_changed_by_its_owner_alone_and_alerts_as_it_then_asks
    an_erasure_takes_searches_that_say_it_and_alerts_about_it
}

fn an_alert_is_told_once_for_each_version_and_over_restarts(store: Store) {
    let house = House::on(store);
    let (officer, other) = (house.add("PC 1", "officer", &[]), house.add("PC 2", "officer", &[]));
    let before = nominal(&other, "Quillfeather", &[]);
    officer.run(&["saved", "add", "Quill", "quillfeather", "--alert"]).good().says(&["S-1", "with alerts"]);
    // Each command is a start and an end of the whole.
    assert_eq!(alerts(&officer), [], "what was there before tells nothing");
    let first = nominal(&other, "Quilfeather", &[]);
    nominal(&other, "Marmaduke", &[]);
    let told = alerts(&officer);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1, first, "a letter wrong is near enough");
    assert!(told[0].0.contains("S-1 “Quill”"), "{told:?}");
    assert_eq!(alerts(&other), []);
    let correct = ["correct", &before, "description=a scar", "--reason", "seen today"];
    other.run(&correct).good();
    assert_eq!(references(&officer), [first.clone(), before.clone()]);
    // The reading is a consultation of the record, for the purpose of the search.
    let touched = house.auditor().run(&["ledger", "who-touched", &first, "--json"]).good().json();
    let consulted = |row: &Value| row["actor"] == "PC 1" && row["query"] == "quillfeather";
    assert!(touched["touches"].as_array().unwrap().iter().any(consulted), "{touched}");
    let told = officer.run(&["notices", "list", "--json"]).good().json();
    for notice in told["notices"].as_array().unwrap() {
        officer.run(&["notices", "dismiss", notice["id"].as_str().unwrap()]).good();
    }
    house.administrator().run(&["rebuild-index"]).good();
    assert_eq!(alerts(&officer), [], "a new index tells nothing again");
    house.all_is_well();
}

fn a_search_is_kept_run_listed_and_removed_by_its_owner_alone(store: Store) {
    let house = House::on(store);
    let (officer, other) = (house.add("PC 1", "officer", &[]), house.add("PC 2", "officer", &[]));
    let add = ["saved", "add", "Quill", "surname:quillfeather"];
    officer.without_purpose().run(&add).fails(&["purpose: say what the search is kept for"]);
    officer.run(&["saved", "add", "Quill", "surname:("]).fails(&["character"]);
    officer.run(&["saved", "add", " ", "quill"]).fails(&["name:"]);
    officer.run(&[&add[..], &["--until", "2020-01-01"]].concat()).fails(&["until:", "366 days"]);
    house.auditor().run(&add).fails(&["do not allow “keep-searches”"]);
    officer.run(&add).good();
    let reference = nominal(&other, "Quillfeather", &[]);
    assert_eq!(alerts(&officer), [], "no alert was asked for");
    officer.without_purpose().run(&["saved", "run", "s-1"]).good().says(&[&reference]);
    let kept = officer.run(&["saved", "list", "--json"]).good().json();
    let first = &kept["searches"][0];
    assert_eq!((&first["id"], &first["query"]), (&json!("S-1"), &json!("surname:quillfeather")));
    assert_eq!((&first["purpose"], &first["alert"]), (&json!("inquiry 17"), &json!(false)));
    assert_eq!(other.run(&["saved", "list", "--json"]).good().json()["searches"], json!([]));
    for command in ["run", "remove"] {
        other.run(&["saved", command, "S-1"]).fails(&["you keep no search “S-1”"]);
    }
    officer.run(&["saved", "remove", "S-1"]).good();
    officer.run(&["saved", "run", "S-1"]).fails(&["you keep no search"]);
    house.all_is_well();
}

fn a_search_is_changed_by_its_owner_alone_and_alerts_as_it_then_asks(store: Store) {
    let house = House::on(store);
    let (officer, other) = (house.add("PC 1", "officer", &[]), house.add("PC 2", "officer", &[]));
    let change = |changes: &[&str]| officer.run(&[&["saved", "change", "S-1"][..], changes].concat());
    officer.run(&["saved", "add", "Quill", "quillfeather"]).good();
    let before = nominal(&other, "Quillfeather", &[]);
    other.run(&["saved", "change", "S-1", "--name", "mine"]).fails(&["you keep no search “S-1”"]);
    change(&["--query", "surname:("]).fails(&["character"]);
    change(&["--until", "2020-01-01"]).fails(&["until:", "366 days"]);
    change(&["--name", "Quill"]).fails(&["S-1 is as you ask for"]);
    change(&["--name", "Feather", "--alert"]).good().says(&["Feather, with alerts", "quillfeather"]);
    assert_eq!(alerts(&officer), [], "what came in before it alerted");
    let met = nominal(&other, "Quillfeather", &[]);
    assert_eq!(references(&officer), std::slice::from_ref(&met));
    change(&["--query", "marmaduke OR quillfeather"]).good().says(&["marmaduke"]);
    let both = nominal(&other, "Marmaduke", &[]);
    let told = alerts(&officer);
    assert_eq!(told.iter().map(|(_, reference)| reference).collect::<Vec<_>>(), [&met, &both]);
    assert!(told[0].0.contains("S-1 “Feather”") && told[1].0.contains("S-1.2 “Feather”"), "{told:?}");
    // Each alert is entered with the query that was met.
    let query_of = |reference: &str| {
        let touched = house.auditor().run(&["ledger", "who-touched", reference, "--json"]).good().json();
        let rows = touched["touches"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["actor"] == "PC 1").unwrap()["query"].clone()
    };
    assert_eq!(query_of(&met), "quillfeather");
    assert_eq!(query_of(&both), "marmaduke OR quillfeather");
    change(&["--no-alert", "--until", &in_days(30)]).good();
    nominal(&other, "Quillfeather", &[]);
    assert_eq!(alerts(&officer).len(), 2, "no alerts are asked for any more");
    // An erasure takes what it told by any of its queries.
    house.reviewer().run(&["erase", "plan", &before, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    house.reviewer().run(&["erase", "run", "E-1"]).good();
    assert_eq!(alerts(&officer), []);
    assert_eq!(officer.run(&["saved", "list", "--json"]).good().json()["searches"], json!([]));
    house.all_is_well();
}

/// A day so many days from now.
fn in_days(days: i64) -> String {
    moment_text(MachineClock.now() + days * 86_400_000_000)[..10].to_owned()
}

fn an_erasure_takes_searches_that_say_it_and_alerts_about_it(store: Store) {
    let house = House::on(store);
    let officer = house.add("PC 1", "officer", &[]);
    let searches = [("Q", "quillfeather OR thistlewood"), ("M", "marmaduke"), ("all", "kind:nominal")];
    for (name, query) in searches {
        officer.run(&["saved", "add", name, query, "--alert"]).good();
    }
    let (gone, stays) = (nominal(&officer, "Quillfeather", &[]), nominal(&officer, "Marmaduke", &[]));
    let other = nominal(&officer, "Thistlewood", &[]);
    assert_eq!(alerts(&officer).len(), 6);
    let reviewer = house.reviewer();
    reviewer
        .run(&["erase", "plan", &gone, "--ground", "DPA 2018 s.47(1)(a)"])
        .good()
        .says(&["Saved searches"]);
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    reviewer.run(&["erase", "run", "E-1"]).good();
    let kept = officer.run(&["saved", "list", "--json"]).good().json();
    let names: Vec<&Value> = kept["searches"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("M"), &json!("all")]);
    // What the search told of somebody else says the erased name as well.
    assert_eq!(references(&officer), [stays.clone(), stays, other]);
    house.all_is_well();
}

#[test]
fn an_erasure_takes_searches_for_a_former_name_however_they_are_narrowed() {
    let house = House::new();
    let officer = house.add("PC 1", "officer", &[]);
    let gone = nominal(&officer, "Windlestraw", &[]);
    let married = ["correct", &gone, "names[1].surname=Quillfeather", "--reason", "married"];
    officer.run(&married).good();
    let searches =
        [("former", "surname:windlestraw kind:stop-and-search at:2024"), ("other", "surname:marmaduke")];
    for (name, query) in searches {
        officer.run(&["saved", "add", name, query]).good();
    }
    house.reviewer().run(&["erase", "plan", &gone, "--ground", "DPA 2018 s.47(1)(a)"]).good();
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    house.reviewer().run(&["erase", "run", "E-1"]).good();
    let kept = officer.run(&["saved", "list", "--json"]).good().json();
    let names: Vec<&Value> = kept["searches"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, [&json!("other")]);
    house.all_is_well();
}

#[test]
fn who_was_locked_out_is_told_nothing_and_a_tightened_label_withholds_what_was_told() {
    let house = House::new();
    let (officer, leaver) = (house.add("PC 1", "officer", &[]), house.add("PC 2", "officer", &[]));
    let owner = house.add("DS 3", "officer", &["op-lantern"]);
    for person in [&officer, &leaver] {
        person.run(&["saved", "add", "Quill", "quillfeather", "--alert"]).good();
    }
    leaver.run(&["saved", "add", "mine", "marmaduke", "--alert"]).good();
    house.administrator().run(&["users", "lock", "PC 2"]).good();
    let reference = nominal(&owner, "Quillfeather", &[]);
    assert_eq!(references(&officer), std::slice::from_ref(&reference));
    nominal(&owner, "Marmaduke", &[]);
    let label = ["label", &reference, "--group", "op-lantern", "--covert", "--reason", "source at risk"];
    owner.run(&label).good();
    assert_eq!(alerts(&officer), [], "what they may not know of any more");
    let told = alerts(&owner);
    assert_eq!(told.len(), 1, "the owner of the covert record hears of the search: {told:?}");
    assert!(told[0].0.contains("covert record"), "{told:?}");
    let unlocked = house.administrator().run(&["users", "unlock", "PC 2", "--json"]).good().json();
    let leaver = house.person(unlocked["token"].as_str().unwrap());
    assert_eq!(alerts(&leaver), [], "nothing of the time in which they were locked out");
    house.all_is_well();
}

#[test]
fn a_broad_search_says_how_many_more_came_in_at_once() {
    let house = House::new();
    let officer = house.add("PC 1", "officer", &[]);
    officer.run(&["saved", "add", "stops", "kind:stop-and-search", "--alert"]).good();
    let (published, written) = house.publish(&crate::support::plan(300));
    house.administrator().run(&["intake", "data-police-uk", &crate::support::text(&published)]).good();
    let told = officer.run(&["notices", "list", "--json"]).good().json();
    let notices = told["notices"].as_array().unwrap();
    let more: u64 = notices.iter().map(|notice| notice["alert"]["more"].as_u64().unwrap()).sum();
    assert_eq!(notices.len() as u64 + more, written.good, "nobody is lost");
    assert!(more > 0, "{told}");
}

/// A force with people in and out of two groups, and a desk that stands open.
struct Force {
    runtime: Runtime,
    deployment: Deployment,
    people: Vec<Session>,
    _house: House,
}

const GROUPS: [&[&str]; 4] = [&[], &["lantern"], &["harrow"], &["lantern", "harrow"]];

impl Force {
    fn new() -> Self {
        let house = House::new();
        let accounts: Vec<Person> = (0..)
            .zip(GROUPS)
            .map(|(number, groups): (u32, _)| house.add(&format!("PC {number}"), "officer", groups))
            .collect();
        let runtime = Runtime::new().unwrap();
        let deployment = runtime.block_on(Deployment::open(&house.data(), Arc::new(MachineClock))).unwrap();
        let sign_in = |account: &Person| {
            let who = runtime.block_on(deployment.desk.sign_in(account.token())).unwrap().unwrap();
            who.for_purpose("inquiry 17")
        };
        let people = accounts.iter().map(sign_in).collect();
        Self { people, deployment, runtime, _house: house }
    }

    fn save(&self, who: &Session, name: &str, query: &str) {
        let new = NewSearch { name, query, alert: true, until: None };
        self.runtime.block_on(self.deployment.desk.save_search(who, new)).unwrap();
    }

    fn write(&self, who: &Session, surname: &str, labels: Labels) -> RecordId {
        let mut body = Body::default();
        set_from_text(&nominal::KIND, &mut body, "names[1].surname", surname).unwrap();
        let made = self.deployment.desk.create_record(who, &nominal::KIND, body, labels);
        self.runtime.block_on(made).unwrap().version.record
    }

    fn told(&self, who: &Session) -> Vec<Notice> {
        let notices = self.runtime.block_on(self.deployment.desk.notices(who)).unwrap();
        notices.into_iter().filter(|notice| notice.alert.is_some()).collect()
    }

    /// Waits until alerts have followed to here: a record that everybody may know of and watches for.
    fn settle(&self) {
        let marker = self.write(&self.people[0], "Waymarker", Labels::default());
        let until = Instant::now() + Duration::from_secs(20);
        while !self.people.iter().all(|who| self.told(who).iter().any(|notice| notice.record == marker)) {
            assert!(Instant::now() < until, "alerts do not follow");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn some_labels() -> impl Strategy<Value = (BTreeSet<String>, bool)> {
    let group = prop_oneof![Just("lantern".to_owned()), Just("harrow".to_owned())];
    (proptest::collection::btree_set(group, 0..=2), any::<bool>())
}

#[test]
fn an_alert_tells_nobody_of_a_record_that_they_may_not_know_of() {
    let force = Force::new();
    for who in &force.people {
        force.save(who, "mark", "waymarker");
        force.save(who, "quill", "quillfeather OR marmaduke");
        force.save(who, "all", "kind:nominal");
    }
    let records = proptest::collection::vec((some_labels(), any::<bool>()), 1..6);
    let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
        .run(&records, |records| {
            let mut made = Vec::new();
            for ((groups, covert), is_named) in records {
                let covert = covert && !groups.is_empty();
                let labels = Labels { groups: groups.clone(), covert, ..Labels::default() };
                let surname = if is_named { "Quillfeather" } else { "Thistlewood" };
                made.push((force.write(&force.people[3], surname, labels), groups, is_named));
            }
            force.settle();
            for (who, of) in force.people.iter().zip(GROUPS) {
                let told = force.told(who);
                for (record, groups, is_named) in &made {
                    let may = groups.is_empty() || of.iter().any(|group| groups.contains(*group));
                    let expected = if may { 1 + usize::from(*is_named) } else { 0 };
                    let count = told.iter().filter(|notice| notice.record == *record).count();
                    prop_assert_eq!(count, expected, "{} of {:?}", who.name(), groups);
                }
            }
            Ok(())
        })
        .unwrap();
}
