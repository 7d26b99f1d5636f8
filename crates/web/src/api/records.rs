//! Records: opened, their versions, made and changed; holds on them.

use super::of;
use crate::answer::{Made, Tagged, address};
use crate::ask::{Asked, IfMatch, Named, Once, Seen, Sent, Who};
use crate::house::House;
use crate::problem::{Problem, Sort};
use crate::shapes::{self, Comparison, History, Receipt, Record};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::Json;
use axum::extract::State;
use desk::Session;
use desk::holds::Hold;
use desk::record::{Edit, editable, reference_of};
use model::body::Slot;
use model::derived::json as body_json;
use model::{Body, Kind, Labels, Marking, NotHeld, RecordId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;
use vault::Plain;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> ApiRouter<House<S>> {
    const TAG: &str = "records";
    ApiRouter::new()
        .api_route("/records", post_with(make::<S>, of("makeRecord", TAG, "Makes a record")))
        .api_route(
            "/records/{reference}",
            get_with(open::<S>, of("openRecord", TAG, "Opens the newest version of a record"))
                .patch_with(change::<S>, of("changeRecord", TAG, "Changes fields or labels of a record")),
        )
        .api_route(
            "/records/{reference}/versions",
            get_with(history::<S>, of("openHistory", TAG, "Opens all versions of a record, oldest first")),
        )
        .api_route(
            "/records/{reference}/versions/{version}",
            get_with(open_version::<S>, of("openVersion", TAG, "Opens one version of a record")),
        )
        .api_route(
            "/records/{reference}/comparison",
            get_with(compare::<S>, of("compareVersions", TAG, "Shows what differs between two versions")),
        )
        .api_route(
            "/records/{reference}/holds",
            get_with(holds::<S>, of("listHolds", TAG, "Lists the holds on a record"))
                .post_with(hold::<S>, of("placeHold", TAG, "Holds a record against erasure")),
        )
        .api_route(
            "/records/{reference}/holds/{hold}/lift",
            post_with(lift::<S>, of("liftHold", TAG, "Lifts a hold")),
        )
}

/// A record by its reference.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ByReference {
    /// The record's reference, for instance `SS-0000123-H`.
    #[schemars(regex(pattern = "^[A-Za-z]{1,4}-?[0-9]{1,19}-?[A-Za-z]$"))]
    pub reference: String,
}

/// A version of a record.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByVersion {
    /// The record's reference.
    #[schemars(regex(pattern = "^[A-Za-z]{1,4}-?[0-9]{1,19}-?[A-Za-z]$"))]
    reference: String,
    /// Ordinal of the version, from 1.
    #[schemars(range(max = 4_294_967_295_u32))]
    version: u32,
}

/// Two versions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Two {
    /// Ordinal of the earlier version.
    #[schemars(range(max = 4_294_967_295_u32))]
    before: u32,
    /// Ordinal of the later version.
    #[schemars(range(max = 4_294_967_295_u32))]
    after: u32,
}

/// Labels to be set: what is not named is not set.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LabelsAsked {
    /// Restriction groups: only a member of at least one may read.
    groups: BTreeSet<String>,
    /// Nobody outside the groups may even know that the record exists. Needs a group.
    covert: bool,
    /// Others see that something exists, and whom to ask. Needs a group.
    sensitive: bool,
    /// Handling conditions (3x5x2 code C) apply.
    handling_conditions: bool,
    /// Protective marking.
    marking: MarkingAsked,
}

/// Protective marking.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum MarkingAsked {
    /// OFFICIAL.
    #[default]
    Official,
    /// OFFICIAL-SENSITIVE.
    OfficialSensitive,
}

impl LabelsAsked {
    /// The labels; whoever restricts a record answers for it.
    fn labels(self, who: &Session) -> Result<Labels, Problem> {
        if self.covert && self.groups.is_empty() {
            let detail = "labels.covert: a covert record needs at least one group that may know of it; name one in `groups`.";
            return Err(Problem::new(Sort::Unusable, detail));
        }
        Ok(Labels {
            owner: (!self.groups.is_empty()).then(|| who.actor()),
            groups: self.groups,
            covert: self.covert,
            sensitive: self.sensitive,
            handling_conditions: self.handling_conditions,
            marking: match self.marking {
                MarkingAsked::Official => Marking::Official,
                MarkingAsked::OfficialSensitive => Marking::OfficialSensitive,
            },
        })
    }
}

