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
    Context, Error, Input, Payload, Profile, Rule, SigStructure, Signed, SignedBy, Verified,
    crypto::{Feed, Interrupted},
    diag::{Message, shown_as},
    error::{Misuse, Verification},
    frame::{Form, Frame, feed_structure, message_view, nothing},
    header::{Headers, Protected},
    key::{KeyHint, KeyResolver, try_candidates},
};
use signers::Tally;

/// A COSE_Sign as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Sign<'a> {
    bytes: &'a [u8],
    is_tagged: bool,
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    signatures: Signatures<'a>,
}

const FORM: Form =
    Form { tag: Sign::TAG, elements: 4, structure: Rule::SignStructure, exempt: nothing };

impl<'a> Sign<'a> {
    message_view!(crate::tag::COSE_SIGN);

    /// Reads a message that is the whole of `bytes`, with tag 98 or without.
    ///
    /// # Errors
    /// For CBOR that is not well-formed, another structure, headers that break a rule, and any
    /// signature that cannot be decoded.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let (frame, mut reader) = Frame::open(bytes, &FORM, profile)?;
        let signatures = Signatures::read(&mut reader, profile)?;
        frame.close(&mut reader)?;
        let Frame { is_tagged, headers, content: payload, .. } = frame;
        Ok(Self { bytes, is_tagged, headers, payload, signatures })
    }

    /// Both header buckets of the body, which all signatures share.
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// The embedded payload, not verified; `None` when it is detached.
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// The signatures, at least one.
    pub const fn signatures(&self) -> &Signatures<'a> {
        &self.signatures
    }

    /// What `signature` signs (RFC 9052 4.4), in parts that borrow from the message and from `input`.
    ///
    /// # Errors
    /// If the message embeds a payload where a detached one was given, or has none.
    pub fn to_be_signed<'p>(
        &self,
        signature: &CoseSignature<'a>,
        input: &Input<'p>,
    ) -> Result<SigStructure<'p>, Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        Ok(self.structure(signature, input, payload))
    }

    fn structure<'p>(
        &self,
        signature: &CoseSignature<'a>,
        input: &Input<'p>,
        payload: &'p [u8],
    ) -> SigStructure<'p>
    where
        'a: 'p,
    {
        let body = self.headers.protected().as_authenticated();
        let signer = signature.headers().protected().as_authenticated();
        SigStructure::signature(body, signer, input.external_aad(), payload)
    }

    /// Checks signatures, in their order, under the keys that `keys` answers with, until `policy` is
    /// met.
    ///
    /// # Errors
    /// `Verification` if the policy is not met; under [`SignPolicy::All`], what is wrong with the
    /// first signature that does not verify; `Policy` if `crit` of the body names what this call and
    /// its caller do not process.
    pub fn verify<'p>(
        &self,
        input: &Input<'p>,
        policy: &SignPolicy<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>, Signers>, Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        let by = self.tally(input, (policy, context), &mut |index, signature, tally| {
            let structure = self.structure(signature, input, payload);
            let hint = KeyHint::of_signer(signature.headers(), &self.headers)?;
            let identity = try_candidates(&hint, keys, context, &mut |verifier, algorithm| {
                verifier.verify(algorithm, &structure.parts(), signature.signature())?;
                tally.see(verifier, context);
                Ok(())
            })?;
            Ok(SignedBy::new(identity, hint.algorithm(), index))
        })?;
        Ok(Verified::new(Signed::new(self.headers, payload), by))
    }

    /// Checks signatures over a detached payload of `len` bytes that `feed` hands over, once for each
    /// signature that is looked at: it starts at the beginning each time.
    ///
    /// One candidate key is tried for each signature; a key that is enrolled without kid may be that
    /// one for a signature of another key, which then counts as beyond the limit. The payload itself is the caller's: what comes
    /// back is the protected bucket that was signed with it.
    ///
    /// # Errors
    /// As [`verify`](Self::verify); `Unsupported` where the algorithm has no streaming form.
    pub fn verify_stream(
        &self,
        input: &Input<'a>,
        len: u64,
        feed: &mut Feed<'_>,
        policy: &SignPolicy<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Protected<'a>, Signers>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        if input.payload() != Payload::Streamed {
            return Err(Misuse::PayloadIsStreamed.into());
        }
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let by = self.tally(input, (policy, &context), &mut |index, signature, tally| {
            let structure = self.structure(signature, input, &[]).streamed(len);
            let hint = KeyHint::of_signer(signature.headers(), &self.headers)?;
            let identity = try_candidates(&hint, keys, &context, &mut |verifier, algorithm| {
                let mut whole = |sink: &mut dyn FnMut(&[u8])| -> Result<(), Interrupted> {
                    feed_structure(&structure.parts(), len, feed, sink)
                };
                verifier.verify_stream(algorithm, &mut whole, signature.signature())?;
                tally.see(verifier, &context);
                Ok(())
            })?;
            Ok(SignedBy::new(identity, hint.algorithm(), index))
        })?;
        Ok(Verified::new(*self.headers.protected(), by))
    }

    fn tally(
        &self,
        input: &Input<'_>,
        (policy, context): (&SignPolicy<'_>, &Context<'_>),
        check: &mut dyn FnMut(usize, &CoseSignature<'a>, &mut Tally) -> Result<SignedBy, Error>,
    ) -> Result<Signers, Error> {
        policy.check(context)?;
        self.headers.check_critical(input)?;
        let mut tally = Tally::default();
        for (index, signature) in self.signatures.iter().enumerate() {
            let verdict = signature
                .headers()
                .check_critical(input)
                .and_then(|()| check(index, &signature, &mut tally));
            match verdict {
                Ok(by) if policy.counts(&by) => tally.count(by),
                Ok(_) => tally.forget(),
                Err(error) if policy.needs_every_signature() => return Err(error),
                // The payload is gone: nothing can be said of the signatures that follow either.
                Err(error) if error == Verification::Interrupted.into() => {
                    return Err(error);
                }
                Err(_) => tally.forget(),
            }
            if policy.is_met_early(&tally) {
                break;
            }
        }
        policy.conclude(tally)
    }
}

shown_as!(Sign, Message::SIGN);
