//! Restricted records that were opened for a risk to life: which wait for their review, and the review, by somebody
//! else than who opened them.

use crate::house::House;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Cell, Choice, ErrorLink, ErrorSummary, Markup, NotificationBanner, Radios, Row,
    SummaryList, Table, Tag, TagColour, Textarea, html,
};
use desk::break_glass::BrokenGlass;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/reviews", get(list::<S>)).route("/reviews/{id}", get(one::<S>).post(review::<S>))
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let mut glasses = house.desk().broken_glasses(&visitor.who).await?;
    // What waits stands first, and of that what has waited longest.
    glasses.sort_by_key(|glass| (glass.review.is_some(), glass.by.at));
    let now = house.desk().now();
    let rows = glasses.iter().map(|glass| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/reviews/" (glass.id) } { (glass.id) } }),
            Cell::new(glass.reference.as_str()),
            Cell::new(html! { (glass.by.name) br; span class="bluelamp-result__what" { (words::moment(glass.by.at)) } }),
            Cell::new(state(glass, now)),
        ]
    });
    let head = ["Opening", "Record", "Opened by", "Review"].map(Cell::new);
    let main = html! {
        @if onward.done == "reviewed" { (NotificationBanner::success("The review is kept.")) }
        h1 class="govuk-heading-l" { "Records opened for a risk to life" }
        p class="govuk-body" { "Each is reviewed within 24 hours by somebody else than who opened it." }
        @if glasses.is_empty() { p class="govuk-body" { "None was opened." } }
        @else { (Table::new(head, rows).caption("Openings").caption_hidden(true).classes("bluelamp-table--stacked")) }
    };
    let sheet = Sheet::new("Records opened for a risk to life", main).before(BackLink::new("/").text("Home"));
    Ok(sheet.shown(&house, &visitor, Part::Home))
}

fn state(glass: &BrokenGlass, now: i64) -> Markup {
    let (says, colour) = match &glass.review {
        Some(review) if review.justified => ("Justified", TagColour::Green),
        Some(_) => ("Not justified", TagColour::Orange),
        None if glass.review_due < now => ("Overdue", TagColour::Red),
        None => ("Waits", TagColour::Yellow),
    };
    html! { (Tag::new(says).colour(colour)) }
}

async fn opened<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    id: &str,
) -> Result<BrokenGlass, Turned> {
    let glasses = house.desk().broken_glasses(&visitor.who).await?;
    let found = glasses.into_iter().find(|glass| glass.id.eq_ignore_ascii_case(id));
    Ok(found.ok_or_else(Problem::not_found)?)
}

async fn one<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Turned> {
    let glass = opened(&house, &visitor, &id).await?;
    Ok(sheet(&visitor, &glass, &Typing::default()).shown(&house, &visitor, Part::Home))
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typing<'a> {
    finding: &'a str,
    words: &'a str,
    wrong: Option<(&'static str, String)>,
}

fn sheet(visitor: &Visitor, glass: &BrokenGlass, typing: &Typing<'_>) -> Sheet {
    let error = |control: &str| {
        typing.wrong.as_ref().filter(|(at, _)| *at == control).map(|(_, words)| words.clone())
    };
    let link = typing.wrong.as_ref().map(|(at, words)| ErrorLink::new(format!("#{at}"), words.as_str()));
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(link) = link { (ErrorSummary::new([link])) }
            h1 class="govuk-heading-l" { "Opening " (glass.id) " of " (glass.reference) }
            (said(glass))
            @match &glass.review {
                Some(review) => (SummaryList::new([
                    Row::new("Found", if review.justified { "Justified" } else { "Not justified" }),
                    Row::new("By", format!("{}, {}", review.by.name, words::moment(review.by.at))),
                    Row::new("Why", review.words.as_str()),
                ])),
                None => (form(visitor, glass, typing, &error)),
            }
        } }
    };
    let sheet = Sheet::new(format!("Opening {}", glass.id), main);
    let sheet = sheet.before(BackLink::new("/reviews").text("Records opened for a risk to life"));
    if typing.wrong.is_some() { sheet.with_errors() } else { sheet }
}

fn said(glass: &BrokenGlass) -> SummaryList {
    let unit = glass.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
    SummaryList::new([
        Row::new("Opened by", format!("{}{unit}", glass.by.name)),
        Row::new("When", words::moment(glass.by.at)),
        Row::new(
            "Whose life was at risk, and how",
            glass.reason.as_deref().unwrap_or("The record was erased since, and the reason with it."),
        ),
        Row::new("To be reviewed by", words::moment(glass.review_due)),
    ])
}

fn form(
    visitor: &Visitor,
    glass: &BrokenGlass,
    typing: &Typing<'_>,
    error: &impl Fn(&str) -> Option<String>,
) -> Markup {
    let choices = [Choice::new("yes", "Yes, it was justified"), Choice::new("no", "No, it was not")];
    html! {
        form action={ "/reviews/" (glass.id) } method="post" novalidate {
            (hidden(&visitor.token))
            (Radios::new("finding", "Was it necessary and proportionate?", choices).value(typing.finding.to_owned()).error(error("finding")))
            (Textarea::new("words", "Why").rows(3u16).value(typing.words).error(error("words")))
            (Button::new("Keep the review").prevent_double_click(true))
        }
    }
}

async fn review<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let (finding, typed) = (sent.text("finding"), sent.text("words"));
    let wrong = match (finding, sent.has("words")) {
        ("yes" | "no", true) => None,
        ("yes" | "no", false) => Some(("words", "Say why it was, or was not, necessary and proportionate")),
        _ => Some(("finding", "Say whether it was justified")),
    };
    if let Some((control, words)) = wrong {
        let glass = opened(&house, &visitor, &id).await?;
        let typing = Typing { finding, words: typed, wrong: Some((control, words.to_owned())) };
        return Ok(sheet(&visitor, &glass, &typing).shown(&house, &visitor, Part::Home));
    }
    house.desk().review_break_glass(&visitor.who, &id, finding == "yes", typed).await?;
    Ok(done("/reviews", "reviewed"))
}
