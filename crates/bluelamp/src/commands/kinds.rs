//! `bluelamp kinds`: what the declarations say, in plain English.

use super::record::named_kind;
use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use model::derived::{help, processing_record, schema};
use serde_json::json;

pub fn run(
    arguments: &Arguments,
    kind: Option<&str>,
    with_schema: bool,
    processing: bool,
) -> Result<(), Complaint> {
    let Some(kind) = kind else { return list(arguments) };
    let kind = named_kind(kind)?;
    if with_schema {
        return output::json(&schema::json_schema(kind));
    }
    if processing {
        return output::json(&json!(processing_record::row(kind)));
    }
    output::line(help::page(kind).trim_end())
}

fn list(arguments: &Arguments) -> Result<(), Complaint> {
    if arguments.json {
        let rows: Vec<_> =
            model::kinds::ALL.iter().map(|kind| json!({ "kind": kind.name, "title": kind.title })).collect();
        return output::json(&json!({ "kinds": rows }));
    }
    output::lines(model::kinds::ALL.iter().map(|kind| format!("{:<18} {}", kind.name, kind.plural)))
}
