//! The record kinds, one file each. Adding one: write its file, name it here twice, test it, and
//! regenerate the snapshots.

pub mod more_thorough_search;
pub mod provenance;
pub mod stop_and_search;

use crate::kind::Kind;

/// Every kind that this release knows, ascending by number.
pub static ALL: &[&Kind] = &[&stop_and_search::KIND];

/// The kind with this number.
#[must_use]
pub fn by_number(number: u16) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.number == number)
}

/// The kind with this name (`stop-and-search`).
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.name == name)
}
