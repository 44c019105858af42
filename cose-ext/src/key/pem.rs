//! Keys in PEM (RFC 7468).

use alloc::{string::String, vec::Vec};
use core::fmt;

use pem_rfc7468::LineEnding;
use zeroize::Zeroizing;

use super::{pkcs8, pkcs8::Pkcs8Encoder, sec1, spki, spki::SpkiEncoder};
use crate::{
    Error, Rule,
    crypto::{PrivateKey, PublicKey},
    error::{Fact, PemLabel, Unsupported},
};

/// A key in PEM (RFC 7468): `PUBLIC KEY`, `PRIVATE KEY`, `EC PRIVATE KEY` or `RSA PRIVATE KEY`. Its
/// bytes are wiped when dropped, and never printed.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, key::{Pem, TrustedKey}, rustcrypto::RustCrypto};
///
/// // From `openssl ec -in private.pem -pubout`.
/// let pem = "-----BEGIN PUBLIC KEY-----
/// MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENinPkiH68o9X/0ZNB9gk99jwk2ry
/// gJCBNnM7V0+UnyngMGzbMOjodXZqhL3egJa8MRdm3gpTOg+CZTsNyRf6tA==
/// -----END PUBLIC KEY-----
/// ";
/// let key = Pem::decode(pem.as_bytes())?;
/// let trusted = TrustedKey::new(key.public_key()?, &Context::new(&RustCrypto))?;
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub struct Pem {
    label: Label,
    der: Zeroizing<Vec<u8>>,
}

/// The label of a private key under a password (RFC 7468 11).
#[cfg(feature = "pkcs5")]
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

#[derive(Clone, Copy)]
enum Label {
    Public,
    Private,
    EcPrivate,
    RsaPrivate,
}

impl Pem {
    /// Reads the one block that `pem` holds; text before it is ignored, and so is the block
    /// `EC PARAMETERS` that OpenSSL writes before a key.
    ///
    /// # Errors
    ///
    /// `Malformed` for what is not PEM by the strict grammar, without a more exact place, and for
    /// more blocks than one; `Unsupported` for other labels.
    pub fn decode(pem: &[u8]) -> Result<Self, Error> {
        let (label, der) = block(pem)?;
        let label = match label {
            "PUBLIC KEY" => Label::Public,
            "PRIVATE KEY" => Label::Private,
            "EC PRIVATE KEY" => Label::EcPrivate,
            "RSA PRIVATE KEY" => Label::RsaPrivate,
            label => return Err(Unsupported::PemLabel(PemLabel::new(label)).into()),
        };
        Ok(Self { label, der })
    }

    /// Reads the one block `ENCRYPTED PRIVATE KEY` that `pem` holds, with `password`; the work that
    /// the block asks for is bounded by `limits`.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); `Unsupported` for any other label; and those of
    /// [`EncryptedPrivateKey::decode`](pkcs8::EncryptedPrivateKey::decode) and
    /// [`EncryptedPrivateKey::decrypt`](pkcs8::EncryptedPrivateKey::decrypt).
    #[cfg(feature = "pkcs5")]
    pub fn decode_encrypted(
        pem: &[u8],
        password: &[u8],
        limits: &pkcs8::PasswordLimits,
    ) -> Result<Self, Error> {
        let (label, der) = block(pem)?;
        if label != ENCRYPTED {
            return Err(Unsupported::PemLabel(PemLabel::new(label)).into());
        }
        let der = pkcs8::EncryptedPrivateKey::decode(&der)?.decrypt(password, limits)?;
        Ok(Self { label: Label::Private, der })
    }

    /// Encodes a private key as `ENCRYPTED PRIVATE KEY`, as [`pkcs8::encrypt`] encrypts it.
    ///
    /// # Errors
    ///
    /// As [`pkcs8::encrypt`].
    #[cfg(feature = "pkcs5")]
    pub fn encode_encrypted(
        key: &PrivateKey<'_>,
        password: &[u8],
        random: &mut dyn rand_core::CryptoRng,
    ) -> Result<String, Error> {
        encode(ENCRYPTED, &pkcs8::encrypt(key, password, random)?)
    }

