//! The public key types of each curve.

/// The public names of one curve: a verifying key and a signing key around the generic ones, so
/// that no type of a curve's crate is in a signature.
macro_rules! curve_keys {
    ($inner:path, $curve:ident, $field:literal, $name:literal, $usual:ident, $specified:ident, $hash:ident,
     $verifying:ident, $signing:ident) => {
        use rand_core::CryptoRng;
        use zeroize::{Zeroize, Zeroizing};

        use super::ecdsa::{NamedCurve, Signing, Verifying};
        use cose_crypto::{
            Algorithm, Curve, Ec2PublicKey, Feed, InvalidKey, KeyProfile, PrivateKey, PublicKey, SignError,
            SignatureVerifier, Signer, StreamSigner, VerifyError,
        };

        impl NamedCurve for $inner {
            const CURVE: Curve = Curve::$curve;
            const USUAL: Algorithm = Algorithm::$usual;
            const SPECIFIED: Algorithm = Algorithm::$specified;
            const HASH: Algorithm = Algorithm::$hash;
        }

        #[doc = concat!("A parsed public key on ", $name, ", for many checks of ECDSA signatures.")]
        ///
        /// A signature is r and s, big-endian, each as long as a field element (RFC 9053 2.1);
        /// any other length is invalid. High values of s are accepted. ES256, ES384 and ES512 name
        /// the hash and leave the curve to [`AlgorithmPolicy`](cose_crypto::AlgorithmPolicy); a
        #[doc = concat!("fully specified identifier is done when it is ", stringify!($specified), ".")]
        #[derive(Clone)]
        pub struct $verifying(Verifying<$inner>);

        impl $verifying {
            /// Parses `key`; a compressed point is decompressed.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type or curve; `Malformed` for coordinates that are
            #[doc = concat!("not exactly ", stringify!($field), " bytes long (RFC 9053 7.1.1), or not on the curve.")]
            #[inline(never)] // What it moves is not on the stack while a signature is checked.
            pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
                Verifying::new(key).map(Self)
            }

            /// Makes the key of a point that is given by both coordinates, for any algorithm of the
            /// curve: for a device that holds the key so. What decompresses points, a square root,
            /// is then not linked.
            ///
            /// # Errors
            ///
            /// `Malformed` for coordinates that are
            #[doc = concat!("not exactly ", stringify!($field), " bytes long, or not on the curve.")]
            pub fn from_coordinates(x: &[u8], y: &[u8]) -> Result<Self, InvalidKey> {
                Verifying::from_coordinates(x, y).map(Self)
            }

            /// Returns the uncompressed point as a public key, by value.
            pub fn public_key(&self) -> Ec2PublicKey<$field> {
                self.0.public_key()
            }
        }

        impl SignatureVerifier for $verifying {
            fn profile(&self) -> KeyProfile {
                self.0.profile()
            }

            fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
                let algorithm = self.0.profile().algorithm;
                then(&PublicKey { algorithm, ..self.public_key().as_public_key() });
            }

            fn verify(
                &self,
                algorithm: Algorithm,
                message: &[&[u8]],
                signature: &[u8],
            ) -> Result<(), VerifyError> {
                // Matched where it is made.
                match &self.0.prehash(algorithm, message) {
                    Ok(prehash) => self.0.verify_prehash(algorithm, prehash.as_ref(), signature),
                    Err(error) => Err(*error),
                }
            }

            fn verify_stream(
                &self,
                algorithm: Algorithm,
                feed: &mut Feed<'_>,
                signature: &[u8],
            ) -> Result<(), VerifyError> {
                let prehash = self.0.hash_function(algorithm)?.hash_stream(feed)?;
                self.0.verify_prehash(algorithm, prehash.as_ref(), signature)
            }

            fn verify_prehash(
                &self,
                algorithm: Algorithm,
                prehash: &[u8],
                signature: &[u8],
            ) -> Result<(), VerifyError> {
                self.0.verify_prehash(algorithm, prehash, signature)
            }
        }

        impl core::fmt::Debug for $verifying {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($verifying), "({})"), self.0.profile())
            }
        }

        #[doc = concat!("A private key on ", $name, " that signs by ECDSA. It needs no randomness (RFC 6979).")]
        ///
        #[doc = concat!("The algorithm is ", stringify!($usual), ", which deployed software reads, or ", stringify!($specified), ".")]
        /// Wiped when dropped; `Debug` shows the type only.
        pub struct $signing(Signing<$inner>);

        impl $signing {
            #[doc = concat!("Makes a key from its private scalar of exactly ", stringify!($field), " bytes, big-endian.")]
            ///
            /// # Errors
            ///
            /// `Malformed` for another length, for zero, and beyond the order of the curve.
            pub fn from_bytes(scalar: &[u8]) -> Result<Self, InvalidKey> {
                Signing::from_bytes(scalar).map(Self)
            }

            /// Makes the signer of a key that arrived as data, for the algorithm that the key
            /// states.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type, curve or algorithm; `Malformed` as
            /// [`from_bytes`](Self::from_bytes), and for a public key that is another's.
            pub fn from_private_key(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
                Signing::new(key).map(Self)
            }

            /// Generates a new key.
            pub fn generate(rng: &mut dyn CryptoRng) -> Self {
                Self(Signing::generate(rng))
            }

            /// Returns this key for signatures by `algorithm`.
            ///
            /// # Errors
            ///
            #[doc = concat!("`Unsupported` for any but ", stringify!($usual), " and ", stringify!($specified), ".")]
            pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
                self.0.with_algorithm(algorithm).map(Self)
            }

            /// Returns the public key as data, by value.
            pub fn public_key(&self) -> Ec2PublicKey<$field> {
                self.0.verifying_key().public_key()
            }

            /// Returns the public key, parsed once for many checks.
            pub fn verifying_key(&self) -> $verifying {
                $verifying(self.0.verifying_key())
            }

            /// Returns the private scalar, big-endian, for storing it. The bytes are wiped when
            /// dropped.
            pub fn secret_bytes(&self) -> Zeroizing<[u8; $field]> {
                let mut scalar = self.0.secret();
                let mut out = Zeroizing::new([0; $field]);
                out.copy_from_slice(&scalar);
                scalar.as_mut_slice().zeroize();
                out
            }
        }

        impl Signer for $signing {
            fn algorithm(&self) -> Algorithm {
                self.0.algorithm()
            }

            fn signature_len(&self) -> usize {
                2 * $field
            }

            fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
                self.0.sign(message, signature)
            }
        }

        impl StreamSigner for $signing {
            fn sign_stream(
                &self,
                feed: &mut Feed<'_>,
                signature: &mut [u8],
            ) -> Result<usize, SignError> {
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

pub(in super::super) use curve_keys;
