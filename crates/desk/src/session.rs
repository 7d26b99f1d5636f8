//! Who is at the door.

use crate::grants::Grant;
use law::access::Context;
use model::ActorId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A person whose token was proved, with the purpose that they gave. Only the desk makes one, so a
/// name alone opens nothing.
#[derive(Debug, Clone)]
pub struct Session {
    context: Arc<Context>,
    /// Restriction groups that they belong to, each for its time, whether that has come or not.
    grants: Vec<Grant>,
}

impl Session {
    pub(crate) fn new(context: Context) -> Self {
        Self { context: Arc::new(context), grants: Vec::new() }
    }

    pub(crate) fn with_grants(self, grants: Vec<Grant>) -> Self {
        Self { grants, ..self }
    }

    fn changed(&self, context: Context) -> Self {
        Self { context: Arc::new(context), grants: self.grants.clone() }
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
        let (purpose, task) = (self.context.purpose.clone(), self.context.task.clone());
        let context = Context { purpose, task, ..(*now.context).clone() };
        now.changed(context)
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
