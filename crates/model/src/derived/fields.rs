//! The fields of a kind or group, together with those that a force added. Everything derived
//! goes through this, so that a force's own fields are never forgotten in one place.

use super::local::LocalFields;
use crate::field::{FieldDecl, Rule};
use crate::kind::{Group, Kind};

/// The fields of a kind or group.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    declared: &'static [FieldDecl],
    local: Option<&'a LocalFields>,
}

impl<'a> Fields<'a> {
    /// As declared, with those of the force that this program works for
    /// ([`super::local::begin_use`]).
    #[must_use]
    pub fn of(kind: &Kind) -> Self {
        Self { declared: kind.declared.alone(), local: super::local::of_kind(kind.number) }
    }

    /// As declared, with these of a force.
    #[must_use]
    pub fn with_local(kind: &Kind, local: &'a LocalFields) -> Self {
        Self { declared: kind.declared.alone(), local: Some(local) }
    }

    /// Of the rows of a group. A force adds fields to kinds only.
    #[must_use]
    pub fn of_group(group: &Group) -> Self {
        Self { declared: group.fields, local: None }
    }

    /// Every field, ascending by number.
    pub fn iter(self) -> impl Iterator<Item = &'a FieldDecl> {
        let local = self.local.map_or(&[] as &[FieldDecl], LocalFields::fields);
        self.declared.iter().chain(local)
    }

    /// The field with this number.
    #[must_use]
    pub fn number(self, number: u16) -> Option<&'a FieldDecl> {
        self.iter().find(|field| field.number == number)
    }

    /// The field with this name (`more-than-outer`).
    #[must_use]
    pub fn named(self, name: &str) -> Option<&'a FieldDecl> {
        self.iter().find(|field| field.name() == name)
    }

    /// The rules of a field: as declared, and what a force made stricter.
    pub fn rules(self, field: &'a FieldDecl) -> impl Iterator<Item = &'a Rule> {
        let added = self.local.map_or(&[] as &[(u16, Rule)], LocalFields::tightening);
        let added = added.iter().filter(|(number, _)| *number == field.number).map(|(_, rule)| rule);
        field.rules.iter().chain(added)
    }

    /// Whether a field is sensitive processing, by our declaration or the force's own.
    #[must_use]
    pub fn is_sensitive(self, field: &FieldDecl) -> bool {
        self.local.map_or(field.is_sensitive, |local| local.is_sensitive(field))
    }

    /// Whether a field may be disclosed to its subject without a reviewer.
    #[must_use]
    pub fn may_disclose(self, field: &FieldDecl) -> bool {
        self.local.map_or(field.may_disclose, |local| local.may_disclose(field))
    }

    /// The label of the field with this number, for conditions in plain English.
    #[must_use]
    pub fn label(self, number: u16) -> String {
        self.number(number).map_or_else(|| format!("field {number}"), |field| field.label.to_owned())
    }
}
