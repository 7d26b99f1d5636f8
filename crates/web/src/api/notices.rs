//! What somebody was told without having asked.

use super::of;
use crate::ask::{Named, Who};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::Notices;
use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "notices";
    let list = "Lists what you were told: searches that met your covert records, glasses broken";
    ApiRouter::new().api_route("/notices", get_with(list_own::<S>, of("listNotices", TAG, list))).api_route(
        "/notices/{notice}",
        delete_with(dismiss::<S>, of("dismissNotice", TAG, "Dismisses a notice for good")),
    )
}

/// A notice by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByNotice {
    /// The notice's name, as the list gives it.
    #[schemars(regex(pattern = "^[0-9a-f-]{1,100}$"))]
    notice: String,
}

/// A notice that is gone.
#[derive(Debug, Serialize, JsonSchema)]
struct Dismissed {
    /// Its name.
    dismissed: String,
}

async fn list_own<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Notices>, Problem> {
    Ok(Json(Notices::of(&house.desk().notices(&who).await?)))
}

async fn dismiss<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByNotice>,
) -> Result<Json<Dismissed>, Problem> {
    house.desk().dismiss_notice(&who, &by.notice).await?;
    Ok(Json(Dismissed { dismissed: by.notice }))
}
