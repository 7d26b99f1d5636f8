//! The conformance suite on SQLite.

mod common;

vault::conformance_suite!(crate::common::Sqlite::fresh());
