//! The log itself: checkpoint, proof, who touched a record, export, erasure of what an entry says.

use super::of;
use super::records::ByReference;
use crate::ask::{Asked, Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::runs::in_exchange;
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::Session;
use desk::oversight::{Exported, Proof, Touched};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "log";
    ApiRouter::new()
        .api_route(
            "/log/checkpoint",
            get_with(
                checkpoint::<S>,
                of("checkpoint", TAG, "The newest signed checkpoint, for an overseer to keep"),
            ),
        )
        .api_route(
            "/log/entries/{leaf}/proof",
            get_with(proof::<S>, of("proveEntry", TAG, "Proves that an entry stands in the log")),
        )
        .api_route(
            "/log/entries/{leaf}/erasure",
            post_with(erase::<S>, of("eraseEntry", TAG, "Destroys what an entry says, or one field of it")),
        )
        .api_route(
            "/log/exports",
            post_with(
                export::<S>,
                of("exportLog", TAG, "Writes the log for somebody outside, who verifies it"),
            ),
        )
        .api_route(
            "/records/{reference}/touches",
            get_with(touches::<S>, of("whoTouched", TAG, "Who touched a record, for DPA 2018 s.62(4)")),
        )
}

/// A signed checkpoint.
#[derive(Debug, Serialize, JsonSchema)]
struct Checkpoint {
    /// The signed note.
    checkpoint: String,
}

/// An entry by its leaf.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByLeaf {
    /// The leaf, from 0.
    leaf: u64,
}

/// What of an entry is to go.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EntryErasure {
    /// Only this field: query, purpose, task, actor-name, unit or device.
    #[serde(default)]
    field: Option<String>,
    /// The ground in law.
    ground: String,
}

/// What of an entry went.
#[derive(Debug, Serialize, JsonSchema)]
struct EntryErased {
    /// The leaf.
    leaf: u64,
    /// Leaf of the entry that says on what ground.
    authorised_by: u64,
}

/// An export to be written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Export {
    /// Name of a new folder below the server's exchange folder.
    folder: String,
    /// Who gets it.
    recipient: String,
}

/// Which touches are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TouchesAsked {
    /// Only those before this leaf, as the answer before named it.
    #[serde(default)]
    #[schemars(range(max = 9_007_199_254_740_991_u64))]
    before: Option<u64>,
}

async fn checkpoint<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Checkpoint>, Problem> {
    Ok(Json(Checkpoint { checkpoint: house.desk().checkpoint(&who).await? }))
}

async fn proof<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByLeaf>,
) -> Result<Json<Proof>, Problem> {
    Ok(Json(house.desk().proof(&who, by.leaf).await?))
}

async fn erase<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByLeaf>,
    Sent(asked): Sent<EntryErasure>,
) -> Result<Json<EntryErased>, Problem> {
    let authorised =
        house.desk().erase_log_entry(&who, by.leaf, asked.field.as_deref(), &asked.ground).await?;
    Ok(Json(EntryErased { leaf: by.leaf, authorised_by: authorised }))
}

async fn export<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(export): Sent<Export>,
) -> Result<Json<Exported>, Problem> {
    Ok(Json(export_into_exchange(&house, &who, &export.folder, &export.recipient).await?))
}

/// Writes the log into a new folder below the exchange folder.
pub(crate) async fn export_into_exchange<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    folder: &str,
    recipient: &str,
) -> Result<Exported, Problem> {
    house.desk().check_may_export(who).await?;
    if recipient.trim().is_empty() {
        return Err(Problem::new(Sort::Unusable, "recipient: say who gets it (DPA 2018 s.62(2)(c))."));
    }
    let folder = in_exchange(house, folder, false)?;
    Ok(house.desk().export_log(who, &folder, recipient.trim()).await?)
}

async fn touches<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    Asked(asked): Asked<TouchesAsked>,
) -> Result<Json<Touched>, Problem> {
    Ok(Json(house.desk().who_touched(&who, &named.reference, asked.before).await?))
}
