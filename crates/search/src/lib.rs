//! search

pub mod sealed;
