//! The protected bucket (RFC 9052 3).

use core::{fmt, ops::Deref};

use super::{Bucket, Crit, Timestamp, TimestampMode, Vds, placement::Side};
use crate::{
    EmptyProtected, Error, Label, Limits, Profile, Rule,
    cbor::{ErrorKind, Reader},
};

/// The protected bucket: the bytes as received, which are what was signed, and the map in them.
#[derive(Clone, Copy)]
pub struct Protected<'a> {
    bytes: &'a [u8],
    bucket: Bucket<'a>,
}

impl<'a> Protected<'a> {
    /// Of what has no headers.
    pub(crate) const EMPTY: Self = Self { bytes: &[], bucket: Bucket::EMPTY };

    /// Returns this bucket for an input that starts at byte `base` of a larger one.
    pub(super) const fn within(self, base: usize) -> Self {
        Self { bytes: self.bytes, bucket: self.bucket.within(base) }
    }

    /// Reads the byte string that wraps the map. Both `h''` and `h'a0'` are the empty map.
    #[inline]
    pub(super) fn read(reader: &mut Reader<'a>, limits: &Limits) -> Result<Self, Error> {
        let bytes = read_bytes(reader, Rule::ProtectedForm)?;
        let offset = reader.position().saturating_sub(bytes.len());
        Self::decode(bytes, offset, reader, limits)
    }

    #[inline]
    fn decode(
        bytes: &'a [u8],
        offset: usize,
        reader: &Reader<'a>,
        limits: &Limits,
    ) -> Result<Self, Error> {
        if bytes.is_empty() {
            return Ok(Self { bytes, bucket: Bucket::EMPTY });
        }
        let mut reader = Reader::new(bytes, reader.strictness());
        let bucket = Bucket::read(&mut reader, Side::Protected, limits)
            .and_then(|bucket| reader.end().map(|()| bucket).map_err(Error::from))
            .map_err(|error| error.within(offset))?;
        Ok(Self { bytes, bucket: bucket.within(offset) })
    }

    /// Returns the content of the byte string, as received.
    #[must_use]
    pub const fn as_received(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns what enters a Sig_structure, MAC_structure or Enc_structure: the bytes as received,
    /// and for an empty map what `profile` says, by default `h''` however it came (RFC 9052 4.4).
    #[must_use]
    pub const fn as_authenticated(&self, profile: &Profile) -> &'a [u8] {
        match profile.empty_protected {
            EmptyProtected::ZeroLength if self.bucket.is_empty() => &[],
            _ => self.bytes,
        }
    }

    /// Returns whether the empty map enters a structure as `h'a0'`.
    pub(crate) const fn is_empty_map_as_received(&self, profile: &Profile) -> bool {
        self.bucket.is_empty() && !self.as_authenticated(profile).is_empty()
    }

    /// Returns `crit`, the labels that a recipient has to understand (RFC 9052 3.1).
    ///
    /// # Errors
    ///
    /// If it is not an array of at least one label, repeats one, or names one that is not in this
    /// bucket.
    pub fn crit(&self) -> Result<Option<Crit<'a>>, Error> {
        self.find(Label::CRIT).map(|value| Crit::read(&value, self)).transpose()
    }

    /// Returns `vds`, the verifiable data structure of a receipt (RFC 9942 4).
    ///
    /// # Errors
    ///
    /// If it is not an integer.
    pub fn vds(&self) -> Result<Option<Vds>, Error> {
        Ok(self.integer(Label::VDS, Rule::VdsProtected)?.map(Vds::new))
    }

    /// Returns `3161-ttc`, a timestamp of the payload that was made before the signature, which
    /// covers it (RFC 9921 3.2).
    ///
    /// # Errors
    ///
    /// If it is not a byte string.
    pub fn timestamp_then_cose(&self) -> Result<Option<Timestamp<'a>>, Error> {
        let value = self.find(Label::TIMESTAMP_THEN_COSE);
        value.map(|value| Timestamp::read(&value, TimestampMode::TimestampThenCose)).transpose()
    }
}

impl<'a> Deref for Protected<'a> {
    type Target = Bucket<'a>;

    fn deref(&self) -> &Bucket<'a> {
        &self.bucket
    }
}

impl fmt::Debug for Protected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.bucket, f)
    }
}

/// A byte string; anything else that is well-formed breaks `rule`.
#[inline]
pub(crate) fn read_bytes<'a>(reader: &mut Reader<'a>, rule: Rule) -> Result<&'a [u8], Error> {
    reader.bytes().map_err(|error| no_bytes(error, rule))
}

#[cold]
#[inline(never)]
fn no_bytes(error: crate::cbor::Error, rule: Rule) -> Error {
    match error.kind() {
        ErrorKind::UnexpectedType { .. } => Error::malformed(rule, error.offset()),
        _ => Error::from(error),
    }
}
