//! Answers to a search on paper: those that are looked at, in their order.

use super::answers::Looked;
use super::gone;
use super::which::Which;
use crate::house::House;
use crate::pages::papers::paper_of_answers;
use crate::pages::sheet::{Part, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use axum::extract::{Path, State};
use axum::response::Response;
use components::{Button, Markup, html};
use vault::store::RecordStore;

/// Asks for the answers that are looked at on paper.
pub(super) fn form(visitor: &Visitor, looked: &Looked<'_>) -> Markup {
    html! {
        form action={ "/searches/" (looked.name) "/print" } method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="which" value=(looked.which.written());
            (Button::secondary("Print these answers"))
        }
    }
}

pub(super) async fn print<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let Some(query) = house.searches().query(visitor.who.actor(), &name) else {
        return Ok(gone(&visitor).shown(&house, &visitor, Part::Search));
    };
    let which = Which::read(sent.text("which"));
    // Dates that do not read narrow nothing: the page that asked has refused them already.
    let narrowed = which.narrowed(&query).unwrap_or_else(|_| query.clone());
    paper_of_answers(&house, &who, (&narrowed, which.wanted()), &which.address(&name)).await
}
