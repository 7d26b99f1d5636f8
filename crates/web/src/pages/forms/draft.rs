//! What is typed and not saved is kept as a draft: by the script of the form as somebody types, and by “Save for
//! later” without it.

use super::create::{self, Keys};
use super::{Stands, edit, typed_of};
use crate::house::House;
use crate::pages::record::{Shown, unknown_kind};
use crate::pages::record_kind;
use crate::pages::sheet::{Part, done};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{FormToken, Visitor, Working};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use desk::Session;
use desk::clock::id_at;
use desk::drafts::{Draft, NewDraft};
use model::derived::form;
use serde_json::json;
use uuid::Uuid;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/drafts", post(autosave::<S>))
        .route("/drafts/{id}", get(go_on::<S>))
        .route("/drafts/{id}/discard", post(discard::<S>))
        .route("/form-token", get(token::<S>))
}

/// The draft that a form has; a new one where it names none.
pub(super) fn named(sent: &Sent, now: i64) -> Uuid {
    Uuid::parse_str(sent.text("draft")).unwrap_or_else(|_| id_at(now))
}

/// Keeps a form as a draft of its writer.
pub(super) async fn keep<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    sent: &Sent,
) -> Result<Draft, Turned> {
    let kind = record_kind(sent.text("kind"))?;
    let version = sent.text("version").parse().unwrap_or(0);
    let of = sent.has("of").then(|| (sent.text("of"), version));
    let texts = form::without_gaps(&typed_of(sent));
    let id = named(sent, house.desk().now());
    Ok(house.desk().keep_draft(who, NewDraft { id, kind, of, texts, reason: sent.text("reason") }).await?)
}

/// Keeps a form that somebody leaves, and goes home.
pub(super) async fn kept<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    sent: &Sent,
) -> Result<Response, Turned> {
    keep(house, who, sent).await?;
    Ok(done("/", "draft"))
}

/// The script of the form keeps what was typed.
async fn autosave<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    keep(&house, &who, &sent).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The token of the sitting, for a form that was open while its writer signed in again. Another site cannot read
/// the answer.
async fn token<S: RecordStore>(State(_): State<House<S>>, visitor: Visitor) -> Response {
    Json(json!({ "token": FormToken::of(&visitor.secret).text() })).into_response()
}

async fn go_on<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(id): Path<Uuid>,
) -> Result<Response, Turned> {
    let draft = house.desk().open_draft(&who, id).await?;
    match (draft.record, draft.version) {
        (Some(record), Some(version)) => {
            let plain = house.desk().open_version(&who, record, version).await?;
            let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
            let stands = Stands { reason: &draft.reason, ..Stands::default() };
            let sheet = edit::sheet(&house, &visitor, &shown, id, &draft.texts, stands);
            Ok(sheet.shown(&house, &visitor, Part::Records))
        }
        _ => {
            let (kind, keys) = (record_kind(&draft.kind)?, Keys::of_draft(&house, id));
            let page = create::page(&house, kind, &draft.texts, Stands::default(), &keys);
            Ok(page.sheet(&visitor).shown(&house, &visitor, Part::Records))
        }
    }
}

async fn discard<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    house.desk().discard_draft(&visitor.who, id).await?;
    Ok(done("/", "discarded"))
}
