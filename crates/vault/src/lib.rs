//! Sealed versions, the keys that open them and can be destroyed, and the stores that hold both.
//!
//! A body leaves here only through [`Vault::open`] with a receipt that covers it, or through
//! [`Vault::work`] with a machine receipt, whose result can be neither shown nor serialised.
//! To add a backend: implement [`store::RecordStore`] and [`keys::KeyStore`] and run
//! [`conformance`] on them.

pub mod attachments;
pub mod conformance;
pub mod error;
pub mod keys;
pub mod provider;
mod sealed;
mod shred;
pub mod sqlite;
pub mod store;
mod sweep;
mod turn;
mod vault;
mod version;

pub use error::VaultError;
pub use keys::{KeyPlace, KeyStore};
pub use sealed::{Filing, Learned, Plain, Sealed, Working};
pub use shred::Traces;
pub use turn::{TurnReport, turn};
pub use vault::{NewVersion, Vault};
pub use version::{Link, VersionRow};
