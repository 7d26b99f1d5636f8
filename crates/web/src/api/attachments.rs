//! Files of records: added, listed, opened.

use super::of;
use super::records::ByReference;
use crate::answer::{Made, address};
use crate::ask::{Named, Who};
use crate::file::{FileName, Incoming, Outgoing};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{File, Files};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use law::access::Action;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "attachments";
    let search = "Searches the files in quarantine that were not searched for malware yet";
    ApiRouter::new()
        .api_route(
            "/records/{reference}/attachments",
            get_with(list::<S>, of("listAttachments", TAG, "Lists the files of a record"))
                .post_with(add::<S>, of("addAttachment", TAG, "Adds a file to a record")),
        )
        .api_route(
            "/records/{reference}/attachments/{attachment}",
            get_with(open::<S>, of("openAttachment", TAG, "Opens a file of a record, to be saved")),
        )
        .api_route(
            "/quarantine/search",
            post_with(search_quarantine::<S>, of("searchQuarantine", TAG, search)),
        )
}

/// A file of a record.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByAttachment {
    /// The record's reference.
    #[schemars(regex(pattern = "^[A-Za-z]{1,4}-?[0-9]{1,19}-?[A-Za-z]$"))]
    reference: String,
    /// The file's name within the record, as the list gives it.
    attachment: uuid::Uuid,
}

/// What is left in quarantine.
#[derive(Debug, Serialize, JsonSchema)]
struct Quarantine {
    /// Files that still wait for the scanner.
    waiting: u64,
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
) -> Result<Json<Files>, Problem> {
    let record = house.desk().resolve(&who, &named.reference).await?;
    Ok(Json(Files::of(&house.desk().attachments(&who, record).await?)))
}

async fn add<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    FileName(name): FileName,
    mut incoming: Incoming,
) -> Result<Made<File>, Problem> {
    let record = house.desk().resolve_to(&who, Action::Change, &named.reference).await?;
    let most = incoming.most;
    let added = house.desk().attach(&who, record, &name, &mut incoming, most).await?;
    let at = address(&["records", &named.reference, "attachments", &added.id]);
    Ok(Made(at, File::of(&added)))
}

async fn open<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByAttachment>,
) -> Result<Outgoing, Problem> {
    let record = house.desk().resolve(&who, &named.reference).await?;
    let id = named.attachment.to_string();
    Ok(Outgoing::new(house.desk().open_attachment(&who, record, &id).await?))
}

async fn search_quarantine<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<Quarantine>, Problem> {
    Ok(Json(Quarantine { waiting: house.desk().search_attachments(&who).await? }))
}
