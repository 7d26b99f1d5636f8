//! Breaking the glass for a risk to life, and its review by somebody else.

use super::of;
use super::records::ByReference;
use crate::ask::{Named, Sent, Who};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{Glass, Glasses, Record};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::break_glass::GlassFigures;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "break-glass";
    let open = "Opens a restricted record at once for a risk to life; its owner and supervisors are told";
    ApiRouter::new()
        .api_route("/records/{reference}/break-glass", post_with(break_it::<S>, of("breakGlass", TAG, open)))
        .api_route(
            "/broken-glasses",
            get_with(list::<S>, of("listBrokenGlasses", TAG, "Lists every glass that was broken")),
        )
        .api_route(
            "/broken-glasses/figures",
            get_with(figures::<S>, of("countBrokenGlasses", TAG, "Counts them, by what reviews found")),
        )
        .api_route(
            "/broken-glasses/{glass}/review",
            post_with(
                review::<S>,
                of("reviewBrokenGlass", TAG, "Reviews one, as somebody else than who broke it"),
            ),
        )
}

/// Why a glass is broken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Risk {
    /// Whose life is at risk, and how. It is the purpose of the opening.
    reason: String,
}

/// A restricted record behind a broken glass.
#[derive(Debug, Serialize, JsonSchema)]
struct Opened {
    /// What is to be reviewed.
    glass: Glass,
    /// The record.
    record: Record,
}

/// A broken glass by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByGlass {
    /// The name, for instance `BG-1`.
    #[schemars(regex(pattern = "^BG-[1-9][0-9]{0,18}$"))]
    glass: String,
}

/// What somebody else makes of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Finding {
    /// Whether it was necessary and proportionate.
    justified: bool,
    /// Why it was, or was not.
    words: String,
}

async fn break_it<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    Sent(risk): Sent<Risk>,
) -> Result<Json<Opened>, Problem> {
    let (glass, plain) = house.desk().break_glass(&who, &named.reference, &risk.reason).await?;
    Ok(Json(Opened { glass: Glass::of(&glass), record: Record::of(&plain) }))
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Glasses>, Problem> {
    Ok(Json(Glasses::of(&house.desk().broken_glasses(&who).await?)))
}

async fn figures<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<GlassFigures>, Problem> {
    Ok(Json(house.desk().break_glass_figures(&who).await?))
}

async fn review<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByGlass>,
    Sent(found): Sent<Finding>,
) -> Result<Json<Glass>, Problem> {
    let reviewed = house.desk().review_break_glass(&who, &by.glass, found.justified, &found.words).await?;
    Ok(Json(Glass::of(&reviewed)))
}
