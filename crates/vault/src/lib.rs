//! Sealed versions, the keys that open them and can be destroyed, and the stores that hold both.
//!
//! A body leaves here only through [`Vault::open`] with a receipt that covers it, or through
//! [`Vault::work`] with a machine receipt, whose result can be neither shown nor serialised.
//! To add a backend: implement [`store::RecordStore`], [`sign_in::SignInStore`] and [`keys::KeyStore`] and
//! run [`conformance`] on them.

mod allowed;
mod any;
pub mod attachments;
mod cells;
pub mod conformance;
pub mod error;
mod gather;
pub mod keys;
pub mod postgres;
pub mod provider;
mod ring;
mod rows;
mod sealed;
mod shred;
pub mod sign_in;
mod sql;
pub mod sqlite;
pub mod store;
mod sweep;
mod turn;
mod vault;
mod version;

pub use any::{AnyStore, AnyTx};
pub use error::VaultError;
pub use keys::{KeyPlace, KeyStore};
pub use sealed::{Filing, Learned, Plain, Sealed, Working};
pub use shred::Traces;
pub use turn::{TurnReport, turn};
pub use vault::{NewVersion, Vault};
pub use version::{Link, VersionRow};
