//! Signed wrappers (RFC 9999 4): a COSE_Sign1 whose payload is a wrapper.

use cose_ext::{
    Context, Input, Profile, Sign1, Supplied, Verified, header::ContentType, key::KeyResolver,
};

use super::Cmw;
use crate::{Error, Rule};

/// What the protected header of a signed wrapper states.
const CONTENT_TYPE: &str = "application/cmw+cbor";

/// A signed wrapper as it was received: parsed, borrowed, untrusted.
///
/// ```compile_fail,E0599
/// use rats_eat::cmw::SignedCmw;
/// fn read(signed: SignedCmw<'_>) {
///     let _ = signed.cmw(); // nothing can be read before it is verified
/// }
/// ```
///
/// ```compile_fail,E0616
/// use rats_eat::cmw::SignedCmw;
/// fn read(signed: SignedCmw<'_>) {
///     let _ = signed.message; // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SignedCmw<'a> {
    message: Sign1<'a>,
}

impl<'a> SignedCmw<'a> {
    /// Reads a signed wrapper that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// Those of [`Sign1::decode`]; if the protected header names no algorithm, or another content
    /// type than that of wrappers.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let message = Sign1::decode(bytes, profile)?;
        message.algorithm()?;
        let protected = message.headers().protected();
        match protected.content_type()? {
            Some(ContentType::MediaType(CONTENT_TYPE)) => Ok(Self { message }),
            _ => Err(Error::broken(Rule::CmwSigned, protected.offset())),
        }
    }

    /// Returns the message.
    #[must_use]
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Checks the signature under one of the keys that `keys` answers with, and reads the wrapper.
    ///
    /// Whoever signed the wrapper vouches for what it says of the messages in it. Each message is
    /// verified on its own.
    ///
    /// # Errors
    ///
    /// Those of [`Sign1::verify`] and of [`Cmw::decode`].
    pub fn verify(
        &self,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Cmw<'a>>, Error> {
        let input = Input::embedded().with_supplied(*supplied);
        let signed = self.message.verify(&input, keys, context)?;
        signed.try_map_within(&context.profile, |signed, profile| {
            Cmw::of(&signed.payload_item(profile)?)
        })
    }
}
