//! ML-DSA (FIPS 204) as RFC 9964 uses it: pure, with an empty context.

use aws_lc_rs::signature::{
    self, KeyPair, ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::buffers::with_whole;
use cose_crypto::{
    AkpPublicKey, Algorithm, BufferTooShort, InvalidKey, KeyMaterial, KeyProfile, KeyType,
    PrivateKey, PrivateKeyMaterial, PublicKey, SignError, SignatureVerifier, Signer, VerifyError,
};

macro_rules! set_keys {
    ($name:literal, $algorithm:ident, $signing_algorithm:ident, $public:literal, $signature:literal,
     $verifying:ident, $signing:ident) => {
        #[doc = concat!("A parsed ", $name, " public key, for many checks of signatures.")]
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
            ///
            /// `Unsupported` for another key type or algorithm; `Malformed` for a key that states
            /// no
            #[doc = concat!("algorithm (RFC 9964 3), and for anything but ", stringify!($public), " bytes.")]
            pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
                parse(key, Algorithm::$algorithm, &signature::$algorithm, $public).map(Self)
            }

            /// Returns the key as data, by value.
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

            fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
                then(&self.public_key().as_public_key());
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

        #[doc = concat!("An ", $name, " private key. AWS-LC draws the randomness of signatures.")]
        ///
        /// Wiped when dropped; `Debug` shows the type only. A message in parts is collected in
        /// memory first.
        pub struct $signing(Signing);

        impl $signing {
            /// Makes a key from its seed of exactly 32 bytes, the `priv` of RFC 9964.
            ///
            /// # Errors
            ///
            /// `Malformed` for another length.
            pub fn from_bytes(seed: &[u8]) -> Result<Self, InvalidKey> {
                Signing::new(&signature::$signing_algorithm, &signature::$algorithm, seed).map(Self)
            }

            /// Makes the signer of a key that arrived as data.
            ///
            /// # Errors
            ///
            /// `Unsupported` for another key type or algorithm; `Malformed` for a key that states
            /// no algorithm, for another length, and for a public key that is another's.
            pub fn from_private_key(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
                let signing = Self::from_bytes(seed_of(key, Algorithm::$algorithm)?)?;
                match key.public {
                    Some(public) if public != signing.public_key().as_public_key().material => {
                        Err(InvalidKey::Malformed)
                    }
                    _ => Ok(signing),
                }
            }

            /// Generates a new key.
            ///
            /// # Errors
            ///
            /// If AWS-LC refuses the seed, which it has no reason to.
            pub fn generate(rng: &mut dyn CryptoRng) -> Result<Self, InvalidKey> {
                let mut seed = Zeroizing::new([0_u8; 32]);
                rng.fill_bytes(seed.as_mut_slice());
                Self::from_bytes(seed.as_slice())
            }

            /// Returns the public key as data, by value.
            pub fn public_key(&self) -> AkpPublicKey<$public> {
                self.verifying_key().public_key()
            }

            /// Returns the public key, parsed once for many checks.
            pub fn verifying_key(&self) -> $verifying {
                $verifying(self.0.verifying.clone())
            }

            /// Returns the seed, for storing it. The bytes are wiped when dropped.
            pub fn secret_bytes(&self) -> Zeroizing<[u8; 32]> {
                self.0.seed.clone()
            }
        }

        impl Signer for $signing {
            fn algorithm(&self) -> Algorithm {
                Algorithm::$algorithm
            }

            fn signature_len(&self) -> usize {
                $signature
            }

            fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
                let out = signature.get_mut(..$signature);
                let out = out.ok_or(BufferTooShort { needed: $signature })?;
                with_whole(message, |message| self.0.key.sign(message, out))
                    .map_err(|_| SignError::Device)
            }
        }

        impl core::fmt::Debug for $signing {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($signing)).finish_non_exhaustive()
            }
        }
    };
}

set_keys! {
    "ML-DSA-44", ML_DSA_44, ML_DSA_44_SIGNING, 1312, 2420, MlDsa44VerifyingKey, MlDsa44SigningKey
}
set_keys! {
    "ML-DSA-65", ML_DSA_65, ML_DSA_65_SIGNING, 1952, 3309, MlDsa65VerifyingKey, MlDsa65SigningKey
}
set_keys! {
    "ML-DSA-87", ML_DSA_87, ML_DSA_87_SIGNING, 2592, 4627, MlDsa87VerifyingKey, MlDsa87SigningKey
}

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

/// A seed with the key that AWS-LC made of it, and wipes when it frees it.
struct Signing {
    seed: Zeroizing<[u8; 32]>,
    key: PqdsaKeyPair,
    verifying: ParsedPublicKey,
}

impl Signing {
    fn new(
        algorithm: &'static PqdsaSigningAlgorithm,
        verification: &'static PqdsaVerificationAlgorithm,
        seed: &[u8],
    ) -> Result<Self, InvalidKey> {
        let seed: [u8; 32] = seed.try_into().map_err(|_| InvalidKey::Malformed)?;
        let seed = Zeroizing::new(seed);
        let key = PqdsaKeyPair::from_seed(algorithm, seed.as_slice());
        let key = key.map_err(|_| InvalidKey::Malformed)?;
        let verifying = ParsedPublicKey::new(verification, key.public_key());
        Ok(Self { verifying: verifying.map_err(|_| InvalidKey::Malformed)?, key, seed })
    }
}

/// The seed of a key for `algorithm` (RFC 9964 4).
fn seed_of<'a>(key: &PrivateKey<'a>, algorithm: Algorithm) -> Result<&'a [u8], InvalidKey> {
    let PrivateKeyMaterial::Akp { seed } = key.material else {
        return Err(InvalidKey::Unsupported);
    };
    if key.algorithm.ok_or(InvalidKey::Malformed)? != algorithm {
        return Err(InvalidKey::Unsupported);
    }
    Ok(seed)
}
