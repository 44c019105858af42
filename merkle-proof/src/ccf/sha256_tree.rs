//! The SHA-256 tree of a CCF ledger, quick.

use crate::{CcfLedger, TreeHash, sha256};

/// The tree of draft-ietf-scitt-receipts-ccf-profile 2.1 over SHA-256, which is to be registered as
/// `CCF_LEDGER_SHA256`.
///
/// Gives the hashes of `Ccf<Sha256>` as plain arrays, with less work around each compression, and
/// in batches with less waiting between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CcfSha256Tree;

impl TreeHash for CcfSha256Tree {
    type Kind = CcfLedger;
    type Hash = [u8; 32];

    fn empty(&self) -> [u8; 32] {
        sha256::hash(&[], &[])
    }

    #[inline]
    fn leaf(&self, entry: &[&[u8]]) -> [u8; 32] {
        sha256::hash(&[], entry)
    }

    #[inline]
    fn node(&self, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
        sha256::hash_pair(left, right)
    }

    fn leaves(&self, entries: &[&[u8]], hashes: &mut [[u8; 32]]) {
        sha256::hash_each(&[], entries, hashes);
    }

    fn nodes(&self, children: &[[u8; 32]], parents: &mut [[u8; 32]]) {
        sha256::hash_pairs(children, parents);
    }
}

#[cfg(test)]
mod tests {
    use sha2::Sha256;

    use super::*;
    use crate::ccf::Ccf;

    #[test]
    fn m30_the_same_tree_as_over_the_digest() {
        let plain = Ccf::<Sha256>::new();
        let (left, right) = (plain.leaf(&[b"left"]), plain.leaf(&[&[7; 96]]));
        assert_eq!(CcfSha256Tree.leaf(&[&[7; 96]]), <[u8; 32]>::from(right));
        assert_eq!(
            CcfSha256Tree.node(&left.into(), &right.into()),
            <[u8; 32]>::from(plain.node(&left, &right))
        );
        assert_eq!(CcfSha256Tree.empty(), <[u8; 32]>::from(plain.empty()));
    }
}
