//! What the program's own log says of entries, once they are durable: for those who watch over the machines
//! of a force, and may know of no record. An event has a name that stays, the account by its random id, and
//! words of ours; never a name, a reference, a purpose, a query or anything else that somebody typed.
//! docs/running.md lists the names.

use crate::entry::{Detail, LogIn};
use law::access::{Act, Action, Permit, Refusal, Why};
use model::ActorId;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The target under which events stand in the program's log.
pub const TARGET: &str = "bluelamp::events";

/// An entry as those may know of it who watch over the machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    name: &'static str,
    actor: Option<ActorId>,
    /// What was wanted or shown, in words of ours.
    of: &'static str,
    /// Why not, in words of ours; empty where nothing was refused.
    why: &'static str,
}

impl Event {
    /// Of a change that is permitted. Most changes of records are none: the force's log has them.
    pub fn of_change(permit: &Permit, detail: &Detail) -> Option<Self> {
        let operation = detail.operation.unwrap_or(permit.operation());
        let name = detail.event.or_else(|| name_of_change(permit, operation))?;
        Some(Self::of_permit(permit, name))
    }

    /// Of a sight that is permitted.
    pub fn of_sight(permit: &Permit, detail: &Detail) -> Option<Self> {
        let name = detail.event.or(match permit.act() {
            Some(Act::Disclose) => Some("answers-disclosed"),
            Some(Act::ReadLog) => Some("log-read"),
            Some(Act::ExportLog) => Some("log-exported"),
            Some(Act::Maintain) => Some("system-maintained"),
            _ => None,
        })?;
        Some(Self::of_permit(permit, name))
    }

    fn of_permit(permit: &Permit, name: &'static str) -> Self {
        let of = permit.act().map(Act::row).or_else(|| permit.action().map(Action::row));
        Self { name, actor: Some(permit.context().actor), of: of.unwrap_or_default(), why: "" }
    }

    /// Of a refusal. Whether something exists is told here no more than to whoever asked.
    pub fn of_refusal(refusal: &Refusal) -> Self {
        let why = match refusal.why {
            Why::NotFound | Why::AskOwner(_) => "withheld",
            Why::Role => "role",
            Why::NoPurpose => "no purpose",
        };
        Self { name: "access-refused", actor: Some(refusal.context.actor), of: refusal.wanted, why }
    }

    /// Of a sign-in.
    pub fn of_log_in(log_in: LogIn<'_>) -> Self {
        match log_in {
            LogIn::By { context, how } => {
                let of = if how.is_some() { "password" } else { "token" };
                Self { name: "sign-in-accepted", actor: Some(context.actor), of, why: "" }
            }
            LogIn::Failed { ground, whom, locks, .. } => {
                let name = if locks { "sign-in-locked" } else { "sign-in-refused" };
                Self { name, actor: whom, of: "sign-in", why: ground }
            }
        }
    }

    fn tell(self) {
        let actor = self.actor.map(|actor| actor.0.to_string()).unwrap_or_default();
        let Self { name, of, why, .. } = self;
        match why {
            "" => tracing::info!(target: TARGET, event = name, actor, of),
            _ => tracing::warn!(target: TARGET, event = name, actor, of, why),
        }
    }
}

/// The name of what changed, where it concerns more than one record.
fn name_of_change(permit: &Permit, operation: &str) -> Option<&'static str> {
    let Some(act) = permit.act() else {
        return match (permit.action()?, operation) {
            (Action::Erase, "plan") => Some("erasure-planned"),
            (Action::Erase, "erasure") => Some("erasure-done"),
            (Action::Erase, "certificate") => Some("erasure-certified"),
            _ => None,
        };
    };
    match act {
        Act::ApproveErasure => Some("erasure-approved"),
        Act::ReviewBreakGlass => Some("break-glass-reviewed"),
        Act::PlaceHold => Some("hold-changed"),
        Act::ProposeGrant => Some("grant-proposed"),
        Act::ApproveGrant => Some("grant-approved"),
        Act::ProposeMatrix => Some("matrix-proposed"),
        Act::ApproveMatrix => Some("matrix-approved"),
        Act::Disclose => Some("answers-disclosed"),
        Act::ExportLog => Some("log-exported"),
        Act::EraseLog => Some("log-erased"),
        Act::ManageUsers => Some("account-changed"),
        Act::Maintain => Some("system-maintained"),
        _ => None,
    }
}

/// How often each event came about since this process began.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<BTreeMap<&'static str, u64>>);

impl Tally {
    /// Tells events whose entries are durable, and counts them.
    pub fn tell(&self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(event.name).or_default() += 1;
            event.tell();
        }
    }

    /// The counts by name.
    pub fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
