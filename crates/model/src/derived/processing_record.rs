//! The row of the record of processing activities that a kind gives (DPA 2018 s.61, s.42(4)).

use super::fields::Fields;
use crate::field::{About, FieldDecl};
use crate::kind::Kind;
use serde::Serialize;
use std::collections::BTreeSet;

/// One row of the record of processing activities. The controller, its data protection officer,
/// and recipients outside the force are the force's own to add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProcessingRow {
    /// Name of the kind.
    pub kind: &'static str,
    /// Title that people see.
    pub title: &'static str,
    /// Purposes of the processing (s.61(2)(b)).
    pub purposes: &'static str,
    /// Categories of data subject (s.61(2)(d)).
    pub subjects: Vec<String>,
    /// Categories of personal data (s.61(2)(e)): labels of fields, rows written as `Names: Surname`.
    pub data: Vec<String>,
    /// Those of them that are sensitive processing (s.35(8)).
    pub sensitive: Vec<String>,
    /// Legal basis (s.61(2)(g)).
    pub legal_basis: &'static str,
    /// Schedule 8 condition, where there is sensitive processing (s.35(5), s.42(4)(a)).
    pub schedule_8: Option<&'static str>,
    /// Retention rule (s.61(2)(h), s.39).
    pub retention_rule: &'static str,
    /// Months to the first review.
    pub review_after_months: u16,
    /// Source of that period.
    pub retention_source: &'static str,
    /// How sure the period is: `read`, `recalled` or `force policy`.
    pub retention_sure: &'static str,
    /// Roles within the force that may see it (s.61(2)(c)).
    pub seen_by: &'static [&'static str],
    /// Use of profiling (s.61(2)(f)).
    pub profiling: &'static str,
    /// Security measures (s.61(2)(i), s.40).
    pub security: &'static str,
}

/// The row of one kind.
#[must_use]
pub fn row(kind: &'static Kind) -> ProcessingRow {
    let mut data = Vec::new();
    let mut sensitive = Vec::new();
    let mut subjects = BTreeSet::new();
    let fields = Fields::of(kind);
    walk(fields, "", &mut |field, label| {
        subjects.extend(subject(kind, field.about));
        if field.about != About::Event {
            data.push(label.clone());
        }
        if fields.is_sensitive(field) {
            sensitive.push(label);
        }
    });
    ProcessingRow {
        kind: kind.name,
        title: kind.title,
        purposes: kind.basis.purpose,
        subjects: subjects.into_iter().collect(),
        data,
        sensitive,
        legal_basis: kind.basis.power,
        schedule_8: kind.basis.schedule_8,
        retention_rule: kind.retention.rule,
        review_after_months: kind.retention.review_after_months,
        retention_source: kind.retention.source,
        retention_sure: kind.retention.sure,
        seen_by: kind.access.view,
        profiling: "None: no field is derived about a person by automated evaluation",
        security: "Each version sealed under its own key; every sight logged before it is given; access by role, \
                   kind and label",
    }
}

fn walk(fields: Fields<'_>, prefix: &str, see: &mut dyn FnMut(&FieldDecl, String)) {
    for field in fields.iter() {
        let label = format!("{prefix}{}", field.label);
        match field.row_group {
            Some(group) => walk(Fields::of_group(group), &format!("{label}: "), see),
            None => see(field, label),
        }
    }
}

fn subject(kind: &Kind, about: About) -> Option<String> {
    match about {
        About::Own => Some(format!("subject of the record ({})", kind.title.to_lowercase())),
        About::Linked(role) => Some(role.replace('-', " ")),
        About::Officer => Some("officers and staff".to_owned()),
        About::Mixed => Some("several people at once".to_owned()),
        About::Event => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_says_whom_and_what_it_is_about() {
        let row = row(&crate::kinds::stop_and_search::KIND);
        assert!(row.subjects.contains(&"appropriate adult".to_owned()));
        assert!(row.subjects.contains(&"officers and staff".to_owned()));
        assert!(row.data.contains(&"Grounds".to_owned()));
        assert!(row.data.contains(&"More thorough search: Why it was necessary".to_owned()));
        assert!(row.sensitive.contains(&"Ethnicity as the officer saw it".to_owned()));
        assert!(!row.data.contains(&"Place".to_owned()));
    }

    #[test]
    fn sensitive_data_has_a_condition_in_every_kind_rows_included() {
        for kind in crate::kinds::ALL {
            let row = row(kind);
            assert!(row.sensitive.is_empty() || row.schedule_8.is_some(), "{}", kind.name);
            assert!(serde_json::to_value(&row).unwrap().is_object());
        }
    }
}
