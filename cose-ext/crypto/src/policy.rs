//! Which algorithms a caller permits, with which keys.

use crate::{Algorithm, Curve, KeyProfile, KeyType};

/// One thing a key may do: this algorithm with a key of this type on this curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The algorithm of the header.
    pub algorithm: Algorithm,
    /// `kty` of the key.
    pub key_type: KeyType,
    /// `crv` of the key, where its type has one.
    pub curve: Option<Curve>,
}

impl Binding {
    /// Binds `algorithm` to EC2 keys on `curve`.
    #[must_use]
    pub const fn ec2(algorithm: Algorithm, curve: Curve) -> Self {
        Self { algorithm, key_type: KeyType::EC2, curve: Some(curve) }
    }

    /// Binds `algorithm` to OKP keys on `curve`.
    #[must_use]
    pub const fn okp(algorithm: Algorithm, curve: Curve) -> Self {
        Self { algorithm, key_type: KeyType::OKP, curve: Some(curve) }
    }

    /// Binds `algorithm` to symmetric keys.
    #[must_use]
    pub const fn symmetric(algorithm: Algorithm) -> Self {
        Self::without_curve(algorithm, KeyType::SYMMETRIC)
    }

    /// Binds `algorithm` to keys of a type that has no curves.
    #[must_use]
    pub const fn without_curve(algorithm: Algorithm, key_type: KeyType) -> Self {
        Self { algorithm, key_type, curve: None }
    }
}

/// Which algorithms are accepted with which keys: a set of (alg, kty, crv).
///
/// The identifiers -7, -8, -35 and -36 leave the curve to the key (RFC 9053 2); the standard set
/// pairs each with the one curve that RFC 9864 gives it. Add what else exists in the field with
/// [`and`](Self::and), to the standard set or to one of your own.
#[derive(Clone, Copy, Debug)]
pub struct AlgorithmPolicy<'a> {
    bindings: &'a [Binding],
    /// What is permitted as well.
    below: Option<&'a AlgorithmPolicy<'a>>,
}

impl AlgorithmPolicy<'static> {
    /// The signature algorithms of RFC 9053, RFC 9864, RFC 8230, RFC 8812 (RS256 and ES256K),
    /// RFC 8778 and RFC 9964, each with its own curve; the MACs, ciphers and recipient algorithms
    /// of RFC 9053 and RFC 9459 with their key types. RSAES-OAEP (RFC 8230) is not among them;
    /// [`and`](Self::and) adds it.
    pub const STANDARD: Self = Self {
        bindings: &[
            Binding::ec2(Algorithm::ES256, Curve::P256),
            Binding::ec2(Algorithm::ESP256, Curve::P256),
            Binding::ec2(Algorithm::ES384, Curve::P384),
            Binding::ec2(Algorithm::ESP384, Curve::P384),
            Binding::ec2(Algorithm::ES512, Curve::P521),
            Binding::ec2(Algorithm::ESP512, Curve::P521),
            Binding::ec2(Algorithm::ES256K, Curve::SECP256K1),
            Binding::ec2(Algorithm::ESB256, Curve::BRAINPOOL_P256R1),
            Binding::ec2(Algorithm::ESB320, Curve::BRAINPOOL_P320R1),
            Binding::ec2(Algorithm::ESB384, Curve::BRAINPOOL_P384R1),
            Binding::ec2(Algorithm::ESB512, Curve::BRAINPOOL_P512R1),
            Binding::okp(Algorithm::EDDSA, Curve::ED25519),
            Binding::okp(Algorithm::ED25519, Curve::ED25519),
            Binding::okp(Algorithm::EDDSA, Curve::ED448),
            Binding::okp(Algorithm::ED448, Curve::ED448),
            Binding::without_curve(Algorithm::PS256, KeyType::RSA),
            Binding::without_curve(Algorithm::PS384, KeyType::RSA),
            Binding::without_curve(Algorithm::PS512, KeyType::RSA),
            Binding::without_curve(Algorithm::RS256, KeyType::RSA),
            Binding::without_curve(Algorithm::HSS_LMS, KeyType::HSS_LMS),
            Binding::without_curve(Algorithm::ML_DSA_44, KeyType::AKP),
            Binding::without_curve(Algorithm::ML_DSA_65, KeyType::AKP),
            Binding::without_curve(Algorithm::ML_DSA_87, KeyType::AKP),
            Binding::symmetric(Algorithm::A128GCM),
            Binding::symmetric(Algorithm::A192GCM),
            Binding::symmetric(Algorithm::A256GCM),
            Binding::symmetric(Algorithm::HMAC_256_64),
            Binding::symmetric(Algorithm::HMAC_256),
            Binding::symmetric(Algorithm::HMAC_384),
            Binding::symmetric(Algorithm::HMAC_512),
            Binding::symmetric(Algorithm::AES_CCM_16_64_128),
            Binding::symmetric(Algorithm::AES_CCM_16_64_256),
            Binding::symmetric(Algorithm::AES_CCM_64_64_128),
            Binding::symmetric(Algorithm::AES_CCM_64_64_256),
            Binding::symmetric(Algorithm::AES_MAC_128_64),
            Binding::symmetric(Algorithm::AES_MAC_256_64),
            Binding::symmetric(Algorithm::CHACHA20_POLY1305),
            Binding::symmetric(Algorithm::AES_MAC_128_128),
            Binding::symmetric(Algorithm::AES_MAC_256_128),
            Binding::symmetric(Algorithm::AES_CCM_16_128_128),
            Binding::symmetric(Algorithm::AES_CCM_16_128_256),
            Binding::symmetric(Algorithm::AES_CCM_64_128_128),
            Binding::symmetric(Algorithm::AES_CCM_64_128_256),
            Binding::symmetric(Algorithm::A128KW),
            Binding::symmetric(Algorithm::A192KW),
            Binding::symmetric(Algorithm::A256KW),
            Binding::symmetric(Algorithm::DIRECT_HKDF_SHA_256),
            Binding::symmetric(Algorithm::DIRECT_HKDF_SHA_512),
            Binding::symmetric(Algorithm::DIRECT_HKDF_AES_128),
            Binding::symmetric(Algorithm::DIRECT_HKDF_AES_256),
            Binding::symmetric(Algorithm::A128CTR),
            Binding::symmetric(Algorithm::A192CTR),
            Binding::symmetric(Algorithm::A256CTR),
            Binding::symmetric(Algorithm::A128CBC),
            Binding::symmetric(Algorithm::A192CBC),
            Binding::symmetric(Algorithm::A256CBC),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_256, Curve::P256),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_256, Curve::P384),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_256, Curve::P521),
            Binding::okp(Algorithm::ECDH_ES_HKDF_256, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_512, Curve::P256),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_512, Curve::P384),
            Binding::ec2(Algorithm::ECDH_ES_HKDF_512, Curve::P521),
            Binding::okp(Algorithm::ECDH_ES_HKDF_512, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_ES_A128KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_ES_A128KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_ES_A128KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_ES_A128KW, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_ES_A192KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_ES_A192KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_ES_A192KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_ES_A192KW, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_ES_A256KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_ES_A256KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_ES_A256KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_ES_A256KW, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_256, Curve::P256),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_256, Curve::P384),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_256, Curve::P521),
            Binding::okp(Algorithm::ECDH_SS_HKDF_256, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_512, Curve::P256),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_512, Curve::P384),
            Binding::ec2(Algorithm::ECDH_SS_HKDF_512, Curve::P521),
            Binding::okp(Algorithm::ECDH_SS_HKDF_512, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_SS_A128KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_SS_A128KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_SS_A128KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_SS_A128KW, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_SS_A192KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_SS_A192KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_SS_A192KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_SS_A192KW, Curve::X25519),
            Binding::ec2(Algorithm::ECDH_SS_A256KW, Curve::P256),
            Binding::ec2(Algorithm::ECDH_SS_A256KW, Curve::P384),
            Binding::ec2(Algorithm::ECDH_SS_A256KW, Curve::P521),
            Binding::okp(Algorithm::ECDH_SS_A256KW, Curve::X25519),
        ],
        below: None,
    };
}

