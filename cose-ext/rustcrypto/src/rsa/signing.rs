//! Signing with RSA (RFC 8230 2, RFC 8812 2).

use alloc::{boxed::Box, vec, vec::Vec};
use core::{cell::RefCell, fmt};

use ::rsa::{
    BoxedUint, Pkcs1v15Sign,
    traits::{PrivateKeyParts, PublicKeyParts},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{DerivedRandom, RsaVerifyingKey, hash_function};
use crate::emit::emit;
use cose_crypto::{
    Algorithm, BufferTooShort, Feed, HashValue, InvalidKey, KeyMaterial, PrivateKey,
    PrivateKeyMaterial, PublicKey, SignError, Signer, StreamSigner,
};

/// How much fresh randomness a [`RandomizedRsaSigner`] adds to a signature, in bytes.
const FRESH_LEN: usize = 32;

/// An RSA private key with two primes, which signs by PS256, PS384 or PS512, or on request by
/// RS256, RS384 or RS512.
///
/// The salt of PSS is derived from the key, the message and the algorithm (HKDF with SHA-512), so
/// that no randomness is needed and one message has one signature; the blinding of the private
/// operation is derived in the same way. [`randomized`](Self::randomized) adds fresh randomness to
/// both. Every signature is checked before it is handed out, so that a fault of the hardware does
/// not leak the key.
///
/// Wiped when dropped; `Debug` shows the type only.
///
/// ```
/// use cose_crypto::{Algorithm, SignatureVerifier, Signer};
/// use cose_rustcrypto::RsaSigningKey;
/// # let mut random = testkit::rng::seeded(1);
///
/// // `random` is any generator that is fit for keys.
/// let key = RsaSigningKey::generate(2048, &mut random)?.with_algorithm(Algorithm::PS384)?;
/// let mut signature = vec![0; key.signature_len()];
/// key.sign(&[b"in ", b"parts"], &mut signature)?;
/// key.verifying_key().verify(Algorithm::PS384, &[b"in parts"], &signature)?;
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct RsaSigningKey {
    key: ::rsa::PrivateKey,
    algorithm: Algorithm,
}

impl RsaSigningKey {
    /// Makes the signer of a key that arrived as data, for the algorithm that the key states, else
    /// for PS256.
    ///
    /// # Errors
    ///
    /// `Unsupported` for another key type, and for an algorithm that is not one of RSA signatures;
    /// `Malformed` as [`RsaVerifyingKey::from_public_key`], for numbers that do not belong together
    /// (RFC 8017 3.2), and for a public key that is another's.
    pub fn from_private_key(key: &PrivateKey<'_>) -> Result<Self, InvalidKey> {
        let PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } = key.material else {
            return Err(InvalidKey::Unsupported);
        };
        let material = KeyMaterial::Rsa { n, e };
        // The bounds of the public numbers are bounds of the work with all of them.
        RsaVerifyingKey::from_public_key(&PublicKey { material, algorithm: None })?;
        if key.public.is_some_and(|public| public != material) {
            return Err(InvalidKey::Malformed);
        }
        let number = |bytes: &[u8]| number(bytes, n.len());
        let (public, private) = ((number(n)?, number(e)?), number(d)?);
        let primes = vec![number(p)?, number(q)?];
        let parsed = ::rsa::PrivateKey::from_components(public.0, public.1, private, primes)
            .map_err(|_| InvalidKey::Malformed)?;
        let signing = Self { key: parsed, algorithm: Algorithm::PS256 };
        let own = signing.numbers().ok_or(InvalidKey::Malformed)?;
        let is_same = |own: &[u8], given| trimmed(own) == trimmed(given);
        if !is_same(&own.dp, dp) || !is_same(&own.dq, dq) || !is_same(&own.qi, qi) {
            return Err(InvalidKey::Malformed);
        }
        signing.with_algorithm(key.algorithm.unwrap_or(Algorithm::PS256))
    }

    /// Generates a new key with a modulus of `bits` bits and the exponent 65537. This takes seconds
    /// on a small machine.
    ///
    /// # Errors
    ///
    /// `Malformed` for a length outside of
    /// [`RsaVerifyingKey::MODULUS_BITS`](super::RsaVerifyingKey::MODULUS_BITS).
    pub fn generate(bits: usize, rng: &mut dyn CryptoRng) -> Result<Self, InvalidKey> {
        if !RsaVerifyingKey::MODULUS_BITS.contains(&bits) {
            return Err(InvalidKey::Malformed);
        }
        match ::rsa::PrivateKey::new(rng, bits) {
            Ok(key) => Ok(Self { key, algorithm: Algorithm::PS256 }),
            Err(_) => Err(InvalidKey::Malformed),
        }
    }

    /// Returns this key for signatures by `algorithm`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for any but PS256, PS384, PS512, RS256, RS384 and RS512.
    pub fn with_algorithm(mut self, algorithm: Algorithm) -> Result<Self, InvalidKey> {
        hash_function(algorithm).map_err(|_| InvalidKey::Unsupported)?;
        self.algorithm = algorithm;
        Ok(self)
    }

    /// Returns a signer that also draws from `rng` for each signature: two signatures of one
    /// message by PS256 and its kin then differ.
    #[must_use]
    pub fn randomized<'k>(&'k self, rng: &'k mut dyn CryptoRng) -> RandomizedRsaSigner<'k> {
        RandomizedRsaSigner { key: self, random: RefCell::new(rng) }
    }

    /// Returns the public key, parsed once for many checks.
    #[must_use]
    pub fn verifying_key(&self) -> RsaVerifyingKey {
        RsaVerifyingKey { key: self.key.to_public_key(), algorithm: None }
    }

    /// Calls `then` with the private key as data, for storing it. The numbers are wiped
    /// afterwards.
    pub fn with_private_key(&self, then: &mut dyn FnMut(&PrivateKey<'_>)) {
        let Some(own) = self.numbers() else { return };
        let (n, e) = (self.key.n_bytes(), self.key.e_bytes());
        let material = PrivateKeyMaterial::Rsa {
            n: &n,
            e: &e,
            d: trimmed(&own.d),
            p: trimmed(&own.p),
            q: trimmed(&own.q),
            dp: trimmed(&own.dp),
            dq: trimmed(&own.dq),
            qi: trimmed(&own.qi),
        };
        let public = Some(KeyMaterial::Rsa { n: &n, e: &e });
        then(&PrivateKey { material, public, algorithm: None });
    }

    /// The private numbers; `None` does not occur, since every key has its two primes and what is
    /// computed from them.
    fn numbers(&self) -> Option<Numbers> {
        let [p, q] = self.key.primes() else { return None };
        Some(Numbers {
            d: secret(self.key.d()),
            p: secret(p),
            q: secret(q),
            dp: secret(self.key.dp()?),
            dq: secret(self.key.dq()?),
            qi: secret(&Zeroizing::new(self.key.crt_coefficient()?)),
        })
    }

    fn sign_prehash(
        &self,
        prehash: &HashValue,
        fresh: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        let prehash = prehash.as_ref();
        let d = secret(self.key.d());
        let mut random = DerivedRandom::new(&d, fresh, self.algorithm, prehash);
        let signed = match self.algorithm {
            Algorithm::PS256 => {
                self.key.pss_sign_prehash_with_rng::<::sha2::Sha256, _>(&mut random, prehash)
            }
            Algorithm::PS384 => {
                self.key.pss_sign_prehash_with_rng::<::sha2::Sha384, _>(&mut random, prehash)
            }
            Algorithm::PS512 => {
                self.key.pss_sign_prehash_with_rng::<::sha2::Sha512, _>(&mut random, prehash)
            }
            Algorithm::RS256 => {
                let padding = Pkcs1v15Sign::new::<::sha2::Sha256>();
                self.key.sign_with_rng(&mut random, padding, prehash)
            }
            Algorithm::RS384 => {
                let padding = Pkcs1v15Sign::new::<::sha2::Sha384>();
                self.key.sign_with_rng(&mut random, padding, prehash)
            }
            Algorithm::RS512 => {
                let padding = Pkcs1v15Sign::new::<::sha2::Sha512>();
                self.key.sign_with_rng(&mut random, padding, prehash)
            }
            _ => return Err(SignError::Device),
        };
        emit(&signed.map_err(|_| SignError::Device)?, out)
    }

    fn check_room(&self, out: &[u8]) -> Result<(), SignError> {
        let needed = self.key.size();
        if out.len() < needed { Err(BufferTooShort { needed }.into()) } else { Ok(()) }
    }

    fn sign_fresh(
        &self,
        message: &[&[u8]],
        fresh: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        self.check_room(out)?;
        let hash = hash_function(self.algorithm).map_err(|_| SignError::Device)?;
        self.sign_prehash(&hash.hash(message), fresh, out)
    }

    fn sign_fresh_stream(
        &self,
        feed: &mut Feed<'_>,
        fresh: &[u8],
        out: &mut [u8],
    ) -> Result<usize, SignError> {
        self.check_room(out)?;
        let hash = hash_function(self.algorithm).map_err(|_| SignError::Device)?;
        self.sign_prehash(&hash.hash_stream(feed)?, fresh, out)
    }
}

impl Signer for RsaSigningKey {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn signature_len(&self) -> usize {
        self.key.size()
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        self.sign_fresh(message, &[], signature)
    }
}

impl StreamSigner for RsaSigningKey {
    fn sign_stream(&self, feed: &mut Feed<'_>, signature: &mut [u8]) -> Result<usize, SignError> {
        self.sign_fresh_stream(feed, &[], signature)
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigningKey").finish_non_exhaustive()
    }
}

/// An RSA private key with a source of randomness: [`RsaSigningKey::randomized`] makes it.
pub struct RandomizedRsaSigner<'k> {
    key: &'k RsaSigningKey,
    random: RefCell<&'k mut dyn CryptoRng>,
}

