//! COSE_Sign: one payload, signed by several (RFC 9052 4.1).

#[cfg(feature = "alloc")]
mod builder;
mod policy;
mod signature;
mod signers;

#[cfg(feature = "alloc")]
pub use builder::{PendingSignature, SignBuilder, SignatureBuilder, Signing};

pub use policy::SignPolicy;
pub use signature::{CoseSignature, Signatures};
pub use signers::Signers;

use crate::{
    Context, Error, Input, Profile, Rule, SigStructure, Signed, SignedBy, Stream, Supplied,
    Verified,
    cbor::Reader,
    crypto::Algorithm,
    diag::{Message, shown_as},
    error::{ErrorKind, Limit, Misuse, Verification},
    frame::{Form, Frame, message_view, no_exemption},
    header::{Headers, Protected},
    key::{Attribution, KeyHint, KeyResolver, claimed_issuer, try_candidates},
};

/// A COSE_Sign as it was received: parsed, borrowed, untrusted.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Context, Input, Sign, key::{TrustStore, TrustedKey}};
/// use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto};
/// use cose_ext::sign::{SignBuilder, SignPolicy, SignatureBuilder};
///
/// let one = P256SigningKey::from_bytes(&[1; 32])?;
/// let two = Ed25519SigningKey::from_bytes(&[2; 32])?;
/// let mut signing = SignBuilder::new().prepare(Content::Embedded(b"release"))?;
/// signing.sign(SignatureBuilder::new().key_id(b"1"), &one)?;
/// signing.sign(SignatureBuilder::new().key_id(b"2"), &two)?;
/// let bytes = signing.finish()?;
///
/// let context = Context::new(&RustCrypto);
/// let (one, two) = (one.public_key(), two.public_key());
/// let keys = [TrustedKey::new(&one, &context)?, TrustedKey::new(&two, &context)?];
/// let message = Sign::decode(&bytes, &context.profile)?;
/// let store = TrustStore::new(&keys);
/// let verified = message.verify(&Input::embedded(), &SignPolicy::All, &store, &context)?;
/// assert_eq!(verified.by().iter().count(), 2);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Sign<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    payload_offset: usize,
    signatures: Signatures<'a>,
}

const FORM: Form =
    Form { tag: Sign::TAG, elements: 4, structure: Rule::SignStructure, exempt: no_exemption };

impl<'a> Sign<'a> {
    message_view!(crate::tag::COSE_SIGN);

