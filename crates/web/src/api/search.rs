//! Search. The query comes in the body: addresses end up in the logs of machines on the way, and a
//! query may be a name.

use super::of;
use crate::ask::{Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::{ListAnswers, Results};
use aide::axum::ApiRouter;
use aide::axum::routing::post_with;
use axum::Json;
use axum::extract::State;
use desk::find::{DisclosureRequest, Wanted};
use schemars::JsonSchema;
use search::{Form, Page};
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Most answers of one page.
const MOST: usize = 100;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "search";
    let search_it = "Searches; the list is entered as a consultation of each record on it";
    let list = "Searches for up to 500 names, plates, numbers or references in one go";
    let disclose =
        "Discloses the answers to a search; each record is entered as disclosed before it is given";
    ApiRouter::new()
        .api_route("/searches", post_with(search::<S>, of("search", TAG, search_it)))
        .api_route("/searches/list", post_with(search_list::<S>, of("searchList", TAG, list)))
        .api_route("/disclosures", post_with(disclose_answers::<S>, of("discloseAnswers", TAG, disclose)))
}

/// A search.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Search {
    /// The query: words must all match; also `field:value`, `"a phrase"`, `at:2024-01`,
    /// `missing:place`, `OR`, `NOT` and parentheses.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    query: Option<String>,
    /// The advanced form, in place of `query`.
    #[serde(default)]
    form: Option<Form>,
    /// Whether the answers are counted by kind and year.
    #[serde(default)]
    counts: bool,
    /// Answers to pass over first; the next page begins at the last offset and what was shown.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    offset: usize,
    /// Answers to show.
    #[serde(default = "twenty")]
    #[schemars(range(max = 100))]
    limit: usize,
}

pub(super) const fn twenty() -> usize {
    20
}

async fn search<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(search): Sent<Search>,
) -> Result<Json<Results>, Problem> {
    check_limit(search.limit)?;
    let page = Page { offset: search.offset, limit: search.limit };
    let wanted = Wanted { page, counts: search.counts, ..Wanted::default() };
    let answers = match (&search.query, &search.form) {
        (Some(query), None) => house.desk().search(&who, query, wanted).await?,
        (None, Some(form)) => house.desk().search_form(&who, form, wanted).await?.1,
        _ => {
            let detail = "query: send either `query` or `form`, and not both.";
            return Err(Problem::new(Sort::Unusable, detail));
        }
    };
    Ok(Json(Results::of(&answers)))
}

pub(super) fn check_limit(limit: usize) -> Result<(), Problem> {
    match limit <= MOST {
        true => Ok(()),
        false => {
            let detail = format!("limit: a page has at most {MOST} answers; ask for the next with `offset`.");
            Err(Problem::new(Sort::Unusable, detail))
        }
    }
}

/// A list to be searched for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct List {
    /// The text: one name, plate, telephone number or reference a line, or a table with a header.
    list: String,
    /// Answers to show of each line.
    #[serde(default = "three")]
    #[schemars(range(min = 1, max = 20))]
    best: usize,
}

const fn three() -> usize {
    3
}

async fn search_list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(list): Sent<List>,
) -> Result<Json<ListAnswers>, Problem> {
    Ok(Json(ListAnswers::of(&house.desk().search_list(&who, &list.list, list.best).await?)))
}

/// How a disclosure is written.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum As {
    /// A table with a header.
    Csv,
    /// One JSON object.
    Json,
}

/// A disclosure of the answers to a search.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Disclosure {
    /// The query whose answers go.
    #[schemars(length(max = 10_000))]
    query: String,
    /// Who gets them.
    recipient: String,
    /// The ground in law.
    ground: String,
    /// How the handling conditions of records that have such are met; such records do not go without.
    #[serde(default)]
    conditions: Option<String>,
    /// Whether what may not go is left out; the whole is refused otherwise.
    #[serde(default)]
    leave_out: bool,
    /// Records at most; where there are more answers nothing goes.
    #[serde(default = "five_hundred")]
    #[schemars(range(min = 1, max = 5_000))]
    most: usize,
    /// How it is written.
    form: As,
}

const fn five_hundred() -> usize {
    500
}

/// What goes to the recipient.
#[derive(Debug, Serialize, JsonSchema)]
struct Given {
    /// Records in it.
    records: u64,
    /// Answers that may not go; the recipient is not told of them.
    left_out: u64,
    /// The whole file.
    contents: String,
    /// The code that stands in it, by which anybody can check it.
    paper: String,
}

async fn disclose_answers<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(asked): Sent<Disclosure>,
) -> Result<Json<Given>, Problem> {
    let request = DisclosureRequest {
        query: &asked.query,
        recipient: &asked.recipient,
        ground: &asked.ground,
        conditions: asked.conditions.as_deref(),
        leave_out: asked.leave_out,
        most: asked.most,
        form: match asked.form {
            As::Csv => desk::find::Form::Csv,
            As::Json => desk::find::Form::Json,
        },
    };
    let disclosed = house.desk().disclose_answers(&who, request).await?;
    let desk::find::Disclosed { records, left_out, contents, paper } = disclosed;
    Ok(Json(Given { records, left_out, contents, paper }))
}
