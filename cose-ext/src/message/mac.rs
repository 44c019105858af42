//! COSE_Mac: a payload with a tag, and recipients who can get its key (RFC 9052 6.1).

#[cfg(feature = "alloc")]
mod builder;
#[cfg(feature = "alloc")]
pub use builder::MacBuilder;

use crate::{
    Context, Error, Input, MacStructure, OpenInput, Opened, Profile, Rule, Signed, Stream,
    Supplied, Verified,
    cbor::Reader,
    crypto::{self, Algorithm, KeyOperation, VerifyError},
    diag::{Message, shown_as},
    error::{Breaks, Misuse, Verification},
    frame::{Form, Frame, message_view, no_exemption},
    header::{Headers, Protected},
    key::{SecretResolver, SecretTries, claimed_issuer},
    mac0::check_mac,
    recipient::{KeySearch, Opening, Recipients},
};

/// A COSE_Mac as it was received: parsed, borrowed, untrusted.
#[derive(Clone, Copy)]
pub struct Mac<'a> {
    bytes: &'a [u8],
    headers: Headers<'a>,
    payload: Option<&'a [u8]>,
    payload_offset: usize,
    tag: &'a [u8],
    recipients: Recipients<'a>,
}

const FORM: Form =
    Form { tag: Mac::TAG, elements: 5, structure: Rule::MacStructure, exempt: no_exemption };

impl<'a> Mac<'a> {
    message_view!(crate::tag::COSE_MAC);

    /// Reads a message that is the whole of `bytes`, with tag 97 or without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let frame = Frame::open(&mut reader, &FORM, profile)?;
        let tag = reader.bytes().breaks(Rule::MacStructure)?;
        let recipients = Recipients::read(&mut reader, profile)?;
        frame.close(&mut reader, &FORM)?;
        let Frame { headers, content: payload, content_offset: payload_offset, .. } = frame;
        Ok(Self { bytes, headers, payload, payload_offset, tag, recipients })
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

    /// Returns the recipients, at least one.
    #[must_use]
    pub const fn recipients(&self) -> &Recipients<'a> {
        &self.recipients
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
        MacStructure::mac(protected, supplied.external_aad, payload)
    }

    /// Checks the tag of a message that somebody in particular vouches for: who shares the key with
    /// us, or the owner of a static key.
    ///
    /// For everything else, key wrap included, use [`open`](Self::open).
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); `Policy` if anyone, or any other recipient, can have made the tag.
    pub fn verify<'p, 's>(
        &self,
        input: impl Into<OpenInput<'p, 's>>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        self.open(input, keys, context)?.verified()
    }

    /// Finds the content key through any of the recipients, and checks the tag.
    ///
    /// `keys` answers with the keys that may open a recipient.
    ///
    /// # Errors
    ///
    /// `Verification` if the tag is wrong under a key that the message names, `Unsupported` if it
    /// could not be evaluated, `Policy` if no permitted key answers or `crit` names what this call
    /// and its caller do not process, `Limit` if that took too much work.
    pub fn open<'p, 's>(
        &self,
        input: impl Into<OpenInput<'p, 's>>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Opened<Signed<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let input = &input.into();
        let payload = input.input.resolve(self.payload)?;
        let structure = self.structure(payload, input.input.supplied(), &context.profile);
        let len = self.bytes.len().saturating_add(input.input.len());
        let (opening, algorithm) = context.begin(len, |context| {
            self.open_with(input, keys, context, &mut |mac, algorithm| {
                mac.verify(algorithm, &structure.parts(), self.tag)
            })
        })?;
        let signed = Signed::new(self.headers, payload, self.payload_offset);
        Ok(Opened::new(signed, opening, algorithm, self.headers.notes(&context.profile)))
    }

    /// Checks the tag over a detached payload that `stream` hands over. Everything in `input`
    /// counts except where the payload is.
    ///
    /// One candidate key is tried, since a stream is read once: the first that leads to a content
    /// key. The payload itself is the caller's: what comes back is the protected bucket that was
    /// authenticated with it.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); `Unsupported` where the provider has no streaming form.
    pub fn open_stream<'p, 's>(
        &self,
        stream: &mut Stream<'_>,
        input: impl Into<OpenInput<'p, 's>>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Opened<Protected<'a>>, Error> {
        if self.payload.is_some() {
            return Err(Misuse::PayloadIsEmbedded.into());
        }
        let input = &input.into();
        let supplied = input.input.supplied();
        let structure = self.structure(&[], supplied, &context.profile).streamed(stream.len);
        let mut context = *context;
        context.profile.limits.secret_candidates = 1;
        let (opening, algorithm) = context.begin(self.bytes.len(), |context| {
            self.open_with(input, keys, context, &mut |mac, algorithm| {
                let mut whole =
                    |sink: &mut dyn FnMut(&[u8])| stream.after(&structure.parts(), sink);
                mac.verify_stream(algorithm, &mut whole, self.tag)
            })
        })?;
        let notes = self.headers.notes(&context.profile);
        Ok(Opened::new(*self.headers.protected(), opening, algorithm, notes))
    }

    fn open_with(
        &self,
        input: &OpenInput<'_, '_>,
        keys: &dyn SecretResolver,
        context: &Context<'_>,
        check: &mut dyn FnMut(&dyn crypto::Mac, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<(Opening, Algorithm), Error> {
        let supplied = input.input.supplied();
        let algorithm = self.headers.algorithm_given(supplied)?;
        self.headers.check_critical(&supplied.processed)?;
        let issuer = claimed_issuer(&self.headers, supplied)?;
        let search = KeySearch { input, issuer, keys, context };
        let mut tries = SecretTries::new(context.profile.limits.secret_candidates);
        let mut opened = None;
        let usage = (algorithm, KeyOperation::MacVerify);
        search.through(&self.recipients, usage, &mut tries, &mut |secret, opening, _| {
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
