//! The conformance suite on PostgreSQL: two clusters of the tests' own, a database for each test.

mod common;

vault::conformance_suite! { some crate::common::Postgres::fresh() }
