//! Search: one box, answers as people, vehicles, places and events, each with its reason.

use crate::house::House;
use crate::pages::searches::Search;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{Button, ErrorLink, ErrorSummary, Input, InsetText, Markup, PageStep, Pagination, html};
use desk::find::{Answers, Found, Group, Restricted, Wanted};
use desk::saved::NewSearch;
use desk::{DeskError, find};
use model::kinds;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/search", get(ask::<S>).post(search::<S>))
        .route("/search/advice", get(advice::<S>))
        .route("/searches/{name}", get(answers::<S>))
        .route("/searches/{name}/keep", axum::routing::post(keep::<S>))
        .route("/searches/{name}/print", axum::routing::post(print::<S>))
}

/// Answers of one page.
const PAGE: usize = 20;

async fn ask<S: RecordStore>(State(house): State<House<S>>, Working { visitor, .. }: Working) -> Response {
    let lately = house.searches().of(visitor.who.actor());
    let main = html! {
        h1 class="govuk-heading-l" { "Search" }
        (search_box(&visitor, "", None))
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
        return not_read(&visitor, query, error).shown(&house, &visitor, Part::Search);
    }
    // A whole reference is no search: it is the record that is meant.
    if model::parse_reference(query).is_ok() {
        return see(&format!("/records/{}", query.replace(' ', "")));
    }
    let name = house.searches().keep(visitor.who.actor(), query);
    see(&format!("/searches/{name}"))
}

fn not_read(visitor: &Visitor, query: &str, error: &str) -> Sheet {
    let main = html! {
        (ErrorSummary::new([ErrorLink::new("#query", error)]))
        h1 class="govuk-heading-l" { "Search" }
        (search_box(visitor, query, Some(error)))
    };
    Sheet::new("Search", main).with_errors()
}

/// Which of the answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    /// Of this kind alone.
    kind: String,
    /// The page, from 1.
    page: Option<usize>,
    /// What was done.
    done: String,
}

impl Which {
    fn offset(&self) -> usize {
        self.page.unwrap_or(1).saturating_sub(1).saturating_mul(PAGE).min(10_000)
    }
}

/// A query for one kind alone.
fn narrowed(query: &str, kind: &str) -> String {
    match kinds::by_name(kind) {
        None => query.to_owned(),
        Some(kind) if query.contains(" OR ") => format!("kind:{} ({query})", kind.name),
        Some(kind) => format!("kind:{} {query}", kind.name),
    }
}

async fn answers<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
    Query(part): Query<Which>,
) -> Result<Response, Turned> {
    let Some(query) = house.searches().query(visitor.who.actor(), &name) else {
        return Ok(gone(&visitor).shown(&house, &visitor, Part::Search));
    };
    let page = search::Page { offset: part.offset(), limit: PAGE };
    let wanted = Wanted { page, counts: true };
    let answers = match house.desk().search(&who, &narrowed(&query, &part.kind), wanted).await {
        Ok(answers) => answers,
        Err(error @ (DeskError::Unusable(_) | DeskError::Index(_))) => {
            return Ok(not_read(&visitor, &query, &error.to_string()).shown(&house, &visitor, Part::Search));
        }
        Err(error) => return Err(error.into()),
    };
    let place = Place { name: &name, part: &part };
    let main = html! {
        @if part.done == "kept" { (components::NotificationBanner::success("The search is kept. It stands on your home page.")) }
        h1 class="govuk-visually-hidden" { "Search results" }
        (search_box(&visitor, &query, None))
        (found_line(&answers, &part))
        (restricted(&answers.restricted))
        (kinds_line(&answers, &place))
        @if answers.found.is_empty() { (nothing_found(&answers)) }
        (results(&answers, part.offset() + 1))
        (pages(&answers, &place))
        @if !answers.found.is_empty() { (print_form(&visitor, &place)) }
        (keep_form(&visitor, &name))
        @if !answers.found.is_empty() { (scope(&answers.scope)) }
    };
    Ok(Sheet::new(format!("{query} – search"), main).wide().shown(&house, &visitor, Part::Search))
}

struct Place<'a> {
    name: &'a str,
    part: &'a Which,
}

