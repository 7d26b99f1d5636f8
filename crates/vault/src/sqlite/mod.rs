//! The embedded backend: one SQLite file for records and log, a second one for keys.
//!
//! * [`SqliteStore`] holds records, settings, items and the log of one force.
//! * [`SqliteKeys`] holds the keys. It is a file of its own, so that a copy of the records alone
//!   opens nothing.
//!
//! Both write through one connection behind a lock and read through several others. Whatever is
//! written in bulk goes many rows a statement: single rows end near 18,000 a second.

mod before_upgrade;
mod checkpoint;
mod clean;
mod database;
mod fault;
mod items;
mod keys;
mod log;
mod multi;
mod open;
mod records;
mod sign_in;
mod store;

pub(crate) use keys::copy;
pub(crate) use multi::{Multi, Query};

pub use before_upgrade::copy_file;
pub use database::Tx;
pub use keys::SqliteKeys;
pub use store::SqliteStore;
