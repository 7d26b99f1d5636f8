//! The pages: server-rendered HTML for people, over the same desk as the API.
//!
//! A handler takes a [`visitor::Working`] (somebody who has signed in and has said what for) or a
//! [`visitor::Visitor`], calls one use case, and answers with a [`sheet::Sheet`]. What the desk refuses
//! becomes a page too ([`problem_page`]). A form carries the token of its sitting ([`typed`]). Pages of records
//! follow from the declarations of their kinds: [`record`] shows one, [`forms`] makes and changes one.
//!
//! **To add a page:** write a handler in the file of its area, name it in that file's `routes`, and give it a
//! line of help in [`help`] and a page of the manual that explains it (`docs/manual`); `tests/http/pages.rs` asks
//! every page as every role.

mod administration;
mod at;
mod completeness;
mod cookies;
mod forms;
mod help;
mod home;
mod intake;
mod log;
mod manual_pages;
mod papers;
mod problem_page;
mod record;
mod records;
mod reviews;
mod search;
mod searches;
mod sheet;
mod sign_in;
mod something_is_wrong;
mod tour;
mod turned;
mod typed;
mod visitor;
mod words;
mod work;
mod working_on;

pub(crate) use problem_page::for_people;
pub(crate) use searches::Searches;
pub(crate) use tour::Tours;

use crate::house::House;
use crate::problem::Problem;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use vault::store::RecordStore;

/// Every page, with the files that they need.
pub(crate) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .merge(sign_in::routes())
        .merge(working_on::routes())
        .merge(home::routes())
        .merge(search::routes())
        .merge(records::routes())
        .merge(reviews::routes())
        .merge(record::routes())
        .merge(forms::routes())
        .merge(administration::routes())
        .merge(log::routes())
        .merge(completeness::routes())
        .merge(intake::routes())
        .merge(papers::routes())
        .merge(help::routes())
        .merge(manual_pages::routes())
        .merge(something_is_wrong::routes())
        .merge(tour::routes())
}

/// The kind with this name.
fn record_kind(name: &str) -> Result<&'static model::Kind, Problem> {
    model::kinds::by_name(name).ok_or_else(Problem::not_found)
}

/// A style, script or picture.
async fn asset(Path(name): Path<String>) -> Response {
    match assets::at(&format!("/assets/{name}")) {
        Some(asset) => {
            let headers =
                [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, assets::CACHE_CONTROL)];
            let mut response = (headers, asset.bytes).into_response();
            if asset.name == forms::WORKER {
                response.headers_mut().extend(forms::worker_headers());
            }
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
