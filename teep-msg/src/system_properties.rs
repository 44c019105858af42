//! What a tc-list says of one component (SUIT Report: system-property-claims).

use cose_ext::cbor::{Map, Raw, Type};

use crate::{Error, Rule, decode};

/// The claims about one component: its identifier, and SUIT parameters with the values that hold
/// there.
#[derive(Clone, Copy, Debug)]
pub struct SystemProperties<'a>(Map<'a>);

/// system-component-id.
const COMPONENT_ID: i64 = 0;
/// suit-parameter-image-digest.
const IMAGE_DIGEST: i64 = 3;
/// suit-parameter-image-size.
const IMAGE_SIZE: i64 = 14;
/// suit-parameter-version.
const VERSION: i64 = 28;

impl<'a> SystemProperties<'a> {
    pub(crate) const fn new(map: Map<'a>) -> Self {
        Self(map)
    }

    pub(crate) fn check(raw: &Raw<'_>) -> Result<(), Error> {
        const RULE: Rule = Rule::MessageForm;
        let id = decode::map(raw, RULE)?.find(COMPONENT_ID);
        decode::component_id(&id.ok_or(Error::malformed(RULE, raw.offset()))?, RULE)
    }

    /// Returns the identifier of the component, an array of byte strings, encoded.
    #[must_use]
    pub fn component_id(&self) -> Option<Raw<'a>> {
        self.0.find(COMPONENT_ID)
    }

    /// Returns the digest of the image: a SUIT_Digest, as the byte string holds it.
    #[must_use]
    pub fn image_digest(&self) -> Option<&'a [u8]> {
        decode::read_bytes(&self.0.find(IMAGE_DIGEST)?)
    }

    /// Returns the size of the image in bytes.
    #[must_use]
    pub fn image_size(&self) -> Option<u64> {
        decode::read_uint(&self.0.find(IMAGE_SIZE)?)
    }

    /// Returns the value of any claim.
    #[must_use]
    pub fn find(&self, key: i64) -> Option<Raw<'a>> {
        self.0.find(key)
    }

    /// Returns all claims.
    #[must_use]
    pub const fn claims(&self) -> Map<'a> {
        self.0
    }

    /// A version that is no byte string, as drafts before -13 have it.
    pub(crate) fn odd_version(&self) -> Option<Raw<'a>> {
        self.0.find(VERSION).filter(|version| version.data_type() != Type::Bytes)
    }
}
