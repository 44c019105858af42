//! What a countersignature is made over.

use super::{Countersignature, structure::Fields};
use crate::{
    Encrypt, Encrypt0, Error, Input, Mac, Mac0, Profile, Recipient, Sign, Sign1, Supplied,
    error::Misuse,
    header::{Headers, Protected},
    sign::CoseSignature,
};

/// What a countersignature is made over: a complete COSE structure (RFC 9338 3).
///
/// Made from a reference to any of them; calls that want a target take that reference.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    protected: Protected<'a>,
    /// The second byte string; `None` for nil, when it is detached.
    content: Option<&'a [u8]>,
    /// The third one, of structures that have three.
    authenticator: Option<&'a [u8]>,
}

impl<'a> Target<'a> {
    const fn new(
        headers: &Headers<'a>,
        content: Option<&'a [u8]>,
        authenticator: Option<&'a [u8]>,
    ) -> Self {
        Self { protected: *headers.protected(), content, authenticator }
    }

    /// What a countersignature of RFC 8152 covers: never more than two byte strings.
    pub(super) const fn of_rfc8152(self) -> Self {
        Self { authenticator: None, ..self }
    }

    pub(super) const fn protected(&self) -> &Protected<'a> {
        &self.protected
    }

    pub(super) const fn authenticator(&self) -> Option<&'a [u8]> {
        self.authenticator
    }

    /// Returns the content that `input` names.
    pub(super) fn payload<'p>(&self, input: &Input<'p, '_>) -> Result<&'p [u8], Error>
    where
        'a: 'p,
    {
        input.resolve(self.content)
    }

    /// Returns the fields around content that is streamed.
    pub(super) fn streamed_fields<'s>(
        &self,
        supplied: &Supplied<'s>,
        profile: &Profile,
    ) -> Result<Fields<'s>, Error>
    where
        'a: 's,
    {
        match self.content {
            Some(_) => Err(Misuse::PayloadIsEmbedded.into()),
            None => Ok(self.fields(&[], supplied, profile)),
        }
    }

    /// Returns the fields around `payload`.
    pub(super) const fn fields<'s>(
        &self,
        payload: &'s [u8],
        supplied: &Supplied<'s>,
        profile: &Profile,
    ) -> Fields<'s>
    where
        'a: 's,
    {
        Fields {
            body: self.protected.as_authenticated(profile),
            external_aad: supplied.external_aad,
            payload,
            other: self.authenticator,
        }
    }
}

impl<'a> From<&Sign1<'a>> for Target<'a> {
    fn from(message: &Sign1<'a>) -> Self {
        let signature = message.signature();
        Self::new(message.headers(), message.danger_unverified_payload(), Some(signature))
    }
}

/// The signatures are an array and no byte string: they are not covered.
impl<'a> From<&Sign<'a>> for Target<'a> {
    fn from(message: &Sign<'a>) -> Self {
        Self::new(message.headers(), message.danger_unverified_payload(), None)
    }
}

impl<'a> From<&CoseSignature<'a>> for Target<'a> {
    fn from(signature: &CoseSignature<'a>) -> Self {
        Self::new(signature.headers(), Some(signature.signature()), None)
    }
}

impl<'a> From<&Mac0<'a>> for Target<'a> {
    fn from(message: &Mac0<'a>) -> Self {
        Self::new(message.headers(), message.danger_unverified_payload(), Some(message.tag()))
    }
}

impl<'a> From<&Mac<'a>> for Target<'a> {
    fn from(message: &Mac<'a>) -> Self {
        Self::new(message.headers(), message.danger_unverified_payload(), Some(message.tag()))
    }
}

impl<'a> From<&Encrypt0<'a>> for Target<'a> {
    fn from(message: &Encrypt0<'a>) -> Self {
        Self::new(message.headers(), message.ciphertext(), None)
    }
}

impl<'a> From<&Encrypt<'a>> for Target<'a> {
    fn from(message: &Encrypt<'a>) -> Self {
        Self::new(message.headers(), message.ciphertext(), None)
    }
}

impl<'a> From<&Recipient<'a>> for Target<'a> {
    fn from(recipient: &Recipient<'a>) -> Self {
        Self::new(recipient.headers(), recipient.ciphertext(), None)
    }
}

impl<'a> From<&Countersignature<'a>> for Target<'a> {
    fn from(countersignature: &Countersignature<'a>) -> Self {
        Self::new(countersignature.headers(), Some(countersignature.signature()), None)
    }
}
