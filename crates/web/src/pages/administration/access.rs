//! The access matrix that decides, as people read it: who may do what with which kind of record, and who may do
//! what shows no record.

use super::{Sub, beside, labelled, spoken, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::visitor::Visitor;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{Cell, Markup, Table, html};
use law::access::{Act, Action, Matrix};
use model::Kind;
use std::collections::BTreeSet;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/administration/access", get(in_force::<S>))
}

/// What may be done with records, in words.
pub(super) const ACTIONS: [(Action, &str); 5] = [
    (Action::View, "read"),
    (Action::Create, "make"),
    (Action::Change, "correct"),
    (Action::Intake, "take in"),
    (Action::Erase, "erase"),
];

async fn in_force<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let matrix = house.desk().matrix();
    let main = html! {
        (beside(&house, &visitor, Sub::Access))
        h1 class="govuk-heading-l" { "Who may do what" }
        p class="govuk-body" {
            "Version " strong { (matrix.version) } ", in force from " (day(matrix.from)) ". Source: " (matrix.source) "."
        }
        p class="govuk-body" {
            "What is not here is refused, and every refusal is in the log. Who has several roles may do what any of \
             them may. A restriction of a record narrows this; nothing widens it."
        }
        (records(&matrix))
        (acts(&matrix))
        (roles(&matrix))
    };
    Sheet::new("Who may do what", main).wide().shown(&house, &visitor, Part::Administration)
}

/// `24 November 2026`.
pub(super) fn day(day: jiff::civil::Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn records(matrix: &Matrix) -> Markup {
    let head =
        std::iter::once(Cell::new("Role")).chain(model::kinds::ALL.iter().map(|kind| Cell::new(kind.title)));
    let rows = matrix.roles.keys().map(|role| {
        let of_kind = model::kinds::ALL.iter().map(|kind| labelled(kind.title, may(matrix, role, kind)));
        std::iter::once(Cell::new(spoken(role))).chain(of_kind).collect()
    });
    let table =
        Table::new(head, rows).first_cell_is_header(true).classes("bluelamp-table--stacked bluelamp-matrix");
    html! {
        h2 class="govuk-heading-m" { "Records" }
        p class="govuk-body" {
            "Read: open it and see it in lists. Make: a new one. Correct: change it. Take in: from another system. \
             Erase: plan and carry out its erasure."
        }
        (table.caption("What each role may do with each kind of record").caption_hidden(true))
    }
}

/// What a role may do with records of a kind: “read, make”.
fn may(matrix: &Matrix, role: &str, kind: &Kind) -> Markup {
    let roles = BTreeSet::from([role.to_owned()]);
    let held = ACTIONS.iter().filter(|(action, _)| matrix.allows(&roles, kind.number, *action));
    let words: Vec<&str> = held.map(|(_, word)| *word).collect();
    html! {
        @if words.is_empty() { span class="bluelamp-not-held" { "nothing" } } @else { (words.join(", ")) }
    }
}

fn acts(matrix: &Matrix) -> Markup {
    let rows = Act::ALL.iter().map(|act| {
        let roles: Vec<String> =
            matrix.acts.get(act.row()).into_iter().flatten().map(|role| spoken(role)).collect();
        let roles = if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") };
        vec![Cell::new(act.words()), labelled("Who", roles)]
    });
    html! {
        h2 class="govuk-heading-m" { "Acts that show no record" }
        (stacked(["To", "Who"], rows).caption("Who may do what shows no record").caption_hidden(true).first_cell_is_header(true))
    }
}

fn roles(matrix: &Matrix) -> Markup {
    let rows = matrix.roles.iter().map(|(role, what)| vec![Cell::new(spoken(role)), Cell::new(what)]);
    html! {
        h2 class="govuk-heading-m" { "Roles" }
        (stacked(["Role", "What it is for"], rows).caption("Roles").caption_hidden(true).first_cell_is_header(true))
    }
}
