//! What waits for the visitor, and which of the records that they follow changed.

use crate::pages::sheet::hidden;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use components::{Button, Cell, Markup, Table, Tag, TagColour, html};
use desk::followed::Followed;
use desk::tasks::{MOST_COUNTED, Task, Waiting};

/// Where a task is done.
enum Place {
    /// On this page.
    Page(&'static str),
    /// By this command, while no page does it.
    Command(&'static str),
}

fn said(what: Waiting) -> (&'static str, Place) {
    match what {
        Waiting::ChildSearches => (
            "Searches of children that do not say where, on whose authority, or whether an appropriate adult was there",
            Place::Page("/completeness/children"),
        ),
        Waiting::Glasses => (
            "Restricted records that somebody opened for a risk to life, to be reviewed",
            Place::Page("/reviews"),
        ),
        Waiting::Erasures => {
            ("Erasures that somebody else planned, to be approved", Place::Command("bluelamp erase approve"))
        }
        Waiting::Grants => (
            "Memberships of groups that somebody else proposed, to be approved",
            Place::Page("/administration/grants"),
        ),
        Waiting::Matrices => (
            "Access matrices that somebody else proposed, to be approved",
            Place::Page("/administration/matrices"),
        ),
        Waiting::Rejects => {
            ("Rows of intakes that were rejected, to be worked", Place::Page("/intake/rejects"))
        }
    }
}

/// What waits for the visitor.
pub(super) fn tasks(tasks: &[Task]) -> Markup {
    let table = Table::new(["What", "How many"].map(Cell::new), tasks.iter().map(task))
        .caption("What waits for you")
        .classes("bluelamp-table--stacked");
    html! { @if !tasks.is_empty() { (table) } }
}

fn task(task: &Task) -> Vec<Cell> {
    let (says, place) = said(task.what);
    let count = words::number(task.count);
    let count = if task.count == MOST_COUNTED { format!("{count} or more") } else { count };
    let what = html! {
        @match place {
            Place::Page(path) => a class="govuk-link" href=(path) { (says) },
            Place::Command(command) => {
                (says) br;
                span class="bluelamp-result__what" { "On the command line: " code { (command) } }
            }
        }
    };
    let how_many =
        html! { (count) @if task.overdue > 0 { " " (Tag::new("Overdue").colour(TagColour::Red)) } };
    vec![Cell::new(what), Cell::new(how_many)]
}

/// What the visitor follows: what changed first.
pub(super) fn followed(visitor: &Visitor, followed: &[Followed]) -> Markup {
    let head = ["Record", "Since you last looked"].map(Cell::new).into_iter();
    let head = head.chain([Cell::new(html! { span class="govuk-visually-hidden" { "What to do" } })]);
    let table = Table::new(head, followed.iter().map(|one| of_followed(visitor, one)))
        .caption("Records that you follow")
        .classes("bluelamp-table--stacked");
    html! { @if !followed.is_empty() { (table) } }
}

fn of_followed(visitor: &Visitor, one: &Followed) -> Vec<Cell> {
    let path = format!("/records/{}", one.reference);
    let changed = html! {
        @if one.changed() {
            (Tag::new("Changed").colour(TagColour::Yellow)) " "
            a class="govuk-link" href={ (path) "/compare?before=" (one.seen) "&after=" (one.newest) } {
                "What changed" span class="govuk-visually-hidden" { " in " (one.reference) }
            }
            ", " (words::moment(one.written))
        } @else { "Nothing new" }
    };
    vec![
        Cell::new(
            html! { a class="govuk-link" href=(path) { (words::kind_title(one.kind)) " " (one.reference) } },
        ),
        Cell::new(changed),
        Cell::new(html! {
            div class="bluelamp-inline" {
                @if one.changed() { (form(visitor, one, "seen", "Seen")) }
                (form(visitor, one, "end", "Follow no more"))
            }
        }),
    ]
}

fn form(visitor: &Visitor, one: &Followed, what: &str, says: &str) -> Markup {
    let says = html! { (says) span class="govuk-visually-hidden" { ": " (one.reference) } };
    html! {
        form action={ "/records/" (one.reference) "/follow" } method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="from" value="home";
            input type="hidden" name="what" value=(what);
            (Button::secondary(says).classes("govuk-!-margin-bottom-0"))
        }
    }
}
