//! The sealed index of one force: words, fields and dates over records, filtered by access inside
//! the query, and withheld until the log has the reading.
//!
//! The index is derived: it holds ids, labels and terms, never display text, and can be built anew
//! from the vault at any time. Every file of it is sealed under a key of its own ([`sealed`]).
//!
//! A newcomer starts at [`Index`] (what can be asked of it), then [`document`] (what goes in),
//! [`schema`] (how it lies there) and [`query`] (the language).

mod batch;
mod columns;
pub mod count;
pub mod document;
mod erase;
pub mod error;
mod facets;
mod filter;
mod geography;
mod held;
mod index;
pub mod keys;
mod likelihood;
mod links;
mod mapping;
mod matching;
pub mod part;
mod placed;
pub mod query;
mod reached;
mod reader;
pub mod schema;
pub mod sealed;
mod span;
mod standing;
pub mod state;
#[cfg(feature = "study")]
mod study;
pub mod tokens;
#[cfg(feature = "unsealed")]
mod unsealed;
mod why;
pub mod withheld;
mod writer;

pub use batch::Batch;
pub use count::{Breakdown, Counts, Tally};
pub use document::{Change, IndexDocument, IndexEntry};
pub use erase::Erased;
pub use error::IndexError;
pub use facets::Facets;
pub use index::Index;
pub use keys::IndexKeys;
pub use links::Link;
pub use matching::is_forename;
pub use matching::weights::{Cost, Weights};
pub use part::{By, Part, Period, Within};
pub use query::form::{Form, FormError};
pub use query::listed::is_date;
pub use query::{Query, QueryError};
pub use reached::Through;
pub use reader::{Hit, Hits, Order, Page, Pick};
pub use standing::Standing;
pub use state::State;
#[cfg(feature = "study")]
pub use study::Fit;
pub use withheld::{NotCovered, Withheld};
pub use writer::Settings;
