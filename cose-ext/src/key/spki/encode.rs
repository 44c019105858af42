use super::super::{BufferTooShort, output};
use crate::{
    Error,
    crypto::{Algorithm, Curve, KeyMaterial, PublicKey, YCoordinate},
    error::Unsupported,
};

/// Tags of DER.
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// Encodes a public key as SubjectPublicKeyInfo in DER (RFC 5280 4.1.2.7), without heap.
///
/// An algorithm that the key states is lost, except for ML-DSA: the format has no place for it.
#[derive(Clone, Copy, Debug)]
pub struct SpkiEncoder<'a> {
    key: PublicKey<'a>,
    /// The content of the algorithm identifier.
    algorithm: &'static [u8],
}

impl<'a> SpkiEncoder<'a> {
    /// An encoder of `key`.
    ///
    /// # Errors
    /// `Unsupported` for curves without an object identifier here, and for HSS/LMS keys.
    pub fn new(key: PublicKey<'a>) -> Result<Self, Error> {
        match algorithm_identifier(&key) {
            Some(algorithm) => Ok(Self { key, algorithm }),
            None => Err(Error::Unsupported(Unsupported::KeyFormat)),
        }
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
        write_within(SEQUENCE, sink, &|sink| {
            write_within(SEQUENCE, sink, &|sink| sink(self.algorithm));
            write_within(BIT_STRING, sink, &|sink| {
                // No unused bits at the end.
                sink(&[0]);
                self.write_key(sink);
            });
        });
    }

    fn write_key(&self, sink: &mut dyn FnMut(&[u8])) {
        match self.key.material {
            KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => {
                [&[0x04], x, y].into_iter().for_each(sink);
            }
            KeyMaterial::Ec2 { x, y: YCoordinate::Sign(odd), .. } => {
                [if odd { &[0x03] } else { &[0x02] }, x].into_iter().for_each(sink);
            }
            KeyMaterial::Rsa { n, e } => write_within(SEQUENCE, sink, &|sink| {
                write_within(INTEGER, sink, &|sink| write_unsigned(sink, n));
                write_within(INTEGER, sink, &|sink| write_unsigned(sink, e));
            }),
            KeyMaterial::Okp { x: public, .. }
            | KeyMaterial::Akp { public }
            | KeyMaterial::HssLms { public } => sink(public),
        }
    }
}

/// The content of the AlgorithmIdentifier (RFC 5480 2.1.1, RFC 8410 3, RFC 3279 2.3.1, RFC 9881 2).
fn algorithm_identifier(key: &PublicKey<'_>) -> Option<&'static [u8]> {
    Some(match (key.material, key.algorithm) {
        (KeyMaterial::Ec2 { curve: Curve::P256, .. }, _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
        }
        (KeyMaterial::Ec2 { curve: Curve::P384, .. }, _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"
        }
        (KeyMaterial::Ec2 { curve: Curve::P521, .. }, _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23"
        }
        (KeyMaterial::Ec2 { curve: Curve::SECP256K1, .. }, _) => {
            b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a"
        }
        (KeyMaterial::Okp { curve: Curve::X25519, .. }, _) => b"\x06\x03\x2b\x65\x6e",
        (KeyMaterial::Okp { curve: Curve::X448, .. }, _) => b"\x06\x03\x2b\x65\x6f",
        (KeyMaterial::Okp { curve: Curve::ED25519, .. }, _) => b"\x06\x03\x2b\x65\x70",
        (KeyMaterial::Okp { curve: Curve::ED448, .. }, _) => b"\x06\x03\x2b\x65\x71",
        (KeyMaterial::Rsa { .. }, _) => b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
        (KeyMaterial::Akp { .. }, Some(Algorithm::ML_DSA_44)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11"
        }
        (KeyMaterial::Akp { .. }, Some(Algorithm::ML_DSA_65)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12"
        }
        (KeyMaterial::Akp { .. }, Some(Algorithm::ML_DSA_87)) => {
            b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13"
        }
        _ => return None,
    })
}

/// An unsigned number as the content of an INTEGER: minimal, and never negative.
fn write_unsigned(sink: &mut dyn FnMut(&[u8]), number: &[u8]) {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let minimal = number.get(start..).unwrap_or_default();
    if minimal.first().is_none_or(|first| *first >= 0x80) {
        sink(&[0]);
    }
    sink(minimal);
}

/// Tag and length of `content`, then itself.
fn write_within(tag: u8, sink: &mut dyn FnMut(&[u8]), content: &output::Parts<'_>) {
    let len = crate::cbor::widen(output::len(content)).to_be_bytes();
    let start = len.iter().position(|byte| *byte != 0).unwrap_or(len.len().saturating_sub(1));
    let minimal = len.get(start..).unwrap_or_default();
    sink(&[tag]);
    if minimal.len() > 1 || minimal.first().is_some_and(|first| *first >= 0x80) {
        let count = u8::try_from(minimal.len()).unwrap_or_default();
        sink(&[0x80 | count]);
    }
    sink(minimal);
    content(sink);
}
