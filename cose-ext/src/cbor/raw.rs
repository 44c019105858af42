//! One whole data item as received.

use core::fmt;

use super::{Error, ErrorKind, Int, Item, Limits, Reader, Strictness, Type, check};
use crate::tag;

/// One whole data item as it stands in the input: its bytes and where they stand.
///
/// Made by [`Map`](super::Map), whose [`check`](super::check) has walked it, or by a reader that
/// knows its format and checked it on the way: well-formed, without duplicate keys, within limits.
/// What it says stays untrusted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Raw<'b> {
    bytes: &'b [u8],
    offset: usize,
}

impl<'b> Raw<'b> {
    pub(crate) const fn new(bytes: &'b [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// Checks that `bytes` are exactly one item, and returns it.
    ///
    /// `bytes` stand at `offset` of a larger input, for example as the content of a byte string
    /// that wraps CBOR. Offsets of errors count in that larger input.
    ///
    /// # Errors
    ///
    /// Those of [`check`], and for trailing bytes.
    pub fn decode(
        bytes: &'b [u8],
        offset: usize,
        strictness: Strictness,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, strictness);
        check(&mut reader, limits)
            .and_then(|()| reader.end())
            .map_err(|error| error.within(offset))?;
        Ok(Self::new(bytes, offset))
    }

    /// Reads the item inside of this byte string, which CDDL calls `bstr .cbor`.
    ///
    /// # Errors
    ///
    /// If this is not a byte string of a definite length, those of [`check`], and for trailing
    /// bytes.
    pub fn embedded(&self, strictness: Strictness, limits: &Limits) -> Result<Self, Error> {
        let (content, offset) = self.byte_string()?;
        Self::decode(content, offset, strictness, limits)
    }

    /// Returns the content of this byte string, and where it starts in the input, in bytes.
    ///
    /// # Errors
    ///
    /// If this is not a byte string of a definite length.
    pub fn byte_string(&self) -> Result<(&'b [u8], usize), Error> {
        let content = self.read(Reader::bytes)?;
        // A definite string ends where its item ends.
        let head = self.bytes.len().saturating_sub(content.len());
        Ok((content, self.offset.saturating_add(head)))
    }

    /// Returns this integer.
    ///
    /// # Errors
    ///
    /// If this is of another type.
    #[inline]
    pub fn int(&self) -> Result<Int, Error> {
        match self.bytes {
            // Nearly all keys and codes have a head of one byte.
            [short @ 0..=23] => Ok(Int::unsigned(u64::from(*short))),
            _ => self.read(Reader::int),
        }
    }

    /// Returns the item inside of this one, which is an encoded CBOR data item: a byte string under
    /// tag 24 (RFC 8949 3.4.5.1), what CDDL calls `#6.24(bstr .cbor any)`. What is signed or hashed
    /// where such items stand is mostly this item, tag included: [`bytes`](Self::bytes).
    ///
    /// # Errors
    ///
    /// If this is not tag 24, and those of [`embedded`](Self::embedded).
    pub fn encoded_item(&self, strictness: Strictness, limits: &Limits) -> Result<Self, Error> {
        self.under_tag(tag::ENCODED_CBOR)?.embedded(strictness, limits)
    }

    /// Returns the item under `number`, which is the tag of this one.
    ///
    /// # Errors
    ///
    /// If this is another item; [`ErrorKind::IntegerRange`] for another tag.
    pub fn under_tag(&self, number: u64) -> Result<Self, Error> {
        let mut reader = Reader::new(self.bytes, Strictness::LENIENT);
        let found = self.data_type();
        let unexpected = ErrorKind::UnexpectedType { expected: Type::Tag, found };
        match reader.item().map_err(|error| error.within(self.offset))? {
            Item::Tag(tag) if tag == number => {}
            Item::Tag(_) => return Err(Error::new(ErrorKind::IntegerRange, self.offset)),
            _ => return Err(Error::new(unexpected, self.offset)),
        }
        let (head, content) = self.bytes.split_at_checked(reader.position()).unwrap_or_default();
        Ok(Self::new(content, self.offset.saturating_add(head.len())))
    }

    /// Returns the type of the item, which its first byte tells.
    #[must_use]
    pub const fn data_type(&self) -> Type {
        match self.bytes.first() {
            Some(first) => Type::starting(*first),
            None => Type::Break,
        }
    }

    /// Returns the encoded item.
    #[must_use]
    pub const fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Returns where the item starts in the input that was given to the decoder, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Reads the item with `read`; errors name offsets of the whole input.
    ///
    /// # Errors
    ///
    /// Those of `read`, and bytes that it leaves over.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&mut Reader<'b>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut reader = Reader::new(self.bytes, Strictness::LENIENT);
        read(&mut reader)
            .and_then(|value| reader.end().map(|()| value))
            .map_err(|error| error.within(self.offset))
    }
}

impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.bytes {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Raw, Strictness};
    use crate::cbor::ErrorKind;

    fn embedded(bytes: &[u8]) -> Result<(&[u8], usize), (ErrorKind, usize)> {
        let raw = Raw::new(bytes, 100);
        let inner = raw.embedded(Strictness::LENIENT, &Limits::DEFAULT);
        inner.map(|raw| (raw.bytes(), raw.offset())).map_err(|error| (error.kind(), error.offset()))
    }

    #[test]
    fn an_embedded_item_keeps_its_place() {
        assert_eq!(embedded(&[0x42, 0x81, 0x01]), Ok((&[0x81, 0x01][..], 101)));
        assert_eq!(embedded(&[0x58, 0x02, 0x81, 0x01]), Ok((&[0x81, 0x01][..], 102)));
    }

    #[test]
    fn an_embedded_item_is_checked() {
        assert_eq!(embedded(&[0x41, 0x81]), Err((ErrorKind::EndOfInput, 102)));
        assert_eq!(embedded(&[0x43, 0x01, 0x02, 0x03]).map_err(|(_, at)| at), Err(102));
        assert_eq!(
            embedded(&[0x45, 0xa2, 0x01, 0x01, 0x01, 0x01]),
            Err((ErrorKind::DuplicateKey, 104))
        );
    }

    #[test]
    fn only_a_byte_string_embeds() {
        assert_eq!(embedded(&[0x61, 0x31]).map_err(|(_, at)| at), Err(100));
        assert_eq!(embedded(&[0x5f, 0x41, 0x01, 0xff]), Err((ErrorKind::IndefiniteString, 100)));
    }
}
