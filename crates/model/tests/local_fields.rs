//! What a force declared is among the fields and lists of the whole program: one test, for it counts in all of
//! it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::civil::date;
use model::codes::{self, CodeEntry, CodeList};
use model::derived::local::{Following, Lists, LocalField, LocalRule, OfForce, begin_use};
use model::derived::{Fields, form, json, show, validate};
use model::kinds::{nominal, vehicle};
use model::{Body, Value};

static NAMES: Following<usize> = Following::new(|| Fields::of(&vehicle::KIND).iter().count());

fn area(number: u16, list: &str) -> (String, LocalField) {
    let rule = LocalRule {
        name: "patrol-area".into(),
        from: date(2026, 1, 1),
        until: None,
        law: "Neighbourhood plan 2026".into(),
        stops: false,
        mend: "Say the area.".into(),
        when: None,
    };
    let field = LocalField {
        number,
        name: "patrol-area".into(),
        kind: Some("code".into()),
        label: Some("Patrol area".into()),
        about: Some("event".into()),
        class: Some("fact".into()),
        search: Some("exact".into()),
        list: Some(list.into()),
        from: Some(date(2026, 1, 1)),
        until: Some(date(2026, 12, 31)),
        rules: vec![rule],
        ..LocalField::default()
    };
    ("vehicle".into(), field)
}

fn lists() -> Lists {
    let code = CodeEntry { code: "north".into(), label: "North bank".into(), ..CodeEntry::default() };
    let [id, title] = ["local.area", "Area"].map(str::to_owned);
    let list = CodeList::new(id.clone(), title, "Plan".into(), "force policy".into(), vec![code]).unwrap();
    Lists::from([(id, list)])
}

#[test]
fn what_a_force_declared_is_walked_with_what_the_release_declared() {
    let before = *NAMES.get();
    assert!(OfForce::accept(Lists::new(), &[area(10_000, "local.area")]).is_err(), "its list is not there");
    let stray = ("boat".to_owned(), area(10_001, "local.area").1);
    assert!(OfForce::accept(lists(), &[stray]).is_err(), "there is no such kind");
    begin_use(OfForce::accept(lists(), &[area(10_000, "local.area")]).unwrap());

    assert_eq!(*NAMES.get(), before + 1);
    assert_eq!(codes::list("local.area").map(|list| list.title.as_str()), Some("Area"));
    assert!(codes::all().any(|list| list.id == "local.area"));
    let decl = vehicle::KIND.field_named("local.patrol-area").unwrap();
    assert!(decl.is_local() && decl.is_open_on(date(2026, 6, 1)) && !decl.is_open_on(date(2027, 1, 1)));
    assert_eq!(nominal::KIND.field(10_000).map(|decl| decl.number), None);

    let mut body = Body::default();
    json::set_from_text(&vehicle::KIND, &mut body, "local.patrol-area", "North bank").unwrap();
    assert_eq!(body.value(10_000), Some(&Value::Code("north".into())));
    assert_eq!(show::lines(&vehicle::KIND, &body)[0].text, "North bank");
    let texts = form::texts(Fields::of(&vehicle::KIND), &body);
    assert_eq!(form::body_of(Fields::of(&vehicle::KIND), &Body::default(), &texts), Ok(body.clone()));
    assert_eq!(form::first_of("local.patrol-area.words"), ("local.patrol-area", Some("words")));
    let missing = |on| {
        let unmet = validate::unmet(&vehicle::KIND, &Body::default(), on);
        unmet
            .iter()
            .any(|state| state.rule.name == "local.patrol-area" && state.state == validate::State::Missing)
    };
    assert!(missing(date(2026, 6, 1)) && !missing(date(2025, 6, 1)) && !missing(date(2027, 6, 1)));

    begin_use(OfForce::default());
    assert_eq!(*NAMES.get(), before);
    assert!(decl.label == "Patrol area", "what was read before stays valid");
}
