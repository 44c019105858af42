//! Numbers of claims, members and tags that cose-ext does not know: each has its one home here.

/// Tag of an unprotected CWT claims set (RFC 9781 4).
pub(crate) const UCCS_TAG: u64 = 601;
/// Tag of a detached EAT bundle (RFC 9711 5).
pub(crate) const BUNDLE_TAG: u64 = 602;

/// Tag of content format 0 (RFC 9277 4.3).
pub(crate) const FIRST_CONTENT_FORMAT_TAG: u64 = 1_668_546_817;
/// Tag of content format 65024, the last that has one.
pub(crate) const LAST_CONTENT_FORMAT_TAG: u64 = 1_668_612_095;
/// Tag of an object identifier (RFC 9090).
pub(crate) const OID_TAG: u64 = 111;
/// Key of a wrapper in a CWT claims set (RFC 9999, requested).
pub(crate) const CMW_CLAIM: i64 = 299;
