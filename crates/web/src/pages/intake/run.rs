//! One run: how far it is, and what became of every row.

use super::report;
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use crate::problem::Problem;
use crate::runs::{Run, RunState};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use components::{BackLink, Button, Markup, Tag, TagColour, WarningText, html};
use desk::Session;
use std::time::Duration;
use uuid::Uuid;
use vault::store::RecordStore;

/// A run in a word.
pub(super) fn state_tag(state: RunState) -> Markup {
    let (word, colour) = match state {
        RunState::Running => ("Under way", TagColour::Blue),
        RunState::Ended => ("Ended", TagColour::Green),
        RunState::BrokenOff => ("Broken off", TagColour::Red),
    };
    html! { (Tag::new(word).colour(colour)) }
}

async fn of<S: RecordStore>(house: &House<S>, who: &Session, name: &str) -> Result<Run, Turned> {
    house.desk().check_may_take_in(who).await?;
    let run = name.parse::<Uuid>().ok().and_then(|name| house.runs().of(who, name));
    Ok(run.ok_or_else(Problem::not_found)?)
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(name): Path<String>,
) -> Result<Response, Turned> {
    let run = of(&house, &who, &name).await?;
    let main = html! {
        span class="govuk-caption-l" { "Intake, begun " (words::moment(run.begun)) }
        h1 class="govuk-heading-l bluelamp-record__name" { (run.what) }
        @match run.state {
            RunState::Running => (under_way(&run)),
            RunState::BrokenOff => (broken_off(&run, &visitor)),
            RunState::Ended => {
                @if let Some(report) = &run.report { (report::reconciled(report)) }
                (again(&run, &visitor, "Take it in again"))
            }
        }
    };
    let sheet =
        Sheet::new(format!("Intake of {}", run.what), main).before(BackLink::new("/intake").text("Intake"));
    let sheet = if run.state == RunState::Running { sheet.script("progress.js") } else { sheet.wide() };
    Ok(sheet.shown(&house, &visitor, Part::Intake))
}

fn under_way(run: &Run) -> Markup {
    let path = format!("/intake/runs/{}", run.run);
    html! {
        div data-progress={ (path) "/progress" } { (how_far(run)) }
        p class="govuk-visually-hidden" role="status" data-progress-says {}
        p class="govuk-body" { a class="govuk-link" href=(path) { "See how far it is" } }
        p class="govuk-body" { "You may leave this page: the intake goes on. Each batch is kept whole or not at all, and a file that is cut off is read on from there when it is taken in again." }
    }
}

/// The part of the page that changes.
fn how_far(run: &Run) -> Markup {
    let (done, all) = run.octets;
    let percent = (done.saturating_mul(100)).checked_div(all).unwrap_or(0).min(100);
    html! {
        p class="govuk-body" { (state_tag(run.state)) }
        @if run.state == RunState::Running {
            progress class="bluelamp-progress" max="100" value=(percent) aria-label="How far the intake is" { (percent) "%" }
            p class="govuk-body" {
                (percent) "% read. " (words::count(run.rows, "row")) " taken in; "
                (words::number(run.files_done as u64)) " of " (words::count(run.files_total as u64, "file")) " done."
                @if let Some(left) = run.time_left { " " (time_left(left)) }
            }
        } @else {
            p class="govuk-body" data-ended="The intake has ended." {
                a class="govuk-link" href={ "/intake/runs/" (run.run) } { "See what became of every row" }
            }
        }
    }
}

fn time_left(left: Duration) -> String {
    match left.as_secs() {
        0..=59 => "Less than a minute left.".to_owned(),
        seconds => format!("About {} left.", words::count(seconds.div_ceil(60), "minute")),
    }
}

fn broken_off(run: &Run, visitor: &Visitor) -> Markup {
    html! {
        (WarningText::new("The intake was broken off. What was taken in before stays."))
        p class="govuk-body" { (run.why.as_deref().unwrap_or("Why is not known.")) }
        (again(run, visitor, "Take it in again, from where it was"))
    }
}

/// The same once more, where it lies in the exchange folder.
fn again(run: &Run, visitor: &Visitor, words: &str) -> Markup {
    html! {
        @if let Some(path) = &run.path {
            form action="/intake" method="post" novalidate {
                (hidden(&visitor.token))
                input type="hidden" name="path" value=(path);
                (Button::secondary(words.to_owned()).prevent_double_click(true))
            }
        } @else {
            p class="govuk-body" { a class="govuk-link" href="/intake" { "Take in another file" } }
        }
    }
}

/// The part of the page that changes, for the script that asks for it.
pub(super) async fn progress<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path(name): Path<String>,
) -> Result<Response, Turned> {
    let run = of(&house, &who, &name).await?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], how_far(&run).into_string()).into_response())
}
