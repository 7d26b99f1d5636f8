//! Grants: who belongs to a restriction group, and until when. One person proposes, another approves.

use super::{Sub, Wrong, beside, labelled, stacked};
use crate::house::House;
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
    BackLink, Button, Cell, DateInput, Input, Legend, Markup, NotificationBanner, Tag, TagColour, Textarea,
    Width, html,
};
use desk::DeskError;
use desk::grants::Grant;
use jiff::civil::Date;
use law::access::Act;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/grants", get(list::<S>))
        .route("/administration/grants/new", get(begin::<S>).post(propose::<S>))
        .route("/administration/grants/{grant}/approve", post(approve::<S>))
        .route("/administration/grants/{grant}/withdraw", post(withdraw::<S>))
}

const PATH: &str = "/administration/grants";

/// What was done, as a word.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Turned> {
    let said = match done.as_str() {
        "proposed" => Some("It is proposed. It counts once somebody else has approved it."),
        "approved" => Some("It is approved. It counts from its first day on."),
        "withdrawn" => Some("It is withdrawn, and counts no more."),
        _ => None,
    };
    let banner = html! { @if let Some(said) = said { (NotificationBanner::success(said)) } };
    Ok(sheet(&house, &visitor, &banner, None).await?.shown(&house, &visitor, Part::Administration))
}

async fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    banner: &Markup,
    wrong: Option<&Wrong>,
) -> Result<Sheet, DeskError> {
    let mut grants = house.desk().grants(&visitor.who).await?;
    grants.reverse();
    let now = house.desk().now();
    let rows = grants.iter().map(|grant| row(house, visitor, grant, now));
    let head = ["Who and what", "For", "Why", "Decided by", "State", "Do"];
    let main = html! {
        (beside(house, visitor, Sub::Grants))
        (Wrong::above(wrong))
        (banner)
        h1 class="govuk-heading-l" { "Groups" }
        p class="govuk-body" {
            "Whoever belongs to a restriction group may open the records that are restricted to it, as far as \
             their role goes. One person proposes it, another approves it, and it ends by itself."
        }
        @if house.desk().may_do(&visitor.who, Act::ProposeGrant) {
            (Button::new("Propose a membership").href("/administration/grants/new"))
        }
        @if grants.is_empty() { p class="govuk-body" { "There are none." } }
        @else { (stacked(head, rows).caption("The newest first")) }
    };
    Ok(Wrong::on(wrong, Sheet::new("Groups", main).wide()))
}

fn row<S: RecordStore>(house: &House<S>, visitor: &Visitor, grant: &Grant, now: i64) -> Vec<Cell> {
    let persons = &grant.persons;
    let decided = html! {
        "Proposed by " (persons.proposed.name)
        @if let Some(deed) = &persons.approved { ", approved by " (deed.name) }
        @if let Some(deed) = &grant.withdrawn { ", withdrawn by " (deed.name) }
    };
    vec![
        Cell::new(html! { strong { (grant.account) } " in " strong { (grant.group) } " (" (grant.id) ")" }),
        labelled("For", format!("{} to {}", words::moment(grant.from), words::moment(grant.until))),
        labelled("Why", &grant.ground),
        Cell::new(decided),
        Cell::new(html! { (state(grant, now)) }),
        Cell::new(what_to_do(house, visitor, grant, now)),
    ]
}

fn state(grant: &Grant, now: i64) -> Tag {
    match grant {
        Grant { withdrawn: Some(_), .. } => Tag::new("Withdrawn").colour(TagColour::Grey),
        grant if grant.until <= now => Tag::new("Ended").colour(TagColour::Grey),
        grant if grant.persons.approved.is_none() => Tag::new("Waits").colour(TagColour::Yellow),
        grant if grant.counts_at(now) => Tag::new("Counts").colour(TagColour::Green),
        _ => Tag::new("Begins later").colour(TagColour::Blue),
    }
}

/// The buttons that this visitor has for a grant.
fn what_to_do<S: RecordStore>(house: &House<S>, visitor: &Visitor, grant: &Grant, now: i64) -> Markup {
    let may = |act| house.desk().may_do(&visitor.who, act);
    let stands = grant.withdrawn.is_none() && grant.until > now;
    let is_second =
        grant.persons.proposed.actor != visitor.who.actor() && grant.account != visitor.who.name();
    let waits = grant.persons.approved.is_none();
    let form = |what: &str, button: &str| {
        html! {
            form action={ (PATH) "/" (grant.id) "/" (what) } method="post" {
                (hidden(&visitor.token))
                (Button::secondary(html! { (button) span class="govuk-visually-hidden" { " " (grant.id) } })
                    .classes("govuk-!-margin-bottom-1").prevent_double_click(true))
            }
        }
    };
    html! {
        @if stands && waits && is_second && may(Act::ApproveGrant) { (form("approve", "Approve")) }
        @if stands && may(Act::ProposeGrant) { (form("withdraw", "Withdraw")) }
    }
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(grant): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let approved = house.desk().approve_grant(&visitor.who, &grant).await;
    ends(&house, &visitor, (approved, "approved")).await
}

