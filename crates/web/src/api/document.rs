//! The OpenAPI document: what the types of the handlers say, the schemas that the kinds of record
//! derive, and the problems that each operation may answer with.

use super::described;
use crate::problem::{Details, MEDIA_TYPE, Sort};
use aide::openapi::OpenApi;
use model::Kind;
use model::derived::{local, schema};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::sync::{Mutex, PoisonError};
use vault::AnyStore;

/// The OpenAPI document of the API.
#[must_use]
pub fn document() -> Value {
    finished(&described::<AnyStore>().1)
}

/// The document as a server gives it out: with the fields that its force added, made anew once those change.
pub(super) struct Live {
    described: OpenApi,
    made: Mutex<Option<(u64, String)>>,
}

impl Live {
    pub(super) fn new(described: OpenApi) -> Self {
        Self { described, made: Mutex::new(None) }
    }

    pub(super) fn text(&self) -> String {
        let turn = local::turn();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        match &*made {
            Some((of, text)) if *of == turn => text.clone(),
            _ => made.insert((turn, finished(&self.described).to_string())).1.clone(),
        }
    }
}

/// Where the schema of a kind's fields stands in the document.
pub(super) fn kind_schema(kind: &Kind) -> String {
    format!("#/components/schemas/{}", kind.name)
}

/// Adds to what the handlers' types say.
pub(super) fn finished(described: &OpenApi) -> Value {
    let mut document = serde_json::to_value(described).unwrap_or_default();
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Bluelamp",
        "version": "1",
        "summary": "Police records, lawful by construction",
        "description": "Every use case of the records system, through the same door as everyone: who, for what \
                        purpose; allowed or not; entered in the log; only then shown.",
        "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" }
    });
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "A token that an administrator gave out." }
    });
    add_problem(&mut document);
    for kind in model::kinds::ALL {
        add_kind(&mut document, kind);
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        for operations in paths.values_mut().filter_map(Value::as_object_mut) {
            operations.values_mut().for_each(add_answers);
        }
    }
    document
}

fn add_problem(document: &mut Value) {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut problem = settings.into_generator().into_root_schema_for::<Details>().to_value();
    if let Some(members) = problem.as_object_mut() {
        members.remove("$schema");
        members.insert("title".to_owned(), json!("Problem"));
    }
    document["components"]["schemas"]["Problem"] = problem;
}

/// A kind's own schema, with its definitions beside it: references in an OpenAPI document start at
/// its root.
fn add_kind(document: &mut Value, kind: &Kind) {
    let Value::Object(mut schema) = schema::json_schema(kind) else { return };
    schema.remove("$schema");
    schema.remove("$id");
    let definitions = schema.remove("$defs").unwrap_or_default();
    let schemas = &mut document["components"]["schemas"];
    for (name, mut definition) in definitions.as_object().cloned().unwrap_or_default() {
        lead_to_root(&mut definition, kind);
        schemas[format!("{}.{name}", kind.name)] = definition;
    }
    let mut schema = Value::Object(schema);
    lead_to_root(&mut schema, kind);
    schemas[kind.name] = schema;
}

fn lead_to_root(schema: &mut Value, kind: &Kind) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/components/schemas/{}.{name}", kind.name);
            }
            members.values_mut().for_each(|member| lead_to_root(member, kind));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| lead_to_root(item, kind)),
        _ => {}
    }
}

/// The problems that an operation may answer with, by what it takes.
fn add_answers(operation: &mut Value) {
    let takes = |place: &str, name: Option<&str>| {
        let parameters = operation["parameters"].as_array();
        parameters.is_some_and(|parameters| {
            let is = |p: &&Value| p["in"] == place && name.is_none_or(|name| p["name"] == name);
            parameters.iter().any(|parameter| is(&parameter))
        })
    };
    let mut sorts =
        vec![Sort::Malformed, Sort::NoToken, Sort::Role, Sort::TooMany, Sort::Fault, Sort::Closed];
    if takes("path", None) {
        sorts.extend([Sort::NotFound, Sort::Unusable]);
    }
    if takes("header", Some("If-Match")) {
        sorts.extend([Sort::ChangedMeanwhile, Sort::VersionNeeded]);
    }
    let has_body = operation.get("requestBody").is_some();
    if has_body {
        sorts.extend([Sort::TooLarge, Sort::WrongMediaType, Sort::Unusable, Sort::NotFound]);
    }
    sorts.push(Sort::NotNow);
    sorts.sort_by_key(|sort| sort.status());
    sorts.dedup_by_key(|sort| sort.status());
    if !operation["responses"].is_object() {
        operation["responses"] = Value::Object(Map::new());
    }
    for sort in sorts {
        operation["responses"][sort.status().to_string()] = answer(sort);
    }
}

fn answer(sort: Sort) -> Value {
    let of_status: Vec<&str> =
        Sort::ALL.iter().filter(|other| other.status() == sort.status()).map(|other| other.title()).collect();
    json!({
        "description": of_status.join("; "),
        "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}
