//! What a force knows, as values: record kinds, identifiers, code lists, and everything that
//! follows from a kind's one declaration. Pure: no clock, no disk, no database.
//!
//! A newcomer starts at [`kind`] (how a kind is declared) and [`kinds`] (one file each).

pub mod body;
pub mod codes;
pub mod derived;
pub mod field;
pub mod identifiers;
pub mod ids;
pub mod kind;
pub mod kinds;
pub mod labels;
pub mod reference;
pub mod value;
pub mod when;

pub use body::{Body, NotHeld, Slot};
pub use field::{About, Class, Field, FieldDecl, Rule, SearchAs, Type};
pub use ids::{ActorId, ForceId, RecordId, VersionId, VersionRef};
pub use kind::{Asks, Basis, DefaultAccess, Group, Kind, Retention};
pub use labels::{Labels, Marking};
pub use reference::{ReferenceError, parse_reference, reference_text};
pub use value::{PartialDate, Place, Value};
pub use when::When;
