//! The Merkle tree, recomputed (RFC 6962 §2.1), in memory that grows by 32 octets for 256 leaves.

use tlog_tiles::{EMPTY_HASH, Hash, node_hash};

/// Leaves of one full bundle or of one full level-0 tile.
pub(crate) const BUNDLE: u64 = 256;
/// How many levels of the tree one tile spans.
const TILE_HEIGHT: u8 = 8;

/// The roots of the perfect subtrees of a run of leaves, left to right, with their heights.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Peaks {
    peaks: Vec<(u8, Hash)>,
}

impl Peaks {
    /// The peaks of a run of leaf hashes.
    pub fn of_leaves(leaves: &[Hash]) -> Self {
        let mut peaks = Self::default();
        leaves.iter().for_each(|leaf| peaks.push(0, *leaf));
        peaks
    }

    /// Adds a perfect subtree at the right. Its height is at most that of the lowest so far.
    pub fn push(&mut self, height: u8, hash: Hash) {
        let (mut height, mut hash) = (height, hash);
        while let Some((_, left)) = self.peaks.pop_if(|(last, _)| *last == height) {
            hash = node_hash(left, hash);
            height = height.saturating_add(1);
        }
        self.peaks.push((height, hash));
    }

    /// Adds all of another run at the right.
    pub fn extend(&mut self, other: &Self) {
        other.peaks.iter().for_each(|(height, hash)| self.push(*height, *hash));
    }

    /// The root of the tree that these peaks make.
    pub fn root(&self) -> Hash {
        let mut from_right = self.peaks.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = from_right.next() else { return EMPTY_HASH };
        from_right.fold(last, |right, left| node_hash(left, right))
    }

    /// The one node, where the run is exactly one full tile.
    pub fn tile_node(&self) -> Option<Hash> {
        match self.peaks.as_slice() {
            [(TILE_HEIGHT, hash)] => Some(*hash),
            _ => None,
        }
    }
}

/// The recomputed tree: a node for each full bundle, and the peaks of the rest.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Hash>,
    tail: Peaks,
}

impl Tree {
    /// Adds the next bundle; only the last may be partial.
    pub fn push(&mut self, bundle: &Peaks) {
        match bundle.tile_node() {
            Some(node) => self.nodes.push(node),
            None => self.tail = bundle.clone(),
        }
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut peaks = self.first_bundles(self.nodes.len());
        peaks.extend(&self.tail);
        peaks.root()
    }

    /// The root of the first `bundles` full bundles and some leaves after them; none where the
    /// tree is shorter.
    pub fn root_of_prefix(&self, bundles: u64, leaves_after: &[Hash]) -> Option<Hash> {
        let bundles = usize::try_from(bundles).ok().filter(|bundles| *bundles <= self.nodes.len())?;
        let mut peaks = self.first_bundles(bundles);
        peaks.extend(&Peaks::of_leaves(leaves_after));
        Some(peaks.root())
    }

    /// The nodes that the tiles of level 1, 2 … list.
    pub fn levels(&self) -> Vec<Vec<Hash>> {
        let mut levels = Vec::new();
        let mut nodes = self.nodes.clone();
        while !nodes.is_empty() {
            let above =
                nodes.chunks(BUNDLE as usize).filter_map(|tile| Peaks::of_leaves(tile).tile_node()).collect();
            levels.push(std::mem::replace(&mut nodes, above));
        }
        levels
    }

    fn first_bundles(&self, bundles: usize) -> Peaks {
        let mut peaks = Peaks::default();
        self.nodes.iter().take(bundles).for_each(|node| peaks.push(TILE_HEIGHT, *node));
        peaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tlog_tiles::record_hash;

    /// The root by the recursive words of RFC 6962 §2.1.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_HASH,
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(by_definition(&leaves[..split]), by_definition(&leaves[split..]))
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|leaf| record_hash(&leaf.to_be_bytes())).collect()
    }

    #[test]
    fn the_root_is_that_of_the_definition_at_every_size() {
        let leaves = leaves(1_100);
        for size in (0..40).chain(250..260).chain(510..516).chain([1_023, 1_024, 1_100]) {
            let mut tree = Tree::default();
            leaves[..size].chunks(256).for_each(|bundle| tree.push(&Peaks::of_leaves(bundle)));
            assert_eq!(tree.root(), by_definition(&leaves[..size]), "{size} leaves");
        }
    }

    #[test]
    fn the_root_of_a_prefix_is_the_root_it_had() {
        let leaves = leaves(800);
        let mut tree = Tree::default();
        leaves.chunks(256).for_each(|bundle| tree.push(&Peaks::of_leaves(bundle)));
        for size in [0, 1, 255, 256, 257, 512, 700, 768, 799] {
            let full = size / 256;
            let root = tree.root_of_prefix(full as u64, &leaves[full * 256..size]);
            assert_eq!(root, Some(by_definition(&leaves[..size])), "{size} leaves");
        }
        assert_eq!(tree.root_of_prefix(4, &[]), None);
    }
}