/// A record to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRecord {
    kind: String,
    fields: Map<String, Value>,
    #[serde(default)]
    labels: LabelsAsked,
}

/// One form for each kind, with the schema that the kind's declaration gives.
impl JsonSchema for NewRecord {
    fn schema_name() -> Cow<'static, str> {
        "NewRecord".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let labels = generator.subschema_for::<LabelsAsked>();
        let form = |kind: &&'static Kind| {
            json_schema!({
                "title": kind.title,
                "type": "object",
                "properties": {
                    "kind": { "const": kind.name },
                    "fields": { "$ref": super::document::kind_schema(kind) },
                    "labels": labels
                },
                "required": ["kind", "fields"],
                "additionalProperties": false
            })
        };
        let forms: Vec<Schema> = model::kinds::ALL.iter().map(form).collect();
        json_schema!({ "description": "A record to be made.", "oneOf": forms })
    }
}

/// A change of a record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The fields to change, as the schema of the kind has them; `null` takes one away. Fields that
    /// are not named stay. Who names a field that was erased by law states it anew.
    #[serde(default)]
    fields: Map<String, Value>,
    /// New labels, where those change: what is not named is lifted.
    #[serde(default)]
    labels: Option<LabelsAsked>,
    /// Why (DPA 2018 s.46, s.62).
    reason: String,
}

/// Why something is held, or held no longer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Because {
    /// Why.
    reason: String,
}

/// A hold that was placed or lifted.
#[derive(Debug, Serialize, JsonSchema)]
struct HoldShown {
    /// Its name, by which it is lifted.
    hold: String,
    /// Whether it stands.
    stands: bool,
}

/// The holds on a record, oldest first.
#[derive(Debug, Serialize, JsonSchema)]
struct HoldList {
    /// The holds.
    holds: Vec<Hold>,
}

/// A hold by its name.
#[derive(Debug, Deserialize, JsonSchema)]
struct ByHold {
    /// The record's reference.
    #[schemars(regex(pattern = "^[A-Za-z]{1,4}-?[0-9]{1,19}-?[A-Za-z]$"))]
    reference: String,
    /// The hold's name.
    hold: uuid::Uuid,
}

/// Which version somebody sees who sees this.
fn seen(plain: &Plain) -> Seen {
    Seen { ordinal: plain.row().ordinal, erased: erased(&plain.present_shape()) }
}

/// How many fields were erased by law.
fn erased(body: &Body) -> u32 {
    let erased = body.slots().filter(|(_, slot)| **slot == Slot::NotHeld(NotHeld::Erased)).count();
    u32::try_from(erased).unwrap_or(u32::MAX)
}

async fn open<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
) -> Result<Tagged<Record>, Problem> {
    let record = house.desk().resolve(&who, &named.reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    Ok(Tagged(seen(&plain), Record::of(&plain)))
}

async fn open_version<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByVersion>,
) -> Result<Tagged<Record>, Problem> {
    let record = house.desk().resolve(&who, &named.reference).await?;
    let plain = house.desk().open_version(&who, record, named.version).await?;
    Ok(Tagged(seen(&plain), Record::of(&plain)))
}

async fn history<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
) -> Result<Json<History>, Problem> {
    let versions = all_versions(&house, &who, &named.reference).await?;
    Ok(Json(History { versions: versions.iter().map(Record::of).collect() }))
}

async fn compare<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    Asked(two): Asked<Two>,
) -> Result<Json<Comparison>, Problem> {
    let versions = all_versions(&house, &who, &named.reference).await?;
    let find = |ordinal: u32| {
        let found = versions.iter().find(|plain| plain.row().ordinal == ordinal);
        found.ok_or_else(|| {
            Problem::new(Sort::NotFound, format!("There is no version {ordinal} of the record."))
        })
    };
    Ok(Json(shapes::comparison(find(two.before)?, find(two.after)?)))
}

async fn all_versions<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    reference: &str,
) -> Result<Vec<Plain>, Problem> {
    let record = house.desk().resolve(who, reference).await?;
    Ok(house.desk().open_history(who, record).await?)
}