    /// Encodes a public key as `PUBLIC KEY`, with the line ends of Unix.
    ///
    /// # Errors
    ///
    /// As [`SpkiEncoder::new`].
    pub fn encode_public(key: &PublicKey<'_>) -> Result<String, Error> {
        encode("PUBLIC KEY", &SpkiEncoder::new(*key)?.to_vec())
    }

    /// Encodes a private key as `PRIVATE KEY`, with the line ends of Unix.
    ///
    /// The form is version 1 of PKCS#8, unencrypted. The text is wiped when dropped.
    ///
    /// # Errors
    ///
    /// As [`Pkcs8Encoder::new`].
    pub fn encode_private(key: &PrivateKey<'_>) -> Result<Zeroizing<String>, Error> {
        encode("PRIVATE KEY", &Pkcs8Encoder::new(*key)?.to_vec()).map(Zeroizing::new)
    }

    /// Returns the public key of a `PUBLIC KEY`.
    ///
    /// # Errors
    ///
    /// As [`spki::decode`], offsets within the DER; `Unsupported` for a private key.
    pub fn public_key(&self) -> Result<PublicKey<'_>, Error> {
        match self.label {
            Label::Public => spki::decode(&self.der),
            Label::Private => Err(Unsupported::PemLabel(PemLabel::PrivateKey).into()),
            Label::EcPrivate => Err(Unsupported::PemLabel(PemLabel::EcPrivateKey).into()),
            Label::RsaPrivate => Err(Unsupported::PemLabel(PemLabel::RsaPrivateKey).into()),
        }
    }

    /// Returns the private key of a `PRIVATE KEY`, an `EC PRIVATE KEY` or an `RSA PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// As [`pkcs8::decode`], [`sec1::decode`] and [`pkcs8::decode_pkcs1`], offsets within the DER;
    /// `Unsupported` for a public key.
    pub fn private_key(&self) -> Result<PrivateKey<'_>, Error> {
        match self.label {
            Label::Private => pkcs8::decode(&self.der),
            Label::EcPrivate => sec1::decode(&self.der),
            Label::RsaPrivate => pkcs8::decode_pkcs1(&self.der),
            Label::Public => Err(Unsupported::PemLabel(PemLabel::PublicKey).into()),
        }
    }
}

/// The label and the bytes of the one block that `pem` holds.
fn block(pem: &[u8]) -> Result<(&str, Zeroizing<Vec<u8>>), Error> {
    pem_rfc7468::decode_vec(only_block(pem)?.as_bytes())
        .map(|(label, der)| (label, Zeroizing::new(der)))
        .map_err(|_| Error::malformed(Rule::PemForm, 0))
}

/// The part of the text that holds the one block, without the parameters that stand before it.
fn only_block(pem: &[u8]) -> Result<&str, Error> {
    const BEGIN: &str = "-----BEGIN ";
    let broken = |error: core::str::Utf8Error| Error::malformed(Rule::PemForm, error.valid_up_to());
    let text = core::str::from_utf8(pem).map_err(broken)?;
    let behind = text.split_once("-----END EC PARAMETERS-----").map(|(_, behind)| behind);
    let rest = behind.filter(|rest| rest.contains(BEGIN)).unwrap_or(text);
    let parameters = usize::from(rest.len() < text.len());
    match text.matches(BEGIN).count().saturating_sub(parameters) {
        1 => Ok(rest),
        blocks => Err(Error::malformed_by(Rule::PemForm, Fact::pem_blocks(blocks), 0)),
    }
}

/// The text is put into memory of its length at once: growing would leave secrets behind.
fn encode(label: &str, der: &[u8]) -> Result<String, Error> {
    pem_rfc7468::encode_string(label, LineEnding::LF, der)
        .map_err(|_| Unsupported::KeyFormat.into())
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.label {
            Label::Public => "Pem(PUBLIC KEY)",
            Label::Private => "Pem(PRIVATE KEY)",
            Label::EcPrivate => "Pem(EC PRIVATE KEY)",
            Label::RsaPrivate => "Pem(RSA PRIVATE KEY)",
        })
    }
}
