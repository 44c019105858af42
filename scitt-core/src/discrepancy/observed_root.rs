//! What two receipts of one service say of its log.

use cose_ext::header::Vds;
use merkle_proof::{TreeHead, TrustedRoot, UnauthenticatedPosition};

use super::Discrepancy;
use crate::{Included, SignedHead};

/// A root of an RFC 9162 log that its service signed in a receipt, with the size that stands beside
/// it. The size is nobody's word: whoever carries a receipt can write another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObservedRoot {
    root: [u8; 32],
    claimed_size: u64,
}

impl ObservedRoot {
    /// Takes the root that a receipt was verified to, and the size that the receipt claims; `None`
    /// for receipts of other structures.
    pub fn new<T>(included: &Included<'_, T>, claimed: UnauthenticatedPosition) -> Option<Self> {
        let root = *included.root().value().hash();
        let is_rfc9162 = included.vds() == Vds::RFC9162_SHA256;
        is_rfc9162.then_some(Self { root, claimed_size: claimed.tree_size })
    }

    /// Returns the root.
    #[must_use]
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// Compares with another receipt of the same service. Two that claim one size and have two
    /// roots make a [`Discrepancy`]; everything else says nothing.
    ///
    /// What is known in the discrepancy is known by the claim of the first receipt: where the
    /// service cannot prove consistency from that size, the size may be what is wrong.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Discrepancy> {
        let differs = self.claimed_size == other.claimed_size && self.root != other.root;
        let known = TreeHead::new(self.claimed_size, TrustedRoot::vouched_for(self.root));
        differs.then(|| Discrepancy::new(known, other.root))
    }

    /// Compares with a head that the service signed, as [`compare`](Self::compare) does: the root
    /// of a receipt that claims the size of the head and is another one makes a [`Discrepancy`]
    /// even then.
    #[must_use]
    pub fn compare_with_head(&self, head: &SignedHead<'_>) -> Option<Discrepancy> {
        let differs = self.claimed_size == head.size() && self.root != *head.root();
        let known = head.rfc9162().filter(|_| differs)?;
        Some(Discrepancy::new(known, self.root))
    }
}
