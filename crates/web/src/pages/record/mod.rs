//! The page of a record: what matters first, then all that it says, what it is linked with, and what
//! can be done with it.

mod break_glass;
mod fields;
mod files;
mod following;
mod history;
mod labels;
mod linked;
mod person;
mod timeline;

pub(super) use history::table as difference_table;

use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::{Turned, see};
use crate::pages::visitor::Working;
use crate::pages::words;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, Details, Markup, NotificationBanner, WarningText, html};
use desk::DeskError;
use desk::find::reference_of_row;
use desk::linked::Around;
use desk::record::{UNIT, editable};
use law::access::{Act, Action, Why};
use model::derived::show;
use model::derived::validate::{self, State as RuleStands};
use model::kinds::{self, nominal};
use model::{Body, Kind, RecordId};
use serde::Deserialize;
use vault::Plain;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/records/{reference}", get(view::<S>))
        .route("/records/{reference}/linked", get(linked_page::<S>))
        .route("/record-of/{id}", get(by_id::<S>))
        .merge(files::routes())
        .merge(following::routes())
        .merge(history::routes())
        .merge(timeline::routes())
        .merge(break_glass::routes())
}

/// Which of what is linked is shown, and what was done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Looked {
    /// What was done, as a word.
    done: String,
    /// Links to pass over.
    offset: usize,
    /// Records of this kind alone.
    kind: String,
}

/// A record as it is shown.
pub(super) struct Shown<'a> {
    /// The kind.
    pub kind: &'static Kind,
    /// The opened version.
    pub plain: &'a Plain,
    /// What it says, in the present shape.
    pub body: Body,
    /// Its reference.
    pub reference: String,
    /// One line to recognise it by.
    pub name: String,
}

impl<'a> Shown<'a> {
    /// Of an opened version; `None` for a kind that this release does not know.
    pub(super) fn of(plain: &'a Plain) -> Option<Self> {
        let (kind, body) = (kinds::by_number(plain.row().version.kind)?, editable(plain));
        let (reference, name) = (reference_of_row(plain.row()), show::summary(kind, &body));
        Some(Self { kind, plain, body, reference, name })
    }

    /// The path of its page.
    pub(super) fn path(&self) -> String {
        format!("/records/{}", self.reference)
    }
}

/// A kind that a later release brought.
pub(super) fn unknown_kind() -> crate::problem::Problem {
    crate::problem::Problem::fault("a record is of a kind that this release does not know; update first")
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = match house.desk().open_record(&who, record).await {
        Ok(plain) => plain,
        Err(DeskError::Refused(refusal)) if matches!(refusal.why, Why::AskOwner(_)) => {
            return Ok(break_glass::shut(&visitor, &reference, None).shown(&house, &visitor, Part::Records));
        }
        Err(error) => return Err(error.into()),
    };
    let is_person = plain.row().version.kind == nominal::KIND.number;
    let linked = async {
        match is_person {
            true => timeline::of_person(&house, &who, record).await.map(timeline::Beside::Person),
            false => house.desk().linked_with(&who, record, 0).await.map(timeline::Beside::Other),
        }
    };
    let desk = house.desk();
    let (linked, files, is_followed) =
        tokio::try_join!(linked, desk.attachments(&who, record), desk.is_followed(&who, record))?;
    let may_follow = desk.may_do(&visitor.who, Act::FollowNotices);
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let may_change = house.desk().may_on(&visitor.who, shown.kind.number, Action::Change);
    let may_link = house.desk().may_on(&visitor.who, kinds::link::KIND.number, Action::Create);
    let may_recall = house.desk().may_do(&visitor.who, Act::Disclose);
    let today = desk::clock::london_day(house.desk().now());
    let main = html! {
        (done(&looked.done))
        (heading(&shown))
        @if let timeline::Beside::Person(around) = &linked { (person::at_the_door(&shown, around, today)) }
        (labels::banner(&plain))
        (actions(&shown, (may_change, may_link, may_recall), may_follow.then(|| following::button(&shown.path(), &visitor, is_followed))))
        (crate::pages::papers::buttons(&visitor.token, &shown.path(), shown.kind.number))
        (unmet(&shown, today))
        @match &linked {
            timeline::Beside::Person(around) => {
                (timeline::section(&shown, &around.events))
                (person::below(&shown))
                (timeline::lasting(&shown, &around.lasting))
            }
            timeline::Beside::Other(around) => {
                (fields::all(&shown))
                (linked::section(&shown, around))
            }
        }
        (files::section(&shown, &visitor, &files, may_change))
        (origin(&shown))
    };
    let title = format!("{} – {}", shown.name, shown.reference);
    let sheet = Sheet::new(title, main).before(BackLink::new("/search").text("Search")).wide();
    Ok(sheet.shown(&house, &visitor, Part::Records))
}

