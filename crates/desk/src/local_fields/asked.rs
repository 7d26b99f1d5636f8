//! What somebody asks for when they propose a field, and the declaration that it makes.

use crate::error::DeskError;
use jiff::civil::Date;
use model::derived::local::{LocalField, LocalRule};
use model::kind::FIRST_LOCAL_FIELD;
use model::{Kind, codes, kinds};

/// What a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Its word: `long-text`.
    pub word: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The type of its values.
    kind: &'static str,
    /// How it is searched.
    search: &'static str,
}

/// Everything that a field may hold. Another record is no answer of a field: a link says that, with its own
/// source and dates.
pub const SORTS: &[Sort] = &[
    Sort { word: "text", label: "A few words", kind: "text", search: "words" },
    Sort { word: "long-text", label: "A long text", kind: "text", search: "words" },
    Sort { word: "code", label: "A choice from a code list", kind: "code", search: "exact" },
    Sort { word: "bool", label: "Yes or no", kind: "bool", search: "exact" },
    Sort { word: "number", label: "A whole number", kind: "number", search: "number" },
    Sort { word: "date", label: "A date, known in part or whole", kind: "date", search: "date" },
    Sort { word: "instant", label: "A date and time", kind: "instant", search: "date" },
    Sort { word: "place", label: "A place", kind: "place", search: "place" },
];

/// A field that somebody wants to have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldAsked {
    /// Name of the kind of record.
    pub kind: String,
    /// Its name: `ward`.
    pub name: String,
    /// Label that people see.
    pub label: String,
    /// Help under the label.
    pub help: String,
    /// What it holds: a word of [`SORTS`].
    pub sort: String,
    /// The code list, where it holds a code.
    pub list: String,
    /// Whose personal data it is: `own`, `officer`, `event`, `mixed`, or `linked:ROLE`.
    pub about: String,
    /// `fact`, `opinion`, `allegation` or `assessment`.
    pub class: String,
    /// Sensitive processing (DPA 2018 s.35(8)).
    pub sensitive: bool,
    /// Whether a reviewer reads it before its subject gets it.
    pub reviewed: bool,
    /// Whether a record without it is incomplete.
    pub needed: bool,
    /// First day; today where none is given.
    pub from: Option<Date>,
    /// By what authority it is asked.
    pub source: String,
}

impl FieldAsked {
    /// The kind and the declaration, its number not given yet.
    ///
    /// # Errors
    /// What is missing or cannot be, by the name of what was asked.
    pub(super) fn declaration(&self, today: Date) -> Result<(&'static Kind, LocalField), DeskError> {
        let kind = kinds::by_name(self.kind.trim()).ok_or_else(|| {
            let names: Vec<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
            DeskError::unusable(format!("kind: choose the kind of record: {}", names.join(", ")))
        })?;
        let name = self.name.trim().trim_start_matches(model::kind::LOCAL);
        check_name(name)?;
        said("label", &self.label, "write what people see above the field")?;
        said("source", &self.source, "name the policy, direction or law by which it is asked")?;
        let sort = SORTS.iter().find(|sort| sort.word == self.sort.trim()).ok_or_else(|| {
            let words: Vec<&str> = SORTS.iter().map(|sort| sort.word).collect();
            DeskError::unusable(format!("type: choose what it holds: {}", words.join(", ")))
        })?;
        self.check_legal_class()?;
        let from = self.from.unwrap_or(today);
        if from < today {
            return Err(DeskError::unusable("from: that day is over; name today or a later day"));
        }
        if self.sensitive && kind.basis.schedule_8.is_none() {
            return Err(DeskError::unusable(format!(
                "sensitive: {} has no Schedule 8 condition (DPA 2018 s.35(5)), so nothing sensitive can stand in it",
                kind.plural.to_lowercase()
            )));
        }
        let field = LocalField {
            number: FIRST_LOCAL_FIELD,
            name: name.to_owned(),
            kind: Some(sort.kind.to_owned()),
            label: Some(self.label.trim().to_owned()),
            about: Some(self.about.trim().to_owned()),
            class: Some(self.class.trim().to_owned()),
            help: Some(self.help.trim().to_owned()),
            sensitive: Some(self.sensitive),
            disclose: Some(!self.reviewed),
            search: Some(sort.search.to_owned()),
            list: self.list_of(sort)?,
            identifier: None,
            long: sort.word == "long-text",
            from: Some(from),
            until: None,
            rules: self.rule(name, from).into_iter().collect(),
        };
        Ok((kind, field))
    }

