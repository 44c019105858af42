//! COSE_Sign1 (RFC 9052 4.2).

#[cfg(feature = "alloc")]
mod builder;
mod draft;
#[cfg(feature = "std")]
mod reader;
mod timestamp;

#[cfg(feature = "alloc")]
pub use builder::{Sign1Builder, ToBeSigned};
pub use draft::Draft;

use crate::{
    Context, Error, Input, Processed, Profile, Rule, SigStructure, Signed, Stream, Supplied,
    Verified,
    cbor::Reader,
    crypto::{Algorithm, SignatureVerifier, VerifyError},
    diag::{Message, shown_as},
    error::{Breaks, Misuse},
    frame::{Form, Frame, message_view, no_exemption},
    header::{Headers, Protected},
    key::{KeyHint, KeyResolver, Tries},
};

/// A COSE_Sign1 as it was received: parsed, borrowed, untrusted.
///
/// The bytes of the protected bucket are kept; nothing is encoded again.
///
/// | to | use |
/// |---|---|
/// | verify one | [`decode`](Self::decode), then [`verify`](Self::verify) |
/// | verify one whose payload does not fit into memory | [`verify_stream`](Self::verify_stream) |
/// | look at one without a key | the readers here; what they return is untrusted |
/// | make one | `Sign1Builder` (with `alloc`), or [`Draft`] in memory of the caller |
/// | accept any signed or MACed message | [`Authenticated`](crate::Authenticated) |
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Context, Input, Sign1, key::TrustedKey, sign1::Sign1Builder};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let bytes = Sign1Builder::new().sign(Content::Embedded(b"hello"), &key)?;
///
/// let context = Context::new(&RustCrypto);
/// let message = Sign1::decode(&bytes, &context.profile)?; // parsed, not trusted
/// let public = key.public_key();
/// let trusted = TrustedKey::new(&public, &context)?;
/// let verified = message.verify(&Input::embedded(), &trusted, &context)?;
/// assert_eq!(verified.value().payload(), b"hello");
///
/// // A payload that travels apart is an argument of the call.
/// let bytes = Sign1Builder::new().sign(Content::Detached(b"image"), &key)?;
/// let message = Sign1::decode(&bytes, &context.profile)?;
/// message.verify(&Input::detached(b"image"), &trusted, &context)?;
/// assert!(message.verify(&Input::detached(b"other"), &trusted, &context).is_err());
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Sign1<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    payload_offset: usize,
    signature: &'a [u8],
}

const FORM: Form =
    Form { tag: Sign1::TAG, elements: 4, structure: Rule::Structure, exempt: no_exemption };

impl<'a> Sign1<'a> {
    message_view!(crate::tag::COSE_SIGN1);

