//! The kinds of record: what each is, its newest records, and the way to make one.

use crate::house::House;
use crate::pages::record_kind;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Cell, PageStep, Pagination, Table, html};
use law::access::Action;
use model::Kind;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records", get(kinds::<S>)).route("/kinds/{kind}", get(newest::<S>))
}

/// Records of one page.
const PAGE: u32 = 25;

async fn kinds<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let may = |kind: &Kind, action| house.desk().may_on(&visitor.who, kind.number, action);
    let seen = model::kinds::ALL.iter().filter(|kind| may(kind, Action::View));
    let rows = seen.map(|kind| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/kinds/" (kind.name) } { (kind.plural) } }),
            Cell::new(kind.retention.rule),
            Cell::new(html! {
                @if may(kind, Action::Create) && kind.number != model::kinds::link::KIND.number {
                    a class="govuk-link" href={ "/new/" (kind.name) } {
                        "New" span class="govuk-visually-hidden" { ": " (kind.title.to_lowercase()) }
                    }
                }
            }),
        ]
    });
    let head = [
        Cell::new("Kind"),
        Cell::new("How long it is kept"),
        Cell::new(html! { span class="govuk-visually-hidden" { "Make one" } }),
    ];
    let main = html! {
        h1 class="govuk-heading-l" { "Records" }
        (Table::new(head, rows).caption("Kinds of record").caption_hidden(true).classes("bluelamp-table--stacked"))
    };
    Sheet::new("Records", main).shown(&house, &visitor, Part::Records)
}

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Before {
    before: Option<String>,
}

async fn newest<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(kind): Path<String>,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Turned> {
    let kind = record_kind(&kind)?;
    let listed = house.desk().records_of(&who, kind, before.as_deref(), PAGE).await?;
    let rows = listed.records.iter().map(|line| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/records/" (line.reference) } { (line.name) } }),
            Cell::new(line.reference.as_str()),
        ]
    });
    let next = listed
        .next
        .as_ref()
        .map(|next| PageStep::new(format!("/kinds/{}?before={next}", kind.name)).text("Older records"));
    let may_make = house.desk().may_on(&visitor.who, kind.number, Action::Create)
        && kind.number != model::kinds::link::KIND.number;
    let main = html! {
        h1 class="govuk-heading-l" { (kind.plural) }
        @if may_make { (Button::new(format!("New: {}", kind.title.to_lowercase())).href(format!("/new/{}", kind.name))) }
        @if listed.records.is_empty() {
            p class="govuk-body" { "There are none that you may see." }
        } @else {
            (Table::new(["Record", "Reference"].map(Cell::new), rows).caption("The newest first").classes("bluelamp-table--stacked"))
        }
        @if next.is_some() { (Pagination::new([]).next(next).label("Pages of records")) }
    };
    Ok(Sheet::new(kind.plural, main).before(BackLink::new("/records").text("Records")).shown(
        &house,
        &visitor,
        Part::Records,
    ))
}
