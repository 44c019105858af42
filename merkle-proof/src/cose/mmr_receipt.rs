//! Receipts of mountain ranges (vds 3).

use cose_ext::{
    Input, Label, Processed, Signed, Verified,
    cbor::{Map, Reader, Strictness},
    header::Vdp,
};

use super::{
    Error, ErrorKind, MmrConsistencyProof, MmrInclusionProof, Receipt, ReceiptVerifier,
    receipt::{sha256, tree},
    tree::MMR_NODE,
};
use crate::{MountainRange, Rule, mmr::Accumulator};

/// `tree-size-2`: the number that the profile uses until IANA assigns one.
pub(super) const TREE_SIZE_2: Label<'static> = Label::int(-65_933);

/// The most peaks there can be.
const MOST: usize = 64 * 32;

/// An accumulator that a log signed, with its size.
#[derive(Clone, Copy, Debug)]
pub struct SignedAccumulator {
    accumulator: Accumulator<[u8; 32]>,
}

impl SignedAccumulator {
    /// A plain `fn` over what the signature covers, for `Verified::try_map`.
    fn read(signed: Signed<'_, '_>) -> Result<Self, Error> {
        let protected = signed.protected();
        let size = signed_size(protected.as_received(), protected.offset())?;
        // Of another length, the last chunk is not a hash.
        let accumulator = Accumulator::from_peaks(size, signed.payload().chunks(32))?;
        Ok(Self { accumulator })
    }

    /// Returns size and peaks.
    #[must_use]
    pub const fn accumulator(&self) -> &Accumulator<[u8; 32]> {
        &self.accumulator
    }
}

/// The signed size, out of a header in deterministic encoding: all verifiers have to read the same.
fn signed_size(protected: &[u8], offset: usize) -> Result<u64, Error> {
    let rule = Rule::MmrSignedSize;
    let limits = cose_ext::cbor::Limits::DEFAULT;
    let map = Map::decode(protected, offset, Strictness::DETERMINISTIC, &limits);
    let map = map.map_err(cose_ext::Error::from)?;
    for (label, value) in &map {
        let label = label.read(Reader::int).ok().and_then(|label| label.to_i64());
        if label == TREE_SIZE_2.to_i64() {
            return value.read(Reader::uint).map_err(super::error::breaks(rule));
        }
    }
    Err(Error::malformed(rule, offset))
}

/// A receipt of a Merkle Mountain Range (draft-bryce-cose-receipts-mmr-profile), as received and
/// untrusted ([`Receipt::mmr`]).
#[derive(Clone, Copy, Debug)]
pub struct MmrReceipt<'a>(pub(super) Receipt<'a>);

impl<'a> MmrReceipt<'a> {
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
    ) -> Result<impl Iterator<Item = Result<MmrInclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::INCLUSION)?.map(|proof| MmrInclusionProof::read(&proof?)))
    }

    /// Returns the consistency proofs as received. One that cannot be read shows as an error.
    ///
    /// # Errors
    ///
    /// If the receipt has no proofs of this kind.
    pub fn consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<MmrConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.0.proofs(Vdp::CONSISTENCY)?.map(|proof| MmrConsistencyProof::read(&proof?)))
    }

    /// Verifies that the range whose accumulator the log signed begins with that of `older`: a
    /// chain of proofs, of which the first begins there and the last ends at the signed size.
    ///
    /// # Errors
    ///
    /// As [`Receipt::verify_inclusion`].
    pub fn verify_consistency(
        &self,
        older: &Accumulator<[u8; 32]>,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedAccumulator>, Error> {
        let Self(receipt) = self;
        receipt.check_structure(verifier.reading)?;
        receipt.mmr_detached()?;
        let hash = tree::<MountainRange>(sha256(verifier.context)?)?;
        let protected = receipt.message().headers().protected();
        let size = signed_size(protected.as_received(), protected.offset())?;
        verifier.context.begin(receipt.consistency_input(), |context| {
            receipt.check_count(Vdp::CONSISTENCY, verifier.reading)?;
            let mut elements: usize = 0;
            for proof in self.consistency_proofs()? {
                elements = elements.saturating_add(proof?.path_elements()?);
            }
            context.spend_hashed(elements.saturating_mul(MMR_NODE))?;
            let mut state = *older;
            for proof in self.consistency_proofs()? {
                state = *proof?.accumulator(&hash, &state)?.unconfirmed();
            }
            if state.size() != size {
                return Err(ErrorKind::Verification { rule: Rule::MmrSignedSize }.into());
            }
            self.verify_accumulator(&state, &verifier.within(context))
        })
    }

    fn verify_accumulator(
        &self,
        state: &Accumulator<[u8; 32]>,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedAccumulator>, Error> {
        let mut payload = [0; MOST];
        let mut length: usize = 0;
        for (place, peak) in payload.chunks_exact_mut(32).zip(state.peaks()) {
            place.copy_from_slice(peak);
            length = length.saturating_add(peak.len());
        }
        let payload = payload.get(..length).unwrap_or_default();
        let labels = &[Label::VDS, TREE_SIZE_2];
        let processed = Processed { labels, above: Some(&verifier.reading.processed) };
        let input = Input::detached(payload).with_processed(processed);
        self.0.signed(&input, verifier)?.try_map(SignedAccumulator::read)
    }
}

impl Receipt<'_> {
    pub(super) fn mmr_detached(&self) -> Result<(), Error> {
        match self.message().danger_unverified_payload() {
            None => Ok(()),
            Some(_) => Err(Error::malformed(Rule::MmrRootDetached, 0)),
        }
    }
}
