//! The API through its real surface: requests as they come over HTTP, and answers as they go out.
//!
//! One program, because each that serves the API is long in the making.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod document;
mod files;
mod guarded;
mod intakes;
mod pages;
mod pages_administration;
mod pages_completeness;
mod pages_help;
mod pages_intake;
mod pages_local_fields;
mod pages_papers;
mod pages_practice;
mod pages_roadside;
mod pages_use_of_force;
mod pages_views;
mod searches;
mod socket;
mod stories;
mod support;
mod tls;
mod usability;
mod who_may;
