//! Receipts of RFC 9162 trees (vds 1).

use cose_ext::{Verified, header::Vdp};

use super::{
    ConsistencyProof, Error, InclusionProof, Receipt, ReceiptVerifier, SignedRoot,
    proof::count,
    receipt::{sha256, tree},
    roots::Roots,
    tree::RFC9162_NODE,
};
use crate::{Rfc9162Tree, TreeHead};

/// A receipt of an RFC 9162 tree (RFC 9942 5), as received and untrusted ([`Receipt::rfc9162`]).
#[derive(Clone, Copy, Debug)]
pub struct Rfc9162Receipt<'a>(pub(super) Receipt<'a>);

impl<'a> Rfc9162Receipt<'a> {
    /// Returns the receipt whatever its structure is.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt<'a> {
        &self.0
    }

    /// Returns the inclusion proofs as received. One that cannot be read shows as an error.
    ///
    /// # Errors
    ///
    /// If the receipt has no proofs of this kind.
    pub fn inclusion_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<InclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::INCLUSION)?.map(|proof| InclusionProof::read(&proof?)))
    }

    /// Returns the consistency proofs as received. One that cannot be read shows as an error.
    ///
    /// # Errors
    ///
    /// If the receipt has no proofs of this kind.
    pub fn consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<ConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::CONSISTENCY)?.map(|proof| ConsistencyProof::read(&proof?)))
    }

    /// Verifies that the tree whose root the log signed begins with the tree of `older` (RFC 9942
    /// 5.3.1). The size of the newer tree is not signed, so it is not returned.
    ///
    /// # Errors
    ///
    /// As [`Receipt::verify_inclusion`].
    pub fn verify_consistency(
        &self,
        older: &TreeHead<Rfc9162Tree, [u8; 32]>,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let Self(receipt) = self;
        receipt.check_structure(verifier.reading)?;
        let tree = tree::<Rfc9162Tree>(sha256(verifier.context)?)?;
        verifier.context.begin(receipt.consistency_input(), |context| {
            receipt.check_count(Vdp::CONSISTENCY, verifier.reading)?;
            let mut elements: usize = 0;
            for proof in self.consistency_proofs()? {
                elements = elements.saturating_add(count(proof?.path())?);
            }
            context.spend_hashed(elements.saturating_mul(2 * RFC9162_NODE))?;
            let mut roots = Roots::default();
            for proof in self.consistency_proofs()? {
                roots.add(*proof?.root(&tree, older)?.unconfirmed(), false)?;
            }
            let mut follow = |place| {
                let proof = self.consistency_proofs()?.nth(place).ok_or(receipt.no_proofs())??;
                context.spend_hashed(count(proof.path())?.saturating_mul(2 * RFC9162_NODE))?;
                Ok(*proof.root(&tree, older)?.unconfirmed())
            };
            let (roots, verifier) = (roots.distinct(), verifier.within(context));
            let mut verified = None;
            receipt.verify_roots(&roots, &mut follow, &verifier, &mut |root| {
                verified = Some(*root);
            })?;
            verified.ok_or(receipt.no_proofs())
        })
    }
}
