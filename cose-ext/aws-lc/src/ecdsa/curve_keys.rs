//! The public key types of each curve.

/// The public names of one curve, so that no type of AWS-LC is in a signature.
macro_rules! curve_keys {
    ($curve:ident, $field:literal, $name:literal, $verifying:ident, $signing:ident, $named:expr) => {
        static $curve: NamedCurve = $named;

        #[doc = concat!("A parsed public key on ", $name, ", for many checks of ECDSA signatures.")]
        ///
        /// A signature is r and s, big-endian, each as long as a field element (RFC 9053 2.1);
        /// any other length is invalid. High values of s are accepted. ES256, ES384 and ES512 name
        /// the hash and leave the curve to [`AlgorithmPolicy`](cose_crypto::AlgorithmPolicy).
        #[derive(Clone)]
        pub struct $verifying(Verifying);

        impl $verifying {
            /// Parses `key`; a compressed point is decompressed.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type or curve; `Malformed` for coordinates that are
            #[doc = concat!("not exactly ", stringify!($field), " bytes long (RFC 9053 7.1.1), or not on the curve.")]
            pub fn from_public_key(
                key: &cose_crypto::PublicKey<'_>,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                Verifying::new(&$curve, key).map(Self)
            }

            /// Returns the uncompressed point as a public key, by value.
            pub fn public_key(&self) -> cose_crypto::Ec2PublicKey<$field> {
                self.0.public_key()
            }
        }

        impl cose_crypto::SignatureVerifier for $verifying {
            fn profile(&self) -> cose_crypto::KeyProfile {
                self.0.profile()
            }

            fn with_public_key(&self, then: &mut dyn FnMut(&cose_crypto::PublicKey<'_>)) {
                let algorithm = self.0.profile().algorithm;
                then(&cose_crypto::PublicKey { algorithm, ..self.public_key().as_public_key() });
            }

            fn verify(
                &self,
                algorithm: Algorithm,
                message: &[&[u8]],
                signature: &[u8],
            ) -> Result<(), cose_crypto::VerifyError> {
                self.0.verify(algorithm, message, signature)
            }

            fn verify_stream(
                &self,
                algorithm: Algorithm,
                feed: &mut cose_crypto::Feed<'_>,
                signature: &[u8],
            ) -> Result<(), cose_crypto::VerifyError> {
                self.0.verify_stream(algorithm, feed, signature)
            }

            fn verify_prehash(
                &self,
                algorithm: Algorithm,
                prehash: &[u8],
                signature: &[u8],
            ) -> Result<(), cose_crypto::VerifyError> {
                self.0.verify_prehash(algorithm, prehash, signature)
            }
        }

        impl core::fmt::Debug for $verifying {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($verifying), "({})"), self.0.profile())
            }
        }

        #[doc = concat!("A private key on ", $name, " that signs by ECDSA. AWS-LC draws the randomness.")]
        ///
        /// The algorithm is the one of RFC 9053, which deployed software reads, or its fully
        /// specified kin. Wiped when dropped; `Debug` shows the type only.
        pub struct $signing(Signing);

        impl $signing {
            #[doc = concat!("Makes a key from its private scalar of exactly ", stringify!($field), " bytes, big-endian.")]
            ///
            /// # Errors
            ///
            /// `Malformed` for another length, for zero, and beyond the order of the curve.
            pub fn from_bytes(scalar: &[u8]) -> Result<Self, cose_crypto::InvalidKey> {
                Signing::from_bytes(&$curve, scalar).map(Self)
            }

            /// Makes the signer of a key that arrived as data, for the algorithm that the key
            /// states.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type, curve or algorithm; `Malformed` as
            /// [`from_bytes`](Self::from_bytes), and for a public key that is another's.
            pub fn from_private_key(
                key: &cose_crypto::PrivateKey<'_>,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                Signing::new(&$curve, key).map(Self)
            }

            /// Generates a new key.
            ///
            /// # Errors
            ///
            /// If what `rng` draws is never below the order, which no random source manages.
            pub fn generate(
                rng: &mut dyn rand_core::CryptoRng,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                Signing::generate(&$curve, rng).map(Self)
            }

            /// Returns this key for signatures by `algorithm`.
            ///
            /// # Errors
            ///
            /// `Unsupported` for any but the two of the curve.
            pub fn with_algorithm(
                self,
                algorithm: Algorithm,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                self.0.with_algorithm(algorithm).map(Self)
            }

            /// Returns the public key as data, by value.
            pub fn public_key(&self) -> cose_crypto::Ec2PublicKey<$field> {
                self.verifying_key().public_key()
            }

            /// Returns the public key, parsed once for many checks.
            pub fn verifying_key(&self) -> $verifying {
                $verifying(self.0.verifying_key())
            }

            /// Returns the private scalar, big-endian, for storing it. The bytes are wiped when
            /// dropped.
            pub fn secret_bytes(&self) -> zeroize::Zeroizing<[u8; $field]> {
                self.0.secret()
            }
        }

        impl cose_crypto::Signer for $signing {
            fn algorithm(&self) -> Algorithm {
                self.0.algorithm()
            }

            fn signature_len(&self) -> usize {
                2 * $field
            }

            fn sign(
                &self,
                message: &[&[u8]],
                signature: &mut [u8],
            ) -> Result<usize, cose_crypto::SignError> {
                self.0.sign(message, signature)
            }
        }

        impl cose_crypto::StreamSigner for $signing {
            fn sign_stream(
                &self,
                feed: &mut cose_crypto::Feed<'_>,
                signature: &mut [u8],
            ) -> Result<usize, cose_crypto::SignError> {
                self.0.sign_stream(feed, signature)
            }
        }

        impl core::fmt::Debug for $signing {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($signing)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use curve_keys;
