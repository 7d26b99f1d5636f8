use super::*;
use crate::body::NotHeld;
use crate::field::{Code, Identifier, Instant};
use crate::kinds::{nominal, stop_and_search as stop};
use jiff::civil::date;

const ON: Date = date(2023, 6, 1);

/// A stop as a publication before February 2024 gives it.
fn published() -> Body {
    let mut origin = Body::default();
    origin
        .set(provenance::FILE, "2023-06-metropolitan-stop-and-search.csv".to_owned())
        .set(provenance::OCCURRENCE, 1);
    let mut body = Body::default();
    body.set(stop::AT, Instant(1_685_577_600_000_000))
        .set(stop::SEARCH_TYPE, Code("person".into()))
        .set(stop::AGE_RANGE, Code("10-17".into()))
        .set_not_held(stop::GROUNDS, NotHeld::NotInSource)
        .set_not_held(stop::MORE_THAN_OUTER, NotHeld::NotInSource)
        .set(stop::PROVENANCE, vec![origin]);
    body
}

fn terms_of(body: &Body) -> Vec<String> {
    document(&stop::KIND, body, ON).terms
}

fn has(body: &Body, term: &str) -> bool {
    terms_of(body).iter().any(|held| held == term)
}

#[test]
fn a_stop_without_coordinates_counts_as_missing_its_place_once() {
    let body = published();
    assert!(has(&body, "applies:place") && has(&body, "missing:place"));
    assert!(has(&body, "not-in-source:more-than-outer") && has(&body, "applies:more-than-outer"));
    assert!(has(&body, "not-in-source:grounds") && !has(&body, "missing:grounds"));
    // Whether more was removed is not in this publication, which is not yes.
    assert!(!has(&body, "applies:place-of-more-thorough-search"));
    let terms = terms_of(&body);
    let distinct: BTreeSet<&String> = terms.iter().collect();
    assert_eq!(distinct.len(), terms.len());
}

#[test]
fn a_child_searched_more_thoroughly_without_coordinates_is_counted_by_each_of_its_rules() {
    let mut body = published();
    body.set(stop::MORE_THAN_OUTER, true);
    for rule in ["place", "place-of-more-thorough-search", "place-of-more-thorough-search-of-child"] {
        assert!(has(&body, &format!("missing:{rule}")), "{rule}");
    }
    body.set(stop::PLACE, Place { latitude: Some(51_500_000), longitude: Some(0), ..Place::default() });
    for rule in ["place", "place-of-more-thorough-search", "place-of-more-thorough-search-of-child"] {
        assert!(has(&body, &format!("applies:{rule}")) && !has(&body, &format!("missing:{rule}")), "{rule}");
    }
    body.set(stop::AGE_RANGE, Code("18-24".into()));
    assert!(!has(&body, "applies:place-of-more-thorough-search-of-child"));
    body.set(stop::PLACE, Place { words: Some("N/A".into()), ..Place::default() });
    assert!(has(&body, "placeholder:place") && !has(&body, "missing:place"));
}

#[test]
fn a_second_identical_row_is_a_possible_repeat() {
    let mut body = published();
    assert!(!has(&body, "possible-repeat"));
    let mut origin = Body::default();
    origin.set(provenance::OCCURRENCE, 2);
    body.set(stop::PROVENANCE, vec![origin]);
    assert!(has(&body, "possible-repeat"));
}

#[test]
fn fields_go_where_their_search_says() {
    let mut name = Body::default();
    name.set(nominal::name::SURNAME, "O’Neill".to_owned()).set(nominal::name::TYPE, Code("alias".into()));
    let mut address = Body::default();
    address.set(
        nominal::address::PLACE,
        Place { words: Some("1 High Street".into()), postcode: Some("sw1a1aa".into()), ..Place::default() },
    );
    let mut body = Body::default();
    body.set(nominal::NAMES, vec![name])
        .set(nominal::ADDRESSES, vec![address])
        .set(nominal::PNC_ID, Identifier("20/9N".into()));
    let document = document(&nominal::KIND, &body, ON);
    let pair = |field: &str, text: &str| (field.to_owned(), text.to_owned());
    assert_eq!(document.names, [pair("names.surname", "O’Neill")]);
    assert_eq!(document.words, [pair("addresses.place", "1 High Street")]);
    assert_eq!(
        document.exact,
        [
            pair("names.type", "alias"),
            pair("addresses.place.postcode", "SW1A 1AA"),
            pair("pnc-id", "2020/0000009N"),
            pair("pnc-id", "20/0000009N"),
        ]
    );
    assert_eq!(document.places.len(), 1);
}

#[test]
fn a_registration_mark_is_found_under_its_look_alikes() {
    let mut body = published();
    body.set(stop::VRM, Identifier("ab12 cde".into()));
    let exact = document(&stop::KIND, &body, ON).exact;
    assert!(exact.contains(&("vrm".to_owned(), "AB12CDE".to_owned())));
    assert!(exact.contains(&("vrm.look-alike".to_owned(), "A812CDE".to_owned())));
}
