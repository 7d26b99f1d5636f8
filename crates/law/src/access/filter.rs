//! The access rule as data: one small tree, evaluated here for a decision and translated by
//! `search` (and by SQL) into a filter, so that all agree.

use super::context::{Action, Context};
use super::matrix::Matrix;
use model::Labels;
use std::collections::BTreeSet;

/// A condition over a record's kind and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The kind is one of these.
    KindIn(Vec<u16>),
    /// The record is in no restriction group.
    NoGroups,
    /// The record is in one of these restriction groups.
    InGroups(BTreeSet<String>),
    /// The record is covert.
    Covert,
    /// All hold.
    All(Vec<Filter>),
    /// At least one holds.
    Any(Vec<Filter>),
    /// Does not hold.
    Not(Box<Filter>),
}

impl Filter {
    /// What this person may read with this action.
    #[must_use]
    pub fn may_read(matrix: &Matrix, context: &Context, action: Action) -> Self {
        Self::All(vec![
            kinds(matrix, context, action),
            Self::Any(vec![
                Self::All(vec![Self::NoGroups, Self::Not(Box::new(Self::Covert))]),
                Self::InGroups(context.groups.clone()),
            ]),
        ])
    }

    /// What this person may know to exist: what they may read, and what is restricted but not
    /// covert.
    #[must_use]
    pub fn may_know(matrix: &Matrix, context: &Context, action: Action) -> Self {
        Self::All(vec![
            kinds(matrix, context, action),
            Self::Any(vec![Self::Not(Box::new(Self::Covert)), Self::InGroups(context.groups.clone())]),
        ])
    }

    /// What is kept from some: what is in a restriction group, or covert.
    #[must_use]
    pub fn restricted() -> Self {
        Self::Any(vec![Self::Not(Box::new(Self::NoGroups)), Self::Covert])
    }

    /// Whether the condition holds for one record.
    #[must_use]
    pub fn holds(&self, kind: u16, labels: &Labels) -> bool {
        match self {
            Self::KindIn(kinds) => kinds.contains(&kind),
            Self::NoGroups => labels.groups.is_empty(),
            Self::InGroups(groups) => !labels.groups.is_disjoint(groups),
            Self::Covert => labels.covert,
            Self::All(parts) => parts.iter().all(|part| part.holds(kind, labels)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(kind, labels)),
            Self::Not(part) => !part.holds(kind, labels),
        }
    }
}

fn kinds(matrix: &Matrix, context: &Context, action: Action) -> Filter {
    let allowed = model::kinds::ALL.iter().map(|kind| kind.number);
    Filter::KindIn(allowed.filter(|kind| matrix.allows(&context.roles, *kind, action)).collect())
}
