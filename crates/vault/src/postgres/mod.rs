//! The backend of a force: records and log in one PostgreSQL cluster, keys in a database on a second.
//!
//! * [`PostgresStore`] holds records, settings, items and the log of one force.
//! * [`PostgresKeys`] holds the keys. Its cluster must be another, so that a copy of one alone opens
//!   nothing; [`apart`] refuses two databases of one cluster.
//!
//! Several processes may read and write at a time. Writers hold a lock that all of them share, and an
//! act that must be alone ([`ledger::store::EntryStore::begin_alone`]) takes it for itself; heads are
//! compared under row locks, and only the holder of the newest fence gives places in the log. Rows go
//! in arrays, as many as there are, in one statement.
//!
//! Sessions keep settings and locks, so whatever stands between (PgBouncer) must pool by session.

mod clean;
mod cluster;
mod fault;
mod items;
mod keys;
mod log;
mod records;
mod sign_in;
mod store;
mod tx;

pub use cluster::{Address, apart};
pub use keys::PostgresKeys;
pub use store::PostgresStore;
pub use tx::Tx;
