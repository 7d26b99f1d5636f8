//! Searches that somebody keeps, with alerts or without.

use super::of;
use crate::answer::{Made, address};
use crate::ask::{Named, Sent, Who, day};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{Results, Saved, SavedSearches};
use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::saved::{NewSearch, SearchChange};
use schemars::JsonSchema;
use search::Page;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "search";
    let run = "Runs a search that you keep, for the purpose for which you kept it where you give none";
    ApiRouter::new()
        .api_route(
            "/saved-searches",
            get_with(list::<S>, of("listSavedSearches", TAG, "Lists the searches that you keep")).post_with(
                save::<S>,
                of("saveSearch", TAG, "Keeps a search, and tells you of records that meet it if you want"),
            ),
        )
        .api_route("/saved-searches/{search}/run", post_with(run_it::<S>, of("runSavedSearch", TAG, run)))
        .api_route(
            "/saved-searches/{search}",
            delete_with(
                remove::<S>,
                of("removeSavedSearch", TAG, "Removes a search that you keep, for good"),
            )
            .patch_with(change::<S>, of("changeSavedSearch", TAG, "Changes a search that you keep")),
        )
}

/// A search to be kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewSaved {
    /// What you call it.
    name: String,
    /// The query.
    #[schemars(length(max = 10_000))]
    query: String,
    /// Whether you are told of every record that comes in or changes, meets it, and that you may read.
    #[serde(default)]
    alert: bool,
    /// Its last day in London, at most 366 days from now; 90 days where it is not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    until: Option<String>,
}

/// What of a kept search is to be another. What is left out stays, and its purpose stays in any case.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangedSaved {
    /// What you call it.
    #[serde(default)]
    name: Option<String>,
    /// The query. Alerts then tell of what comes in from now on.
    #[serde(default)]
    #[schemars(length(max = 10_000))]
    query: Option<String>,
    /// Whether you are told of every record that comes in or changes from now on, meets it, and that you may read.
    #[serde(default)]
    alert: Option<bool>,
    /// Its last day in London, at most 366 days from now.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    until: Option<String>,
}

/// A kept search by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct BySearch {
    /// The search's name, for instance `S-1`.
    #[schemars(regex(pattern = "^S-[1-9][0-9]{0,18}$"))]
    search: String,
}

/// Which of the answers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Answers to pass over first.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    offset: usize,
    /// Answers to show.
    #[serde(default = "super::search::twenty")]
    #[schemars(range(max = 100))]
    limit: usize,
}

/// A kept search that is gone.
#[derive(Debug, Serialize, JsonSchema)]
struct Removed {
    /// Its name.
    removed: String,
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<SavedSearches>, Problem> {
    Ok(Json(SavedSearches::of(&house.desk().saved_searches(&who).await?)))
}

async fn save<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewSaved>,
) -> Result<Made<Saved>, Problem> {
    let until = new.until.as_deref().map(|until| day("until", until)).transpose()?;
    let new = NewSearch { name: &new.name, query: &new.query, alert: new.alert, until };
    let saved = house.desk().save_search(&who, new).await?;
    Ok(Made(address(&["saved-searches"]), Saved::of(&saved)))
}

async fn run_it<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<BySearch>,
    Sent(which): Sent<Which>,
) -> Result<Json<Results>, Problem> {
    super::search::check_limit(which.limit)?;
    let page = Page { offset: which.offset, limit: which.limit };
    let (_, answers) = house.desk().run_saved_search(&who, &by.search, page).await?;
    Ok(Json(Results::of(&answers)))
}

async fn change<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<BySearch>,
    Sent(change): Sent<ChangedSaved>,
) -> Result<Json<Saved>, Problem> {
    let until = change.until.as_deref().map(|until| day("until", until)).transpose()?;
    let (name, query) = (change.name.as_deref(), change.query.as_deref());
    let change = SearchChange { name, query, alert: change.alert, until };
    Ok(Json(Saved::of(&house.desk().change_search(&who, &by.search, change).await?)))
}

async fn remove<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<BySearch>,
) -> Result<Json<Removed>, Problem> {
    house.desk().remove_search(&who, &by.search).await?;
    Ok(Json(Removed { removed: by.search }))
}
