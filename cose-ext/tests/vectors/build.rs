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
        (Some(Curve::ED25519), _) => cfg!(feature = "ed25519"),
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