    /// Reads a message that is the whole of `bytes`, with tag 98 or without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, headers that break a rule, and any
    /// signature that cannot be decoded.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        let signatures = Signatures::read(&mut reader, profile)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: payload, content_offset: payload_offset, .. } = frame;
        Ok(Self { bytes, headers, payload, payload_offset, signatures })
    }

    /// Returns both header buckets of the body, which all signatures share.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Returns the embedded payload, which is not verified, or `None` when it is detached.
    #[must_use]
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// Returns the signatures, at least one.
    #[must_use]
    pub const fn signatures(&self) -> &Signatures<'a> {
        &self.signatures
    }

    /// Returns what `signature` signs (RFC 9052 4.4), in parts that borrow from the message and
    /// from `input`. `profile` says in which form an empty protected map enters.
    ///
    /// # Errors
    ///
    /// If the message embeds a payload where a detached one was given, or has none.
    pub fn to_be_signed<'s>(
        &self,
        signature: &CoseSignature<'a>,
        input: &Input<'s, 's>,
        profile: &Profile,
    ) -> Result<SigStructure<'s>, Error>
    where
        'a: 's,
    {
        let payload = input.resolve(self.payload)?;
        Ok(self.structure(signature, payload, input.supplied(), profile))
    }

    fn structure<'s>(
        &self,
        signature: &CoseSignature<'a>,
        payload: &'s [u8],
        supplied: &Supplied<'s>,
        profile: &Profile,
    ) -> SigStructure<'s>
    where
        'a: 's,
    {
        let body = self.headers.protected().as_authenticated(profile);
        let signer = signature.headers().protected().as_authenticated(profile);
        SigStructure::signature(body, signer, supplied.external_aad, payload)
    }

    /// Checks signatures, in their order, under the keys that `keys` answers with, until `policy`
    /// is met.
    ///
    /// # Errors
    ///
    /// `Verification` if the policy is not met; under [`SignPolicy::All`], what is wrong with the
    /// first signature that does not verify; `Policy` if `crit` of the body names what this call
    /// and its caller do not process; `Limit` if that took too much work.
    pub fn verify<'p>(
        &self,
        input: &Input<'p, '_>,
        policy: &SignPolicy<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>, Signers>, Error>
    where
        'a: 'p,
    {
        self.verify_reporting(input, policy, keys, context, &mut |_, _| {})
    }

    /// Checks signatures as [`verify`](Self::verify) does, and tells `report` of each that is
    /// looked at: its index, and who made it or why it does not count.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_reporting<'p>(
        &self,
        input: &Input<'p, '_>,
        policy: &SignPolicy<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        report: &mut Report<'_>,
    ) -> Result<Verified<Signed<'a, 'p>, Signers>, Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        let supplied = input.supplied();
        let len = self.bytes.len().saturating_add(input.len());
        let by = context.begin(len, |context| {
            self.tally(supplied, (policy, context), report, &mut |signature, hint| {
                let structure = self.structure(signature, payload, supplied, &context.profile);
                try_candidates(hint, keys, context, &mut |verifier, algorithm| {
                    verifier.verify(algorithm, &structure.parts(), signature.signature())
                })
            })
        })?;
        Ok(Verified::new(Signed::new(self.headers, payload, self.payload_offset), by))
    }

    /// Checks signatures over a detached payload that `stream` hands over, once for each signature
    /// that is looked at: it starts at the beginning each time.
    ///
    /// One candidate key is tried for each signature; a key that is enrolled without kid may be
    /// that one for a signature of another key, which then counts as beyond the limit. The payload
    /// itself is the caller's: what comes back is the protected bucket that was signed with it.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the algorithm has no streaming form.
    pub fn verify_stream(
        &self,
        stream: &mut Stream<'_>,
        supplied: &Supplied<'_>,
        policy: &SignPolicy<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Protected<'a>, Signers>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let by = context.begin(self.bytes.len(), |context| {
            self.tally(supplied, (policy, context), &mut |_, _| {}, &mut |signature, hint| {
                let structure = self.structure(signature, &[], supplied, &context.profile);
                let structure = structure.streamed(stream.len);
                try_candidates(hint, keys, context, &mut |verifier, algorithm| {
                    let mut whole =
                        |sink: &mut dyn FnMut(&[u8])| stream.after(&structure.parts(), sink);
                    verifier.verify_stream(algorithm, &mut whole, signature.signature())
                })
            })
        })?;
        Ok(Verified::new(*self.headers.protected(), by))
    }

    /// Goes through the signatures until `policy` is met, or cannot be met any more.
    ///
    /// What the body says is read once, whatever the number of signatures. A signature that fails
    /// does not count and ends nothing, but where the policy needs all of them, where a stream was
    /// interrupted, or where the work is spent.
    fn tally(
        &self,
        supplied: &Supplied<'_>,
        (policy, context): (&SignPolicy<'_>, &Context<'_>),
        report: &mut Report<'_>,
        check: &mut CheckOne<'_, 'a>,
    ) -> Result<Signers, Error> {
        policy.check(context)?;
        self.headers.check_critical(&supplied.processed)?;
        let issuer = claimed_issuer(&self.headers, supplied)?;
        let mut signers = Signers::NOBODY;
        for (index, signature) in self.signatures.iter().enumerate() {
            let verdict = signature.headers().check_critical(&supplied.processed).and_then(|()| {
                let headers = signature.headers();
                let algorithm = headers.algorithm_given_or_of_key(supplied)?;
                let hint = KeyHint::with_issuer(algorithm, headers, issuer)?;
                let (attribution, algorithm) = check(&signature, &hint)?;
                let notes = self.headers.notes_of_body(&context.profile);
                let notes = notes.and(headers.notes(&context.profile));
                Ok(SignedBy::new(attribution, algorithm, index, notes))
            });
            report(index, &verdict);
            match verdict {
                Ok(by) if policy.counts(&by) => signers.count(by)?,
                Err(error) if policy.needs_every_signature() || ends_all(&error) => {
                    return Err(error);
                }
                _ => {}
            }
            if policy.is_met_early(&signers) {
                break;
            }
        }
        policy.conclude(signers)
    }
}

/// Checks one signature; tells who made it, and by which algorithm.
type CheckOne<'c, 'a> =
    dyn FnMut(&CoseSignature<'a>, &KeyHint<'_>) -> Result<(Attribution, Algorithm), Error> + 'c;

/// Hears of each signature that is looked at.
pub type Report<'r> = dyn FnMut(usize, &Result<SignedBy, Error>) + 'r;

/// Returns whether nothing can be said of the signatures that follow either: the payload is gone,
/// or the work is spent.
fn ends_all(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Verification(Verification::Interrupted)
            | ErrorKind::Limit(Limit::SignatureChecks | Limit::HashedBytes | Limit::ComparedItems)
    )
}

shown_as!(Sign, Message::SIGN);
