//! Looking after the system: health, the clock and the turn of the keys. It shows no record.

use super::of;
use crate::ask::{Sent, Who};
use crate::house::House;
use crate::problem::Problem;
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::clock::moment_text;
use desk::erasure::TurnReport;
use desk::health::Finding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "upkeep";
    let turn = "Turns the epoch of the keys: older copies of the keystore open nothing any more";
    ApiRouter::new()
        .api_route(
            "/health",
            get_with(health::<S>, of("health", TAG, "Looks at every part, and says what to do")),
        )
        .api_route(
            "/health/clock",
            post_with(
                declare_clock_right::<S>,
                of("declareClockRight", TAG, "Says that the clock is right now, where it stood ahead before"),
            ),
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

/// How somebody knows that the clock is right.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Known {
    /// How.
    ground: String,
}

/// What was said of the clock.
#[derive(Debug, Serialize, JsonSchema)]
struct Declared {
    /// When, by the clock that is right.
    at: String,
    /// The latest time that the log has from before.
    stood_ahead_until: String,
}

async fn declare_clock_right<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(known): Sent<Known>,
) -> Result<Json<Declared>, Problem> {
    let declared = house.desk().declare_clock_right(&who, &known.ground).await?;
    let stood_ahead_until = moment_text(declared.stood_ahead_until);
    Ok(Json(Declared { at: moment_text(declared.at), stood_ahead_until }))
}

async fn turn_keys<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<TurnReport>, Problem> {
    Ok(Json(house.desk().turn_keys(&who, None).await?))
}
