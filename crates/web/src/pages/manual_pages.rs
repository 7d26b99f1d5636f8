//! The manual: its pages by audience, each page, and the search in it. What is typed there stands in no address.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{BackLink, Button, Input, Markup, html};
use manual::{AUDIENCES, Found, Page};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/help/find", post(find::<S>)).route("/help/manual/{page}", get(read::<S>))
}

/// Answers that are shown.
const MOST: usize = 8;

/// The box that looks through the manual.
pub(super) fn search_box(visitor: &Visitor, asked: &str) -> Markup {
    html! {
        form class="bluelamp-search" action="/help/find" method="post" role="search" novalidate {
            (hidden(&visitor.token))
            (Input::new("asked", "Look through the manual").value(asked).kind("search")
                .hint("For instance: strip search of a child, forgotten password, erase").autocomplete("off").spellcheck(false))
            (Button::new("Look"))
        }
    }
}

/// The pages by audience.
pub(super) fn contents() -> Markup {
    html! {
        @for audience in AUDIENCES {
            h2 class="govuk-heading-m" { (audience) }
            ul class="govuk-list bluelamp-contents" {
                @for page in manual::pages().iter().filter(|page| page.audiences.contains(audience)) {
                    li { (link(page)) }
                }
            }
        }
    }
}

fn link(page: &Page) -> Markup {
    html! { a class="govuk-link" href=(page.path()) { (page.title) } }
}

async fn read<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(page): Path<String>,
) -> Result<Response, Turned> {
    let page = manual::page(&page).ok_or_else(Problem::not_found)?;
    let main = html! {
        div class="govuk-grid-row" { article class="govuk-grid-column-two-thirds bluelamp-manual" {
            span class="govuk-caption-l" { (page.audiences.join(", ")) }
            h1 class="govuk-heading-l" { (page.title) }
            (page.html())
        } }
    };
    let sheet = Sheet::new(page.title, main).before(BackLink::new("/help").text("Help"));
    Ok(sheet.shown(&house, &visitor, Part::Help))
}

async fn find<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Response {
    let asked = sent.text("asked").trim();
    let found = manual::find(asked);
    let main = html! {
        h1 class="govuk-heading-l" { "Help" }
        (search_box(&visitor, asked))
        p class="govuk-body" role="status" {
            @match found.len() {
                0 => "Nothing in the manual says it. Use other words, or look through the list below.",
                found => { (words::count(found as u64, "page")) ", the most telling first." }
            }
        }
        @if found.is_empty() { (contents()) } @else { (answers(&found)) }
    };
    let sheet = Sheet::new("Help: what was found", main).before(BackLink::new("/help").text("Help"));
    sheet.shown(&house, &visitor, Part::Help)
}

fn answers(found: &[Found]) -> Markup {
    html! {
        ol class="bluelamp-results" {
            @for found in found.iter().take(MOST) {
                li class="bluelamp-result" {
                    h2 class="govuk-heading-s bluelamp-result__name" { (link(found.page)) }
                    p class="bluelamp-result__what" { "For: " (found.page.audiences.join(", ")) }
                    p class="bluelamp-result__why" { (found.excerpt) }
                }
            }
        }
    }
}
