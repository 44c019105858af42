//! COSE_Mac: a payload with a tag, and recipients who can get at its key (RFC 9052 6.1).

#[cfg(feature = "alloc")]
mod builder;
#[cfg(feature = "alloc")]
pub use builder::MacBuilder;

use crate::{
    Context, Error, Input, MacStructure, Opened, Payload, Profile, Rule, Signed, Verified,
    crypto::{self, Algorithm, Feed, KeyOperation, VerifyError},
    diag::{Message, shown_as},
    error::{Breaks, Misuse, Verification},
    frame::{Form, Frame, feed_structure, message_view, nothing},
    header::{Headers, Protected},
    key::{SecretResolver, SecretTries},
    mac0::check_mac,
    recipient::{KeySearch, Opening, Recipients},
};

/// A COSE_Mac as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Mac<'a> {
    bytes: &'a [u8],
    is_tagged: bool,
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    tag: &'a [u8],
    recipients: Recipients<'a>,
}

const FORM: Form =
    Form { tag: Mac::TAG, elements: 5, structure: Rule::MacStructure, exempt: nothing };

impl<'a> Mac<'a> {
    message_view!(crate::tag::COSE_MAC);

    /// Reads a message that is the whole of `bytes`, with tag 97 or without.
    ///
    /// # Errors
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let (frame, mut reader) = Frame::open(bytes, &FORM, profile)?;
        let tag = reader.bytes().breaks(Rule::MacStructure)?;
        let recipients = Recipients::read(&mut reader, profile)?;
        frame.close(&mut reader)?;
        let Frame { is_tagged, headers, content: payload, .. } = frame;
        Ok(Self { bytes, is_tagged, headers, payload, tag, recipients })
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

    /// The recipients, at least one.
    pub const fn recipients(&self) -> &Recipients<'a> {
        &self.recipients
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
        Ok(MacStructure::mac(protected, input.external_aad(), payload))
    }

    /// Checks the tag, where somebody in particular vouches for the payload by it: who shares the key
    /// with us, or the owner of a static key. Anything else, and all key wrap, is for
    /// [`open`](Self::open).
    ///
    /// # Errors
    /// As [`open`](Self::open); `Policy` if anyone, or any other recipient, can have made the tag.
    pub fn verify<'p>(
        &self,
        input: &Input<'p>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        self.open(input, keys, context)?.verified()
    }

    /// Checks the tag with the content key that one of the keys that `keys` answers with leads to,
    /// through any of the recipients.
    ///
    /// # Errors
    /// `Verification` if the tag is wrong, `Unsupported` if it could not be evaluated, `Policy` if
    /// no permitted key answers or `crit` names what this call and its caller do not process.
    pub fn open<'p>(
        &self,
        input: &Input<'p>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Opened<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let structure = self.to_be_maced(input)?;
        let payload = input.resolve(self.payload)?;
        let (opening, algorithm) =
            self.open_with(input, keys, context, &mut |mac, algorithm| {
                mac.verify(algorithm, &structure.parts(), self.tag)
            })?;
        Ok(Opened::new(Signed::new(self.headers, payload), opening, algorithm))
    }

    /// Checks the tag over a detached payload of `len` bytes that `feed` hands over.
    ///
    /// One candidate key is tried, since a stream is read once: the first that leads to a content
    /// key. The payload itself is the caller's: what comes back is the protected bucket that was
    /// authenticated with it.
    ///
    /// # Errors
    /// As [`open`](Self::open); `Unsupported` where the provider has no streaming form.
    pub fn open_stream(
        &self,
        input: &Input<'a>,
        len: u64,
        feed: &mut Feed<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Opened<Protected<'a>>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        if input.payload() != Payload::Streamed {
            return Err(Misuse::PayloadIsStreamed.into());
        }
        let protected = self.headers.protected().as_authenticated();
        let structure = MacStructure::mac(protected, input.external_aad(), &[]).streamed(len);
        let mut context = *context;
        context.profile.limits.secret_candidates = 1;
        let (opening, algorithm) =
            self.open_with(input, keys, &context, &mut |mac, algorithm| {
                let mut whole = |sink: &mut dyn FnMut(&[u8])| {
                    feed_structure(&structure.parts(), len, feed, sink)
                };
                mac.verify_stream(algorithm, &mut whole, self.tag)
            })?;
        Ok(Opened::new(*self.headers.protected(), opening, algorithm))
    }

    fn open_with(
        &self,
        input: &Input<'_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        check: &mut dyn FnMut(&dyn crypto::Mac, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<(Opening, Algorithm), Error> {
        let algorithm = self.headers.algorithm()?;
        self.headers.check_critical(input)?;
        let search = KeySearch { input, keys, context };
        let mut tries = SecretTries::new(context.profile.limits.secret_candidates);
        let mut opened = None;
        let usage = (algorithm, KeyOperation::MacVerify);
        search.through(&self.recipients, usage, &mut tries, &mut |secret, opening| {
            check_mac(secret, &mut |mac| check(mac, algorithm))?;
            opened = Some(opening);
            Ok(())
        });
        tries.conclude(|tried| Verification::InvalidMac { tried })?;
        let opening = opened.ok_or(Error::from(Verification::InvalidMac { tried: 0 }))?;
        Ok((opening, algorithm))
    }
}

shown_as!(Mac, Message::MAC);
