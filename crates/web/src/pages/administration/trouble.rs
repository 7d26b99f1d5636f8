//! What people say is wrong with the system: counted by page, version, sort and week, and answered one by one. Who
//! said it is not shown.

use super::{Sub, beside, labelled, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::something_is_wrong::{became, pointed_out};
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
    BackLink, Button, Cell, Checkboxes, Choice, ErrorLink, ErrorSummary, Legend, Markup, NotificationBanner,
    Row, SummaryList, Tag, TagColour, Textarea, html,
};
use desk::DeskError;
use desk::clock::london_day;
use desk::trouble::{Telling, Trouble, telling};
use std::collections::BTreeMap;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route(PATH, get(list::<S>))
        .route("/administration/trouble/{report}", get(view::<S>).post(answer::<S>))
}

const PATH: &str = "/administration/trouble";
/// Lines of a count that are shown.
const MOST_LINES: usize = 12;

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let troubles = house.desk().troubles(&visitor.who).await?;
    let open = troubles.iter().filter(|trouble| trouble.answer.is_none()).count() as u64;
    let rows = troubles.iter().map(row);
    let main = html! {
        (beside(&house, &visitor, Sub::Trouble))
        @if onward.done == "answered" { (NotificationBanner::success("The report is closed. Whoever filed it sees the answer.")) }
        h1 class="govuk-heading-l" { "What is wrong" }
        @if troubles.is_empty() {
            p class="govuk-body" { "Nobody has said that something is wrong." }
        } @else {
            p class="govuk-body" { (words::count(troubles.len() as u64, "report")) ", of which " strong { (words::number(open)) } " open." }
            (stacked(["Report", "Page", "Sort", "When", "State"], rows).caption("Reports, the newest first"))
            div class="bluelamp-counts" {
                (counted("By page", &troubles, |trouble| trouble.page.clone()))
                (counted("By sort", &troubles, |trouble| trouble.kind.words().to_owned()))
                (counted("By version", &troubles, |trouble| trouble.version.clone()))
                (counted("By week", &troubles, |trouble| week(trouble.filed)))
            }
        }
        p class="govuk-body" { "A report is destroyed 90 days after it was answered, and after a year in any case." }
    };
    Ok(Sheet::new("What is wrong", main).wide().shown(&house, &visitor, Part::Administration))
}

fn row(trouble: &Trouble) -> Vec<Cell> {
    let state = match trouble.answer {
        None => Tag::new("Open").colour(TagColour::Yellow),
        Some(_) => Tag::new("Answered").colour(TagColour::Green),
    };
    vec![
        Cell::new(
            html! { a class="govuk-link govuk-!-font-weight-bold" href={ (PATH) "/" (trouble.id) } { (trouble.id) } },
        ),
        labelled("Page", html! { code { (trouble.page) } }),
        labelled("Sort", trouble.kind.words()),
        labelled("When", words::moment(trouble.filed)),
        labelled("State", html! { (state) }),
    ]
}

/// The week of a moment on London's calendar: `2026, week 49` (ISO 8601).
fn week(micros: i64) -> String {
    let week = london_day(micros).iso_week_date();
    format!("{}, week {:02}", week.year(), week.week())
}

/// How many reports there are of each, and how many of them are open: the most first.
fn counted(title: &'static str, troubles: &[Trouble], of: impl Fn(&Trouble) -> String) -> Markup {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for trouble in troubles {
        let (all, open) = counts.entry(of(trouble)).or_default();
        *all += 1;
        *open += u64::from(trouble.answer.is_none());
    }
    let mut counts: Vec<(String, (u64, u64))> = counts.into_iter().collect();
    counts.sort_by_key(|(_, (all, _))| std::cmp::Reverse(*all));
    let rows = counts.into_iter().take(MOST_LINES).map(|(what, (all, open))| {
        vec![Cell::new(what), labelled("All", words::number(all)), labelled("Open", words::number(open))]
    });
    html! { (stacked([title, "All", "Open"], rows).caption(title).caption_hidden(true)) }
}

