//! Private keys under a password: EncryptedPrivateKeyInfo with PBES2 (RFC 5958 3, RFC 8018 6.2).

use alloc::vec::Vec;
use core::fmt;

use ::pkcs8::pkcs5::{
    Error as Pkcs5Error,
    pbes2::{Kdf, PBES2_OID, PBKDF2_OID, Parameters},
};
use ::spki::{
    AlgorithmIdentifierRef,
    der::{
        self, Decode, Encode, Reader, SliceReader,
        asn1::{AnyRef, OctetStringRef, UintRef},
    },
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    super::{
        der::write::{OCTET_STRING, SEQUENCE, write_within},
        output,
    },
    Pkcs8Encoder, malformed, offset_in,
};
use crate::{
    Error, Rule,
    crypto::{PrivateKey, SecretError},
    error::{KeyFault, Limit, Unsupported},
};

/// Length of the salt that [`encrypt`] draws, in bytes (RFC 8018 4.1 asks for 8).
const SALT_LEN: usize = 16;
/// How often [`encrypt`] iterates: what OWASP recommends for PBKDF2 with HMAC-SHA-256.
const ITERATIONS: u32 = 600_000;
/// Length of a block of AES in bytes, which is that of the IV.
const BLOCK_LEN: usize = 16;

/// How much work a private key under a password may ask for.
///
/// The numbers stand in the encrypted key, where whoever made it chose them. Exceeding one is
/// [`ErrorKind::Limit`](crate::error::ErrorKind::Limit), before anything is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordLimits {
    /// Iterations of PBKDF2. Default 10 000 000: as many as RFC 8018 4.2 names for especially
    /// critical keys, a few seconds of work; OpenSSL makes 2 048, others 600 000.
    pub pbkdf2_iterations: u32,
    /// Blocks of scrypt: cost times block size times parallelization, of 128 bytes of memory each
    /// at most. Default 2^20, which is 128 MiB and about a second; OpenSSL makes 2^17.
    pub scrypt_blocks: u64,
}

impl PasswordLimits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self { pbkdf2_iterations: 10_000_000, scrypt_blocks: 1 << 20 };

    /// Returns these limits with another number of
    /// [`pbkdf2_iterations`](Self::pbkdf2_iterations).
    #[must_use]
    pub const fn with_pbkdf2_iterations(mut self, iterations: u32) -> Self {
        self.pbkdf2_iterations = iterations;
        self
    }

    /// Returns these limits with another number of [`scrypt_blocks`](Self::scrypt_blocks).
    #[must_use]
    pub const fn with_scrypt_blocks(mut self, blocks: u64) -> Self {
        self.scrypt_blocks = blocks;
        self
    }
}

impl Default for PasswordLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The work that a private key under a password asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordWork {
    /// So many iterations of PBKDF2.
    Pbkdf2 {
        /// The iterations.
        iterations: u32,
    },
    /// So many blocks of scrypt: cost times block size times parallelization.
    Scrypt {
        /// The blocks.
        blocks: u64,
    },
}

/// A private key under a password as it was received: EncryptedPrivateKeyInfo (RFC 5958 3) with
/// PBES2, that is PBKDF2 or scrypt, and AES in CBC mode or GCM. Parsed, borrowed.
///
/// AES in CBC mode authenticates nothing: whoever can change the file can change the key, which
/// shows only where the key comes with its public part.
///
/// ```
/// use cose_ext::key::pkcs8::{self, EncryptedPrivateKey, PasswordLimits};
/// use cose_ext::crypto::{Curve, PrivateKey, PrivateKeyMaterial};
/// # let mut random = testkit::rng::seeded(1);
///
/// let material = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &[7; 32] };
/// let key = PrivateKey { material, public: None, algorithm: None };
/// // `random` is any generator that is fit for keys.
/// let file = pkcs8::encrypt(&key, b"correct horse", &mut random)?;
///
/// let encrypted = EncryptedPrivateKey::decode(&file)?;
/// let der = encrypted.decrypt(b"correct horse", &PasswordLimits::DEFAULT)?;
/// assert_eq!(pkcs8::decode(&der)?.profile(), key.profile());
/// assert!(encrypted.decrypt(b"another", &PasswordLimits::DEFAULT).is_err());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct EncryptedPrivateKey<'a> {
    parameters: Parameters,
    work: PasswordWork,
    data: &'a [u8],
}

