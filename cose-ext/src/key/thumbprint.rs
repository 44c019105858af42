//! The SHA-256 thumbprint of a public key (RFC 9679).

use core::fmt;

use super::{Identity, whole::check_whole};
use crate::{
    Error, Rule,
    cbor::{ByteString, Head, Int},
    crypto::{
        Algorithm, HashFunction, InvalidKey, KeyMaterial, KeyType, Provider, PublicKey, YCoordinate,
    },
    error::{Misuse, Unsupported},
};

/// What stands before the base64url thumbprint in a COSE Key Thumbprint URI (RFC 9679 5.7).
pub const THUMBPRINT_URI_PREFIX: &str = "urn:ietf:params:oauth:ckt:sha-256:";

/// COSE Key Thumbprint with SHA-256 (RFC 9679): the digest of a key's required parameters.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{key::Thumbprint, rustcrypto::{P256SigningKey, RustCrypto}};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?.public_key();
/// let thumbprint = Thumbprint::of(&key.as_public_key(), &RustCrypto)?;
/// assert_eq!(thumbprint, Thumbprint::from_bytes(*thumbprint.as_bytes()));
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Computes the thumbprint of `key`, which is the same in each encoding of the key.
    ///
    /// The uncompressed point is hashed (RFC 9679 4.2), so `provider` computes y of a compressed
    /// one.
    ///
    /// # Errors
    ///
    /// `Unsupported` if the provider has no SHA-256, or does not tell y of a compressed point;
    /// `Malformed` if there is no such point, or a coordinate is not as long as the curve wants;
    /// and for a key of type AKP without algorithm.
    pub fn of(key: &PublicKey<'_>, provider: &dyn Provider) -> Result<Self, Error> {
        let sha256 = provider.hash_function(Algorithm::SHA256);
        let sha256 = sha256.ok_or(Error::from(Unsupported::Hash(Algorithm::SHA256)))?;
        check_whole(&key.material, 0)?;
        let KeyMaterial::Ec2 { y: YCoordinate::Sign(_), .. } = key.material else {
            return Self::new(key, sha256);
        };
        // A point is one whatever its key may be used for.
        let point = PublicKey { algorithm: None, ..*key };
        let mut thumbprint = Err(Unsupported::KeyFormat.into());
        let parsed = provider.with_verifier(&point, &mut |verifier| {
            verifier.with_public_key(&mut |whole| thumbprint = Self::new(whole, sha256));
        });
        match parsed {
            Ok(()) => thumbprint,
            Err(InvalidKey::Malformed) => Err(Error::malformed(Rule::KeyForm, 0)),
            Err(_) => Err(Unsupported::key(&key.profile()).into()),
        }
    }

    /// Computes the thumbprint of `key` without a provider.
    ///
    /// # Errors
    ///
    /// If `sha256` is another hash function, or the key has a compressed point, whose y only a
    /// provider finds: see [`of`](Self::of).
    pub fn new(key: &PublicKey<'_>, sha256: &dyn HashFunction) -> Result<Self, Error> {
        if sha256.algorithm() != Algorithm::SHA256 {
            return Err(Misuse::OtherHash {
                digest: Algorithm::SHA256,
                function: sha256.algorithm(),
            }
            .into());
        }
        let mut value = None;
        with_thumbprint_input(key, &mut |input| value = Some(sha256.hash(input)))?;
        let value = value.as_ref().and_then(|value| value.as_ref().try_into().ok());
        value.map(Self).ok_or(Error::from(Unsupported::Hash(Algorithm::SHA256)))
    }

    /// Makes a thumbprint of a digest that was received: in `ckt`, in a URI, as a kid.
    #[must_use]
    pub const fn from_bytes(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// Returns the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<Thumbprint> for Identity {
    fn from(thumbprint: Thumbprint) -> Self {
        Self::new(thumbprint.0)
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Identity::new(self.0), f)
    }
}

/// Calls `then` with what is hashed: the deterministic encoding of the required parameters of
/// `key`, in parts (RFC 9679 3, 4).
///
/// # Errors
///
/// If the key has a compressed point; `Malformed` if its coordinates are not as long as its curve
/// wants.
pub fn with_thumbprint_input(
    key: &PublicKey<'_>,
    then: &mut dyn FnMut(&[&[u8]]),
) -> Result<(), Error> {
    check_whole(&key.material, 0)?;
    // Labels in bytewise order of their encodings: 1 is 01, 3 is 03, -1 is 20, -2 is 21, -3 is 22.
    let int = |value| ByteString::head(Head::int(Int::new(value)));
    let bytes = ByteString::new;
    let (start, kty, parameters): (&[u8], _, [Option<Parameter<'_>>; 3]) = match key.material {
        KeyMaterial::Okp { curve, x } => {
            let parameters = [Some((b"\x20", int(curve.value()))), Some((b"\x21", bytes(x))), None];
            (b"\xa3\x01", KeyType::OKP, parameters)
        }
        KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => {
            let (x, y) = (Some((b"\x21", bytes(x))), Some((b"\x22", bytes(y))));
            (b"\xa4\x01", KeyType::EC2, [Some((b"\x20", int(curve.value()))), x, y])
        }
        KeyMaterial::Rsa { n, e } => {
            let parameters = [Some((b"\x20", bytes(n))), Some((b"\x21", bytes(e))), None];
            (b"\xa3\x01", KeyType::RSA, parameters)
        }
        KeyMaterial::Akp { public } => {
            let algorithm = key.algorithm.ok_or(Error::from(Unsupported::KeyFormat))?;
            let algorithm = int(algorithm.value());
            let parameters = [Some((b"\x03", algorithm)), Some((b"\x20", bytes(public))), None];
            (b"\xa3\x01", KeyType::AKP, parameters)
        }
        KeyMaterial::HssLms { public } => {
            (b"\xa2\x01", KeyType::HSS_LMS, [Some((b"\x20", bytes(public))), None, None])
        }
        KeyMaterial::Ec2 { y: YCoordinate::Sign(_), .. } => {
            return Err(Unsupported::KeyFormat.into());
        }
    };
    let kty = Head::int(Int::new(kty.value()));
    let [[a, b, c], [d, e, f], [g, h, i]] =
        parameters.each_ref().map(|parameter| match parameter {
            Some((label, value)) => {
                let [head, content] = value.parts();
                [&label[..], head, content]
            }
            None => [&[][..]; 3],
        });
    then(&[start, kty.as_bytes(), a, b, c, d, e, f, g, h, i]);
    Ok(())
}

/// A label in one byte, and its value.
type Parameter<'a> = (&'static [u8; 1], ByteString<'a>);
