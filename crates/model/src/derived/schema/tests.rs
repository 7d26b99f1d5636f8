use super::*;
use crate::body::Body;
use crate::derived::json::to_json;
use crate::derived::testing;
use proptest::prelude::*;

/// The part of JSON Schema that conditions are written in, read independently of [`When`].
fn fits(schema: &Json, value: &Json, root: &Json) -> bool {
    let Some(members) = schema.as_object() else {
        return schema.as_bool().unwrap();
    };
    members.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$ref" => fits(root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap(), value, root),
        "const" => value == rule,
        "enum" => rule.as_array().unwrap().contains(value),
        "type" => match rule.as_str().unwrap() {
            "integer" => value.is_i64(),
            "object" => value.is_object(),
            other => panic!("{other} is not in conditions"),
        },
        "exclusiveMaximum" => value.as_i64().is_none_or(|number| number < rule.as_i64().unwrap()),
        "not" => !fits(rule, value, root),
        "allOf" => rule.as_array().unwrap().iter().all(|part| fits(part, value, root)),
        "anyOf" => rule.as_array().unwrap().iter().any(|part| fits(part, value, root)),
        "required" => rule.as_array().unwrap().iter().all(|name| value.get(name.as_str().unwrap()).is_some()),
        "properties" => {
            let rules = rule.as_object().unwrap();
            rules.iter().all(|(name, rule)| value.get(name).is_none_or(|value| fits(rule, value, root)))
        }
        "additionalProperties" | "title" => true,
        other => panic!("{other} is not in conditions"),
    })
}

fn each_rule(fields: &'static [FieldDecl], see: &mut dyn FnMut(&'static Rule)) {
    fields.iter().flat_map(|field| field.rules).for_each(see);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_condition_of_each_rule_holds_where_the_schema_says_so((kind, body) in testing::kind_and_body()) {
        let root = json_schema(kind);
        let json = to_json(kind, &body);
        let mut agreed = true;
        each_rule(kind.declared.alone(), &mut |rule| {
            let schema = when(Fields::of(kind), &rule.when);
            agreed &= fits(&schema, &json, &root) == rule.when.holds(&body);
        });
        prop_assert!(agreed, "{}", json);
    }
}

#[test]
fn every_kind_has_a_schema_whose_references_lead_somewhere() {
    for kind in crate::kinds::ALL {
        let schema = json_schema(kind);
        let mut references = Vec::new();
        find_references(&schema, &mut references);
        for reference in references {
            assert!(
                schema.pointer(reference.trim_start_matches('#')).is_some(),
                "{}: {reference}",
                kind.name
            );
        }
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.len(), kind.declared.alone().len());
    }
}

fn find_references(schema: &Json, references: &mut Vec<String>) {
    match schema {
        Json::Object(members) => {
            references.extend(members.get("$ref").and_then(Json::as_str).map(str::to_owned));
            members.values().for_each(|member| find_references(member, references));
        }
        Json::Array(items) => items.iter().for_each(|item| find_references(item, references)),
        _ => {}
    }
}

#[test]
fn rules_become_conditions() {
    let schema = json_schema(&crate::kinds::stop_and_search::KIND);
    let conditions = schema["allOf"].as_array().unwrap();
    assert!(conditions.contains(&json!({
        "$comment": "Code A 3.6, 3.7; Code C Annex A para 12 (from 2015-03-19)",
        "if": { "properties": { "more-than-outer": { "const": true } }, "required": ["more-than-outer"] },
        "then": { "required": ["more-thorough-search"] }
    })));
    assert!(conditions.contains(&json!({
        "$comment": "PACE 1984 s.3(6)(a)(ii) (from 1986-01-01)",
        "required": ["grounds"]
    })));
    // A rule that only warns stops nobody, so the schema does not demand it.
    assert!(!conditions.iter().any(|condition| condition["required"] == json!(["outcome"])));
}

#[test]
fn an_empty_body_meets_no_condition_but_not() {
    let kind = &crate::kinds::nominal::KIND;
    assert_eq!(to_json(kind, &Body::default()), json!({}));
    let root = json_schema(kind);
    let rule = kind.declared.alone()[0].rules[0];
    assert!(fits(&when(Fields::of(kind), &rule.when), &json!({}), &root));
}
