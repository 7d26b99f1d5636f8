//! Lists and roles that a kind brings in its declaration, because no other kind needs them.

use super::{CodeEntry, CodeList, CodeListError};
use crate::Kind;
use jiff::civil::Date;

/// A list of codes in a declaration.
#[derive(Debug, Clone, Copy)]
pub struct DeclaredList {
    /// Name by which fields refer to it.
    pub id: &'static str,
    /// Title that people see.
    pub title: &'static str,
    /// Who publishes or decides it.
    pub source: &'static str,
    /// How sure it is: `read`, `recalled` or `force policy`.
    pub sure: &'static str,
    /// The codes, in the order in which people should see them.
    pub codes: &'static [DeclaredCode],
}

/// One code in a declaration.
#[derive(Debug, Clone, Copy)]
pub struct DeclaredCode {
    /// The code as it is stored. Never changed, never given another meaning.
    pub code: &'static str,
    /// What people see.
    pub label: &'static str,
    first: Option<Date>,
    last: Option<Date>,
    is_placeholder: bool,
}

impl DeclaredCode {
    /// A code that may be chosen for an event of any day.
    #[must_use]
    pub const fn new(code: &'static str, label: &'static str) -> Self {
        Self { code, label, first: None, last: None, is_placeholder: false }
    }

    /// First day of events for which it may be chosen.
    #[must_use]
    pub const fn from(mut self, day: Date) -> Self {
        self.first = Some(day);
        self
    }

    /// Last day of events for which it may be chosen.
    #[must_use]
    pub const fn until(mut self, day: Date) -> Self {
        self.last = Some(day);
        self
    }

    /// A code that says nothing and answers no rule.
    #[must_use]
    pub const fn placeholder(mut self) -> Self {
        self.is_placeholder = true;
        self
    }

    fn entry(&self) -> CodeEntry {
        CodeEntry {
            code: self.code.to_owned(),
            label: self.label.to_owned(),
            from: self.first,
            until: self.last,
            aliases: Vec::new(),
            placeholder: self.is_placeholder,
        }
    }
}

impl DeclaredList {
    /// The list that it declares.
    ///
    /// # Errors
    /// [`CodeListError`] where one spelling means two codes.
    pub fn list(&self) -> Result<CodeList, CodeListError> {
        let list = CodeList {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            source: self.source.to_owned(),
            sure: self.sure.to_owned(),
            codes: self.codes.iter().map(DeclaredCode::entry).collect(),
            spellings: std::collections::BTreeMap::new(),
        };
        list.with_spellings()
    }
}

/// The lists that these kinds bring.
pub(super) fn lists(kinds: &[&'static Kind]) -> impl Iterator<Item = Result<CodeList, CodeListError>> {
    kinds.iter().flat_map(|kind| kind.lists).map(DeclaredList::list)
}

/// The roles that people have in records of these kinds.
pub(super) fn roles(kinds: &[&'static Kind]) -> impl Iterator<Item = CodeEntry> {
    kinds.iter().flat_map(|kind| kind.roles).map(DeclaredCode::entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const LIST: DeclaredList = DeclaredList {
        id: "test-tool",
        title: "Tool",
        source: "test",
        sure: "force policy",
        codes: &[
            DeclaredCode::new("lever", "Lever").from(date(2020, 1, 1)).until(date(2020, 12, 31)),
            DeclaredCode::new("other", "Other").placeholder(),
        ],
    };

    #[test]
    fn a_declared_list_reads_like_a_committed_one() {
        let list = LIST.list().unwrap();
        assert_eq!(list.from_source(" LEVER ").map(|entry| entry.code.as_str()), Some("lever"));
        let lever = list.code("lever").unwrap();
        assert!(lever.holds_on(date(2020, 6, 1)) && !lever.holds_on(date(2021, 1, 1)));
        assert!(list.code("other").unwrap().placeholder && !lever.placeholder);
    }

    #[test]
    fn a_declared_list_in_which_one_spelling_means_two_codes_is_refused() {
        const CODES: &[DeclaredCode] = &[DeclaredCode::new("a", "Same"), DeclaredCode::new("b", "same")];
        let refused = DeclaredList { codes: CODES, ..LIST }.list().unwrap_err();
        assert!(refused.to_string().contains("both “a” and “b”"), "{refused}");
    }
}
