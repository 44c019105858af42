//! The definitions of the texts, word for word and as slow as that is. Nothing here is shared with the crate.

#![allow(dead_code, reason = "each test crate uses its part")]

use std::collections::HashMap;

use merkle_proof::{CcfLedger, Rfc9162Tree, TreeHash, TreeKind};

/// A tree hash that is quick in a debug build: one multiplication a byte. Not collision resistant, good enough to tell
/// structures apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Toy<K>(std::marker::PhantomData<K>);

pub(crate) const TOY: Toy<Rfc9162Tree> = Toy(std::marker::PhantomData);
pub(crate) const CCF_TOY: Toy<CcfLedger> = Toy(std::marker::PhantomData);

impl<K: TreeKind> TreeHash for Toy<K> {
    type Kind = K;
    type Hash = [u8; 8];

    fn empty(&self) -> [u8; 8] {
        [0xee; 8]
    }

    fn leaf(&self, entry: &[&[u8]]) -> [u8; 8] {
        let bytes = entry.iter().flat_map(|part| part.iter());
        let text = bytes.fold(1_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        mix(text).to_be_bytes()
    }

    fn node(&self, left: &[u8; 8], right: &[u8; 8]) -> [u8; 8] {
        let (left, right) = (u64::from_be_bytes(*left), u64::from_be_bytes(*right));
        mix(left ^ mix(right).rotate_left(23)).to_be_bytes()
    }
}

fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (word ^ (word >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

pub(crate) fn entry(index: u64) -> [u8; 4] {
    u32::try_from(index).unwrap().to_be_bytes()
}

/// The largest power of two smaller than `n`.
pub(crate) fn split(n: u64) -> u64 {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// `D[start:end]` by its hash and its proofs.
pub(crate) struct Naive<T: TreeHash> {
    pub(crate) tree: T,
    known: HashMap<(u64, u64), T::Hash>,
}

impl<T: TreeHash> Naive<T> {
    pub(crate) fn new(tree: T) -> Self {
        Self { tree, known: HashMap::new() }
    }

    /// `MTH(D[start:end])` of RFC 9162 2.1.1.
    pub(crate) fn mth(&mut self, start: u64, end: u64) -> T::Hash {
        if let Some(hash) = self.known.get(&(start, end)) {
            return *hash;
        }
        let hash = match end - start {
            0 => self.tree.empty(),
            1 => self.tree.leaf(&[&entry(start)]),
            n => {
                let middle = start + split(n);
                let (left, right) = (self.mth(start, middle), self.mth(middle, end));
                self.tree.node(&left, &right)
            }
        };
        self.known.insert((start, end), hash);
        hash
    }

    /// `PATH(m, D[start:end])` of RFC 9162 2.1.3.1, where `m` counts from the start.
    pub(crate) fn path(&mut self, m: u64, start: u64, end: u64) -> Vec<T::Hash> {
        let n = end - start;
        if n == 1 {
            return Vec::new();
        }
        let k = split(n);
        let (mut path, sibling) = if m < k {
            (self.path(m, start, start + k), self.mth(start + k, end))
        } else {
            (self.path(m - k, start + k, end), self.mth(start, start + k))
        };
        path.push(sibling);
        path
    }

    /// `SUBTREE_SUBPROOF(start, end, D[from:to], b)` of draft-ietf-plants-merkle-tree-certs 4.4.1, where `start` and
    /// `end` count from the tree's start. Of `PROOF(m, D_n)` of RFC 9162 2.1.4.1 it is the generalisation.
    pub(crate) fn subproof(
        &mut self,
        (start, end): (u64, u64),
        (from, to): (u64, u64),
        known: bool,
    ) -> Vec<T::Hash> {
        if (start, end) == (from, to) {
            return if known { Vec::new() } else { vec![self.mth(from, to)] };
        }
        let middle = from + split(to - from);
        let (mut proof, sibling) = if end <= middle {
            (self.subproof((start, end), (from, middle), known), self.mth(middle, to))
        } else if middle <= start {
            (self.subproof((start, end), (middle, to), known), self.mth(from, middle))
        } else {
            assert_eq!(start, from, "aligned subtrees only reach over a split from the left");
            (self.subproof((middle, end), (middle, to), false), self.mth(from, middle))
        };
        proof.push(sibling);
        proof
    }
}

/// What `PATH` means to a verifier: the root, where the path has as many elements as it needs.
pub(crate) fn root_from_path<T: TreeHash>(
    tree: &T,
    leaf: T::Hash,
    index: u64,
    size: u64,
    path: &[T::Hash],
) -> Option<T::Hash> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (sibling, below) = path.split_last()?;
    let k = split(size);
    if index < k {
        let left = root_from_path(tree, leaf, index, k, below)?;
        Some(tree.node(&left, sibling))
    } else {
        let right = root_from_path(tree, leaf, index - k, size - k, below)?;
        Some(tree.node(sibling, &right))
    }
}

/// What `PROOF` means to a verifier: the older and the newer root.
pub(crate) fn roots_from_proof<T: TreeHash>(
    tree: &T,
    older: T::Hash,
    (m, n): (u64, u64),
    known: bool,
    proof: &[T::Hash],
) -> Option<(T::Hash, T::Hash)> {
    if m == 0 || m > n {
        return None;
    }
    if m == n {
        return match (known, proof) {
            (true, []) => Some((older, older)),
            (false, [only]) => Some((*only, *only)),
            _ => None,
        };
    }
    let (sibling, below) = proof.split_last()?;
    let k = split(n);
    if m <= k {
        let (old, new) = roots_from_proof(tree, older, (m, k), known, below)?;
        Some((old, tree.node(&new, sibling)))
    } else {
        let (old, new) = roots_from_proof(tree, older, (m - k, n - k), false, below)?;
        Some((tree.node(sibling, &old), tree.node(sibling, &new)))
    }
}