async fn withdraw<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(grant): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let withdrawn = house.desk().withdraw_grant(&visitor.who, &grant).await;
    ends(&house, &visitor, (withdrawn, "withdrawn")).await
}

async fn ends<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    (ended, said): (Result<Grant, DeskError>, &str),
) -> Result<Response, Turned> {
    let error = match ended {
        Ok(_) => return Ok(done(PATH, said)),
        Err(error) => error,
    };
    let wrong = Wrong::of(error, &[])?;
    let page = sheet(house, visitor, &Markup::default(), Some(&wrong)).await?;
    Ok(page.shown(house, visitor, Part::Administration))
}

/// What the form says.
#[derive(Debug, Default)]
struct Asked {
    account: String,
    group: String,
    from: [String; 3],
    until: [String; 3],
    ground: String,
}

impl Asked {
    fn sent(sent: &Sent) -> Self {
        let text = |name: &str| sent.text(name).trim().to_owned();
        let parts = |name: &str| ["day", "month", "year"].map(|part| text(&format!("{name}-{part}")));
        Self {
            account: text("account"),
            group: text("group"),
            from: parts("from"),
            until: parts("until"),
            ground: text("ground"),
        }
    }

    /// The first day, where one is given, and the last.
    fn days(&self) -> Result<(Option<Date>, Date), Wrong> {
        let wrong = |control| Wrong::at(control, "Give day, month and year, for instance 31 12 2026.");
        let until = date(&self.until).ok_or_else(|| wrong("until-day"))?;
        match self.from.iter().all(String::is_empty) {
            true => Ok((None, until)),
            false => Ok((Some(date(&self.from).ok_or_else(|| wrong("from-day"))?), until)),
        }
    }
}

/// The day that three controls give.
pub(super) fn date([day, month, year]: &[String; 3]) -> Option<Date> {
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

async fn begin<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    if !house.desk().may_do(&visitor.who, Act::ProposeGrant) {
        return Err(Problem::role(Act::ProposeGrant.words()).into());
    }
    Ok(form(&visitor, &Asked::default(), None).shown(&house, &visitor, Part::Administration))
}

fn form(visitor: &Visitor, asked: &Asked, wrong: Option<&Wrong>) -> Sheet {
    let days = |name: &str, legend: &str, parts: &[String; 3]| {
        DateInput::new(name, Legend::new(legend))
            .values(parts.each_ref().map(String::as_str))
            .error(Wrong::beside(wrong, &format!("{name}-day")))
    };
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Wrong::above(wrong))
            h1 class="govuk-heading-l" { "Propose a membership" }
            p class="govuk-body" { "Somebody else than you and than its holder approves it." }
            form action="/administration/grants/new" method="post" novalidate {
                (hidden(&visitor.token))
                (Input::new("account", "Who").value(asked.account.as_str()).width(Width::Thirty).spellcheck(false)
                    .hint("The name of the account").error(Wrong::beside(wrong, "account")))
                (Input::new("group", "Restriction group").value(asked.group.as_str()).width(Width::Twenty)
                    .spellcheck(false).hint("As records name it, for instance op-lantern")
                    .error(Wrong::beside(wrong, "group")))
                (days("from", "First day, if it is not at once", &asked.from))
                (days("until", "Last day, which counts still", &asked.until))
                (Textarea::new("ground", "Why?").value(asked.ground.as_str()).rows(3u16)
                    .error(Wrong::beside(wrong, "ground")))
                (Button::new("Propose").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Propose a membership", main).before(BackLink::new(PATH).text("Groups"));
    Wrong::on(wrong, sheet)
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let asked = Asked::sent(&sent);
    let wrong = match asked.days() {
        Err(wrong) => wrong,
        Ok(days) => {
            let proposed =
                house.desk().propose_grant(&visitor.who, &asked.account, &asked.group, days, &asked.ground);
            match proposed.await {
                Ok(_) => return Ok(done(PATH, "proposed")),
                Err(error) => Wrong::of(error, &CONTROLS)?,
            }
        }
    };
    Ok(form(&visitor, &asked, Some(&wrong)).shown(&house, &visitor, Part::Administration))
}

/// The control of each field that the desk may name.
const CONTROLS: [(&str, &str); 5] = [
    ("account", "account"),
    ("group", "group"),
    ("ground", "ground"),
    ("until", "until-day"),
    ("from, until", "until-day"),
];
