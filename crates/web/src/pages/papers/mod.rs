//! Papers: printing a record or answers with a receipt, checking a paper without signing in, and recalling one.

mod check;
mod print;
mod qr;
mod recall;
mod view;

pub(super) use print::{buttons, paper_of_answers};

use crate::house::House;
use axum::Router;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().merge(check::routes()).merge(print::routes()).merge(recall::routes())
}
