//! Numbers of algorithms, curves and key types in the IANA registry "COSE".

use core::fmt;

macro_rules! registry {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(i64);

        impl $type {
            $($(#[$doc])* pub const $name: Self = Self($value);)*

            /// Lists the values that have a constant here, each with its name in the IANA registry.
            pub const NAMES: &'static [(i64, &'static str)] = &[$(($value, $text)),*];

            /// Makes an identifier of any number, registered or private.
            pub const fn new(value: i64) -> Self {
                Self(value)
            }

            /// Returns the number that stands on the wire.
            pub const fn value(self) -> i64 {
                self.0
            }

            /// Returns the name in the IANA registry, or `None` for a number that this library does
            /// not know.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some($text),)*
                    _ => None,
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => fmt::Display::fmt(&self.0, f),
                }
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

registry! {
    /// A COSE algorithm identifier (IANA "COSE Algorithms"); an open set.
    Algorithm {
        /// AES-GCM with a 128-bit key (RFC 9053 4.1).
        A128GCM = 1, "A128GCM";
        /// AES-GCM with a 192-bit key (RFC 9053 4.1).
        A192GCM = 2, "A192GCM";
        /// AES-GCM with a 256-bit key (RFC 9053 4.1).
        A256GCM = 3, "A256GCM";
        /// HMAC with SHA-256, cut to 64 bits (RFC 9053 3.1).
        HMAC_256_64 = 4, "HMAC 256/64";
        /// HMAC with SHA-256 (RFC 9053 3.1).
        HMAC_256 = 5, "HMAC 256/256";
        /// HMAC with SHA-384 (RFC 9053 3.1).
        HMAC_384 = 6, "HMAC 384/384";
        /// HMAC with SHA-512 (RFC 9053 3.1).
        HMAC_512 = 7, "HMAC 512/512";
        /// AES-CCM: 16-bit length, 64-bit tag, 128-bit key (RFC 9053 4.2).
        AES_CCM_16_64_128 = 10, "AES-CCM-16-64-128";
        /// AES-CCM: 16-bit length, 64-bit tag, 256-bit key (RFC 9053 4.2).
        AES_CCM_16_64_256 = 11, "AES-CCM-16-64-256";
        /// AES-CCM: 64-bit length, 64-bit tag, 128-bit key (RFC 9053 4.2).
        AES_CCM_64_64_128 = 12, "AES-CCM-64-64-128";
        /// AES-CCM: 64-bit length, 64-bit tag, 256-bit key (RFC 9053 4.2).
        AES_CCM_64_64_256 = 13, "AES-CCM-64-64-256";
        /// AES-CBC-MAC with a 128-bit key and a 64-bit tag (RFC 9053 3.2).
        AES_MAC_128_64 = 14, "AES-MAC 128/64";
        /// AES-CBC-MAC with a 256-bit key and a 64-bit tag (RFC 9053 3.2).
        AES_MAC_256_64 = 15, "AES-MAC 256/64";
        /// ChaCha20-Poly1305 (RFC 9053 4.3).
        CHACHA20_POLY1305 = 24, "ChaCha20/Poly1305";
        /// AES-CBC-MAC with a 128-bit key and a 128-bit tag (RFC 9053 3.2).
        AES_MAC_128_128 = 25, "AES-MAC 128/128";
        /// AES-CBC-MAC with a 256-bit key and a 128-bit tag (RFC 9053 3.2).
        AES_MAC_256_128 = 26, "AES-MAC 256/128";
        /// AES-CCM: 16-bit length, 128-bit tag, 128-bit key (RFC 9053 4.2).
        AES_CCM_16_128_128 = 30, "AES-CCM-16-128-128";
        /// AES-CCM: 16-bit length, 128-bit tag, 256-bit key (RFC 9053 4.2).
        AES_CCM_16_128_256 = 31, "AES-CCM-16-128-256";
        /// AES-CCM: 64-bit length, 128-bit tag, 128-bit key (RFC 9053 4.2).
        AES_CCM_64_128_128 = 32, "AES-CCM-64-128-128";
        /// AES-CCM: 64-bit length, 128-bit tag, 256-bit key (RFC 9053 4.2).
        AES_CCM_64_128_256 = 33, "AES-CCM-64-128-256";
        /// AES Key Wrap with a 128-bit key (RFC 9053 6.2.1).
        A128KW = -3, "A128KW";
        /// AES Key Wrap with a 192-bit key (RFC 9053 6.2.1).
        A192KW = -4, "A192KW";
        /// AES Key Wrap with a 256-bit key (RFC 9053 6.2.1).
        A256KW = -5, "A256KW";
        /// The shared key itself (RFC 9053 6.1.1).
        DIRECT = -6, "direct";
        /// Shared key with HKDF and SHA-256 (RFC 9053 6.1.2).
        DIRECT_HKDF_SHA_256 = -10, "direct+HKDF-SHA-256";
        /// Shared key with HKDF and SHA-512 (RFC 9053 6.1.2).
        DIRECT_HKDF_SHA_512 = -11, "direct+HKDF-SHA-512";
        /// Shared key with HKDF and AES-CBC-MAC-128 (RFC 9053 6.1.2).
        DIRECT_HKDF_AES_128 = -12, "direct+HKDF-AES-128";
        /// Shared key with HKDF and AES-CBC-MAC-256 (RFC 9053 6.1.2).
        DIRECT_HKDF_AES_256 = -13, "direct+HKDF-AES-256";
        /// ECDH, ephemeral-static, HKDF with SHA-256 (RFC 9053 6.3.1).
        ECDH_ES_HKDF_256 = -25, "ECDH-ES + HKDF-256";
        /// ECDH, ephemeral-static, HKDF with SHA-512 (RFC 9053 6.3.1).
        ECDH_ES_HKDF_512 = -26, "ECDH-ES + HKDF-512";
        /// ECDH, static-static, HKDF with SHA-256 (RFC 9053 6.3.1).
        ECDH_SS_HKDF_256 = -27, "ECDH-SS + HKDF-256";
        /// ECDH, static-static, HKDF with SHA-512 (RFC 9053 6.3.1).
        ECDH_SS_HKDF_512 = -28, "ECDH-SS + HKDF-512";
        /// ECDH, ephemeral-static, then AES Key Wrap with a 128-bit key (RFC 9053 6.4.1).
        ECDH_ES_A128KW = -29, "ECDH-ES + A128KW";
        /// ECDH, ephemeral-static, then AES Key Wrap with a 192-bit key (RFC 9053 6.4.1).
        ECDH_ES_A192KW = -30, "ECDH-ES + A192KW";
        /// ECDH, ephemeral-static, then AES Key Wrap with a 256-bit key (RFC 9053 6.4.1).
        ECDH_ES_A256KW = -31, "ECDH-ES + A256KW";
        /// ECDH, static-static, then AES Key Wrap with a 128-bit key (RFC 9053 6.4.1).
        ECDH_SS_A128KW = -32, "ECDH-SS + A128KW";
        /// ECDH, static-static, then AES Key Wrap with a 192-bit key (RFC 9053 6.4.1).
        ECDH_SS_A192KW = -33, "ECDH-SS + A192KW";
        /// ECDH, static-static, then AES Key Wrap with a 256-bit key (RFC 9053 6.4.1).
        ECDH_SS_A256KW = -34, "ECDH-SS + A256KW";
        /// RSAES-OAEP with SHA-1 (RFC 8230 3).
        RSAES_OAEP_SHA_1 = -40, "RSAES-OAEP w/ RFC 8017 default parameters";
        /// RSAES-OAEP with SHA-256 (RFC 8230 3).
        RSAES_OAEP_SHA_256 = -41, "RSAES-OAEP w/ SHA-256";
        /// RSAES-OAEP with SHA-512 (RFC 8230 3).
        RSAES_OAEP_SHA_512 = -42, "RSAES-OAEP w/ SHA-512";
        /// AES in CBC mode with a 256-bit key; authenticates nothing (RFC 9459 5).
        A256CBC = -65529, "A256CBC";
        /// AES in CBC mode with a 192-bit key; authenticates nothing (RFC 9459 5).
        A192CBC = -65530, "A192CBC";
        /// AES in CBC mode with a 128-bit key; authenticates nothing (RFC 9459 5).
        A128CBC = -65531, "A128CBC";
        /// AES in counter mode with a 256-bit key; authenticates nothing (RFC 9459 4).
        A256CTR = -65532, "A256CTR";
        /// AES in counter mode with a 192-bit key; authenticates nothing (RFC 9459 4).
        A192CTR = -65533, "A192CTR";
        /// AES in counter mode with a 128-bit key; authenticates nothing (RFC 9459 4).
        A128CTR = -65534, "A128CTR";
        /// ECDSA with SHA-256, curve named by the key (RFC 9053 2.1).
        ES256 = -7, "ES256";
        /// EdDSA, curve named by the key (RFC 9053 2.2).
        EDDSA = -8, "EdDSA";
        /// ECDSA on P-256 with SHA-256 (RFC 9864 2.1).
        ESP256 = -9, "ESP256";
        /// SHA-1; identifies, never protects (RFC 9054 3.1).
        SHA1 = -14, "SHA-1";
        /// SHA-256 cut to 64 bits; identifies, never protects (RFC 9054 3.2).
        SHA256_64 = -15, "SHA-256/64";
        /// SHA-256 (RFC 9054 3.2).
        SHA256 = -16, "SHA-256";
        /// SHA-512/256 (RFC 9054 3.2).
        SHA512_256 = -17, "SHA-512/256";
        /// SHAKE128 with 256 bits of output (RFC 9054 3.3).
        SHAKE128 = -18, "SHAKE128";
        /// EdDSA on Ed25519 (RFC 9864 2.2).
        ED25519 = -19, "Ed25519";
        /// ECDSA with SHA-384, curve named by the key (RFC 9053 2.1).
        ES384 = -35, "ES384";
        /// ECDSA with SHA-512, curve named by the key (RFC 9053 2.1).
        ES512 = -36, "ES512";
        /// RSASSA-PSS with SHA-256 (RFC 8230 2).
        PS256 = -37, "PS256";
        /// RSASSA-PSS with SHA-384 (RFC 8230 2).
        PS384 = -38, "PS384";
        /// RSASSA-PSS with SHA-512 (RFC 8230 2).
        PS512 = -39, "PS512";
        /// SHA-384 (RFC 9054 3.2).
        SHA384 = -43, "SHA-384";
        /// SHA-512 (RFC 9054 3.2).
        SHA512 = -44, "SHA-512";
        /// SHAKE256 with 512 bits of output (RFC 9054 3.3).
        SHAKE256 = -45, "SHAKE256";
        /// HSS/LMS (RFC 8778).
        HSS_LMS = -46, "HSS-LMS";
        /// ECDSA on secp256k1 with SHA-256 (RFC 8812 3.2).
        ES256K = -47, "ES256K";
        /// ML-DSA-44 (RFC 9964).
        ML_DSA_44 = -48, "ML-DSA-44";
        /// ML-DSA-65 (RFC 9964).
        ML_DSA_65 = -49, "ML-DSA-65";
        /// ML-DSA-87 (RFC 9964).
        ML_DSA_87 = -50, "ML-DSA-87";
        /// ECDSA on P-384 with SHA-384 (RFC 9864 2.1).
        ESP384 = -51, "ESP384";
        /// ECDSA on P-521 with SHA-512 (RFC 9864 2.1).
        ESP512 = -52, "ESP512";
        /// EdDSA on Ed448 (RFC 9864 2.2).
        ED448 = -53, "Ed448";
        /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8812 2).
        RS256 = -257, "RS256";
        /// RSASSA-PKCS1-v1_5 with SHA-384 (RFC 8812 2).
        RS384 = -258, "RS384";
        /// RSASSA-PKCS1-v1_5 with SHA-512 (RFC 8812 2).
        RS512 = -259, "RS512";
        /// ECDSA on brainpoolP256r1 with SHA-256 (RFC 9864 2.1).
        ESB256 = -265, "ESB256";
        /// ECDSA on brainpoolP320r1 with SHA-384 (RFC 9864 2.1).
        ESB320 = -266, "ESB320";
        /// ECDSA on brainpoolP384r1 with SHA-384 (RFC 9864 2.1).
        ESB384 = -267, "ESB384";
        /// ECDSA on brainpoolP512r1 with SHA-512 (RFC 9864 2.1).
        ESB512 = -268, "ESB512";
    }
}

