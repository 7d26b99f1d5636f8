//! “What are you working on?”: asked once, and again when it changes.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::see;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::pages::work::Work;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{Button, Choice, ErrorLink, ErrorSummary, Input, Radios, Width, html};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/working-on", get(ask::<S>).post(say::<S>))
}

/// What people mostly do, in the words that the log then has.
const PURPOSES: [&str; 8] = [
    "Answering an incident",
    "Stop or check of a person or vehicle",
    "Investigating a crime",
    "Intelligence research",
    "Looking for a missing or vulnerable person",
    "Preparing a case",
    "Checking and correcting records",
    "Oversight, audit or a request about data",
];
/// The answer that asks for words.
const OTHER: &str = "other";

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(onward): Query<Onward>,
) -> Response {
    let (purpose, other) = match PURPOSES.contains(&visitor.work.purpose.as_str()) {
        true => (visitor.work.purpose.as_str(), ""),
        false if visitor.work.purpose.is_empty() => ("", ""),
        false => (OTHER, visitor.work.purpose.as_str()),
    };
    let asked = Asked { task: &visitor.work.task, purpose, other, error: None };
    page(&visitor, &onward, &asked).shown(&house, &visitor, Part::Home)
}

struct Asked<'a> {
    task: &'a str,
    purpose: &'a str,
    other: &'a str,
    error: Option<&'a str>,
}

fn page(visitor: &Visitor, onward: &Onward, asked: &Asked<'_>) -> Sheet {
    let words = html! { (Input::new("other", "In your words").value(asked.other)) };
    let choices = PURPOSES.iter().map(|purpose| Choice::new(*purpose, *purpose));
    let choices = choices.chain([Choice::divider("or"), Choice::new(OTHER, "Something else").reveals(words)]);
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(error) = asked.error { (ErrorSummary::new([ErrorLink::new("#purpose", error)])) }
            h1 class="govuk-heading-l" { "What are you working on?" }
            p class="govuk-body" { "It is written into the log with all that you look at, until you change it or sign out." }
            form action="/working-on" method="post" novalidate {
                (hidden(&visitor.token))
                input type="hidden" name="next" value=(onward.path());
                (Input::new("task", "Task, case or incident, where there is one").value(asked.task).width(Width::Twenty)
                    .hint("For instance the number of the incident log or of the crime").spellcheck(false))
                (Radios::new("purpose", "What for", choices).value(asked.purpose.to_owned()).error(asked.error))
                (Button::new("Continue").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("What are you working on?", main);
    if asked.error.is_some() { sheet.with_errors() } else { sheet }
}

fn purpose_of(sent: &Sent) -> &str {
    match sent.text("purpose") {
        OTHER => sent.text("other"),
        purpose => purpose,
    }
}

async fn say<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Response {
    let onward = Onward { next: sent.text("next").to_owned(), done: String::new() };
    match Work::typed(purpose_of(&sent), sent.text("task")) {
        Ok(work) => {
            let mut response = see(onward.path());
            work.keep(&mut response);
            response
        }
        Err(error) => {
            let asked = Asked {
                task: sent.text("task"),
                purpose: sent.text("purpose"),
                other: sent.text("other"),
                error: Some(&error),
            };
            page(&visitor, &onward, &asked).shown(&house, &visitor, Part::Home)
        }
    }
}
