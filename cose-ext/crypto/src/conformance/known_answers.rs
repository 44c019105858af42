//! Known answers of signature verification.

use super::bytes;
use crate::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate};

/// A signature that is known to be right, and everything that it takes to say so.
pub(super) struct KnownAnswer {
    pub(super) algorithm: Algorithm,
    /// Names the algorithm by another name ([`Algorithm::is_equivalent_on`]).
    pub(super) kin: Option<Algorithm>,
    pub(super) key: PublicKey<'static>,
    pub(super) message: &'static [u8],
    pub(super) signature: &'static [u8],
    /// The hash function that makes the prehash, where there is one.
    pub(super) prehash: Option<Algorithm>,
}

const MESSAGE: &[u8] = b"the message of the conformance suite";

/// One of each signature algorithm, from the RFCs, from OpenSSL and self-made.
pub(super) const KNOWN_ANSWERS: &[KnownAnswer] = &[
    KnownAnswer {
        algorithm: Algorithm::ES256,
        kin: Some(Algorithm::ESP256),
        key: ec2(Curve::P256, &bytes::P256_X, &bytes::P256_Y),
        message: b"sample",
        signature: &bytes::ES256,
        prehash: Some(Algorithm::SHA256),
    },
    KnownAnswer {
        algorithm: Algorithm::ES384,
        kin: Some(Algorithm::ESP384),
        key: ec2(Curve::P384, &bytes::P384_X, &bytes::P384_Y),
        message: b"sample",
        signature: &bytes::ES384,
        prehash: Some(Algorithm::SHA384),
    },
    KnownAnswer {
        algorithm: Algorithm::ES512,
        kin: Some(Algorithm::ESP512),
        key: ec2(Curve::P521, &bytes::P521_X, &bytes::P521_Y),
        message: b"sample",
        signature: &bytes::ES512,
        prehash: Some(Algorithm::SHA512),
    },
    KnownAnswer {
        algorithm: Algorithm::EDDSA,
        kin: Some(Algorithm::ED25519),
        key: open(KeyMaterial::Okp { curve: Curve::ED25519, x: &bytes::ED25519_X }),
        message: MESSAGE,
        signature: &bytes::ED25519,
        prehash: None,
    },
    KnownAnswer {
        algorithm: Algorithm::ED448,
        kin: Some(Algorithm::EDDSA),
        key: open(KeyMaterial::Okp { curve: Curve::ED448, x: &bytes::ED448_X }),
        message: MESSAGE,
        signature: &bytes::ED448,
        prehash: None,
    },
    rsa(Algorithm::PS256, &bytes::PS256, Algorithm::SHA256),
    rsa(Algorithm::PS384, &bytes::PS384, Algorithm::SHA384),
    rsa(Algorithm::PS512, &bytes::PS512, Algorithm::SHA512),
    rsa(Algorithm::RS256, &bytes::RS256, Algorithm::SHA256),
    rsa_2(Algorithm::RS384, &bytes::RS384, Algorithm::SHA384),
    rsa_2(Algorithm::RS512, &bytes::RS512, Algorithm::SHA512),
    ml_dsa(Algorithm::ML_DSA_44, bytes::ML_DSA_44_KEY, bytes::ML_DSA_44),
    ml_dsa(Algorithm::ML_DSA_65, bytes::ML_DSA_65_KEY, bytes::ML_DSA_65),
    ml_dsa(Algorithm::ML_DSA_87, bytes::ML_DSA_87_KEY, bytes::ML_DSA_87),
    KnownAnswer {
        algorithm: Algorithm::HSS_LMS,
        kin: None,
        key: open(KeyMaterial::HssLms { public: &bytes::HSS_LMS_KEY }),
        message: b"The powers not delegated to the United States by the Constitution, \
            nor prohibited by it to the States, are reserved to the States respectively, \
            or to the people.\n",
        signature: bytes::HSS_LMS,
        prehash: None,
    },
];

/// A key that states no algorithm.
pub(super) const fn open(material: KeyMaterial<'_>) -> PublicKey<'_> {
    PublicKey { material, algorithm: None }
}

pub(super) const fn ec2<'a>(curve: Curve, x: &'a [u8], y: &'a [u8]) -> PublicKey<'a> {
    open(KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) })
}

const fn rsa(algorithm: Algorithm, signature: &'static [u8], hash: Algorithm) -> KnownAnswer {
    under_modulus(&bytes::RSA_N, algorithm, signature, hash)
}

const fn rsa_2(algorithm: Algorithm, signature: &'static [u8], hash: Algorithm) -> KnownAnswer {
    under_modulus(&bytes::RSA_N_2, algorithm, signature, hash)
}

const fn under_modulus(
    n: &'static [u8],
    algorithm: Algorithm,
    signature: &'static [u8],
    hash: Algorithm,
) -> KnownAnswer {
    KnownAnswer {
        algorithm,
        kin: None,
        key: open(KeyMaterial::Rsa { n, e: &[1, 0, 1] }),
        message: b"part one, part two",
        signature,
        prehash: Some(hash),
    }
}

const fn ml_dsa(
    algorithm: Algorithm,
    public: &'static [u8],
    signature: &'static [u8],
) -> KnownAnswer {
    KnownAnswer {
        algorithm,
        kin: None,
        key: PublicKey { material: KeyMaterial::Akp { public }, algorithm: Some(algorithm) },
        message: MESSAGE,
        signature,
        prehash: None,
    }
}
