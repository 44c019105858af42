use super::{ContentType, Headers};
use crate::{
    Error, Label, Rule,
    cbor::{ErrorKind, Reader},
    crypto::Algorithm,
    error::Breaks,
};

/// The parameters of a hash envelope (RFC 9995): the payload is the digest of something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashEnvelope<'a> {
    /// `payload-hash-alg`, 258.
    pub algorithm: Algorithm,
    /// `payload-preimage-content-type`, 259.
    pub preimage_content_type: Option<ContentType<'a>>,
    /// `payload-location`, 260: where the preimage can be had. A URI by intent; not parsed.
    pub location: Option<&'a str>,
}

impl<'a> HashEnvelope<'a> {
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
            let cbor = Some(ErrorKind::IntegerRange);
            let offset = algorithm.offset();
            return Err(Error::Malformed { rule: Rule::HashEnvelopeAlgorithm, offset, cbor });
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
