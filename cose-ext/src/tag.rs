//! Tags (RFC 8949 3.4) that stand before messages, tokens and some of their values.

/// Epoch-based date and time (RFC 8949 3.4.2).
pub const EPOCH_TIME: u64 = 1;
/// COSE_Encrypt0 (RFC 9052 2).
pub const COSE_ENCRYPT0: u64 = 16;
/// COSE_Mac0 (RFC 9052 2).
pub const COSE_MAC0: u64 = 17;
/// COSE_Sign1 (RFC 9052 2).
pub const COSE_SIGN1: u64 = 18;
/// COSE_Countersignature (RFC 9338 3.1).
pub const COSE_COUNTERSIGNATURE: u64 = 19;
/// Encoded CBOR data item (RFC 8949 3.4.5.1).
pub const ENCODED_CBOR: u64 = 24;
/// URI (RFC 8949 3.4.5.3).
pub const URI: u64 = 32;
/// CWT (RFC 8392 6).
pub const CWT: u64 = 61;
/// COSE_Encrypt (RFC 9052 2).
pub const COSE_ENCRYPT: u64 = 96;
/// COSE_Mac (RFC 9052 2).
pub const COSE_MAC: u64 = 97;
/// COSE_Sign (RFC 9052 2).
pub const COSE_SIGN: u64 = 98;
/// Self-described CBOR (RFC 8949 3.4.6).
pub const SELF_DESCRIBED: u64 = 55799;
