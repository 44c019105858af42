//! Receipts of inclusion, verified in two steps: the form of the proofs, then what they lead to.

use core::fmt;

use cose_ext::{
    Context, Verified,
    cbor::Raw,
    header::{Vdp, Vds},
    key::KeyResolver,
};

use super::{
    CcfInclusionProof, CcfReceipt, EmptyPath, Error, ErrorKind, InclusionProof, MmrInclusionProof,
    MmrReceipt, Receipt, ReceiptReading, ReceiptVerifier, Rfc9162Receipt, SignedRoot,
    no_hash::NoHash,
    receipt::{sha256, tree},
    roots::Roots,
    tree::{CCF_NODE, MMR_NODE, RFC9162_NODE},
};
use crate::{CcfLedger, MountainRange, Rfc9162Tree, Rule, TreeHash, mmr::MmrHash};

/// Which structures this build evaluates beside RFC 9162 trees: constants, so that a device does
/// not link what it does not use.
pub(super) const EVALUATES_CCF: bool = cfg!(feature = "ccf");
pub(super) const EVALUATES_MMR: bool = cfg!(feature = "mmr");

/// What the leaf of a CCF ledger is the hash of, beside its evidence.
const CCF_LEAF: usize = 3 * 32;

/// A receipt whose inclusion proofs have the form that their structure wants
/// ([`Receipt::inclusion`]). Nothing has been hashed, and nothing is verified.
///
/// Compute the entry after this call, so that nothing is hashed for receipts that could never
/// count.
#[derive(Clone, Copy)]
pub struct ReceiptInclusion<'a, 'r> {
    receipt: &'r Receipt<'a>,
    reading: &'r ReceiptReading<'r>,
    /// What following all paths hashes, in bytes.
    path_input: usize,
}

impl<'a> Receipt<'a> {
    /// Reads the inclusion proofs and checks their form, without hashing: encoding, lengths, and
    /// that a tree of that size has such a path.
    ///
    /// # Errors
    ///
    /// `Malformed` and `Proof` for another form; `UnknownStructure` if it cannot be evaluated;
    /// `Policy` if `reading` refuses it; `TooManyProofs`.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub fn inclusion<'r>(
        &'r self,
        reading: &'r ReceiptReading<'r>,
    ) -> Result<ReceiptInclusion<'a, 'r>, Error> {
        self.check_structure(reading)?;
        if self.vds() == Vds::MMR_SHA256 {
            self.mmr_detached()?;
        }
        let mut path_input: usize = 0;
        self.check_count(Vdp::INCLUSION, reading)?;
        for proof in self.proofs(Vdp::INCLUSION)? {
            let input = match self.vds() {
                Vds::CCF_LEDGER_SHA256 if EVALUATES_CCF => ccf_form(&proof?, reading),
                Vds::MMR_SHA256 if EVALUATES_MMR => mmr_form(&proof?, reading),
                _ => rfc9162_form(&proof?, reading),
            };
            path_input = path_input.saturating_add(input?);
        }
        Ok(ReceiptInclusion { receipt: self, reading, path_input })
    }

    /// Verifies that the log signed a root over `entry` (RFC 9942 5.2.1): the form of the proofs,
    /// what they lead to, then the signature over it.
    ///
    /// `entry` is what the log calls its entry: for RFC9162_SHA256 the leaf's input, for
    /// CCF_LEDGER_SHA256 the data hash, for MMR_SHA256 what the leaf is the hash of. Parts are
    /// concatenated.
    ///
    /// # Errors
    ///
    /// `Verification` and `Cose` if the receipt is of something else or not signed by `keys`;
    /// `UnknownStructure` if it cannot be evaluated; `Policy` if `reading` refuses it.
    pub fn verify_inclusion(
        &self,
        entry: &[&[u8]],
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        self.inclusion(verifier.reading)?.verify(entry, verifier.keys, verifier.context)
    }
}