impl<'a> EncryptedPrivateKey<'a> {
    /// Reads a key that is the whole of `der`. Nothing is decrypted.
    ///
    /// # Errors
    ///
    /// `Malformed` for what is not DER, or not an EncryptedPrivateKeyInfo; `Unsupported` for other
    /// schemes, ciphers and functions than PBES2, PBKDF2 and scrypt, HMAC with SHA-2, and AES, and
    /// for a salt of more than 32 bytes; `Limit` for more iterations of PBKDF2 than 32 bits count.
    pub fn decode(der: &'a [u8]) -> Result<Self, Error> {
        let (algorithm, data) = read(der).map_err(malformed)?;
        let parameters = algorithm.parameters.filter(|_| algorithm.oid == PBES2_OID);
        let any = parameters.ok_or(Error::from(Unsupported::KeyFormat))?;
        if iterations_are_beyond(&any) {
            return Err(Limit::PasswordIterations.into());
        }
        let parameters = Parameters::try_from(any).map_err(|error| match error.kind() {
            // The parser has room for a salt of 32 bytes.
            der::ErrorKind::OidUnknown { .. }
            | der::ErrorKind::Length { tag: der::Tag::OctetString } => {
                Unsupported::KeyFormat.into()
            }
            _ => malformed(error),
        })?;
        let work = work(&parameters.kdf)
            .ok_or(Error::malformed(Rule::KeyForm, offset_in(der, any.value())))?;
        Ok(Self { parameters, work, data })
    }

    /// Returns the work that the key asks for.
    #[must_use]
    pub const fn work(&self) -> PasswordWork {
        self.work
    }

    /// Decrypts the key with `password`, and returns it as unencrypted PKCS#8, which is wiped when
    /// dropped; [`decode`](super::decode) reads it.
    ///
    /// # Errors
    ///
    /// `Limit` for more work than `limits` permit, and then nothing was computed; `Unsupported`
    /// for PBKDF2 with HMAC-SHA-1; `Key` if the password is another one or the key was changed.
    pub fn decrypt(
        &self,
        password: &[u8],
        limits: &PasswordLimits,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        match self.work {
            PasswordWork::Pbkdf2 { iterations } if iterations > limits.pbkdf2_iterations => {
                return Err(Limit::PasswordIterations.into());
            }
            PasswordWork::Scrypt { blocks } if blocks > limits.scrypt_blocks => {
                return Err(Limit::PasswordBlocks.into());
            }
            _ => {}
        }
        let mut plaintext = Zeroizing::new(self.data.to_vec());
        let decrypted = self.parameters.decrypt_in_place(password, &mut plaintext);
        let len = decrypted.map(<[u8]>::len).map_err(|error| match error {
            Pkcs5Error::UnsupportedAlgorithm { .. } => Error::from(Unsupported::KeyFormat),
            Pkcs5Error::AlgorithmParametersInvalid { .. } => Error::malformed(Rule::KeyForm, 0),
            _ => KeyFault::NotDecrypted.into(),
        })?;
        plaintext.truncate(len);
        // A wrong password passes the padding once in 256 times, and then gives no DER.
        match AnyRef::from_der(&plaintext) {
            Ok(_) => Ok(plaintext),
            Err(_) => Err(KeyFault::NotDecrypted.into()),
        }
    }
}

impl fmt::Debug for EncryptedPrivateKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptedPrivateKey").field("work", &self.work).finish_non_exhaustive()
    }
}

