//! The verifier as one HTML file, to be taken away: it checks an export without this server.

use crate::house::House;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use vault::store::RecordStore;

/// Where it is.
pub(super) const PATH: &str = "/log/verifier.html";

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route(PATH, get(download))
}

/// The same for everybody who has signed in: it holds nothing of this force.
async fn download(_: Visitor) -> Result<impl IntoResponse, Problem> {
    let page = assets::asset("verifier.html").ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"bluelamp-verifier.html\""),
    ];
    Ok((headers, page.bytes))
}
