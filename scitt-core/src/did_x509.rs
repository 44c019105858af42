//! Issuers whose name says which certificates speak for them: `did:x509`.

mod extensions;
mod policy;
mod resolver;
mod subject;

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::{Context, crypto::Algorithm, error::PathFault};

pub use self::resolver::DidX509Issuer;
use self::{policy::Policies, resolver::fault};
use crate::{Error, Rule};

/// A `did:x509` (did:x509 method, version 0): the digest of an authority's certificate, and what
/// the certificate of the signer has to say.
///
/// The name is the whole trust: whoever enrols it as an issuer believes every certificate below
/// that authority which meets the policies. The chain that comes with a message ([RFC 9360](
/// https://www.rfc-editor.org/rfc/rfc9360) x5chain) is checked as a certification path up to that
/// authority.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DidX509<'d> {
    did: &'d str,
    hash: Algorithm,
    fingerprint: &'d str,
    policies: Policies<'d>,
}

/// The longest digest, in base64url.
const MAX_FINGERPRINT: usize = 86;

impl<'d> DidX509<'d> {
    /// What every such name begins with.
    pub const PREFIX: &'static str = "did:x509:";

    /// Reads a name.
    ///
    /// # Errors
    ///
    /// [`Rule::DidX509Form`] for another method, version, hash function or policy, for a digest of
    /// another length, for a name without a policy, and for characters that are not
    /// percent-encoded.
    pub fn parse(did: &'d str) -> Result<Self, Error> {
        Self::read(did).ok_or(Error::broken(Rule::DidX509Form, 0))
    }

    fn read(did: &'d str) -> Option<Self> {
        let (authority, policies) = did.strip_prefix(Self::PREFIX)?.split_once("::")?;
        let mut parts = authority.split(':');
        let (version, hash, fingerprint) = (parts.next()?, parts.next()?, parts.next()?);
        let (hash, len) = match hash {
            "sha256" => (Algorithm::SHA256, 43),
            "sha384" => (Algorithm::SHA384, 64),
            "sha512" => (Algorithm::SHA512, 86),
            _ => return None,
        };
        if version != "0" || parts.next().is_some() || fingerprint.len() != len {
            return None;
        }
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !fingerprint.bytes().all(is_base64url) {
            return None;
        }
        Some(Self { did, hash, fingerprint, policies: Policies::parse(policies)? })
    }

    /// Returns the name.
    #[must_use]
    pub const fn as_str(&self) -> &'d str {
        self.did
    }

    /// Returns which certificate of `chain`, whose first is the signer's, is the authority that the
    /// name means: its index, never zero.
    ///
    /// # Errors
    ///
    /// `UnknownIssuer` if none is.
    fn authority<'c>(
        &self,
        chain: impl Iterator<Item = &'c [u8]>,
        context: &Context<'_>,
    ) -> Result<usize, cose_ext::Error> {
        for (index, certificate) in chain.enumerate().skip(1) {
            let digest = context.hash(self.hash, &[certificate])?;
            let mut text = [0; MAX_FINGERPRINT];
            if Base64UrlUnpadded::encode(digest.as_ref(), &mut text) == Ok(self.fingerprint) {
                return Ok(index);
            }
        }
        Err(fault(PathFault::UnknownIssuer))
    }
}

impl fmt::Display for DidX509<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.did)
    }
}

impl fmt::Debug for DidX509<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.did)
    }
}
