//! Tiles (C2SP tlog-tiles): 256 hashes each, at levels that are eight tree levels apart; their
//! paths, and the hashes of any run of leaves read from them.

use crate::commitment::Hash;
use crate::error::LedgerError;
use crate::store::EntryStore;
use crate::tree;
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;

/// Path of a tile or bundle number as tlog-tiles writes it: `x001/x234/067`.
#[must_use]
pub fn number_path(number: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// Path of a tile, `.p/W` where it is partial.
#[must_use]
pub fn tile_path(level: &str, number: u64, width: u64) -> String {
    let partial = if width < WIDTH { format!(".p/{width}") } else { String::new() };
    format!("tile/{level}/{}{partial}", number_path(number))
}

/// The tiles of one level in a tree of `size`: number and width of each.
pub fn level_tiles(level: u8, size: u64) -> impl Iterator<Item = (u64, u64)> {
    let hashes = size.checked_shr(u32::from(level) * 8).unwrap_or(0);
    (0..hashes.div_ceil(WIDTH)).map(move |number| (number, (hashes - number * WIDTH).min(WIDTH)))
}

/// A tile with the roots of all its perfect subtrees: `rows[h][i]` covers hashes
/// `i × 2^h .. (i + 1) × 2^h`.
struct Tile {
    rows: Vec<Vec<Hash>>,
}

impl Tile {
    fn new(octets: &[u8]) -> Self {
        let mut rows = vec![octets.as_chunks::<32>().0.to_vec()];
        while let Some(row) = rows.last().filter(|row| row.len() > 1) {
            let pairs = row.as_chunks::<2>().0.iter();
            let above = pairs.map(|[left, right]| tree::node_hash(left, right)).collect();
            rows.push(above);
        }
        Self { rows }
    }

    fn root(&self, height: u8, index: u64) -> Option<Hash> {
        self.rows.get(usize::from(height))?.get(usize::try_from(index).ok()?).copied()
    }
}

/// Tiles read lately. While the store is the same, hashes are only ever added to a tile, so a cached one
/// is a true prefix of the stored one and is read again only when more of it is needed.
pub(crate) struct TileCache(Mutex<LruCache<(u8, u64), Arc<Tile>>>);

impl TileCache {
    /// Room for this many tiles, about 16 KiB each.
    pub fn new(tiles: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(tiles)))
    }

    fn get(&self, level: u8, number: u64) -> Option<Arc<Tile>> {
        self.0.lock().ok()?.get(&(level, number)).cloned()
    }

    /// Forgets all: a fault of the store may have undone places, which come again with other leaves.
    pub fn clear(&self) {
        if let Ok(mut tiles) = self.0.lock() {
            tiles.clear();
        }
    }

    fn put(&self, level: u8, number: u64, tile: &Arc<Tile>) {
        if let Ok(mut tiles) = self.0.lock() {
            tiles.put((level, number), Arc::clone(tile));
        }
    }
}

/// Reads subtrees from a store's tiles.
pub(crate) struct TileReader<'a, S> {
    store: &'a S,
    cache: &'a TileCache,
}

impl<'a, S: EntryStore> TileReader<'a, S> {
    /// A reader over a store.
    pub fn new(store: &'a S, cache: &'a TileCache) -> Self {
        Self { store, cache }
    }

    /// The root of the leaves `begin .. end`, a run that RFC 6962 names in a proof or a whole tree.
    pub async fn root(&self, begin: u64, end: u64) -> Result<Hash, LedgerError> {
        let mut parts = Vec::new();
        for (height, index) in tree::subtrees(begin, end) {
            parts.push(self.subtree(height, index).await?);
        }
        Ok(tree::fold_right(&parts))
    }

    /// The root of the perfect subtree of `2^height` leaves that starts at `index × 2^height`.
    async fn subtree(&self, height: u8, index: u64) -> Result<Hash, LedgerError> {
        let (level, within) = (height / 8, height % 8);
        let first = index << within;
        let number = first / WIDTH;
        let place = (first % WIDTH) >> within;
        if let Some(hash) = self.cache.get(level, number).and_then(|tile| tile.root(within, place)) {
            return Ok(hash);
        }
        let octets = self.store.tile(level, number).await?;
        let octets = octets.ok_or(LedgerError::Malformed("a tile of the tree is missing"))?;
        let tile = Arc::new(Tile::new(&octets));
        self.cache.put(level, number, &tile);
        tile.root(within, place).ok_or(LedgerError::Malformed("a tile of the tree is short"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_tlog_tiles() {
        assert_eq!(tile_path("0", 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile_path("entries", 0, 7), "tile/entries/000.p/7");
        assert_eq!(tile_path("1", 999, 256), "tile/1/999");
    }

    #[test]
    fn a_level_has_as_many_hashes_as_full_tiles_below() {
        let at = |level, size| level_tiles(level, size).collect::<Vec<_>>();
        assert_eq!(at(0, 257), vec![(0, 256), (1, 1)]);
        assert_eq!(at(1, 257), vec![(0, 1)]);
        assert_eq!(at(1, 255), vec![]);
    }
}
