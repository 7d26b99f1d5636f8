//! Search. The query comes in the body: addresses end up in the logs of machines on the way, and a
//! query may be a name.

use super::of;
use crate::ask::{Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::Results;
use aide::axum::ApiRouter;
use aide::axum::routing::post_with;
use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use search::Page;
use serde::Deserialize;
use vault::store::RecordStore;

/// Most answers of one page.
const MOST: usize = 100;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    let of = of("search", "search", "Searches; the list is entered as a consultation of each record on it");
    ApiRouter::new().api_route("/searches", post_with(search::<S>, of))
}

/// A search.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// The query: words must all match; also `field:value`, `"a phrase"`, `at:2024-01`,
    /// `missing:place`, `OR`, `NOT` and parentheses.
    #[schemars(length(max = 10_000))]
    query: String,
    /// Answers to pass over first; the next page begins at the last offset and what was shown.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    offset: usize,
    /// Answers to show.
    #[serde(default = "twenty")]
    #[schemars(range(max = 100))]
    limit: usize,
}

const fn twenty() -> usize {
    20
}

async fn search<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(search): Sent<Search>,
) -> Result<Json<Results>, Problem> {
    if search.limit > MOST {
        let detail = format!("limit: a page has at most {MOST} answers; ask for the next with `offset`.");
        return Err(Problem::new(Sort::Unusable, detail));
    }
    let page = Page { offset: search.offset, limit: search.limit };
    Ok(Json(Results::of(&house.desk().search(&who, &search.query, page).await?)))
}
