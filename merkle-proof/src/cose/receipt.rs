use core::fmt;

use cose_ext::{
    Context, Error as CoseError, Input, IntOrText, Label, Profile, Sign1, Signed, Verified,
    cbor::{Array, Raw, Reader},
    crypto::{Algorithm, HashFunction},
    error::{ErrorKind as CoseErrorKind, Unsupported, Verification},
    header::{Vdp, Vds},
    key::KeyResolver,
};

use super::{
    AttachedRoot, CcfConsistencyProof, CcfInclusionProof, ConsistencyProof, CoseTree, EmptyPath,
    Error, ErrorKind, InclusionProof, ReceiptReading, SignedRoot, error::breaks,
};
use crate::{
    CcfLedger, Rfc9162Tree, Rule, TreeHash, TreeHead, TreeKind, TrustedRoot, ccf::AnchorReading,
};

/// The signature is not over the root that was recomputed.
const UNSIGNED: Error = Error::new(ErrorKind::Verification { rule: Rule::RootSigned });

/// A COSE Receipt as it was received (RFC 9942 4.3): parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Receipt<'a> {
    message: Sign1<'a>,
    vds: Vds,
    vdp: Vdp<'a>,
    pub(super) profile: Profile,
}

impl<'a> Receipt<'a> {
    /// Reads a receipt that is the whole of `bytes`.
    ///
    /// # Errors
    /// If it is no COSE_Sign1 with tag 18, or names no data structure or proofs.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let message = Sign1::decode(bytes, profile)?;
        if !message.is_tagged() {
            return Err(Error::malformed(Rule::ReceiptTagged, 0));
        }
        let headers = message.headers();
        let missing = |rule| Error::malformed(rule, headers.protected().offset());
        let vds = headers.protected().vds()?.ok_or(missing(Rule::ReceiptStructure))?;
        let vdp = headers.vdp()?.ok_or(missing(Rule::ReceiptProofs))?;
        Ok(Self { message, vds, vdp, profile: *profile })
    }

    /// The receipt as a COSE_Sign1.
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// The data structure that the receipt names; signed, once the receipt is verified.
    pub const fn vds(&self) -> Vds {
        self.vds
    }

    /// The inclusion proofs of an RFC 9162 receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none, or more than [`Limits::proofs`](cose_ext::Limits::proofs).
    pub fn inclusion_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<InclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::INCLUSION)?.map(|proof| InclusionProof::read(&proof?)))
    }

    /// The inclusion proofs of a CCF receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none, or more than [`Limits::proofs`](cose_ext::Limits::proofs).
    pub fn ccf_inclusion_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<CcfInclusionProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::INCLUSION)?.map(|proof| CcfInclusionProof::read(&proof?)))
    }

    /// The consistency proofs of an RFC 9162 receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none, or more than [`Limits::proofs`](cose_ext::Limits::proofs).
    pub fn consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<ConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::CONSISTENCY)?.map(|proof| ConsistencyProof::read(&proof?)))
    }

    /// The consistency proofs of a CCF receipt as received; others show as errors.
    ///
    /// # Errors
    /// If there are none, or more than [`Limits::proofs`](cose_ext::Limits::proofs).
    pub fn ccf_consistency_proofs(
        &self,
    ) -> Result<impl Iterator<Item = Result<CcfConsistencyProof<'a>, Error>> + use<'a>, Error> {
        Ok(self.proofs(Vdp::CONSISTENCY)?.map(|proof| CcfConsistencyProof::read(&proof?)))
    }

    /// Verifies that the log signed a root over `entry` (RFC 9942 5.2.1): proof first, then the
    /// signature over the root that it leads to.
    ///
    /// `entry` is what the log calls its entry: for RFC9162_SHA256 the leaf's input, for
    /// CCF_LEDGER_SHA256 the data hash, for MMR_SHA256 what the leaf is the hash of. Parts are
    /// concatenated.
    ///
    /// # Errors
    /// `Verification` and `Cose` if the receipt is of something else or not signed by `keys`;
    /// `UnknownStructure` if it cannot be evaluated; `Policy` if `reading` refuses it.
    pub fn verify_inclusion(
        &self,
        entry: &[&[u8]],
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        self.check_structure(reading)?;
        match self.vds {
            Vds::CCF_LEDGER_SHA256 => self.verify_ccf_inclusion(entry, reading, keys, context),
            Vds::MMR_SHA256 => self.verify_mmr_inclusion(entry, reading, keys, context),
            _ => self.verify_rfc9162_inclusion(entry, reading, keys, context),
        }
    }

    /// Verifies that the tree whose root the log signed begins with the tree of `older` (RFC 9942
    /// 5.3.1), an RFC 9162 tree. The size of the newer tree is not signed, so it is not returned.
    ///
    /// # Errors
    /// As [`verify_inclusion`](Self::verify_inclusion).
    pub fn verify_consistency(
        &self,
        older: &TreeHead<Rfc9162Tree, [u8; 32]>,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        self.check_structure(reading)?;
        if self.vds != Vds::RFC9162_SHA256 {
            return Err(ErrorKind::UnknownStructure(self.vds).into());
        }
        let tree = tree::<Rfc9162Tree>(sha256(context)?)?;
        let roots = || {
            Ok(self
                .consistency_proofs()?
                .map(move |proof| Ok::<_, Error>(*proof?.root(&tree, older)?.unconfirmed())))
        };
        self.verify_any(roots, reading, keys, context)
    }

    /// Verifies that the ledger whose root the service signed begins with the ledger of `older`
    /// (draft-ietf-scitt-receipts-ccf-profile 4).
    ///
    /// # Errors
    /// As [`verify_inclusion`](Self::verify_inclusion).
    pub fn verify_ccf_consistency(
        &self,
        older: &TrustedRoot<CcfLedger, [u8; 32]>,
        anchor: AnchorReading,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        self.check_structure(reading)?;
        if self.vds != Vds::CCF_LEDGER_SHA256 {
            return Err(ErrorKind::UnknownStructure(self.vds).into());
        }
        let tree = tree::<CcfLedger>(sha256(context)?)?;
        let roots = self.ccf_consistency_proofs()?;
        let roots = roots.map(|proof| Ok(*proof?.root(&tree, older, anchor)?.unconfirmed()));
        let root = one_root(roots)?;
        self.verify_ccf_root(&root, reading, keys, context)
    }

    fn verify_rfc9162_inclusion(
        &self,
        entry: &[&[u8]],
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let tree = tree::<Rfc9162Tree>(sha256(context)?)?;
        let leaf = tree.leaf(entry);
        let empty_path = reading.empty_path;
        let roots = || {
            Ok(self.inclusion_proofs()?.map(move |proof| {
                let proof = proof?;
                if empty_path == EmptyPath::Refused && proof.path().len() == 0 {
                    return Err(ErrorKind::Policy { rule: Rule::PathNotEmpty }.into());
                }
                Ok::<_, Error>(*proof.root(&tree, &leaf)?.unconfirmed())
            }))
        };
        self.verify_any(roots, reading, keys, context)
    }

    /// RFC 9942 has no rule for several proofs in one receipt. Read here: every one is sound, and
    /// the signature is over a root that one of them leads to.
    pub(super) fn verify_any<I: Iterator<Item = Result<[u8; 32], Error>>>(
        &self,
        roots: impl Fn() -> Result<I, Error>,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let mut all = roots()?;
        let first = all.next().ok_or(self.no_proofs())??;
        let mut more: usize = 0;
        for root in all {
            root?;
            more = more.saturating_add(1);
        }
        let mut outcome = self.verify_rfc9162_root(&first, reading, keys, context);
        if more > 0 {
            for root in roots()?.skip(1) {
                if !outcome.as_ref().is_err_and(|error| *error == UNSIGNED) {
                    break;
                }
                outcome = self.verify_rfc9162_root(&root?, reading, keys, context);
            }
        }
        outcome
    }

    pub(super) fn verify_rfc9162_root(
        &self,
        root: &[u8; 32],
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let input = match self.message.danger_unverified_payload() {
            None => Input::detached(root),
            Some(_) if reading.attached_root == AttachedRoot::Refused => {
                return Err(ErrorKind::Policy { rule: Rule::RootDetached }.into());
            }
            Some(attached) if attached == root => Input::embedded(),
            Some(_) => return Err(ErrorKind::Verification { rule: Rule::RootDetached }.into()),
        };
        self.verify_signature(input, reading, keys, context)
    }

    fn verify_ccf_inclusion(
        &self,
        entry: &[&[u8]],
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let tree = tree::<CcfLedger>(sha256(context)?)?;
        let empty_path = reading.empty_path;
        let root = one_root(self.ccf_inclusion_proofs()?.map(|proof| {
            let proof = proof?;
            if !equals_parts(proof.leaf().data_hash(), entry) {
                return Err(ErrorKind::Verification { rule: Rule::CcfDataHash }.into());
            }
            if empty_path == EmptyPath::Refused && proof.path().next().is_none() {
                return Err(ErrorKind::Policy { rule: Rule::PathNotEmpty }.into());
            }
            Ok(*proof.root(&tree)?.unconfirmed())
        }))?;
        self.verify_ccf_root(&root, reading, keys, context)
    }

    fn verify_ccf_root(
        &self,
        root: &[u8; 32],
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        if self.message.danger_unverified_payload().is_some() {
            return Err(Error::malformed(Rule::CcfRootDetached, 0));
        }
        self.verify_signature(Input::detached(root), reading, keys, context)
    }

    fn verify_signature(
        &self,
        input: Input<'_>,
        reading: &ReceiptReading<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<SignedRoot<'a>>, Error> {
        let input = input.and_processing(&[Label::VDS]);
        self.signed(&input.processing(reading.processed), keys, context)?.try_map(SignedRoot::read)
    }

    /// Checks the signature. `crit` may name what `input` says is processed.
    pub(super) fn signed<'p>(
        &self,
        input: &Input<'p>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        self.message.verify(input, keys, context).map_err(|error| match error.kind() {
            // Which of the two is wrong, the proof or the signature, nobody can tell.
            CoseErrorKind::Verification(Verification::InvalidSignature { .. }) => UNSIGNED,
            _ => error.into(),
        })
    }

    pub(super) fn check_structure(&self, reading: &ReceiptReading<'_>) -> Result<(), Error> {
        if reading.accepts(self.vds) {
            Ok(())
        } else if matches!(self.vds, Vds::CCF_LEDGER_SHA256 | Vds::MMR_SHA256) {
            Err(ErrorKind::Policy { rule: Rule::ReceiptStructure }.into())
        } else {
            Err(ErrorKind::UnknownStructure(self.vds).into())
        }
    }

    pub(super) fn proofs(
        &self,
        kind: IntOrText<'_>,
    ) -> Result<impl Iterator<Item = Result<Raw<'a>, Error>> + use<'a>, Error> {
        let proofs: Array<'a> = self.vdp.proofs(kind)?.ok_or(self.no_proofs())?;
        if proofs.len() > self.profile.limits.proofs {
            return Err(ErrorKind::TooManyProofs.into());
        }
        let profile = self.profile;
        Ok(proofs.iter().map(move |proof| {
            let bytes = proof.read(Reader::bytes).map_err(breaks(Rule::ReceiptProofs))?;
            let head = proof.bytes().len().saturating_sub(bytes.len());
            let offset = proof.offset().saturating_add(head);
            Raw::decode(bytes, offset, profile.strictness, &profile.limits.cbor)
                .map_err(Error::from)
        }))
    }

    const fn no_proofs(&self) -> Error {
        Error::malformed(Rule::ReceiptProofs, 0)
    }
}

