//! A force's own fields, as dated data through the same checks as ours. They may add a field from
//! number 10,000 on, or make a field of ours stricter; they may loosen nothing. An added field is called
//! `local.NAME` everywhere, which no field of ours is, now or later.
//!
//! A declaration never changes its meaning: it can only end. So a version is read by the declaration that was
//! in force when it was written, whenever that is done, and is edited by those of the day. What the program
//! works with is put in place by [`begin_use`]; [`super::Fields::of`] then has the force's own among the fields of
//! each kind, and [`crate::codes::list`] its lists among ours.

use crate::field::{About, Class, FieldDecl, Rule, SearchAs, Type};
use crate::identifiers::IdentifierKind;
use crate::kind::{FIRST_LOCAL_FIELD, FIRST_PLAIN_COLUMN, Kind, LOCAL};
use crate::when::When;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

mod advice;
mod check;
mod following;
mod in_use;
mod words;

pub use advice::advice;
pub use following::Following;
pub use in_use::{Lists, OfForce, begin_use, turn};
pub(crate) use in_use::{list, lists, of_kind};

#[cfg(test)]
mod tests;

/// One entry of a force's own, as it stands in its file. With a number from 10,000 it adds a field;
/// with the number of a field of ours it makes that field stricter, and then says nothing but its
/// name, `rules`, `sensitive = true` or `disclose = false`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LocalField {
    /// Number.
    pub number: u16,
    /// Name: `ward`, which is `local.ward` in JSON, commands and searches.
    pub name: String,
    /// Type: `text`, `number`, `code` … ([`Type::word`]).
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Label that people see.
    pub label: Option<String>,
    /// Whose personal data it is: `own`, `officer`, `event`, `mixed`, or `linked:ROLE`.
    pub about: Option<String>,
    /// `fact`, `opinion`, `allegation` or `assessment`.
    pub class: Option<String>,
    /// Help under the label.
    pub help: Option<String>,
    /// Sensitive processing.
    pub sensitive: Option<bool>,
    /// Whether it may be disclosed to its subject without a reviewer.
    pub disclose: Option<bool>,
    /// How it is searched: `words`, `exact`, `date` …
    pub search: Option<String>,
    /// Code list, for codes.
    pub list: Option<String>,
    /// Kind of identifier, for identifiers.
    pub identifier: Option<String>,
    /// Whether a text has room for sentences.
    #[serde(default)]
    pub long: bool,
    /// First day on which it may be answered.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day on which it may be answered, where it has ended.
    #[serde(default)]
    pub until: Option<Date>,
    /// When it must be answered.
    #[serde(default)]
    pub rules: Vec<LocalRule>,
}

/// A rule of a force's own. Of an added field it is called `local.NAME`, as an index term
/// `missing:local.NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LocalRule {
    /// Short name, unlike any other of the kind.
    pub name: String,
    /// First day of events that it applies to.
    pub from: Date,
    /// Last day of events that it applies to.
    pub until: Option<Date>,
    /// The policy that says so.
    pub law: String,
    /// Whether it stops saving.
    #[serde(default)]
    pub stops: bool,
    /// What the person can do about it.
    pub mend: String,
    /// When it bites; always, where nothing is said.
    pub when: Option<LocalWhen>,
}

/// A condition of a force's own, over field names: `{ is = "more-than-outer" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalWhen {
    /// The field is answered with anything.
    Answered(String),
    /// The yes/no field is yes.
    Is(String),
    /// The yes/no field is no.
    IsNot(String),
    /// The number is below this.
    Under(String, i64),
    /// The code is one of these.
    OneOf(String, Vec<String>),
    /// All of these hold.
    All(Vec<LocalWhen>),
    /// At least one of these holds.
    Any(Vec<LocalWhen>),
    /// This does not hold.
    Not(Box<LocalWhen>),
}

/// A force's own fields and rules for one kind, checked.
#[derive(Debug, Clone, Default)]
pub struct LocalFields {
    fields: Vec<FieldDecl>,
    tightening: Vec<(u16, Rule)>,
    sensitive: Vec<u16>,
    reviewed: Vec<u16>,
}

impl LocalFields {
    /// The added fields, ascending by number.
    #[must_use]
    pub fn fields(&self) -> &[FieldDecl] {
        &self.fields
    }

    /// Rules added to fields of ours, by their number.
    #[must_use]
    pub fn tightening(&self) -> &[(u16, Rule)] {
        &self.tightening
    }

    /// Whether the force treats a field as sensitive, by our declaration or its own.
    #[must_use]
    pub fn is_sensitive(&self, field: &FieldDecl) -> bool {
        field.is_sensitive || self.sensitive.contains(&field.number)
    }

    /// Whether a field may be disclosed to its subject without a reviewer.
    #[must_use]
    pub fn may_disclose(&self, field: &FieldDecl) -> bool {
        field.may_disclose && !self.reviewed.contains(&field.number)
    }
}

/// Checks a force's own fields of a kind, which may use its own lists.
///
/// What is accepted lives as long as the program, like our own declarations: read it at the start, and
/// when two persons have decided anew.
///
/// # Errors
/// Every fault, in words, with the name of the field.
pub fn accept(kind: &Kind, local: &[LocalField], lists: &Lists) -> Result<LocalFields, Vec<String>> {
    let faults = check::faults(kind, local, lists);
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut accepted = LocalFields::default();
    for field in local {
        add(kind, local, field, &mut accepted);
    }
    accepted.fields.sort_by_key(|field| field.number);
    Ok(accepted)
}

fn add(kind: &Kind, local: &[LocalField], field: &LocalField, accepted: &mut LocalFields) {
    let rules = field.rules.iter().filter_map(|rule| words::rule(kind, local, rule));
    if field.number < FIRST_LOCAL_FIELD {
        accepted.tightening.extend(rules.map(|rule| (field.number, rule)));
        accepted.sensitive.extend(field.sensitive.filter(|yes| *yes).map(|_| field.number));
        accepted.reviewed.extend(field.disclose.filter(|yes| !*yes).map(|_| field.number));
        return;
    }
    let rules: Vec<Rule> = rules.collect();
    accepted.fields.extend(words::declaration(field, rules));
}
