//! COSE_Mac0: a payload with a tag by a key that both sides know (RFC 9052 6.2).

#[cfg(feature = "alloc")]
mod builder;
mod draft;

#[cfg(feature = "alloc")]
pub use builder::Mac0Builder;
pub use draft::Draft;

use crate::{
    Context, Error, Input, MacStructure, Payload, Profile, Rule, Signed, SignedBy, Verified,
    crypto::{Algorithm, Feed, KeyOperation, Mac, VerifyError},
    diag::{Message, shown_as},
    error::{Breaks, Misuse, Verification},
    frame::{Form, Frame, feed_structure, message_view, nothing},
    header::{Headers, Protected},
    key::{KeyHint, Refused, SecretResolver, SecretTries},
};

/// A COSE_Mac0 as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Mac0<'a> {
    bytes: &'a [u8],
    is_tagged: bool,
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    tag: &'a [u8],
}

const FORM: Form =
    Form { tag: Mac0::TAG, elements: 4, structure: Rule::Mac0Structure, exempt: nothing };

impl<'a> Mac0<'a> {
    message_view!(crate::tag::COSE_MAC0);

    /// Reads a message that is the whole of `bytes`, with tag 17 or without.
    ///
    /// # Errors
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let (frame, mut reader) = Frame::open(bytes, &FORM, profile)?;
        let tag = reader.bytes().breaks(Rule::Mac0Structure)?;
        frame.close(&mut reader)?;
        let Frame { is_tagged, headers, content: payload, .. } = frame;
        Ok(Self { bytes, is_tagged, headers, payload, tag })
    }

    /// Both header buckets.
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// The embedded payload, not verified; `None` when it is detached.
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        self.payload
    }

    /// The authentication tag as received.
    pub const fn tag(&self) -> &'a [u8] {
        self.tag
    }

    /// What the tag is made over (RFC 9052 6.3), in parts that borrow from the message and from
    /// `input`.
    ///
    /// # Errors
    /// If the message embeds a payload where a detached one was given, or has none.
    pub fn to_be_maced<'p>(&self, input: &Input<'p>) -> Result<MacStructure<'p>, Error>
    where
        'a: 'p,
    {
        let payload = input.resolve(self.payload)?;
        let protected = self.headers.protected().as_authenticated();
        Ok(MacStructure::mac0(protected, input.external_aad(), payload))
    }

    /// Checks the tag under one of the keys that `keys` answers with. Whoever knows the key can have
    /// made it, the receiver included.
    ///
    /// # Errors
    /// `Verification` if the tag is wrong, `Unsupported` if it could not be evaluated, `Policy` if
    /// no permitted key answers or `crit` names what this call and its caller do not process.
    pub fn verify<'p>(
        &self,
        input: &Input<'p>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let structure = self.to_be_maced(input)?;
        let payload = input.resolve(self.payload)?;
        let by = self.verify_with(input, keys, context, &mut |mac, algorithm| {
            mac.verify(algorithm, &structure.parts(), self.tag)
        })?;
        Ok(Verified::new(Signed::new(self.headers, payload), by))
    }

    /// Checks the tag over a detached payload of `len` bytes that `feed` hands over.
    ///
    /// One candidate key is tried, since a stream is read once. The payload itself is the caller's:
    /// what comes back is the protected bucket that was authenticated with it.
    ///
    /// # Errors
    /// As [`verify`](Self::verify); `Unsupported` where the provider has no streaming form.
    pub fn verify_stream(
        &self,
        input: &Input<'a>,
        len: u64,
        feed: &mut Feed<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Protected<'a>>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        if input.payload() != Payload::Streamed {
            return Err(Misuse::PayloadIsStreamed.into());
        }
        let protected = self.headers.protected().as_authenticated();
        let structure = MacStructure::mac0(protected, input.external_aad(), &[]).streamed(len);
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let by = self.verify_with(input, keys, &context, &mut |mac, algorithm| {
            let mut whole =
                |sink: &mut dyn FnMut(&[u8])| feed_structure(&structure.parts(), len, feed, sink);
            mac.verify_stream(algorithm, &mut whole, self.tag)
        })?;
        Ok(Verified::new(*self.headers.protected(), by))
    }

    fn verify_with(
        &self,
        input: &Input<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        check: &mut dyn FnMut(&dyn Mac, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<SignedBy, Error> {
        let algorithm = self.headers.algorithm()?;
        self.headers.check_critical(input)?;
        let hint = KeyHint::new(algorithm, &self.headers)?;
        let mut tries = SecretTries::new(context.profile.limits.candidates);
        let mut by = None;
        let usage = (algorithm, KeyOperation::MacVerify);
        tries.try_each(&hint, usage, keys, context, &mut |secret, identity| {
            check_mac(secret, &mut |mac| check(mac, algorithm))?;
            by = Some(SignedBy::new(identity, algorithm, 0));
            Ok(())
        });
        tries.conclude(|tried| Verification::InvalidMac { tried })?;
        by.ok_or(Error::from(Verification::InvalidMac { tried: 0 }))
    }
}

/// Uses `secret` as a key for MACs.
pub(crate) fn check_mac(
    secret: &dyn crate::crypto::Secret,
    check: &mut dyn FnMut(&dyn Mac) -> Result<(), VerifyError>,
) -> Result<(), Refused> {
    let mut verdict = Err(VerifyError::Unsupported);
    match secret.with_mac(&mut |mac| verdict = check(mac)) {
        Ok(()) => Ok(verdict?),
        Err(invalid) => Err(Refused::from(invalid)),
    }
}

shown_as!(Mac0, Message::MAC0);
