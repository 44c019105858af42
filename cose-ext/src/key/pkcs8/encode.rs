//! Writing PKCS#8 (RFC 5958).

use core::fmt;

use super::super::whole::check_part;
use super::{
    super::{
        der::write::{
            BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, algorithm_identifier, write_public,
            write_unsigned, write_within,
        },
        output,
    },
    ml_dsa::{SEED, SEED_LEN},
};
use crate::{
    Error, Rule,
    crypto::{BufferTooShort, KeyMaterial, PrivateKey, PrivateKeyMaterial},
    error::{Misuse, Unsupported},
};

/// `[0]` and `[1]`, explicitly tagged (RFC 5915 3).
const PARAMETERS: u8 = 0xa0;
const PUBLIC_KEY: u8 = 0xa1;
/// `[1]`, implicitly tagged (RFC 5958 2).
const PUBLIC_KEY_V2: u8 = 0x81;
/// The content of the identifier of id-ecPublicKey is its OID, in this many bytes, and the curve's.
const EC_PUBLIC_KEY_LEN: usize = 9;

/// Encodes a private key as PrivateKeyInfo in DER, unencrypted (PKCS#8, RFC 5958), without heap: EC
/// keys as ECPrivateKey with its named curve (RFC 5915), Ed25519 and its kin by RFC 8410, RSA as
/// RSAPrivateKey (RFC 8017 A.1.2), ML-DSA as its seed (RFC 9881 6).
///
/// The public part of an EC key that came along is written within ECPrivateKey; that of others only
/// [by request](Self::with_public_part). An algorithm that the key states is lost, except for
/// ML-DSA. What comes out is the secret: [`to_vec`](Self::to_vec) wipes it when dropped, and
/// whoever lends a buffer to [`encode`](Self::encode) has to wipe it.
#[derive(Clone, Copy)]
pub struct Pkcs8Encoder<'a> {
    key: PrivateKey<'a>,
    /// The content of the algorithm identifier.
    algorithm: &'static [u8],
    /// What version 2 has beside the private key.
    public: Option<KeyMaterial<'a>>,
}

impl<'a> Pkcs8Encoder<'a> {
    /// Makes an encoder of `key`.
    ///
    /// # Errors
    ///
    /// `Unsupported` for curves without an object identifier here, and for AKP keys of other
    /// algorithms than ML-DSA; `Misuse` for a public part of another key type or curve, and for a
    /// seed that does not have 32 bytes.
    pub fn new(key: PrivateKey<'a>) -> Result<Self, Error> {
        use PrivateKeyMaterial::{Akp, Ec2, Okp, Rsa};
        let fits = match (key.material, key.public) {
            (Akp { seed }, None | Some(KeyMaterial::Akp { .. })) => seed.len() == SEED_LEN,
            (Okp { .. } | Ec2 { .. } | Rsa { .. }, None) => true,
            (Rsa { n, e, .. }, Some(public)) => public == KeyMaterial::Rsa { n, e },
            (Okp { curve, .. }, Some(KeyMaterial::Okp { curve: same, .. }))
            | (Ec2 { curve, .. }, Some(KeyMaterial::Ec2 { curve: same, .. })) => curve == same,
            _ => false,
        };
        let algorithm = algorithm_identifier(&key.profile());
        let algorithm = algorithm.ok_or(Error::from(Unsupported::KeyFormat))?;
        if !fits {
            return Err(Misuse::Builder(Rule::KeyForm).into());
        }
        check_part(&key.public, 0)?;
        Ok(Self { key, algorithm, public: None })
    }

    /// Returns this encoder with the public part that came along, as version 2 of the format
    /// (RFC 5958 2), which OpenSSL 3.0, for example, does not read. EC and RSA keys have theirs
    /// anyway, in version 1.
    #[must_use]
    pub fn with_public_part(mut self) -> Self {
        use PrivateKeyMaterial::{Ec2, Rsa};
        let has_its_own = matches!(self.key.material, Ec2 { .. } | Rsa { .. });
        self.public = self.key.public.filter(|_| !has_its_own);
        self
    }

    /// Returns the length of the encoding in bytes.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        output::len(&|sink| self.write(sink))
    }

    /// Writes the encoding to the front of `out`, and returns it. The caller wipes `out`.
    ///
    /// # Errors
    ///
    /// If `out` is shorter than [`len`](Self::len); nothing is written then.
    pub fn encode<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
        output::fill(&|sink| self.write(sink), out)
    }

    /// Returns the encoding, which is wiped when dropped.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_vec(&self) -> zeroize::Zeroizing<alloc::vec::Vec<u8>> {
        output::collect(&|sink| self.write(sink)).into()
    }

    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        write_within(SEQUENCE, sink, &|sink| {
            let version = u8::from(self.public.is_some());
            write_within(INTEGER, sink, &|sink| sink(&[version]));
            write_within(SEQUENCE, sink, &|sink| sink(self.algorithm));
            write_within(OCTET_STRING, sink, &|sink| self.write_secret(sink));
            if let Some(public) = &self.public {
                write_within(PUBLIC_KEY_V2, sink, &|sink| write_bits(public, sink));
            }
        });
    }

    /// The content of `privateKey`.
    fn write_secret(&self, sink: &mut dyn FnMut(&[u8])) {
        match self.key.material {
            PrivateKeyMaterial::Okp { d, .. } => write_within(OCTET_STRING, sink, &|sink| sink(d)),
            PrivateKeyMaterial::Rsa { n, e, d, p, q, dp, dq, qi } => {
                write_within(SEQUENCE, sink, &|sink| {
                    for number in [&[0][..], n, e, d, p, q, dp, dq, qi] {
                        write_within(INTEGER, sink, &|sink| write_unsigned(sink, number));
                    }
                });
            }
            PrivateKeyMaterial::Akp { seed } => write_within(SEED, sink, &|sink| sink(seed)),
            PrivateKeyMaterial::Ec2 { d, .. } => write_within(SEQUENCE, sink, &|sink| {
                write_within(INTEGER, sink, &|sink| sink(&[1]));
                write_within(OCTET_STRING, sink, &|sink| sink(d));
                let curve = self.algorithm.get(EC_PUBLIC_KEY_LEN..).unwrap_or_default();
                write_within(PARAMETERS, sink, &|sink| sink(curve));
                if let Some(public) = &self.key.public {
                    write_within(PUBLIC_KEY, sink, &|sink| {
                        write_within(BIT_STRING, sink, &|sink| write_bits(public, sink));
                    });
                }
            }),
        }
    }
}

/// The content of a BIT STRING: no unused bits at the end.
fn write_bits(public: &KeyMaterial<'_>, sink: &mut dyn FnMut(&[u8])) {
    sink(&[0]);
    write_public(public, sink);
}

impl fmt::Debug for Pkcs8Encoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pkcs8Encoder({})", self.key.profile())
    }
}
