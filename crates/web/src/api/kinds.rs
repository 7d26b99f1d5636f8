//! The kinds of record: what their declarations say.

use super::of;
use crate::ask::{Asked, Named, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::Json;
use axum::extract::State;
use desk::listing::Listed;
use model::Kind;
use model::derived::{help, processing_record, schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "kinds";
    ApiRouter::new()
        .api_route("/kinds", get_with(list::<S>, of("listKinds", TAG, "Lists the kinds of record")))
        .api_route(
            "/kinds/{kind}",
            get_with(explain::<S>, of("explainKind", TAG, "Explains a kind of record")),
        )
        .api_route(
            "/kinds/{kind}/records",
            get_with(
                records::<S>,
                of("listRecords", TAG, "Lists the records of a kind, newest first; each is a consultation"),
            ),
        )
        .api_route(
            "/kinds/{kind}/schema",
            get_with(json_schema::<S>, of("schemaOfKind", TAG, "The JSON Schema of a kind's fields")),
        )
        .api_route(
            "/kinds/{kind}/processing",
            get_with(
                processing::<S>,
                of("processingOfKind", TAG, "A kind's row of the record of processing (DPA 2018 s.61)"),
            ),
        )
}

/// A kind by its name.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ByKind {
    /// The kind's name, for instance `stop-and-search`.
    #[schemars(schema_with = "kind_names")]
    pub kind: String,
}

pub(super) fn kind_names(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let names: Vec<&str> = model::kinds::ALL.iter().map(|kind| kind.name).collect();
    schemars::json_schema!({ "type": "string", "description": "The kind's name.", "enum": names })
}

/// Which page of the records of a kind.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListAsked {
    /// Only those older than this one: the `next` of the page before.
    #[serde(default)]
    before: Option<String>,
    /// Records to show.
    #[serde(default = "twenty")]
    #[schemars(range(min = 1, max = 200))]
    limit: u32,
}

const fn twenty() -> u32 {
    20
}

/// The kinds of record.
#[derive(Debug, Serialize, JsonSchema)]
struct KindList {
    /// The kinds.
    kinds: Vec<KindShown>,
}

/// A kind of record.
#[derive(Debug, Serialize, JsonSchema)]
struct KindShown {
    /// Its name.
    kind: &'static str,
    /// Its title.
    title: &'static str,
}

/// What a kind is for, its fields and rules, in words.
#[derive(Debug, Serialize, JsonSchema)]
struct KindExplained {
    /// The kind.
    #[serde(flatten)]
    kind: KindShown,
    /// The explanation, as Markdown.
    help: String,
}

/// The kind with a name.
pub(super) fn named(name: &str) -> Result<&'static Kind, Problem> {
    let kind = model::kinds::by_name(name);
    kind.ok_or_else(|| Problem::new(Sort::NotFound, "There is no kind of record of that name."))
}

const fn shown(kind: &'static Kind) -> KindShown {
    KindShown { kind: kind.name, title: kind.title }
}

async fn list<S: RecordStore>(_house: State<House<S>>, _who: Who) -> Result<Json<KindList>, Problem> {
    Ok(Json(KindList { kinds: model::kinds::ALL.iter().map(|kind| shown(kind)).collect() }))
}

async fn explain<S: RecordStore>(
    _house: State<House<S>>,
    _who: Who,
    Named(by): Named<ByKind>,
) -> Result<Json<KindExplained>, Problem> {
    let kind = named(&by.kind)?;
    Ok(Json(KindExplained { kind: shown(kind), help: help::page(kind) }))
}

async fn records<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByKind>,
    Asked(asked): Asked<ListAsked>,
) -> Result<Json<Listed>, Problem> {
    let (kind, before) = (named(&by.kind)?, asked.before.as_deref());
    Ok(Json(house.desk().records_of(&who, kind, before, asked.limit).await?))
}

async fn json_schema<S: RecordStore>(
    _house: State<House<S>>,
    _who: Who,
    Named(by): Named<ByKind>,
) -> Result<Json<Map<String, Value>>, Problem> {
    object(schema::json_schema(named(&by.kind)?))
}

async fn processing<S: RecordStore>(
    _house: State<House<S>>,
    _who: Who,
    Named(by): Named<ByKind>,
) -> Result<Json<Map<String, Value>>, Problem> {
    let row = serde_json::to_value(processing_record::row(named(&by.kind)?));
    object(row.map_err(|error| Problem::fault(&error.to_string()))?)
}

fn object(value: Value) -> Result<Json<Map<String, Value>>, Problem> {
    match value {
        Value::Object(members) => Ok(Json(members)),
        _ => Err(Problem::fault("a declaration gave no object")),
    }
}
