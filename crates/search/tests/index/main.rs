//! The whole index over a sealed folder, with keys and a log in memory.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod access;
mod batch;
mod erasing;
mod faults;
mod figures;
mod hidden;
mod language;
mod names;
mod ordered;
mod reached;
mod searching;
mod store;
mod support;
mod withheld;
mod writing;
