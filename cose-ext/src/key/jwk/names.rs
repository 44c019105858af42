use crate::crypto::{Algorithm, Curve};

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

pub(super) fn algorithm(name: &str) -> Option<Algorithm> {
    ALGORITHMS.into_iter().find(|algorithm| algorithm.name() == Some(name))
}

pub(super) fn curve(name: &str) -> Option<Curve> {
    CURVES.into_iter().find(|curve| curve.name() == Some(name))
}
