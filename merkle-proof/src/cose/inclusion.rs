//! Receipts of inclusion, verified in two steps: the form of the proofs, then what they lead to.

use core::fmt;

use cose_ext::{
    Context, Verified,
    cbor::Raw,
    header::{Vdp, Vds},
    key::KeyResolver,
};

use super::{
    CcfInclusionProof, CcfReceipt, CoseTree, EmptyPath, Error, ErrorKind, InclusionProof,
    MmrInclusionProof, MmrReceipt, Receipt, ReceiptReading, ReceiptVerifier, Rfc9162Receipt,
    SignedRoot,
    no_hash::NoHash,
    receipt::{sha256, tree},
    roots::{DistinctRoots, Root, Roots},
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
        let mut verified = None;
        self.verify_then(entry, keys, context, &mut |root| verified = Some(*root))?;
        verified.ok_or(self.receipt.no_proofs())
    }

    /// Verifies as [`verify`](Self::verify) does, and calls `then` with the root where it was read.
    /// It is large: on a device with little stack there is then none while the signature is
    /// checked.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `then` is not called.
    pub fn verify_then(
        &self,
        entry: &[&[u8]],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        then: &mut dyn FnMut(&Verified<SignedRoot<'a>>),
    ) -> Result<(), Error> {
        let input = self.receipt.message().bytes().len().saturating_add(total_len(entry));
        context.begin(input, |context| {
            let Self { receipt, reading, .. } = *self;
            let verifier = &ReceiptVerifier { reading, keys, context };
            match receipt.vds() {
                // Matched where they are made: they are large.
                Vds::CCF_LEDGER_SHA256 if EVALUATES_CCF => match &self.ccf_root(entry, context) {
                    Ok(root) => receipt.verify_ccf_root(root, verifier, then),
                    Err(error) => Err(*error),
                },
                Vds::MMR_SHA256 if EVALUATES_MMR => match &self.mmr_roots(entry, context) {
                    Ok((leaf, roots)) => {
                        let mut follow = |proof| self.mmr_root(proof, leaf, context);
                        receipt.verify_roots(roots, &mut follow, verifier, then)
                    }
                    Err(error) => Err(*error),
                },
                _ => match &self.rfc9162_roots(entry, context) {
                    Ok((leaf, roots)) => {
                        let mut follow = |proof| self.rfc9162_root(proof, leaf, context);
                        receipt.verify_roots(roots, &mut follow, verifier, then)
                    }
                    Err(error) => Err(*error),
                },
            }
        })
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn rfc9162_roots(
        &self,
        entry: &[&[u8]],
        context: &Context<'_>,
    ) -> Result<([u8; 32], DistinctRoots), Error> {
        let tree = tree::<Rfc9162Tree>(sha256(context)?)?;
        self.spend(total_len(entry).saturating_add(1), context)?;
        let leaf = tree.leaf(entry);
        let mut roots = Roots::default();
        for proof in Rfc9162Receipt(*self.receipt).inclusion_proofs()? {
            let proof = proof?;
            roots.add(follow(&proof, &tree, &leaf)?, proof.path().len() == 0)?;
        }
        Ok((leaf, roots.distinct()))
    }

    /// Follows the proof at `place` once more.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn rfc9162_root(
        &self,
        place: usize,
        leaf: &[u8; 32],
        context: &Context<'_>,
    ) -> Result<[u8; 32], Error> {
        let tree = tree::<Rfc9162Tree>(sha256(context)?)?;
        let proof = Rfc9162Receipt(*self.receipt).inclusion_proofs()?.nth(place);
        let proof = proof.ok_or(self.receipt.no_proofs())??;
        context.spend_hashed(proof.path().len().saturating_mul(RFC9162_NODE))?;
        follow(&proof, &tree, leaf)
    }

    /// Compares the data hashes before anything is hashed.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn ccf_root(&self, entry: &[&[u8]], context: &Context<'_>) -> Result<Root, Error> {
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
        roots.only().copied()
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn mmr_roots(
        &self,
        entry: &[&[u8]],
        context: &Context<'_>,
    ) -> Result<([u8; 32], DistinctRoots), Error> {
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
        Ok((leaf, roots.distinct()))
    }

    /// Follows the proof at `place` once more.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn mmr_root(
        &self,
        place: usize,
        leaf: &[u8; 32],
        context: &Context<'_>,
    ) -> Result<[u8; 32], Error> {
        let hash = tree::<MountainRange>(sha256(context)?)?;
        let proof = MmrReceipt(*self.receipt).inclusion_proofs()?.nth(place);
        let proof = proof.ok_or(self.receipt.no_proofs())??;
        context.spend_hashed(proof.path().count().saturating_mul(MMR_NODE))?;
        Ok(*proof.root(&hash, leaf)?.unconfirmed())
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

#[inline(never)]
fn follow(
    proof: &InclusionProof<'_>,
    tree: &CoseTree<'_, Rfc9162Tree>,
    leaf: &[u8; 32],
) -> Result<[u8; 32], Error> {
    Ok(*proof.root(tree, leaf)?.unconfirmed())
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
