//! Receipts of mountain ranges (vds 3).

use cose_ext::{
    Context, Input, Label, Processed, Signed, Verified,
    cbor::{Map, Reader, Strictness},
    header::{Vdp, Vds},
    key::KeyResolver,
};

use super::{
    Error, ErrorKind, MmrConsistencyProof, MmrInclusionProof, Receipt, ReceiptReading,
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
        // Of another length, the last chunk is no hash.
        let accumulator = Accumulator::from_peaks(size, signed.payload().chunks(32))?;
        Ok(Self { accumulator })
    }

    /// Size and peaks.
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

impl<'a> Receipt<'a> {
    /// The inclusion proofs of a mountain range's receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none.
    pub fn mmr_inclusion_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<MmrInclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::INCLUSION)?.map(|proof| MmrInclusionProof::read(&proof?)))
    }

    /// The consistency proofs of a mountain range's receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none.
    pub fn mmr_consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<MmrConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::CONSISTENCY)?.map(|proof| MmrConsistencyProof::read(&proof?)))
    }

    /// Verifies that the range whose accumulator the log signed begins with that of `older`: a chain
    /// of proofs, of which the first begins there and the last ends at the signed size.
    ///
    /// # Errors
    /// As [`verify_inclusion`](Self::verify_inclusion).
    pub fn verify_mmr_consistency(
        &self,
        older: &Accumulator<[u8; 32]>,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedAccumulator>, Error> {
        self.check_structure(reading)?;
        if self.vds() != Vds::MMR_SHA256 {
            return Err(ErrorKind::UnknownStructure(self.vds()).into());
        }
        self.mmr_detached()?;
        let hash = tree::<MountainRange>(sha256(context)?)?;
        let protected = self.message().headers().protected();
        let size = signed_size(protected.as_received(), protected.offset())?;
        context.begin(self.consistency_input(), |context| {
            self.check_count(Vdp::CONSISTENCY, reading)?;
            let mut elements: usize = 0;
            for proof in self.mmr_consistency_proofs()? {
                elements = elements.saturating_add(proof?.path_elements()?);
            }
            context.spend_hashed(elements.saturating_mul(MMR_NODE))?;
            let mut state = *older;
            for proof in self.mmr_consistency_proofs()? {
                state = *proof?.accumulator(&hash, &state)?.unconfirmed();
            }
            if state.size() != size {
                return Err(ErrorKind::Verification { rule: Rule::MmrSignedSize }.into());
            }
            self.verify_accumulator(&state, reading, keys, context)
        })
    }

    fn verify_accumulator(
        &self,
        state: &Accumulator<[u8; 32]>,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedAccumulator>, Error> {
        let mut payload = [0; MOST];
        let mut length: usize = 0;
        for (place, peak) in payload.chunks_exact_mut(32).zip(state.peaks()) {
            place.copy_from_slice(peak);
            length = length.saturating_add(peak.len());
        }
        let payload = payload.get(..length).unwrap_or_default();
        let labels = &[Label::VDS, TREE_SIZE_2];
        let processed = Processed { labels, above: Some(&reading.processed) };
        let input = Input::detached(payload).with_processed(processed);
        self.signed(&input, keys, context)?.try_map(SignedAccumulator::read)
    }

    pub(super) fn mmr_detached(&self) -> Result<(), Error> {
        match self.message().danger_unverified_payload() {
            None => Ok(()),
            Some(_) => Err(Error::malformed(Rule::MmrRootDetached, 0)),
        }
    }
}
