//! Looking after the system: health, the clock, the turn of the keys and their escrow copies. It shows no record.

use super::of;
use crate::ask::{Named, Sent, Who};
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
use vault::provider::EscrowState;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "upkeep";
    let turn = "Turns the epoch of the keys: older copies of the keystore open nothing any more";
    let remove = "Takes an escrow copy off the register, once whoever kept it has destroyed it";
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
        .api_route(
            "/keys/escrows",
            get_with(list_escrows::<S>, of("listEscrows", TAG, "Lists the escrow copies of the epoch key")),
        )
        .api_route(
            "/keys/escrows/{escrow}/removal",
            post_with(remove_escrow::<S>, of("removeEscrow", TAG, remove)),
        )
}

/// How the parts are.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// Whether all are well.
    well: bool,
    /// By part.
    findings: Vec<Finding>,
}

/// The escrow copies of the epoch key. Where they lie is told at the machine alone.
#[derive(Debug, Serialize, JsonSchema)]
struct Escrows {
    /// Those on the register, which each turn of the keys replaces.
    escrows: Vec<Escrow>,
    /// Those that were taken off it.
    removed: Vec<RemovedEscrow>,
}

/// An escrow copy.
#[derive(Debug, Serialize, JsonSchema)]
struct Escrow {
    /// Its name.
    name: String,
    /// The newest epoch whose key it is known to hold, the older one destroyed.
    confirmed: u64,
}

/// An escrow copy that was taken off the register.
#[derive(Debug, Serialize, JsonSchema)]
struct RemovedEscrow {
    /// Its name.
    name: String,
    /// The newest epoch whose key it was known to hold.
    confirmed: u64,
    /// Who took it off.
    by: String,
    /// When.
    on: String,
    /// Who destroyed it and when, in their words.
    ground: String,
}

/// An escrow copy by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByEscrow {
    /// Its name.
    escrow: String,
}

/// Why an escrow copy goes off the register.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Removal {
    /// Who destroyed it, and when.
    ground: String,
}

/// An escrow copy that went off the register: turns no longer look for it, and certificates of erasure name it.
#[derive(Debug, Serialize, JsonSchema)]
struct Unregistered {
    /// Its name.
    unregistered: String,
}

impl Escrow {
    fn of(escrow: &EscrowState) -> Self {
        Self { name: escrow.name.clone(), confirmed: escrow.confirmed }
    }
}

impl RemovedEscrow {
    fn of(escrow: &EscrowState) -> Option<Self> {
        let removal = escrow.removed.as_ref()?;
        Some(Self {
            name: escrow.name.clone(),
            confirmed: escrow.confirmed,
            by: removal.by.clone(),
            on: removal.on.clone(),
            ground: removal.ground.clone(),
        })
    }
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

async fn list_escrows<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Escrows>, Problem> {
    let (escrows, removed) = house.desk().escrows(&who).await?;
    Ok(Json(Escrows {
        escrows: escrows.iter().map(Escrow::of).collect(),
        removed: removed.iter().filter_map(RemovedEscrow::of).collect(),
    }))
}

async fn remove_escrow<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByEscrow>,
    Sent(removal): Sent<Removal>,
) -> Result<Json<Unregistered>, Problem> {
    house.desk().remove_escrow(&who, &by.escrow, &removal.ground).await?;
    Ok(Json(Unregistered { unregistered: by.escrow }))
}
