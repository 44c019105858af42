//! The messages that a CWT can be.

use core::fmt;

use crate::{
    Authenticated, Encrypt, Encrypt0, Error, Profile, Sign1,
    cbor::{Item, Reader, Type},
    header::Headers,
};

/// The COSE message that a CWT is: signed, MACed or encrypted (RFC 8392 7.1). Parsed, borrowed,
/// untrusted.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "borrowed views, where there may be no heap")]
pub enum CwtMessage<'a> {
    /// COSE_Sign1, COSE_Sign, COSE_Mac0 or COSE_Mac.
    Authenticated(Authenticated<'a>),
    /// COSE_Encrypt0.
    Encrypt0(Encrypt0<'a>),
    /// COSE_Encrypt.
    Encrypt(Encrypt<'a>),
}

impl<'a> CwtMessage<'a> {
    /// Reads the message whose tag `bytes` start with, or a COSE_Sign1 without a tag.
    pub(super) fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        if reader.peek()? != Type::Tag {
            let message = Sign1::decode(bytes, profile)?;
            return Ok(Self::Authenticated(Authenticated::Sign1(message)));
        }
        match reader.item()? {
            Item::Tag(Encrypt0::TAG) => Encrypt0::decode(bytes, profile).map(Self::Encrypt0),
            Item::Tag(Encrypt::TAG) => Encrypt::decode(bytes, profile).map(Self::Encrypt),
            _ => Authenticated::decode_tagged(bytes, profile).map(Self::Authenticated),
        }
    }

    /// Returns both header buckets; of a COSE_Sign those of the body.
    pub const fn headers(&self) -> &Headers<'a> {
        match self {
            Self::Authenticated(message) => message.headers(),
            Self::Encrypt0(message) => message.headers(),
            Self::Encrypt(message) => message.headers(),
        }
    }

    /// Returns whether the message came with its own tag: all do but a COSE_Sign1 without one.
    pub(super) const fn is_tagged(&self) -> bool {
        match self {
            Self::Authenticated(Authenticated::Sign1(message)) => message.is_tagged(),
            _ => true,
        }
    }

    /// Returns the embedded payload, not verified; `None` when it is detached or encrypted.
    pub const fn danger_unverified_payload(&self) -> Option<&'a [u8]> {
        match self {
            Self::Authenticated(message) => message.danger_unverified_payload(),
            Self::Encrypt0(_) | Self::Encrypt(_) => None,
        }
    }
}

impl fmt::Display for CwtMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authenticated(Authenticated::Sign1(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Sign(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Mac0(message)) => fmt::Display::fmt(message, f),
            Self::Authenticated(Authenticated::Mac(message)) => fmt::Display::fmt(message, f),
            Self::Encrypt0(message) => fmt::Display::fmt(message, f),
            Self::Encrypt(message) => fmt::Display::fmt(message, f),
        }
    }
}
