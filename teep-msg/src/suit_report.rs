//! What a TEEP peer reads of a SUIT Report (draft-ietf-suit-report): its nonce and whom it is
//! about.

use cose_ext::{
    Authenticated, Profile,
    cbor::{Array, Map, Raw},
    crypto::Algorithm,
    key::Thumbprint,
    tag,
};

use crate::decode::{read_bytes, read_uint};
use crate::redacted::redacted;

redacted!(SuitReport);

/// A SUIT Report as TEEP needs it. Borrowed, and not verified beyond the signature of the message
/// that it came in.
#[derive(Clone, Copy)]
pub struct SuitReport<'a> {
    content: Option<Map<'a>>,
    signed: Option<Authenticated<'a>>,
    offset: usize,
}

/// suit-report-nonce.
pub(crate) const NONCE: i64 = 2;
/// suit-report-result.
const RESULT: i64 = 4;
/// suit-reference.
const REFERENCE: i64 = 99;

impl<'a> SuitReport<'a> {
    /// Reads an element of `suit-reports`.
    #[must_use]
    pub fn of(element: &Raw<'a>, profile: &Profile) -> Option<Self> {
        let item = profile.embedded(element).ok()?;
        let offset = element.offset();
        if let Ok(map) = Map::new(&item) {
            return Some(Self { content: Some(map), signed: None, offset });
        }
        if [tag::COSE_ENCRYPT, tag::COSE_ENCRYPT0].iter().any(|tag| item.under_tag(*tag).is_ok()) {
            return Some(Self { content: None, signed: None, offset });
        }
        let signed = Authenticated::decode_tagged(item.bytes(), profile).ok()?;
        let payload = signed.danger_unverified_payload()?;
        let content = Map::decode(payload, 0, profile.strictness, &profile.limits.cbor).ok()?;
        Some(Self { content: Some(content), signed: Some(signed), offset })
    }

    /// Returns the nonce, which has to be the token of the request or Update.
    #[must_use]
    pub fn nonce(&self) -> Option<&'a [u8]> {
        read_bytes(&self.content?.find(NONCE)?)
    }

    /// Returns whether the manifest was processed: `true` in the place of the result. A failure has
    /// a map there.
    pub fn is_success(&self) -> Option<bool> {
        Some(self.content?.find(RESULT)?.read(cose_ext::cbor::Reader::bool) == Ok(true))
    }

    /// Returns the digest of the manifest that the report is about, if it is SHA-256.
    pub fn manifest_sha256(&self) -> Option<&'a [u8]> {
        let [_, digest] = Array::new(&self.content?.find(REFERENCE)?).ok()?.exactly().ok()?;
        let mut digest = Array::new(&digest).ok()?.iter();
        let algorithm = digest.next()?.read(cose_ext::cbor::Reader::int).ok()?;
        let value = read_bytes(&digest.next()?)?;
        (algorithm.to_i64() == Some(Algorithm::SHA256.value())).then_some(value)
    }

    /// Returns whether the content can be read without a key of this receiver.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        self.content.is_some()
    }

    /// Returns the signature or tag of the report's own, not verified.
    #[must_use]
    pub const fn protection(&self) -> Option<&Authenticated<'a>> {
        self.signed.as_ref()
    }

    /// Returns whether the report names the key of this thumbprint as its own: by kid, which is the
    /// thumbprint of the key wherever TEEP says what a kid is.
    #[must_use]
    pub fn names_key(&self, message_key: &Thumbprint) -> bool {
        let Some(signed) = &self.signed else { return false };
        let headers = signed.headers();
        let of = |kid: Result<Option<&'a [u8]>, _>| kid.ok().flatten();
        let kid = of(headers.protected().key_id()).or(of(headers.unprotected().key_id()));
        kid == Some(&message_key.as_bytes()[..])
    }

    /// Returns the member of the report under `key`.
    #[must_use]
    pub fn find(&self, key: i64) -> Option<Raw<'a>> {
        self.content?.find(key)
    }

    /// Returns an unsigned number of the report.
    #[must_use]
    pub fn find_uint(&self, key: i64) -> Option<u64> {
        read_uint(&self.find(key)?)
    }

    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }
}
