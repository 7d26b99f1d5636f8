//! The record kinds, one file each. Adding one: write its file, name it here twice, test it, and
//! regenerate the snapshots.

pub mod crime;
pub mod link;
pub mod location;
pub mod more_thorough_search;
pub mod nominal;
pub mod object;
pub mod organisation;
pub mod phone_or_account;
pub mod provenance;
pub mod stop_and_search;
pub mod use_of_force;
pub mod vehicle;

use crate::kind::Kind;

/// Every kind that this release knows, ascending by number.
pub static ALL: &[&Kind] = &[
    &nominal::KIND,
    &location::KIND,
    &vehicle::KIND,
    &crime::KIND,
    &stop_and_search::KIND,
    &link::KIND,
    &organisation::KIND,
    &phone_or_account::KIND,
    &object::KIND,
    &use_of_force::KIND,
];

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

/// The kind whose reference numbers begin with these letters (`SS`), whatever their case.
#[must_use]
pub fn by_prefix(prefix: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.prefix.eq_ignore_ascii_case(prefix))
}
