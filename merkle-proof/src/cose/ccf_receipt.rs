//! Receipts of CCF ledgers (vds 2).

use cose_ext::{Verified, header::Vdp};

use super::{
    CcfConsistencyProof, CcfInclusionProof, Error, Receipt, ReceiptVerifier, SignedRoot,
    proof::count,
    receipt::{sha256, tree},
    roots::Roots,
    tree::CCF_NODE,
};
use crate::{CcfLedger, TrustedRoot, ccf::AnchorReading};

/// A receipt of a CCF ledger (draft-ietf-scitt-receipts-ccf-profile), as received and untrusted
/// ([`Receipt::ccf_ledger`]).
#[derive(Clone, Copy, Debug)]
pub struct CcfReceipt<'a>(pub(super) Receipt<'a>);

impl<'a> CcfReceipt<'a> {
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
    ) -> Result<impl Iterator<Item = Result<CcfInclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::INCLUSION)?.map(|proof| CcfInclusionProof::read(&proof?)))
    }

    /// Returns the consistency proofs as received. One that cannot be read shows as an error.
    ///
    /// # Errors
    ///
    /// If the receipt has no proofs of this kind.
    pub fn consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<CcfConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::CONSISTENCY)?.map(|proof| CcfConsistencyProof::read(&proof?)))
    }

    /// Verifies that the ledger whose root the service signed begins with the ledger of `older`
    /// (draft-ietf-scitt-receipts-ccf-profile 4).
    ///
    /// # Errors
    ///
    /// As [`Receipt::verify_inclusion`].
    pub fn verify_consistency(
        &self,
        older: &TrustedRoot<CcfLedger, [u8; 32]>,
        anchor: AnchorReading,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let Self(receipt) = self;
        receipt.check_structure(verifier.reading)?;
        let tree = tree::<CcfLedger>(sha256(verifier.context)?)?;
        verifier.context.begin(receipt.consistency_input(), |context| {
            receipt.check_count(Vdp::CONSISTENCY, verifier.reading)?;
            let mut elements: usize = 0;
            for proof in self.consistency_proofs()? {
                elements = elements.saturating_add(count(proof?.path())?);
            }
            context.spend_hashed(elements.saturating_mul(2 * CCF_NODE))?;
            let mut roots = Roots::default();
            for proof in self.consistency_proofs()? {
                roots.add(*proof?.root(&tree, older, anchor)?.unconfirmed(), false)?;
            }
            let mut verified = None;
            receipt.verify_ccf_root(roots.only()?, &verifier.within(context), &mut |root| {
                verified = Some(*root);
            })?;
            verified.ok_or(receipt.no_proofs())
        })
    }
}
