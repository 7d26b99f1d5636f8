//! The form of a stop where the network is bad: what could not be sent is kept on the device, sealed, for a day at
//! most, and is sent once when the network is back and its writer has signed in (`ui/scripts/kept.js`).

use super::create::{Keys, Saved, saved};
use super::once::typed_once;
use super::{Asked, draft, typed_of};
use crate::house::House;
use crate::pages::at::At;
use crate::pages::record_kind;
use crate::pages::sheet::Sheet;
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use components::{Button, html};
use desk::Session;
use desk::roadside::{KeptForm, SealedForm};
use model::Kind;
use model::derived::form;
use model::kinds::stop_and_search as stop;
use serde::Serialize;
use vault::store::RecordStore;

/// The script that stands in for the server where there is no network.
pub(crate) const WORKER: &str = "roadside.js";

/// What the worker's answer says besides: it stands in for pages, which lie above it (Service Workers, “path
/// restriction”), and asks this server alone.
pub(crate) fn worker_headers() -> HeaderMap {
    HeaderMap::from_iter([
        (HeaderName::from_static("service-worker-allowed"), HeaderValue::from_static("/")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'"),
        ),
    ])
}

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/roadside", get(no_network::<S>))
        .route("/roadside/key", get(key::<S>))
        .route("/roadside/kept", post(take::<S>))
}

/// How the form of a kind says to its script that it goes on without a network: whether anything was typed yet.
pub(super) fn mark(kind: &Kind, is_new: bool) -> Option<&'static str> {
    (kind.number == stop::KIND.number).then_some(if is_new { "new" } else { "again" })
}

/// What is shown in place of any page while there is no network. Whoever signs in has it kept by the worker.
async fn no_network<S: RecordStore>(State(house): State<House<S>>) -> Response {
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { "There is no network" }
            p class="govuk-body" data-kept-state="" role="status" { "What you typed into the form of a stop is kept on this device." }
            p class="govuk-body" {
                "It is sealed: nobody can read it on this device, not even you. It is sent once, when there is a network and you have signed in. What cannot be sent within 24 hours is destroyed."
            }
            div class="govuk-button-group" {
                (Button::new("Record another stop").href("/new/stop-and-search"))
                (Button::secondary("Try again").href("/"))
            }
        } }
    };
    Sheet::new("There is no network", main).for_anybody(&house, &At::said("/roadside"))
}

#[derive(Serialize)]
struct SealToView {
    day: i64,
    key: String,
    account: String,
}

/// What the form seals to today. Another site cannot read the answer.
async fn key<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    let to = house.desk().roadside_key(&visitor.who).await?;
    let view = SealToView { day: to.day, key: hex::encode(to.key), account: to.account };
    Ok(Json(view).into_response())
}

/// What became of a form that was kept: words for people, and where to see it.
#[derive(Serialize)]
struct Became {
    words: String,
    href: Option<String>,
}

impl Became {
    fn said(status: StatusCode, words: impl Into<String>, href: Option<String>) -> Response {
        (status, Json(Self { words: words.into(), href })).into_response()
    }
}

/// The script of any page sends what the device kept. 410 tells it to destroy what it has.
async fn take<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let octets = |name: &str| hex::decode(sent.text(name)).unwrap_or_default();
    let kept = SealedForm {
        day: sent.text("day").parse().unwrap_or(-1),
        encapsulated: octets("encapsulated"),
        sealed: octets("sealed"),
    };
    match house.desk().open_kept(&who, &kept).await? {
        KeptForm::Form(form) => arrived(&house, &who, &Sent::read(form.as_bytes())).await,
        KeptForm::TooOld => Ok(Became::said(
            StatusCode::GONE,
            "A stop was kept on this device for more than 24 hours. It was not sent, and is destroyed.",
            None,
        )),
        KeptForm::OfAnother => Ok(Became::said(
            StatusCode::CONFLICT,
            "A stop that somebody else typed waits on this device. It is sent when they sign in.",
            None,
        )),
    }
}

/// Saves what was to be saved; keeps as a draft what was not finished, or lacks what must be there.
async fn arrived<S: RecordStore>(house: &House<S>, who: &Session, sent: &Sent) -> Result<Response, Turned> {
    let kind = record_kind(sent.text("kind"))?;
    let mut why = "It was not finished when the network went.";
    if matches!(Asked::of(sent), Asked::Save) {
        let typed = typed_once(kind, form::without_gaps(&typed_of(sent)));
        match saved(house, who, kind, &typed, &Keys::sent(house, sent)).await? {
            Saved::As(reference) => {
                let words = format!("The stop that was kept on this device is saved as {reference}.");
                return Ok(Became::said(StatusCode::OK, words, Some(format!("/records/{reference}"))));
            }
            Saved::Refused(..) => why = "Something that must be there is missing.",
        }
    }
    let draft = draft::keep(house, who, sent).await?;
    let words = format!("A stop that was kept on this device is a draft now. {why}");
    Ok(Became::said(StatusCode::OK, words, Some(format!("/drafts/{}", draft.id))))
}
