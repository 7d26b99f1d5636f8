//! Answers in rows and columns, sorted by the server.

use super::answers::Looked;
use super::list::reasons;
use super::which::Which;
use crate::pages::words;
use components::{Cell, Markup, Sorted, Table, html};
use desk::find::{Answers, Found};
use model::derived::show;
use search::Order;

/// The answers of a page.
pub(super) fn table(looked: &Looked<'_>, answers: &Answers) -> Markup {
    let is_ranked = looked.is_ranked();
    let rows = answers.found.iter().map(|hit| row(hit, is_ranked));
    let table = Table::new(head(looked, is_ranked), rows)
        .caption("Answers")
        .caption_hidden(true)
        .classes("bluelamp-table--stacked bluelamp-answers");
    html! { (table) }
}

fn head(looked: &Looked<'_>, is_ranked: bool) -> Vec<Cell> {
    let now = looked.which.order;
    let by = |order: Order| looked.which.with(|which: &mut Which| which.order = order).address(looked.name);
    let (when, sorted) = match now {
        Order::Newest => (Order::Oldest, Sorted::Descending),
        Order::Best if !is_ranked => (Order::Oldest, Sorted::Descending),
        Order::Oldest => (Order::Newest, Sorted::Ascending),
        Order::Best | Order::Kind => (Order::Newest, Sorted::Otherwise),
    };
    let kind = if now == Order::Kind { Sorted::Ascending } else { Sorted::Otherwise };
    let mut head = vec![
        Cell::new("Record"),
        Cell::sortable("Kind", by(Order::Kind), kind),
        Cell::sortable("When", by(when), sorted),
        Cell::new("Unit"),
    ];
    if is_ranked {
        let best = if now == Order::Best { Sorted::Descending } else { Sorted::Otherwise };
        head.push(Cell::sortable("Likely", by(Order::Best), best));
    }
    head.push(Cell::new("Why"));
    head
}

fn row(hit: &Found, is_ranked: bool) -> Vec<Cell> {
    let mut cells = vec![
        Cell::new(html! {
            a class="govuk-link" data-result href={ "/records/" (hit.reference) } { (hit.name) }
            br; span class="bluelamp-result__what bluelamp-reference" { (hit.reference) }
        }),
        Cell::new(words::kind_title(hit.kind)),
        Cell::new(hit.happened.map(show::instant).unwrap_or_default()),
        Cell::new(hit.unit.clone().unwrap_or_default()),
    ];
    if is_ranked {
        cells.push(Cell::new(hit.probability.map(words::percent).unwrap_or_default()));
    }
    cells.push(Cell::new(reasons(hit)));
    cells
}
