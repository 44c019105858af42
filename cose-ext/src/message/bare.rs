//! Signatures and tags over bytes with no COSE structure around them.

use crate::{
    Context, Error, Notes, SignedBy, Verified,
    context::total_len,
    crypto::{Algorithm, KeyOperation},
    error::Verification,
    key::{KeyHint, KeyResolver, SecretResolver, SecretTries, signed_by},
    message::mac0::check_mac,
};

/// A signature or a tag that covers bytes as they stand, as those of a JWS do (RFC 7515 5.2): what
/// is signed is not a Sig_structure, so the format around it has to keep its messages apart from
/// COSE's.
///
/// Untrusted, all of it. The algorithm is the one that the format names in what is signed; a key
/// answers only if it is for that algorithm and the algorithm policy permits the pair.
///
/// ```
/// # #[cfg(feature = "ed25519")] fn main() -> Result<(), Box<dyn core::error::Error>> {
/// use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
/// use cose_ext::{Bare, Context, crypto::Signer, key::TrustedKey};
///
/// let key = Ed25519SigningKey::from_bytes(&[7; 32])?;
/// let (mut signature, parts) = ([0; 64], [&b"header."[..], b"payload"]);
/// key.sign(&parts, &mut signature)?;
///
/// let (public, context) = (key.public_key(), Context::new(&RustCrypto));
/// let trusted = TrustedKey::new(public.as_public_key(), &context)?;
/// let bare = Bare::new(key.algorithm(), &signature);
/// assert_eq!(bare.verify_signature(&parts, &trusted, &context)?.value(), &parts);
/// assert!(bare.verify_signature(&[b"header.Payload"], &trusted, &context).is_err());
/// # Ok(()) }
/// # #[cfg(not(feature = "ed25519"))] fn main() {}
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bare<'a> {
    algorithm: Algorithm,
    key_id: Option<&'a [u8]>,
    issuer: Option<&'a str>,
    signature: &'a [u8],
}

impl<'a> Bare<'a> {
    /// Returns a signature or tag, made with `algorithm`, without any hint of its key.
    #[must_use]
    pub const fn new(algorithm: Algorithm, signature: &'a [u8]) -> Self {
        Self { algorithm, key_id: None, issuer: None, signature }
    }

    /// Names the key, as the message does.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Names the issuer that the message claims where the signature covers it.
    #[must_use]
    pub const fn with_claimed_issuer(mut self, issuer: &'a str) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Checks the signature over `parts`, one after the other, under one of the keys that `keys`
    /// answers with.
    ///
    /// # Errors
    ///
    /// As [`Sign1::verify`](crate::Sign1::verify).
    pub fn verify_signature<'r, 'p>(
        &self,
        parts: &'r [&'p [u8]],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<&'r [&'p [u8]]>, Error> {
        let hint = self.hint();
        context.begin(total_len(parts), |context| {
            let nothing = (0, Notes::NOTHING);
            let by = signed_by(&hint, nothing, keys, context, &mut |verifier, algorithm| {
                verifier.verify(algorithm, parts, self.signature)
            })?;
            Ok(Verified::new(parts, by))
        })
    }

    /// Checks the tag over `parts`, one after the other, under one of the secret keys that `keys`
    /// answers with. A public key is never one of them.
    ///
    /// # Errors
    ///
    /// As [`Mac0::verify`](crate::Mac0::verify).
    pub fn verify_mac<'r, 'p>(
        &self,
        parts: &'r [&'p [u8]],
        keys: &dyn SecretResolver,
        context: &Context<'_>,
    ) -> Result<Verified<&'r [&'p [u8]]>, Error> {
        let hint = self.hint();
        context.begin(total_len(parts), |context| {
            let mut tries = SecretTries::new(context.profile.limits.candidates);
            let mut by = None;
            let usage = (Some(self.algorithm), KeyOperation::MacVerify);
            tries.try_each(&hint, usage, keys, context, &mut |candidate, attribution, _| {
                check_mac(candidate.secret, &mut |mac| {
                    mac.verify(self.algorithm, parts, self.signature)
                })?;
                by = Some(SignedBy::new(attribution, self.algorithm, 0, Notes::NOTHING));
                Ok(())
            });
            tries.conclude(|tried| Verification::InvalidMac { tried })?;
            let by = by.ok_or(Error::from(Verification::InvalidMac { tried: 0 }))?;
            Ok(Verified::new(parts, by))
        })
    }

    fn hint(&self) -> KeyHint<'a> {
        KeyHint::without_headers(self.algorithm).named(self.key_id, self.issuer)
    }
}
