//! Two persons: what one proposes another must approve. Erasures, grants and the access matrix all
//! rest on this.

use crate::error::DeskError;
use crate::session::Session;
use model::ActorId;
use serde::{Deserialize, Serialize};

/// Somebody who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// Who they are in the log.
    pub actor: ActorId,
    /// Their name.
    pub name: String,
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
}

impl Deed {
    pub(crate) fn of(who: &Session, at: i64) -> Self {
        Self { actor: who.actor(), name: who.name().to_owned(), at }
    }
}

/// A proposal and its approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPersons {
    /// Who proposed it.
    pub proposed: Deed,
    /// Who approved it.
    #[serde(default)]
    pub approved: Option<Deed>,
}

impl TwoPersons {
    pub(crate) fn proposed(who: &Session, at: i64) -> Self {
        Self { proposed: Deed::of(who, at), approved: None }
    }

    /// Approves as the second person; `what` names the proposal.
    ///
    /// # Errors
    /// The proposer themselves, or a proposal that is approved already.
    pub(crate) fn approve(&mut self, what: &str, who: &Session, at: i64) -> Result<(), DeskError> {
        if let Some(deed) = &self.approved {
            return Err(DeskError::not_now(format!("{what} was approved by {} already", deed.name)));
        }
        second_person(what, "proposed", self.proposed.actor, who)?;
        self.approved = Some(Deed::of(who, at));
        Ok(())
    }
}

/// Whether this is another person than the one who did the first part.
///
/// # Errors
/// The same person, told in words: “E-1 was planned by you: …”.
pub(crate) fn second_person(what: &str, did: &str, first: ActorId, who: &Session) -> Result<(), DeskError> {
    match first == who.actor() {
        false => Ok(()),
        true => {
            let why = format!("{what} was {did} by you: a second person must approve it");
            Err(DeskError::not_now(why))
        }
    }
}
