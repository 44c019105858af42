//! A receipt of whatever structure, and what the signature over a root says.

use core::fmt;

use cose_ext::{
    Context, Error as CoseError, Input, IntOrText, Label, Notes, Processed, Profile, Sign1, Signed,
    Verified,
    cbor::{Array, Raw, Reader},
    crypto::{Algorithm, HashFunction},
    error::{ErrorKind as CoseErrorKind, Policy, Unsupported, Verification},
    header::{Vdp, Vds},
};

use super::{
    AttachedRoot, CoseTree, Error, ErrorKind, ReceiptReading, ReceiptVerifier, SignedRoot,
    error::breaks,
    inclusion::{EVALUATES_CCF, EVALUATES_MMR},
    roots::{DistinctRoots, Root},
};
use crate::{Rule, TreeKind};

/// The signature is not over the root that was recomputed.
const UNSIGNED: Error = Error::new(ErrorKind::Verification { rule: Rule::RootSigned });

/// Takes a signed root, in the place where it was read: it is large.
pub(super) type Then<'f, 'a> = dyn FnMut(&Verified<SignedRoot<'a>>) + 'f;

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
    ///
    /// If it is not a COSE_Sign1 with tag 18, or names no data structure or proofs.
    #[inline(never)] // So that its frame has ended before a signature is checked.
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

    /// Returns the receipt as a COSE_Sign1.
    #[must_use]
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Returns the data structure that the receipt names. It is signed, once the receipt is
    /// verified.
    #[must_use]
    pub const fn vds(&self) -> Vds {
        self.vds
    }

    /// Checks the signature over the first root, and over the next as long as it is over none of
    /// those before; shows `then` the one that is signed. `follow` follows a proof once more.
    ///
    /// # Errors
    ///
    /// What the signature says of the last root that was tried; those of `follow`.
    #[inline(never)] // What else is decided is not in its frame.
    pub(super) fn verify_roots(
        &self,
        roots: &DistinctRoots,
        follow: &mut dyn FnMut(usize) -> Result<[u8; 32], Error>,
        verifier: &ReceiptVerifier<'_>,
        then: &mut Then<'_, 'a>,
    ) -> Result<(), Error> {
        let mut outcome = Err(self.no_proofs());
        let mut root = Root::default();
        let mut place = 0;
        while roots.read(place, follow, &mut root, &mut outcome) {
            outcome = self.verify_rfc9162_root(&root, verifier, then);
            if !matches!(&outcome, Err(error) if may_be_of_another_root(error)) {
                break;
            }
            place = place.saturating_add(1);
        }
        outcome
    }

    /// Checks the signature over one root, and shows it to `then`.
    pub(super) fn verify_rfc9162_root(
        &self,
        root: &Root,
        verifier: &ReceiptVerifier<'_>,
        then: &mut Then<'_, 'a>,
    ) -> Result<(), Error> {
        let detached = match self.message.danger_unverified_payload() {
            None => Some(root.hash.as_slice()),
            Some(_) if verifier.reading.attached_root == AttachedRoot::Refused => {
                return Err(ErrorKind::Policy { rule: Rule::RootDetached }.into());
            }
            Some(attached) if attached == root.hash => None,
            Some(_) => return Err(ErrorKind::Verification { rule: Rule::RootDetached }.into()),
        };
        self.verify_signature(detached, root, verifier, then)
    }

    pub(super) fn verify_ccf_root(
        &self,
        root: &Root,
        verifier: &ReceiptVerifier<'_>,
        then: &mut Then<'_, 'a>,
    ) -> Result<(), Error> {
        if self.message.danger_unverified_payload().is_some() {
            Err(Error::malformed(Rule::CcfRootDetached, 0))
        } else {
            self.verify_signature(Some(&root.hash), root, verifier, then)
        }
    }

    #[inline(never)] // So that it is not in one frame with the roots.
    fn verify_signature(
        &self,
        detached: Option<&[u8]>,
        root: &Root,
        verifier: &ReceiptVerifier<'_>,
        then: &mut Then<'_, 'a>,
    ) -> Result<(), Error> {
        let input = detached.map_or(Input::embedded(), Input::detached);
        let above = Some(&verifier.reading.processed);
        let input = input.with_processed(Processed { labels: &[Label::VDS], above });
        let mut shown = Ok(());
        // Matched where it is made.
        match &self.message.verify_then(&input, verifier.keys, verifier.context, &mut |signed| {
            shown = show_root(signed, root, then);
        }) {
            Ok(()) => shown,
            Err(error) => Err(unsigned(*error)),
        }
    }

    /// Checks the signature. `crit` may name what `input` says is processed.
    pub(super) fn signed<'p>(
        &self,
        input: &Input<'p, '_>,
        verifier: &ReceiptVerifier<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        self.message.verify(input, verifier.keys, verifier.context).map_err(unsigned)
    }

    pub(super) fn check_structure(&self, reading: &ReceiptReading<'_>) -> Result<(), Error> {
        if !is_evaluated(self.vds) {
            Err(ErrorKind::UnknownStructure(self.vds).into())
        } else if reading.accepts(self.vds) {
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
        let profile = self.profile;
        Ok(proofs.iter().map(move |proof| {
            let bytes = proof.read(Reader::bytes).map_err(breaks(Rule::ReceiptProofs))?;
            let head = proof.bytes().len().saturating_sub(bytes.len());
            Ok(profile.item(bytes, proof.offset().saturating_add(head))?)
        }))
    }

    /// Checks that there are no more proofs of `kind` than `reading` allows.
    pub(super) fn check_count(
        &self,
        kind: IntOrText<'_>,
        reading: &ReceiptReading<'_>,
    ) -> Result<(), Error> {
        match self.vdp.proofs(kind)? {
            Some(proofs) if proofs.len() > reading.limits.proofs => {
                Err(ErrorKind::TooManyProofs.into())
            }
            _ => Ok(()),
        }
    }

    /// Returns what a proof of consistency is counted as: a path element may be hashed for the
    /// older root and for the newer one.
    pub(super) const fn consistency_input(&self) -> usize {
        self.message.bytes().len().saturating_mul(2)
    }

    pub(super) const fn no_proofs(&self) -> Error {
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

/// Returns whether the signature may be right over another root: which of the two is wrong, nobody
/// can tell.
fn may_be_of_another_root(error: &Error) -> bool {
    let tried_all = |policy| matches!(policy, Policy::NotEnrolled { tried } if tried > 0);
    match error.kind() {
        ErrorKind::Cose(CoseErrorKind::Policy(policy)) => tried_all(policy),
        _ => *error == UNSIGNED,
    }
}

/// Returns whether this build evaluates receipts of a structure.
fn is_evaluated(vds: Vds) -> bool {
    (EVALUATES_CCF || vds != Vds::CCF_LEDGER_SHA256) && (EVALUATES_MMR || vds != Vds::MMR_SHA256)
}

/// Shows `then` the root that was signed.
#[inline(never)] // So that what it copies is not there while the signature is checked.
fn show_root<'a>(
    signed: &Verified<Signed<'a, '_>>,
    root: &Root,
    then: &mut Then<'_, 'a>,
) -> Result<(), Error> {
    let read = signed.try_map(SignedRoot::read)?;
    then(&if root.by_empty_path { read.noting(Notes::EMPTY_PATH) } else { read });
    Ok(())
}

fn unsigned(error: cose_ext::Error) -> Error {
    match error.kind() {
        // Which of the two is wrong, the proof or the signature, nobody can tell.
        CoseErrorKind::Verification(Verification::InvalidSignature { .. }) => UNSIGNED,
        _ => error.into(),
    }
}
