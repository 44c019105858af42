//! The store as data.
//!
//! ```cddl
//! store = [1, [* service], [* issuer], [* distrusted: bstr .size 32]]
//! service = {1: tstr, ? 2: tstr, 3: [* service-key], ? 5: [+ authority]}
//! service-key = {key, log}
//! authority = {5: bstr, ? 9: [+ bstr], log}
//! log = (6: int / [2* int], 7: int, 8: [encoding: uint, hash: int / nil])
//! issuer = {1: tstr, 2: tstr, 4: uint, 3: [* {key}], ? 5: [+ bstr], ? 9: [+ bstr], ? 10: true}
//! key = (11: bstr .cbor COSE_Key, 12: uint, ? 13: int, ? 14: int, ? 15: bstr)
//! ```
//!
//! Encoding 1 is as received; 2, 3 and 4 are preferred heads with the payload as submitted,
//! attached and nil. 11 is the key without its kid, 15 the kid; 12 is the state, 13 and 14 the
//! validity.

mod decode;
mod encode;

#[cfg(feature = "serde")]
pub(super) use self::decode::{check_anchor, check_certificates};

/// The version of the form.
const VERSION: u64 = 1;

/// The keys of the maps.
mod key {
    pub(super) const NAME: u64 = 1;
    pub(super) const ISSUER: u64 = 2;
    pub(super) const KEYS: u64 = 3;
    pub(super) const ROLE: u64 = 4;
    pub(super) const ANCHORS: u64 = 5;
    pub(super) const ALGORITHM: u64 = 6;
    pub(super) const VDS: u64 = 7;
    pub(super) const ENTRY_RULE: u64 = 8;
    pub(super) const PURPOSES: u64 = 9;
    pub(super) const RESOLVES_DID: u64 = 10;
    pub(super) const COSE_KEY: u64 = 11;
    pub(super) const STATE: u64 = 12;
    pub(super) const NOT_BEFORE: u64 = 13;
    pub(super) const NOT_AFTER: u64 = 14;
    pub(super) const KEY_ID: u64 = 15;
}
