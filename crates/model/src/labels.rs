//! Labels: what decides, beside the kind, who may know of a record and who may read it. They are
//! plain in the store, because access is decided before anything is opened.

use crate::ids::ActorId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Protective marking. Anything above belongs in another enclave and is refused at entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Marking {
    /// OFFICIAL.
    #[default]
    Official,
    /// OFFICIAL-SENSITIVE.
    OfficialSensitive,
}

/// The labels of one version of a record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    /// Restriction groups: where there are any, only a member of at least one may read.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// Covert: nobody outside the groups may even know that the record exists.
    #[serde(skip_serializing_if = "is_false")]
    pub covert: bool,
    /// Sensitive: others see that something exists, and whom to ask.
    #[serde(skip_serializing_if = "is_false")]
    pub sensitive: bool,
    /// Handling conditions (3x5x2 code C) apply.
    #[serde(skip_serializing_if = "is_false")]
    pub handling_conditions: bool,
    /// Protective marking.
    #[serde(skip_serializing_if = "is_official")]
    pub marking: Marking,
    /// Who answers for the restriction, to be asked and to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<ActorId>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_official(marking: &Marking) -> bool {
    *marking == Marking::Official
}

impl Labels {
    /// The canonical text: equal labels have equal text. It is stored and committed.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the canonical text back.
    ///
    /// # Errors
    /// The JSON error, where a label is unknown or malformed.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// Whether nothing narrows access beyond the matrix.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.groups.is_empty() && !self.covert && !self.sensitive
    }
}