    fn check_legal_class(&self) -> Result<(), DeskError> {
        let about = self.about.trim();
        let is_role = about.strip_prefix("linked:").is_some_and(|role| !role.trim().is_empty());
        if !is_role && !["own", "officer", "event", "mixed"].contains(&about) {
            return Err(DeskError::unusable(
                "about: say whose personal data it is (DPA 2018 s.45): own, officer, event, mixed, or linked:ROLE",
            ));
        }
        match ["fact", "opinion", "allegation", "assessment"].contains(&self.class.trim()) {
            true => Ok(()),
            false => Err(DeskError::unusable(
                "class: say whether it is fact, opinion, allegation or assessment (DPA 2018 s.38(2))",
            )),
        }
    }

    /// The list of a code; nothing else has one.
    fn list_of(&self, sort: &Sort) -> Result<Option<String>, DeskError> {
        let list = self.list.trim();
        match (sort.kind == "code", codes::list(list)) {
            (true, Some(list)) => Ok(Some(list.id.clone())),
            (true, None) => Err(DeskError::unusable(
                "list: name a code list that is there; one of the force’s own must have been approved first",
            )),
            (false, _) if list.is_empty() => Ok(None),
            (false, _) => Err(DeskError::unusable("list: only what holds a choice from a list has one")),
        }
    }

    /// The rule that counts a record without it as incomplete. It stops nobody: only statute does.
    fn rule(&self, name: &str, from: Date) -> Option<LocalRule> {
        self.needed.then(|| LocalRule {
            name: name.to_owned(),
            from,
            until: None,
            law: self.source.trim().to_owned(),
            stops: false,
            mend: format!("Answer “{}”.", self.label.trim()),
            when: None,
        })
    }
}

fn said(what: &str, text: &str, mend: &str) -> Result<(), DeskError> {
    match text.trim().is_empty() {
        false => Ok(()),
        true => Err(DeskError::unusable(format!("{what}: {mend}"))),
    }
}

/// Names of fields and lists are read aloud, typed in searches and sent by programs.
pub(super) fn check_name(name: &str) -> Result<(), DeskError> {
    const LONGEST: usize = 40;
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(is_part);
    if is_name && name.len() <= LONGEST {
        return Ok(());
    }
    Err(DeskError::unusable(format!(
        "name: write up to {LONGEST} lower-case letters and digits, with hyphens between words, for instance patrol-area"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn asked() -> FieldAsked {
        FieldAsked {
            kind: "vehicle".into(),
            name: "fleet-note".into(),
            label: "Fleet note".into(),
            sort: "long-text".into(),
            about: "own".into(),
            class: "opinion".into(),
            needed: true,
            source: "Force policy 12".into(),
            ..FieldAsked::default()
        }
    }

    #[test]
    fn a_declaration_says_all_that_one_of_the_release_says() {
        let (kind, field) = asked().declaration(date(2026, 3, 1)).unwrap();
        assert_eq!(kind.name, "vehicle");
        assert!(field.long && field.from == Some(date(2026, 3, 1)));
        assert_eq!(field.search.as_deref(), Some("words"));
        assert_eq!(field.rules[0].law, "Force policy 12");
        assert!(!field.rules[0].stops);
    }

    #[test]
    fn what_is_missing_is_told_by_its_name() {
        let told = |asked: FieldAsked| asked.declaration(date(2026, 3, 1)).unwrap_err().to_string();
        for (asked, begins) in [
            (FieldAsked { kind: "boat".into(), ..asked() }, "kind: "),
            (FieldAsked { name: "Fleet note".into(), ..asked() }, "name: "),
            (FieldAsked { label: " ".into(), ..asked() }, "label: "),
            (FieldAsked { source: String::new(), ..asked() }, "source: "),
            (FieldAsked { sort: "colour".into(), ..asked() }, "type: "),
            (FieldAsked { about: String::new(), ..asked() }, "about: "),
            (FieldAsked { class: String::new(), ..asked() }, "class: "),
            (FieldAsked { from: Some(date(2026, 2, 28)), ..asked() }, "from: "),
            (FieldAsked { sort: "code".into(), ..asked() }, "list: "),
            (FieldAsked { list: "gender".into(), ..asked() }, "list: "),
            (FieldAsked { sensitive: true, ..asked() }, "sensitive: "),
        ] {
            assert!(told(asked).starts_with(begins), "{begins}");
        }
    }
}
