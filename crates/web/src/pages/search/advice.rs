//! What can be typed into the search box, by examples.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::visitor::Visitor;
use axum::extract::State;
use axum::response::Response;
use components::{Cell, Table, html};
use vault::store::RecordStore;

pub(super) async fn advice<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let examples = [
        ("smith anna 1987", "A name, with a year or date of birth. Order and spelling need not be right."),
        ("anna smith 04/03/1987", "A whole date of birth. Day and month may be swapped."),
        ("bill smith aged 38", "A nickname and an age."),
        ("ab12 cde", "A vehicle, or a part of its mark. 0 and O, 1 and I count as alike."),
        ("07700 900123", "A telephone number, also with a digit wrong or missing."),
        ("14 albert road lampton", "An address."),
        ("burglary albert road march 2024", "What happened, where and when."),
        ("\"black jacket\"", "These words, next to each other."),
        ("\"knife bus\"~5", "These words, with at most five others between them."),
        ("smi* sm?th", "Words with gaps: * is any letters or none, ? is one."),
        ("kind:crime NOT outcome:charged", "In fields, with AND, OR, NOT and brackets."),
        ("age:10..17 at:2024-01..2024-03", "Numbers and dates from one to another."),
        (
            "is:lacking",
            "What lacks an answer that the law asks for. Also is:restricted, is:official-sensitive, is:placed.",
        ),
        (
            "near:52.111256,-1.282210~500m",
            "Within 500 metres of a point. A National Grid reference will do too.",
        ),
    ];
    let rows = examples.map(|(typed, what)| vec![html! { code { (typed) } }.into(), what.into()]);
    let head = ["You type", "It finds"].map(Cell::new);
    let table =
        Table::new(head, rows).caption("Examples").caption_hidden(true).classes("bluelamp-table--stacked");
    let main = html! {
        h1 class="govuk-heading-l" { "What you can type" }
        p class="govuk-body" {
            "The " a class="govuk-link" href="/search/advanced" { "advanced search" }
            " writes all of this for you, and shows what it wrote."
        }
        (table)
        h2 class="govuk-heading-m" { "By the keyboard" }
        p class="govuk-body" { "Down from the search box, then the arrows or j and k, go from answer to answer; Enter opens it; Escape goes back to the box." }
        p class="govuk-body" { a class="govuk-link" href="/search" { "Search" } }
    };
    Sheet::new("What you can type", main).shown(&house, &visitor, Part::Search)
}
