//! Roots, by how far they can be trusted.

use core::fmt::Debug;
use core::marker::PhantomData;

use crate::{Error, Malformed, Rule, TreeKind};

/// A root that came out of a proof. Anybody can make a proof that leads to some root, so this one
/// says nothing yet.
///
/// It is confirmed by a root that is trusted already ([`confirm`](Self::confirm)), or by a
/// signature over it. It does not compare with hashes, only with other roots that came out of
/// proofs:
///
/// ```compile_fail,E0308
/// # use merkle_proof::{RootFromProof, Rfc9162Tree};
/// fn accept(recomputed: RootFromProof<Rfc9162Tree, [u8; 32]>, wanted: [u8; 32]) -> bool {
///     recomputed == wanted
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a recomputed root proves nothing until it is confirmed"]
pub struct RootFromProof<K, H> {
    hash: H,
    /// What a confirmation enforces.
    rule: Rule,
    kind: PhantomData<K>,
}

impl<K: TreeKind, H: Copy + Eq> RootFromProof<K, H> {
    pub(crate) fn new(hash: H, rule: Rule) -> Self {
        Self { hash, rule, kind: PhantomData }
    }

    /// Compares with a root that is trusted.
    ///
    /// # Errors
    ///
    /// [`Error::Verification`] with the rule of the proof it came from.
    pub fn confirm(self, trusted: &TrustedRoot<K, H>) -> Result<TrustedRoot<K, H>, Error> {
        if self.hash == trusted.hash {
            Ok(*trusted)
        } else {
            Err(Error::Verification { rule: self.rule })
        }
    }

    /// Returns the bytes that a signature over this root has to verify for. Do not rely on this
    /// root before that signature is verified.
    pub fn unconfirmed(&self) -> &H {
        &self.hash
    }
}

/// By their hashes: two kinds of proof can lead to one root.
impl<K, H: PartialEq> PartialEq for RootFromProof<K, H> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl<K, H: Eq> Eq for RootFromProof<K, H> {}

/// A root the caller vouches for: signed by a key it trusts, computed over its own leaves, or
/// confirmed by such a root.
///
/// Carries the kind of tree, so that roots cannot be mixed up:
///
/// ```compile_fail,E0308
/// # use merkle_proof::{TrustedRoot, CcfLedger, RootFromProof, Rfc9162Tree};
/// type Hash = [u8; 32];
/// fn mixed(proof: RootFromProof<Rfc9162Tree, Hash>, ledger: &TrustedRoot<CcfLedger, Hash>) {
///     let _ = proof.confirm(ledger);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedRoot<K, H> {
    hash: H,
    kind: PhantomData<K>,
}

impl<K: TreeKind, H> TrustedRoot<K, H> {
    /// Takes the caller's word that `hash` is the root of a tree of this kind.
    pub const fn vouched_for(hash: H) -> Self {
        Self { hash, kind: PhantomData }
    }

    /// Returns the root.
    pub const fn hash(&self) -> &H {
        &self.hash
    }
}

impl<K: TreeKind, H: for<'a> TryFrom<&'a [u8]>> TrustedRoot<K, H> {
    /// Takes the caller's word that `bytes` are the root of a tree of this kind.
    ///
    /// # Errors
    ///
    /// [`Malformed::HashLength`] where they are not a hash of such a tree.
    pub fn vouched_for_bytes(bytes: &[u8]) -> Result<Self, Error> {
        hash_from(bytes, Rule::HashLength).map(Self::vouched_for)
    }
}

/// Where foreign bytes become a hash. (`InclusionFold` does it in place, as it does it most often.)
pub(crate) fn hash_from<H: for<'a> TryFrom<&'a [u8]>>(
    bytes: &[u8],
    rule: Rule,
) -> Result<H, Error> {
    H::try_from(bytes).map_err(|_| Malformed::HashLength { rule, length: bytes.len() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rfc9162Tree;

    #[test]
    fn m2_a_root_of_the_wrong_length_is_refused() {
        for length in [0, 31, 33] {
            assert_eq!(
                TrustedRoot::<Rfc9162Tree, [u8; 32]>::vouched_for_bytes(&[7; 40][..length]),
                Err(Malformed::HashLength { rule: Rule::HashLength, length }.into())
            );
        }
    }
}
