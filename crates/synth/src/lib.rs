//! Makes police data in which there is no real person, in the formats of the real files, with the
//! truth about it known: how many rows, which of them faulty, which repeated. The same seed gives the
//! same octets on every machine.

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
