//! Merkle proofs checked by other code than the ledger's, from the algorithms of RFC 9162
//! §2.1.3.2 and §2.1.4.2 and from the definition of the tree.

use sha2::{Digest, Sha256};

type Hash = [u8; 32];

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::digest([&[1u8], left.as_slice(), right.as_slice()].concat()).into()
}

/// The hash of the leaf for a commitment: an entry is 0x01 and the commitment.
pub fn leaf(commitment: &Hash) -> Hash {
    Sha256::digest([&[0u8, 1u8], commitment.as_slice()].concat()).into()
}

/// The root by the definition of RFC 9162 §2.1.1.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node(&root(&leaves[..half]), &root(&leaves[half..]))
        }
    }
}

/// RFC 9162 §2.1.3.2.
pub fn includes(leaf_index: u64, size: u64, proof: &[Hash], leaf: &Hash, root: &Hash) -> bool {
    if leaf_index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (leaf_index, size - 1, *leaf);
    for part in proof {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node(part, &hash);
            while at.is_multiple_of(2) && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, part);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// RFC 9162 §2.1.4.2.
pub fn extends(old: u64, size: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> bool {
    if old == size {
        return proof.is_empty() && old_root == new_root;
    }
    let mut path = proof.to_vec();
    if old.is_power_of_two() {
        path.insert(0, *old_root);
    }
    let Some((first, rest)) = path.split_first() else { return false };
    let (mut at, mut last) = (old - 1, size - 1);
    while at % 2 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut first_root, mut second_root) = (*first, *first);
    for part in rest {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            first_root = node(part, &first_root);
            second_root = node(part, &second_root);
            while at.is_multiple_of(2) && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            second_root = node(&second_root, part);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && first_root == *old_root && second_root == *new_root
}
