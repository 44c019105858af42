//! Hash envelopes (RFC 9995).

use super::{ContentType, Headers};
use crate::{
    Digest, Error, Label, Rule,
    cbor::Reader,
    crypto::Algorithm,
    error::{Breaks, ErrorKind, Fact, Verification},
};

/// The parameters of a hash envelope (RFC 9995): the payload is the digest of something else.
///
/// ```
/// # #[cfg(all(feature = "alloc", feature = "rustcrypto"))] {
/// use cose_ext::{Content, Context, Input, Sign1, Signed, key::TrustedKey, sign1::Sign1Builder};
/// use cose_ext::{crypto::Algorithm, header::HashEnvelope};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
///
/// let image: &[u8] = b"much longer than its digest";
/// let context = Context::new(&RustCrypto);
/// let hash = context.hash(Algorithm::SHA256, &[image])?;
/// let envelope =
///     HashEnvelope { algorithm: Algorithm::SHA256, preimage_content_type: None, location: None };
/// let key = P256SigningKey::from_bytes(&[7; 32])?;
/// let builder = Sign1Builder::new().hash_envelope(&envelope);
/// let bytes = builder.sign(Content::Embedded(hash.as_ref()), &key)?;
///
/// let public = key.public_key();
/// let trusted = TrustedKey::new(&public, &context)?;
/// let message = Sign1::decode(&bytes, &context.profile)?;
/// let verified = message.verify(&Input::embedded(), &trusted, &context)?;
/// let image = verified.try_map(Signed::digest)?.vouch_for_bytes(image, &context)?;
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashEnvelope<'a> {
    /// `payload-hash-alg`, 258.
    pub algorithm: Algorithm,
    /// `payload-preimage-content-type`, 259.
    pub preimage_content_type: Option<ContentType<'a>>,
    /// `payload-location`, 260: where the preimage can be fetched. A URI by intent; not parsed.
    pub location: Option<&'a str>,
}

impl<'a> HashEnvelope<'a> {
    /// Returns `payload` as the digest that it is in a message with these parameters.
    ///
    /// # Errors
    ///
    /// `Malformed` if the payload does not have the length of the hash (RFC 9995 4).
    pub fn digest<'p>(&self, payload: &'p [u8]) -> Result<Digest<'p>, Error> {
        Digest::new(self.algorithm, payload).map_err(|error| match error.kind() {
            ErrorKind::Verification(Verification::DigestLength { expected, found }) => {
                let fact = Some(Fact::length(expected, found));
                Error::new(ErrorKind::Malformed { rule: Rule::HashEnvelopePayload, fact })
            }
            _ => error,
        })
    }

    pub(super) fn read(headers: &Headers<'a>) -> Result<Option<Self>, Error> {
        let protected = headers.protected();
        let content_type = protected.find(Label::PAYLOAD_PREIMAGE_CONTENT_TYPE);
        let location = protected.find(Label::PAYLOAD_LOCATION);
        let Some(algorithm) = protected.find(Label::PAYLOAD_HASH_ALG) else {
            return match content_type.or(location) {
                Some(stray) => Err(Error::malformed(Rule::HashEnvelopeComplete, stray.offset())),
                None => Ok(None),
            };
        };
        for bucket in [&**protected, headers.unprotected()] {
            if let Some(forbidden) = bucket.find(Label::CONTENT_TYPE) {
                return Err(Error::malformed(Rule::HashEnvelopeContentType, forbidden.offset()));
            }
        }
        let value = algorithm.read(Reader::int).breaks(Rule::HashEnvelopeAlgorithm)?;
        let value = value.to_i64().map(Algorithm::new);
        let Some(known) = value.filter(|algorithm| algorithm.hash_len().is_some()) else {
            return Err(Error::malformed(Rule::HashEnvelopeAlgorithm, algorithm.offset()));
        };
        Ok(Some(Self {
            algorithm: known,
            preimage_content_type: content_type
                .map(|value| ContentType::read(&value, Rule::HashEnvelopeProtected))
                .transpose()?,
            location: location
                .map(|value| value.read(Reader::text).breaks(Rule::HashEnvelopeProtected))
                .transpose()?,
        }))
    }
}
