use super::*;
use std::collections::BTreeSet;

fn drawn(origin: &str, count: u64) -> Vec<Given> {
    let names = Names::committed().unwrap();
    let found = names.origins().find(|found| found.id == origin).unwrap();
    let person = |at: u64| {
        let mut random = Random::numbered(1, origin, &[at]);
        let line = Line::new(&names, found, &mut random);
        let who = Who {
            born: 1950 + (at % 70) as i16,
            is_female: at.is_multiple_of(2),
            is_child: at.is_multiple_of(3),
        };
        line.name(&mut random, who)
    };
    (0..count).map(person).collect()
}

#[test]
fn every_origin_names_everybody() {
    let names = Names::committed().unwrap();
    let list = model::codes::list("self-defined-ethnicity").unwrap();
    for origin in names.origins() {
        for given in drawn(&origin.id, 200) {
            assert!(!given.surname.trim().is_empty(), "{}: {given:?}", origin.id);
            assert!(!given.forenames.contains("  ") && given.forenames.trim() == given.forenames);
        }
        let mut random = Random::new(1);
        assert!((0..50).all(|_| list.code(origin.ethnicity(&mut random)).is_some()), "{}", origin.id);
    }
    assert!(names.origins().count() >= 35);
}

#[test]
fn the_spellings_of_real_names_occur() {
    let all: Vec<Given> = [
        "british",
        "polish",
        "east-asian-and-burmese",
        "mandarin",
        "sinhalese",
        "south-indian-tamil",
        "lithuanian",
        "portuguese-brazilian",
        "sikh",
        "french-german-dutch-nordic",
    ]
    .iter()
    .flat_map(|origin| drawn(origin, 3_000))
    .collect();
    let some = |what: &str, is: &dyn Fn(&Given) -> bool| assert!(all.iter().any(is), "no {what}");
    some("apostrophe", &|given| given.surname.contains('\''));
    some("hyphen", &|given| given.surname.contains('-'));
    some("hyphen in a forename", &|given| given.forenames.contains('-'));
    some("particle", &|given| given.surname.starts_with("van der ") || given.surname.starts_with("da "));
    some("one letter", &|given| given.surname.chars().count() == 1);
    some("initial", &|given| given.forenames.chars().count() == 1);
    some("one name only", &|given| given.forenames.is_empty());
    some("very long name", &|given| given.surname.chars().count() > 24);
    some("letter beyond ASCII", &|given| !given.surname.is_ascii());
    some("daughter’s ending", &|given| given.surname.ends_with("aitė"));
    some("woman’s ending", &|given| given.surname.ends_with("ska"));
}

#[test]
fn surnames_are_many_and_unequal() {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for given in drawn("british", 20_000) {
        *counts.entry(given.surname).or_default() += 1;
    }
    let smith = counts.get("Smith").copied().unwrap_or(0);
    assert!((150..500).contains(&smith), "{smith}");
    let once = counts.values().filter(|count| **count <= 2).count();
    assert!(counts.len() > 3_000 && once > 1_500, "{} {once}", counts.len());
}

#[test]
fn forenames_follow_the_decade_of_birth() {
    let names = Names::committed().unwrap();
    let drawn = |born: i16| -> BTreeSet<String> {
        let mut random = Random::new(3);
        (0..300).map(|_| names.british_forename(&mut random, born, true).to_owned()).collect()
    };
    assert!(drawn(1925).contains("Doris") && !drawn(2015).contains("Doris"));
    assert!(drawn(2015).contains("Poppy") && !drawn(1925).contains("Poppy"));
    assert!(!drawn(1890).is_empty() && !drawn(2050).is_empty());
}

#[test]
fn variants_lead_back_and_nicknames_are_known() {
    let names = Names::committed().unwrap();
    for name in ["Mohammed", "Niamh", "Smyth", "Kathryn"] {
        let others = names.variants(name);
        assert!(!others.is_empty(), "{name}");
        assert!(
            others.iter().all(|other| other != name && names.variants(other).iter().any(|back| back == name))
        );
    }
    assert!(names.nicknames("William").iter().any(|name| name == "Bill"));
    assert_eq!(names.nicknames("Zebedee"), [""; 0]);
}
