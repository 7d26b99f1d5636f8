//! Rejected rows: by what is wrong with them, then one by one. What a row said is not shown here.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use axum::extract::{Query, State};
use axum::response::Response;
use components::{BackLink, Button, Cell, Markup, NotificationBanner, PageStep, Pagination, Table, html};
use desk::intake::Reject;
use law::access::{Act, Action};
use serde::Deserialize;
use std::collections::BTreeMap;
use vault::store::RecordStore;

/// Rows of one page.
const PAGE: usize = 50;

/// Which rows. A reason never repeats what a row said, so it may stand in an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    field: String,
    reason: String,
    page: Option<usize>,
    done: String,
}

/// Rows with the same fault.
type Fault<'a> = (&'a str, &'a str);

/// What a visitor may do with rejected rows, for offering it.
#[derive(Clone, Copy)]
struct May {
    open: bool,
    take_in: bool,
}

impl May {
    fn of<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Self {
        let take_in = house.desk().may_on_some(&visitor.who, Action::Intake);
        Self { open: house.desk().may_do(&visitor.who, Act::OpenReject), take_in }
    }
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Query(asked): Query<Asked>,
) -> Result<Response, Turned> {
    let all = house.desk().rejects(&who).await?;
    let may = May::of(&house, &visitor);
    let is_one = !asked.field.is_empty() || !asked.reason.is_empty();
    let shown = if is_one { of_one_fault(&all, &asked, may) } else { by_fault(&all, &visitor, may) };
    let main = html! {
        @match asked.done.as_str() {
            "discarded" => (NotificationBanner::success("The row is discarded, and its key is destroyed.")),
            "corrected" => (NotificationBanner::success("The corrected row was taken in, and the rejected one is discarded.")),
            _ => {}
        }
        h1 class="govuk-heading-l" { "Rows that were rejected" }
        (shown)
    };
    let back = if is_one { ("/intake/rejects", "All rejected rows") } else { ("/intake", "Intake") };
    let sheet = Sheet::new("Rows that were rejected", main).before(BackLink::new(back.0).text(back.1));
    Ok(sheet.wide().shown(&house, &visitor, Part::Intake))
}

fn by_fault(all: &[Reject], visitor: &Visitor, may: May) -> Markup {
    let mut faults: BTreeMap<Fault<'_>, u64> = BTreeMap::new();
    for reject in all {
        *faults.entry((&reject.field, &reject.reason)).or_default() += 1;
    }
    let mut faults: Vec<_> = faults.into_iter().collect();
    faults.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let rows = faults.iter().map(|((field, reason), rows)| {
        vec![
            Cell::new(
                html! { a class="govuk-link" href=(address(field, reason, 1)) { (field) ": " (reason) } },
            ),
            Cell::new(words::count(*rows, "row")),
            Cell::new(html! { @if may.take_in { (anew_form(visitor, field, reason)) } }),
        ]
    });
    let last = html! { span class="govuk-visually-hidden" { "Judge them anew" } };
    let head = ["Column, and what is wrong".into(), "Rows".into(), Cell::new(last)];
    html! {
        @if all.is_empty() {
            p class="govuk-body" { "There are none: every row that came in became a record, or is held already." }
        } @else {
            p class="govuk-body" {
                (words::count(all.len() as u64, "row")) " could not become records. They are kept sealed until somebody corrects or discards them. "
                "Rows are judged anew by reading their files again, for instance after a list of codes was extended: the files must lie in the exchange folder."
            }
            (Table::new(head, rows).caption("By what is wrong").caption_hidden(true).classes("bluelamp-table--stacked"))
        }
    }
}

fn anew_form(visitor: &Visitor, field: &str, reason: &str) -> Markup {
    html! {
        form action="/intake/rejects/anew" method="post" novalidate {
            (hidden(&visitor.token))
            input type="hidden" name="field" value=(field);
            input type="hidden" name="reason" value=(reason);
            (Button::secondary(html! { "Judge anew" span class="govuk-visually-hidden" { ": " (field) ", " (reason) } })
                .classes("bluelamp-button--row").prevent_double_click(true))
        }
    }
}

fn of_one_fault(all: &[Reject], asked: &Asked, may: May) -> Markup {
    let rows: Vec<&Reject> =
        all.iter().filter(|reject| reject.field == asked.field && reject.reason == asked.reason).collect();
    let page = asked.page.unwrap_or(1).clamp(1, 1_000_000);
    let from = (page - 1) * PAGE;
    let lines = rows.iter().skip(from).take(PAGE).map(|reject| {
        let line = format!("Line {}", words::number(reject.line));
        let open = format!("/intake/rejects/{}", reject.name);
        vec![
            Cell::new(
                html! { @if may.open { a class="govuk-link" href=(open) { (line) } } @else { (line) } },
            ),
            Cell::new(reject.file.as_str()),
        ]
    });
    let step = |page: usize, words: &str| {
        PageStep::new(address(&asked.field, &asked.reason, page)).text(words.to_owned())
    };
    let before = (page > 1).then(|| step(page - 1, "Rows before"));
    let after = (rows.len() > from + PAGE).then(|| step(page + 1, "Further rows"));
    html! {
        h2 class="govuk-heading-m" { (asked.field) ": " (asked.reason) }
        p class="govuk-body" {
            (words::count(rows.len() as u64, "row")) "."
            @if !may.open { " Your roles do not let you see what they said: a records reviewer may." }
        }
        @if !rows.is_empty() {
            (Table::new(["Row", "File"].map(Cell::new), lines).caption("Rows").caption_hidden(true).classes("bluelamp-table--stacked"))
        }
        @if before.is_some() || after.is_some() { (Pagination::new([]).previous(before).next(after).label("Pages of rows")) }
    }
}

fn address(field: &str, reason: &str, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("field", field).append_pair("reason", reason);
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    format!("/intake/rejects?{}", query.finish())
}