    /// Reads a message that is the whole of `bytes`, with tag 18 or without.
    ///
    /// Nothing is verified: [`verify`](Self::verify) does that.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        let signature = reader.bytes().breaks(Rule::Structure)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: payload, content_offset: payload_offset, .. } = frame;
        Ok(Self { bytes, headers, payload, payload_offset, signature })
    }

    /// Returns both header buckets.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Returns the embedded payload, which is not verified, or `None` when it is detached.
    #[must_use]
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// Returns the signature as received.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Returns the algorithm that the message names, as a number.
    ///
    /// # Errors
    ///
    /// If it names none, or one that is not a registered number.
    pub fn algorithm(&self) -> Result<Algorithm, Error> {
        self.headers.algorithm()
    }

    /// Returns the payload that `input` names, not verified.
    ///
    /// # Errors
    ///
    /// If the message embeds one where a detached one was given, or has none.
    pub fn danger_unverified_payload_of<'p>(&self, input: &Input<'p, '_>) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        input.resolve(self.payload)
    }

    /// Returns what was signed (RFC 9052 4.4), in parts that borrow from the message and from
    /// `input`. `profile` says in which form an empty protected map enters.
    ///
    /// # Errors
    ///
    /// If the message embeds a payload where a detached one was given, or has none.
    pub fn to_be_signed<'s>(
        &self,
        input: &Input<'s, 's>,
        profile: &Profile,
    ) -> Result<SigStructure<'s>, Error>
    where
        'a: 's,
    {
        Ok(self.structure(input.resolve(self.payload)?, input.supplied(), profile))
    }

    #[inline(never)] // What it moves is not on the stack while the signature is checked.
    fn structure<'s>(
        &self,
        payload: &'s [u8],
        supplied: &Supplied<'s>,
        profile: &Profile,
    ) -> SigStructure<'s>
    where
        'a: 's,
    {
        let protected = self.headers.protected().as_authenticated(profile);
        SigStructure::signature1(protected, supplied.external_aad, payload)
    }

    /// Checks that `processed` holds what `crit` names (RFC 9052 3.1). Every verification does so
    /// itself; it is for those who rely on something else than the signature.
    ///
    /// # Errors
    ///
    /// If `crit` is malformed, or names what the caller does not process.
    pub fn check_critical(&self, processed: &Processed<'_>) -> Result<(), Error> {
        self.headers.check_critical(processed)
    }

    /// Verifies the signature, and returns the payload and the protected header that it covers.
    ///
    /// `input` says where the payload is: [`Input::embedded`], or [`Input::detached`] with its
    /// bytes. `keys` answers with trusted keys: a [`TrustedKey`](crate::key::TrustedKey), a
    /// [`TrustStore`](crate::key::TrustStore) or your own [`KeyResolver`]. What comes back says
    /// which of them verified ([`Verified::by`]).
    ///
    /// # Errors
    ///
    /// `Verification` if the signature is wrong under a key that the message names, `Unsupported`
    /// if it could not be evaluated, `Policy` if no trusted and permitted key answers or `crit`
    /// names what this call and its caller do not process, `Limit` if that took too much work.
    #[inline(never)] // Its frame, and nothing else of it, is in that of a caller.
    pub fn verify<'p>(
        &self,
        input: &Input<'p, '_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let mut tries = Tries::default();
        let payload = self.check(input, keys, context, &mut tries)?;
        self.signed(payload, &tries, context)
    }

    /// Verifies as [`verify`](Self::verify) does, and calls `then` with what was signed. A
    /// [`Signed`] with who signed it is large: on a device with little stack there is then none
    /// while the signature is checked.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `then` is not called.
    #[inline(never)] // Its frame, and nothing else of it, is in that of a caller.
    pub fn verify_then<'p>(
        &self,
        input: &Input<'p, '_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        then: &mut dyn FnMut(&Verified<Signed<'a, 'p>>),
    ) -> Result<(), Error>
    where
        'a: 'p,
    {
        let mut tries = Tries::default();
        let payload = self.check(input, keys, context, &mut tries)?;
        self.show(payload, &tries, context, then)
    }

    /// Tries the keys that answer, and returns what one of them may have signed.
    fn check<'p>(
        &self,
        input: &Input<'p, '_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        tries: &mut Tries,
    ) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        let structure = self.structure(payload, input.supplied(), &context.profile);
        let len = self.bytes.len().saturating_add(input.len());
        context.begin(len, |context| {
            let supplied = input.supplied();
            self.verify_with(supplied, keys, context, tries, &mut |verifier, algorithm| {
                verifier.verify(algorithm, &structure.parts(), self.signature)
            })
        })?;
        Ok(payload)
    }

    #[inline(never)] // What it copies is not on the stack while the signature is checked.
    fn signed<'p>(
        &self,
        payload: &'p [u8],
        tries: &Tries,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error> {
        let by = tries.signed_by(0, self.headers.notes(&context.profile))?;
        Ok(Verified::new(Signed::new(self.headers, payload, self.payload_offset), by))
    }

    #[inline(never)] // What it copies is not on the stack while the signature is checked.
    fn show<'p>(
        &self,
        payload: &'p [u8],
        tries: &Tries,
        context: &Context<'_>,
        then: &mut dyn FnMut(&Verified<Signed<'a, 'p>>),
    ) -> Result<(), Error> {
        // Matched where it is made: it is large.
        match &self.signed(payload, tries, context) {
            Ok(signed) => {
                then(signed);
                Ok(())
            }
            Err(error) => Err(*error),
        }
    }

    /// Checks the signature over a detached payload that `stream` hands over.
    ///
    /// One candidate key is tried, since a stream is read once. The caller keeps the payload; what
    /// comes back is the protected bucket that was signed with it.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the algorithm has no streaming form.
    pub fn verify_stream(
        &self,
        stream: &mut Stream<'_>,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Protected<'a>>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        let structure = self.structure(&[], supplied, &context.profile).streamed(stream.len);
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let mut tries = Tries::default();
        context.begin(self.bytes.len(), |context| {
            self.verify_with(supplied, keys, context, &mut tries, &mut |verifier, algorithm| {
                let mut whole =
                    |sink: &mut dyn FnMut(&[u8])| stream.after(&structure.parts(), sink);
                verifier.verify_stream(algorithm, &mut whole, self.signature)
            })
        })?;
        let by = tries.signed_by(0, self.headers.notes(&context.profile))?;
        Ok(Verified::new(*self.headers.protected(), by))
    }

    fn verify_with(
        &self,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        tries: &mut Tries,
        check: &mut dyn FnMut(&dyn SignatureVerifier, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<(), Error> {
        // Matched where it is made: it is large.
        match &self.hint(supplied) {
            Ok(hint) => {
                tries.run(hint, keys, context, check);
                Ok(())
            }
            Err(error) => Err(*error),
        }
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn hint<'h>(&'h self, supplied: &Supplied<'h>) -> Result<KeyHint<'h>, Error> {
        let algorithm = self.headers.algorithm_given_or_of_key(supplied)?;
        self.headers.check_critical(&supplied.processed)?;
        KeyHint::new(algorithm, &self.headers, supplied)
    }
}

shown_as!(Sign1, Message::SIGN1);
