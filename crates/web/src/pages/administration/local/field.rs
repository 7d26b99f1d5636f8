//! One field that was proposed: what it is, what to look at once more, and the decision.

use super::{Done, FIELDS, closed, said, tag, to_decide};
use crate::house::House;
use crate::pages::administration::access::day;
use crate::pages::administration::grants::date;
use crate::pages::administration::{Wrong, spoken};
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    BackLink, Button, DateInput, Details, Legend, Markup, Row, SummaryList, Textarea, WarningText, html,
};
use desk::DeskError;
use desk::clock::london_day;
use desk::local_fields::{DeclaredField, Stands};
use jiff::civil::Date;
use law::access::Act;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/local-fields/{field}", get(view::<S>))
        .route("/administration/local-fields/{field}/approve", post(approve::<S>))
        .route("/administration/local-fields/{field}/refuse", post(refuse::<S>))
        .route("/administration/local-fields/{field}/end", post(end::<S>))
}

/// What somebody sent and what is wrong with it, where that is shown again.
#[derive(Default, Clone, Copy)]
struct Typing<'a> {
    sent: Option<&'a Sent>,
    wrong: Option<&'a Wrong>,
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(field): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Turned> {
    let page = sheet(&house, &visitor, &field, &done.banner(), Typing::default()).await?;
    Ok(page.shown(&house, &visitor, Part::Administration))
}

async fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    id: &str,
    banner: &Markup,
    Typing { sent, wrong }: Typing<'_>,
) -> Result<Sheet, Turned> {
    let all = house.desk().local_fields(&visitor.who).await?;
    let declared = all.iter().find(|declared| declared.id == id).ok_or_else(Problem::not_found)?;
    let stands = declared.stands(london_day(house.desk().now()));
    let path = format!("{FIELDS}/{}", declared.id);
    let label = declared.field.label.clone().unwrap_or_default();
    let may_end = house.desk().may_do(&visitor.who, Act::ProposeLocalField);
    let main = html! {
        (Wrong::above(wrong))
        (banner)
        span class="govuk-caption-l" { "Field of " (words::kind_title(&declared.kind).to_lowercase()) }
        h1 class="govuk-heading-l" { (label) }
        (facts(declared, stands))
        @if matches!(stands, Stands::Waits) {
            @for advice in declared.advice() { (WarningText::new(advice)) }
            (to_decide(house, visitor, (&path, &declared.persons), wrong))
        }
        @if may_end && matches!(stands, Stands::Counts | Stands::BeginsLater) && declared.ended.is_none() {
            (Details::new("End it", ending(visitor, &path, sent, wrong)).open(wrong.is_some()))
        }
    };
    let sheet = Sheet::new(label, main).before(BackLink::new(FIELDS).text("Own fields"));
    Ok(Wrong::on(wrong, sheet))
}

fn facts(declared: &DeclaredField, stands: Stands) -> Markup {
    let (field, persons) = (&declared.field, &declared.persons);
    let yes_or_no = |yes: bool| if yes { "Yes" } else { "No" };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let days = match (field.from, field.until) {
        (Some(from), Some(until)) => format!("{} to {}", day(from), day(until)),
        (Some(from), None) => format!("From {} on", day(from)),
        (None, until) => until.map_or_else(String::new, |until| format!("Until {}", day(until))),
    };
    let holds = match (&field.list, field.long) {
        (Some(list), _) => format!("A code of {list}"),
        (None, true) => "A long text".to_owned(),
        (None, false) => text(&field.kind),
    };
    let mut rows = vec![
        Row::new("State", html! { (tag(stands)) }),
        Row::new("Name", html! { code { (declared.name()) } }),
        Row::new("Help under it", text(&field.help)),
        Row::new("Holds", holds),
        Row::new("Whose personal data", whose(&text(&field.about))),
        Row::new("Legal class", spoken(&text(&field.class))),
        Row::new("Sensitive processing", yes_or_no(field.sensitive == Some(true))),
        Row::new("Read by a reviewer before its subject gets it", yes_or_no(field.disclose == Some(false))),
        Row::new("A record without it is incomplete", yes_or_no(!field.rules.is_empty())),
        Row::new("Answered", days),
        Row::new("By what authority", declared.source.as_str()),
        Row::new("Proposed by", said(&persons.proposed)),
        Row::new("Approved by", persons.approved.as_ref().map_or_else(|| "Nobody yet".to_owned(), said)),
    ];
    rows.extend(declared.refused.as_ref().map(|refused| Row::new("Refused by", closed(refused))));
    rows.extend(declared.ended.as_ref().map(|ended| Row::new("Ended by", closed(ended))));
    html! { (SummaryList::new(rows)) }
}

fn whose(about: &str) -> String {
    match about {
        "own" => "Of the record’s own subject".to_owned(),
        "officer" => "Of the officer".to_owned(),
        "event" => "Of nobody: it is about the event or thing".to_owned(),
        "mixed" => "Of several people; a reviewer decides line by line".to_owned(),
        _ => format!("Of the {} linked with it", spoken(about.trim_start_matches("linked:"))),
    }
}

fn ending(visitor: &Visitor, path: &str, sent: Option<&Sent>, wrong: Option<&Wrong>) -> Markup {
    let text = |name: &str| sent.map_or("", |sent| sent.text(name));
    html! {
        form action={ (path) "/end" } method="post" novalidate {
            (hidden(&visitor.token))
            (DateInput::new("last", Legend::new("Last day, if it is not at once"))
                .values(["last-day", "last-month", "last-year"].map(text))
                .error(Wrong::beside(wrong, "last-day")))
            (Textarea::new("why", "Why does it end?").value(text("why")).rows(2u16).error(Wrong::beside(wrong, "why")))
            (Button::warning("End this field").prevent_double_click(true))
        }
    }
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(field): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let approved = house.desk().approve_local_field(&visitor.who, &field).await;
    ends(&house, &visitor, (&field, &sent), (approved, "approved")).await
}

async fn refuse<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(field): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let refused = house.desk().refuse_local_field(&visitor.who, &field, sent.text("why")).await;
    ends(&house, &visitor, (&field, &sent), (refused, "refused")).await
}

async fn end<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(field): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let ended = match last(&sent) {
        Ok(last) => house.desk().end_local_field(&visitor.who, &field, last, sent.text("why")).await,
        Err(error) => Err(error),
    };
    ends(&house, &visitor, (&field, &sent), (ended, "ended")).await
}

/// The last day, where one is given.
fn last(sent: &Sent) -> Result<Option<Date>, DeskError> {
    let parts = ["day", "month", "year"].map(|part| sent.text(&format!("last-{part}")).trim().to_owned());
    if parts.iter().all(String::is_empty) {
        return Ok(None);
    }
    let day = date(&parts);
    day.map(Some).ok_or_else(|| DeskError::Unusable("last: give day, month and year".to_owned()))
}

async fn ends<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    (id, sent): (&str, &Sent),
    (ended, said): (Result<DeclaredField, DeskError>, &str),
) -> Result<Response, Turned> {
    let error = match ended {
        Ok(declared) => return Ok(done(&format!("{FIELDS}/{}", declared.id), said)),
        Err(error) => error,
    };
    let wrong = Wrong::of(error, &[("why", "why"), ("last", "last-day")])?;
    let typing = Typing { sent: Some(sent), wrong: Some(&wrong) };
    let page = sheet(house, visitor, id, &Markup::default(), typing).await?;
    Ok(page.shown(house, visitor, Part::Administration))
}
