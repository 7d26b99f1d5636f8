//! Changing a record: the form stands on the version that somebody looked at; where another was quicker, both
//! changes are shown, and what was typed is put on the newest.

use super::controls::Filled;
use super::once::typed_once;
use super::page::FormPage;
use super::{Asked, Stands, draft, said_beside, typed_of, without_row};
use crate::house::House;
use crate::pages::record::{Shown, difference_table, unknown_kind};
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use components::{BackLink, Button, InsetText, html};
use desk::clock::{id_at, london_day};
use desk::error::Conflict;
use desk::record::Edit;
use desk::{DeskError, Session};
use model::derived::Fields;
use model::derived::form::{self, Texts};
use uuid::Uuid;
use vault::Plain;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/edit", get(begin::<S>).post(go_on::<S>))
}

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve_to(&who, law::access::Action::Change, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    if !house.desk().may_on(&visitor.who, shown.kind.number, law::access::Action::Change) {
        return Err(crate::problem::Problem::role("change records of this kind").into());
    }
    let typed = form::texts(Fields::of(shown.kind), &shown.body);
    let draft = id_at(house.desk().now());
    Ok(sheet(&house, &visitor, &shown, draft, &typed, Stands::default()).shown(
        &house,
        &visitor,
        Part::Records,
    ))
}

/// The form on the version that somebody looked at.
pub(super) fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    shown: &Shown<'_>,
    draft: Uuid,
    typed: &Texts,
    stands: Stands<'_>,
) -> Sheet {
    let on = shown.kind.day_of(&shown.body).unwrap_or_else(|| london_day(house.desk().now()));
    let page = FormPage {
        roadside: None,
        kind: shown.kind,
        title: format!("Change {}", shown.reference),
        filled: Filled {
            typed,
            problems: stands.problems,
            on,
            one_more: stands.one_more,
            action: format!("{}/edit", shown.path()),
        },
        general: stands.general,
        draft,
        of: Some((&shown.reference, shown.plain.row().ordinal)),
        carried: Vec::new(),
        reason: Some(stands.reason),
        above: html! { p class="govuk-body-l" { (shown.name) } (stands.above) },
    };
    page.sheet(visitor).before(BackLink::new(shown.path()))
}

async fn go_on<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve_to(&who, law::access::Action::Change, &reference).await?;
    let ordinal = sent.text("version").parse().unwrap_or(0);
    let looked_at = house.desk().open_version(&who, record, ordinal).await?;
    let shown = Shown::of(&looked_at).ok_or_else(unknown_kind)?;
    let (typed, draft) = (typed_of(&sent), draft::named(&sent, house.desk().now()));
    let again = |typed: &Texts, stands: Stands<'_>| {
        sheet(&house, &visitor, &shown, draft, typed, stands).shown(&house, &visitor, Part::Records)
    };
    let reason = sent.text("reason");
    match Asked::of(&sent) {
        Asked::Add(name) => Ok(again(
            &form::without_gaps(&typed),
            Stands { one_more: Some(name), reason, ..Stands::default() },
        )),
        Asked::Remove(row) => Ok(again(&without_row(typed, row), Stands { reason, ..Stands::default() })),
        Asked::Draft => draft::kept(&house, &who, &sent).await,
        Asked::Step(_) => on_newest(&house, &who, &visitor, &shown, &typed, &sent).await,
        Asked::Save => {
            let typed = typed_once(shown.kind, form::without_gaps(&typed));
            match save(&house, &who, &shown, &typed, reason).await {
                Ok(()) => {
                    house.desk().discard_draft(&who, draft).await?;
                    Ok(see(&format!("{}?done=changed", shown.path())))
                }
                Err(DeskError::Conflict(conflict)) => Ok(conflict_page(
                    &visitor, &shown, draft, &typed, reason, &conflict,
                )
                .shown(&house, &visitor, Part::Records)),
                Err(error) => {
                    let (problems, general) = said_beside(error)?;
                    Ok(again(&typed, Stands { problems: &problems, general, reason, ..Stands::default() }))
                }
            }
        }
    }
}

async fn save<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    shown: &Shown<'_>,
    typed: &Texts,
    reason: &str,
) -> Result<(), DeskError> {
    let body = form::body_of(Fields::of(shown.kind), &shown.body, typed).map_err(DeskError::Problems)?;
    let version = shown.plain.row().version;
    let reason = reason.to_owned();
    let edit = Edit {
        record: version.record,
        before: version.version,
        body,
        labels: None,
        anew: Vec::new(),
        reason,
    };
    house.desk().change_record(who, edit).await.map(|_| ())
}

/// Somebody else was quicker: what they changed, what you changed, and the way on.
fn conflict_page(
    visitor: &Visitor,
    shown: &Shown<'_>,
    draft: Uuid,
    typed: &Texts,
    reason: &str,
    conflict: &Conflict,
) -> Sheet {
    let main = html! {
        span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
        h1 class="govuk-heading-l" { "Somebody else changed it meanwhile" }
        p class="govuk-body" {
            "You began with version " (conflict.base) ", and it is at version " (conflict.present)
            " now. Nothing of yours is saved yet, and nothing is lost."
        }
        h2 class="govuk-heading-m" { "What they changed" }
        (difference_table(&conflict.theirs, "Before", "Now"))
        h2 class="govuk-heading-m" { "What you changed" }
        (difference_table(&conflict.yours, "Before", "Yours"))
        form action={ (shown.path()) "/edit" } method="post" {
            (hidden(&visitor.token))
            @for (path, text) in typed { input type="hidden" name=(path) value=(text); }
            input type="hidden" name="version" value=(conflict.base);
            input type="hidden" name="reason" value=(reason);
            input type="hidden" name="draft" value=(draft);
            div class="govuk-button-group" {
                (Button::new("Put my changes on theirs").name("do").value("step:newest"))
                a class="govuk-link" href=(shown.path()) { "Leave it as it is now" }
            }
        }
    };
    Sheet::new("Somebody else changed it meanwhile", main).wide().status(StatusCode::CONFLICT)
}

async fn on_newest<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    visitor: &Visitor,
    looked_at: &Shown<'_>,
    typed: &Texts,
    sent: &Sent,
) -> Result<Response, Turned> {
    let newest: Plain = house.desk().open_record(who, looked_at.plain.row().version.record).await?;
    let shown = Shown::of(&newest).ok_or_else(unknown_kind)?;
    let merged = form::on_newest(Fields::of(shown.kind), &looked_at.body, &shown.body, typed);
    let above = html! { (InsetText::new("What they changed and what you changed stands together below. Look at it, then save.")) };
    let stands = Stands { reason: sent.text("reason"), above, ..Stands::default() };
    let draft = draft::named(sent, house.desk().now());
    Ok(sheet(house, visitor, &shown, draft, &merged, stands).shown(house, visitor, Part::Records))
}
