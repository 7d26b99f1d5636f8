//! Code lists as dated reference data, with their source and how sure it is. Each is one file
//! under `data/codes`, or a list that one kind alone needs and brings in its declaration; both are part of
//! the program, so that every deployment reads the same list.

use crate::derived::local;
use crate::kinds;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

mod declared;
#[cfg(test)]
mod tests;

pub use declared::{DeclaredCode, DeclaredList};

/// One list of codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Name by which fields refer to it: `stop-outcome`.
    pub id: String,
    /// Title that people see.
    pub title: String,
    /// Who publishes or decides it.
    pub source: String,
    /// How sure it is: `read`, `recalled` or `force policy`.
    pub sure: String,
    /// The codes, in the order in which people should see them.
    pub codes: Vec<CodeEntry>,
    #[serde(skip)]
    spellings: BTreeMap<String, usize>,
}

/// One code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// The code as it is stored. Never changed, never given another meaning.
    pub code: String,
    /// What people see.
    pub label: String,
    /// First day of events for which it may be chosen, where it has one.
    #[serde(default)]
    pub from: Option<Date>,
    /// Last day of events for which it may be chosen, where it has one.
    #[serde(default)]
    pub until: Option<Date>,
    /// How sources spell it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether it says nothing, as “detailed object unavailable”: it answers no rule.
    #[serde(default)]
    pub placeholder: bool,
}

/// Why a text is not a usable code list.
#[derive(Debug, thiserror::Error)]
pub enum CodeListError {
    /// Not TOML of the right form.
    #[error("the code list cannot be read: {0}")]
    Form(#[from] toml::de::Error),
    /// Two codes could be meant by one spelling.
    #[error(
        "the code list “{list}” lets “{spelling}” mean both “{first}” and “{second}”; take it from one of them"
    )]
    Ambiguous {
        /// The list.
        list: String,
        /// The spelling.
        spelling: String,
        /// One code.
        first: String,
        /// The other code.
        second: String,
    },
}

impl CodeList {
    /// Reads a list and checks that every spelling means one code.
    ///
    /// # Errors
    /// [`CodeListError`] names the list and the spelling.
    pub fn read(text: &str) -> Result<Self, CodeListError> {
        toml::from_str::<Self>(text)?.with_spellings()
    }

    /// A list of these codes.
    ///
    /// # Errors
    /// [`CodeListError::Ambiguous`] names the list and the spelling.
    pub fn new(
        id: String,
        title: String,
        source: String,
        sure: String,
        codes: Vec<CodeEntry>,
    ) -> Result<Self, CodeListError> {
        Self { id, title, source, sure, codes, spellings: BTreeMap::new() }.with_spellings()
    }

    /// The same list, every spelling of which means one code.
    ///
    /// # Errors
    /// [`CodeListError::Ambiguous`] names the list and the spelling.
    pub fn with_spellings(mut self) -> Result<Self, CodeListError> {
        self.spellings.clear();
        for (at, entry) in self.codes.iter().enumerate() {
            let spellings = [&entry.code, &entry.label].into_iter().chain(&entry.aliases);
            for spelling in spellings {
                let before = self.spellings.insert(folded(spelling), at).filter(|before| *before != at);
                if let Some(before) = before {
                    return Err(CodeListError::Ambiguous {
                        list: self.id.clone(),
                        spelling: spelling.clone(),
                        first: self.codes[before].code.clone(),
                        second: entry.code.clone(),
                    });
                }
            }
        }
        Ok(self)
    }

    /// The entry of a stored code.
    #[must_use]
    pub fn code(&self, code: &str) -> Option<&CodeEntry> {
        self.codes.iter().find(|entry| entry.code == code)
    }

    /// The entry that a source means: by code, label or alias, whatever the case and spaces.
    #[must_use]
    pub fn from_source(&self, text: &str) -> Option<&CodeEntry> {
        self.spellings.get(&folded(text)).and_then(|at| self.codes.get(*at))
    }

    /// What people see for a stored code; the code itself where the list does not have it.
    #[must_use]
    pub fn label<'a>(&'a self, code: &'a str) -> &'a str {
        self.code(code).map_or(code, |entry| entry.label.as_str())
    }
}

impl CodeEntry {
    /// Whether it may be chosen for an event of this day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

macro_rules! committed {
    ($($id:literal),+ $(,)?) => {
        &[$(($id, include_str!(concat!("../../data/codes/", $id, ".toml")))),+]
    };
}

/// Every committed list: name and text.
const COMMITTED: &[(&str, &str)] = committed![
    "address-type",
    "age-range",
    "crime-outcome",
    "crime-type",
    "date-of-birth-source",
    "gender",
    "information-source",
    "link-type",
    "location-kind",
    "location-type",
    "name-type",
    "object-colour",
    "object-of-search",
    "object-type",
    "officer-defined-ethnicity",
    "organisation-assessment",
    "organisation-name-type",
    "organisation-type",
    "phone-or-account-type",
    "phone-type",
    "premises-type",
    "presence-role",
    "search-authoriser-rank",
    "search-type",
    "self-defined-ethnicity",
    "serial-number-type",
    "stop-outcome",
    "stop-search-power",
    "vehicle-colour",
    "vehicle-type",
    "warning-marker",
];

/// A list that cannot be read would be missing here; a test reads each of them.
static LISTS: LazyLock<BTreeMap<String, CodeList>> = LazyLock::new(|| {
    let lists = read_lists().chain(declared::lists(kinds::ALL)).filter_map(Result::ok);
    lists.map(|list| (list.id.clone(), list)).collect()
});

/// The committed lists, with the roles that kinds add to the types of links.
fn read_lists() -> impl Iterator<Item = Result<CodeList, CodeListError>> {
    COMMITTED.iter().map(|(_, text)| {
        let mut list: CodeList = toml::from_str(text)?;
        if list.id == LINK_TYPES {
            list.codes.extend(declared::roles(kinds::ALL));
        }
        list.with_spellings()
    })
}

/// The list of what joins two records; a kind may add the roles that people have in it.
const LINK_TYPES: &str = "link-type";

/// The list with this name, of ours or of the force ([`crate::derived::local`]).
#[must_use]
pub fn list(id: &str) -> Option<&'static CodeList> {
    committed(id).or_else(|| local::list(id))
}

/// The list of ours with this name.
pub(crate) fn committed(id: &str) -> Option<&'static CodeList> {
    LISTS.get(id)
}

/// Every list, ascending by name, the force's own after ours.
pub fn all() -> impl Iterator<Item = &'static CodeList> {
    LISTS.values().chain(local::lists())
}
