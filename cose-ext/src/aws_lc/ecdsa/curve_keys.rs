/// The public names of one curve, so that no type of AWS-LC is in a signature.
macro_rules! curve_keys {
    ($curve:ident, $field:literal, $name:literal, $verifying:ident, $named:expr) => {
        static $curve: NamedCurve = $named;

        #[doc = concat!("A parsed public key on ", $name, ": checks ECDSA signatures, as often as one likes.")]
        ///
        /// A signature is r and s, big-endian, each as long as a field element (RFC 9053 2.1);
        /// any other length is invalid. High values of s are accepted. ES256, ES384 and ES512 name
        /// the hash and leave the curve to [`AlgorithmPolicy`](crate::crypto::AlgorithmPolicy).
        #[derive(Clone)]
        pub struct $verifying(Verifying);

        impl $verifying {
            /// Parses `key`; a compressed point is decompressed.
            ///
            /// # Errors
            /// `Unsupported` for another key type or curve; `Malformed` for coordinates that are
            #[doc = concat!("not exactly ", stringify!($field), " bytes long (RFC 9053 7.1.1), or not on the curve.")]
            pub fn from_public_key(
                key: &crate::crypto::PublicKey<'_>,
            ) -> Result<Self, crate::crypto::InvalidKey> {
                Verifying::new(&$curve, key).map(Self)
            }

            /// The point, uncompressed.
            pub fn public_key(&self) -> crate::crypto::Ec2PublicKey<$field> {
                self.0.public_key()
            }
        }

        impl crate::crypto::SignatureVerifier for $verifying {
            fn profile(&self) -> crate::crypto::KeyProfile {
                self.0.profile()
            }

            fn verify(
                &self,
                algorithm: Algorithm,
                message: &[&[u8]],
                signature: &[u8],
            ) -> Result<(), crate::crypto::VerifyError> {
                self.0.verify(algorithm, message, signature)
            }

            fn verify_stream(
                &self,
                algorithm: Algorithm,
                feed: &mut crate::crypto::Feed<'_>,
                signature: &[u8],
            ) -> Result<(), crate::crypto::VerifyError> {
                self.0.verify_stream(algorithm, feed, signature)
            }

            fn verify_prehash(
                &self,
                algorithm: Algorithm,
                prehash: &[u8],
                signature: &[u8],
            ) -> Result<(), crate::crypto::VerifyError> {
                self.0.verify_prehash(algorithm, prehash, signature)
            }
        }

        impl core::fmt::Debug for $verifying {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($verifying), "({})"), self.0.profile())
            }
        }
    };
}

pub(super) use curve_keys;
