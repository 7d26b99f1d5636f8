//! Erasures: planned, approved by a second person, carried out, proved.

use super::of;
use super::records::{ByReference, seen_by};
use crate::answer::{Made, address};
use crate::ask::{MaybeIfMatch, Named, Sent, Who, version_needed};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{Certificates, Erasure};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::erasure::Part;
use law::access::Action;
use schemars::JsonSchema;
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "erasures";
    let run =
        "Carries an approved erasure out and proves it; where it takes long, it goes on and can be followed";
    ApiRouter::new()
        .api_route(
            "/records/{reference}/erasures",
            post_with(
                plan::<S>,
                of(
                    "planErasure",
                    TAG,
                    "Plans the erasure of a record, of one field or of one file, and shows what would go",
                ),
            ),
        )
        .api_route(
            "/erasures/{erasure}",
            get_with(status::<S>, of("followErasure", TAG, "How an erasure stands")),
        )
        .api_route(
            "/erasures/{erasure}/approval",
            post_with(
                approve::<S>,
                of("approveErasure", TAG, "Approves a planned erasure as a second person"),
            ),
        )
        .api_route(
            "/erasures/{erasure}/withdrawal",
            post_with(
                withdraw::<S>,
                of("withdrawErasure", TAG, "Withdraws an erasure of which nothing is gone yet"),
            ),
        )
        .api_route("/erasures/{erasure}/run", post_with(run_it::<S>, of("runErasure", TAG, run)))
        .api_route(
            "/certificates",
            get_with(certificates::<S>, of("listCertificates", TAG, "Lists the certificates of erasure")),
        )
}

/// An erasure to be planned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// Only this field. Then `If-Match` must name the version that was looked at.
    #[serde(default)]
    field: Option<String>,
    /// Only this file, by its name within the record. A file is never changed, so it needs no `If-Match`.
    #[serde(default)]
    attachment: Option<String>,
    /// The ground in law, for instance `DPA 2018 s.47(1)(a)`.
    ground: String,
}

/// Why an erasure is withdrawn.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// Why.
    reason: String,
}

/// An erasure by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByErasure {
    /// The erasure's name, for instance `E-1`.
    #[schemars(regex(pattern = "^E-[1-9][0-9]{0,18}$"))]
    erasure: String,
}

async fn plan<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    MaybeIfMatch(looked_at): MaybeIfMatch,
    Sent(plan): Sent<Plan>,
) -> Result<Made<Erasure>, Problem> {
    let part = Part::of(plan.field.as_deref(), plan.attachment.as_deref())?;
    if plan.field.is_some() && looked_at.is_none() {
        return Err(version_needed());
    }
    // Whoever sends a version has it opened first, and is asked for the right to do that.
    let first = if looked_at.is_some() { Action::View } else { Action::Erase };
    let record = house.desk().resolve_to(&who, first, &named.reference).await?;
    if let Some(looked_at) = looked_at {
        let _looked_at_again = seen_by(&house, &who, record, looked_at).await?;
    }
    let job = house.desk().plan_erasure(&who, record, part, &plan.ground).await?;
    Ok(Made(address(&["erasures", &job.id]), Erasure::of(&job)))
}

async fn status<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByErasure>,
) -> Result<Json<Erasure>, Problem> {
    Ok(Json(Erasure::of(&house.desk().erasure(&who, &by.erasure).await?)))
}

async fn approve<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByErasure>,
) -> Result<Json<Erasure>, Problem> {
    Ok(Json(Erasure::of(&house.desk().approve_erasure(&who, &by.erasure).await?)))
}

async fn withdraw<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByErasure>,
    Sent(withdrawal): Sent<Withdrawal>,
) -> Result<Json<Erasure>, Problem> {
    Ok(Json(Erasure::of(&house.desk().cancel_erasure(&who, &by.erasure, &withdrawal.reason).await?)))
}

async fn run_it<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByErasure>,
) -> Result<Json<Erasure>, Problem> {
    Ok(Json(Erasure::of(&house.desk().run_erasure(&who, &by.erasure).await?)))
}

async fn certificates<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Certificates>, Problem> {
    Ok(Json(Certificates { certificates: house.desk().certificates(&who).await? }))
}
