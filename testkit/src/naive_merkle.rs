//! RFC 9162 section 2.1 over SHA-256, written as the RFC writes it: slow, recursive, plainly right.
//!
//! It is the oracle for the real implementation, so it shares nothing with it. `D[n]` of the RFC is a slice of entries.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// `HASH(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// `HASH(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The largest power of two smaller than `n`, for `n` greater than one.
fn split(n: u64) -> u64 {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// Entries of a list before and after the split.
fn halves<E>(entries: &[E]) -> (&[E], &[E]) {
    entries.split_at(split(entries.len() as u64) as usize)
}

/// `MTH(D[n])`, RFC 9162 2.1.1.
pub fn root<E: AsRef<[u8]>>(entries: &[E]) -> Hash {
    match entries {
        [] => Sha256::digest([]).into(),
        [entry] => leaf_hash(entry.as_ref()),
        _ => {
            let (left, right) = halves(entries);
            node_hash(&root(left), &root(right))
        }
    }
}

/// `PATH(m, D[n])`, RFC 9162 2.1.3.1: proves that entry `index` is in the tree of all `entries`.
///
/// # Panics
///
/// If there is no entry `index`.
pub fn inclusion_path<E: AsRef<[u8]>>(index: usize, entries: &[E]) -> Vec<Hash> {
    assert!(index < entries.len(), "no entry {index} among {}", entries.len());
    if entries.len() == 1 {
        return Vec::new();
    }
    let (left, right) = halves(entries);
    let (mut path, sibling) = if index < left.len() {
        (inclusion_path(index, left), root(right))
    } else {
        (inclusion_path(index - left.len(), right), root(left))
    };
    path.push(sibling);
    path
}

/// `PROOF(m, D[n])`, RFC 9162 2.1.4.1: proves that the tree of the first `old_size` entries is a start of this one.
///
/// # Panics
///
/// If `old_size` is zero or more than there are entries.
pub fn consistency_path<E: AsRef<[u8]>>(old_size: usize, entries: &[E]) -> Vec<Hash> {
    assert!(
        0 < old_size && old_size <= entries.len(),
        "no proof from {old_size} to {}",
        entries.len()
    );
    subproof(old_size, entries, true)
}

/// `SUBPROOF(m, D[n], b)`.
fn subproof<E: AsRef<[u8]>>(old_size: usize, entries: &[E], complete: bool) -> Vec<Hash> {
    if old_size == entries.len() {
        return if complete { Vec::new() } else { vec![root(entries)] };
    }
    let (left, right) = halves(entries);
    let (mut path, other) = if old_size <= left.len() {
        (subproof(old_size, left, complete), root(right))
    } else {
        (subproof(old_size - left.len(), right, false), root(left))
    };
    path.push(other);
    path
}

/// The root that an inclusion path leads to; `None` if the path has another length than index and size ask for.
pub fn root_from_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (sibling, path) = path.split_last()?;
    let k = split(size);
    Some(if index < k {
        node_hash(&root_from_inclusion(leaf, index, k, path)?, sibling)
    } else {
        node_hash(sibling, &root_from_inclusion(leaf, index - k, size - k, path)?)
    })
}

/// Whether the path proves that the leaf is entry `index` of the tree with this size and root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> bool {
    root_from_inclusion(leaf, index, size, path) == Some(root)
}

/// Whether the path proves that the tree of `old_size` entries is a start of the tree of `new_size` entries.
///
/// No path proves anything about an empty old tree; that of equal sizes is empty.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    path: &[Hash],
    old_root: Hash,
    new_root: Hash,
) -> bool {
    if old_size == 0 || old_size > new_size {
        return false;
    }
    roots_from_consistency(old_size, new_size, path, true, old_root) == Some((old_root, new_root))
}

/// `SUBPROOF` read backwards: the old and the new root of a subtree. A complete subtree is the whole old tree, whose
/// root the path leaves out.
fn roots_from_consistency(
    m: u64,
    n: u64,
    path: &[Hash],
    complete: bool,
    old_root: Hash,
) -> Option<(Hash, Hash)> {
    if m == n {
        return match (complete, path) {
            (true, []) => Some((old_root, old_root)),
            (false, [hash]) => Some((*hash, *hash)),
            _ => None,
        };
    }
    let (other, path) = path.split_last()?;
    let k = split(n);
    Some(if m <= k {
        let (old, new) = roots_from_consistency(m, k, path, complete, old_root)?;
        (old, node_hash(&new, other))
    } else {
        let (old, new) = roots_from_consistency(m - k, n - k, path, false, old_root)?;
        (node_hash(other, &old), node_hash(other, &new))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(n: u8) -> Vec<[u8; 1]> {
        (0..n).map(|i| [i]).collect()
    }

    /// RFC 6962's published reference tree of eight leaves.
    #[test]
    fn published_roots() {
        let leaves = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let leaves: Vec<_> = leaves.iter().map(|leaf| hex::decode(leaf).unwrap()).collect();
        let expect =
            |n: usize, text: &str| assert_eq!(hex::encode(root(&leaves[..n])), text, "size {n}");
        expect(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        expect(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        expect(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn every_proof_of_small_trees_verifies_and_no_other_place() {
        for n in 1..=20u8 {
            let entries = entries(n);
            let (size, head) = (u64::from(n), root(&entries));
            for index in 0..n {
                let path = inclusion_path(usize::from(index), &entries);
                let leaf = leaf_hash(&[index]);
                for claimed in 0..=size {
                    let verdict = verify_inclusion(leaf, claimed, size, &path, head);
                    assert_eq!(verdict, claimed == u64::from(index), "{index} as {claimed} of {n}");
                }
                assert!(!verify_inclusion(
                    leaf,
                    u64::from(index),
                    size,
                    &path,
                    leaf_hash(b"other")
                ));
            }
        }
    }

    #[test]
    fn every_consistency_path_of_small_trees_verifies_and_no_broken_one() {
        for n in 1..=20u8 {
            let entries = entries(n);
            let (size, head) = (u64::from(n), root(&entries));
            for m in 1..=n {
                let old = root(&entries[..usize::from(m)]);
                let path = consistency_path(usize::from(m), &entries);
                assert!(verify_consistency(u64::from(m), size, &path, old, head), "{m} to {n}");
                assert!(!verify_consistency(u64::from(m), size, &path, leaf_hash(b"other"), head));
                for broken in 0..path.len() {
                    let mut changed = path.clone();
                    changed[broken][0] ^= 1;
                    assert!(!verify_consistency(u64::from(m), size, &changed, old, head));
                }
                let longer = [path.as_slice(), &[head]].concat();
                assert!(!verify_consistency(u64::from(m), size, &longer, old, head));
            }
        }
        assert!(!verify_consistency(0, 1, &[], root(&entries(0)), root(&entries(1))));
        assert!(!verify_consistency(2, 1, &[], root(&entries(2)), root(&entries(1))));
    }
}
