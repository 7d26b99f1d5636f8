//! A force's own fields and code lists, as they stand.

use desk::local_fields::{Closed, DeclaredField, DeclaredList};
use jiff::civil::Date;
use model::codes::CodeEntry;
use schemars::JsonSchema;
use serde::Serialize;

/// A field that a force declared for itself, or that somebody proposed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LocalField {
    /// Its declaration, `LF-1`.
    pub id: String,
    /// The kind of record.
    pub kind: String,
    /// Its name in records and searches, `local.ward`.
    pub name: String,
    /// Its permanent number.
    pub number: u16,
    /// Label that people see.
    pub label: String,
    /// Help under the label.
    pub help: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind_of_value: String,
    /// Whether a text has room for sentences.
    pub long: bool,
    /// The code list, of codes.
    pub list: Option<String>,
    /// Whose personal data it is (DPA 2018 s.45).
    pub about: String,
    /// Fact, opinion, allegation or assessment (DPA 2018 s.38(2)).
    pub class: String,
    /// Sensitive processing (DPA 2018 s.35(8)).
    pub sensitive: bool,
    /// Whether a reviewer reads it before its subject gets it.
    pub reviewed: bool,
    /// Whether a record without it is incomplete.
    pub needed: bool,
    /// First day on which it is answered.
    pub from: Option<String>,
    /// Last day on which it is answered.
    pub until: Option<String>,
    /// By what authority it is asked.
    pub source: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Who refused it.
    pub refused_by: Option<String>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// Why it was refused or ended.
    pub why: Option<String>,
    /// How it stands today, in words.
    pub state: String,
    /// What whoever decides should look at once more.
    pub advice: Vec<String>,
}

impl LocalField {
    /// Of the desk's, as it stands on a day.
    #[must_use]
    pub fn of(declared: &DeclaredField, today: Date) -> Self {
        let (field, persons) = (&declared.field, &declared.persons);
        let closed = declared.refused.as_ref().or(declared.ended.as_ref());
        Self {
            id: declared.id.clone(),
            kind: declared.kind.clone(),
            name: declared.name(),
            number: field.number,
            label: field.label.clone().unwrap_or_default(),
            help: field.help.clone().unwrap_or_default(),
            kind_of_value: field.kind.clone().unwrap_or_default(),
            long: field.long,
            list: field.list.clone(),
            about: field.about.clone().unwrap_or_default(),
            class: field.class.clone().unwrap_or_default(),
            sensitive: field.sensitive == Some(true),
            reviewed: field.disclose == Some(false),
            needed: !field.rules.is_empty(),
            from: field.from.map(|day| day.to_string()),
            until: field.until.map(|day| day.to_string()),
            source: declared.source.clone(),
            proposed_by: persons.proposed.name.clone(),
            approved_by: persons.approved.as_ref().map(|deed| deed.name.clone()),
            refused_by: declared.refused.as_ref().map(name),
            ended_by: declared.ended.as_ref().map(name),
            why: closed.map(|closed| closed.why.clone()),
            state: declared.stands(today).words().to_owned(),
            advice: declared.advice(),
        }
    }
}

fn name(closed: &Closed) -> String {
    closed.by.name.clone()
}

/// The fields that a force declared for itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LocalFields {
    /// The fields.
    pub fields: Vec<LocalField>,
}

impl LocalFields {
    /// Of the desk's, as they stand on a day.
    #[must_use]
    pub fn of(declared: &[DeclaredField], today: Date) -> Self {
        Self { fields: declared.iter().map(|one| LocalField::of(one, today)).collect() }
    }
}

/// A code of a force's own list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LocalCode {
    /// The code.
    pub code: String,
    /// What people see.
    pub label: String,
    /// First day of events for which it may be chosen.
    pub from: Option<String>,
    /// Last day of events for which it may be chosen.
    pub until: Option<String>,
}

impl LocalCode {
    fn of(entry: &CodeEntry) -> Self {
        Self {
            code: entry.code.clone(),
            label: entry.label.clone(),
            from: entry.from.map(|day| day.to_string()),
            until: entry.until.map(|day| day.to_string()),
        }
    }
}

/// A code list that a force declared for itself, or that somebody proposed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LocalList {
    /// Its declaration, `LL-1`.
    pub id: String,
    /// Its name, `local.patrol-area`.
    pub name: String,
    /// Title that people see.
    pub title: String,
    /// Who publishes or decides it.
    pub source: String,
    /// How sure it is: `read`, `recalled` or `force policy`.
    pub sure: String,
    /// The codes.
    pub codes: Vec<LocalCode>,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Who refused it.
    pub refused_by: Option<String>,
    /// Why it was refused.
    pub why: Option<String>,
}

impl LocalList {
    /// Of the desk's.
    #[must_use]
    pub fn of(declared: &DeclaredList) -> Self {
        let list = &declared.list;
        Self {
            id: declared.id.clone(),
            name: list.id.clone(),
            title: list.title.clone(),
            source: list.source.clone(),
            sure: list.sure.clone(),
            codes: list.codes.iter().map(LocalCode::of).collect(),
            proposed_by: declared.persons.proposed.name.clone(),
            approved_by: declared.persons.approved.as_ref().map(|deed| deed.name.clone()),
            refused_by: declared.refused.as_ref().map(name),
            why: declared.refused.as_ref().map(|closed| closed.why.clone()),
        }
    }
}

/// The code lists that a force declared for itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LocalLists {
    /// The lists.
    pub lists: Vec<LocalList>,
}

impl LocalLists {
    /// Of the desk's.
    #[must_use]
    pub fn of(declared: &[DeclaredList]) -> Self {
        Self { lists: declared.iter().map(LocalList::of).collect() }
    }
}
