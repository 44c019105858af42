//! Algorithms by their JOSE names.

use cose_ext::crypto::Algorithm;

/// The algorithms of RFC 7518, RFC 8037 and RFC 9864 that are verified here.
const ALGORITHMS: [(&str, Algorithm); 9] = [
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("ES512", Algorithm::ES512),
    ("EdDSA", Algorithm::EDDSA),
    ("Ed25519", Algorithm::ED25519),
    ("Ed448", Algorithm::ED448),
    ("HS256", Algorithm::HMAC_256),
    ("HS384", Algorithm::HMAC_384),
    ("HS512", Algorithm::HMAC_512),
];

pub(super) fn named(name: &str) -> Option<Algorithm> {
    ALGORITHMS.into_iter().find(|(known, _)| *known == name).map(|(_, algorithm)| algorithm)
}

/// The JOSE name; the fully specified ones of COSE for ECDSA have those of RFC 7518.
pub(super) fn name_of(algorithm: Algorithm) -> Option<&'static str> {
    let algorithm = match algorithm {
        Algorithm::ESP256 => Algorithm::ES256,
        Algorithm::ESP384 => Algorithm::ES384,
        Algorithm::ESP512 => Algorithm::ES512,
        other => other,
    };
    ALGORITHMS.into_iter().find(|(_, known)| *known == algorithm).map(|(name, _)| name)
}

pub(super) fn is_mac(algorithm: Algorithm) -> bool {
    [Algorithm::HMAC_256, Algorithm::HMAC_384, Algorithm::HMAC_512].contains(&algorithm)
}