fn done(what: &str) -> Markup {
    let said = match what {
        "made" => "Saved. The record is in the log, and others can find it.",
        "changed" => "Saved. What it said before stays in its history.",
        "linked" => "The two records are linked.",
        "followed" => "You follow it. Your home page tells you when it changes.",
        "unfollowed" => "You follow it no more.",
        "labels" => "The restriction is changed, and it counts from now on.",
        _ => return Markup::default(),
    };
    html! { (NotificationBanner::success(said)) }
}

fn heading(shown: &Shown<'_>) -> Markup {
    html! {
        span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
        h1 class="govuk-heading-l bluelamp-record__name" { (shown.name) }
    }
}

fn actions(
    shown: &Shown<'_>,
    (may_change, may_link, may_recall): (bool, bool, bool),
    follow: Option<Markup>,
) -> Markup {
    let path = shown.path();
    html! {
        div class="govuk-button-group bluelamp-actions" {
            @if may_change { (Button::new("Change").href(format!("{path}/edit"))) }
            @if may_link { (Button::secondary("Link").href(format!("{path}/link"))) }
            @if let Some(follow) = follow { (follow) }
            a class="govuk-link" href={ (path) "/history" } { "History" }
            @if may_change { a class="govuk-link" href={ (path) "/restrict" } { "Restrict" } }
            @if may_recall { a class="govuk-link" href={ (path) "/papers" } { "Papers" } }
        }
    }
}

/// What law or policy asks for and the record does not say, in the order of the form.
fn unmet(shown: &Shown<'_>, today: jiff::civil::Date) -> Markup {
    let on = shown.kind.day_of(&shown.body).unwrap_or(today);
    let states = validate::unmet(shown.kind, &shown.body, on);
    let is_unmet = |state: &validate::RuleState| {
        matches!(state.state, RuleStands::Missing | RuleStands::Placeholder | RuleStands::NotInSource)
    };
    let open: Vec<_> = states.into_iter().filter(is_unmet).collect();
    let lines = html! {
        ul class="govuk-list govuk-list--bullet" {
            @for state in &open {
                li {
                    strong { (state.label) }
                    @if state.state == RuleStands::NotInSource { " was not in the source" }
                    ": " (state.rule.mend) " "
                    span class="bluelamp-law" { (state.rule.law) }
                }
            }
        }
    };
    let stops = open.iter().any(|state| state.rule.stops);
    html! {
        @if !open.is_empty() {
            section class="bluelamp-unmet" aria-label="What is missing" {
                @if stops { (WarningText::new(format!("{} that the law asks for is missing.", words::count(open.len() as u64, "answer")))) }
                (Details::new("What is missing", lines).open(stops))
            }
        }
    }
}

/// Where it came from, who wrote it, and how long it is kept.
fn origin(shown: &Shown<'_>) -> Markup {
    let row = shown.plain.row();
    let unit = shown.plain.get(UNIT);
    html! {
        (fields::provenance(shown))
        p class="govuk-body-s bluelamp-origin" {
            "Version " (row.ordinal) ", written " (words::moment(row.written))
            @if let Some(unit) = unit { " by " (unit) }
            ". To be reviewed by " (row.review_due) " (" (shown.kind.retention.rule) ")."
        }
    }
}

async fn linked_page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(looked): Query<Looked>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let mut around: Around = house.desk().linked_with(&who, record, looked.offset).await?;
    if !looked.kind.is_empty() {
        around.linked.retain(|linked| linked.kind == looked.kind);
    }
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let main = html! {
        (heading(&shown))
        (linked::whole(&shown, &around, looked.offset, &looked.kind))
    };
    let sheet = Sheet::new(format!("Linked with {}", shown.reference), main);
    Ok(sheet.before(BackLink::new(shown.path())).wide().shown(&house, &visitor, Part::Records))
}

/// A record that another names by its identity.
async fn by_id<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, Turned> {
    let plain = house.desk().open_record(&who, RecordId(id)).await?;
    Ok(see(&format!("/records/{}", reference_of_row(plain.row()))))
}
