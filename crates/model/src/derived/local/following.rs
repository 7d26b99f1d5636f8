//! What is worked out once of all declarations, and again when a force has declared anew.

use super::in_use::turn;
use std::sync::{PoisonError, RwLock};

/// A value that follows from the declarations of all kinds: names that a query may use, paths of names of
/// people. It is worked out when it is first asked for, and again once a force's own fields were replaced.
#[derive(Debug)]
pub struct Following<T: 'static> {
    make: fn() -> T,
    made: RwLock<Option<(u64, &'static T)>>,
}

impl<T: 'static> Following<T> {
    /// A value that `make` works out.
    #[must_use]
    pub const fn new(make: fn() -> T) -> Self {
        Self { make, made: RwLock::new(None) }
    }

    /// The value by the declarations of now. Like those it lives as long as the program.
    pub fn get(&self) -> &'static T {
        let now = turn();
        let made = *self.made.read().unwrap_or_else(PoisonError::into_inner);
        match made {
            Some((turn, value)) if turn == now => value,
            _ => self.make_anew(now),
        }
    }

    fn make_anew(&self, now: u64) -> &'static T {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = made.filter(|(turn, _)| *turn == now) {
            return value;
        }
        let value: &'static T = Box::leak(Box::new((self.make)()));
        *made = Some((now, value));
        value
    }
}
