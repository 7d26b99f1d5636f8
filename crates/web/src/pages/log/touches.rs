//! Who touched a record: for the purposes of DPA 2018 s.62(4), by the roles that read the log. It names whoever
//! looked, and what they searched for, but nothing that the record says.

use super::{Sub, beside};
use crate::house::House;
use crate::pages::administration::{Wrong, labelled, stacked};
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Cell, Input, PageStep, Pagination, Width, html};
use desk::oversight::Trace;
use law::access::Act;
use model::derived::show;
use model::reference::{parse_reference, reference_text};
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/log/touches", get(ask::<S>).post(find::<S>))
        .route("/log/records/{reference}/touches", get(list::<S>))
}

/// Only what was before this leaf.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    before: Option<u64>,
}

fn check_may_read<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Result<(), Problem> {
    match house.desk().may_do(&visitor.who, Act::ReadLog) {
        true => Ok(()),
        false => Err(Problem::role(Act::ReadLog.words())),
    }
}

async fn ask<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
) -> Result<Response, Turned> {
    check_may_read(&house, &visitor)?;
    Ok(form(&house, &visitor, "", None))
}

fn form<S: RecordStore>(house: &House<S>, visitor: &Visitor, typed: &str, wrong: Option<&Wrong>) -> Response {
    let main = html! {
        (beside(house, visitor, Sub::Touches))
        (Wrong::above(wrong))
        h1 class="govuk-heading-l" { "Who touched a record" }
        p class="govuk-body" {
            "For checking that processing is lawful, for the force’s own monitoring and discipline, for the integrity \
             and security of data, and for criminal proceedings (DPA 2018 s.62(4)), and for nothing else. It is an \
             entry of the log too."
        }
        form action="/log/touches" method="post" novalidate {
            (hidden(&visitor.token))
            (Input::new("reference", "Reference of the record").value(typed).width(Width::Twenty).spellcheck(false)
                .hint("For instance N-0000017-T. One that was erased is answered too")
                .error(Wrong::beside(wrong, "reference")))
            (Button::new("Show who touched it"))
        }
    };
    Wrong::on(wrong, Sheet::new("Who touched a record", main)).shown(house, visitor, Part::Log)
}

/// What is typed may be a person's name by mistake, so it goes into an address only as a reference.
async fn find<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    check_may_read(&house, &visitor)?;
    match parse_reference(sent.text("reference")) {
        Ok((kind, number)) => Ok(see(&format!("/log/records/{}/touches", reference_text(kind, number)))),
        Err(error) => {
            let wrong = Wrong::at("reference", error.to_string());
            Ok(form(&house, &visitor, sent.text("reference"), Some(&wrong)))
        }
    }
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Turned> {
    let (kind, number) = parse_reference(&reference).map_err(|_| Problem::not_found())?;
    let reference = reference_text(kind, number);
    let touched = house.desk().who_touched(&who, &reference, before).await?;
    let path = format!("/log/records/{reference}/touches");
    let earlier =
        touched.before.map(|leaf| PageStep::new(format!("{path}?before={leaf}")).text("Earlier entries"));
    let title = format!("Who touched {reference}");
    let head = ["When", "Who", "What", "What for", "Entry"];
    let main = html! {
        h1 class="govuk-heading-l" { (title) }
        @if touched.touches.is_empty() { p class="govuk-body" { "No entry of the log names it." } }
        @else {
            (stacked(head, touched.touches.iter().map(row)).caption("The newest first"))
        }
        @if earlier.is_some() { (Pagination::new([]).next(earlier).label("Pages of entries")) }
    };
    let sheet = Sheet::new(title, main).wide().before(BackLink::new("/log/touches").text("Another record"));
    Ok(sheet.shown(&house, &visitor, Part::Log))
}

fn row(trace: &Trace) -> Vec<Cell> {
    let what = html! {
        (trace.operation)
        @if let Some(subject) = &trace.subject { ": " (subject) }
        @if let Some(query) = &trace.query { " – searched for “" (query) "”" }
        @if let Some(ground) = &trace.ground { " – " (ground) }
    };
    vec![
        labelled("When", when(&trace.time)),
        labelled("Who", html! { strong { (trace.actor) } }),
        labelled("What", what),
        labelled("What for", trace.purpose.as_deref()),
        labelled("Entry", words::number(trace.leaf)),
    ]
}

/// A moment of the log on London's clocks, to the second.
fn when(time: &str) -> String {
    let at = time.parse::<jiff::Timestamp>().ok().and_then(|at| show::london(at.as_microsecond()));
    at.map_or_else(|| time.to_owned(), |at| at.strftime("%-d %B %Y, %H:%M:%S").to_string())
}