impl<'a> AlgorithmPolicy<'a> {
    /// Permits these bindings and no others.
    #[must_use]
    pub const fn only(bindings: &'a [Binding]) -> Self {
        Self { bindings, below: None }
    }

    /// Permits `bindings` and everything that this policy permits.
    #[must_use]
    pub const fn and(&'a self, bindings: &'a [Binding]) -> Self {
        Self { bindings, below: Some(self) }
    }

    /// Returns whether a key of `profile` may check signatures of `algorithm`.
    ///
    /// Both must hold: the policy lists the triple of algorithm, key type and curve, and an
    /// algorithm that the key states is this one ([`KeyProfile::is_for`]).
    #[must_use]
    pub fn permits(&self, algorithm: Algorithm, profile: &KeyProfile) -> bool {
        let mut policies = core::iter::successors(Some(self), |policy| policy.below);
        profile.is_for(algorithm)
            && policies.any(|policy| {
                policy.bindings.iter().any(|binding| {
                    binding.algorithm == algorithm
                        && binding.key_type == profile.key_type
                        && binding.curve == profile.curve
                })
            })
    }
}

impl Default for AlgorithmPolicy<'static> {
    fn default() -> Self {
        Self::STANDARD
    }
}

#[cfg(test)]
mod tests {
    use super::{AlgorithmPolicy, Binding};
    use crate::{Algorithm, Curve, KeyProfile, KeyType};

    #[test]
    fn what_is_named_on_top_takes_nothing_away() {
        let key =
            |curve| KeyProfile { key_type: KeyType::EC2, curve: Some(curve), algorithm: None };
        let p256 = [Binding::ec2(Algorithm::ES384, Curve::P256)];
        let p521 = [Binding::ec2(Algorithm::ES384, Curve::P521)];
        let one = AlgorithmPolicy::STANDARD.and(&p256);
        let both = one.and(&p521);
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            assert!(both.permits(Algorithm::ES384, &key(curve)), "{curve}");
        }
        assert!(!one.permits(Algorithm::ES384, &key(Curve::P521)));
        assert!(!both.permits(Algorithm::ES256, &key(Curve::P521)));
        assert!(!AlgorithmPolicy::only(&p256).permits(Algorithm::ES256, &key(Curve::P256)));
    }
}
