//! Intake: taking files in, how far that is, what became of every row, and the rows that were rejected.

mod anew;
mod begin;
mod correct;
mod reject;
mod rejects;
mod report;
mod run;

use crate::house::House;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    // A file is no form: it is read piece by piece and has a limit of its own.
    let upload = post(begin::upload::<S>).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/intake", get(begin::page::<S>).post(begin::from_exchange::<S>))
        .route("/intake/upload", upload)
        .route("/intake/runs/{run}", get(run::page::<S>))
        .route("/intake/runs/{run}/progress", get(run::progress::<S>))
        .route("/intake/rejects", get(rejects::page::<S>))
        .route("/intake/rejects/anew", post(anew::judge::<S>))
        .route("/intake/rejects/{source}/{file}/{line}", get(reject::page::<S>))
        .route("/intake/rejects/{source}/{file}/{line}/correct", post(correct::correct::<S>))
        .route("/intake/rejects/{source}/{file}/{line}/discard", post(reject::discard::<S>))
}
