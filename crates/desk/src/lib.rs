//! The one door: every use case is authorised, logged, then done. Nothing else opens a body for a
//! person. A use case takes a [`Session`], which only a proved token or password gives.
//!
//! By area: [`accounts`], [`tokens`] and [`sign_in`] (who is at the door), [`record`] (open, history, make, change),
//! [`find`] (search, disclosure of its answers), [`listing`] (the records of a kind), [`linked`] (what a record is
//! linked with), [`saved`] (searches that are kept, and alerts), [`lists`] (many names in one go), [`drafts`] (what is
//! typed and not saved yet), [`roadside`] (what a device kept without a network), [`followed`] (records that somebody
//! follows), [`tasks`] (what waits for somebody), [`notices`] (what owners are told), [`break_glass`] (a risk to life),
//! [`attachments`] (files), [`grants`] and [`policy`] (who may, decided by two persons), [`local_fields`] (what a force
//! asks besides, in the same way), [`intake`] (rows from another system), [`take_over`] (records that bring their
//! identity), [`erasure`] (plan, approve, run, prove), [`completeness`] (figures over unmet rules), [`oversight`] (the
//! log itself), [`papers`] (the receipts of prints and exports), [`keys`] (turn and escrow), [`health`] (what
//! `bluelamp doctor` says), [`trouble`] (what people say is wrong with the program). [`deployment`] puts an embedded one
//! together; [`nature`] tells a live one from one for practice.

pub mod accounts;
mod again;
mod alerts;
pub mod approval;
pub mod attachments;
pub mod backup;
pub mod break_glass;
pub mod clock;
pub mod clock_ahead;
pub mod completeness;
pub mod deployment;
mod door;
pub mod drafts;
mod ended;
pub mod erasure;
pub mod error;
pub mod find;
mod follow;
pub mod followed;
pub mod grants;
pub mod health;
pub mod holds;
pub mod intake;
mod items;
mod keyed_hash;
pub mod keys;
mod labels;
pub mod linked;
pub mod listing;
pub mod lists;
pub mod local_fields;
pub mod naming;
pub mod nature;
pub mod notices;
pub mod oversight;
pub mod papers;
pub mod policy;
pub mod record;
mod restored;
pub mod roadside;
pub mod saved;
pub mod session;
pub mod sign_in;
pub mod standing;
pub mod take_over;
pub mod tasks;
pub mod tokens;
pub mod trouble;
mod upgrade;
pub mod written;

pub use deployment::{Deployment, Places};
pub use error::DeskError;
pub use session::Session;

use clock::Clock;
use ledger::Ledger;
use policy::Policies;
use search::Index;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};
use vault::Vault;
use vault::attachments::AttachmentStore;
use vault::store::RecordStore;

/// The door of one force. Everything behind it is private: there is no other way in.
pub struct Desk<S: RecordStore> {
    pub(crate) vault: Vault<S>,
    pub(crate) ledger: Ledger<S>,
    pub(crate) index: Arc<Index>,
    pub(crate) policies: Policies,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) places: Places,
    pub(crate) attachments: AttachmentStore,
    pub(crate) provider: Arc<vault::provider::FileProvider>,
    /// Wakes the follower of the feed.
    pub(crate) wanted: Arc<Notify>,
    /// Held by whoever applies the feed to the index, so that changes come to it in their order.
    pub(crate) following: Mutex<()>,
    /// What was taken in and may not be in the index yet.
    pub(crate) pace: intake::Pace,
    /// How far alerts have followed the feed; held by whoever follows it for them.
    pub(crate) alerting: Mutex<alerts::Standing>,
    /// Held by what must not overlap: erasure, turn, export.
    pub(crate) upkeep: Mutex<()>,
    /// Held while reviewers are told of what fell due, so that it is told once.
    pub(crate) reminding: Mutex<()>,
    /// The records that are to be filed anew by a force's own fields; held by whoever files them.
    pub(crate) refiling: Mutex<local_fields::Refiling>,
    /// What signing in holds in memory.
    pub(crate) doorkeeper: sign_in::Doorkeeper,
}
