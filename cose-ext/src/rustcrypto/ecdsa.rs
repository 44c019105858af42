//! ECDSA over any curve (RFC 9053 2.1, RFC 9864 2.1); each curve's module gives it a name.

mod curve_keys;
mod signing;
mod verifying;

use ::ecdsa::{DigestAlgorithm, EcdsaCurve, elliptic_curve::CurveArithmetic};

pub(super) use curve_keys::curve_keys;
pub(super) use signing::Signing;
pub(super) use verifying::Verifying;

use super::sha2::{Sha256, Sha384, Sha512};
use crate::crypto::{Algorithm, Curve, HashFunction};

/// A curve with its COSE names.
pub(super) trait NamedCurve: EcdsaCurve + CurveArithmetic + DigestAlgorithm {
    const CURVE: Curve;
    /// The polymorphic identifier that RFC 9053 pairs with the curve; what deployed software reads.
    const USUAL: Algorithm;
    /// The fully specified identifier (RFC 9864), on this curve only.
    const SPECIFIED: Algorithm;

    /// The hash function of `algorithm` on this curve. The polymorphic identifiers name the hash
    /// and leave the curve to policy.
    fn hash_function(algorithm: Algorithm) -> Option<&'static dyn HashFunction> {
        match algorithm {
            Algorithm::ES256 => Some(&Sha256),
            Algorithm::ES384 => Some(&Sha384),
            Algorithm::ES512 => Some(&Sha512),
            specified if specified == Self::SPECIFIED => Self::hash_function(Self::USUAL),
            _ => None,
        }
    }
}
<<<<<<< HEAD

/// A point that was checked to be on its curve, with the algorithm that the key states.
pub(super) struct Verifying<C: NamedCurve> {
    key: VerifyingKey<C>,
    algorithm: Option<Algorithm>,
}

impl<C: NamedCurve> Clone for Verifying<C> {
    fn clone(&self) -> Self {
        Self { key: self.key, algorithm: self.algorithm }
    }
}