impl Place<'_> {
    fn of_kind(&self, kind: &str) -> String {
        if kind.is_empty() {
            format!("/searches/{}", self.name)
        } else {
            format!("/searches/{}?kind={kind}", self.name)
        }
    }

    fn at_page(&self, page: usize) -> String {
        let path = self.of_kind(&self.part.kind);
        format!("{path}{}page={page}", if path.contains('?') { '&' } else { '?' })
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

fn found_line(answers: &Answers, part: &Which) -> Markup {
    let shown = answers.found.len();
    let from = part.offset() + 1;
    html! {
        p class="govuk-body" role="status" {
            @match (answers.total, shown) {
                (0, _) => { "Nothing found." }
                (total, 0) => { (words::count(total, "record")) " found, and none on this page." }
                (total, _) => {
                    strong { (words::count(total, "record")) " found" }
                    @if total > 1 { ", the most probable first" } "."
                    @if total > shown as u64 { " Shown: " (from) " to " (from + shown - 1) "." }
                }
            }
            @if answers.lacking > 0 && answers.whole < answers.total {
                " " (words::number(answers.whole)) " of them hold all that you typed."
            }
        }
    }
}

fn kinds_line(answers: &Answers, place: &Place<'_>) -> Markup {
    let Some(counts) = &answers.counts else { return Markup::default() };
    let by_kind =
        counts.kinds.iter().filter_map(|(number, count)| Some((kinds::by_number(*number)?, *count)));
    let by_kind: Vec<_> = by_kind.filter(|(_, count)| *count > 0).collect();
    html! {
        @if by_kind.len() > 1 || !place.part.kind.is_empty() {
            nav class="bluelamp-facets" aria-label="Kinds of record" {
                ul class="bluelamp-facets__list" {
                    @if place.part.kind.is_empty() {
                        @for (kind, count) in &by_kind {
                            li { a class="govuk-link" href=(place.of_kind(kind.name)) { (kind.plural) } " " (words::number(*count)) }
                        }
                    } @else {
                        li { a class="govuk-link" href=(place.of_kind("")) { "All kinds" } }
                        li { strong { (kinds::by_name(&place.part.kind).map_or("", |kind| kind.plural)) " only" } }
                    }
                }
            }
        }
    }
}

/// Answers as a list, each under the person, vehicle or place that it is linked with.
pub(super) fn results(answers: &Answers, first: usize) -> Markup {
    html! {
        @if !answers.groups.is_empty() {
            ol class="bluelamp-results" start=(first) {
                @for group in &answers.groups { (group_of(group, &answers.found)) }
            }
        }
    }
}

fn group_of(group: &Group, found: &[Found]) -> Markup {
    let own = group.found.iter().find(|(_, tie)| tie.is_none()).and_then(|(at, _)| found.get(*at));
    let others = group.found.iter().filter(|(_, tie)| tie.is_some());
    html! {
        li class="bluelamp-result" {
            h2 class="govuk-heading-s bluelamp-result__name" {
                a class="govuk-link" href={ "/records/" (group.head.reference) } { (group.head.name) }
            }
            p class="bluelamp-result__what" {
                (words::kind_title(group.head.kind)) " · " (group.head.reference)
                @if let Some(probability) = own.and_then(|hit| hit.probability) { " · " (words::probability(probability)) }
            }
            @if let Some(own) = own { (why(own)) }
            @if group.found.len() > usize::from(own.is_some()) {
                ul class="govuk-list bluelamp-result__linked" {
                    @for (at, tie) in others {
                        @if let Some(hit) = found.get(*at) {
                            li {
                                @if let Some(tie) = tie { span class="bluelamp-result__tie" { (tie) } " " }
                                a class="govuk-link" href={ "/records/" (hit.reference) } { (hit.name) }
                                " (" (words::kind_title(hit.kind)) ", " (hit.reference) ")"
                                (why(hit))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The reasons, but for the kind, which stands beside the reference.
fn why(hit: &Found) -> Markup {
    let reasons: Vec<&str> =
        hit.why.iter().map(String::as_str).filter(|why| !why.starts_with("kind ")).collect();
    html! {
        @if !reasons.is_empty() {
            p class="bluelamp-result__why" { (reasons.join("; ")) }
        }
    }
}

fn restricted(restricted: &[Restricted]) -> Markup {
    html! {
        @for record in restricted {
            (InsetText::new(html! {
                "A restricted record fits: " (words::kind_title(record.kind)) " " (record.reference) ". "
                @match &record.ask {
                    Some(name) => { "Ask " strong { (name) } "." }
                    None => { "Ask a supervisor." }
                }
                " Where life is at risk you may "
                a class="govuk-link" href={ "/records/" (record.reference) } { "open it all the same" } "."
            }))
        }
    }
}

fn nothing_found(answers: &Answers) -> Markup {
    html! {
        p class="govuk-body" { "Nothing fits, not even with other spelling, sounds, nicknames, or a year two off." }
        (scope(&answers.scope))
    }
}

fn scope(scope: &find::Scope) -> Markup {
    html! {
        div class="bluelamp-scope" {
            p class="govuk-body-s" { "Searched: " (scope.kinds.join(", ").to_lowercase()) "." }
            @if !scope.not_searched.is_empty() {
                p class="govuk-body-s" { "Not searched: " (scope.not_searched.join("; ")) "." }
            }
        }
    }
}

fn pages(answers: &Answers, place: &Place<'_>) -> Markup {
    let page = place.part.page.unwrap_or(1);
    let last = usize::try_from(answers.total).unwrap_or(usize::MAX).div_ceil(PAGE);
    let before = (page > 1).then(|| PageStep::new(place.at_page(page - 1)).text("Better answers"));
    let after = (page < last && answers.found.len() == PAGE)
        .then(|| PageStep::new(place.at_page(page + 1)).text("More answers"));
    html! {
        @if before.is_some() || after.is_some() {
            (Pagination::new([]).previous(before).next(after).label("Pages of answers"))
        }
    }
}

/// The page of answers that is shown, on paper.
fn print_form(visitor: &Visitor, place: &Place<'_>) -> Markup {
    html! {
        form action={ "/searches/" (place.name) "/print" } method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="kind" value=(place.part.kind);
            input type="hidden" name="page" value=(place.part.page.unwrap_or(1));
            (Button::secondary("Print these answers"))
        }
    }
}

async fn print<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let Some(query) = house.searches().query(visitor.who.actor(), &name) else {
        return Ok(gone(&visitor).shown(&house, &visitor, Part::Search));
    };
    let part = Which {
        kind: sent.text("kind").to_owned(),
        page: sent.text("page").parse().ok(),
        ..Which::default()
    };
    let page = search::Page { offset: part.offset(), limit: PAGE };
    let back = Place { name: &name, part: &part }.at_page(part.page.unwrap_or(1));
    crate::pages::papers::paper_of_answers(&house, &who, (&narrowed(&query, &part.kind), page), &back).await
}

fn keep_form(visitor: &Visitor, name: &str) -> Markup {
    let form = html! {
        form action={ "/searches/" (name) "/keep" } method="post" novalidate {
            (hidden(&visitor.token))
            (Input::new("name", "What to call it"))
            (components::Checkboxes::new("alert", components::Legend::default(), [components::Choice::new("yes", "Tell me when something new fits")]))
            (Button::secondary("Keep this search"))
        }
    };
    html! { (components::Details::new("Keep this search, or be told when something new fits", form)) }
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

async fn advice<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(_): Query<Onward>,
) -> Response {
    let examples = [
        ("smith anna 1987", "A name, with a year or date of birth. Order and spelling need not be right."),
        ("anna smith 04/03/1987", "A whole date of birth. Day and month may be swapped."),
        ("bill smith aged 38", "A nickname and an age."),
        ("ab12 cde", "A vehicle, or a part of its mark. 0 and O, 1 and I count as alike."),
        ("07700 900123", "A telephone number, also with a digit wrong or missing."),
        ("14 albert road lampton", "An address."),
        ("burglary albert road march 2024", "What happened, where and when."),
        ("\"black jacket\"", "These words, next to each other."),
        ("kind:crime NOT outcome:charged", "In fields, with AND, OR, NOT and brackets."),
        ("near:52.111256,-1.282210~500m", "Within 500 metres of a point."),
    ];
    let rows = examples.map(|(typed, what)| vec![html! { code { (typed) } }.into(), what.into()]);
    let main = html! {
        h1 class="govuk-heading-l" { "What you can type" }
        (components::Table::new(["You type", "It finds"].map(components::Cell::new), rows).caption("Examples").caption_hidden(true).classes("bluelamp-table--stacked"))
        p class="govuk-body" { a class="govuk-link" href="/search" { "Search" } }
    };
    Sheet::new("What you can type", main).shown(&house, &visitor, Part::Search)
}
