//! Looking after the system: health and the turn of the keys. It shows no record.

use super::of;
use crate::ask::Who;
use crate::house::House;
use crate::problem::Problem;
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::erasure::TurnReport;
use desk::health::Finding;
use schemars::JsonSchema;
use serde::Serialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "upkeep";
    let turn = "Turns the epoch of the keys: older copies of the keystore open nothing any more";
    ApiRouter::new()
        .api_route(
            "/health",
            get_with(health::<S>, of("health", TAG, "Looks at every part, and says what to do")),
        )
        .api_route("/keys/turn", post_with(turn_keys::<S>, of("turnKeys", TAG, turn)))
}

/// How the parts are.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// Whether all are well.
    well: bool,
    /// By part.
    findings: Vec<Finding>,
}

async fn health<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Health>, Problem> {
    let findings = house.desk().health(&who).await?;
    Ok(Json(Health { well: findings.iter().all(|finding| finding.well), findings }))
}

async fn turn_keys<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<TurnReport>, Problem> {
    Ok(Json(house.desk().turn_keys(&who, None).await?))
}
