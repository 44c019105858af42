//! JSON Web Signatures in compact serialization (RFC 7515 7.1), and the JWTs made of them: ES256,
//! ES384, ES512, EdDSA and HS256, with the keys, the policy and the provider that COSE has.

mod algorithm;
mod header;
mod sign;
mod verify;

use alloc::vec::Vec;

use cose_ext::Profile;

use crate::{Error, Rule, error::ErrorKind, json::decode_base64url};
use header::Header;

pub use sign::sign;

/// A JWS as it was received: its form and its header are checked, nothing is verified.
///
/// # Invariant
///
/// `signed` is header and payload in base64url with a dot between them, as received: it is what the
/// signature covers. Characters of base64url and a dot are no Sig_structure of COSE, so no
/// signature can be taken from one to the other.
///
/// ```compile_fail,E0616
/// use rats_eat::jws::Jws;
/// fn read<'a>(jws: Jws<'a>) -> &'a str {
///     jws.payload // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Jws<'t> {
    signed: &'t str,
    payload: &'t str,
    header: Header,
    signature: Vec<u8>,
}

impl<'t> Jws<'t> {
    /// Reads a JWS that is the whole of `text`, without blanks around it.
    ///
    /// # Errors
    ///
    /// [`Rule::JwsForm`] if it is not three parts; [`Rule::Base64Url`]; those of reading JSON,
    /// without an offset; and what a header must not have: no algorithm or `none`, `crit`, `b64`
    /// with false.
    pub fn decode(text: &'t str, profile: &Profile) -> Result<Self, Error> {
        let form = Error::new(ErrorKind::Broken(Rule::JwsForm));
        let (signed, signature) = text.rsplit_once('.').ok_or(form)?;
        let (header, payload) = signed.split_once('.').ok_or(form)?;
        if header.is_empty() || payload.contains('.') {
            return Err(form);
        }
        let header = decoded(header)?;
        Ok(Self {
            signed,
            payload,
            header: Header::decode(&header, profile)?,
            signature: decoded(signature)?,
        })
    }

    /// Returns the key identifier that the header names: a hint, no more.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.header.key_id.as_deref()
    }

    /// The bytes of the whole.
    pub(crate) fn len(&self) -> usize {
        self.signed.len().saturating_add(self.signature.len())
    }

    /// Returns the payload, which nobody has verified: for choosing a key, never for acting.
    ///
    /// # Errors
    ///
    /// [`Rule::Base64Url`].
    pub fn danger_unverified_payload(&self) -> Result<Vec<u8>, Error> {
        decoded(self.payload)
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, Error> {
    decode_base64url(part).ok_or(Error::new(ErrorKind::Broken(Rule::Base64Url)))
}