impl<C> Verifying<C>
where
    C: NamedCurve,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    pub(super) fn new(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
        let (x, y) = match key.material {
            KeyMaterial::Ec2 { curve, x, y } if curve == C::CURVE => (x, y),
            _ => return Err(InvalidKey::Unsupported),
        };
        let field =
            |bytes: &[u8]| FieldBytes::<C>::try_from(bytes).map_err(|_| InvalidKey::Malformed);
        let point = match y {
            YCoordinate::Value(y) => {
                Sec1Point::<C>::from_affine_coordinates(&field(x)?, &field(y)?, false)
            }
            YCoordinate::Sign(odd) => {
                // Only the lowest bit of y enters the compressed form.
                let mut y = FieldBytes::<C>::default();
                if let Some(last) = y.last_mut() {
                    *last = u8::from(odd);
                }
                Sec1Point::<C>::from_affine_coordinates(&field(x)?, &y, true)
            }
        };
        match VerifyingKey::from_sec1_point(&point) {
            Ok(point) => Ok(Self { key: point, algorithm: key.algorithm }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(super) fn profile(&self) -> KeyProfile {
        KeyProfile { key_type: KeyType::EC2, curve: Some(C::CURVE), algorithm: self.algorithm }
    }

    pub(super) fn public_key<const FIELD: usize>(&self) -> Ec2PublicKey<FIELD> {
        let point = self.key.to_sec1_point(false);
        let whole = |bytes: Option<&FieldBytes<C>>| {
            bytes.and_then(|bytes| bytes.as_slice().try_into().ok()).unwrap_or([0; FIELD])
        };
        Ec2PublicKey { curve: C::CURVE, x: whole(point.x()), y: whole(point.y()) }
    }
}

impl<C: NamedCurve> Verifying<C> {
    pub(super) fn hash_function(
        &self,
        algorithm: Algorithm,
    ) -> Result<&'static dyn HashFunction, VerifyError> {
        C::hash_function(algorithm).ok_or(VerifyError::Unsupported)
    }

    /// High values of s are accepted: neither RFC 9053 nor FIPS 186-5 refuses them, and deployed
    /// signers make them.
    pub(super) fn verify_prehash(
        &self,
        algorithm: Algorithm,
        prehash: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let hash = self.hash_function(algorithm)?;
        if hash.algorithm().hash_len() != Some(prehash.len()) {
            return Err(VerifyError::InvalidSignature);
        }
        // Exactly r and s, each as long as a field element (RFC 9053 2.1).
        Signature::<C>::from_slice(signature)
            .and_then(|signature| self.key.verify_prehash(prehash, &signature))
            .map_err(|_| VerifyError::InvalidSignature)
    }
}

/// A private scalar, which is wiped when dropped, with the algorithm that it signs by.
pub(super) struct Signing<C: NamedCurve> {
    key: SigningKey<C>,
    algorithm: Algorithm,
}

impl<C> Signing<C>
where
    C: NamedCurve,
    Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
{
    pub(super) fn from_bytes(scalar: &[u8]) -> Result<Self, InvalidKey> {
        match SigningKey::from_slice(scalar) {
            Ok(key) => Ok(Self { key, algorithm: C::USUAL }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    pub(super) fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self { key: SigningKey::generate_from_rng(rng), algorithm: C::USUAL }
    }

    pub(super) fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        if algorithm != C::USUAL && algorithm != C::SPECIFIED {
            return Err(InvalidKey::Unsupported);
        }
        self.algorithm = algorithm;
        Ok(self)
    }

    pub(super) const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn verifying_key(&self) -> Verifying<C> {
        Verifying { key: *self.key.verifying_key(), algorithm: None }
    }

    pub(super) fn secret(&self) -> FieldBytes<C> {
        self.key.to_bytes()
    }

    pub(super) fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, SignError> {
        let hash = C::hash_function(self.algorithm).ok_or(SignError::Device)?;
        let prehash = hash.hash(message);
        let signature: Signature<C> =
            self.key.sign_prehash(prehash.as_ref()).map_err(|_| SignError::Device)?;
        super::emit(&signature.to_bytes(), out)
    }
}

/// The public names of one curve: a verifying key and a signing key around the generic ones, so
/// that no type of a curve's crate is in a signature.
macro_rules! curve_keys {
    ($inner:path, $curve:ident, $field:literal, $name:literal, $usual:ident, $specified:ident,
     $verifying:ident, $signing:ident) => {
        use rand_core::CryptoRng;
        use zeroize::{Zeroize, Zeroizing};

        use super::ecdsa::{NamedCurve, Signing, Verifying};
        use crate::crypto::{
            Algorithm, Curve, Ec2PublicKey, Feed, InvalidKey, KeyProfile, PublicKey, SignError,
            SignatureVerifier, Signer, VerifyError,
        };

        impl NamedCurve for $inner {
            const CURVE: Curve = Curve::$curve;
            const USUAL: Algorithm = Algorithm::$usual;
            const SPECIFIED: Algorithm = Algorithm::$specified;
        }

        #[doc = concat!("A parsed public key on ", $name, ": checks ECDSA signatures, ",
                                            "as often as one likes.")]
        ///
        /// A signature is r and s, big-endian, each as long as a field element (RFC 9053 2.1);
        /// any other length is invalid. High values of s are accepted. ES256, ES384 and ES512 name
        /// the hash and leave the curve to [`AlgorithmPolicy`](crate::crypto::AlgorithmPolicy); a
        #[doc = concat!("fully specified identifier is done when it is ",
                                            stringify!($specified), ".")]
        #[derive(Clone)]
        pub struct $verifying(Verifying<$inner>);

        impl $verifying {
            /// Parses `key`; a compressed point is decompressed.
            ///
            /// # Errors
            /// `Unsupported` for another key type or curve; `Malformed` for coordinates that are
            #[doc = concat!("not exactly ", stringify!($field), " bytes long (RFC 9053 7.1.1), ",
                                                "or not on the curve.")]
            pub fn from_public_key(key: &PublicKey<'_>) -> Result<Self, InvalidKey> {
                Verifying::new(key).map(Self)
            }

            /// The point, uncompressed.
            pub fn public_key(&self) -> Ec2PublicKey<$field> {
                self.0.public_key()
            }
        }

        impl SignatureVerifier for $verifying {
            fn profile(&self) -> KeyProfile {
                self.0.profile()
            }

            fn verify(
                &self,
                algorithm: Algorithm,
                message: &[&[u8]],
                signature: &[u8],
            ) -> Result<(), VerifyError> {
                let prehash = self.0.hash_function(algorithm)?.hash(message);
                self.0.verify_prehash(algorithm, prehash.as_ref(), signature)
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

        #[doc = concat!("A private key on ", $name, ": signs by ECDSA, deterministically ",
                                            "(RFC 6979), so that no randomness can fail it.")]
        ///
        #[doc = concat!("The algorithm is ", stringify!($usual), ", which deployed software ",
                                            "reads, or ", stringify!($specified), ".")]
        /// Wiped when dropped; `Debug` shows the type only.
        pub struct $signing(Signing<$inner>);

        impl $signing {
            #[doc = concat!("The key whose private scalar is `scalar`: exactly ",
                                                stringify!($field), " bytes, big-endian.")]
            ///
            /// # Errors
            /// `Malformed` for another length, for zero, and beyond the order of the curve.
            pub fn from_bytes(scalar: &[u8]) -> Result<Self, InvalidKey> {
                Signing::from_bytes(scalar).map(Self)
            }

            /// A new key.
            pub fn generate(rng: &mut dyn CryptoRng) -> Self {
                Self(Signing::generate(rng))
            }

            /// The same key for signatures by `algorithm`.
            ///
            /// # Errors
            #[doc = concat!("`Unsupported` for any but ", stringify!($usual), " and ",
                                                stringify!($specified), ".")]
            pub fn with_algorithm(self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
                self.0.with_algorithm(algorithm).map(Self)
            }

            /// The public key as data, by value.
            pub fn public_key(&self) -> Ec2PublicKey<$field> {
                self.0.verifying_key().public_key()
            }

            /// The public key, parsed.
            pub fn verifying_key(&self) -> $verifying {
                $verifying(self.0.verifying_key())
            }

            /// The private scalar, big-endian: for storing it, and wiped when dropped.
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

        impl core::fmt::Debug for $signing {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($signing)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use curve_keys;
=======
>>>>>>> wt-provider
