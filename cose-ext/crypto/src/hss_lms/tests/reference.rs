//! A signer that shares nothing with the verifier: RFC 8554 written out once more, with the
//! pseudorandom keys of its appendix A. It keeps no state, so it protects nothing.

use std::vec::Vec;

use sha2::{Digest, Sha256};

fn h(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(parts.concat()).into()
}

/// coef (RFC 8554 3.1.3).
fn coef(s: &[u8], i: usize, w: usize) -> usize {
    ((1 << w) - 1) & (usize::from(s[i * w / 8]) >> (8 - (w * (i % (8 / w)) + w)))
}

/// One tree whose I and SEED are made of one byte.
pub(super) struct Tree {
    lms: u32,
    ots: u32,
    i: [u8; 16],
    seed: [u8; 32],
    /// All of them, the root at 1.
    nodes: Vec<[u8; 32]>,
}

impl Tree {
    pub(super) fn new(lms: u32, ots: u32, seed: u8) -> Self {
        let mut tree = Self { lms, ots, i: [seed; 16], seed: [seed ^ 0xff; 32], nodes: Vec::new() };
        tree.nodes = tree.nodes();
        tree
    }

    fn height(&self) -> u32 {
        5 * (self.lms - 4)
    }

    /// w, p and ls (RFC 8554 table 1).
    fn ots(&self) -> (usize, usize, u32) {
        [(1, 265, 7), (2, 133, 6), (4, 67, 4), (8, 34, 0)][self.ots as usize - 1]
    }

    fn chain(&self, q: u32, i: usize, steps: usize) -> [u8; 32] {
        let (q, i) = (q.to_be_bytes(), (i as u16).to_be_bytes());
        let mut value = h(&[&self.i, &q, &i, &[0xff], &self.seed]);
        for step in 0..steps {
            value = h(&[&self.i, &q, &i, &[step as u8], &value]);
        }
        value
    }

    fn one_time_key(&self, q: u32) -> [u8; 32] {
        let (w, p, _) = self.ots();
        let ends: Vec<u8> = (0..p).flat_map(|i| self.chain(q, i, (1 << w) - 1)).collect();
        h(&[&self.i, &q.to_be_bytes(), &[0x80, 0x80], &ends])
    }

    fn nodes(&self) -> Vec<[u8; 32]> {
        let leaves = 1 << self.height();
        let mut nodes = std::vec![[0; 32]; 2 * leaves];
        for r in (1..2 * leaves).rev() {
            let number = (r as u32).to_be_bytes();
            nodes[r] = if r >= leaves {
                let key = self.one_time_key((r - leaves) as u32);
                h(&[&self.i, &number, &[0x82, 0x82], &key])
            } else {
                h(&[&self.i, &number, &[0x83, 0x83], &nodes[2 * r], &nodes[2 * r + 1]])
            };
        }
        nodes
    }

    fn public(&self) -> Vec<u8> {
        let (lms, ots) = (self.lms.to_be_bytes(), self.ots.to_be_bytes());
        [&lms[..], &ots, &self.i, &self.nodes[1]].concat()
    }

    fn sign(&self, q: u32, message: &[u8]) -> Vec<u8> {
        let (w, p, ls) = self.ots();
        let c = [0xc5; 32];
        let mut digits = h(&[&self.i, &q.to_be_bytes(), &[0x81, 0x81], &c, message]).to_vec();
        let missing: usize = (0..256 / w).map(|i| (1 << w) - 1 - coef(&digits, i, w)).sum();
        digits.extend(((missing << ls) as u16).to_be_bytes());
        let mut signature = [&q.to_be_bytes()[..], &self.ots.to_be_bytes(), &c].concat();
        for i in 0..p {
            signature.extend(self.chain(q, i, coef(&digits, i, w)));
        }
        signature.extend(self.lms.to_be_bytes());
        let mut r = (1 << self.height()) + q as usize;
        while r > 1 {
            signature.extend(self.nodes[r ^ 1]);
            r /= 2;
        }
        signature
    }
}

/// An HSS key of these trees, the root first.
pub(super) struct Signer(Vec<Tree>);

impl Signer {
    pub(super) fn new(trees: Vec<Tree>) -> Self {
        Self(trees)
    }

    pub(super) fn public(&self) -> Vec<u8> {
        [&(self.0.len() as u32).to_be_bytes()[..], &self.0[0].public()].concat()
    }

    pub(super) fn lower_key(&self, level: usize) -> Vec<u8> {
        self.0[level].public()
    }

    /// Signs with one leaf of each tree.
    pub(super) fn sign(&self, leaves: &[u32], message: &[u8]) -> Vec<u8> {
        let below = self.0.get(1).map(Tree::public).unwrap_or_default();
        self.sign_with_lower_key(leaves, message, &below)
    }

    /// Signs with these bytes as the key of the second level.
    pub(super) fn sign_with_lower_key(
        &self,
        leaves: &[u32],
        message: &[u8],
        second: &[u8],
    ) -> Vec<u8> {
        let mut signature = (self.0.len() as u32 - 1).to_be_bytes().to_vec();
        for (level, tree) in self.0.iter().enumerate() {
            let below = match self.0.get(level + 1) {
                Some(_) if level == 0 => second.to_vec(),
                Some(below) => below.public(),
                None => {
                    signature.extend(tree.sign(leaves[level], message));
                    return signature;
                }
            };
            signature.extend(tree.sign(leaves[level], &below));
            signature.extend(below);
        }
        signature
    }
}
