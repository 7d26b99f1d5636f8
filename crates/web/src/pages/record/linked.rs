//! What a record is linked with: by what it is, then everything in time.

use super::Shown;
use crate::pages::words;
use components::{Cell, Markup, PageStep, Pagination, Table, html};
use desk::linked::{Around, Linked, MOST_LINKED};
use model::derived::show;

/// Lines that the page of a record shows of what it is linked with.
const FIRST: usize = 12;

/// The section of a record's page.
pub(super) fn section(shown: &Shown<'_>, around: &Around) -> Markup {
    let rest = around.linked.len().saturating_sub(FIRST);
    html! {
        h2 class="govuk-heading-m" id="linked" { "Linked with" }
        @if around.linked.is_empty() {
            p class="govuk-body" { "Nothing that you may see is linked with it." }
        } @else {
            (table(&around.linked[..around.linked.len().min(FIRST)]))
            @if rest > 0 || around.more {
                p class="govuk-body" {
                    a class="govuk-link" href={ (shown.path()) "/linked" } { "All that it is linked with" }
                }
            }
        }
    }
}

/// The page of all that a record is linked with.
pub(super) fn whole(shown: &Shown<'_>, around: &Around, offset: usize, kind: &str) -> Markup {
    let path = |kind: &str, offset: usize| format!("{}/linked?kind={kind}&offset={offset}", shown.path());
    let present: std::collections::BTreeSet<&str> = around.linked.iter().map(|linked| linked.kind).collect();
    let before = (offset > 0)
        .then(|| PageStep::new(path(kind, offset.saturating_sub(MOST_LINKED))).text("Newer links"));
    let after = around.more.then(|| PageStep::new(path(kind, offset + MOST_LINKED)).text("Older links"));
    html! {
        h2 class="govuk-heading-m" { "Linked with" }
        nav class="bluelamp-facets" aria-label="Kinds of record" {
            ul class="bluelamp-facets__list" {
                @if kind.is_empty() {
                    @for kind in present {
                        li { a class="govuk-link" href=(path(kind, offset)) { (words::kind_title(kind)) } }
                    }
                } @else {
                    li { a class="govuk-link" href=(path("", offset)) { "All kinds" } }
                    li { strong { (words::kind_title(kind)) " only" } }
                }
            }
        }
        (table(&around.linked))
        @if before.is_some() || after.is_some() { (Pagination::new([]).previous(before).next(after).label("Pages of links")) }
    }
}

pub(super) fn table<'a>(linked: impl IntoIterator<Item = &'a Linked>) -> Table {
    let head = ["How", "Record", "When", "Source"].map(Cell::new);
    let rows = linked.into_iter().map(|linked| {
        vec![
            Cell::new(how(linked)),
            Cell::new(html! {
                a class="govuk-link" href={ "/records/" (linked.reference) } { (linked.name) }
                br; span class="bluelamp-result__what" { (words::kind_title(linked.kind)) " " (linked.reference) }
            }),
            Cell::new(when(linked)),
            Cell::new(html! {
                @if let Some(source) = &linked.source { (source) " " }
                a class="govuk-link bluelamp-reference" href={ "/records/" (linked.link) } { "link " (linked.link) }
            }),
        ]
    });
    Table::new(head, rows).caption("Linked records").caption_hidden(true).classes("bluelamp-table--stacked")
}

/// `Driver of`, from the record that the page is of; `is Driver of this` from the other end.
pub(super) fn how(linked: &Linked) -> String {
    let label = linked
        .link_type
        .as_deref()
        .map_or_else(|| "Linked".to_owned(), |code| show::code_label("link-type", code));
    match linked.outward {
        true => label,
        false => format!("{label} this"),
    }
}

/// When it happened, or from when to when the two belong together.
pub(super) fn when(linked: &Linked) -> String {
    let (since, until) = (linked.since.map(show::date), linked.until.map(show::date));
    match (linked.happened.map(show::instant), since, until) {
        (Some(at), _, _) => at,
        (None, Some(since), Some(until)) => format!("{since} to {until}"),
        (None, Some(since), None) => format!("since {since}"),
        (None, None, Some(until)) => format!("until {until}"),
        (None, None, None) => String::new(),
    }
}