registry! {
    /// A COSE key type (IANA "COSE Key Types"); an open set.
    KeyType {
        /// Octet key pair (RFC 9053 7.2).
        OKP = 1, "OKP";
        /// Elliptic curve key with x and y (RFC 9053 7.1).
        EC2 = 2, "EC2";
        /// RSA key (RFC 8230 4).
        RSA = 3, "RSA";
        /// Symmetric key (RFC 9053 7.3).
        SYMMETRIC = 4, "Symmetric";
        /// HSS/LMS public key (RFC 8778 3).
        HSS_LMS = 5, "HSS-LMS";
        /// Algorithm key pair (RFC 9964).
        AKP = 7, "AKP";
    }
}

registry! {
    /// A COSE elliptic curve (IANA "COSE Elliptic Curves"); an open set.
    Curve {
        /// NIST P-256, secp256r1.
        P256 = 1, "P-256";
        /// NIST P-384, secp384r1.
        P384 = 2, "P-384";
        /// NIST P-521, secp521r1.
        P521 = 3, "P-521";
        /// X25519, for key agreement only.
        X25519 = 4, "X25519";
        /// X448, for key agreement only.
        X448 = 5, "X448";
        /// Ed25519, for EdDSA only.
        ED25519 = 6, "Ed25519";
        /// Ed448, for EdDSA only.
        ED448 = 7, "Ed448";
        /// secp256k1.
        SECP256K1 = 8, "secp256k1";
        /// brainpoolP256r1 (RFC 5639 3.4).
        BRAINPOOL_P256R1 = 256, "brainpoolP256r1";
        /// brainpoolP320r1 (RFC 5639 3.5).
        BRAINPOOL_P320R1 = 257, "brainpoolP320r1";
        /// brainpoolP384r1 (RFC 5639 3.6).
        BRAINPOOL_P384R1 = 258, "brainpoolP384r1";
        /// brainpoolP512r1 (RFC 5639 3.7).
        BRAINPOOL_P512R1 = 259, "brainpoolP512r1";
    }
}

