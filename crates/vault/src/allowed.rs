//! The access rule as a condition of SQL: the third interpreter of the one small tree, beside its own
//! evaluation ([`Filter::holds`]) and the query of the index. It reads the kind and the labels of a stored
//! version. What a filter says comes to the database as parameters and never as text of a statement.

use crate::sql::heads;
use law::access::Filter;

/// Which database is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite, where a set goes as a JSON array.
    Sqlite,
    /// PostgreSQL, where a set goes as an array.
    Postgres,
}

/// A set that a condition asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    /// Numbers of kinds.
    Kinds(Vec<i64>),
    /// Names of restriction groups.
    Groups(Vec<String>),
}

/// A statement with the sets that it is bound to, in the order of their parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Text: literals of this file and numbers of parameters.
    pub text: String,
    /// The sets.
    pub bound: Vec<Bound>,
}

/// Parameters of [`newest`] before those of the condition: force, kind, reference, limit.
const BEFORE: usize = 4;

/// The newest versions of the records of kind `$2` that a filter lets through, of those with a reference
/// below `$3`, highest reference first, at most `$4`. It walks the index of references and reads no
/// further than the limit.
pub(crate) fn newest(filter: &Filter, dialect: Dialect) -> Condition {
    let mut sets = Sets { dialect, bound: Vec::new() };
    let allowed = sets.condition(filter);
    let walk = heads!("r.kind = $2 AND r.reference < $3 AND ");
    Condition { text: format!("{walk}{allowed} ORDER BY r.reference DESC LIMIT $4"), bound: sets.bound }
}

/// The sets met so far in a filter.
struct Sets {
    dialect: Dialect,
    bound: Vec<Bound>,
}

impl Sets {
    /// The number of the parameter that a set is bound to.
    fn parameter(&mut self, set: Bound) -> usize {
        self.bound.push(set);
        BEFORE + self.bound.len()
    }

    /// A condition over `v`, a row of `versions`, that is always true or false and never unknown, so that
    /// its negation is the opposite.
    fn condition(&mut self, filter: &Filter) -> String {
        match filter {
            Filter::KindIn(kinds) => {
                let set = self.parameter(Bound::Kinds(kinds.iter().copied().map(i64::from).collect()));
                match self.dialect {
                    Dialect::Sqlite => format!("v.kind IN (SELECT value FROM json_each(${set}))"),
                    Dialect::Postgres => format!("v.kind = ANY(${set}::bigint[])"),
                }
            }
            Filter::NoGroups => match self.dialect {
                Dialect::Sqlite => "coalesce(json_array_length(v.labels, '$.groups'), 0) = 0".to_owned(),
                Dialect::Postgres => {
                    "coalesce(jsonb_array_length(v.labels::jsonb -> 'groups'), 0) = 0".to_owned()
                }
            },
            Filter::InGroups(groups) => {
                let set = self.parameter(Bound::Groups(groups.iter().cloned().collect()));
                match self.dialect {
                    Dialect::Sqlite => format!(
                        "EXISTS (SELECT 1 FROM json_each(v.labels, '$.groups') g \
                         WHERE g.value IN (SELECT value FROM json_each(${set})))"
                    ),
                    Dialect::Postgres => {
                        format!("coalesce(v.labels::jsonb -> 'groups' ?| ${set}::text[], FALSE)")
                    }
                }
            }
            Filter::Covert => match self.dialect {
                Dialect::Sqlite => "coalesce(json_extract(v.labels, '$.covert'), 0) = 1".to_owned(),
                Dialect::Postgres => "coalesce((v.labels::jsonb -> 'covert')::boolean, FALSE)".to_owned(),
            },
            Filter::All(parts) => self.joined(parts, " AND ", "TRUE"),
            Filter::Any(parts) => self.joined(parts, " OR ", "FALSE"),
            Filter::Not(part) => format!("(NOT {})", self.condition(part)),
        }
    }

    fn joined(&mut self, parts: &[Filter], word: &str, of_none: &str) -> String {
        if parts.is_empty() {
            return of_none.to_owned();
        }
        let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
        format!("({})", parts.join(word))
    }
}

#[cfg(test)]
mod tests;
