//! A cursor over one input.

use minicbor::{Decoder, data::Type as Major};

use super::{Error, ErrorKind, Int, Item, Strictness, Type, skip_checked};

mod next_item;
mod pass;

pub(super) use pass::Passed;

/// A cursor over untrusted CBOR that hands out one [`Item`] after the other.
///
/// It checks each head and each definite string; [`check`](super::check) looks at whole data items.
///
/// ```
/// use cose_ext::cbor::{Reader, Strictness};
///
/// // [1, "two"]
/// let mut reader = Reader::new(b"\x82\x01\x63two", Strictness::LENIENT);
/// assert_eq!(reader.array()?, Some(2));
/// assert_eq!(reader.uint()?, 1);
/// assert_eq!(reader.text()?, "two");
/// reader.end()?; // nothing follows
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reader<'b> {
    decoder: Decoder<'b>,
    strictness: Strictness,
}

impl<'b> Reader<'b> {
    /// Makes a reader that stands at the first byte of `input`.
    #[inline]
    #[must_use]
    pub fn new(input: &'b [u8], strictness: Strictness) -> Self {
        Self { decoder: Decoder::new(input), strictness }
    }

    /// Returns a second reader of the same input, which stands at byte `offset`.
    #[must_use]
    #[inline]
    pub fn at(&self, offset: usize) -> Self {
        let mut reader = self.clone();
        reader.decoder.set_position(offset);
        reader
    }

    /// Returns the offset of the next byte.
    #[inline]
    #[must_use]
    pub fn position(&self) -> usize {
        self.decoder.position()
    }

    /// Returns whether all of the input has been read.
    #[inline]
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.position() >= self.decoder.input().len()
    }

    /// Returns what this reader accepts beyond well-formed CBOR.
    #[inline]
    #[must_use]
    pub const fn strictness(&self) -> Strictness {
        self.strictness
    }

    /// Refuses bytes after the data item that was read.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TrailingBytes`].
    #[inline]
    pub fn end(&self) -> Result<(), Error> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.error(ErrorKind::TrailingBytes, self.position()))
        }
    }

    /// Returns the input from byte `start` up to the present position.
    #[inline]
    #[must_use]
    pub fn raw_since(&self, start: usize) -> &'b [u8] {
        self.decoder.input().get(start..self.position()).unwrap_or_default()
    }

    /// Returns the type of the next item without reading it.
    ///
    /// # Errors
    ///
    /// At the end of the input and for reserved heads.
    #[inline]
    pub fn peek(&self) -> Result<Type, Error> {
        let start = self.position();
        // Heads of integers, strings, arrays, maps and tags that hold their argument, or say in how
        // many bytes it follows.
        if let Some(first) = self.decoder.input().get(start)
            && *first & 0x1f < 28
        {
            match *first >> 5 {
                0 | 1 => return Ok(Type::Int),
                2 => return Ok(Type::Bytes),
                3 => return Ok(Type::Text),
                4 => return Ok(Type::Array),
                5 => return Ok(Type::Map),
                6 => return Ok(Type::Tag),
                _ => {}
            }
        }
        Ok(match self.major(start)? {
            Major::U8 | Major::U16 | Major::U32 | Major::U64 => Type::Int,
            Major::I8 | Major::I16 | Major::I32 | Major::I64 | Major::Int => Type::Int,
            Major::Bytes | Major::BytesIndef => Type::Bytes,
            Major::String | Major::StringIndef => Type::Text,
            Major::Array | Major::ArrayIndef => Type::Array,
            Major::Map | Major::MapIndef => Type::Map,
            Major::Tag => Type::Tag,
            Major::Bool => Type::Bool,
            Major::Null => Type::Null,
            Major::Undefined | Major::Simple => Type::Simple,
            Major::F16 | Major::F32 | Major::F64 => Type::Float,
            Major::Break => Type::Break,
            Major::Unknown(_) => return Err(self.error(ErrorKind::Reserved, start)),
        })
    }

    /// Reads an integer.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    #[inline]
    pub fn int(&mut self) -> Result<Int, Error> {
        let start = self.position();
        match self.item()? {
            Item::Int(value) => Ok(value),
            other => Err(self.unexpected(Type::Int, &other, start)),
        }
    }

    /// Reads an integer that is not below zero.
    ///
    /// # Errors
    ///
    /// If another type stands here, or a negative integer.
    #[inline]
    pub fn uint(&mut self) -> Result<u64, Error> {
        let start = self.position();
        self.int()?.to_u64().ok_or_else(|| self.error(ErrorKind::IntegerRange, start))
    }

    /// Reads a byte string of definite length, borrowed from the input.
    ///
    /// # Errors
    ///
    /// If another type stands here; [`ErrorKind::IndefiniteString`] for a chunked one.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let start = self.position();
        match self.item()? {
            Item::Bytes(value) => Ok(value),
            Item::BytesStart => Err(self.error(ErrorKind::IndefiniteString, start)),
            other => Err(self.unexpected(Type::Bytes, &other, start)),
        }
    }

    /// Reads a text string of definite length, borrowed from the input.
    ///
    /// # Errors
    ///
    /// If another type stands here; [`ErrorKind::IndefiniteString`] for a chunked one.
    #[inline]
    pub fn text(&mut self) -> Result<&'b str, Error> {
        let start = self.position();
        match self.item()? {
            Item::Text(value) => Ok(value),
            Item::TextStart => Err(self.error(ErrorKind::IndefiniteString, start)),
            other => Err(self.unexpected(Type::Text, &other, start)),
        }
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    pub fn bool(&mut self) -> Result<bool, Error> {
        let start = self.position();
        match self.item()? {
            Item::Bool(value) => Ok(value),
            other => Err(self.unexpected(Type::Bool, &other, start)),
        }
    }

    /// Reads the head of an array and returns its length, or `None` for an indefinite length, which
    /// ends with a break.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    #[inline]
    pub fn array(&mut self) -> Result<Option<u64>, Error> {
        let start = self.position();
        match self.item()? {
            Item::Array(len) => Ok(len),
            other => Err(self.unexpected(Type::Array, &other, start)),
        }
    }

    /// Reads the head of a map and returns its number of pairs, or `None` for an indefinite length,
    /// which ends with a break.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    #[inline]
    pub fn map(&mut self) -> Result<Option<u64>, Error> {
        let start = self.position();
        match self.item()? {
            Item::Map(len) => Ok(len),
            other => Err(self.unexpected(Type::Map, &other, start)),
        }
    }

    /// Skips one whole item of an input that was checked, for example the value of a key that is
    /// not known.
    ///
    /// Only what is needed to find the end of the item is looked at.
    ///
    /// # Errors
    ///
    /// If the input ends before the item, or no item starts here.
    #[inline]
    pub fn skip(&mut self) -> Result<(), Error> {
        skip_checked(self).map(|_| ())
    }

    /// Reads the break that ends an item of indefinite length, if it comes next, and returns
    /// whether it did.
    ///
    /// # Errors
    ///
    /// At the end of the input and for reserved heads.
    #[inline]
    pub fn take_break(&mut self) -> Result<bool, Error> {
        let is_break = self.peek()? == Type::Break;
        if is_break {
            self.item()?;
        }
        Ok(is_break)
    }

    /// Makes an error of `kind` at `offset`.
    #[must_use]
    pub const fn error(&self, kind: ErrorKind, offset: usize) -> Error {
        Error::new(kind, offset)
    }

    pub(crate) fn unexpected(&self, expected: Type, found: &Item<'_>, offset: usize) -> Error {
        self.error(ErrorKind::UnexpectedType { expected, found: found.data_type() }, offset)
    }
}
