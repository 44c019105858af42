//! CWTs as they are received.

use core::fmt;

use super::Claims;
use crate::{
    Error, Input, Message, Profile, Rule,
    cbor::{Item, Reader, Type},
    diag, tag,
};

/// A CWT as it was received (RFC 8392 7): a COSE message, with the CWT tag or without, whose
/// content is a claims set or another CWT. Untrusted: its claims can be read by
/// [`verify`](Self::verify) and [`open`](Self::open), or by a method whose name says that they are
/// not verified.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Context, Supplied, Trust, key::TrustedKey};
/// use cose_ext::cwt::{ClaimsBuilder, Cwt};
/// use cose_ext::{sign::SignPolicy, sign1::Sign1Builder};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let claims = ClaimsBuilder::new().issuer("https://issuer.example").expires_at(1_800_000_000);
/// let bytes = Sign1Builder::new().sign(Content::Embedded(&claims.to_bytes()), &key)?;
///
/// let context = Context::new(&RustCrypto);
/// let public = key.public_key();
/// let trusted = TrustedKey::new(&public, &context)?.for_issuer("https://issuer.example");
/// let trust = Trust::keys(&trusted);
/// let token = Cwt::decode(&bytes, &context.profile)?;
/// let claims = token.verify(&Supplied::default(), &trust, &SignPolicy::All, &context)?;
/// assert_eq!(claims.value().issuer()?, Some("https://issuer.example"));
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Cwt<'a> {
    bytes: &'a [u8],
    message: Message<'a>,
    message_offset: usize,
}

impl<'a> Cwt<'a> {
    /// The CBOR tag (RFC 8392 6).
    pub const TAG: u64 = tag::CWT;

    /// Reads a token that is the whole of `bytes`. Its tag says which message it is; one without
    /// any tag is read as a COSE_Sign1.
    ///
    /// # Errors
    ///
    /// Those of the `decode` of each message, for a tag of no COSE message, and if the CWT tag is
    /// there without the tag of a message: RFC 8392 6 wants both.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let is_tagged = reader.peek()? == Type::Tag && reader.item()? == Item::Tag(Self::TAG);
        let start = if is_tagged { reader.position() } else { 0 };
        let (_, message) = bytes.split_at_checked(start).unwrap_or_default();
        let message =
            Message::decode_or_sign1(message, profile).map_err(|error| error.within(start))?;
        if is_tagged && !message.is_tagged() {
            return Err(Error::malformed(Rule::CwtTag, start));
        }
        Ok(Self { bytes, message, message_offset: start })
    }

    /// Returns the message. Offsets of its errors count from its own first byte.
    #[must_use]
    pub const fn message(&self) -> &Message<'a> {
        &self.message
    }

    /// Returns where the message starts in the token, in bytes: behind the CWT tag.
    pub(super) const fn message_offset(&self) -> usize {
        self.message_offset
    }

    /// Returns the whole token as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns whether the token came with tag 61.
    #[must_use]
    pub const fn is_tagged(&self) -> bool {
        self.message_offset > 0
    }

    /// Returns the claims of the payload, which nobody has verified: for choosing a key, never for
    /// acting.
    ///
    /// # Errors
    ///
    /// If there is no payload, if it is encrypted, or if it is not a claims set: of a nested CWT it
    /// is another token.
    pub fn danger_unverified_claims(&self, profile: &Profile) -> Result<Claims<'a>, Error> {
        let payload = self.message.danger_unverified_payload();
        Claims::decode(Input::embedded().resolve(payload)?, profile)
    }
}

impl fmt::Debug for Cwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Annotated diagnostic notation; the payload is shown as a claims set, unless it is a token.
impl fmt::Display for Cwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        diag::print(self.bytes, &diag::TokenNames, f)
    }
}
