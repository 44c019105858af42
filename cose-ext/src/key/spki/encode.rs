//! Writing SubjectPublicKeyInfo (RFC 5280 4.1.2.7).

use super::super::{
    der::write::{
        BIT_STRING, INTEGER, SEQUENCE, algorithm_identifier, write_public, write_unsigned,
        write_within,
    },
    output,
    whole::check_whole,
};
use crate::{
    Error,
    crypto::{BufferTooShort, KeyMaterial, PublicKey},
    error::Unsupported,
};

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
    /// Makes an encoder of `key`.
    ///
    /// # Errors
    ///
    /// `Malformed` for coordinates that are not as long as the curve needs: the format does not
    /// keep x and y apart. `Unsupported` for curves without an object identifier here, and for AKP
    /// keys of other algorithms than ML-DSA.
    pub fn new(key: PublicKey<'a>) -> Result<Self, Error> {
        check_whole(&key.material, 0)?;
        match algorithm_identifier(&key.profile()) {
            Some(algorithm) => Ok(Self { key, algorithm }),
            None => Err(Unsupported::KeyFormat.into()),
        }
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
            KeyMaterial::Rsa { n, e } => write_within(SEQUENCE, sink, &|sink| {
                write_within(INTEGER, sink, &|sink| write_unsigned(sink, n));
                write_within(INTEGER, sink, &|sink| write_unsigned(sink, e));
            }),
            material => write_public(&material, sink),
        }
    }
}
