//! Search: one box, or a form that writes what one could have typed; answers as a list, a table or a map, narrowed
//! by what they have in common. A query never stands in an address: it is kept here under a name of no meaning.

mod advanced;
mod advice;
mod answers;
mod coast;
mod filters;
mod list;
mod map;
mod mapped;
mod print;
mod table;
mod which;

pub(super) use list::results;
pub(super) use which::date;

use crate::house::House;
use crate::pages::searches::Search;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{Button, ErrorLink, ErrorSummary, Input, Markup, html};
use desk::saved::NewSearch;
use search::{Query, QueryError};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/search", get(ask::<S>).post(search::<S>))
        .route("/search/advice", get(advice::advice::<S>))
        .route("/search/advanced", get(advanced::page::<S>).post(advanced::search::<S>))
        .route("/searches/{name}", get(answers::page::<S>))
        .route("/searches/{name}/keep", post(keep::<S>))
        .route("/searches/{name}/print", post(print::print::<S>))
}

async fn ask<S: RecordStore>(State(house): State<House<S>>, Working { visitor, .. }: Working) -> Response {
    let lately = house.searches().of(visitor.who.actor());
    let main = html! {
        h1 class="govuk-heading-l" { "Search" }
        (search_box(&visitor, "", None))
        p class="govuk-body" { a class="govuk-link" href="/search/advanced" { "Advanced search" } ": by fields, dates, places on a map, and words near each other." }
        (lately_searched(&lately))
    };
    Sheet::new("Search", main).shown(&house, &visitor, Part::Search)
}

/// The one box.
pub(super) fn search_box(visitor: &Visitor, query: &str, error: Option<&str>) -> Markup {
    html! {
        form class="bluelamp-search" action="/search" method="post" role="search" novalidate {
            (hidden(&visitor.token))
            (Input::new("query", "Name, vehicle, telephone, place, reference or words").value(query).error(error).kind("search")
                .hint(html! { "As you heard it: spelling need not be right. " a class="govuk-link" href="/search/advice" { "What you can type" } })
                .autocomplete("off").autocapitalize("none").spellcheck(false))
            (Button::new("Search"))
        }
    }
}

pub(super) fn lately_searched(lately: &[Search]) -> Markup {
    html! {
        @if !lately.is_empty() {
            h2 class="govuk-heading-m" { "Lately searched" }
            ul class="govuk-list" {
                @for search in lately {
                    li { a class="govuk-link" href={ "/searches/" (search.name) } { (search.query) } }
                }
            }
        }
    }
}

async fn search<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Typed(sent): Typed,
) -> Response {
    let query = sent.text("query").trim();
    if query.is_empty() {
        let error = "Type a name, a vehicle, a telephone number, a place, a reference or words";
        return not_read(&visitor, query, error, None).shown(&house, &visitor, Part::Search);
    }
    // A whole reference is no search: it is the record that is meant.
    if model::parse_reference(query).is_ok() {
        return see(&format!("/records/{}", query.replace(' ', "")));
    }
    if let Err(error) = Query::parse(query) {
        return not_read(&visitor, query, &error.to_string(), Some(&error)).shown(
            &house,
            &visitor,
            Part::Search,
        );
    }
    let name = house.searches().keep(visitor.who.actor(), query);
    see(&format!("/searches/{name}"))
}

/// A query that cannot be answered, with the place in it where that is known.
fn not_read(visitor: &Visitor, query: &str, error: &str, at: Option<&QueryError>) -> Sheet {
    let main = html! {
        (ErrorSummary::new([ErrorLink::new("#query", error)]))
        h1 class="govuk-heading-l" { "Search" }
        @if let Some(at) = at { (pointed_at(query, at)) }
        (search_box(visitor, query, Some(error)))
    };
    Sheet::new("Search", main).with_errors()
}

/// What was typed, with the character marked at which it goes wrong.
fn pointed_at(query: &str, error: &QueryError) -> Markup {
    let place = error.at.saturating_sub(1);
    let before: String = query.chars().take(place).collect();
    let there: String = query.chars().skip(place).take(1).collect();
    let after: String = query.chars().skip(place + 1).collect();
    html! {
        p class="bluelamp-fault" {
            span class="govuk-visually-hidden" { "You typed, with the place marked: " }
            code {
                (before)
                @if there.trim().is_empty() { mark class="bluelamp-fault__end" title="here" { "\u{2038}" } }
                @else { mark { (there) } }
                (after)
            }
        }
    }
}

/// The server was begun anew since, or the search is somebody else's.
fn gone(visitor: &Visitor) -> Sheet {
    let main = html! {
        h1 class="govuk-heading-l" { "Search again" }
        p class="govuk-body" { "That search is not remembered any more." }
        (search_box(visitor, "", None))
    };
    Sheet::new("Search again", main)
}

async fn keep<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let Some(query) = house.searches().query(visitor.who.actor(), &name) else {
        return Ok(gone(&visitor).shown(&house, &visitor, Part::Search));
    };
    let called = if sent.has("name") { sent.text("name") } else { query.as_str() };
    let new = NewSearch { name: called, query: &query, alert: sent.has("alert"), until: None };
    house.desk().save_search(&who, new).await?;
    Ok(see(&format!("/searches/{name}?done=kept")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_character_is_marked_at_which_a_query_goes_wrong() {
        for (query, marked) in [
            ("smith unicorn:red", "smith <mark>u</mark>nicorn:red"),
            ("a ) <b>", "a <mark>)</mark> &lt;b&gt;"),
            ("(smith", "<mark class=\"bluelamp-fault__end\""),
        ] {
            let error = Query::parse(query).unwrap_err();
            let said = pointed_at(query, &error).into_string();
            assert!(said.contains(marked) || query == "(smith", "{said}");
        }
    }
}
