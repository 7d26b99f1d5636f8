//! The versions of a record: who wrote each, when and why, and what it changed; any two side by side.

use super::{Shown, unknown_kind};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Working;
use crate::pages::words;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Cell, Markup, NotificationBanner, Select, SelectItem, Table, Timeline, TimelineItem,
    html,
};
use desk::record::{REASON, editable};
use model::ActorId;
use model::derived::compare::{self, Difference};
use model::kinds;
use serde::Deserialize;
use std::collections::BTreeMap;
use vault::Plain;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/records/{reference}/history", get(history::<S>))
        .route("/records/{reference}/compare", get(compared::<S>))
        .route("/records/{reference}/versions/{version}", get(version::<S>))
}

async fn opened<S: RecordStore>(
    house: &House<S>,
    who: &desk::Session,
    reference: &str,
) -> Result<(Vec<Plain>, BTreeMap<ActorId, String>), Turned> {
    let record = house.desk().resolve(who, reference).await?;
    let versions = house.desk().open_history(who, record).await?;
    let names = house.desk().author_names(&versions).await?;
    Ok((versions, names))
}

async fn history<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
) -> Result<Response, Turned> {
    let (versions, names) = opened(&house, &who, &reference).await?;
    let newest = versions.last().and_then(Shown::of).ok_or_else(unknown_kind)?;
    let before = std::iter::once(None).chain(versions.iter().map(Some));
    let mut items: Vec<TimelineItem> =
        versions.iter().zip(before).map(|(plain, before)| item(&newest, plain, before, &names)).collect();
    items.reverse();
    let main = html! {
        span class="govuk-caption-l" { (newest.kind.title) " " (newest.reference) }
        h1 class="govuk-heading-l" { "History" }
        @if versions.len() > 1 { (compare_form(&newest, versions.len())) }
        (Timeline::new(items))
    };
    let sheet =
        Sheet::new(format!("History of {}", newest.reference), main).before(BackLink::new(newest.path()));
    Ok(sheet.shown(&house, &visitor, Part::Records))
}

fn item(
    newest: &Shown<'_>,
    plain: &Plain,
    before: Option<&Plain>,
    names: &BTreeMap<ActorId, String>,
) -> TimelineItem {
    let row = plain.row();
    let why = plain.get(REASON).unwrap_or_else(|| "taken in from another system".to_owned());
    let differences = before.map(|before| differences(before, plain)).unwrap_or_default();
    let content = html! {
        p class="govuk-body" { "Reason: " (why) }
        @if !differences.is_empty() { (table(&differences, "Before", "After")) }
        @if before.is_some_and(|before| before.row().labels != row.labels) {
            p class="govuk-body" { "The restriction was changed." }
        }
        p class="govuk-body" {
            a class="govuk-link" href={ (newest.path()) "/versions/" (row.ordinal) } { "Version " (row.ordinal) " as it was" }
        }
    };
    let author = names.get(&row.author).cloned().unwrap_or_else(|| row.author.to_string());
    TimelineItem::new(
        format!("Version {}", row.ordinal),
        words::machine_time(row.written),
        words::moment(row.written),
    )
    .byline(author)
    .content(content)
}

fn differences(earlier: &Plain, later: &Plain) -> Vec<Difference> {
    let kind = kinds::by_number(later.row().version.kind);
    kind.map(|kind| compare::differences(kind, &editable(earlier), &editable(later))).unwrap_or_default()
}

/// What differs, side by side.
pub(in crate::pages) fn table(differences: &[Difference], before: &str, after: &str) -> Table {
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    let rows = differences.iter().map(|difference| {
        vec![
            Cell::new(difference.label.as_str()),
            Cell::new(said(&difference.before)),
            Cell::new(said(&difference.after)),
        ]
    });
    Table::new(["Field", before, after].map(Cell::new), rows)
        .caption("What differs")
        .caption_hidden(true)
        .first_cell_is_header(true)
}

fn compare_form(newest: &Shown<'_>, versions: usize) -> Markup {
    let items = |chosen: usize| {
        (1..=versions).map(move |ordinal| {
            SelectItem::new(ordinal.to_string(), format!("Version {ordinal}")).selected(ordinal == chosen)
        })
    };
    html! {
        form class="bluelamp-inline" action={ (newest.path()) "/compare" } method="get" {
            (Select::new("before", "Compare", items(1)))
            (Select::new("after", "with", items(versions)))
            (Button::secondary("Compare"))
        }
    }
}

/// Two versions.
#[derive(Debug, Deserialize)]
struct Two {
    before: u32,
    after: u32,
}

async fn compared<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Query(two): Query<Two>,
) -> Result<Response, Turned> {
    let (versions, _) = opened(&house, &who, &reference).await?;
    let find = |ordinal: u32| versions.iter().find(|plain| plain.row().ordinal == ordinal);
    let (Some(before), Some(after)) = (find(two.before), find(two.after)) else {
        return Err(crate::problem::Problem::not_found().into());
    };
    let newest = versions.last().and_then(Shown::of).ok_or_else(unknown_kind)?;
    let differences = differences(before, after);
    let main = html! {
        span class="govuk-caption-l" { (newest.kind.title) " " (newest.reference) }
        h1 class="govuk-heading-l" { "Versions " (two.before) " and " (two.after) }
        @if differences.is_empty() { p class="govuk-body" { "They say the same." } }
        @else { (table(&differences, &format!("Version {}", two.before), &format!("Version {}", two.after))) }
    };
    let back = BackLink::new(format!("{}/history", newest.path())).text("History");
    Ok(Sheet::new(format!("Versions of {}", newest.reference), main).before(back).wide().shown(
        &house,
        &visitor,
        Part::Records,
    ))
}

async fn version<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path((reference, ordinal)): Path<(String, u32)>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let plain = house.desk().open_version(&who, record, ordinal).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let main = html! {
        span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
        h1 class="govuk-heading-l" { (shown.name) }
        (NotificationBanner::new(html! {
            p class="govuk-notification-banner__heading" {
                "This is version " (ordinal) ", written " (words::moment(plain.row().written)) ". "
                a class="govuk-notification-banner__link" href=(shown.path()) { "See the newest" } "."
            }
        }))
        (super::fields::all(&shown))
    };
    let back = BackLink::new(format!("{}/history", shown.path())).text("History");
    Ok(Sheet::new(format!("{} version {ordinal}", shown.reference), main).before(back).shown(
        &house,
        &visitor,
        Part::Records,
    ))
}
