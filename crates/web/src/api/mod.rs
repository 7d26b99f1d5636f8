//! The routes by area, one file each, and the document that is made from them.

mod accounts;
mod attachments;
mod break_glass;
mod completeness;
mod document;
mod erasures;
mod grants;
mod intakes;
mod kinds;
mod local_fields;
pub(crate) mod log;
mod matrix;
mod notices;
mod papers;
mod records;
mod rejects;
mod saved_searches;
mod search;
mod upkeep;

pub use document::document;

use self::document::Live;
use crate::around::{around, nothing_here, wrong_method};
use crate::house::House;
use crate::problem::Sort;
use aide::axum::ApiRouter;
use aide::openapi::OpenApi;
use aide::transform::TransformOperation;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;
use std::sync::Arc;
use vault::AnyStore;
use vault::store::RecordStore;

/// The path below which the API lies.
pub const BASE: &str = "/api/v1";

/// Everything that the server answers, over a house. Handlers are generic over the store; they are made for it
/// here, once, and not again in each program that serves.
pub fn router(house: House<AnyStore>) -> Router {
    let (routes, described) = described::<AnyStore>();
    let document = Arc::new(Live::new(described));
    let problems = problems();
    let routes = routes
        .route("/api/v1/openapi.json", get(async move || json_text(document.text())))
        .route("/api/v1/problems", get(async move || json_text(problems)))
        .route("/healthz", get(async || StatusCode::NO_CONTENT))
        .route("/readyz", get(ready))
        .merge(crate::pages::routes())
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .with_state(house.clone());
    around(routes, &house)
}

/// Whether somebody can be served now, for what spreads requests over servers; why not is told to nobody here.
async fn ready(State(house): State<House<AnyStore>>) -> StatusCode {
    match house.desk().check_ready().await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(error) => {
            tracing::warn!(event = "not-ready", %error);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

fn json_text(text: String) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text)
}

/// The routes with what the types of their handlers say.
fn described<S: RecordStore>() -> (Router<House<S>>, OpenApi) {
    aide::generate::reset_context();
    aide::generate::extract_schemas(true);
    aide::generate::infer_responses(true);
    let routes = ApiRouter::new()
        .merge(records::routes())
        .merge(attachments::routes())
        .merge(break_glass::routes())
        .merge(search::routes())
        .merge(saved_searches::routes())
        .merge(kinds::routes())
        .merge(completeness::routes())
        .merge(erasures::routes())
        .merge(intakes::routes())
        .merge(rejects::routes())
        .merge(log::routes())
        .merge(accounts::routes())
        .merge(notices::routes())
        .merge(papers::routes())
        .merge(grants::routes())
        .merge(matrix::routes())
        .merge(local_fields::routes())
        .merge(upkeep::routes());
    let mut described = OpenApi::default();
    let routes = ApiRouter::new().nest(BASE, routes).finish_api(&mut described);
    (routes, described)
}

/// How an operation is called and what it is for.
fn of(
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
) -> impl FnOnce(TransformOperation<'_>) -> TransformOperation<'_> {
    move |operation| operation.id(id).tag(tag).summary(summary)
}

/// The explanations to which the `type` of each problem leads.
fn problems() -> String {
    let row = |sort: &Sort| json!({ "fragment": sort.fragment(), "status": sort.status(), "title": sort.title(), "mend": sort.mend() });
    json!({ "problems": Sort::ALL.iter().map(row).collect::<Vec<_>>() }).to_string()
}
