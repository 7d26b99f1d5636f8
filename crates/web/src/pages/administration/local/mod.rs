//! Fields and code lists that the force adds for itself: one person proposes, another approves. Nothing of a
//! record is shown.

mod field;
mod list;
mod new_field;
mod new_list;

use super::{Sub, Wrong, beside, labelled, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use components::{Button, Cell, Markup, NotificationBanner, Tag, TagColour, Textarea, html};
use desk::approval::{Deed, TwoPersons};
use desk::clock::london_day;
use desk::local_fields::{Closed, DeclaredField, DeclaredList, Stands};
use jiff::civil::Date;
use law::access::Act;
use serde::Deserialize;
use vault::store::RecordStore;

const FIELDS: &str = "/administration/local-fields";
const LISTS: &str = "/administration/local-lists";

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/local-fields", get(all::<S>))
        .merge(new_field::routes())
        .merge(new_list::routes())
        .merge(field::routes())
        .merge(list::routes())
}

/// What was done, as a word.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

impl Done {
    fn banner(&self) -> Markup {
        let said = match self.done.as_str() {
            "proposed" => "It is proposed. It counts once somebody else has approved it.",
            "approved" => "It is approved, and counts from its first day on.",
            "refused" => "It is refused.",
            "ended" => "It is ended. What was answered stays.",
            _ => return Markup::default(),
        };
        html! { (NotificationBanner::success(said)) }
    }
}

async fn all<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(done): Query<Done>,
) -> Result<Response, Turned> {
    let mut fields = house.desk().local_fields(&visitor.who).await?;
    fields.reverse();
    let mut lists = house.desk().local_lists(&visitor.who).await?;
    lists.reverse();
    let may_propose = house.desk().may_do(&visitor.who, Act::ProposeLocalField);
    let main = html! {
        (beside(&house, &visitor, Sub::Local))
        (done.banner())
        h1 class="govuk-heading-l" { "Own fields" }
        p class="govuk-body" {
            "What this force asks besides, with its legal class. One person proposes it and another approves it; \
             then it is asked, shown, found, counted, given in an access request and erased as every other field is."
        }
        @if may_propose {
            div class="govuk-button-group" {
                (Button::new("Propose a field").href("/administration/local-fields/new"))
                (Button::secondary("Propose a code list").href("/administration/local-lists/new"))
            }
        }
        @if !house.desk().local_fields_are_filed().await {
            p class="govuk-body" { "Records written before are being looked through for what they lack." }
        }
        (table_of_fields(&fields, london_day(house.desk().now())))
        (table_of_lists(&lists))
    };
    Ok(Sheet::new("Own fields", main).wide().shown(&house, &visitor, Part::Administration))
}

fn table_of_fields(fields: &[DeclaredField], today: Date) -> Markup {
    let rows = fields.iter().map(|declared| {
        let label = declared.field.label.as_deref().unwrap_or_default();
        vec![
            Cell::new(html! { a class="govuk-link" href={ (FIELDS) "/" (declared.id) } { (label) } " (" (declared.id) ")" }),
            labelled("Of", words::kind_title(&declared.kind)),
            labelled("Name", html! { code { (declared.name()) } }),
            labelled("By", declared.source.as_str()),
            Cell::new(html! { (tag(declared.stands(today))) }),
        ]
    });
    html! {
        @if fields.is_empty() { p class="govuk-body" { "There are no fields of the force’s own." } }
        @else { (stacked(["Field", "Of", "Name", "By", "State"], rows).caption("Fields, the newest first")) }
    }
}

fn table_of_lists(lists: &[DeclaredList]) -> Markup {
    let rows = lists.iter().map(|declared| {
        let list = &declared.list;
        vec![
            Cell::new(html! { a class="govuk-link" href={ (LISTS) "/" (declared.id) } { (list.title) } " (" (declared.id) ")" }),
            labelled("Name", html! { code { (list.id) } }),
            labelled("Source", list.source.as_str()),
            labelled("Codes", words::number(list.codes.len() as u64)),
            Cell::new(html! { (tag_of_list(declared)) }),
        ]
    });
    html! {
        @if !lists.is_empty() {
            (stacked(["List", "Name", "Source", "Codes", "State"], rows).caption("Code lists, the newest first"))
        }
    }
}

fn tag(stands: Stands) -> Tag {
    match stands {
        Stands::Waits => Tag::new("Waits").colour(TagColour::Yellow),
        Stands::Refused => Tag::new("Refused").colour(TagColour::Grey),
        Stands::BeginsLater => Tag::new("Begins later").colour(TagColour::Blue),
        Stands::Counts => Tag::new("Counts").colour(TagColour::Green),
        Stands::Ended => Tag::new("Ended").colour(TagColour::Grey),
    }
}

fn tag_of_list(declared: &DeclaredList) -> Tag {
    match (&declared.refused, &declared.persons.approved) {
        (Some(_), _) => tag(Stands::Refused),
        (None, Some(_)) => tag(Stands::Counts),
        (None, None) => tag(Stands::Waits),
    }
}

fn said(deed: &Deed) -> String {
    format!("{}, {}", deed.name, words::moment(deed.at))
}

fn closed(closed: &Closed) -> String {
    format!("{}: {}", said(&closed.by), closed.why)
}

/// The buttons of somebody before whom a proposal lies: to approve as a second person, and to refuse.
fn to_decide<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    (path, persons): (&str, &TwoPersons),
    wrong: Option<&Wrong>,
) -> Markup {
    let is_second = persons.proposed.actor != visitor.who.actor();
    let may_approve = house.desk().may_do(&visitor.who, Act::ApproveLocalField);
    html! {
        @if is_second && may_approve {
            form action={ (path) "/approve" } method="post" {
                (hidden(&visitor.token))
                (Button::new("Approve").prevent_double_click(true))
            }
        } @else if is_second {
            p class="govuk-body" { "Somebody whose role approves it must do so." }
        } @else {
            p class="govuk-body" { "You proposed it: somebody else approves it." }
        }
        form action={ (path) "/refuse" } method="post" novalidate {
            (hidden(&visitor.token))
            (Textarea::new("why", "Why is it not to be?").rows(2u16).error(Wrong::beside(wrong, "why")))
            (Button::secondary(if is_second { "Refuse" } else { "Take it back" }).prevent_double_click(true))
        }
    }
}
