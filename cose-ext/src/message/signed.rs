use crate::{
    Digest, Error, Rule,
    header::{HashEnvelope, Headers, Protected},
};

/// What a signature or a tag over a whole message covers: the protected bucket and the payload. The unprotected bucket
/// is not in here.
///
/// Headers live as long as the message (`'a`), a detached payload as long as its own bytes (`'p`).
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a, 'p> {
    headers: Headers<'a>,
    payload: &'p [u8],
}

impl<'a, 'p> Signed<'a, 'p> {
    pub(crate) const fn new(headers: Headers<'a>, payload: &'p [u8]) -> Self {
        Self { headers, payload }
    }

    /// The protected bucket.
    pub const fn protected(&self) -> &Protected<'a> {
        self.headers.protected()
    }

    /// The payload.
    pub const fn payload(&self) -> &'p [u8] {
        self.payload
    }

    /// The hash envelope that the protected bucket declares (RFC 9995), if it does.
    ///
    /// # Errors
    /// As [`Headers::hash_envelope`].
    pub fn hash_envelope(&self) -> Result<Option<HashEnvelope<'a>>, Error> {
        self.headers.hash_envelope()
    }

    /// The payload of a hash envelope as the digest that it is; it can vouch for the preimage:
    /// `verified.try_map(Signed::digest)?.vouch_for(&[preimage], hash)`.
    ///
    /// # Errors
    /// If the message is no hash envelope, or the payload has not the length of the hash.
    pub fn digest(self) -> Result<Digest<'p>, Error> {
        let envelope = self.hash_envelope()?;
        let missing = Error::malformed(Rule::HashEnvelopeComplete, self.protected().offset());
        envelope.ok_or(missing)?.digest(self.payload)
    }
}
