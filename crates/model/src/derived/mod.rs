//! What follows from a declaration, as ordinary functions over [`crate::Kind`].

pub mod compare;
pub mod erasure;
pub mod fields;
pub mod form;
pub mod help;
pub mod index;
pub mod json;
pub mod local;
pub mod placeholder;
pub mod processing_record;
pub mod schema;
pub mod shapes;
pub mod show;
pub mod validate;

pub use fields::Fields;

#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod testing;
