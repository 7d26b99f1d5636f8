//! A force's own fields and code lists, decided by two persons. Their values are part of records like any other
//! field's: the schema of a kind has them, and records are made and changed with them.

use super::kinds::kind_names;
use super::of;
use crate::answer::{Made, address};
use crate::ask::{Named, Sent, Who, day};
use crate::house::House;
use crate::problem::Problem;
use crate::shapes::{LocalField, LocalFields, LocalList, LocalLists};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::clock::london_day;
use desk::local_fields::{DeclaredField, FieldAsked, ListAsked};
use model::codes::CodeEntry;
use schemars::JsonSchema;
use serde::Deserialize;
use vault::store::RecordStore;

const TAG: &str = "local fields";

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    fields().merge(lists())
}

fn fields<S: RecordStore>() -> ApiRouter<House<S>> {
    let list = "Lists the force’s own fields, those that wait, were refused or ended too";
    let approve = "Approves a field, as somebody else than who proposed it";
    let refuse = "Refuses a field that waits, or takes one’s own proposal back";
    ApiRouter::new()
        .api_route(
            "/local-fields",
            get_with(list_fields::<S>, of("listLocalFields", TAG, list)).post_with(
                propose_field::<S>,
                of("proposeLocalField", TAG, "Proposes a field of the force’s own for a kind of record"),
            ),
        )
        .api_route(
            "/local-fields/{field}/approval",
            post_with(approve_field::<S>, of("approveLocalField", TAG, approve)),
        )
        .api_route(
            "/local-fields/{field}/refusal",
            post_with(refuse_field::<S>, of("refuseLocalField", TAG, refuse)),
        )
        .api_route(
            "/local-fields/{field}/end",
            post_with(end_field::<S>, of("endLocalField", TAG, "Ends a field; what was answered stays")),
        )
}

fn lists<S: RecordStore>() -> ApiRouter<House<S>> {
    let list = "Lists the force’s own code lists, those that wait or were refused too";
    let propose = "Proposes a code list of the force’s own, or a new state of one";
    let approve = "Approves a code list, as somebody else than who proposed it";
    let refuse = "Refuses a code list that waits, or takes one’s own proposal back";
    ApiRouter::new()
        .api_route(
            "/local-lists",
            get_with(list_lists::<S>, of("listLocalLists", TAG, list))
                .post_with(propose_list::<S>, of("proposeLocalList", TAG, propose)),
        )
        .api_route(
            "/local-lists/{list}/approval",
            post_with(approve_list::<S>, of("approveLocalList", TAG, approve)),
        )
        .api_route(
            "/local-lists/{list}/refusal",
            post_with(refuse_list::<S>, of("refuseLocalList", TAG, refuse)),
        )
}

/// A field to be proposed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewLocalField {
    /// The kind of record.
    #[schemars(schema_with = "kind_names")]
    kind: String,
    /// Its name, `ward`: records then have `local.ward`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"))]
    name: String,
    /// Label that people see.
    label: String,
    /// Help under the label.
    #[serde(default)]
    help: String,
    /// What it holds: `text`, `long-text`, `code`, `bool`, `number`, `date`, `instant` or `place`.
    #[serde(rename = "type")]
    sort: String,
    /// The code list, where it holds a code.
    #[serde(default)]
    list: String,
    /// Whose personal data it is: `own`, `officer`, `event`, `mixed`, or `linked:ROLE` (DPA 2018 s.45).
    about: String,
    /// `fact`, `opinion`, `allegation` or `assessment` (DPA 2018 s.38(2)).
    class: String,
    /// Sensitive processing (DPA 2018 s.35(8)).
    #[serde(default)]
    sensitive: bool,
    /// Whether a reviewer reads it before its subject gets it.
    #[serde(default)]
    reviewed: bool,
    /// Whether a record without it is incomplete.
    #[serde(default)]
    needed: bool,
    /// First day on which it is answered, today or later; today where it is not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    from: Option<String>,
    /// By what authority it is asked.
    source: String,
}

impl NewLocalField {
    fn asked(self) -> Result<FieldAsked, Problem> {
        let from = self.from.as_deref().map(|from| day("from", from)).transpose()?;
        Ok(FieldAsked {
            kind: self.kind,
            name: self.name,
            label: self.label,
            help: self.help,
            sort: self.sort,
            list: self.list,
            about: self.about,
            class: self.class,
            sensitive: self.sensitive,
            reviewed: self.reviewed,
            needed: self.needed,
            from,
            source: self.source,
        })
    }
}

