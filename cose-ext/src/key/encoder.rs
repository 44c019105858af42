//! Writing public COSE_Keys and sets of them (RFC 9052 7).

use super::{output, parameters, whole::check_whole};
use crate::{
    Error, Rule,
    cbor::Head,
    crypto::{BufferTooShort, KeyMaterial, KeyOperations, KeyType, PublicKey},
    error::{ErrorKind, Misuse},
    label::KeyLabel,
};
use parameters::{Common, write_bytes, write_int, write_y};

/// Encodes a public key as a COSE_Key (RFC 9052 7), deterministically, without heap.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Profile, key::{CoseKey, CoseKeyEncoder}, rustcrypto::P256SigningKey};
///
/// let key = P256SigningKey::from_bytes(&[7; 32])?.public_key();
/// let mut buffer = [0; 100];
/// let encoder = CoseKeyEncoder::new(key.as_public_key())?.with_key_id(b"11");
/// let bytes = encoder.encode(&mut buffer)?;
/// assert_eq!(CoseKey::decode(bytes, &Profile::LENIENT)?.key_id()?, Some(&b"11"[..]));
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct CoseKeyEncoder<'a> {
    key: PublicKey<'a>,
    common: Common<'a>,
}

impl<'a> CoseKeyEncoder<'a> {
    /// Makes an encoder of `key` with the algorithm that it states, without kid, and for all
    /// operations.
    ///
    /// # Errors
    ///
    /// If the key is of type AKP and states no algorithm: `alg` is required there (RFC 9964).
    /// `Malformed` for coordinates that are not as long as the curve needs (RFC 9053 7.1.1).
    pub const fn new(key: PublicKey<'a>) -> Result<Self, Error> {
        if matches!(key.material, KeyMaterial::Akp { .. }) && key.algorithm.is_none() {
            return Err(Error::new(ErrorKind::Misuse(Misuse::Builder(Rule::KeyForm))));
        }
        if let Err(error) = check_whole(&key.material, 0) {
            return Err(error);
        }
        Ok(Self { key, common: Common::new(key.algorithm) })
    }

    /// Returns this encoder with a `kid`, which may be empty.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.common.key_id = Some(key_id);
        self
    }

    /// Returns this encoder for these operations only, as `key_ops` says; [`KeyOperations::ALL`]
    /// leaves it out.
    ///
    /// # Errors
    ///
    /// If `operations` is empty: `key_ops` names at least one (RFC 9052 7).
    pub fn with_operations(mut self, operations: KeyOperations) -> Result<Self, Error> {
        self.common = self.common.with_operations(operations)?;
        Ok(self)
    }

    /// Returns the length of the encoding in bytes.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        output::len(&|sink| self.write(sink))
    }

    /// Writes the encoding to the front of `out`, and returns it.
    ///
    /// # Errors
    ///
    /// If `out` is shorter than [`len`](Self::len).
    pub fn encode<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
        output::fill(&|sink| self.write(sink), out)
    }

    /// Returns the encoding.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_vec(&self) -> alloc::vec::Vec<u8> {
        output::collect(&|sink| self.write(sink))
    }

    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let (key_type, own) = match self.key.material {
            KeyMaterial::Okp { .. } => (KeyType::OKP, 2),
            KeyMaterial::Ec2 { .. } => (KeyType::EC2, 3),
            KeyMaterial::Rsa { .. } => (KeyType::RSA, 2),
            KeyMaterial::Akp { .. } => (KeyType::AKP, 1),
            KeyMaterial::HssLms { .. } => (KeyType::HSS_LMS, 1),
        };
        self.common.write(key_type, own, sink);
        match self.key.material {
            KeyMaterial::Okp { curve, x } => {
                write_int(sink, KeyLabel::OKP_CRV, curve.value());
                write_bytes(sink, KeyLabel::OKP_X, x);
            }
            KeyMaterial::Ec2 { curve, x, y } => {
                write_int(sink, KeyLabel::EC2_CRV, curve.value());
                write_bytes(sink, KeyLabel::EC2_X, x);
                write_y(sink, y);
            }
            KeyMaterial::Rsa { n, e } => {
                write_bytes(sink, KeyLabel::RSA_N, n);
                write_bytes(sink, KeyLabel::RSA_E, e);
            }
            KeyMaterial::Akp { public } | KeyMaterial::HssLms { public } => {
                write_bytes(sink, KeyLabel::AKP_PUB, public);
            }
        }
    }
}

/// Encodes public keys as a COSE_KeySet (RFC 9052 7), without heap.
#[derive(Clone, Copy, Debug)]
pub struct KeySetEncoder<'a> {
    keys: &'a [CoseKeyEncoder<'a>],
}

impl<'a> KeySetEncoder<'a> {
    /// Makes an encoder of `keys`, in their order.
    ///
    /// # Errors
    ///
    /// If `keys` is empty.
    pub const fn new(keys: &'a [CoseKeyEncoder<'a>]) -> Result<Self, Error> {
        if keys.is_empty() {
            return Err(Error::new(ErrorKind::Misuse(Misuse::Builder(Rule::KeySet))));
        }
        Ok(Self { keys })
    }

    /// Returns the length of the encoding in bytes.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        output::len(&|sink| self.write(sink))
    }

    /// Writes the encoding to the front of `out`, and returns it.
    ///
    /// # Errors
    ///
    /// If `out` is shorter than [`len`](Self::len).
    pub fn encode<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
        output::fill(&|sink| self.write(sink), out)
    }

    /// Returns the encoding.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_vec(&self) -> alloc::vec::Vec<u8> {
        output::collect(&|sink| self.write(sink))
    }

    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        sink(Head::array(self.keys.len()).as_bytes());
        for key in self.keys {
            key.write(sink);
        }
    }
}
