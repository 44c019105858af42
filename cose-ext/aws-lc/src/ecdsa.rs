//! ECDSA (RFC 9053 2.1, RFC 9864 2.1); a public name for each curve.

mod curve_keys;
mod signing;
mod verifying;

use aws_lc_rs::{digest, signature};

use curve_keys::curve_keys;
use signing::Signing;
use verifying::Verifying;

use super::sha2::{Sha256, Sha384, Sha512};
use cose_crypto::{Algorithm, Curve, HashFunction};

/// A curve with its COSE names and the one algorithm of AWS-LC that serves it for every hash.
struct NamedCurve {
    curve: Curve,
    /// Length of a field element in bytes.
    field: usize,
    /// The polymorphic identifier that RFC 9053 pairs with the curve.
    usual: Algorithm,
    /// The fully specified identifier (RFC 9864), on this curve only.
    specified: Algorithm,
    verification: &'static signature::EcdsaVerificationAlgorithm,
    /// The digest that `verification` asks for: as long as the order of the curve, or longer than
    /// any.
    digest: &'static digest::Algorithm,
    signing: &'static signature::EcdsaSigningAlgorithm,
    /// PKCS#8 (RFC 5208) around ECPrivateKey (RFC 5915) up to the scalar, which ends it.
    pkcs8_head: &'static [u8],
    /// The bits of the first byte that the order of the curve has.
    first_mask: u8,
}

impl NamedCurve {
    /// The hash function of `algorithm` on this curve. The polymorphic identifiers name the hash
    /// and leave the curve to policy.
    fn hash_function(&self, algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
        match algorithm {
            Algorithm::ES256 => Some(&Sha256),
            Algorithm::ES384 => Some(&Sha384),
            Algorithm::ES512 => Some(&Sha512),
            specified if specified == self.specified => self.hash_function(self.usual),
            _ => None,
        }
    }
}

curve_keys! {
    P256, 32, "P-256", P256VerifyingKey, P256SigningKey, NamedCurve {
        curve: Curve::P256,
        field: 32,
        usual: Algorithm::ES256,
        specified: Algorithm::ESP256,
        verification: &signature::ECDSA_P256_SHA256_FIXED,
        digest: &digest::SHA256,
        signing: &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        pkcs8_head: b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\
            \xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20",
        first_mask: 0xff,
    }
}
curve_keys! {
    P384, 48, "P-384", P384VerifyingKey, P384SigningKey, NamedCurve {
        curve: Curve::P384,
        field: 48,
        usual: Algorithm::ES384,
        specified: Algorithm::ESP384,
        verification: &signature::ECDSA_P384_SHA384_FIXED,
        digest: &digest::SHA384,
        signing: &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        pkcs8_head: b"\x30\x4e\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\
            \x00\x22\x04\x37\x30\x35\x02\x01\x01\x04\x30",
        first_mask: 0xff,
    }
}
curve_keys! {
    P521, 66, "P-521", P521VerifyingKey, P521SigningKey, NamedCurve {
        curve: Curve::P521,
        field: 66,
        usual: Algorithm::ES512,
        specified: Algorithm::ESP512,
        verification: &signature::ECDSA_P521_SHA512_FIXED,
        digest: &digest::SHA512,
        signing: &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
        pkcs8_head: b"\x30\x60\x02\x01\x00\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\
            \x00\x23\x04\x49\x30\x47\x02\x01\x01\x04\x42",
        first_mask: 0x01,
    }
}
