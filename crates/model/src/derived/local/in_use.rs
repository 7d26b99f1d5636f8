//! The declarations that this program works with.

use super::{LocalField, LocalFields, accept};
use crate::codes::CodeList;
use crate::kinds;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// A force's own code lists by name.
pub type Lists = BTreeMap<String, CodeList>;

/// Everything that a force has declared for itself, checked.
#[derive(Debug, Default)]
pub struct OfForce {
    fields: BTreeMap<u16, LocalFields>,
    lists: Lists,
}

impl OfForce {
    /// Checks the lists and the fields of a force, each field with the name of its kind.
    ///
    /// # Errors
    /// Every fault, in words, with the name of the field.
    pub fn accept(lists: Lists, fields: &[(String, LocalField)]) -> Result<Self, Vec<String>> {
        let mut of_force = Self { fields: BTreeMap::new(), lists };
        let mut faults = Vec::new();
        for kind in kinds::ALL {
            let own = fields.iter().filter(|(of, _)| of == kind.name).map(|(_, own)| own.clone());
            let own: Vec<LocalField> = own.collect();
            match accept(kind, &own, &of_force.lists) {
                _ if own.is_empty() => {}
                Ok(accepted) => drop(of_force.fields.insert(kind.number, accepted)),
                Err(found) => faults.extend(found),
            }
        }
        let stray = fields.iter().filter(|(of, _)| kinds::by_name(of).is_none());
        faults.extend(stray.map(|(of, own)| format!("{}: there is no kind “{of}”", own.name)));
        if faults.is_empty() { Ok(of_force) } else { Err(faults) }
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.lists.is_empty()
    }
}

/// `None` where the force has declared nothing. What stands here lives as long as the program, so that a
/// declaration is a plain reference, whether it is ours or the force's.
static IN_USE: RwLock<Option<&'static OfForce>> = RwLock::new(None);

/// How often [`IN_USE`] was replaced.
static TURN: AtomicU64 = AtomicU64::new(0);

/// Works with these declarations from now on, in the whole program: a program works for one force. What was
/// read before stays valid.
pub fn begin_use(of_force: OfForce) {
    let mut in_use = IN_USE.write().unwrap_or_else(PoisonError::into_inner);
    if in_use.is_none() && of_force.is_empty() {
        return;
    }
    *in_use = Some(Box::leak(Box::new(of_force)));
    TURN.fetch_add(1, Ordering::Release);
}

/// Which declarations these are: another number once they were replaced.
#[must_use]
pub fn turn() -> u64 {
    TURN.load(Ordering::Acquire)
}

fn in_use() -> Option<&'static OfForce> {
    // Most forces have none, and then nobody waits for anybody.
    if turn() == 0 {
        return None;
    }
    *IN_USE.read().unwrap_or_else(PoisonError::into_inner)
}

/// The force's own fields of a kind.
pub(crate) fn of_kind(kind: u16) -> Option<&'static LocalFields> {
    in_use()?.fields.get(&kind)
}

/// The force's own list with this name.
pub(crate) fn list(id: &str) -> Option<&'static CodeList> {
    in_use()?.lists.get(id)
}

/// The force's own lists, ascending by name.
pub(crate) fn lists() -> impl Iterator<Item = &'static CodeList> {
    in_use().into_iter().flat_map(|of_force| of_force.lists.values())
}
