//! COSE_Mac0: a payload with a tag by a key that both sides know (RFC 9052 6.2).

#[cfg(feature = "alloc")]
mod builder;
mod draft;

#[cfg(feature = "alloc")]
pub use builder::Mac0Builder;
pub use draft::Draft;

use crate::{
    Context, Error, Input, MacStructure, Profile, Rule, Signed, SignedBy, Stream, Supplied,
    Verified,
    answer::answer,
    cbor::Reader,
    crypto::{Algorithm, KeyOperation, Mac, VerifyError},
    diag::{Message, shown_as},
    error::{Breaks, Misuse, Verification},
    frame::{Form, Frame, message_view, no_exemption},
    header::{Headers, Protected},
    key::{KeyHint, Refused, SecretResolver, SecretTries},
};

/// A COSE_Mac0 as it was received: parsed, borrowed, untrusted.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto", feature = "hmac"))] {
/// use cose_ext::{Content, Context, Input, Mac0, mac0::Mac0Builder, rustcrypto::RustCrypto};
/// use cose_ext::crypto::{Algorithm, SecretKey, SymmetricKey};
/// use cose_ext::key::{HeldSecret, Identity};
///
/// let key = SymmetricKey { k: &[7; 32], algorithm: Some(Algorithm::HMAC_256) };
/// let secret = SecretKey::symmetric(key, &RustCrypto);
/// let builder = Mac0Builder::new();
/// let bytes = builder.authenticate(Algorithm::HMAC_256, Content::Embedded(b"hello"), &secret)?;
///
/// let context = Context::new(&RustCrypto);
/// let held = HeldSecret::new(secret, Identity::new([1; 32]));
/// let message = Mac0::decode(&bytes, &context.profile)?;
/// let verified = message.verify(&Input::embedded(), &held, &context)?;
/// assert_eq!(verified.value().payload(), b"hello");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Mac0<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    payload_offset: usize,
    tag: &'a [u8],
}

const FORM: Form =
    Form { tag: Mac0::TAG, elements: 4, structure: Rule::Mac0Structure, exempt: no_exemption };

impl<'a> Mac0<'a> {
    message_view!(crate::tag::COSE_MAC0);

    /// Reads a message that is the whole of `bytes`, with tag 17 or without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        let tag = reader.bytes().breaks(Rule::Mac0Structure)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: payload, content_offset: payload_offset, .. } = frame;
        Ok(Self { bytes, headers, payload, payload_offset, tag })
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

    /// Returns the authentication tag as received.
    #[must_use]
    pub const fn tag(&self) -> &'a [u8] {
        self.tag
    }

    /// Returns what the tag is made over (RFC 9052 6.3), in parts that borrow from the message and
    /// from `input`. `profile` says in which form an empty protected map enters.
    ///
    /// # Errors
    ///
    /// If the message embeds a payload where a detached one was given, or has none.
    pub fn to_be_maced<'s>(
        &self,
        input: &Input<'s, 's>,
        profile: &Profile,
    ) -> Result<MacStructure<'s>, Error>
    where
        'a: 's,
    {
        Ok(self.structure(input.resolve(self.payload)?, input.supplied(), profile))
    }

    fn structure<'s>(
        &self,
        payload: &'s [u8],
        supplied: &Supplied<'s>,
        profile: &Profile,
    ) -> MacStructure<'s>
    where
        'a: 's,
    {
        let protected = self.headers.protected().as_authenticated(profile);
        MacStructure::mac0(protected, supplied.external_aad, payload)
    }

    /// Checks the tag under one of the keys that `keys` answers with. Whoever knows the key can
    /// have made it, the receiver included.
    ///
    /// # Errors
    ///
    /// `Verification` if the tag is wrong under a key that the message names, `Unsupported` if it
    /// could not be evaluated, `Policy` if no permitted key answers or `crit` names what this call
    /// and its caller do not process, `Limit` if that took too much work.
    pub fn verify<'p>(
        &self,
        input: &Input<'p, '_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        let structure = self.structure(payload, input.supplied(), &context.profile);
        let len = self.bytes.len().saturating_add(input.len());
        let by = context.begin(len, |context| {
            self.verify_with(input.supplied(), keys, context, &mut |mac, algorithm| {
                mac.verify(algorithm, &structure.parts(), self.tag)
            })
        })?;
        Ok(Verified::new(Signed::new(self.headers, payload, self.payload_offset), by))
    }

    /// Checks the tag over a detached payload that `stream` hands over.
    ///
    /// One candidate key is tried, since a stream is read once. The caller keeps the payload; what
    /// comes back is the protected bucket that was authenticated with it.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the provider has no streaming form.
    pub fn verify_stream(
        &self,
        stream: &mut Stream<'_>,
        supplied: &Supplied<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Protected<'a>>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        let structure = self.structure(&[], supplied, &context.profile).streamed(stream.len);
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let by = context.begin(self.bytes.len(), |context| {
            self.verify_with(supplied, keys, context, &mut |mac, algorithm| {
                let mut whole =
                    |sink: &mut dyn FnMut(&[u8])| stream.after(&structure.parts(), sink);
                mac.verify_stream(algorithm, &mut whole, self.tag)
            })
        })?;
        Ok(Verified::new(*self.headers.protected(), by))
    }

    fn verify_with(
        &self,
        supplied: &Supplied<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        check: &mut dyn FnMut(&dyn Mac, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<SignedBy, Error> {
        let algorithm = self.headers.algorithm_given_or_of_key(supplied)?;
        self.headers.check_critical(&supplied.processed)?;
        let hint = KeyHint::new(algorithm, &self.headers, supplied)?;
        let mut tries = SecretTries::new(context.profile.limits.candidates);
        let mut by = None;
        let notes = self.headers.notes(&context.profile);
        let usage = (algorithm, KeyOperation::MacVerify);
        tries.try_each(&hint, usage, keys, context, &mut |candidate, attribution, algorithm| {
            check_mac(candidate.secret, &mut |mac| check(mac, algorithm))?;
            by = Some(SignedBy::new(attribution, algorithm, 0, notes));
            Ok(())
        });
        tries.conclude(|tried| Verification::InvalidMac { tried })?;
        by.ok_or(Verification::InvalidMac { tried: 0 }.into())
    }
}

/// Uses `secret` as a key for MACs.
pub(crate) fn check_mac(
    secret: &dyn crate::crypto::Secret,
    check: &mut dyn FnMut(&dyn Mac) -> Result<(), VerifyError>,
) -> Result<(), Refused> {
    answer(Refused::from(VerifyError::Unsupported), |verdict| {
        secret.with_mac(&mut |mac| *verdict = check(mac).map_err(Refused::from))
    })
}

shown_as!(Mac0, Message::MAC0);
