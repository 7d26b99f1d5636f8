//! The home page: what waits for the visitor, by what their roles let them do.

mod waiting;

use crate::house::House;
use crate::pages::search::{lately_searched, search_box};
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::sign_in::Onward;
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{Button, Cell, Markup, NotificationBanner, Table, html};
use desk::drafts::Draft;
use desk::notices::Notice;
use desk::saved::SavedSearch;
use law::access::{Act, Action};
use model::kinds;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/", get(home::<S>))
        .route("/notices/{id}/dismiss", post(dismiss::<S>))
        .route("/saved-searches/{id}", get(run::<S>))
        .route("/saved-searches/{id}/remove", post(remove::<S>))
}

async fn home<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let may = |act| house.desk().may_do(&visitor.who, act);
    let notices =
        if may(Act::FollowNotices) { house.desk().notices(&visitor.who).await? } else { Vec::new() };
    let saved =
        if may(Act::KeepSearches) { house.desk().saved_searches(&visitor.who).await? } else { Vec::new() };
    let followed =
        if may(Act::FollowNotices) { house.desk().followed(&visitor.who).await? } else { Vec::new() };
    let tasks = house.desk().tasks(&visitor.who).await?;
    let drafts = house.desk().drafts(&visitor.who).await?;
    let lately = house.searches().of(visitor.who.actor());
    let main = html! {
        @match onward.done.as_str() {
            "dismissed" => (NotificationBanner::success("The notice is gone.")),
            "draft" => (NotificationBanner::success("It is kept as a draft, for you alone. Go on with it from here.")),
            "discarded" => (NotificationBanner::success("The draft is gone.")),
            "unfollowed" => (NotificationBanner::success("You follow that record no more.")),
            "removed" => (NotificationBanner::success("The saved search is removed.")),
            _ => {}
        }
        h1 class="govuk-heading-l" { "Good to see you, " (visitor.who.name()) }
        @if house.desk().may_on_some(&visitor.who, Action::List) { (search_box(&visitor, "", None)) }
        (make_links(&house, &visitor))
        (waiting::tasks(&tasks))
        @if may(Act::FollowNotices) { (told(&visitor, &notices)) }
        (begun(&visitor, &drafts))
        (waiting::followed(&visitor, &followed))
        (kept(&visitor, &saved))
        (lately_searched(&lately))
    };
    Ok(Sheet::new("Home", main).shown(&house, &visitor, Part::Home))
}

/// What is made most, one click away.
fn make_links<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Markup {
    let often = [kinds::stop_and_search::KIND.number, kinds::nominal::KIND.number, kinds::crime::KIND.number];
    let may = |number: &&u16| house.desk().may_on(&visitor.who, **number, Action::Create);
    let made: Vec<_> = often.iter().filter(may).filter_map(|number| kinds::by_number(*number)).collect();
    html! {
        @if !made.is_empty() {
            div class="govuk-button-group" {
                @for kind in made { (Button::secondary(format!("New: {}", kind.title.to_lowercase())).href(format!("/new/{}", kind.name))) }
            }
        }
    }
}

/// What was typed and not saved.
fn begun(visitor: &Visitor, drafts: &[Draft]) -> Markup {
    let what = |draft: &Draft| match &draft.reference {
        Some(reference) => format!("Change of {reference}"),
        None => format!("New: {}", words::kind_title(&draft.kind).to_lowercase()),
    };
    let rows = drafts.iter().map(|draft| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/drafts/" (draft.id) } { (what(draft)) } }),
            Cell::new(words::moment(draft.touched)),
            Cell::new(html! {
                form action={ "/drafts/" (draft.id) "/discard" } method="post" {
                    (hidden(&visitor.token))
                    (Button::secondary(html! { "Throw away" span class="govuk-visually-hidden" { ": " (what(draft)) } }).classes("govuk-!-margin-bottom-0"))
                }
            }),
        ]
    });
    let head = ["Draft", "Last typed"].map(Cell::new).into_iter();
    let head = head.chain([Cell::new(html! { span class="govuk-visually-hidden" { "Throw it away" } })]);
    html! {
        @if !drafts.is_empty() {
            (Table::new(head, rows).caption("Begun and not saved").classes("bluelamp-table--stacked"))
        }
    }
}

fn told(visitor: &Visitor, notices: &[Notice]) -> Markup {
    html! {
        h2 class="govuk-heading-m" { "What you are told" }
        @if notices.is_empty() { p class="govuk-body" { "Nothing new." } }
        ul class="bluelamp-notices" {
            @for notice in notices {
                li class="bluelamp-notices__one" {
                    p class="govuk-body" {
                        (said(notice)) " "
                        a class="govuk-link" href={ "/records/" (notice.reference) } { (notice.reference) }
                    }
                    form action={ "/notices/" (notice.id) "/dismiss" } method="post" {
                        (hidden(&visitor.token))
                        (Button::secondary(html! { "Dismiss" span class="govuk-visually-hidden" { " the notice on " (notice.reference) } }))
                    }
                }
            }
        }
    }
}

fn said(notice: &Notice) -> String {
    if let Some(alert) = &notice.alert {
        let more =
            if alert.more > 0 { format!(" and {} more", words::number(alert.more)) } else { String::new() };
        return format!("Your saved search “{}” has something new{more}:", alert.name);
    }
    let unit = notice.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let purpose = notice.purpose.as_ref().or(notice.task.as_ref());
    let purpose = purpose.map(|purpose| format!(", for “{purpose}”")).unwrap_or_default();
    format!("{}: {}{unit}{purpose}, {}.", notice.what, notice.by, notice.at)
}

fn kept(visitor: &Visitor, saved: &[SavedSearch]) -> Markup {
    let rows = saved.iter().map(|search| {
        vec![
            Cell::new(html! { a class="govuk-link" href={ "/saved-searches/" (search.id) } { (search.name) } }),
            Cell::new(if search.alert { "Tells you" } else { "Waits" }),
            Cell::new(words::moment(search.expires)),
            Cell::new(html! {
                form action={ "/saved-searches/" (search.id) "/remove" } method="post" {
                    (hidden(&visitor.token))
                    (Button::secondary(html! { "Remove" span class="govuk-visually-hidden" { " " (search.name) } }).classes("govuk-!-margin-bottom-0"))
                }
            }),
        ]
    });
    let head = ["Search", "When something new fits", "Ends"].map(Cell::new).into_iter();
    let head = head.chain([Cell::new(html! { span class="govuk-visually-hidden" { "Remove it" } })]);
    html! {
        @if !saved.is_empty() {
            (Table::new(head, rows).caption("Searches that you keep").classes("bluelamp-table--stacked"))
        }
    }
}

async fn dismiss<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    house.desk().dismiss_notice(&visitor.who, &id).await?;
    Ok(done("/", "dismissed"))
}

/// A saved search is a search like others from here on.
async fn run<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Path(id): Path<String>,
) -> Result<Response, Turned> {
    let saved = house.desk().saved_searches(&visitor.who).await?;
    let found = saved.iter().find(|search| search.id == id);
    let search = found.ok_or_else(crate::problem::Problem::not_found)?;
    let name = house.searches().keep(visitor.who.actor(), &search.query);
    Ok(crate::pages::turned::see(&format!("/searches/{name}")))
}

async fn remove<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<String>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    house.desk().remove_search(&visitor.who, &id).await?;
    Ok(done("/", "removed"))
}
