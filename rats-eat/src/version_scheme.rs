//! How versions are ordered (RFC 9711 4.2.5).

use cose_ext::cbor::Int;

/// The scheme of a version: how versions of its kind are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum VersionScheme<'a> {
    /// By number (RFC 9393 4.1: 1 multipartnumeric, 2 with suffix, 3 alphanumeric, 4 decimal,
    /// 16384 semver).
    Number(Int),
    /// By name.
    Name(&'a str),
}
