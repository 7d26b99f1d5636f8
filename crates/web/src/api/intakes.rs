//! Intake of a file or folder that lies below the server's exchange folder. Whoever began a run follows it
//! here until the server stops ([`crate::runs`]).

use super::of;
use crate::answer::{Begun, address};
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::runs::{self, Run, Taking, in_exchange};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "intake";
    ApiRouter::new()
        .api_route(
            "/intakes",
            post_with(begin::<S>, of("beginIntake", TAG, "Takes in a file or folder of the exchange folder")),
        )
        .api_route("/intakes/{run}", get_with(follow::<S>, of("followIntake", TAG, "How far an intake is")))
}

/// An intake to be begun.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Intake {
    /// What reads the files.
    connector: Connector,
    /// The file or folder, named below the server's exchange folder.
    path: String,
}

/// What reads files.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Connector {
    /// Files in the format of data.police.uk.
    DataPoliceUk,
}

/// A run by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByRun {
    /// The run's name.
    run: Uuid,
}

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(intake): Sent<Intake>,
) -> Result<Begun<Run>, Problem> {
    house.desk().check_may_take_in(&who).await?;
    let Connector::DataPoliceUk = intake.connector;
    let path = in_exchange(&house, &intake.path, true)?;
    let (run, _) = runs::begin(&house, who, Taking::of_exchange(&intake.path, path))?;
    Ok(Begun(address(&["intakes", &run.run]), run))
}

async fn follow<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByRun>,
) -> Result<Json<Run>, Problem> {
    house.desk().check_may_take_in(&who).await?;
    let run = house.runs().of(&who, by.run);
    run.map(Json).ok_or_else(|| Problem::new(Sort::NotFound, "There is no such intake that you began."))
}
