//! Which feature would bring an algorithm that is missing.

use crate::crypto::Algorithm;

/// Features of this crate, each with whether this build has it and the algorithms that it brings.
/// Of several that an algorithm needs, the one that is named for it.
type Features = &'static [(&'static str, bool, &'static [Algorithm])];

const KEYED: Features = &[
    ("p256", cfg!(feature = "p256"), &[Algorithm::ES256, Algorithm::ESP256]),
    ("p384", cfg!(feature = "p384"), &[Algorithm::ES384, Algorithm::ESP384]),
    ("p521", cfg!(feature = "p521"), &[Algorithm::ES512, Algorithm::ESP512]),
    ("k256", cfg!(feature = "k256"), &[Algorithm::ES256K]),
    ("bp256", cfg!(feature = "bp256"), &[Algorithm::ESB256]),
    ("bp384", cfg!(feature = "bp384"), &[Algorithm::ESB384]),
    ("ed25519", cfg!(feature = "ed25519"), &[Algorithm::EDDSA, Algorithm::ED25519]),
    ("ed448", cfg!(feature = "ed448"), &[Algorithm::ED448]),
    (
        "ml-dsa",
        cfg!(feature = "ml-dsa"),
        &[Algorithm::ML_DSA_44, Algorithm::ML_DSA_65, Algorithm::ML_DSA_87],
    ),
    ("hss-lms", cfg!(feature = "hss-lms"), &[Algorithm::HSS_LMS]),
    (
        "rsa",
        cfg!(feature = "rsa"),
        &[
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
        ],
    ),
    (
        "hmac",
        cfg!(feature = "hmac"),
        &[Algorithm::HMAC_256_64, Algorithm::HMAC_256, Algorithm::HMAC_384, Algorithm::HMAC_512],
    ),
    (
        "aes",
        cfg!(feature = "aes"),
        &[
            Algorithm::A128GCM,
            Algorithm::A192GCM,
            Algorithm::A256GCM,
            Algorithm::AES_CCM_16_64_128,
            Algorithm::AES_CCM_16_64_256,
            Algorithm::AES_CCM_64_64_128,
            Algorithm::AES_CCM_64_64_256,
            Algorithm::AES_CCM_16_128_128,
            Algorithm::AES_CCM_16_128_256,
            Algorithm::AES_CCM_64_128_128,
            Algorithm::AES_CCM_64_128_256,
            Algorithm::AES_MAC_128_64,
            Algorithm::AES_MAC_256_64,
            Algorithm::AES_MAC_128_128,
            Algorithm::AES_MAC_256_128,
            Algorithm::A128KW,
            Algorithm::A192KW,
            Algorithm::A256KW,
            Algorithm::A128CTR,
            Algorithm::A192CTR,
            Algorithm::A256CTR,
            Algorithm::A128CBC,
            Algorithm::A192CBC,
            Algorithm::A256CBC,
        ],
    ),
    ("chacha20poly1305", cfg!(feature = "chacha20poly1305"), &[Algorithm::CHACHA20_POLY1305]),
];

const HASHES: Features = &[
    ("sha256", cfg!(feature = "sha256"), &[Algorithm::SHA256, Algorithm::SHA256_64]),
    (
        "sha512",
        cfg!(feature = "sha512"),
        &[Algorithm::SHA384, Algorithm::SHA512, Algorithm::SHA512_256],
    ),
    ("shake", cfg!(feature = "shake"), &[Algorithm::SHAKE128, Algorithm::SHAKE256]),
];

/// Returns the feature that brings the keyed algorithm `algorithm`, if there is one and this build
/// does not have it.
pub(super) fn missing_feature(algorithm: Algorithm) -> Option<&'static str> {
    missing(KEYED, algorithm)
}

/// Returns the feature that brings the hash function `algorithm`, if there is one and this build
/// does not have it.
pub(super) fn missing_hash_feature(algorithm: Algorithm) -> Option<&'static str> {
    missing(HASHES, algorithm)
}

fn missing(features: Features, algorithm: Algorithm) -> Option<&'static str> {
    let brings = features.iter().find(|(_, _, algorithms)| algorithms.contains(&algorithm));
    brings.filter(|(_, is_on, _)| !is_on).map(|(name, _, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::{HASHES, KEYED, missing_feature, missing_hash_feature};

    #[test]
    fn an_algorithm_that_this_build_lacks_names_its_feature() {
        for (name, is_on, algorithms) in KEYED {
            for algorithm in *algorithms {
                assert_eq!(missing_feature(*algorithm), (!is_on).then_some(*name), "{algorithm}");
            }
        }
        for (name, is_on, algorithms) in HASHES {
            for algorithm in *algorithms {
                let missing = missing_hash_feature(*algorithm);
                assert_eq!(missing, (!is_on).then_some(*name), "{algorithm}");
            }
        }
    }
}
