use super::*;
use crate::body::{Body, Slot};
use crate::derived::{Fields, compare, index, json, schema, show, validate};
use crate::kinds::stop_and_search as stop;
use crate::value::Value;
use jiff::civil::date;
use serde_json::json;

#[derive(Deserialize)]
struct File {
    field: Vec<LocalField>,
}

fn read(text: &str) -> Vec<LocalField> {
    toml::from_str::<File>(text).unwrap().field
}

const OURS: &str = r#"
    [[field]]
    number = 10001
    name = "ward"
    type = "text"
    label = "Ward"
    about = "event"
    class = "fact"
    search = "words"
    [[field.rules]]
    name = "ward"
    from = "2024-01-01"
    law = "Force policy 12"
    stops = true
    mend = "Write the ward."
    when = { all = [{ is = "more-than-outer" }, { not = { answered = "operation" } }] }

    [[field]]
    number = 22
    name = "copy-given"
    [[field.rules]]
    name = "copy-given"
    from = "2024-01-01"
    law = "Force policy 13; PACE s.3(9)"
    stops = true
    mend = "Say whether a copy or receipt was given."
"#;

fn accepted() -> LocalFields {
    accept(&stop::KIND, &read(OURS), &Lists::new()).unwrap()
}

fn faults(text: &str) -> Vec<String> {
    accept(&stop::KIND, &read(text), &Lists::new()).unwrap_err()
}

#[test]
fn a_local_field_goes_through_everything_derived() {
    let local = accepted();
    let fields = Fields::with_local(&stop::KIND, &local);
    let mut body = Body::default();
    json::set_from_text_in(fields, &mut body, "local.ward", "Abbey").unwrap();
    assert_eq!(body.value(10_001), Some(&Value::Text("Abbey".into())));
    let written = json::to_json_in(fields, &body);
    assert_eq!(written, json!({ "local.ward": "Abbey" }));
    assert_eq!(json::from_json_in(fields, &written), Ok(body.clone()));
    let on = date(2024, 3, 1);
    assert!(!validate::problems_in(fields, &body, on).iter().any(|problem| problem.field == "local.ward"));
    assert!(validate::problems(&stop::KIND, &body, on).iter().any(|problem| problem.rule == "field"));
    let document = index::document_in(fields, &body, on);
    assert!(document.words.contains(&("local.ward".to_owned(), "Abbey".to_owned())));
    assert_eq!(show::lines_in(fields, &body)[0].label, "Ward");
    assert_eq!(compare::differences_in(fields, &Body::default(), &body)[0].field, "local.ward");
    let schema = schema::json_schema_in(&stop::KIND, fields);
    assert_eq!(schema["properties"]["local.ward"]["title"], "Ward");
}

#[test]
fn local_rules_bite_by_condition_and_date() {
    let local = accepted();
    let fields = Fields::with_local(&stop::KIND, &local);
    let mut body = Body::default();
    let has = |body: &Body, on, rule: &str| {
        validate::problems_in(fields, body, on).iter().any(|problem| problem.rule == rule && problem.stops)
    };
    assert!(!has(&body, date(2024, 3, 1), "local.ward"));
    body.set(stop::MORE_THAN_OUTER, true);
    assert!(has(&body, date(2024, 3, 1), "local.ward") && !has(&body, date(2023, 12, 31), "local.ward"));
    assert!(has(&body, date(2024, 3, 1), "copy-given"));
    body.set(stop::COPY_GIVEN, true).put(10_001, Slot::Held(Value::Text("n/a".into())));
    assert!(has(&body, date(2024, 3, 1), "local.ward") && !has(&body, date(2024, 3, 1), "copy-given"));
    let terms = index::document_in(fields, &body, date(2024, 3, 1)).terms;
    assert!(terms.contains(&"placeholder:local.ward".to_owned()));
}

#[test]
fn nothing_of_ours_can_be_loosened() {
    let found = faults(
        r#"
        [[field]]
        number = 3
        name = "place"
        label = "Where"
        [[field.rules]]
        name = "place"
        from = "2024-01-01"
        law = "none"
        mend = "none"

        [[field]]
        number = 10
        name = "officer-defined-ethnicity"
        sensitive = false

        [[field]]
        number = 17
        name = "officer"
        disclose = true
        "#,
    );
    assert_eq!(
        found,
        [
            "place (3): a field of ours keeps its type, label, legal class, list and search; only rules can be added",
            "place (3): the rule “place” has the name of another; a force adds rules, and replaces none",
            "officer-defined-ethnicity (10): it is sensitive processing (DPA 2018 s.35(8)); that cannot be taken away",
            "officer (17): it goes to a reviewer before disclosure; that cannot be taken away",
        ]
    );
}

#[test]
fn a_field_of_ours_can_be_made_stricter() {
    let local = accept(
        &stop::KIND,
        &read("[[field]]\nnumber = 15\nname = \"description\"\nsensitive = true\ndisclose = false\n"),
        &Lists::new(),
    )
    .unwrap();
    let ours = stop::KIND.field_named("description").unwrap();
    assert!(local.is_sensitive(ours) && !local.may_disclose(ours));
    let fields = Fields::with_local(&stop::KIND, &local);
    let mut body = Body::default();
    body.set(stop::DESCRIPTION, "tall".to_owned());
    assert!(show::lines_in(fields, &body)[0].sensitive);
}

#[test]
fn faults_are_told_all_at_once_by_name() {
    let found = faults(
        r#"
        [[field]]
        number = 9999
        name = "ward"

        [[field]]
        number = 60000
        name = "late"

        [[field]]
        number = 10001
        name = "Ward"
        type = "colour"
        label = "Ward"
        about = "event"
        class = "fact"

        [[field]]
        number = 10001
        name = "kind-of-ward"
        type = "code"
        label = "Kind of ward"
        about = "linked:councillor"
        class = "rumour"
        list = "wards"

        [[field]]
        number = 10002
        name = "place"
        type = "code"
        label = "Place"
        about = "own"
        class = "fact"
        list = "wards"
        [[field.rules]]
        name = "x"
        from = "2024-01-01"
        until = "2023-01-01"
        law = "Policy"
        mend = "Say."
        when = { is = "no-such-field" }
        "#,
    );
    assert_eq!(
        found,
        [
            "ward (9999): stop-and-search has no such field; a force's own begin at 10000",
            "late (60000): the number must be below 60000",
            "Ward (10001): a name is lower-case letters and digits with hyphens between, and begins with a letter",
            "Ward (10001): type is not one of bool, text, number, instant, date, code, identifier, place, record",
            "kind-of-ward (10001): the number stands twice",
            "kind-of-ward (10001): class is not one of fact, opinion, allegation, assessment",
            "place (10002): a code needs a list that exists, and nothing else has one",
            "place (10002): the rule “x” ends before it begins",
            "place (10002): the condition of the rule “x” names the field “no-such-field”, which there is not",
        ]
    );
}
