//! Who is at the door.

use crate::grants::Grant;
use law::access::Context;
use model::ActorId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What proved somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A token.
    Token,
    /// A password, at the beginning of a session.
    Password,
}

/// A person whose token or password was proved, with the purpose that they gave. Only the desk makes one, so a
/// name alone opens nothing.
#[derive(Debug, Clone)]
pub struct Session {
    context: Arc<Context>,
    /// Restriction groups that they belong to, each for its time, whether that has come or not.
    grants: Vec<Grant>,
    proof: Proof,
}

impl Session {
    pub(crate) fn new(context: Context) -> Self {
        Self { context: Arc::new(context), grants: Vec::new(), proof: Proof::Token }
    }

    pub(crate) fn with_grants(self, grants: Vec<Grant>) -> Self {
        Self { grants, ..self }
    }

    /// The same person, signed in by a password from a device.
    pub(crate) fn by_password(self, device: &str) -> Self {
        let device = Some(device.to_owned()).filter(|device| !device.is_empty());
        let context = Context { device, ..(*self.context).clone() };
        Self { proof: Proof::Password, ..self.changed(context) }
    }

    /// What proved them.
    pub(crate) fn proof(&self) -> Proof {
        self.proof
    }

    fn changed(&self, context: Context) -> Self {
        Self { context: Arc::new(context), grants: self.grants.clone(), proof: self.proof }
    }

    /// The same person for a purpose (DPA 2018 s.36).
    #[must_use]
    pub fn for_purpose(&self, purpose: &str) -> Self {
        let purpose = Some(purpose.trim().to_owned()).filter(|text| !text.is_empty());
        self.changed(Context { purpose, ..(*self.context).clone() })
    }

    /// The same person while they work on a task, case or incident.
    #[must_use]
    pub fn for_task(&self, task: &str) -> Self {
        self.changed(Context { task: Some(task.trim().to_owned()), ..(*self.context).clone() })
    }

    /// The same sitting, with the roles and grants of `now`.
    pub(crate) fn renewed(&self, now: Self) -> Self {
        let Context { purpose, task, device, .. } = (*self.context).clone();
        let context = Context { purpose, task, device, ..(*now.context).clone() };
        Self { proof: self.proof, ..now.changed(context) }
    }

    /// Their name as the log shows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.context.name
    }

    /// The roles that they hold.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<String> {
        &self.context.roles
    }

    /// Who they are.
    #[must_use]
    pub fn actor(&self) -> ActorId {
        self.context.actor
    }

    /// The context of a use case that happens now.
    pub(crate) fn at(&self, now: i64) -> Arc<Context> {
        let mut context = Context { at: now, ..(*self.context).clone() };
        let granted = self.grants.iter().filter(|grant| grant.counts_at(now));
        context.groups.extend(granted.map(|grant| grant.group.clone()));
        Arc::new(context)
    }
}
