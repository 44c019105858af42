//! What a leaf of a CCF ledger consists of.

use crate::root::hash_from;
use crate::{CcfLedger, Error, Malformed, Rule, TreeHash};

/// How long the internal evidence may be.
const EVIDENCE: core::ops::RangeInclusive<usize> = 1..=1024;

/// `ccf-leaf` (draft-ietf-scitt-receipts-ccf-profile 2.2).
///
/// The first two components are the ledger's own; a verifier takes them as they are. The third is
/// the one that it computes or compares itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'a, H> {
    internal_transaction_hash: H,
    internal_evidence: &'a str,
    data_hash: H,
}

impl<'a, H> Leaf<'a, H>
where
    H: AsRef<[u8]> + for<'b> TryFrom<&'b [u8]>,
{
    /// Makes a leaf of its three components.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`]; [`Malformed::EvidenceLength`].
    pub fn new(
        internal_transaction_hash: &[u8],
        internal_evidence: &'a str,
        data_hash: &[u8],
    ) -> Result<Self, Error> {
        let length = internal_evidence.len();
        if !EVIDENCE.contains(&length) {
            return Err(Malformed::EvidenceLength { length }.into());
        }
        Ok(Self {
            internal_transaction_hash: hash_from(internal_transaction_hash, Rule::CcfHashLength)?,
            internal_evidence,
            data_hash: hash_from(data_hash, Rule::CcfHashLength)?,
        })
    }

    /// Returns the hash over the whole ledger entry.
    pub const fn internal_transaction_hash(&self) -> &H {
        &self.internal_transaction_hash
    }

    /// Returns the commit evidence.
    pub const fn internal_evidence(&self) -> &'a str {
        self.internal_evidence
    }

    /// Returns what the application registered: in a transparency service, the hash of the signed
    /// statement.
    ///
    /// A proof says something about a statement only where this equals the hash that the verifier
    /// computed over that statement.
    pub const fn data_hash(&self) -> &H {
        &self.data_hash
    }

    /// Computes the leaf hash over the transaction hash, the hash of the evidence and the data
    /// hash.
    ///
    /// The drafts up to -01 left out the outer hash; ledgers never did.
    pub fn hash<T>(&self, tree: &T) -> H
    where
        T: TreeHash<Kind = CcfLedger, Hash = H> + ?Sized,
    {
        let evidence = tree.leaf(&[self.internal_evidence.as_bytes()]);
        tree.leaf(&[
            self.internal_transaction_hash.as_ref(),
            evidence.as_ref(),
            self.data_hash.as_ref(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};
    use std::string::String;

    use super::*;
    use crate::ccf::Ccf;

    type Sha256Leaf<'a> = Leaf<'a, digest::Output<Sha256>>;

    #[test]
    fn m30_the_leaf_hash_covers_three_components() {
        let leaf = Sha256Leaf::new(&[1; 32], "ce:2.18", &[3; 32]).unwrap();
        let mut parts = std::vec![1; 32];
        parts.extend_from_slice(&Sha256::digest("ce:2.18"));
        parts.extend_from_slice(&[3; 32]);
        assert_eq!(leaf.hash(&Ccf::<Sha256>::new()), Sha256::digest(parts));
    }

    #[test]
    fn m31_a_component_of_the_wrong_length_is_refused() {
        for (transaction, data, length) in [(&[0; 31][..], &[0; 32][..], 31), (&[0; 32], &[], 0)] {
            assert_eq!(
                Sha256Leaf::new(transaction, "ce", data),
                Err(Malformed::HashLength { rule: Rule::CcfHashLength, length }.into())
            );
        }
    }

    #[test]
    fn m32_evidence_is_neither_empty_nor_over_1024_bytes() {
        let text: String = core::iter::repeat_n('e', 1025).collect();
        for length in [0, 1025] {
            assert_eq!(
                Sha256Leaf::new(&[0; 32], &text[..length], &[0; 32]),
                Err(Malformed::EvidenceLength { length }.into())
            );
        }
        assert!(Sha256Leaf::new(&[0; 32], &text[..1], &[0; 32]).is_ok());
        assert!(Sha256Leaf::new(&[0; 32], &text[..1024], &[0; 32]).is_ok());
    }
}
