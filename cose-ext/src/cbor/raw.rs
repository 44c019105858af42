use core::fmt;

use super::{Error, Limits, Reader, Strictness, check};

/// One whole data item as it stands in the input: its bytes and where they stand.
///
/// Made by [`Map`](super::Map), whose [`check`](super::check) has walked it: well-formed, without
/// duplicate keys, within limits. The *meaning* is as untrusted as ever.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Raw<'b> {
    bytes: &'b [u8],
    offset: usize,
}

impl<'b> Raw<'b> {
    pub(crate) const fn new(bytes: &'b [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// The item that is the whole of `bytes`, which stand at `offset` of a larger input, checked:
    /// the content of a byte string that wraps CBOR, for one.
    ///
    /// # Errors
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

    /// The encoded item.
    pub const fn bytes(&self) -> &'b [u8] {
        self.bytes
    }

    /// Where the item starts in the input that was given to the decoder.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Reads the item with `read`; errors name offsets of the whole input.
    ///
    /// # Errors
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
