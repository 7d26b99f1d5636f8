//! The door over both stores: [`agree`] holds the three forms of the access rule against each other,
//! [`drafts`] is what is typed and not saved, [`linked`] what a record is linked with,
//! [`every_kind`] takes a record of each kind from its making to its erasure, [`lists`] pages through what
//! a person may read, [`log_feeds_nothing`] says what the log may be used for, [`persons`] has two people act at once,
//! [`roadside`] opens what a device kept,
//! [`saved`] lets kept searches end, [`sign_in`] and [`sessions`] are people at the door of the pages, and
//! [`undone`] is a deadlock.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod agree;
mod drafts;
mod every_kind;
mod linked;
mod lists;
mod log_feeds_nothing;
mod persons;
mod roadside;
mod saved;
mod sessions;
mod sign_in;
mod support;
mod undone;
