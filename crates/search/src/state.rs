//! What is said of a record as a whole: whether it lacks what the law asks for, is restricted, is marked, or lies
//! on a map. Each state is a mark (`is:lacking`) and a bit of a column, so that it narrows and is counted.

use crate::document::IndexEntry;
use model::Marking;

/// A state of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Something that a rule asks for is missing, or holds a placeholder.
    Lacking,
    /// Only groups may read it.
    Restricted,
    /// It is marked OFFICIAL-SENSITIVE.
    OfficialSensitive,
    /// A place of it has coordinates.
    Placed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Lacking, Self::Restricted, Self::OfficialSensitive, Self::Placed];

    /// What follows `is:` in a query.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lacking => "lacking",
            Self::Restricted => "restricted",
            Self::OfficialSensitive => "official-sensitive",
            Self::Placed => "placed",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    const fn bit(self) -> u64 {
        1 << self as u64
    }

    fn is_of(self, entry: &IndexEntry) -> bool {
        match self {
            Self::Lacking => {
                let is_open =
                    |term: &String| term.starts_with("missing:") || term.starts_with("placeholder:");
                entry.document.terms.iter().any(is_open)
            }
            Self::Restricted => !entry.labels.groups.is_empty(),
            Self::OfficialSensitive => entry.labels.marking == Marking::OfficialSensitive,
            Self::Placed => entry.document.places.iter().any(|(_, place)| place.degrees().is_some()),
        }
    }
}

/// The states of a record.
pub(crate) fn states(entry: &IndexEntry) -> impl Iterator<Item = State> + '_ {
    State::ALL.into_iter().filter(|state| state.is_of(entry))
}

/// States as a number, for a column.
pub(crate) fn packed(states: impl Iterator<Item = State>) -> u64 {
    states.fold(0, |bits, state| bits | state.bit())
}

/// The other way round.
pub(crate) fn unpacked(bits: u64) -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(move |state| bits & state.bit() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_told_apart_and_come_back() {
        for states in [&[][..], &[State::Lacking], &[State::Restricted, State::Placed], &State::ALL] {
            let back: Vec<State> = unpacked(packed(states.iter().copied())).collect();
            assert_eq!(back, states);
        }
        assert_eq!(State::by_name("placed"), Some(State::Placed));
        assert_eq!(State::by_name("lost"), None);
    }
}
