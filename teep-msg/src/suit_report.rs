//! What a TEEP peer reads of a SUIT Report (draft-ietf-suit-report): its nonce and whom it is
//! about.

use cose_ext::{
    Profile,
    cbor::{Array, Map, Raw, Reader},
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
    headers: Option<[Map<'a>; 2]>,
    offset: usize,
}

/// alg, of a header.
const ALG: i64 = 1;
/// kid, of a header.
const KID: i64 = 4;
/// suit-report-nonce.
pub(crate) const NONCE: i64 = 2;
/// suit-report-result.
const RESULT: i64 = 4;
/// suit-reference.
const REFERENCE: i64 = 99;

impl<'a> SuitReport<'a> {
    /// Reads an element of `suit-reports`: a report as it is, or in a COSE message, whose signature
    /// or tag is not looked at here.
    #[must_use]
    pub fn of(element: &Raw<'a>, profile: &Profile) -> Option<Self> {
        let item = profile.embedded(element).ok()?;
        let offset = element.offset();
        if let Ok(map) = Map::new(&item) {
            return Some(Self { content: Some(map), headers: None, offset });
        }
        let under = |tags: &[u64]| tags.iter().find_map(|tag| item.under_tag(*tag).ok());
        if under(&[tag::COSE_ENCRYPT, tag::COSE_ENCRYPT0]).is_some() {
            return Some(Self { content: None, headers: None, offset });
        }
        let signed = under(&[tag::COSE_SIGN1, tag::COSE_SIGN, tag::COSE_MAC0, tag::COSE_MAC])?;
        let mut parts = Array::new(&signed).ok()?.iter();
        let (protected, unprotected) = (parts.next()?, parts.next()?);
        let map_in = |bytes| Map::new(&profile.embedded(bytes).ok()?).ok();
        let protected = map_in(&protected).unwrap_or(Map::EMPTY);
        let headers = Some([protected, Map::new(&unprotected).ok()?]);
        Some(Self { content: Some(map_in(&parts.next()?)?), headers, offset })
    }

    /// Returns the nonce, which has to be the token of the request or Update.
    #[must_use]
    pub fn nonce(&self) -> Option<&'a [u8]> {
        read_bytes(&self.content?.find(NONCE)?)
    }

    /// Returns whether the manifest was processed: `true` in the place of the result. A failure has
    /// a map there.
    pub fn is_success(&self) -> Option<bool> {
        Some(self.content?.find(RESULT)?.read(Reader::bool) == Ok(true))
    }

    /// Returns the digest of the manifest that the report is about, if it is SHA-256.
    pub fn manifest_sha256(&self) -> Option<&'a [u8]> {
        let [_, digest] = Array::new(&self.content?.find(REFERENCE)?).ok()?.exactly().ok()?;
        let mut digest = Array::new(&digest).ok()?.iter();
        let algorithm = digest.next()?.read(Reader::int).ok()?;
        let value = read_bytes(&digest.next()?)?;
        (algorithm.to_i64() == Some(Algorithm::SHA256.value())).then_some(value)
    }

    /// Returns whether the content can be read without a key of this receiver.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        self.content.is_some()
    }

    /// Returns the algorithm of the report's own signature or tag, which is not verified.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        let algorithm = self.headers.as_ref()?.first()?.find(ALG)?.read(Reader::int).ok()?;
        Some(Algorithm::new(algorithm.to_i64()?))
    }

    /// Returns whether the report names the key of this thumbprint as its own: by kid, which is the
    /// thumbprint of the key wherever TEEP says what a kid is.
    #[must_use]
    pub fn names_key(&self, message_key: &Thumbprint) -> bool {
        let kids = self.headers.iter().flatten().filter_map(|bucket| bucket.find(KID));
        kids.filter_map(|kid| read_bytes(&kid)).any(|kid| kid == message_key.as_bytes())
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
