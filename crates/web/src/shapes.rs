//! The JSON that others build on: what the API answers, and the command line with `--json`. Members
//! may be added; these stay.

mod access;
mod erasures;
mod files;
mod local;
mod papers;
mod searches;
mod users;

pub use access::{
    Glass, Glasses, Grants, MatrixInForce, MatrixProposal, Membership, Notices, ProposedMatrices, Review,
    Standing, Told,
};
pub use erasures::{BySort, Certificates, Closed, Erasure, Place};
pub use files::{File, Files};
pub use local::{LocalCode, LocalField, LocalFields, LocalList, LocalLists};
pub use papers::{Paper, PaperCheck, PapersOfRecord, PrintedRecord};
pub use searches::{ListAnswers, Saved, SavedSearches};
pub use users::{NewUser, UnlockedUser, User, UserSessions, UserWithPassword, Users};

use desk::clock::moment_text;
use desk::completeness::{Drift, Row};
use desk::find::{Answers, Found, Restricted, reference_of_row};
use desk::record::{REASON, UNIT, Written, editable, reference_of};
use desk::{intake, record};
use model::derived::{compare, json as body_json};
use model::kinds;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use vault::Plain;

/// A version of a record, without what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Version {
    /// The record's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Ordinal of the version, from 1.
    pub version: u32,
    /// Identity of the version.
    pub version_id: String,
    /// When it was written.
    pub written: String,
    /// Who wrote it.
    pub author: String,
    /// Why, in their words; `null` where it was taken in.
    pub reason: Option<String>,
    /// The unit that it is of, where that is known.
    pub unit: Option<String>,
    /// When the record is to be reviewed.
    pub review_due: String,
    /// Its labels; empty where nothing narrows access.
    pub labels: Map<String, Value>,
}

impl Version {
    /// Of an opened version.
    #[must_use]
    pub fn of(plain: &Plain) -> Self {
        let row = plain.row();
        Self {
            reference: reference_of_row(row),
            version: row.ordinal,
            version_id: row.version.version.to_string(),
            written: moment_text(row.written),
            author: row.author.to_string(),
            reason: plain.get(REASON),
            unit: plain.get(UNIT),
            review_due: row.review_due.to_string(),
            labels: serde_json::from_str(&row.labels).unwrap_or_default(),
        }
    }
}

/// A version of a record with what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Record {
    /// The version.
    #[serde(flatten)]
    pub version: Version,
    /// The name of who wrote it, where a history tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// Name of its kind.
    pub kind: String,
    /// Its fields, as the schema of the kind names and types them. What a record that was taken in
    /// lacks, it lacks: the schema's conditions bind only what is typed here.
    pub fields: Map<String, Value>,
}

impl Record {
    /// Of an opened version.
    #[must_use]
    pub fn of(plain: &Plain) -> Self {
        let kind = model::kinds::by_number(plain.row().version.kind);
        let fields = kind.map(|kind| body_json::to_json(kind, &editable(plain)));
        Self {
            version: Version::of(plain),
            author_name: None,
            kind: kind.map_or_else(String::new, |kind| kind.name.to_owned()),
            fields: match fields {
                Some(Value::Object(fields)) => fields,
                _ => Map::new(),
            },
        }
    }
}

/// All versions of a record, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct History {
    /// The versions.
    pub versions: Vec<Record>,
}

/// One field that differs between two versions.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Difference {
    /// Name of the field.
    pub field: String,
    /// Label that people see.
    pub label: String,
    /// Before, as people see it; `null` where nothing was said.
    pub before: Option<String>,
    /// After, as people see it; `null` where nothing is said.
    pub after: Option<String>,
}

/// What differs between two versions.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Comparison {
    /// By field.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Of differences as the model finds them.
    #[must_use]
    pub fn of(differences: Vec<compare::Difference>) -> Self {
        let shown = differences.into_iter().map(|difference| Difference {
            field: difference.field,
            label: difference.label,
            before: difference.before,
            after: difference.after,
        });
        Self { differences: shown.collect() }
    }
}

/// What was written.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Receipt {
    /// The record's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Ordinal of the version.
    pub version: u32,
    /// Identity of the version.
    pub version_id: String,
    /// Leaf of its entry in the log; `null` where it has no place yet, or was given one earlier.
    pub leaf: Option<u64>,
    /// Whether its author finds it already.
    pub findable: bool,
}

impl Receipt {
    /// Of what the desk wrote.
    #[must_use]
    pub fn of(written: &Written) -> Self {
        Self {
            reference: reference_of(written.version.kind, written.reference),
            version: written.ordinal,
            version_id: written.version.version.to_string(),
            leaf: written.leaf,
            findable: written.findable,
        }
    }
}

/// The answers to a search.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Results {
    /// How many there are, of those that this person may read.
    pub total: u64,
    /// Time of the search in milliseconds.
    pub took_ms: f64,
    /// Leaf of the log up to which the index was built.
    pub index_position: Option<u64>,
    /// How many of them do not say what was asked, and are linked with a record that does.
    pub reached: u64,
    /// How many of them hold all that was asked for.
    pub whole: u64,
    /// How many parts of it the others may lack: they are looked for where few hold all.
    pub lacking: usize,
    /// How they fall by kind and year, where `counts` was asked for.
    pub counts: Option<AnswerCounts>,
    /// The page asked for, best first.
    pub groups: Vec<Group>,
    /// The kinds of record that were searched.
    pub searched: Vec<String>,
    /// What was not searched, in words.
    pub not_searched: Vec<String>,
    /// Restricted records that the query names, and whom to ask.
    pub restricted: Vec<RestrictedRecord>,
}

