//! What a signature or a tag covers.

use crate::{
    Digest, Error, Profile, Rule, Verified,
    cbor::Raw,
    error::{Misuse, Origin},
    header::{HashEnvelope, Headers, Protected, ProtectedFacts},
};

/// What a signature or a tag over a whole message covers: the protected bucket and the payload. The
/// unprotected bucket is not in here.
///
/// Headers live as long as the message (`'a`), a detached payload as long as its own bytes (`'p`).
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a, 'p> {
    headers: Headers<'a>,
    payload: &'p [u8],
    payload_offset: usize,
}

impl<'a, 'p> Signed<'a, 'p> {
    pub(crate) const fn new(
        headers: Headers<'a>,
        payload: &'p [u8],
        payload_offset: usize,
    ) -> Self {
        Self { headers, payload, payload_offset }
    }

    /// Returns the protected bucket.
    #[must_use]
    pub const fn protected(&self) -> &Protected<'a> {
        self.headers.protected()
    }

    /// Returns the payload.
    #[must_use]
    pub const fn payload(&self) -> &'p [u8] {
        self.payload
    }

    /// Returns where the payload starts in the message, in bytes; 0 for one that is detached or was
    /// encrypted, whose offsets count from its own first byte.
    #[must_use]
    pub const fn payload_offset(&self) -> usize {
        self.payload_offset
    }

    /// Reads the payload as one encoded item. Offsets of errors count in the message, and in the
    /// payload where it was not part of the message's bytes.
    ///
    /// # Errors
    ///
    /// If it is not a well-formed item, or not what `profile` accepts.
    pub fn payload_item(&self, profile: &Profile) -> Result<Raw<'p>, Error> {
        profile.item(self.payload, self.payload_offset).map_err(|error| self.count(error.into()))
    }

    /// Says what the offset of `error` counts in, if that is the message no more: no embedded
    /// payload starts at its first byte.
    pub(crate) const fn count(&self, error: Error) -> Error {
        if self.payload_offset == 0 { error.counted_in(Origin::Payload) } else { error }
    }

    /// Returns the hash envelope that the protected bucket declares (RFC 9995), or `None`.
    ///
    /// # Errors
    ///
    /// As [`Headers::hash_envelope`].
    pub fn hash_envelope(&self) -> Result<Option<HashEnvelope<'a>>, Error> {
        self.headers.hash_envelope()
    }

    /// Returns the payload of a hash envelope as a digest, which can vouch for the preimage.
    ///
    /// Write `verified.try_map(Signed::digest)?.vouch_for(&[preimage], context)`.
    ///
    /// # Errors
    ///
    /// If the message is not a hash envelope, or the payload does not have the length of the hash.
    pub fn digest(self) -> Result<Digest<'p>, Error> {
        let envelope = self.hash_envelope()?;
        let missing = Error::malformed(Rule::HashEnvelopeComplete, self.protected().offset());
        envelope.ok_or(missing)?.digest(self.payload)
    }
}

impl<'a, 'p, B> Verified<Signed<'a, 'p>, B> {
    /// Joins what was read out of the protected bucket before the signature was checked
    /// ([`Protected::facts`]). The signature covers it, since both have the same protected bytes.
    ///
    /// # Errors
    ///
    /// [`Misuse::OtherHeader`] if the facts were read out of another header.
    pub fn with_facts<T>(
        self,
        facts: ProtectedFacts<'a, T>,
    ) -> Result<Verified<(Signed<'a, 'p>, T), B>, Error> {
        match facts.of(self.value().protected()) {
            Some(facts) => Ok(self.joined(facts)),
            None => Err(Misuse::OtherHeader.into()),
        }
    }
}
