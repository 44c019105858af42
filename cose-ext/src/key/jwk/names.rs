//! Names of algorithms and curves in JOSE.

use crate::crypto::{Algorithm, Curve, KeyOperation};

/// Signature algorithms by their JOSE names (IANA "JSON Web Signature and Encryption Algorithms"),
/// and by the COSE names of those that JOSE does not have.
const ALGORITHMS: [Algorithm; 20] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::ES512,
    Algorithm::ES256K,
    Algorithm::ESP256,
    Algorithm::ESP384,
    Algorithm::ESP512,
    Algorithm::EDDSA,
    Algorithm::ED25519,
    Algorithm::ED448,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::ML_DSA_44,
    Algorithm::ML_DSA_65,
    Algorithm::ML_DSA_87,
    Algorithm::HSS_LMS,
];

/// Curves by their names (IANA "JSON Web Key Elliptic Curve").
const CURVES: [Curve; 8] = [
    Curve::P256,
    Curve::P384,
    Curve::P521,
    Curve::SECP256K1,
    Curve::ED25519,
    Curve::ED448,
    Curve::X25519,
    Curve::X448,
];

/// Algorithms of symmetric keys by their JOSE names, where JOSE and COSE mean the same.
const SYMMETRIC: [(&str, Algorithm); 9] = [
    ("HS256", Algorithm::HMAC_256),
    ("HS384", Algorithm::HMAC_384),
    ("HS512", Algorithm::HMAC_512),
    ("A128GCM", Algorithm::A128GCM),
    ("A192GCM", Algorithm::A192GCM),
    ("A256GCM", Algorithm::A256GCM),
    ("A128KW", Algorithm::A128KW),
    ("A192KW", Algorithm::A192KW),
    ("A256KW", Algorithm::A256KW),
];

/// Names of `key_ops` (RFC 7517 4.3). With a symmetric key, to sign is to make a MAC.
const OPERATIONS: [(&str, KeyOperation); 8] = [
    ("sign", KeyOperation::Sign),
    ("verify", KeyOperation::Verify),
    ("encrypt", KeyOperation::Encrypt),
    ("decrypt", KeyOperation::Decrypt),
    ("wrapKey", KeyOperation::WrapKey),
    ("unwrapKey", KeyOperation::UnwrapKey),
    ("deriveKey", KeyOperation::DeriveKey),
    ("deriveBits", KeyOperation::DeriveBits),
];

/// The name of `operation`.
pub(super) fn of_operation(operation: KeyOperation) -> Option<&'static str> {
    let operation = match operation {
        KeyOperation::MacCreate => KeyOperation::Sign,
        KeyOperation::MacVerify => KeyOperation::Verify,
        other => other,
    };
    OPERATIONS.into_iter().find(|(_, known)| *known == operation).map(|(name, _)| name)
}

/// Whether `operation` is one of the `use` that is named so (RFC 7517 4.2).
pub(super) fn is_for(purpose: &str, operation: KeyOperation) -> bool {
    use KeyOperation::{MacCreate, MacVerify, Sign, Verify};
    match purpose {
        "sig" => matches!(operation, Sign | Verify | MacCreate | MacVerify),
        "enc" => !matches!(operation, Sign | Verify | MacCreate | MacVerify),
        _ => false,
    }
}

pub(super) fn symmetric_algorithm(name: &str) -> Option<Algorithm> {
    SYMMETRIC.into_iter().find(|(known, _)| *known == name).map(|(_, algorithm)| algorithm)
}

/// The JOSE name of an algorithm of symmetric keys.
pub(super) fn of_symmetric(algorithm: Algorithm) -> Option<&'static str> {
    SYMMETRIC.into_iter().find(|(_, known)| *known == algorithm).map(|(name, _)| name)
}

/// The JOSE name of a signature algorithm.
pub(super) fn of_algorithm(algorithm: Algorithm) -> Option<&'static str> {
    ALGORITHMS.contains(&algorithm).then(|| algorithm.name()).flatten()
}

/// The JOSE name of a curve.
pub(super) fn of_curve(curve: Curve) -> Option<&'static str> {
    CURVES.contains(&curve).then(|| curve.name()).flatten()
}

pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    ALGORITHMS.into_iter().find(|algorithm| algorithm.name() == Some(name))
}

pub(super) fn curve(name: &str) -> Option<Curve> {
    CURVES.into_iter().find(|curve| curve.name() == Some(name))
}
