//! What this build can do, said here once more and independently: an algorithm that is missing from the library by
//! mistake must not turn its cases into ignored ones.

use cose_ext::crypto::{Algorithm, Curve, KeyProfile};

/// Why this build cannot judge a signature by `algorithm` under a key of `profile`; `None` when it has to.
// With all features each arm says true.
#[allow(clippy::match_like_matches_macro)]
pub(crate) fn lacks(algorithm: Algorithm, profile: &KeyProfile) -> Option<String> {
    let has = match (profile.curve, algorithm) {
        (Some(Curve::P256), _) => cfg!(feature = "p256"),
        (Some(Curve::P384), _) => cfg!(feature = "p384"),
        (Some(Curve::P521), _) => cfg!(feature = "p521"),
        (Some(Curve::SECP256K1), _) => cfg!(feature = "k256"),
        (Some(Curve::BRAINPOOL_P256R1), _) => cfg!(feature = "bp256"),
        (Some(Curve::BRAINPOOL_P384R1), _) => cfg!(feature = "bp384"),
        (Some(Curve::ED25519), _) => cfg!(feature = "ed25519"),
        (Some(Curve::ED448), _) => cfg!(feature = "ed448"),
        (None, Algorithm::PS256 | Algorithm::PS384 | Algorithm::PS512 | Algorithm::RS256) => {
            cfg!(feature = "rsa")
        }
        (None, Algorithm::ML_DSA_44 | Algorithm::ML_DSA_65 | Algorithm::ML_DSA_87) => {
            cfg!(feature = "ml-dsa")
        }
        (None, Algorithm::HSS_LMS) => cfg!(feature = "hss-lms"),
        _ => false,
    };
    (!has).then(|| format!("this build has no {algorithm} with keys of type {profile}"))
}

/// As [`lacks`], for a MAC or a cipher by `algorithm`, whose key the recipients of these algorithms lead to with keys on
/// these curves.
// With all features each arm says true.
#[allow(clippy::match_like_matches_macro)]
pub(crate) fn lacks_secret(
    algorithm: Algorithm,
    recipients: &[Algorithm],
    curves: &[Curve],
) -> Option<String> {
    let has = |algorithm: Algorithm| match algorithm.value() {
        4..=7 => cfg!(feature = "hmac"),
        1..=3 | 10..=15 | 25 | 26 | 30..=33 | -5..=-3 | -65534..=-65529 => cfg!(feature = "aes"),
        24 => cfg!(feature = "chacha20poly1305"),
        -6 => true,
        -11 | -10 => cfg!(feature = "hkdf"),
        -13 | -12 => cfg!(all(feature = "hkdf", feature = "aes")),
        -28..=-25 => true,
        -34..=-29 => cfg!(feature = "aes"),
        -42..=-40 => cfg!(feature = "aws-lc"),
        // Not a registered one: refused, whatever the build has.
        _ => true,
    };
    let agrees = |curve: &Curve| match *curve {
        Curve::P256 => cfg!(feature = "ecdh"),
        Curve::P384 => cfg!(all(feature = "ecdh", feature = "p384")),
        Curve::P521 => cfg!(all(feature = "ecdh", feature = "p521")),
        Curve::X25519 => cfg!(feature = "x25519"),
        _ => false,
    };
    let missing = core::iter::once(&algorithm).chain(recipients).find(|one| !has(**one));
    let missing = missing.map(|algorithm| format!("this build has no {algorithm}"));
    let curve = curves.iter().find(|curve| !agrees(curve));
    missing.or(curve.map(|curve| format!("this build agrees on no secrets on {curve}")))
}
