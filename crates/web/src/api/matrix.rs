//! The access matrix: the one that decides, and its changes, each decided by two persons.

use super::of;
use crate::answer::{Made, address};
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{MatrixInForce, MatrixProposal, ProposedMatrices};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "access-matrix";
    ApiRouter::new()
        .api_route(
            "/access-matrix",
            get_with(show::<S>, of("showMatrix", TAG, "The access matrix that decides now")),
        )
        .api_route(
            "/access-matrix/proposals",
            get_with(
                list::<S>,
                of("listMatrices", TAG, "Lists the matrices that were proposed, with who approved them"),
            )
            .post_with(
                propose::<S>,
                of("proposeMatrix", TAG, "Proposes a whole matrix, and the day from which it decides"),
            ),
        )
        .api_route(
            "/access-matrix/proposals/{version}/approval",
            post_with(
                approve::<S>,
                of("approveMatrix", TAG, "Approves a proposed matrix, as a second person"),
            ),
        )
}

/// A matrix to be proposed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMatrix {
    /// The whole matrix in TOML, with a new version and the day from which it decides.
    matrix: String,
}

/// Which text is approved.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    /// `digest` of the proposal that was read: SHA-256 of its text, in hexadecimal.
    digest: String,
}

/// A proposed matrix by its version.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByMatrix {
    /// The version, for instance `2026-12-01.1`.
    version: String,
}

async fn show<S: RecordStore>(
    State(house): State<House<S>>,
    _who: Who,
) -> Result<Json<MatrixInForce>, Problem> {
    Ok(Json(MatrixInForce::of(&house.desk().matrix())))
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<ProposedMatrices>, Problem> {
    Ok(Json(ProposedMatrices::of(&house.desk().proposed_matrices(&who).await?)))
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewMatrix>,
) -> Result<Made<MatrixProposal>, Problem> {
    let proposed = house.desk().propose_matrix(&who, &new.matrix).await?;
    Ok(Made(address(&["access-matrix", "proposals"]), MatrixProposal::of(&proposed)))
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByMatrix>,
    Sent(approval): Sent<Approval>,
) -> Result<Json<MatrixProposal>, Problem> {
    let approved = house.desk().approve_matrix(&who, &by.version, &approval.digest).await?;
    Ok(Json(MatrixProposal::of(&approved)))
}