/// A field by its declaration.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByField {
    /// The declaration, for instance `LF-1`.
    #[schemars(regex(pattern = "^LF-[1-9][0-9]{0,18}$"))]
    field: String,
}

/// A code list by its declaration.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByList {
    /// The declaration, for instance `LL-1`.
    #[schemars(regex(pattern = "^LL-[1-9][0-9]{0,18}$"))]
    list: String,
}

/// Why it is refused.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Refused {
    /// Why.
    why: String,
}

/// When and why it ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// Last day on which it is answered; at once where it is not given.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    last: Option<String>,
    /// Why.
    why: String,
}

fn shown<S: RecordStore>(house: &House<S>, declared: &DeclaredField) -> LocalField {
    LocalField::of(declared, london_day(house.desk().now()))
}

async fn list_fields<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<LocalFields>, Problem> {
    let fields = house.desk().local_fields(&who).await?;
    Ok(Json(LocalFields::of(&fields, london_day(house.desk().now()))))
}

async fn propose_field<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewLocalField>,
) -> Result<Made<LocalField>, Problem> {
    let proposed = house.desk().propose_local_field(&who, &new.asked()?).await?;
    Ok(Made(address(&["local-fields"]), shown(&house, &proposed)))
}

async fn approve_field<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByField>,
) -> Result<Json<LocalField>, Problem> {
    Ok(Json(shown(&house, &house.desk().approve_local_field(&who, &by.field).await?)))
}

async fn refuse_field<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByField>,
    Sent(refused): Sent<Refused>,
) -> Result<Json<LocalField>, Problem> {
    Ok(Json(shown(&house, &house.desk().refuse_local_field(&who, &by.field, &refused.why).await?)))
}

async fn end_field<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByField>,
    Sent(ending): Sent<Ending>,
) -> Result<Json<LocalField>, Problem> {
    let last = ending.last.as_deref().map(|last| day("last", last)).transpose()?;
    let ended = house.desk().end_local_field(&who, &by.field, last, &ending.why).await?;
    Ok(Json(shown(&house, &ended)))
}

/// A code list to be proposed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewLocalList {
    /// Its name, `patrol-area`: fields then name `local.patrol-area`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"))]
    name: String,
    /// Title that people see.
    title: String,
    /// Who publishes or decides it.
    source: String,
    /// How sure it is: `read`, `recalled` or `force policy`.
    sure: String,
    /// The codes, in the order in which people should see them. Those that are in force stay.
    codes: Vec<NewCode>,
}

/// A code of a list to be proposed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewCode {
    /// The code.
    code: String,
    /// What people see.
    label: String,
    /// First day of events for which it may be chosen.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    from: Option<String>,
    /// Last day of events for which it may be chosen.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    until: Option<String>,
}

impl NewCode {
    fn entry(self) -> Result<CodeEntry, Problem> {
        Ok(CodeEntry {
            from: self.from.as_deref().map(|from| day("codes.from", from)).transpose()?,
            until: self.until.as_deref().map(|until| day("codes.until", until)).transpose()?,
            code: self.code,
            label: self.label,
            ..CodeEntry::default()
        })
    }
}

async fn list_lists<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
) -> Result<Json<LocalLists>, Problem> {
    Ok(Json(LocalLists::of(&house.desk().local_lists(&who).await?)))
}

async fn propose_list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Sent(new): Sent<NewLocalList>,
) -> Result<Made<LocalList>, Problem> {
    let codes = new.codes.into_iter().map(NewCode::entry).collect::<Result<_, _>>()?;
    let asked = ListAsked { name: new.name, title: new.title, source: new.source, sure: new.sure, codes };
    let proposed = house.desk().propose_local_list(&who, &asked).await?;
    Ok(Made(address(&["local-lists"]), LocalList::of(&proposed)))
}

async fn approve_list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByList>,
) -> Result<Json<LocalList>, Problem> {
    Ok(Json(LocalList::of(&house.desk().approve_local_list(&who, &by.list).await?)))
}

async fn refuse_list<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(by): Named<ByList>,
    Sent(refused): Sent<Refused>,
) -> Result<Json<LocalList>, Problem> {
    Ok(Json(LocalList::of(&house.desk().refuse_local_list(&who, &by.list, &refused.why).await?)))
}
