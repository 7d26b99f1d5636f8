use super::*;
use crate::field::{About, Class, Rule};
use crate::when::When;

const TEXT: FieldDecl = FieldDecl::new(1, "TEXT", Type::Text, "Text", About::Event, Class::Fact);
const NEXT: FieldDecl = FieldDecl::new(2, "NEXT", Type::Text, "Next", About::Event, Class::Fact);
const RULE: Rule = Rule {
    name: "text",
    when: When::Always,
    from: day(2020, 1, 1),
    until: None,
    law: "a law",
    stops: true,
    mend: "a mend",
};

fn kind(fields: Vec<FieldDecl>) -> Kind {
    Kind {
        number: 900,
        name: "trial",
        title: "Trial",
        plural: "Trials",
        prefix: "T",
        shape: 1,
        basis: Basis { power: "a power", purpose: "a purpose", schedule_8: None },
        retention: Retention { rule: "a rule", review_after_months: 12, source: "a source", sure: "read" },
        access: DefaultAccess { view: &["officer"], create: &[], change: &[] },
        happened: None,
        happened_about: None,
        unit: None,
        lists: &[],
        roles: &[],
        asks: &[],
        declared: Declared::new(Vec::leak(fields)),
        upcasts: &[],
        summary: |_| String::new(),
    }
}

fn same(body: Body) -> Body {
    body
}

#[test]
fn a_whole_declaration_passes() {
    kind(vec![TEXT.require(&[RULE]), NEXT]).check();
}

#[test]
#[should_panic(expected = "none may be used twice")]
fn a_number_used_twice_is_refused() {
    kind(vec![TEXT, TEXT]).check();
}

#[test]
#[should_panic(expected = "none may be used twice")]
fn numbers_out_of_order_are_refused() {
    kind(vec![NEXT, TEXT]).check();
}

#[test]
#[should_panic(expected = "leads the names of a force's own fields")]
fn no_field_of_ours_takes_the_name_that_leads_those_of_a_force() {
    kind(vec![FieldDecl { constant: "LOCAL", ..TEXT }]).check();
}

#[test]
#[should_panic(expected = "needs a Schedule 8 condition")]
fn a_sensitive_field_needs_its_condition() {
    kind(vec![TEXT.sensitive(true)]).check();
}

#[test]
#[should_panic(expected = "needs a Schedule 8 condition")]
fn a_sensitive_field_of_a_row_needs_it_too() {
    static GROUP: Group = Group { name: "row", title: "Row", fields: &[TEXT.sensitive(true)] };
    let rows = FieldDecl::new(1, "ROWS", Type::Rows, "Rows", About::Event, Class::Fact).group(&GROUP);
    kind(vec![rows]).check();
}

#[test]
#[should_panic(expected = "have the same name")]
fn two_rules_of_one_name_are_refused() {
    kind(vec![TEXT.require(&[RULE]), NEXT.require(&[RULE])]).check();
}

#[test]
#[should_panic(expected = "have the same name")]
fn a_rule_of_a_row_may_not_have_the_name_of_one_of_the_kind() {
    static GROUP: Group = Group { name: "row", title: "Row", fields: &[TEXT.require(&[RULE])] };
    let rows = FieldDecl::new(2, "ROWS", Type::Rows, "Rows", About::Event, Class::Fact).group(&GROUP);
    kind(vec![TEXT.require(&[RULE]), rows]).check();
}

#[test]
#[should_panic(expected = "a code needs its list")]
fn a_code_without_a_list_is_refused() {
    kind(vec![FieldDecl { kind: Type::Code, ..TEXT }]).check();
}

#[test]
#[should_panic(expected = "every older shape needs an upcast")]
fn a_new_shape_without_an_upcast_is_refused() {
    Kind { shape: 2, ..kind(vec![TEXT]) }.check();
}

#[test]
#[should_panic(expected = "upcasts must rise from shape 1")]
fn an_upcast_of_the_wrong_shape_is_refused() {
    Kind { shape: 2, upcasts: &[Upcast { from: 2, apply: same }], ..kind(vec![TEXT]) }.check();
}

#[test]
#[should_panic(expected = "a rule needs the law")]
fn a_rule_without_law_is_refused() {
    kind(vec![TEXT.require(&[Rule { law: "", ..RULE }])]).check();
}

#[test]
#[should_panic(expected = "a kind needs a review")]
fn a_kind_without_a_review_is_refused() {
    let kind = kind(vec![TEXT]);
    Kind { retention: Retention { review_after_months: 0, ..kind.retention }, ..kind }.check();
}

#[test]
#[should_panic(expected = "a list needs its source")]
fn a_list_without_its_source_is_refused() {
    const CODES: &[DeclaredCode] = &[DeclaredCode::new("a", "A")];
    const LIST: DeclaredList =
        DeclaredList { id: "trial-list", title: "Trial", source: "", sure: "read", codes: CODES };
    Kind { lists: &[LIST], ..kind(vec![TEXT]) }.check();
}

#[test]
#[should_panic(expected = "a form asks for a field that is not declared")]
fn a_form_that_asks_for_what_is_not_declared_is_refused() {
    const ASKS: &[Asks] = &[Asks { title: "", fields: &[TEXT.number, NEXT.number] }];
    Kind { asks: ASKS, ..kind(vec![NEXT]) }.check();
}

#[test]
fn the_roles_that_kinds_declare_are_types_of_links() {
    let types = crate::codes::list("link-type").unwrap();
    for role in crate::kinds::ALL.iter().flat_map(|kind| kind.roles) {
        assert_eq!(types.label(role.code), role.label);
    }
}

#[test]
fn kinds_have_distinct_numbers_names_and_prefixes_and_ascend() {
    let all = crate::kinds::ALL;
    assert!(all.windows(2).all(|pair| pair[0].number < pair[1].number));
    for (at, one) in all.iter().enumerate() {
        for other in &all[..at] {
            assert!(one.name != other.name && !one.prefix.eq_ignore_ascii_case(other.prefix), "{}", one.name);
        }
    }
}

#[test]
fn the_day_of_an_event_is_that_of_london() {
    use crate::kinds::stop_and_search::{AT, KIND};
    let mut body = Body::default();
    assert_eq!(KIND.day_of(&body), None);
    // 30 June 2024, 23:30 in UTC, is half past midnight in London.
    body.set(AT, crate::field::Instant(1_719_790_200_000_000));
    assert_eq!(KIND.day_of(&body), Some(day(2024, 7, 1)));
}
