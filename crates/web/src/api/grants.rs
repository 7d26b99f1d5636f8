//! Grants: membership of a restriction group for a time, decided by two persons.

use super::of;
use crate::answer::{Made, address};
use crate::ask::{Named, Sent, Who, day};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{Grants, Membership};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "grants";
    let approve = "Approves a grant, as somebody else than who proposed it and than who gets it";
    ApiRouter::new()
        .api_route(
            "/grants",
            get_with(list::<S>, of("listGrants", TAG, "Lists the grants, those that ended too")).post_with(
                propose::<S>,
                of("proposeGrant", TAG, "Proposes that somebody belongs to a restriction group for a time"),
            ),
        )
        .api_route("/grants/{grant}/approval", post_with(approve_it::<S>, of("approveGrant", TAG, approve)))
        .api_route(
            "/grants/{grant}/withdrawal",
            post_with(withdraw::<S>, of("withdrawGrant", TAG, "Withdraws a grant at once")),
        )
}

/// A grant to be proposed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewGrant {
    /// Who gets it.
    account: String,
    /// The restriction group.
    group: String,
    /// First day in London, for instance `2026-12-01`; from now on where it is not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    from: Option<String>,
    /// Last day in London, which counts still.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    until: String,
    /// Why.
    ground: String,
}

/// A grant by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByGrant {
    /// The grant's name, for instance `G-1`.
    #[schemars(regex(pattern = "^G-[1-9][0-9]{0,18}$"))]
    grant: String,
}

async fn list<S: RecordStore>(State(house): State<House<S>>, Who(who): Who) -> Result<Json<Grants>, Problem> {
    Ok(Json(Grants::of(&house.desk().grants(&who).await?)))
}

async fn propose<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewGrant>,
) -> Result<Made<Membership>, Problem> {
    let from = new.from.as_deref().map(|from| day("from", from)).transpose()?;
    let days = (from, day("until", &new.until)?);
    let proposed = house.desk().propose_grant(&who, &new.account, &new.group, days, &new.ground).await?;
    Ok(Made(address(&["grants"]), Membership::of(&proposed)))
}

async fn approve_it<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByGrant>,
) -> Result<Json<Membership>, Problem> {
    Ok(Json(Membership::of(&house.desk().approve_grant(&who, &by.grant).await?)))
}

async fn withdraw<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByGrant>,
) -> Result<Json<Membership>, Problem> {
    Ok(Json(Membership::of(&house.desk().withdraw_grant(&who, &by.grant).await?)))
}
