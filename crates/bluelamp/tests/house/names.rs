//! Any name that a person may have can be written, and its author finds it at once; and no text,
//! however odd, makes the door fall over.

use crate::support::House;
use desk::clock::MachineClock;
use desk::{Deployment, DeskError, Session};
use model::Labels;
use model::body::Body;
use model::derived::json::set_from_text;
use model::kinds::nominal;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use search::Page;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Names as people have them, and as their keyboards and forms write them.
const NAMES: &[&str] = &[
    "O'Brien",
    "O’Brien",
    "Ó Briain",
    "Smith-Jones",
    "Nguyễn Thị",
    "李小龙",
    "محمد",
    "D’Arcy-Ñuñez",
    "X",
    "Ng",
    "Ö",
    "van der Berg",
    "de la Cruz y García",
    "Þórðarson",
    "Škoda",
    "Łukasz",
    "Đặng",
    "Müller",
    "Mueller",
    "Straße",
    "Ἀριστοτέλης",
    "Владимирович",
    "Ołeksandra",
    "ქეთევან",
    "Հայկ",
    "김민준",
    "たなか",
    "タナカ",
    "田中",
    "สมชาย",
    "प्रिया",
    "প্রিয়া",
    "தமிழ்செல்வன்",
    "ഗോപാലകൃഷ്ണൻ",
    "שרה",
    "می‌خواهم",
    "ḤASAN",
    "Zoe\u{308}",
    "Zoë",
    "Null",
    "None",
    "Test",
    "Admin",
    "And",
    "Or",
    "Not",
    "Mac Giolla Phádraig",
    "St. John",
    "Keihanaikukauakahihuliheekahaunaele",
    "Kā'eo",
    "N!xau",
    "Jean-Luc",
    "Ai",
    "Ô",
    "K'naan",
    "Jr.",
    "a\u{200d}b",
    "Ａｎｎａ",
];

/// An open door, and somebody who writes people's names.
struct Desk {
    runtime: Runtime,
    deployment: Deployment,
    who: Session,
    _house: House,
}

impl Desk {
    fn new() -> Self {
        let house = House::new();
        let officer = house.add("PC 1234", "officer", &[]);
        let runtime = Runtime::new().unwrap();
        let deployment = runtime.block_on(Deployment::open(&house.data(), Arc::new(MachineClock))).unwrap();
        let who = runtime.block_on(deployment.desk.sign_in(officer.token())).unwrap().unwrap();
        Self { runtime, deployment, who: who.for_purpose("patrol"), _house: house }
    }

    /// Writes a nominal with one field and says that it reads back, word for word.
    fn write(&self, field: &str, text: &str) -> model::RecordId {
        let mut body = Body::default();
        set_from_text(&nominal::KIND, &mut body, field, text)
            .unwrap_or_else(|problem| panic!("{text:?}: {problem:?}"));
        let desk = &self.deployment.desk;
        let written = self.runtime.block_on(desk.create_record(
            &self.who,
            &nominal::KIND,
            body.clone(),
            Labels::default(),
        ));
        let record = written.unwrap_or_else(|error| panic!("{text:?}: {error}")).version.record;
        let plain = self.runtime.block_on(desk.open_record(&self.who, record)).unwrap();
        assert_eq!(desk::record::editable(&plain), body, "{text:?}");
        record
    }

    fn search(&self, query: &str) -> Result<Vec<model::RecordId>, DeskError> {
        let page = Page { offset: 0, limit: 100 };
        let answers = self.runtime.block_on(self.deployment.desk.search(&self.who, query, page))?;
        Ok(answers.found.iter().map(|found| found.record).collect())
    }

    fn finds(&self, query: &str, record: model::RecordId) {
        let found = self.search(query).unwrap_or_else(|error| panic!("{query:?}: {error}"));
        assert!(found.contains(&record), "{query:?} does not find what was just written");
    }
}

#[test]
fn names_that_people_have_are_written_and_found_at_once() {
    let desk = Desk::new();
    let long = "Wolfeschlegelsteinhausenbergerdorff".repeat(6);
    let long: String = long.chars().take(200).collect();
    for name in NAMES.iter().copied().chain([long.as_str()]) {
        let record = desk.write("names[1].surname", name);
        desk.finds(&format!("surname:\"{name}\""), record);
        desk.finds(&format!("\"{name}\""), record);
    }
    let record = desk.write("names[1].forenames", "Teller");
    desk.finds("forenames:Teller", record);
}

#[test]
fn a_name_is_found_without_its_accents_and_in_any_case() {
    let desk = Desk::new();
    for (name, query) in [
        ("Nuñez", "nunez"),
        ("NGUYỄN", "nguyen"),
        ("Müller", "MULLER"),
        ("Zoe\u{308}", "zoë"),
        ("D’Arcy", "d'arcy"),
    ] {
        let record = desk.write("names[1].surname", name);
        desk.finds(&format!("surname:{query}"), record);
    }
}

/// Letters and marks of many scripts, with what stands between the parts of names.
fn some_name() -> impl Strategy<Value = String> {
    "[\\p{L}][\\p{L}\\p{M}]{0,12}([ '’.-][\\p{L}][\\p{L}\\p{M}]{0,12}){0,3}"
        .prop_filter("no space alone", |name| !name.trim().is_empty())
}

fn cases(count: u32) -> TestRunner {
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn any_name_of_letters_is_written_and_found_at_once() {
    let desk = Desk::new();
    cases(60)
        .run(&some_name(), |name| {
            let record = desk.write("names[1].surname", &name);
            desk.finds(&format!("surname:\"{name}\""), record);
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_note_is_kept_word_for_word() {
    let desk = Desk::new();
    let note = prop_oneof!["\\PC{1,400}", "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\s]{1,400}"];
    let note = note.prop_filter("something is said", |note| {
        !note.trim().is_empty() && !note.trim().starts_with("not-held:")
    });
    cases(60)
        .run(&note, |note| {
            desk.write("description", &note);
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_query_is_answered_or_refused_with_the_place_in_it() {
    let desk = Desk::new();
    desk.write("names[1].surname", "Okonjo");
    let words = "(surname:|at:|kind:|missing:|is:|age:|\"|\\(|\\)|-|NOT |OR |\\*|\\.\\.|>=|<|[a-z]{1,5} |[0-9]{1,5}|\\PC){1,20}";
    cases(300)
        .run(&prop_oneof![words, "\\PC{0,80}"], |query| {
            match desk.search(&query) {
                Ok(_) => {}
                Err(DeskError::Unusable(told)) => {
                    prop_assert!(told.starts_with("character "), "{query:?}: {told}")
                }
                Err(other) => prop_assert!(false, "{query:?}: {other}"),
            }
            Ok(())
        })
        .unwrap();
    // And the door stands as before.
    let record = desk.write("names[1].surname", "Adeyemi");
    desk.finds("surname:Adeyemi", record);
}
