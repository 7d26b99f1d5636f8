//! The page of answers to a search: what narrows them beside them, and each in the way that was asked for.

use super::filters::filters;
use super::list::{nothing_found, restricted, results, scope};
use super::which::{View, Which};
use super::{gone, map, not_read, print, search_box, table};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use components::{
    Button, Checkboxes, Choice, Details, ErrorLink, ErrorSummary, FilterLayout, Input, Legend, Markup,
    NavLink, NotificationBanner, PageStep, Pagination, SkipLink, SubNavigation, html,
};
use desk::DeskError;
use desk::find::Answers;
use search::{Order, Query, State as OfRecord};
use vault::store::RecordStore;

/// A search whose answers are looked at.
pub(super) struct Looked<'a> {
    /// Its name in addresses.
    pub name: &'a str,
    /// What was typed.
    pub query: &'a str,
    /// Which of its answers.
    pub which: &'a Which,
}

impl Looked<'_> {
    /// Whether answers are told apart by how well they fit.
    pub(super) fn is_ranked(&self) -> bool {
        Query::parse(self.query).is_ok_and(|query| query.is_ranked())
    }
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
    RawQuery(part): RawQuery,
) -> Result<Response, Turned> {
    let Some(query) = house.searches().query(visitor.who.actor(), &name) else {
        return Ok(gone(&visitor).shown(&house, &visitor, Part::Search));
    };
    let which = Which::read(part.as_deref().unwrap_or_default());
    let looked = Looked { name: &name, query: &query, which: &which };
    let narrowed = match which.narrowed(&query) {
        Ok(narrowed) => narrowed,
        Err((control, error)) => {
            return Ok(wrong_filter(&visitor, &looked, control, &error).shown(
                &house,
                &visitor,
                Part::Search,
            ));
        }
    };
    let answers = match house.desk().search(&who, &narrowed, which.wanted()).await {
        Ok(answers) => answers,
        Err(error @ (DeskError::Unusable(_) | DeskError::Index(_))) => {
            return Ok(not_read(&visitor, &query, &error.to_string(), None).shown(
                &house,
                &visitor,
                Part::Search,
            ));
        }
        Err(error) => return Err(error.into()),
    };
    let content = html! {
        div id="answers" tabindex="-1" { (views(&looked, &answers)) }
        (found_line(&looked, &answers))
        (restricted(&answers.restricted))
        @if answers.found.is_empty() { (none(&looked, &answers)) } @else { (shown(&looked, &answers)) }
        (pages(&looked, &answers))
        @if !answers.found.is_empty() { (print::form(&visitor, &looked)) }
        (keep_form(&visitor, &name))
        @if !answers.found.is_empty() { (scope(&answers.scope)) }
    };
    let main = html! {
        @if which.done == "kept" { (NotificationBanner::success("The search is kept. It stands on your home page.")) }
        h1 class="govuk-visually-hidden" { "Search results" }
        (search_box(&visitor, &query, None))
        (SkipLink::new("#answers", "Skip to the answers"))
        (FilterLayout::new(filters(&looked, answers.counts.as_ref(), None), content))
    };
    let sheet = Sheet::new(format!("{query} – search"), main).wide().script("results.js");
    Ok(sheet.shown(&house, &visitor, Part::Search))
}

fn shown(looked: &Looked<'_>, answers: &Answers) -> Markup {
    match looked.which.view {
        View::List => results(answers, looked.which.offset() + 1),
        View::Table => table::table(looked, answers),
        View::Map => map::map(looked, answers),
    }
}

fn wrong_filter(visitor: &Visitor, looked: &Looked<'_>, control: &str, error: &str) -> Sheet {
    let content = html! { p class="govuk-body" { "Nothing was searched yet: correct the filter first." } };
    let filter = filters(looked, None, Some((control, error)));
    let main = html! {
        (ErrorSummary::new([ErrorLink::new(format!("#{control}"), error)]))
        h1 class="govuk-visually-hidden" { "Search results" }
        (search_box(visitor, looked.query, None))
        (FilterLayout::new(filter, content))
    };
    Sheet::new(format!("{} – search", looked.query), main).wide().with_errors()
}

