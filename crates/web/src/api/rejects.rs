//! Rows of intake that could not become records.

use super::of;
use crate::ask::{Asked, Named, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::Reject;
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Most rows of one page.
const MOST: usize = 1000;
/// Farthest row at which a page may begin.
const FARTHEST: usize = 1_000_000_000;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "intake";
    ApiRouter::new()
        .api_route(
            "/rejects",
            get_with(list::<S>, of("listRejects", TAG, "Lists rejected rows: where, and why")),
        )
        .api_route(
            "/rejects/{source}/{file}/{line}",
            get_with(open::<S>, of("openReject", TAG, "Shows a rejected row as it stood")),
        )
        .api_route(
            "/rejects/{source}/{file}/{line}/discard",
            post_with(discard::<S>, of("discardReject", TAG, "Discards a rejected row for good")),
        )
}

/// A page of a list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PageAsked {
    /// Rows to pass over first.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    offset: usize,
    /// Rows to show.
    #[serde(default = "hundred")]
    #[schemars(range(max = 1000))]
    limit: usize,
}

const fn hundred() -> usize {
    100
}

/// Rejected rows.
#[derive(Debug, Serialize, JsonSchema)]
struct RejectList {
    /// How many there are.
    total: usize,
    /// The page asked for.
    rejects: Vec<Reject>,
}

/// A rejected row by its name, which has three parts.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByRow {
    /// The source: force, month and sort.
    source: String,
    /// The file's digest in short.
    #[schemars(regex(pattern = "^[0-9a-f]{8}$"))]
    file: String,
    /// Line of the file, with ten digits.
    #[schemars(regex(pattern = "^[0-9]{10}$"))]
    line: String,
}

impl ByRow {
    fn name(&self) -> String {
        format!("{}/{}/{}", self.source, self.file, self.line)
    }
}

/// Why a row is not needed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Ground {
    /// Why it is not needed (DPA 2018 s.37, s.47).
    ground: String,
}

/// A row that is gone.
#[derive(Debug, Serialize, JsonSchema)]
struct Discarded {
    /// Its name.
    discarded: String,
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Asked(page): Asked<PageAsked>,
) -> Result<Json<RejectList>, Problem> {
    if page.limit > MOST || page.offset > FARTHEST {
        let detail =
            format!("limit, offset: a page has at most {MOST} rows and begins at most at {FARTHEST}.");
        return Err(Problem::new(Sort::Malformed, detail));
    }
    let all = house.desk().rejects(&who).await?;
    let total = all.len();
    let rejects = all.into_iter().skip(page.offset).take(page.limit).map(Reject::listed).collect();
    Ok(Json(RejectList { total, rejects }))
}

async fn open<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByRow>,
) -> Result<Json<Reject>, Problem> {
    Ok(Json(Reject::opened(house.desk().reject(&who, &by.name()).await?)))
}

async fn discard<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByRow>,
    Sent(ground): Sent<Ground>,
) -> Result<Json<Discarded>, Problem> {
    let discarded = by.name();
    house.desk().discard_reject(&who, &discarded, &ground.ground).await?;
    Ok(Json(Discarded { discarded }))
}
