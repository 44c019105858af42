//! The public key types of each ML-DSA parameter set (RFC 9964).

/// The public names of one parameter set: a verifying key and a signing key around the generic
/// ones, so that no type of the crate behind is in a signature.
macro_rules! set_keys {
    ($set:ident, $name:literal, $algorithm:ident, $public:literal, $signature:literal,
     $verifying:ident, $signing:ident) => {
        impl NamedSet for $set {
            const ALGORITHM: Algorithm = Algorithm::$algorithm;
            const SIGNATURE_LEN: usize = $signature;
        }

        #[doc = concat!("A parsed ", $name, " public key, for many checks of signatures.")]
        ///
        /// Pure mode with an empty context (RFC 9964 5). There is no prehashed form; a message can
        /// be streamed. Nothing is on the heap, so the key with its expanded matrix takes tens of
        /// kilobytes wherever it stands, and as much again while it is parsed.
        #[derive(Clone)]
        pub struct $verifying(Verifying<$set>);

        impl $verifying {
            /// Parses `key`.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type or algorithm; `Malformed` for a key that states
            /// no
            #[doc = concat!("algorithm (RFC 9964 3), and for anything but ", stringify!($public), " bytes.")]
            pub fn from_public_key(
                key: &cose_crypto::PublicKey<'_>,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                Verifying::new(key).map(Self)
            }

            /// Returns the key as data, by value.
            pub fn public_key(&self) -> cose_crypto::AkpPublicKey<$public> {
                cose_crypto::AkpPublicKey {
                    algorithm: Algorithm::$algorithm,
                    public: self.0.public_bytes(),
                }
            }
        }

        impl cose_crypto::SignatureVerifier for $verifying {
            fn profile(&self) -> cose_crypto::KeyProfile {
                Verifying::<$set>::profile()
            }

            fn with_public_key(&self, then: &mut dyn FnMut(&cose_crypto::PublicKey<'_>)) {
                then(&self.public_key().as_public_key());
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
        }

        impl core::fmt::Debug for $verifying {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($verifying), "({})"), Verifying::<$set>::profile())
            }
        }

        #[doc = concat!("An ", $name, " private key. It signs without randomness (FIPS 204 3.4).")]
        ///
        /// Wiped when dropped; `Debug` shows the type only.
        pub struct $signing(Signing<$set>);

        impl $signing {
            /// Makes a key from its seed of exactly 32 bytes, the `priv` of RFC 9964.
            ///
            /// # Errors
            ///
            /// `Malformed` for another length.
            pub fn from_bytes(seed: &[u8]) -> Result<Self, cose_crypto::InvalidKey> {
                Signing::from_bytes(seed).map(Self)
            }

            /// Makes the signer of a key that arrived as data.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type or algorithm; `Malformed` for a key that states
            /// no algorithm, for another length, and for a public key that is another's.
            pub fn from_private_key(
                key: &cose_crypto::PrivateKey<'_>,
            ) -> Result<Self, cose_crypto::InvalidKey> {
                Signing::new(key).map(Self)
            }

            /// Generates a new key.
            pub fn generate(rng: &mut dyn rand_core::CryptoRng) -> Self {
                Self(Signing::generate(rng))
            }

            /// Returns the public key as data, by value.
            pub fn public_key(&self) -> cose_crypto::AkpPublicKey<$public> {
                self.verifying_key().public_key()
            }

            /// Returns the public key, parsed once for many checks.
            pub fn verifying_key(&self) -> $verifying {
                $verifying(self.0.verifying_key())
            }

            /// Returns the seed, for storing it. The bytes are wiped when dropped.
            pub fn secret_bytes(&self) -> zeroize::Zeroizing<[u8; 32]> {
                self.0.secret()
            }
        }

        impl cose_crypto::Signer for $signing {
            fn algorithm(&self) -> Algorithm {
                Signing::<$set>::algorithm()
            }

            fn signature_len(&self) -> usize {
                $signature
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

pub(super) use set_keys;
