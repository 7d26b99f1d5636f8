//! The law as pure functions of values and dates. Nothing here sees a clock, a disk or a
//! database; every rule cites its section.

pub mod access;
pub mod retention;
