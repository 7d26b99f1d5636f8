//! Makes police data in which there is no real person, with the truth about it known. The same seed
//! gives the same octets on every machine.
//!
//! * [`force`]: people in households with every kind of record, and who is who; [`write`] puts them
//!   into a folder, and `bluelamp synth` into a deployment;
//! * [`reads`]: how officers read, and which of it was browsing;
//! * [`stops`] and [`crimes`]: files as data.police.uk publishes them, and which rows are faulty,
//!   repeated or contradict each other.

pub mod crimes;
pub mod error;
mod faults;
pub mod force;
pub mod month;
pub mod names;
pub mod random;
pub mod reads;
pub mod stops;
pub mod write;

pub use error::SynthError;
pub use month::Month;
