//! Many receipts of inclusion at once.

use cose_ext::{
    Label, Notes, Verified,
    header::{Vdp, Vds},
};

use super::{
    Error, InclusionProof, Receipt, ReceiptReading, ReceiptVerifier, SignedRoot,
    inclusion::{check_length, total_len},
    roots::Root,
    tree::RFC9162_NODE,
};
use crate::{InclusionFold, Rfc9162Tree, TreeHash, inclusion_batch::follow_all};

/// How many signatures are remembered: a log signs one root for many entries, and receipts of a few
/// roots may come mixed.
const SIGNATURES: usize = 8;

/// Verifies many receipts of inclusion, each as by [`Receipt::verify_inclusion`]: of one signed
/// root or of several.
///
/// Proofs of RFC 9162 trees are followed side by side, as by
/// [`roots_from_inclusions`](crate::roots_from_inclusions), and a signature that many receipts
/// share is verified once: receipts that differ in nothing but their proofs, where these lead to
/// one root. Only signatures that were right are remembered. No verdict depends on what else is in
/// the batch. Each receipt has a meter of its own, unless the context brings one for all of them.
///
/// `tree` hashes leaves and paths: `Sha256Tree`, or [`CoseTree`](super::CoseTree) on a function of
/// the provider. A receipt comes with its entry, in parts. `verdict` is called once for each
/// receipt, with its place among `receipts`, as they are done: not in their order. Nothing is
/// allocated.
pub fn verify_inclusion_receipts<'a, 'e, T>(
    tree: &T,
    receipts: impl IntoIterator<Item = (Receipt<'a>, &'e [&'e [u8]])>,
    verifier: &ReceiptVerifier<'_>,
    mut verdict: impl FnMut(usize, Result<Verified<SignedRoot<'a>>, Error>),
) where
    T: TreeHash<Kind = Rfc9162Tree, Hash = [u8; 32]> + ?Sized,
{
    let mut signatures = Signatures::default();
    let receipts = receipts.into_iter().zip(0_usize..).map(|((receipt, entry), place)| {
        let proof = only_proof(&receipt, verifier.reading);
        let by_empty_path = proof.as_ref().is_ok_and(|proof| proof.path().len() == 0);
        let begun = proof.and_then(|proof| {
            let path = proof.path().len().saturating_mul(RFC9162_NODE);
            let leaf = total_len(entry).saturating_add(1);
            verifier.context.spend_hashed(path.saturating_add(leaf)).map_err(Error::from)?;
            let fold = InclusionFold::new(tree, &tree.leaf(entry), proof.position());
            Ok((fold.map_err(Error::from)?, proof.path().map(|element| Ok(element?))))
        });
        ((place, receipt, entry, by_empty_path), begun)
    });
    follow_all(tree, receipts, |(place, receipt, entry, by_empty_path), root| {
        let verified = match root {
            Ok(root) => {
                let root = Root { hash: *root.unconfirmed(), by_empty_path };
                signatures.verify(&receipt, &root, verifier)
            }
            Err(Aside::Refused(error)) => Err(error),
            Err(Aside::Alone) => receipt.verify_inclusion(entry, verifier),
        };
        verdict(place, verified);
    });
}

/// Why a receipt is not in the batch any more.
enum Aside {
    Refused(Error),
    /// It is of another structure, or has several proofs.
    Alone,
}

impl<E: Into<Error>> From<E> for Aside {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

fn only_proof<'a>(
    receipt: &Receipt<'a>,
    reading: &ReceiptReading<'_>,
) -> Result<InclusionProof<'a>, Aside> {
    receipt.check_structure(reading)?;
    if receipt.vds() != Vds::RFC9162_SHA256 {
        return Err(Aside::Alone);
    }
    receipt.check_count(Vdp::INCLUSION, reading)?;
    let mut proofs = receipt.proofs(Vdp::INCLUSION)?;
    let (Some(proof), None) = (proofs.next(), proofs.next()) else {
        return Err(Aside::Alone);
    };
    let proof = InclusionProof::read(&proof?)?;
    check_length(proof.path().len(), reading)?;
    Ok(proof)
}

/// What was verified last.
#[derive(Default)]
struct Signatures<'a> {
    known: [Option<(Receipt<'a>, Verified<SignedRoot<'a>>)>; SIGNATURES],
    next: usize,
}

impl<'a> Signatures<'a> {
    fn verify(
        &mut self,
        receipt: &Receipt<'a>,
        root: &Root,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let mut known = self.known.iter().flatten();
        let known = known.find(|(other, verified)| {
            verified.value().hash() == &root.hash && differ_in_proofs_alone(other, receipt)
        });
        if let Some((_, verified)) = known {
            return Ok(noted(*verified, root));
        }
        let by_some_path = Root { by_empty_path: false, ..*root };
        let mut verified = None;
        receipt.verify_rfc9162_root(&by_some_path, verifier, &mut |root| verified = Some(*root))?;
        let verified = verified.ok_or(receipt.no_proofs())?;
        if let Some(slot) = self.known.get_mut(self.next) {
            *slot = Some((*receipt, verified));
        }
        self.next = self.next.wrapping_add(1).checked_rem(SIGNATURES).unwrap_or(0);
        Ok(noted(verified, root))
    }
}

fn noted<'a>(verified: Verified<SignedRoot<'a>>, root: &Root) -> Verified<SignedRoot<'a>> {
    if root.by_empty_path { verified.noting(Notes::EMPTY_PATH) } else { verified }
}

/// The rest decides over the signature: what is signed and the signature, what leads to a key, and
/// how it is read.
fn differ_in_proofs_alone(one: &Receipt<'_>, other: &Receipt<'_>) -> bool {
    let (message, other_message) = (one.message(), other.message());
    one.profile == other.profile
        && message.signature() == other_message.signature()
        && message.danger_unverified_payload() == other_message.danger_unverified_payload()
        && message.headers().protected().as_received()
            == other_message.headers().protected().as_received()
        && unprotected_but_proofs(one).eq(unprotected_but_proofs(other))
}

fn unprotected_but_proofs<'a>(
    receipt: &Receipt<'a>,
) -> impl Iterator<Item = (Label<'a>, &'a [u8])> + use<'a> {
    let parameters = receipt.message().headers().unprotected().iter();
    let parameters = parameters.filter(|(label, _)| *label != Label::VDP);
    parameters.map(|(label, value)| (label, value.bytes()))
}
