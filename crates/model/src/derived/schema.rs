//! JSON Schema (draft 2020-12) of a kind. The conditions of rules become `if`/`then`; what a
//! schema cannot say (placeholders, days of codes) stays with [`super::validate`].

use super::fields::Fields;
use super::json::NOT_HELD;
use crate::field::{FieldDecl, Rule, Type};
use crate::kind::{Group, Kind};
use crate::when::When;
use serde_json::{Map, Value as Json, json};

#[cfg(test)]
mod tests;

/// The schema of a kind.
#[must_use]
pub fn json_schema(kind: &Kind) -> Json {
    json_schema_in(kind, Fields::of(kind))
}

/// [`json_schema`] with a force's own fields.
#[must_use]
pub fn json_schema_in(kind: &Kind, fields: Fields<'_>) -> Json {
    let mut definitions = Map::new();
    definitions.insert(NOT_HELD.to_owned(), not_held());
    definitions.insert("place".to_owned(), place());
    define_groups(fields, &mut definitions);
    let mut schema = object(fields);
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".to_owned(), json!(format!("urn:bluelamp:kind:{}:{}", kind.name, kind.shape)));
    schema.insert("title".to_owned(), json!(kind.title));
    schema.insert("description".to_owned(), json!(kind.basis.power));
    schema.insert("$defs".to_owned(), Json::Object(definitions));
    Json::Object(schema)
}

fn define_groups(fields: Fields<'_>, definitions: &mut Map<String, Json>) {
    for group in fields.iter().filter_map(|field| field.row_group) {
        if !definitions.contains_key(group.name) {
            definitions.insert(group.name.to_owned(), Json::Object(group_object(group)));
            define_groups(Fields::of_group(group), definitions);
        }
    }
}

fn group_object(group: &Group) -> Map<String, Json> {
    let mut schema = object(Fields::of_group(group));
    schema.insert("title".to_owned(), json!(group.title));
    schema
}

fn object(fields: Fields<'_>) -> Map<String, Json> {
    let properties: Map<String, Json> =
        fields.iter().map(|field| (field.name(), property(fields, field))).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Json::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    let conditions: Vec<Json> = fields
        .iter()
        .flat_map(|field| fields.rules(field).map(move |rule| (field, rule)))
        .filter(|(_, rule)| rule.stops && rule.until.is_none())
        .map(|(field, rule)| condition(fields, field, rule))
        .collect();
    if !conditions.is_empty() {
        schema.insert("allOf".to_owned(), Json::Array(conditions));
    }
    schema
}

fn property(fields: Fields<'_>, field: &FieldDecl) -> Json {
    let held = held(field);
    let mut property = Map::new();
    property.insert("title".to_owned(), json!(field.label));
    if !field.help.is_empty() {
        property.insert("description".to_owned(), json!(field.help));
    }
    property.insert("x-class".to_owned(), json!(field.class.word()));
    property.insert("x-sensitive".to_owned(), json!(fields.is_sensitive(field)));
    property.insert("anyOf".to_owned(), json!([held, { "$ref": format!("#/$defs/{NOT_HELD}") }]));
    Json::Object(property)
}

fn held(field: &FieldDecl) -> Json {
    match field.kind {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Text => json!({ "type": "string", "maxLength": super::validate::LONGEST_TEXT }),
        Type::Number => number(field.range),
        Type::Instant => json!({ "type": "string", "format": "date-time" }),
        Type::Date => json!({ "type": "string", "pattern": r"^([0-9]{4}|\?{4})(-([0-9]{2}|\?{2})){0,2}$" }),
        Type::Code => codes(field),
        Type::Identifier => {
            json!({ "type": "string", "x-identifier": field.identifier.map(|identifier| identifier.word()) })
        }
        Type::Place => json!({ "$ref": "#/$defs/place" }),
        Type::Record => json!({ "type": "string", "format": "uuid" }),
        Type::Rows => {
            let row = field
                .row_group
                .map_or(json!({}), |group| json!({ "$ref": format!("#/$defs/{}", group.name) }));
            json!({ "type": "array", "items": row })
        }
    }
}

fn number(range: Option<(i64, i64)>) -> Json {
    match range {
        Some((least, most)) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        None => json!({ "type": "integer" }),
    }
}

/// The codes with their labels. Old codes are in it: an old record is valid too.
fn codes(field: &FieldDecl) -> Json {
    let list = field.code_list.and_then(crate::codes::list);
    let codes = list.map_or(&[] as &[crate::codes::CodeEntry], |list| list.codes.as_slice());
    let entries: Vec<Json> =
        codes.iter().map(|entry| json!({ "const": entry.code, "title": entry.label })).collect();
    json!({ "type": "string", "oneOf": entries, "x-list": field.code_list })
}

fn not_held() -> Json {
    json!({
        "title": "Not held, and why",
        "type": "object",
        "properties": { NOT_HELD: { "enum": ["not-in-source", "declined", "not-known", "erased"] } },
        "required": [NOT_HELD],
        "additionalProperties": false
    })
}

fn place() -> Json {
    json!({
        "title": "Place",
        "type": "object",
        "properties": {
            "latitude": { "type": "number", "minimum": 49, "maximum": 61 },
            "longitude": { "type": "number", "minimum": -9, "maximum": 2 },
            "words": { "type": "string", "maxLength": super::validate::LONGEST_TEXT },
            "postcode": { "type": "string" }
        },
        "additionalProperties": false,
        "minProperties": 1,
        "dependentRequired": { "latitude": ["longitude"], "longitude": ["latitude"] }
    })
}

/// A rule as `if`/`then`. It demands that the field is said; whether what is said answers is for
/// [`super::validate`].
fn condition(fields: Fields<'_>, field: &FieldDecl, rule: &Rule) -> Json {
    let then = json!({ "required": [field.name()] });
    let note = format!("{} (from {})", rule.law, rule.from);
    if matches!(rule.when, When::Always) {
        return json!({ "$comment": note, "required": [field.name()] });
    }
    json!({ "$comment": note, "if": when(fields, &rule.when), "then": then })
}

/// A condition as a schema that holds exactly where [`When::holds`] does.
pub(crate) fn when(fields: Fields<'_>, condition: &When) -> Json {
    let parts = |parts: &[When]| parts.iter().map(|part| when(fields, part)).collect::<Vec<_>>();
    match condition {
        When::Always => json!(true),
        When::Answered(field) => {
            holds(fields, *field, json!({ "not": { "$ref": format!("#/$defs/{NOT_HELD}") } }))
        }
        When::Is(field) => holds(fields, *field, json!({ "const": true })),
        When::IsNot(field) => holds(fields, *field, json!({ "const": false })),
        When::Under(field, limit) => {
            holds(fields, *field, json!({ "type": "integer", "exclusiveMaximum": limit }))
        }
        When::OneOf(field, codes) => holds(fields, *field, json!({ "enum": codes })),
        When::All(all) => json!({ "allOf": parts(all) }),
        When::Any(any) => json!({ "anyOf": parts(any) }),
        When::Not(part) => json!({ "not": when(fields, part) }),
    }
}

fn holds(fields: Fields<'_>, number: u16, schema: Json) -> Json {
    let name = fields.number(number).map_or_else(|| number.to_string(), FieldDecl::name);
    json!({ "properties": { name.as_str(): schema }, "required": [name] })
}
