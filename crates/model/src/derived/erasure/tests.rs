use super::*;
use crate::field::{Code, Identifier, Instant};
use crate::kinds::{crime, nominal, stop_and_search as stop};

fn texts(tokens: &[Vec<u8>]) -> Vec<&str> {
    tokens.iter().filter_map(|token| std::str::from_utf8(token).ok()).collect()
}

fn stop_body() -> Body {
    let mut origin = Body::default();
    origin
        .set(provenance::FILE, "2023-06-metropolitan-stop-and-search.csv".to_owned())
        .set(provenance::LINE, 7);
    let mut body = Body::default();
    body.set(stop::AT, Instant(1_685_577_600_000_000))
        .set(stop::GROUNDS, "Seen by Mr O’Neill behind Wetherby Arcade; police record".to_owned())
        .set(stop::VRM, Identifier("ab12 cde".into()))
        .set(stop::OUTCOME, Code("arrest".into()))
        .set(stop::AGE, 15)
        .set(stop::PROVENANCE, vec![origin]);
    body
}

#[test]
fn words_identifiers_and_encodings_are_looked_for() {
    let tokens = tokens(&stop::KIND, &stop_body(), None);
    let texts = texts(&tokens);
    for expected in ["Wetherby", "wetherby", "Arcade", "ab12 cde", "AB12CDE", "O’Neill"] {
        assert!(texts.contains(&expected), "{expected}: {texts:?}");
    }
    assert!(tokens.contains(&crate::Value::Identifier("ab12 cde".into()).encode()));
    assert!(tokens.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn what_the_store_holds_anyway_is_not_looked_for() {
    let tokens = tokens(&stop::KIND, &stop_body(), None);
    let texts = texts(&tokens);
    for unexpected in
        ["police", "record", "arrest", "2023-06-metropolitan-stop-and-search.csv", "Mr", "behind "]
    {
        assert!(!texts.contains(&unexpected), "{unexpected}");
    }
    assert!(!tokens.contains(&crate::Value::Instant(1_685_577_600_000_000).encode()));
    assert!(!tokens.contains(&crate::Value::Number(15).encode()));
}

#[test]
fn one_field_gives_its_own_tokens_only() {
    let tokens = tokens(&stop::KIND, &stop_body(), Some(stop::VRM.number()));
    let found = texts(&tokens);
    assert!(found.contains(&"AB12CDE") && !found.contains(&"Wetherby"));
}

#[test]
fn rows_are_looked_into() {
    let mut name = Body::default();
    name.set(nominal::name::SURNAME, "Featherstone".to_owned());
    let mut body = Body::default();
    body.set(nominal::NAMES, vec![name]);
    let tokens = tokens(&nominal::KIND, &body, None);
    assert!(texts(&tokens).contains(&"featherstone"));
}

#[test]
fn a_name_is_looked_for_even_if_it_is_a_common_word() {
    let mut name = Body::default();
    name.set(nominal::name::SURNAME, "Officer".to_owned());
    let mut body = Body::default();
    body.set(nominal::NAMES, vec![name]).set(nominal::DESCRIPTION, "officer".to_owned());
    let whole = tokens(&nominal::KIND, &body, None);
    assert!(texts(&whole).contains(&"Officer"));
    let description = tokens(&nominal::KIND, &body, Some(nominal::DESCRIPTION.number()));
    assert!(!texts(&description).contains(&"officer"));
}

#[test]
fn the_type_of_a_link_stands_in_plain_columns_of_others_and_is_not_looked_for() {
    let mut body = Body::default();
    body.set(link::TYPE, Code("searched-in".to_owned())).set(link::NOTE, "seen by Wetherby".to_owned());
    let tokens = tokens(&link::KIND, &body, None);
    let says_type = |token: &&Vec<u8>| token.windows(11).any(|part| part == b"searched-in");
    assert_eq!(tokens.iter().find(says_type), None);
    assert!(texts(&tokens).contains(&"Wetherby"));
}

#[test]
fn the_plan_names_what_goes_and_what_stays() {
    let lines = plan_lines(&nominal::KIND, None);
    assert!(lines.iter().any(|line| line.contains("Names (fact), each with: Type of name, Forenames")));
    assert!(lines.iter().any(|line| line.contains("Warnings (assessment, sensitive)")));
    assert!(lines.last().is_some_and(|line| line.starts_with("What stays")));
    let lines = plan_lines(&nominal::KIND, Some(nominal::DESCRIPTION.number()));
    assert!(lines[0].contains("Description (opinion)"));
    let lines = plan_lines(&crime::KIND, Some(crime::PLACE.number()));
    assert!(lines.iter().any(|line| line.starts_with("“What each row said” may say the same again")));
    assert_eq!(plan_lines(&nominal::KIND, Some(999)), ["Person has no field 999: nothing would go."]);
}
