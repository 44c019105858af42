//! Numbers of claims, members and tags that cose-ext does not know: each has its one home here.

/// Tag of an unprotected CWT claims set (RFC 9781 4).
pub(crate) const UCCS_TAG: u64 = 601;
/// Tag of a detached EAT bundle (RFC 9711 5).
pub(crate) const BUNDLE_TAG: u64 = 602;