/// How the answers to a search fall, of those that this person may read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnswerCounts {
    /// By name of the kind.
    pub kinds: BTreeMap<String, u64>,
    /// By the year in which it happened, where the kind is an event.
    pub years: BTreeMap<i16, u64>,
}

impl AnswerCounts {
    /// Of the desk's.
    #[must_use]
    pub fn of(facets: &search::Facets) -> Self {
        let named =
            |(number, count): (&u16, &u64)| Some((kinds::by_number(*number)?.name.to_owned(), *count));
        Self { kinds: facets.kinds.iter().filter_map(named).collect(), years: facets.years.clone() }
    }
}

/// A record that is there, and that this person may not read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RestrictedRecord {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Name of its kind.
    pub kind: String,
    /// Who answers for the restriction, where that is known.
    pub ask: Option<String>,
}

/// Records that are of one person, vehicle or place.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Group {
    /// Reference of the record under which they stand.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Name of its kind.
    pub kind: String,
    /// One line to recognise it by.
    pub name: String,
    /// How well the best of them fits; only comparable within one search.
    pub score: f32,
    /// The probability that the best of them is the one meant, between 0 and 1; `null` where the search
    /// did not match words with names.
    pub probability: Option<f32>,
    /// Why it is here, in words.
    pub why: Vec<String>,
    /// Its records.
    pub hits: Vec<Hit>,
}

/// One record that was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Hit {
    /// Its reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Name of its kind.
    pub kind: String,
    /// One line to recognise it by.
    pub name: String,
    /// What links it with the record under which it stands; `null` where it is that record.
    pub linked_by: Option<String>,
    /// How well it fits; only comparable within one search.
    pub score: f32,
    /// The probability that it is the one meant.
    pub probability: Option<f32>,
    /// Why it is here, in words.
    pub why: Vec<String>,
}

impl Results {
    /// Of the desk's answers.
    #[must_use]
    pub fn of(answers: &Answers) -> Self {
        Self {
            total: answers.total,
            took_ms: answers.took.as_secs_f64() * 1000.0,
            index_position: answers.position,
            reached: answers.reached,
            whole: answers.whole,
            lacking: answers.lacking,
            counts: answers.counts.as_ref().map(AnswerCounts::of),
            groups: answers.groups.iter().map(|group| Group::of(group, &answers.found)).collect(),
            searched: answers.scope.kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            not_searched: answers.scope.not_searched.clone(),
            restricted: answers.restricted.iter().map(restricted).collect(),
        }
    }
}

fn restricted(restricted: &Restricted) -> RestrictedRecord {
    RestrictedRecord {
        reference: restricted.reference.clone(),
        kind: restricted.kind.to_owned(),
        ask: restricted.ask.clone(),
    }
}

impl Group {
    fn of(group: &desk::find::Group, found: &[Found]) -> Self {
        let hits: Vec<Hit> =
            group.found.iter().filter_map(|(at, link)| Some(hit(found.get(*at)?, link))).collect();
        let first = hits.first();
        Self {
            reference: group.head.reference.clone(),
            kind: group.head.kind.to_owned(),
            name: group.head.name.clone(),
            score: first.map_or(0.0, |hit| hit.score),
            probability: first.and_then(|hit| hit.probability),
            why: first.map(|hit| hit.why.clone()).unwrap_or_default(),
            hits,
        }
    }
}

fn hit(found: &Found, link: &Option<String>) -> Hit {
    Hit {
        reference: found.reference.clone(),
        kind: found.kind.to_owned(),
        name: found.name.clone(),
        linked_by: link.clone(),
        score: found.score,
        probability: found.probability,
        why: found.why.clone(),
    }
}

/// Figures of a kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Completeness {
    /// By rule.
    pub rows: Vec<Row>,
    /// Records of the kind.
    pub records: u64,
    /// Rows identical to another row of the same file, which may be other people.
    pub possible_repeats: u64,
    /// Leaf of the log up to which the index was built.
    pub index_position: Option<u64>,
    /// Terms whose figures a full pass does not confirm; `null` where none was made.
    pub drift: Option<Vec<Drift>>,
}

impl Completeness {
    /// Of the desk's figures, with the drift that a full pass found, where one was made.
    #[must_use]
    pub fn of(figures: desk::completeness::Figures, drift: Option<Vec<Drift>>) -> Self {
        Self {
            rows: figures.rows,
            records: figures.records,
            possible_repeats: figures.possible_repeats,
            index_position: figures.position,
            drift,
        }
    }
}

/// A rejected row: where and why.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Reject {
    /// Its name: source, file and line.
    pub name: String,
    /// The file as it was named.
    pub file: String,
    /// Line of the file.
    pub line: u64,
    /// The column that is at fault.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// The row as it stood, where it was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub raw: Option<String>,
}

impl Reject {
    /// As it is listed.
    #[must_use]
    pub fn listed(reject: intake::Reject) -> Self {
        let intake::Reject { name, file, line, field, reason, .. } = reject;
        Self { name, file, line, field, reason, raw: None }
    }

    /// With what it said.
    #[must_use]
    pub fn opened(reject: intake::Reject) -> Self {
        let raw = hex::decode(&reject.raw).unwrap_or_default();
        let raw = Some(String::from_utf8_lossy(&raw).into_owned());
        Self { raw, ..Self::listed(reject) }
    }
}

/// What differs between two opened versions, in the shape of the later.
#[must_use]
pub fn comparison(earlier: &Plain, later: &Plain) -> Comparison {
    let kind = model::kinds::by_number(later.row().version.kind);
    let differences =
        kind.map(|kind| compare::differences(kind, &record::editable(earlier), &record::editable(later)));
    Comparison::of(differences.unwrap_or_default())
}
