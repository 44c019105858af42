//! Names of registered values that are only ever printed.

use crate::{Label, crypto::Algorithm, header::Vds};

/// IANA "COSE Algorithms".
pub(super) fn algorithm(value: Label<'_>) -> Option<&'static str> {
    let value = value.to_i64()?;
    Algorithm::new(value).name().or_else(|| find(&ALGORITHMS, value))
}

/// IANA "COSE Elliptic Curves", those that no key here is on.
pub(super) fn curve(value: i64) -> Option<&'static str> {
    find(&CURVES, value)
}

/// IANA "CoAP Content-Formats", those with a place in this family.
pub(super) fn content_format(value: Label<'_>) -> Option<&'static str> {
    find(&CONTENT_FORMATS, value.to_i64()?)
}

/// RFC 9052 table 5.
pub(super) fn key_operation(value: Label<'_>) -> Option<&'static str> {
    find(&KEY_OPERATIONS, value.to_i64()?)
}

/// IANA "COSE Verifiable Data Structure Algorithms" and what drafts request there.
pub(super) fn vds(value: Label<'_>) -> Option<&'static str> {
    match value {
        Label::Int(value) => Vds::new(value).name(),
        Label::Text(_) => None,
    }
}

fn find(table: &[(i64, &'static str)], value: i64) -> Option<&'static str> {
    table.iter().find(|entry| entry.0 == value).map(|entry| entry.1)
}

/// What `Algorithm` does not name: not for signatures, or not offered.
const ALGORITHMS: [(i64, &str); 54] = [
    (1, "A128GCM"),
    (2, "A192GCM"),
    (3, "A256GCM"),
    (4, "HMAC 256/64"),
    (5, "HMAC 256/256"),
    (6, "HMAC 384/384"),
    (7, "HMAC 512/512"),
    (10, "AES-CCM-16-64-128"),
    (11, "AES-CCM-16-64-256"),
    (12, "AES-CCM-64-64-128"),
    (13, "AES-CCM-64-64-256"),
    (14, "AES-MAC 128/64"),
    (15, "AES-MAC 256/64"),
    (24, "ChaCha20/Poly1305"),
    (25, "AES-MAC 128/128"),
    (26, "AES-MAC 256/128"),
    (30, "AES-CCM-16-128-128"),
    (31, "AES-CCM-16-128-256"),
    (32, "AES-CCM-64-128-128"),
    (33, "AES-CCM-64-128-256"),
    (34, "IV-GENERATION"),
    (-3, "A128KW"),
    (-4, "A192KW"),
    (-5, "A256KW"),
    (-6, "direct"),
    (-10, "direct+HKDF-SHA-256"),
    (-11, "direct+HKDF-SHA-512"),
    (-12, "direct+HKDF-AES-128"),
    (-13, "direct+HKDF-AES-256"),
    (-25, "ECDH-ES + HKDF-256"),
    (-26, "ECDH-ES + HKDF-512"),
    (-27, "ECDH-SS + HKDF-256"),
    (-28, "ECDH-SS + HKDF-512"),
    (-29, "ECDH-ES + A128KW"),
    (-30, "ECDH-ES + A192KW"),
    (-31, "ECDH-ES + A256KW"),
    (-32, "ECDH-SS + A128KW"),
    (-33, "ECDH-SS + A192KW"),
    (-34, "ECDH-SS + A256KW"),
    (-40, "RSAES-OAEP w/ SHA-1"),
    (-41, "RSAES-OAEP w/ SHA-256"),
    (-42, "RSAES-OAEP w/ SHA-512"),
    (-260, "WalnutDSA"),
    (-265, "ESB256"),
    (-266, "ESB320"),
    (-267, "ESB384"),
    (-268, "ESB512"),
    (-65529, "A256CBC"),
    (-65530, "A192CBC"),
    (-65531, "A128CBC"),
    (-65532, "A256CTR"),
    (-65533, "A192CTR"),
    (-65534, "A128CTR"),
    (-65535, "RS1"),
];

const CURVES: [(i64, &str); 4] = [
    (256, "brainpoolP256r1"),
    (257, "brainpoolP320r1"),
    (258, "brainpoolP384r1"),
    (259, "brainpoolP512r1"),
];

const CONTENT_FORMATS: [(i64, &str); 15] = [
    (0, "text/plain; charset=utf-8"),
    (16, "COSE_Encrypt0"),
    (17, "COSE_Mac0"),
    (18, "COSE_Sign1"),
    (42, "application/octet-stream"),
    (50, "application/json"),
    (60, "application/cbor"),
    (61, "application/cwt"),
    (62, "application/multipart-core"),
    (63, "application/cbor-seq"),
    (96, "COSE_Encrypt"),
    (97, "COSE_Mac"),
    (98, "COSE_Sign"),
    (101, "application/cose-key"),
    (102, "application/cose-key-set"),
];

const KEY_OPERATIONS: [(i64, &str); 10] = [
    (1, "sign"),
    (2, "verify"),
    (3, "encrypt"),
    (4, "decrypt"),
    (5, "wrap key"),
    (6, "unwrap key"),
    (7, "derive key"),
    (8, "derive bits"),
    (9, "MAC create"),
    (10, "MAC verify"),
];