/// An answer that was not taken.
#[derive(Default)]
struct Asked {
    words: String,
    error: Option<String>,
    told: Vec<Telling>,
}

async fn found<S: RecordStore>(house: &House<S>, visitor: &Visitor, id: &str) -> Result<Trouble, Turned> {
    let troubles = house.desk().troubles(&visitor.who).await?;
    let found = troubles.into_iter().find(|trouble| trouble.id == id);
    Ok(found.ok_or_else(Problem::not_found)?)
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Turned> {
    let trouble = found(&house, &visitor, &id).await?;
    Ok(sheet(&visitor, &trouble, &Asked::default()).shown(&house, &visitor, Part::Administration))
}

fn sheet(visitor: &Visitor, trouble: &Trouble, asked: &Asked) -> Sheet {
    let roles: Vec<&str> = trouble.roles.iter().map(String::as_str).collect();
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(error) = &asked.error { (ErrorSummary::new([ErrorLink::new("#answer", error.as_str())])) }
            span class="govuk-caption-l" { "Report " (trouble.id) }
            h1 class="govuk-heading-l" { (trouble.kind.words()) }
            p class="govuk-body bluelamp-text" { (trouble.said) }
            (SummaryList::new([
                Row::new("Page", html! { code { (trouble.page) } }),
                Row::new("Version", trouble.version.as_str()),
                Row::new("When", words::moment(trouble.filed)),
                Row::new("Roles", roles.join(", ")),
                Row::new("Unit", trouble.unit.as_deref().unwrap_or("Not known")),
                Row::new("Browser", trouble.browser.as_str()),
                Row::new("Fault", trouble.fault.as_deref().unwrap_or("None was shown")),
                Row::new("State", became(trouble)),
            ]))
            @if trouble.answer.is_none() { (form(visitor, trouble, asked)) }
        } }
    };
    let sheet =
        Sheet::new(format!("Report {}", trouble.id), main).before(BackLink::new(PATH).text("What is wrong"));
    if asked.error.is_some() { sheet.with_errors() } else { sheet }
}

fn form(visitor: &Visitor, trouble: &Trouble, asked: &Asked) -> Markup {
    let may_be_names = !asked.told.is_empty() && asked.told.iter().all(|telling| !telling.is_certain);
    let none = [Choice::new("yes", "None of this is the name of a person")];
    html! {
        form action={ (PATH) "/" (trouble.id) } method="post" novalidate {
            (hidden(&visitor.token))
            (Textarea::new("answer", "What was done, or why nothing is").value(asked.words.as_str()).rows(4u16)
                .hint("Whoever filed it reads it. Say nothing of any person.").error(asked.error.clone()))
            (pointed_out(&asked.told))
            @if may_be_names {
                (Checkboxes::new("no-names", Legend::new("Is it all right?"), none).classes("govuk-checkboxes--small"))
            }
            (Button::new("Answer and close").prevent_double_click(true))
        }
    }
}

async fn answer<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let (words, no_names) = (sent.text("answer"), sent.has("no-names"));
    match house.desk().answer_trouble(&visitor.who, &id, words, no_names).await {
        Ok(_) => Ok(done(PATH, "answered")),
        Err(DeskError::Unusable(why)) => {
            let mut told = telling(words, london_day(house.desk().now()));
            told.retain(|telling| telling.is_certain || !no_names);
            let error = Some(why.trim_start_matches("answer:").trim().to_owned());
            let asked = Asked { words: words.to_owned(), error, told };
            let trouble = found(&house, &visitor, &id).await?;
            Ok(sheet(&visitor, &trouble, &asked).shown(&house, &visitor, Part::Administration))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_that_of_the_calendar() {
        // 1 January 2027 is a Friday of the last week of 2026.
        assert_eq!(week(1_798_761_600_000_000), "2026, week 53");
    }
}
