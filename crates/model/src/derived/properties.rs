//! What must hold for any body of any kind.

use super::testing::{self, kind_and_body};
use super::{compare, erasure, index, json, show, validate};
use crate::value::{PartialDate, Value};
use jiff::civil::date;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn octets_read_back_and_equal_values_have_equal_octets((_, body) in kind_and_body()) {
        let value = Value::Rows(vec![body]);
        let octets = value.encode();
        let back = Value::decode(&octets).unwrap();
        prop_assert_eq!(back.encode(), octets);
        prop_assert_eq!(back, value);
    }

    #[test]
    fn any_octets_are_refused_or_are_the_canonical_ones(octets: Vec<u8>) {
        if let Ok(value) = Value::decode(&octets) {
            prop_assert_eq!(value.encode(), octets);
        }
    }

    #[test]
    fn octets_with_one_changed_never_panic((_, body) in kind_and_body(), at: prop::sample::Index, octet: u8) {
        let mut octets = Value::Rows(vec![body]).encode();
        let at = at.index(octets.len());
        octets[at] = octet;
        if let Ok(value) = Value::decode(&octets) {
            prop_assert_eq!(value.encode(), octets);
        }
    }

    #[test]
    fn json_reads_back((kind, body) in kind_and_body()) {
        let json = json::to_json(kind, &body);
        let text = serde_json::to_string(&json).unwrap();
        let back = json::from_json(kind, &serde_json::from_str(&text).unwrap());
        prop_assert_eq!(back, Ok(body));
    }

    #[test]
    fn nothing_derived_panics_on_any_body((kind, body) in kind_and_body(), (other, foreign) in kind_and_body()) {
        let on = date(2024, 3, 1);
        for body in [&body, &foreign] {
            let _ = validate::problems(kind, body, on);
            let _ = index::document(kind, body, on);
            let _ = show::lines(kind, body);
            let _ = show::summary(kind, body);
            let _ = erasure::tokens(kind, body, None);
            let _ = json::to_json(kind, body);
        }
        let _ = compare::differences(other, &body, &foreign);
    }

    #[test]
    fn what_is_missing_applies_and_what_no_source_carries_is_counted_anyway((kind, body) in kind_and_body()) {
        let terms = index::document(kind, &body, date(2024, 3, 1)).terms;
        for term in &terms {
            if let Some((state, rule)) = term.split_once(':') {
                let counted_anyway = ["applies", "not-in-source"].contains(&state);
                prop_assert!(counted_anyway || terms.contains(&format!("applies:{rule}")), "{}", term);
            }
        }
        let distinct: std::collections::BTreeSet<&String> = terms.iter().collect();
        prop_assert_eq!(distinct.len(), terms.len());
    }

    #[test]
    fn a_token_of_one_field_is_a_token_of_the_record((kind, body) in kind_and_body()) {
        let whole = erasure::tokens(kind, &body, None);
        for (number, _) in body.slots() {
            for token in erasure::tokens(kind, &body, Some(number)) {
                prop_assert!(token.len() >= 6);
                prop_assert!(whole.contains(&token));
            }
        }
    }

    #[test]
    fn a_body_differs_from_itself_in_nothing((kind, body) in kind_and_body()) {
        prop_assert_eq!(compare::differences(kind, &body, &body), vec![]);
    }

    #[test]
    fn partial_dates_read_back(date in testing::date()) {
        prop_assert_eq!(PartialDate::parse(&date.to_string()), Some(date));
        let _ = show::date(date);
    }

    #[test]
    fn no_text_of_a_date_panics(text: String) {
        let _ = PartialDate::parse(&text);
    }

    #[test]
    fn no_correction_from_text_panics(
        (kind, body) in kind_and_body(),
        path in "[a-z-]{0,12}(\\[[0-9+]{0,3}\\])?(\\.[a-z-]{0,8})?",
        text: String,
    ) {
        let mut changed = body.clone();
        if json::set_from_text(kind, &mut changed, &path, &text).is_err() {
            prop_assert_eq!(changed, body);
        }
    }

    #[test]
    fn a_correction_changes_the_named_field_only((kind, body) in kind_and_body(), at: prop::sample::Index, text: String) {
        let field = &kind.declared.alone()[at.index(kind.declared.alone().len())];
        let mut changed = body.clone();
        if json::set_from_text(kind, &mut changed, &field.name(), &text).is_ok() {
            let others = body.slots().filter(|(number, _)| *number != field.number);
            let after = changed.slots().filter(|(number, _)| *number != field.number);
            prop_assert!(others.eq(after));
        }
    }
}