impl Algorithm {
    /// Returns the output length in bytes of a hash algorithm that may protect data (RFC 9054).
    ///
    /// `None` for everything else, SHA-1 and SHA-256/64 included: RFC 9054 lets them only filter.
    #[must_use]
    pub const fn hash_len(self) -> Option<usize> {
        match self {
            Self::SHA256 | Self::SHA512_256 | Self::SHAKE128 => Some(32),
            Self::SHA384 => Some(48),
            Self::SHA512 | Self::SHAKE256 => Some(64),
            _ => None,
        }
    }

    /// Returns whether this is a hash algorithm that may only filter: SHA-1 and SHA-256/64
    /// (RFC 9054).
    #[must_use]
    pub const fn is_filter_only_hash(self) -> bool {
        matches!(self, Self::SHA1 | Self::SHA256_64)
    }

    /// Returns whether `self` and `other` are two identifiers of one algorithm for a key on
    /// `curve`: a polymorphic one of RFC 9053 (`ES256`) and the fully specified one of RFC 9864
    /// (`ESP256`).
    ///
    /// This is the only case in which a key that names one identifier may be used with a header
    /// that names another.
    #[must_use]
    pub fn is_equivalent_on(self, other: Self, curve: Option<Curve>) -> bool {
        const EQUIVALENT: [(Algorithm, Algorithm, Curve); 5] = [
            (Algorithm::ES256, Algorithm::ESP256, Curve::P256),
            (Algorithm::ES384, Algorithm::ESP384, Curve::P384),
            (Algorithm::ES512, Algorithm::ESP512, Curve::P521),
            (Algorithm::EDDSA, Algorithm::ED25519, Curve::ED25519),
            (Algorithm::EDDSA, Algorithm::ED448, Curve::ED448),
        ];
        self == other
            || EQUIVALENT.iter().any(|&(a, b, on)| {
                curve == Some(on) && ((self, other) == (a, b) || (self, other) == (b, a))
            })
    }
}
