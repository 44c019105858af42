//! The ways to sign certificates.

use rustls_pki_types::{AlgorithmIdentifier, alg_id};

use crate::crypto::{Algorithm, Curve};

/// One way to sign certificates.
pub(super) struct Scheme {
    pub(super) key: AlgorithmIdentifier,
    pub(super) signature: AlgorithmIdentifier,
    pub(super) algorithm: Algorithm,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Ecdsa(Curve),
    Edwards(Curve),
    Rsa,
    MlDsa,
}

const fn ecdsa(
    (key, curve): (AlgorithmIdentifier, Curve),
    (signature, algorithm): (AlgorithmIdentifier, Algorithm),
) -> Scheme {
    Scheme { key, signature, algorithm, kind: Kind::Ecdsa(curve) }
}

const fn edwards(identifier: AlgorithmIdentifier, curve: Curve) -> Scheme {
    let (algorithm, kind) = (Algorithm::EDDSA, Kind::Edwards(curve));
    Scheme { key: identifier, signature: identifier, algorithm, kind }
}

const fn rsa(signature: AlgorithmIdentifier, algorithm: Algorithm) -> Scheme {
    Scheme { key: alg_id::RSA_ENCRYPTION, signature, algorithm, kind: Kind::Rsa }
}

/// By a key of RSASSA-PSS alone, whose identifier is `key`.
const fn pss(
    key: &'static [u8],
    (signature, algorithm): (AlgorithmIdentifier, Algorithm),
) -> Scheme {
    let key = AlgorithmIdentifier::from_slice(key);
    Scheme { key, signature, algorithm, kind: Kind::Rsa }
}

const fn ml_dsa(identifier: AlgorithmIdentifier, algorithm: Algorithm) -> Scheme {
    Scheme { key: identifier, signature: identifier, algorithm, kind: Kind::MlDsa }
}

const P256: (AlgorithmIdentifier, Curve) = (alg_id::ECDSA_P256, Curve::P256);
const P384: (AlgorithmIdentifier, Curve) = (alg_id::ECDSA_P384, Curve::P384);
const P521: (AlgorithmIdentifier, Curve) = (alg_id::ECDSA_P521, Curve::P521);
const SHA256: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA256, Algorithm::ES256);
const SHA384: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA384, Algorithm::ES384);
const SHA512: (AlgorithmIdentifier, Algorithm) = (alg_id::ECDSA_SHA512, Algorithm::ES512);
const PS256: (AlgorithmIdentifier, Algorithm) = (alg_id::RSA_PSS_SHA256, Algorithm::PS256);
const PS384: (AlgorithmIdentifier, Algorithm) = (alg_id::RSA_PSS_SHA384, Algorithm::PS384);
const PS512: (AlgorithmIdentifier, Algorithm) = (alg_id::RSA_PSS_SHA512, Algorithm::PS512);

/// id-RSASSA-PSS without parameters: with any of its algorithms (RFC 4055 1.2).
const ANY_PSS: [u8; 11] = *b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";

/// id-RSASSA-PSS with the parameters of RFC 4055 3.1: a hash function of SHA-2 by the last number
/// of its object identifier, for the digest and for MGF1, and the least length of a salt.
const fn pss_key(hash: u8, salt: u8) -> [u8; 65] {
    let mut key = *b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\
        \xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x00\x05\x00\
        \xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\
        \x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x00\x05\x00\
        \xa2\x03\x02\x01\x00";
    key[27] = hash;
    key[57] = hash;
    key[64] = salt;
    key
}

const PSS_256: [u8; 65] = pss_key(1, 32);
const PSS_384: [u8; 65] = pss_key(2, 48);
const PSS_512: [u8; 65] = pss_key(3, 64);
const PSS_256_ANY_SALT: [u8; 65] = pss_key(1, 0);
const PSS_384_ANY_SALT: [u8; 65] = pss_key(2, 0);
const PSS_512_ANY_SALT: [u8; 65] = pss_key(3, 0);

/// RFC 5758 3.2, RFC 8410 3, RFC 4055, RFC 9881 2. Certificates pair curves and hashes freely;
/// SHA-1 is not among them. The salt of RSASSA-PSS is as long as the hash. A key of RSASSA-PSS
/// alone signs by its parameters, as far as they are those of a row. Not every provider does all: a
/// test lists what each one leaves out.
pub(super) static SCHEMES: [Scheme; 29] = [
    ecdsa(P256, SHA256),
    ecdsa(P384, SHA384),
    ecdsa(P521, SHA512),
    ecdsa(P256, SHA384),
    ecdsa(P256, SHA512),
    ecdsa(P384, SHA256),
    ecdsa(P384, SHA512),
    ecdsa(P521, SHA256),
    ecdsa(P521, SHA384),
    edwards(alg_id::ED25519, Curve::ED25519),
    edwards(alg_id::ED448, Curve::ED448),
    rsa(alg_id::RSA_PKCS1_SHA256, Algorithm::RS256),
    rsa(alg_id::RSA_PKCS1_SHA384, Algorithm::RS384),
    rsa(alg_id::RSA_PKCS1_SHA512, Algorithm::RS512),
    rsa(alg_id::RSA_PSS_SHA256, Algorithm::PS256),
    rsa(alg_id::RSA_PSS_SHA384, Algorithm::PS384),
    rsa(alg_id::RSA_PSS_SHA512, Algorithm::PS512),
    pss(&ANY_PSS, PS256),
    pss(&ANY_PSS, PS384),
    pss(&ANY_PSS, PS512),
    pss(&PSS_256, PS256),
    pss(&PSS_384, PS384),
    pss(&PSS_512, PS512),
    pss(&PSS_256_ANY_SALT, PS256),
    pss(&PSS_384_ANY_SALT, PS384),
    pss(&PSS_512_ANY_SALT, PS512),
    ml_dsa(alg_id::ML_DSA_44, Algorithm::ML_DSA_44),
    ml_dsa(alg_id::ML_DSA_65, Algorithm::ML_DSA_65),
    ml_dsa(alg_id::ML_DSA_87, Algorithm::ML_DSA_87),
];