impl RandomizedRsaSigner<'_> {
    fn draw(&self) -> Result<Zeroizing<[u8; FRESH_LEN]>, SignError> {
        let mut fresh = Zeroizing::new([0; FRESH_LEN]);
        // It is borrowed already only if the generator signs with this very key.
        let mut random = self.random.try_borrow_mut().map_err(|_| SignError::Device)?;
        random.fill_bytes(fresh.as_mut());
        Ok(fresh)
    }
}

impl Signer for RandomizedRsaSigner<'_> {
    fn algorithm(&self) -> Algorithm {
        self.key.algorithm
    }

    fn signature_len(&self) -> usize {
        self.key.signature_len()
    }

    fn sign(&self, message: &[&[u8]], signature: &mut [u8]) -> Result<usize, SignError> {
        self.key.sign_fresh(message, &*self.draw()?, signature)
    }
}

impl StreamSigner for RandomizedRsaSigner<'_> {
    fn sign_stream(&self, feed: &mut Feed<'_>, signature: &mut [u8]) -> Result<usize, SignError> {
        self.key.sign_fresh_stream(feed, &*self.draw()?, signature)
    }
}

impl fmt::Debug for RandomizedRsaSigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RandomizedRsaSigner").finish_non_exhaustive()
    }
}

/// The private numbers of a key, big-endian, each in the width of its storage.
struct Numbers {
    d: Zeroizing<Box<[u8]>>,
    p: Zeroizing<Box<[u8]>>,
    q: Zeroizing<Box<[u8]>>,
    dp: Zeroizing<Box<[u8]>>,
    dq: Zeroizing<Box<[u8]>>,
    qi: Zeroizing<Box<[u8]>>,
}

fn secret(number: &BoxedUint) -> Zeroizing<Box<[u8]>> {
    Zeroizing::new(number.to_be_bytes())
}

/// A number in the width of the modulus, which is public: a width that follows the value would tell
/// of it.
fn number(bytes: &[u8], modulus_len: usize) -> Result<BoxedUint, InvalidKey> {
    let bits = u32::try_from(modulus_len.saturating_mul(8)).map_err(|_| InvalidKey::Malformed)?;
    let mut wide: Zeroizing<Vec<u8>> = Zeroizing::new(vec![0; modulus_len]);
    let front = modulus_len.checked_sub(bytes.len()).ok_or(InvalidKey::Malformed)?;
    if let Some(place) = wide.get_mut(front..) {
        place.copy_from_slice(bytes);
    }
    BoxedUint::from_be_slice(&wide, bits).map_err(|_| InvalidKey::Malformed)
}

/// A number without leading zeros.
fn trimmed(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(start..).unwrap_or_default()
}