impl fmt::Debug for Receipt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.message, f)
    }
}

pub(super) fn sha256<'c>(context: &Context<'c>) -> Result<&'c dyn HashFunction, Error> {
    Ok(context.hash_function(Algorithm::SHA256)?)
}

pub(super) fn tree<K: TreeKind>(sha256: &dyn HashFunction) -> Result<CoseTree<'_, K>, Error> {
    let unsupported = CoseError::from(Unsupported::Hash(Algorithm::SHA256));
    CoseTree::new(sha256).ok_or(unsupported.into())
}

/// draft-ietf-scitt-receipts-ccf-profile 3.2: all proofs of a receipt lead to one root.
fn one_root(mut roots: impl Iterator<Item = Result<[u8; 32], Error>>) -> Result<[u8; 32], Error> {
    let first = roots.next().ok_or(Error::malformed(Rule::ReceiptProofs, 0))??;
    for root in roots {
        if root? != first {
            return Err(ErrorKind::Verification { rule: Rule::CcfOneRoot }.into());
        }
    }
    Ok(first)
}

fn equals_parts(whole: &[u8], parts: &[&[u8]]) -> bool {
    let rest = parts.iter().try_fold(whole, |rest, part| rest.strip_prefix(*part));
    rest.is_some_and(<[u8]>::is_empty)
}
