use super::*;
use crate::derived::testing;
use crate::kinds;
use proptest::prelude::*;

fn texts_from(pairs: &[(&str, &str)]) -> Texts {
    pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn person() -> Fields<'static> {
    Fields::of(&kinds::nominal::KIND)
}

#[test]
fn rows_are_read_in_their_order_and_gaps_close() {
    let typed = texts_from(&[
        ("names[1].surname", ""),
        ("names[2].surname", "Smith"),
        ("names[4].surname", "Jones"),
        ("names[4].forenames", "Anna"),
        ("gender", "no such code"),
    ]);
    let tidy = without_gaps(&typed);
    assert_eq!(rows(&tidy, "names"), 2);
    assert_eq!(tidy.get("names[2].forenames").map(String::as_str), Some("Anna"));
    let body = body_of(person(), &Body::default(), &typed).unwrap_err();
    assert_eq!(body[0].field, "gender", "a code that is not of the list is named by its control");
}

#[test]
fn rows_within_rows_are_counted_and_numbered_too() {
    let typed = texts_from(&[
        ("a[2].present[3].role", "searcher"),
        ("a[2].present[1].role", ""),
        ("a[1].found", " "),
    ]);
    let tidy = without_gaps(&typed);
    assert_eq!(tidy.keys().collect::<Vec<_>>(), ["a[1].present[1].role"]);
    assert_eq!((rows(&typed, "a"), rows(&typed, "a[2].present"), rows(&typed, "b")), (2, 3, 0));
}

#[test]
fn what_is_not_touched_stays_and_what_is_emptied_goes() {
    let mut before = Body::default();
    before.put(2, Slot::NotHeld(NotHeld::Erased)).put(10, Slot::Held(Value::Text("tall".into())));
    let mut typed = texts(person(), &before);
    assert!(!typed.contains_key("dates-of-birth"), "what was erased by law is not typed again");
    typed.insert("description".into(), "  ".into());
    typed.insert("names[1].surname".into(), "Smith".into());
    let after = body_of(person(), &before, &typed).unwrap();
    assert_eq!(after.not_held(2), Some(NotHeld::Erased));
    assert_eq!(after.slot(10), None);
    assert!(after.value(1).is_some());
}

#[test]
fn a_problem_in_a_row_is_named_by_its_control() {
    let typed = texts_from(&[("dates-of-birth[3].date", "1987-13-04")]);
    let problems = body_of(person(), &Body::default(), &typed).unwrap_err();
    assert_eq!(problems[0].field, "dates-of-birth[3].date");
    assert!(problems[0].label.starts_with("Dates of birth 3"), "{}", problems[0].label);
}

#[test]
fn what_two_people_changed_in_different_fields_is_kept_of_both() {
    let mut before = Body::default();
    before.put(10, Slot::Held(Value::Text("tall".into())));
    let mut newest = before.clone();
    newest.put(8, Slot::Held(Value::Identifier("12/345678A".into())));
    let mut typed = texts(person(), &before);
    typed.insert("description".into(), "short".into());
    let both = on_newest(person(), &before, &newest, &typed);
    assert_eq!(both["description"], "short");
    assert_eq!(both["pnc-id"], "12/345678A");
}

proptest! {
    #[test]
    fn a_form_that_nobody_touched_changes_nothing(
        (kind, body) in testing::kind_and_body(),
    ) {
        let fields = Fields::of(kind);
        let typed = texts(fields, &body);
        prop_assert_eq!(body_of(fields, &body, &typed).unwrap(), body);
    }

    #[test]
    fn texts_alone_give_the_record_again((kind, body) in testing::kind_and_body()) {
        let fields = Fields::of(kind);
        // Space around a text says nothing, and a row of nothing goes.
        let said = |body: &Body| -> Texts {
            let tidy = without_gaps(&texts(fields, body));
            let trimmed = tidy.into_iter().map(|(path, text)| (path, text.trim().to_owned()));
            trimmed.filter(|(_, text)| !text.is_empty()).collect()
        };
        if let Ok(again) = body_of(fields, &Body::default(), &texts(fields, &body)) {
            prop_assert_eq!(said(&again), said(&body));
        }
    }

    #[test]
    fn any_texts_are_read_or_refused(path in ".{0,40}", text in ".{0,40}") {
        let _read = body_of(person(), &Body::default(), &texts_from(&[(&path, &text)]));
        let _tidy = without_gaps(&texts_from(&[(&path, &text)]));
    }
}