/// Encrypts `key` under `password`: PKCS#8 as [`Pkcs8Encoder`] makes it, under PBES2 with
/// 600 000 iterations of PBKDF2 with HMAC-SHA-256, and AES-256-CBC, which OpenSSL reads. Salt and
/// IV come from `random`.
///
/// # Errors
///
/// Those of [`Pkcs8Encoder::new`].
pub fn encrypt(
    key: &PrivateKey<'_>,
    password: &[u8],
    random: &mut dyn CryptoRng,
) -> Result<Vec<u8>, Error> {
    let plaintext = Pkcs8Encoder::new(*key)?.to_vec();
    let (mut salt, mut iv) = ([0; SALT_LEN], [0; BLOCK_LEN]);
    random.fill_bytes(&mut salt);
    random.fill_bytes(&mut iv);
    let refused = |_| Error::from(SecretError::Device);
    let parameters = Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv);
    let parameters = parameters.map_err(refused)?;
    // In a buffer of our own: the padding takes at most a block, and nothing grows.
    let mut data = Zeroizing::new(Vec::with_capacity(plaintext.len().saturating_add(BLOCK_LEN)));
    data.extend_from_slice(&plaintext);
    data.resize(plaintext.len().saturating_add(BLOCK_LEN), 0);
    let data =
        parameters.encrypt_in_place(password, &mut data, plaintext.len()).map_err(refused)?;
    let oid = PBES2_OID.to_der().map_err(|_| Error::from(SecretError::Device))?;
    let parameters = parameters.to_der().map_err(|_| Error::from(SecretError::Device))?;
    Ok(output::collect(&|sink| {
        write_within(SEQUENCE, sink, &|sink| {
            write_within(SEQUENCE, sink, &|sink| {
                sink(&oid);
                sink(&parameters);
            });
            write_within(OCTET_STRING, sink, &|sink| sink(data));
        });
    }))
}

fn read(der: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(der)?;
    let read = reader.sequence(|reader| {
        let algorithm = AlgorithmIdentifierRef::decode(reader)?;
        Ok::<_, der::Error>((algorithm, <&OctetStringRef>::decode(reader)?.as_bytes()))
    })?;
    reader.finish()?;
    Ok(read)
}

/// Returns whether PBKDF2 is asked for more iterations than the parser counts: that is too much
/// work, and not a malformed key.
fn iterations_are_beyond(parameters: &AnyRef<'_>) -> bool {
    let read = || {
        let mut reader = SliceReader::new(parameters.value())?;
        let kdf = AlgorithmIdentifierRef::decode(&mut reader)?;
        let own = kdf.parameters.filter(|_| kdf.oid == PBKDF2_OID);
        let mut reader = SliceReader::new(own.map_or(&[][..], |own| own.value()))?;
        <&OctetStringRef>::decode(&mut reader)?;
        let iterations = UintRef::decode(&mut reader)?.as_bytes();
        Ok::<_, der::Error>(iterations.len() > size_of::<u32>())
    };
    read().unwrap_or(false)
}

/// The work of a key derivation; `None` for numbers that are none: no iteration, or a cost that is
/// not a power of two above one (RFC 7914 2).
fn work(kdf: &Kdf) -> Option<PasswordWork> {
    match kdf {
        Kdf::Pbkdf2(own) if own.iteration_count > 0 => {
            Some(PasswordWork::Pbkdf2 { iterations: own.iteration_count })
        }
        Kdf::Scrypt(own) => {
            let cost = own.cost_parameter;
            let is_one =
                cost.is_power_of_two() && cost > 1 && own.block_size > 0 && own.parallelization > 0;
            let blocks = cost
                .saturating_mul(u64::from(own.block_size))
                .saturating_mul(u64::from(own.parallelization));
            is_one.then_some(PasswordWork::Scrypt { blocks })
        }
        _ => None,
    }
}
