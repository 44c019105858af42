//! Writing private and symmetric COSE_Keys (RFC 9052 7).

use core::fmt;

use super::{
    output,
    parameters::{Common, write_bytes, write_int, write_y},
    whole::check_part,
};
use crate::{
    Error, Rule,
    cbor::Head,
    crypto::{
        BufferTooShort, KeyMaterial, KeyOperations, KeyType, PrivateKey, PrivateKeyMaterial,
        SymmetricKey, YCoordinate,
    },
    error::{ErrorKind, Misuse},
    label::KeyLabel,
};

/// Encodes a private or symmetric key as a COSE_Key (RFC 9052 7), deterministically, without heap.
///
/// What comes out is the secret: [`to_vec`](Self::to_vec) wipes it when dropped, and whoever lends
/// a buffer to [`encode`](Self::encode) has to wipe it. `Debug` shows the type only.
#[derive(Clone, Copy)]
pub struct SecretKeyEncoder<'a> {
    own: Own<'a>,
    common: Common<'a>,
}

/// The parameters of the key type.
#[derive(Clone, Copy)]
enum Own<'a> {
    Symmetric { k: &'a [u8] },
    Okp { curve: i64, x: Option<&'a [u8]>, d: &'a [u8] },
    Ec2 { curve: i64, point: Option<(&'a [u8], YCoordinate<'a>)>, d: &'a [u8] },
    Rsa { numbers: [&'a [u8]; 8] },
    Akp { public: &'a [u8], seed: &'a [u8] },
}

/// The labels of an RSA key with two primes (RFC 8230 4), in the order of the encoding.
const RSA_LABELS: [KeyLabel<'static>; 8] = [
    KeyLabel::RSA_N,
    KeyLabel::RSA_E,
    KeyLabel::RSA_D,
    KeyLabel::RSA_P,
    KeyLabel::RSA_Q,
    KeyLabel::RSA_DP,
    KeyLabel::RSA_DQ,
    KeyLabel::RSA_Q_INV,
];

impl<'a> SecretKeyEncoder<'a> {
    /// Makes an encoder of `key` with the public part that came along.
    ///
    /// The algorithm is the one that the key states; there is no kid, and all operations are
    /// permitted.
    ///
    /// # Errors
    ///
    /// `Misuse` for a public part of another key type or curve, for a key of type AKP without
    /// algorithm or public part, which are required there (RFC 9964 3), and for a number of an RSA
    /// key that is empty or has leading zeros (RFC 8230 4).
    pub fn private(key: PrivateKey<'a>) -> Result<Self, Error> {
        use PrivateKeyMaterial::{Akp, Ec2, Okp, Rsa};
        let own = match (key.material, key.public) {
            (Okp { curve, d }, None) => Own::Okp { curve: curve.value(), x: None, d },
            (Okp { curve, d }, Some(KeyMaterial::Okp { curve: same, x })) if same == curve => {
                Own::Okp { curve: curve.value(), x: Some(x), d }
            }
            (Ec2 { curve, d }, None) => Own::Ec2 { curve: curve.value(), point: None, d },
            (Ec2 { curve, d }, Some(KeyMaterial::Ec2 { curve: same, x, y })) if same == curve => {
                Own::Ec2 { curve: curve.value(), point: Some((x, y)), d }
            }
            (Rsa { n, e, d, p, q, dp, dq, qi }, public)
                if public.is_none_or(|public| public == KeyMaterial::Rsa { n, e }) =>
            {
                let numbers = [n, e, d, p, q, dp, dq, qi];
                // An empty number has no first byte either.
                if numbers.iter().any(|number| number.first().is_none_or(|first| *first == 0)) {
                    return Err(Misuse::Builder(Rule::KeyForm).into());
                }
                Own::Rsa { numbers }
            }
            (Akp { seed }, Some(KeyMaterial::Akp { public })) if key.algorithm.is_some() => {
                Own::Akp { public, seed }
            }
            _ => return Err(Misuse::Builder(Rule::KeyForm).into()),
        };
        check_part(&key.public, 0)?;
        Ok(Self { own, common: Common::new(key.algorithm) })
    }

    /// Makes an encoder of `key` with the algorithm that it states, without kid, and for all
    /// operations.
    #[must_use]
    pub const fn symmetric(key: SymmetricKey<'a>) -> Self {
        Self { own: Own::Symmetric { k: key.k }, common: Common::new(key.algorithm) }
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

    /// Returns this encoder with a `Base IV`: what a Partial IV is put upon (RFC 9052 7.1).
    #[must_use]
    pub const fn with_base_iv(mut self, base_iv: &'a [u8]) -> Self {
        self.common.base_iv = Some(base_iv);
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

    const fn key_type(&self) -> KeyType {
        match self.own {
            Own::Symmetric { .. } => KeyType::SYMMETRIC,
            Own::Okp { .. } => KeyType::OKP,
            Own::Ec2 { .. } => KeyType::EC2,
            Own::Rsa { .. } => KeyType::RSA,
            Own::Akp { .. } => KeyType::AKP,
        }
    }

    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let count = match self.own {
            Own::Symmetric { .. } => 1,
            Own::Okp { x: None, .. } | Own::Ec2 { point: None, .. } | Own::Akp { .. } => 2,
            Own::Okp { x: Some(_), .. } => 3,
            Own::Ec2 { point: Some(_), .. } => 4,
            Own::Rsa { numbers } => numbers.len(),
        };
        self.common.write(self.key_type(), count, sink);
        match self.own {
            Own::Symmetric { k } => write_bytes(sink, KeyLabel::SYMMETRIC_K, k),
            Own::Okp { curve, x, d } => {
                write_int(sink, KeyLabel::OKP_CRV, curve);
                if let Some(x) = x {
                    write_bytes(sink, KeyLabel::OKP_X, x);
                }
                write_bytes(sink, KeyLabel::OKP_D, d);
            }
            Own::Ec2 { curve, point, d } => {
                write_int(sink, KeyLabel::EC2_CRV, curve);
                if let Some((x, y)) = point {
                    write_bytes(sink, KeyLabel::EC2_X, x);
                    write_y(sink, y);
                }
                write_bytes(sink, KeyLabel::EC2_D, d);
            }
            Own::Rsa { numbers } => {
                for (label, number) in RSA_LABELS.into_iter().zip(numbers) {
                    write_bytes(sink, label, number);
                }
            }
            Own::Akp { public, seed } => {
                write_bytes(sink, KeyLabel::AKP_PUB, public);
                write_bytes(sink, KeyLabel::AKP_PRIV, seed);
            }
        }
    }
}

impl fmt::Debug for SecretKeyEncoder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKeyEncoder({})", self.key_type())
    }
}

/// Encodes private and symmetric keys as a COSE_KeySet (RFC 9052 7), without heap. What comes out
/// is secret, as with [`SecretKeyEncoder`].
#[derive(Clone, Copy, Debug)]
pub struct SecretKeySetEncoder<'a> {
    keys: &'a [SecretKeyEncoder<'a>],
}

impl<'a> SecretKeySetEncoder<'a> {
    /// Makes an encoder of `keys`, in their order.
    ///
    /// # Errors
    ///
    /// If `keys` is empty.
    pub const fn new(keys: &'a [SecretKeyEncoder<'a>]) -> Result<Self, Error> {
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
        sink(Head::array(self.keys.len()).as_bytes());
        for key in self.keys {
            key.write(sink);
        }
    }
}
