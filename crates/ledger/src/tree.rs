//! Merkle tree hashing (RFC 6962 §2.1, RFC 9162 §2.1): leaves, nodes, and the compact range that
//! grows a tree without reading it.

use crate::commitment::Hash;
use sha2::{Digest, Sha256};

/// Root of the tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Hash of a leaf.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0u8]);
    hasher.update(entry);
    hasher.finalize().into()
}

/// Hash of an inner node.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // In one piece: three small ones cost half as much again.
    let mut octets = [1u8; 65];
    octets[1..33].copy_from_slice(left);
    octets[33..].copy_from_slice(right);
    Sha256::digest(octets).into()
}

/// Root of a perfect tree over these hashes (a power of two of them).
#[must_use]
pub fn perfect_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(&perfect_root(left), &perfect_root(right))
        }
    }
}

/// Folds the roots of perfect subtrees, left to right and largest first, into one root.
#[must_use]
pub fn fold_right(subtrees: &[Hash]) -> Hash {
    match subtrees.split_last() {
        None => empty_root(),
        Some((last, rest)) => rest.iter().rev().fold(*last, |right, left| node_hash(left, &right)),
    }
}

/// Splits `begin .. end` into the perfect subtrees `(height, index)` that cover it, left to
/// right; `begin` must be a multiple of every subtree's width that follows, as in RFC 6962.
#[must_use]
pub fn subtrees(begin: u64, end: u64) -> Vec<(u8, u64)> {
    let mut parts = Vec::new();
    let mut at = begin;
    while at < end {
        let left = end - at;
        let widest = 63 - left.leading_zeros();
        let aligned = if at == 0 { 63 } else { at.trailing_zeros() };
        let height = widest.min(aligned) as u8;
        parts.push((height, at >> height));
        at += 1u64 << height;
    }
    parts
}

/// Which subtrees prove leaf `leaf` in a tree of `size`: for each step from the leaf up, the run
/// of leaves whose root is the next hash of the proof (RFC 6962 §2.1.1).
#[must_use]
pub fn inclusion_ranges(leaf: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut begin, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if leaf < middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// Which subtrees prove that the tree of `size` extends the tree of `old` (RFC 6962 §2.1.2).
#[must_use]
pub fn consistency_ranges(old: u64, size: u64) -> Vec<(u64, u64)> {
    if old == 0 || old == size {
        return Vec::new();
    }
    let (mut begin, mut end) = (0, size);
    let mut whole = true;
    let mut ranges = Vec::new();
    while end != old {
        let middle = begin + split(end - begin);
        if old <= middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push((begin, end));
    }
    ranges.reverse();
    ranges
}

/// The largest power of two below `count`, which is above 1.
fn split(count: u64) -> u64 {
    1u64 << (63 - (count - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let (left, right) = many.split_at(split(many.len() as u64) as usize);
                node_hash(&naive(left), &naive(right))
            }
        }
    }

    #[test]
    fn subtrees_fold_to_the_root_of_the_definition() {
        let leaves: Vec<Hash> = (0..70u8).map(|n| leaf_hash(&[n])).collect();
        for size in 0..leaves.len() {
            let parts: Vec<Hash> = subtrees(0, size as u64)
                .into_iter()
                .map(|(height, index)| {
                    let from = (index << height) as usize;
                    perfect_root(&leaves[from..from + (1 << height)])
                })
                .collect();
            assert_eq!(fold_right(&parts), naive(&leaves[..size]), "size {size}");
        }
    }

    #[test]
    fn inclusion_ranges_lead_to_the_root() {
        let leaves: Vec<Hash> = (0..70u8).map(|n| leaf_hash(&[n])).collect();
        for size in 1..leaves.len() {
            for leaf in 0..size {
                let mut hash = leaves[leaf];
                for (from, to) in inclusion_ranges(leaf as u64, size as u64) {
                    let other = naive(&leaves[from as usize..to as usize]);
                    hash =
                        if from > leaf as u64 { node_hash(&hash, &other) } else { node_hash(&other, &hash) };
                }
                assert_eq!(hash, naive(&leaves[..size]), "leaf {leaf} of {size}");
            }
        }
    }
}
