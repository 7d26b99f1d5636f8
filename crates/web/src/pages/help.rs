//! Help: the way into the manual, what each part is for in a line or two, and what accessibility was tested.

use crate::house::House;
use crate::pages::manual_pages::{contents, search_box};
use crate::pages::sheet::{Part, Sheet};
use crate::pages::visitor::Visitor;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{Row, SummaryList, html};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/help", get(help::<S>)).route("/help/accessibility", get(accessibility::<S>))
}

const PARTS: [(&str, &str); 18] = [
    (
        "Home",
        "What waits for you: decisions, what you are told, drafts, records that you follow, searches that you keep.",
    ),
    (
        "Search",
        "One box for names, vehicles, telephones, places, references and words. Spelling need not be right.",
    ),
    (
        "Advanced search",
        "A form for fields, dates, places and words near each other. It writes the query for you.",
    ),
    ("Answers", "As a list, a table or a map; narrowed by kind, time, unit, quality and marking."),
    ("Files", "What is attached to a record. Pictures and texts are shown; anything else is only saved."),
    ("Records", "The newest of each kind, and the way to make one. It is looked for before it is made."),
    (
        "A record",
        "What it says, what the law asks for and is missing, what it is linked with, and its history.",
    ),
    (
        "At the roadside",
        "The form of a stop works without a network: what you typed is kept on the device, sealed, and sent once.",
    ),
    (
        "What you are working on",
        "Said once, at the top of each page, and written into the log with all that you look at.",
    ),
    (
        "The log",
        "Its signed checkpoint for somebody outside, proofs, who touched a record, and the export for the verifier.",
    ),
    (
        "Administration",
        "Users and roles, who may do what, restriction groups, code lists, keys and health. It shows no record.",
    ),
    (
        "Own fields",
        "What this force asks besides, with its own code lists: proposed by one person, approved by another.",
    ),
    (
        "Completeness",
        "What the law asks for, how often records answer it, and the records behind each figure.",
    ),
    ("Reviews", "Restricted records that were opened for a risk to life, and whether that was right."),
    ("Intake", "Files taken in, what became of each row, and the rows that were rejected."),
    (
        "Papers",
        "What is printed or exported carries a code. By it anybody checks, without signing in, that a paper is genuine, unaltered and not recalled.",
    ),
    (
        "Something is wrong",
        "Tells whoever runs the system what happened and what you expected, and nothing of any person.",
    ),
    ("Your account", "Where you are signed in, your password, and signing out everywhere."),
];

async fn help<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let main = html! {
        h1 class="govuk-heading-l" { "Help" }
        (search_box(&visitor, ""))
        p class="govuk-body" { a class="govuk-link" href="/something-is-wrong" { "Something is wrong" } ": tell whoever runs the system, and see what became of what you told." }
        (crate::pages::tour::taken_again(&house, &visitor))
        div class="bluelamp-contents-by-audience" { (contents()) }
        h2 class="govuk-heading-m" { "The parts of the system" }
        (SummaryList::new(PARTS.map(|(name, what)| Row::new(name, what))))
        p class="govuk-body" { a class="govuk-link" href="/search/advice" { "What you can type into the search box" } }
        p class="govuk-body" { a class="govuk-link" href="/papers" { "Check a paper" } }
    };
    Sheet::new("Help", main).shown(&house, &visitor, Part::Help)
}

async fn accessibility<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Response {
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { "Accessibility" }
            p class="govuk-body" { "These pages are made to meet the Web Content Accessibility Guidelines, version 2.2, level AA." }
            h2 class="govuk-heading-m" { "What was tested" }
            p class="govuk-body" { "A program (axe) looks at pages in a browser, light and dark, at every change of the software; the width of a phone and the keyboard are tested in the same way." }
            h2 class="govuk-heading-m" { "What was not" }
            p class="govuk-body" { "No person who uses a screen reader, a magnifier or speech input has tested them yet. Files that are attached to records are shown as they came." }
        } }
    };
    Sheet::new("Accessibility", main).shown(&house, &visitor, Part::Help)
}