impl<'a> ReceiptInclusion<'a, '_> {
    /// Verifies that the log signed a root over `entry`, as [`Receipt::verify_inclusion`] does.
    ///
    /// RFC 9942 has no rule for several proofs in one receipt. Here each proof has to be sound, and
    /// the signature has to be over a root that one of them leads to. Equal roots cost one check.
    ///
    /// # Errors
    ///
    /// As [`Receipt::verify_inclusion`].
    pub fn verify(
        &self,
        entry: &[&[u8]],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        self.verify_then(entry, keys, context, |outcome| *outcome)
    }

    /// Verifies as [`verify`](Self::verify) does, and calls `then` with the result where it stands.
    /// It is large: on a device with little stack it is not copied from call to call.
    pub fn verify_then<R>(
        &self,
        entry: &[&[u8]],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        then: impl FnOnce(&Result<Verified<SignedRoot<'a>>, Error>) -> R,
    ) -> R {
        let mut outcome = Err(self.receipt.no_proofs());
        self.set_outcome(entry, keys, context, &mut outcome);
        then(&outcome)
    }

    fn set_outcome(
        &self,
        entry: &[&[u8]],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        outcome: &mut Result<Verified<SignedRoot<'a>>, Error>,
    ) {
        let input = self.receipt.message().bytes().len().saturating_add(total_len(entry));
        context.begin(input, |context| {
            let Self { receipt, reading, .. } = *self;
            let verifier = &ReceiptVerifier { reading, keys, context };
            match receipt.vds() {
                Vds::CCF_LEDGER_SHA256 if EVALUATES_CCF => {
                    match self.ccf_roots(entry, context).and_then(|roots| roots.only().copied()) {
                        Ok(root) => receipt.verify_ccf_root(&root, verifier, outcome),
                        Err(error) => *outcome = Err(error),
                    }
                }
                Vds::MMR_SHA256 if EVALUATES_MMR => match &self.mmr_roots(entry, context) {
                    Ok(roots) => receipt.verify_roots(roots, verifier, outcome),
                    Err(error) => *outcome = Err(*error),
                },
                _ => {
                    // Matched where they are made: they are large.
                    match &self.rfc9162_roots(entry, context) {
                        Ok(roots) => receipt.verify_roots(roots, verifier, outcome),
                        Err(error) => *outcome = Err(*error),
                    }
                }
            }
        });
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn rfc9162_roots(&self, entry: &[&[u8]], context: &Context<'_>) -> Result<Roots, Error> {
        let tree = tree::<Rfc9162Tree>(sha256(context)?)?;
        self.spend(total_len(entry).saturating_add(1), context)?;
        let leaf = tree.leaf(entry);
        let mut roots = Roots::default();
        for proof in Rfc9162Receipt(*self.receipt).inclusion_proofs()? {
            let proof = proof?;
            let root = proof.root(&tree, &leaf)?;
            roots.add(*root.unconfirmed(), proof.path().len() == 0)?;
        }
        Ok(roots)
    }

    /// Compares the data hashes before anything is hashed.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn ccf_roots(&self, entry: &[&[u8]], context: &Context<'_>) -> Result<Roots, Error> {
        let tree = tree::<CcfLedger>(sha256(context)?)?;
        for proof in CcfReceipt(*self.receipt).inclusion_proofs()? {
            if !equals_parts(proof?.leaf().data_hash(), entry) {
                return Err(ErrorKind::Verification { rule: Rule::CcfDataHash }.into());
            }
        }
        self.spend(0, context)?;
        let mut roots = Roots::default();
        for proof in CcfReceipt(*self.receipt).inclusion_proofs()? {
            let proof = proof?;
            let root = proof.root(&tree)?;
            roots.add(*root.unconfirmed(), proof.path().next().is_none())?;
        }
        Ok(roots)
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn mmr_roots(&self, entry: &[&[u8]], context: &Context<'_>) -> Result<Roots, Error> {
        // Leaves have no prefix: an entry as long as the input of an interior node is one to
        // whoever requires it to be.
        if total_len(entry) == MMR_NODE {
            return Err(ErrorKind::Policy { rule: Rule::MmrEntry }.into());
        }
        let hash = tree::<MountainRange>(sha256(context)?)?;
        self.spend(total_len(entry), context)?;
        let leaf = hash.leaf(entry);
        let mut roots = Roots::default();
        for proof in MmrReceipt(*self.receipt).inclusion_proofs()? {
            let proof = proof?;
            let root = proof.root(&hash, &leaf)?;
            roots.add(*root.unconfirmed(), proof.path().next().is_none())?;
        }
        Ok(roots)
    }

    /// Spends what will be hashed: all paths, and `leaf` bytes.
    fn spend(&self, leaf: usize, context: &Context<'_>) -> Result<(), Error> {
        Ok(context.spend_hashed(self.path_input.saturating_add(leaf))?)
    }
}

impl fmt::Debug for ReceiptInclusion<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.receipt, f)
    }
}

/// Checks the form of one proof, and returns how many bytes following it hashes.
fn rfc9162_form(proof: &Raw<'_>, reading: &ReceiptReading<'_>) -> Result<usize, Error> {
    let proof = InclusionProof::read(proof)?;
    let elements = proof.path().len();
    check_length(elements, reading)?;
    proof.check_form(&tree::<Rfc9162Tree>(&NoHash)?, &[0; 32])?;
    Ok(elements.saturating_mul(RFC9162_NODE))
}

fn ccf_form(proof: &Raw<'_>, reading: &ReceiptReading<'_>) -> Result<usize, Error> {
    let proof = CcfInclusionProof::read(proof)?;
    let elements = proof.path().count();
    check_length(elements, reading)?;
    let _ = proof.root(&tree::<CcfLedger>(&NoHash)?)?;
    let leaf = proof.leaf().internal_evidence().len().saturating_add(CCF_LEAF);
    Ok(elements.saturating_mul(CCF_NODE).saturating_add(leaf))
}

fn mmr_form(proof: &Raw<'_>, reading: &ReceiptReading<'_>) -> Result<usize, Error> {
    let proof = MmrInclusionProof::read(proof)?;
    if crate::mmr::height(proof.danger_unauthenticated_index()) != 0 {
        return Err(ErrorKind::Verification { rule: Rule::MmrEntry }.into());
    }
    let elements = proof.path().count();
    check_length(elements, reading)?;
    let _ = proof.root(&tree::<MountainRange>(&NoHash)?, &[0; 32])?;
    Ok(elements.saturating_mul(MMR_NODE))
}

pub(super) fn check_length(elements: usize, reading: &ReceiptReading<'_>) -> Result<(), Error> {
    if elements == 0 && reading.empty_path == EmptyPath::Refused {
        return Err(ErrorKind::Policy { rule: Rule::PathNotEmpty }.into());
    }
    Ok(())
}

pub(super) fn total_len(parts: &[&[u8]]) -> usize {
    parts.iter().fold(0, |sum, part| sum.saturating_add(part.len()))
}

fn equals_parts(whole: &[u8], parts: &[&[u8]]) -> bool {
    let rest = parts.iter().try_fold(whole, |rest, part| rest.strip_prefix(*part));
    rest.is_some_and(<[u8]>::is_empty)
}
