use super::{BufferTooShort, output};
use crate::{
    Error, Rule,
    cbor::{Head, Int},
    crypto::{KeyMaterial, KeyType, PublicKey, YCoordinate},
    error::Misuse,
};

/// Encodes a public key as a COSE_Key (RFC 9052 7), deterministically, without heap.
#[derive(Clone, Copy, Debug)]
pub struct CoseKeyEncoder<'a> {
    key: PublicKey<'a>,
    key_id: Option<&'a [u8]>,
}

impl<'a> CoseKeyEncoder<'a> {
    /// An encoder of `key`, with the algorithm that it states and without kid.
    ///
    /// # Errors
    /// If the key is of type AKP and states no algorithm: `alg` is required there (RFC 9964).
    pub const fn new(key: PublicKey<'a>) -> Result<Self, Error> {
        if matches!(key.material, KeyMaterial::Akp { .. }) && key.algorithm.is_none() {
            return Err(Error::Misuse(Misuse::Builder(Rule::KeyForm)));
        }
        Ok(Self { key, key_id: None })
    }

    /// The same with a `kid`, which may be empty.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// Length of the encoding in bytes.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        output::len(&|sink| self.write(sink))
    }

    /// Writes the encoding to the front of `out`, and returns it.
    ///
    /// # Errors
    /// If `out` is shorter than [`len`](Self::len).
    pub fn encode<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
        output::fill(&|sink| self.write(sink), out)
    }

    /// The encoding.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> alloc::vec::Vec<u8> {
        output::collect(&|sink| self.write(sink))
    }

    /// Labels in bytewise order of their encodings: 1, 2, 3, -1, -2, -3 (RFC 8949 4.2.1).
    fn write(&self, sink: &mut dyn FnMut(&[u8])) {
        let common = 1_usize
            .saturating_add(usize::from(self.key_id.is_some()))
            .saturating_add(usize::from(self.key.algorithm.is_some()));
        let (key_type, own) = match self.key.material {
            KeyMaterial::Okp { .. } => (KeyType::OKP, 2),
            KeyMaterial::Ec2 { .. } => (KeyType::EC2, 3),
            KeyMaterial::Rsa { .. } => (KeyType::RSA, 2),
            KeyMaterial::Akp { .. } => (KeyType::AKP, 1),
            KeyMaterial::HssLms { .. } => (KeyType::HSS_LMS, 1),
        };
        sink(Head::map(common.saturating_add(own)).as_bytes());
        write_int(sink, 1, key_type.value());
        if let Some(key_id) = self.key_id {
            write_bytes(sink, 2, key_id);
        }
        if let Some(algorithm) = self.key.algorithm {
            write_int(sink, 3, algorithm.value());
        }
        match self.key.material {
            KeyMaterial::Okp { curve, x } => {
                write_int(sink, -1, curve.value());
                write_bytes(sink, -2, x);
            }
            KeyMaterial::Ec2 { curve, x, y } => {
                write_int(sink, -1, curve.value());
                write_bytes(sink, -2, x);
                match y {
                    YCoordinate::Value(y) => write_bytes(sink, -3, y),
                    YCoordinate::Sign(odd) => {
                        write_label(sink, -3);
                        sink(if odd { &[0xf5] } else { &[0xf4] });
                    }
                }
            }
            KeyMaterial::Rsa { n, e } => {
                write_bytes(sink, -1, n);
                write_bytes(sink, -2, e);
            }
            KeyMaterial::Akp { public } | KeyMaterial::HssLms { public } => {
                write_bytes(sink, -1, public);
            }
        }
    }
}

fn write_label(sink: &mut dyn FnMut(&[u8]), label: i64) {
    sink(Head::int(Int::new(label)).as_bytes());
}

fn write_int(sink: &mut dyn FnMut(&[u8]), label: i64, value: i64) {
    write_label(sink, label);
    sink(Head::int(Int::new(value)).as_bytes());
}

fn write_bytes(sink: &mut dyn FnMut(&[u8]), label: i64, value: &[u8]) {
    write_label(sink, label);
    sink(Head::bytes(value.len()).as_bytes());
    sink(value);
}

/// Encodes public keys as a COSE_KeySet (RFC 9052 7), without heap.
#[derive(Clone, Copy, Debug)]
pub struct KeySetEncoder<'a> {
    keys: &'a [CoseKeyEncoder<'a>],
}

impl<'a> KeySetEncoder<'a> {
    /// An encoder of `keys`, in their order.
    ///
    /// # Errors
    /// If there are none.
    pub const fn new(keys: &'a [CoseKeyEncoder<'a>]) -> Result<Self, Error> {
        if keys.is_empty() {
            return Err(Error::Misuse(Misuse::Builder(Rule::KeySet)));
        }
        Ok(Self { keys })
    }

    /// Length of the encoding in bytes.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        output::len(&|sink| self.write(sink))
    }

    /// Writes the encoding to the front of `out`, and returns it.
    ///
    /// # Errors
    /// If `out` is shorter than [`len`](Self::len).
    pub fn encode<'o>(&self, out: &'o mut [u8]) -> Result<&'o [u8], BufferTooShort> {
        output::fill(&|sink| self.write(sink), out)
    }

    /// The encoding.
    #[cfg(feature = "alloc")]
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
