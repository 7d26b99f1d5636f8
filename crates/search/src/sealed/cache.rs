//! Opened text, shared between readers and bounded in octets.
//!
//! Two kinds of pieces are kept: single chunks, and whole *spans* that a reader asked for in one
//! go. The search engine asks for the same spans (a term dictionary, a column) each time it opens
//! a segment, which is at every reload; keeping the span means that a reload costs neither
//! unsealing nor copying, and that two searchers share one copy.
//!
//! A piece is handed out by reference. When it must go while somebody still reads it, it moves to
//! a list of lingering pieces, and is wiped at the next occasion after the last reader let go.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use zeroize::Zeroize;

/// A piece of opened text.
pub(super) type Piece = Arc<[u8]>;

/// The name of a piece: the opened file (numbered within this process), and where it lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PieceKey {
    pub(super) file: u64,
    pub(super) start: u64,
    pub(super) len: usize,
}

/// Whether the cache may keep a piece after its readers let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Keep it as long as there is room.
    WhileRoom,
    /// Only know of it while it is read; for files that are already deleted.
    WhileRead,
}

/// What the cache of a directory holds, and how much work it could not save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Octets of opened text kept for the next reader.
    pub kept: usize,
    /// Octets that no longer count, but that some reader still holds.
    pub lingering: usize,
    /// Chunks unsealed since the directory was opened.
    pub unsealed: u64,
}

/// The cache of a directory.
pub(super) struct Cache {
    state: Mutex<State>,
    unsealed: AtomicU64,
}

struct State {
    kept: LruCache<PieceKey, Piece>,
    /// Octets in `kept`.
    held: usize,
    room: usize,
    /// Pieces that readers still hold but that no longer count towards `room`. They take no
    /// memory that the readers do not take anyway.
    lingering: HashMap<PieceKey, Piece>,
}

impl Cache {
    pub(super) fn new(room: usize) -> Self {
        let state = State { kept: LruCache::unbounded(), held: 0, room, lingering: HashMap::new() };
        Self { state: Mutex::new(state), unsealed: AtomicU64::new(0) }
    }

    pub(super) fn get(&self, key: &PieceKey) -> Option<Piece> {
        self.state().find(key)
    }

    /// Takes a piece in and gives back the one to use: an equal one that another thread put
    /// there first, so that there is only ever one copy.
    pub(super) fn put(&self, key: PieceKey, piece: Piece, keep: Keep) -> Piece {
        let mut state = self.state();
        if let Some(present) = state.find(&key) {
            wipe(piece);
            return present;
        }
        state.sweep();
        // A span that would push out half of everything else is only shared, not kept.
        if keep == Keep::WhileRoom && piece.len() <= state.room / 2 {
            state.keep(key, Arc::clone(&piece));
        } else {
            state.retire(key, Arc::clone(&piece));
        }
        piece
    }

    /// Lets go of everything that came from an opened file.
    pub(super) fn forget(&self, file: u64) {
        let mut state = self.state();
        let keys: Vec<PieceKey> =
            state.kept.iter().map(|(key, _)| *key).filter(|key| key.file == file).collect();
        for key in keys {
            state.drop_kept(&key);
        }
        state.sweep();
    }

    /// Counts one unsealed chunk.
    pub(super) fn count_unsealed(&self) {
        self.unsealed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn usage(&self) -> Usage {
        let mut state = self.state();
        state.sweep();
        Usage {
            kept: state.held,
            lingering: state.lingering.values().map(|piece| piece.len()).sum(),
            unsealed: self.unsealed.load(Ordering::Relaxed),
        }
    }

    /// The state is whole between any two calls, so a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&mut self, key: &PieceKey) -> Option<Piece> {
        self.kept.get(key).or_else(|| self.lingering.get(key)).map(Arc::clone)
    }

    fn keep(&mut self, key: PieceKey, piece: Piece) {
        self.held += piece.len();
        if let Some(replaced) = self.kept.put(key, piece) {
            self.held -= replaced.len();
        }
        while self.held > self.room {
            let Some((oldest, piece)) = self.kept.pop_lru() else {
                break;
            };
            self.held -= piece.len();
            self.retire(oldest, piece);
        }
    }

    fn drop_kept(&mut self, key: &PieceKey) {
        if let Some(piece) = self.kept.pop(key) {
            self.held -= piece.len();
            self.retire(*key, piece);
        }
    }

    fn retire(&mut self, key: PieceKey, piece: Piece) {
        if let Some(in_use) = wipe(piece) {
            self.lingering.insert(key, in_use);
        }
    }

    /// Wipes the lingering pieces whose readers are gone.
    fn sweep(&mut self) {
        self.lingering.retain(|_, piece| match Arc::get_mut(piece) {
            Some(text) => {
                text.zeroize();
                false
            }
            None => true,
        });
    }
}

impl Drop for State {
    fn drop(&mut self) {
        while let Some((key, piece)) = self.kept.pop_lru() {
            self.retire(key, piece);
        }
        self.sweep();
    }
}

/// Wipes a piece that nobody reads; gives it back when somebody does.
fn wipe(mut piece: Piece) -> Option<Piece> {
    match Arc::get_mut(&mut piece) {
        Some(text) => {
            text.zeroize();
            None
        }
        None => Some(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(file: u64, start: u64) -> PieceKey {
        PieceKey { file, start, len: 10 }
    }

    fn piece() -> Piece {
        Arc::from([7u8; 10].as_slice())
    }

    fn usage(cache: &Cache) -> (usize, usize) {
        let usage = cache.usage();
        (usage.kept, usage.lingering)
    }

    #[test]
    fn the_oldest_piece_goes_when_there_is_no_room() {
        let cache = Cache::new(30);
        for start in 0..3 {
            cache.put(key(1, start), piece(), Keep::WhileRoom);
        }
        assert!(cache.get(&key(1, 0)).is_some());
        cache.put(key(1, 3), piece(), Keep::WhileRoom);
        assert!(cache.get(&key(1, 1)).is_none(), "least recently used");
        assert!(cache.get(&key(1, 0)).is_some());
        assert_eq!(usage(&cache), (30, 0));
    }

    #[test]
    fn a_piece_in_use_lingers_until_its_reader_lets_go() {
        let cache = Cache::new(1000);
        let held = cache.put(key(1, 0), piece(), Keep::WhileRoom);
        cache.put(key(1, 1), piece(), Keep::WhileRoom);
        cache.put(key(2, 0), piece(), Keep::WhileRoom);
        cache.forget(1);
        assert_eq!(usage(&cache), (10, 10));
        assert_eq!(*held, [7u8; 10]);
        assert!(Arc::ptr_eq(&held, &cache.get(&key(1, 0)).unwrap()), "shared while it lives");
        drop(held);
        assert_eq!(usage(&cache), (10, 0));
        assert!(cache.get(&key(1, 0)).is_none());
    }

    #[test]
    fn what_is_too_big_or_deleted_is_shared_but_not_kept() {
        let cache = Cache::new(15);
        let big = cache.put(key(1, 0), piece(), Keep::WhileRoom);
        assert_eq!(usage(&cache), (0, 10));
        drop(big);
        assert_eq!(usage(&cache), (0, 0));
        drop(cache.put(key(1, 0), piece(), Keep::WhileRead));
        assert_eq!(usage(&cache), (0, 0));
    }

    #[test]
    fn the_second_of_two_equal_pieces_gives_way() {
        let cache = Cache::new(100);
        let first = cache.put(key(1, 0), piece(), Keep::WhileRoom);
        let second = cache.put(key(1, 0), piece(), Keep::WhileRoom);
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(usage(&cache), (10, 0));
    }
}
