//! A restricted record: whom to ask, and the glass that may be broken where life is at risk.

use super::{Shown, fields, unknown_kind};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use components::{Button, Details, ErrorLink, ErrorSummary, NotificationBanner, Textarea, WarningText, html};
use desk::DeskError;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/break-glass", post(break_it::<S>))
}

/// What is said of a record that is there and may not be read.
pub(super) fn shut(visitor: &Visitor, reference: &str, error: Option<&str>) -> Sheet {
    let form = html! {
        (WarningText::new("It opens at once. Whoever answers for the restriction and your supervisors are told, and somebody else judges whether it was right."))
        form action={ "/records/" (reference) "/break-glass" } method="post" novalidate {
            (hidden(&visitor.token))
            (Textarea::new("reason", "Whose life is at risk, and how?").rows(2u16).error(error))
            (Button::warning("Open it for a risk to life").prevent_double_click(true))
        }
    };
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(error) = error { (ErrorSummary::new([ErrorLink::new("#reason", error)])) }
            span class="govuk-caption-l" { (reference) }
            h1 class="govuk-heading-l" { "The record is restricted" }
            p class="govuk-body" { "It is there, and your groups may not read it. Search for it to see whom to ask." }
            (Details::new("Life is at risk", form).open(error.is_some()))
        } }
    };
    let sheet = Sheet::new("The record is restricted", main).status(StatusCode::FORBIDDEN);
    if error.is_some() { sheet.with_errors() } else { sheet }
}

async fn break_it<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let (glass, plain) = match house.desk().break_glass(&who, &reference, sent.text("reason")).await {
        Ok(opened) => opened,
        Err(DeskError::Unusable(why)) if why.starts_with("reason:") => {
            let words = why.trim_start_matches("reason:").trim();
            return Ok(shut(&visitor, &reference, Some(words)).shown(&house, &visitor, Part::Records));
        }
        Err(error) => return Err(error.into()),
    };
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let main = html! {
        (NotificationBanner::new(html! {
            p class="govuk-notification-banner__heading" {
                "You opened this for a risk to life (" (glass.id) "). It will be reviewed. Leaving the page closes it again."
            }
        }))
        span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
        h1 class="govuk-heading-l" { (shown.name) }
        (fields::all(&shown))
    };
    Ok(Sheet::new(shown.name.clone(), main).wide().shown(&house, &visitor, Part::Records))
}
