//! The one door: every use case is authorised, logged, then done. Nothing else opens a body for a
//! person. A use case takes a [`Session`], which only a proved token gives.

pub mod error;
pub mod intake;
pub mod session;

pub use error::DeskError;
pub use session::Session;

use std::marker::PhantomData;

/// The door of one force.
pub struct Desk<S> {
    store: PhantomData<S>,
}
