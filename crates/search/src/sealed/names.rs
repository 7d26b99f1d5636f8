//! One at a time for each file: while a file and its key come, change, go or are opened, nobody
//! else touches the same name, so that no file is ever opened with the key of another text. Other
//! files do not wait: deleting many takes the keystore a while, and a commit must not stand behind
//! it.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The names that somebody works on.
#[derive(Default)]
pub(super) struct Names {
    busy: Mutex<HashSet<String>>,
    freed: Condvar,
}

/// The right to work on one name; it ends when dropped.
pub(super) struct Turn<'a> {
    names: &'a Names,
    name: &'a str,
}

impl Names {
    /// Waits until nobody works on this name.
    pub(super) fn take<'a>(&'a self, name: &'a str) -> Turn<'a> {
        let mut busy = self.busy();
        while busy.contains(name) {
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.insert(name.to_owned());
        Turn { names: self, name }
    }

    /// The set is whole between any two calls, so a panic elsewhere does not spoil it.
    fn busy(&self) -> MutexGuard<'_, HashSet<String>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.names.busy().remove(self.name);
        self.names.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn one_name_waits_and_another_does_not() {
        let names = Names::default();
        let inside = AtomicU32::new(0);
        let other = names.take("other");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let _turn = names.take("one");
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        std::hint::spin_loop();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        drop(other);
        drop(names.take("other"));
    }
}
