//! The log of processing (DPA 2018 s.62, s.66(2)(b)): an append-only Merkle tree in the public
//! transparency-log formats. Every octet is described in `docs/formats/ledger.md`.
//!
//! The chain: [`law::access::decide`] gives a `Permit`; [`Ledger::record`] makes it durable and
//! gives a [`Receipt`]; only a receipt opens a body. The ledger defines what it needs of a store
//! ([`store::EntryStore`]) and of keys ([`keys::LogKeys`]); it knows no vault.

mod append;
pub mod commitment;
mod continuity;
mod core;
pub mod entry;
pub mod error;
pub mod events;
pub mod export;
mod generation;
mod integrate;
pub mod keys;
mod ledger;
pub mod note;
mod payload;
mod receipt;
mod redact;
pub mod store;
pub mod tags;
pub mod tiles;
mod touches;
pub mod tree;

pub use commitment::Opening;
pub use continuity::Against;
pub use entry::{Detail, LogIn};
pub use error::LedgerError;
pub use generation::Begun;
pub use ledger::{CLOCK_TOLERANCE, Ledger, Options};
pub use receipt::{Change, EntryRef, Machine, Pending, Receipt, Show};
pub use touches::TouchFaults;
