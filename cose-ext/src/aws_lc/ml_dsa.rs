//! ML-DSA (FIPS 204) as RFC 9964 uses it: pure, with an empty context.

use aws_lc_rs::signature::{self, ParsedPublicKey, PqdsaVerificationAlgorithm};

use super::with_whole;
use crate::crypto::{
    AkpPublicKey, Algorithm, InvalidKey, KeyMaterial, KeyProfile, KeyType, PublicKey,
    SignatureVerifier, VerifyError,
};

macro_rules! set_key {
    ($name:literal, $algorithm:ident, $public:literal, $verifying:ident) => {
        #[doc = concat!("A parsed ", $name, " public key: checks signatures, as often as one likes.")]
        ///
        /// Pure mode with an empty context (RFC 9964 5). AWS-LC takes a message in one piece: parts
        /// are collected in memory first, and there is no streaming form.
        #[derive(Clone)]
        pub struct $verifying(ParsedPublicKey);

        impl $verifying {
            const PROFILE: KeyProfile = KeyProfile {
                key_type: KeyType::AKP,
                curve: None,
                algorithm: Some(Algorithm::$algorithm),
            };

            /// Parses `key`.
            ///
            /// # Errors
            /// `Unsupported` for another key type or algorithm; `Malformed` for a key that states no
            #[doc = concat!("algorithm (RFC 9964 3), and for anything but ", stringify!($public), " bytes.")]
            pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
                parse(key, Algorithm::$algorithm, &signature::$algorithm, $public).map(Self)
            }

            /// The key as data, by value.
            pub fn public_key(&self) -> AkpPublicKey<$public> {
                // What was parsed is what is kept, and its length was checked.
                let public = self.0.as_ref().try_into().unwrap_or([0; $public]);
                AkpPublicKey { algorithm: Algorithm::$algorithm, public }
            }
        }

        impl SignatureVerifier for $verifying {
            fn profile(&self) -> KeyProfile {
                Self::PROFILE
            }

            fn verify(
                &self,
                algorithm: Algorithm,
                message: &[&[u8]],
                signature: &[u8],
            ) -> Result<(), VerifyError> {
                if algorithm != Algorithm::$algorithm {
                    return Err(VerifyError::Unsupported);
                }
                with_whole(message, |message| self.0.verify_sig(message, signature))
                    .map_err(|_| VerifyError::InvalidSignature)
            }
        }

        impl core::fmt::Debug for $verifying {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($verifying), "({})"), Self::PROFILE)
            }
        }
    };
}

set_key! { "ML-DSA-44", ML_DSA_44, 1312, MlDsa44VerifyingKey }
set_key! { "ML-DSA-65", ML_DSA_65, 1952, MlDsa65VerifyingKey }
set_key! { "ML-DSA-87", ML_DSA_87, 2592, MlDsa87VerifyingKey }

fn parse(
    key: &PublicKey<'_>,
    algorithm: Algorithm,
    verification: &'static PqdsaVerificationAlgorithm,
    len: usize,
) -> Result<ParsedPublicKey, InvalidKey> {
    let KeyMaterial::Akp { public } = key.material else {
        return Err(InvalidKey::Unsupported);
    };
    // RFC 9964 3: without its algorithm an AKP key says nothing.
    if key.algorithm.ok_or(InvalidKey::Malformed)? != algorithm {
        return Err(InvalidKey::Unsupported);
    }
    // AWS-LC would take a SubjectPublicKeyInfo too.
    if public.len() != len {
        return Err(InvalidKey::Malformed);
    }
    ParsedPublicKey::new(verification, public).map_err(|_| InvalidKey::Malformed)
}
