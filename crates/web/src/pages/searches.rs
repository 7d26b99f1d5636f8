//! What was searched for lately, by whom: kept in memory under a name that tells nothing, so that an
//! address never holds a query, which may be a person's name.

use model::ActorId;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Searches that are kept; the oldest go.
const MOST: usize = 20_000;
/// Searches that one person's home page shows.
pub(crate) const SHOWN: usize = 8;

/// The searches of a server, newest last. They are gone when it stops: whoever comes back to one then
/// searches again.
#[derive(Debug, Default)]
pub(crate) struct Searches(Mutex<VecDeque<Search>>);

/// One search.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// Its name in addresses.
    pub name: String,
    /// What was typed.
    pub query: String,
    actor: ActorId,
}

impl Searches {
    /// Keeps a query of somebody; gives its name. The same query of the same person keeps its name.
    pub(crate) fn keep(&self, actor: ActorId, query: &str) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.iter().position(|search| search.actor == actor && search.query == query);
        let search = before.and_then(|at| kept.remove(at)).unwrap_or_else(|| Search {
            name: uuid::Uuid::new_v4().simple().to_string(),
            query: query.to_owned(),
            actor,
        });
        let name = search.name.clone();
        kept.push_back(search);
        if kept.len() > MOST {
            kept.pop_front();
        }
        name
    }

    /// What somebody searched for under a name; nobody else's is found.
    pub(crate) fn query(&self, actor: ActorId, name: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = kept.iter().filter(|search| search.actor == actor && search.name == name);
        found.next().map(|search| search.query.clone())
    }

    /// What somebody searched for lately, the newest first.
    pub(crate) fn of(&self, actor: ActorId) -> Vec<Search> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().filter(|search| search.actor == actor).take(SHOWN).cloned().collect()
    }

    /// Forgets what somebody searched for.
    pub(crate) fn forget(&self, actor: ActorId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|search| search.actor != actor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_found_by_whoever_made_it_and_by_nobody_else() {
        let searches = Searches::default();
        let (one, two) = (ActorId(uuid::Uuid::from_u128(1)), ActorId(uuid::Uuid::from_u128(2)));
        let name = searches.keep(one, "anna smith");
        assert_eq!(searches.query(one, &name).as_deref(), Some("anna smith"));
        assert_eq!(searches.query(two, &name), None);
        assert_eq!(searches.keep(one, "anna smith"), name);
        assert_eq!(searches.of(one).len(), 1);
        searches.forget(one);
        assert_eq!(searches.query(one, &name), None);
    }
}