/// The ways to look at the answers.
fn views(looked: &Looked<'_>, answers: &Answers) -> Markup {
    let placed = answers.counts.as_ref().and_then(|counts| counts.states.get(&OfRecord::Placed)).copied();
    let link = |view: View| {
        let says = match view {
            View::List => "List".to_owned(),
            View::Table => "Table".to_owned(),
            View::Map => format!("Map ({})", words::number(placed.unwrap_or(0))),
        };
        let address = looked.which.with(|which| which.view = view).address(looked.name);
        NavLink::new(address, says).current(view == looked.which.view)
    };
    html! { (SubNavigation::new("Ways to look at the answers", View::ALL.map(link))) }
}

fn found_line(looked: &Looked<'_>, answers: &Answers) -> Markup {
    let (shown, from) = (answers.found.len(), looked.which.offset() + 1);
    let what = if looked.which.view == View::Map { "record with a place on the map" } else { "record" };
    html! {
        p class="govuk-body" role="status" {
            @match (answers.total, shown) {
                (0, _) => { "Nothing found." }
                (1, _) if looked.which.view == View::Map => { strong { "1 " (what) } " found." }
                (total, 0) => { (words::count(total, "record")) " found, and none on this page." }
                (total, _) => {
                    strong { (words::count(total, "record")) @if looked.which.view == View::Map { " with a place" } " found" }
                    @if total > 1 { ", " (order_said(looked)) } "."
                    @if total > shown as u64 { " Shown: " (words::number(from as u64)) " to " (words::number((from + shown - 1) as u64)) "." }
                }
            }
            @if answers.lacking > 0 && answers.whole < answers.total {
                " " (words::number(answers.whole)) " of them hold all that you typed."
            }
        }
    }
}

fn order_said(looked: &Looked<'_>) -> &'static str {
    match looked.which.order {
        Order::Best if looked.is_ranked() => "the most probable first",
        Order::Best | Order::Newest => "the newest first",
        Order::Oldest => "the oldest first",
        Order::Kind => "by kind",
    }
}

fn none(looked: &Looked<'_>, answers: &Answers) -> Markup {
    if answers.total > 0 {
        return Markup::default();
    }
    html! {
        @if looked.which.narrows() || looked.which.view == View::Map {
            p class="govuk-body" {
                @if looked.which.view == View::Map { "No answer has a place with coordinates. " }
                @if looked.which.narrows() {
                    a class="govuk-link" href=(looked.which.wide().address(looked.name)) { "Look without the filters" } "."
                } @else {
                    a class="govuk-link" href={ "/searches/" (looked.name) } { "Look at the list" } "."
                }
            }
            (scope(&answers.scope))
        } @else {
            (nothing_found(answers))
        }
    }
}

fn pages(looked: &Looked<'_>, answers: &Answers) -> Markup {
    let (page, per_page) = (looked.which.page, looked.which.per_page());
    let last = usize::try_from(answers.total).unwrap_or(usize::MAX).div_ceil(per_page);
    let at = |page: usize| looked.which.with(|which| which.page = page).address(looked.name);
    let before = (page > 1).then(|| PageStep::new(at(page - 1)).text("Answers before these"));
    let after = (page < last).then(|| PageStep::new(at(page + 1)).text("More answers"));
    html! {
        @if before.is_some() || after.is_some() {
            (Pagination::new([]).previous(before).next(after).label("Pages of answers"))
        }
    }
}

fn keep_form(visitor: &Visitor, name: &str) -> Markup {
    let form = html! {
        form action={ "/searches/" (name) "/keep" } method="post" novalidate {
            (hidden(&visitor.token))
            (Input::new("name", "What to call it"))
            (Checkboxes::new("alert", Legend::default(), [Choice::new("yes", "Tell me when something new fits")]))
            (Button::secondary("Keep this search"))
        }
    };
    html! {
        (Details::new("Keep this search, or be told when something new fits", form))
        p class="govuk-body" { a class="govuk-link" href={ "/search/advanced?of=" (name) } { "Go on with this in the advanced search" } }
    }
}