async fn make<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Once(once): Once,
    Sent(sent): Sent<NewRecord>,
) -> Result<Made<Receipt>, Problem> {
    let kind = super::kinds::named(&sent.kind).map_err(|_| {
        let names: Vec<&str> = model::kinds::ALL.iter().map(|kind| kind.name).collect();
        Problem::new(
            Sort::Unusable,
            format!("kind: there is none of that name; choose of {}.", names.join(", ")),
        )
    })?;
    let body = body_json::from_json(kind, &Value::Object(sent.fields)).map_err(Problem::rules)?;
    let labels = sent.labels.labels(&who)?;
    let written = match once {
        Some(key) => house.desk().create_record_once(&who, kind, body, labels, key).await?,
        None => house.desk().create_record(&who, kind, body, labels).await?,
    };
    let receipt = Receipt::of(&written);
    Ok(Made(address(&["records", &receipt.reference]), receipt))
}

async fn change<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    IfMatch(looked_at): IfMatch,
    Sent(change): Sent<Change>,
) -> Result<Tagged<Receipt>, Problem> {
    let record = house.desk().resolve(&who, &named.reference).await?;
    let plain = seen_by(&house, &who, record, looked_at).await?;
    let row = plain.row();
    let kind = model::kinds::by_number(row.version.kind).ok_or_else(Problem::not_found)?;
    let mut body = editable(&plain);
    let anew = change_fields(kind, &mut body, change.fields)?;
    let labels = change.labels.map(|labels| labels.labels(&who)).transpose()?;
    let edit = Edit { record, before: row.version.version, body, labels, anew, reason: change.reason };
    let erased = erased(&edit.body);
    let written = house.desk().change_record(&who, edit).await?;
    Ok(Tagged(Seen { ordinal: written.ordinal, erased }, Receipt::of(&written)))
}

/// The newest version, where it is the one that somebody looked at.
pub(super) async fn seen_by<S: RecordStore>(
    house: &House<S>,
    who: &Session,
    record: RecordId,
    looked_at: Seen,
) -> Result<Plain, Problem> {
    let plain = house.desk().open_record(who, record).await?;
    let present = seen(&plain);
    if present == looked_at {
        return Ok(plain);
    }
    if present.ordinal != looked_at.ordinal {
        return Err(Problem::changed_meanwhile(looked_at.ordinal, present.ordinal));
    }
    let reference = reference_of(plain.row().version.kind, plain.row().reference);
    let detail = format!(
        "A field of {reference} was erased by law since you looked at it. Nothing of yours was saved: whoever \
         sent this change must look again."
    );
    Err(Problem::new(Sort::ChangedMeanwhile, detail))
}

/// Sets the named fields and takes away those that are `null`; gives the numbers of the named ones.
fn change_fields(
    kind: &'static Kind,
    body: &mut Body,
    fields: Map<String, Value>,
) -> Result<Vec<u16>, Problem> {
    let (gone, set): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(_, value)| value.is_null());
    let set =
        body_json::from_json(kind, &Value::Object(set.into_iter().collect())).map_err(Problem::rules)?;
    let mut named = Vec::new();
    for (name, _) in gone {
        let field = kind.field_named(&name).ok_or_else(|| {
            Problem::new(Sort::Unusable, format!("fields: {} has no such field to take away.", kind.title))
        })?;
        body.remove(field.number);
        named.push(field.number);
    }
    for (number, slot) in set.slots() {
        body.put(number, slot.clone());
        named.push(number);
    }
    Ok(named)
}

async fn holds<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
) -> Result<Json<HoldList>, Problem> {
    Ok(Json(HoldList { holds: house.desk().list_holds(&who, &named.reference).await? }))
}

async fn hold<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByReference>,
    Sent(because): Sent<Because>,
) -> Result<Json<HoldShown>, Problem> {
    let hold = house.desk().place_hold(&who, &named.reference, &because.reason).await?;
    Ok(Json(HoldShown { hold: hold.name, stands: true }))
}

async fn lift<S: RecordStore>(
    State(house): State<House<S>>,
    Who(who): Who,
    Named(named): Named<ByHold>,
    Sent(because): Sent<Because>,
) -> Result<Json<HoldShown>, Problem> {
    let hold = named.hold.to_string();
    house.desk().lift_hold(&who, &named.reference, &hold, &because.reason).await?;
    Ok(Json(HoldShown { hold, stands: false }))
}
