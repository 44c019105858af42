//! A cursor over one input.

use super::{Error, ErrorKind, Int, Item, Strictness, Type, skip_checked};

mod head;
mod next_item;
mod pass;

use head::is_reserved;
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
    input: &'b [u8],
    position: usize,
    strictness: Strictness,
}

impl<'b> Reader<'b> {
    /// Makes a reader that stands at the first byte of `input`.
    #[inline]
    #[must_use]
    pub const fn new(input: &'b [u8], strictness: Strictness) -> Self {
        Self { input, position: 0, strictness }
    }

    /// Returns a second reader of the same input, which stands at byte `offset`.
    #[must_use]
    #[inline]
    pub const fn at(&self, offset: usize) -> Self {
        Self { input: self.input, position: offset, strictness: self.strictness }
    }

    /// Returns the offset of the next byte.
    #[inline]
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Returns whether all of the input has been read.
    #[inline]
    #[must_use]
    pub const fn is_at_end(&self) -> bool {
        self.position >= self.input.len()
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
        self.input.get(start..self.position).unwrap_or_default()
    }

    /// Returns the type of the next item without reading it.
    ///
    /// # Errors
    ///
    /// At the end of the input and for reserved heads.
    #[inline]
    pub fn peek(&self) -> Result<Type, Error> {
        match self.input.get(self.position) {
            None => Err(self.error(ErrorKind::EndOfInput, self.position)),
            Some(first) if is_reserved(*first) => {
                Err(self.error(ErrorKind::Reserved, self.position))
            }
            Some(first) => Ok(Type::starting(*first)),
        }
    }

    /// Reads an integer.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    #[inline]
    pub fn int(&mut self) -> Result<Int, Error> {
        let start = self.position;
        if let Some(first @ ..0x40) = self.first()
            && let Some(argument) = self.argument(first)
            && self.is_preferred(first, argument)
        {
            let is_negative = first >= 0x20;
            return Ok(if is_negative { Int::negative(argument) } else { Int::unsigned(argument) });
        }
        Err(self.another(Type::Int, start))
    }

    /// Reads an integer that is not below zero.
    ///
    /// # Errors
    ///
    /// If another type stands here, or a negative integer.
    #[inline]
    pub fn uint(&mut self) -> Result<u64, Error> {
        let start = self.position;
        match self.argument_of(0) {
            Some(value) => Ok(value),
            None => Err(match self.item_at(start) {
                Ok(Item::Int(_)) => self.error(ErrorKind::IntegerRange, start),
                _ => self.another(Type::Int, start),
            }),
        }
    }

    /// Reads a byte string of definite length, borrowed from the input.
    ///
    /// # Errors
    ///
    /// If another type stands here; [`ErrorKind::IndefiniteString`] for a chunked one.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'b [u8], Error> {
        let start = self.position;
        match self.argument_of(2).and_then(|len| self.content(len)) {
            Some(content) => Ok(content),
            None => Err(self.another(Type::Bytes, start)),
        }
    }

    /// Reads a text string of definite length, borrowed from the input.
    ///
    /// # Errors
    ///
    /// If another type stands here; [`ErrorKind::IndefiniteString`] for a chunked one.
    #[inline]
    pub fn text(&mut self) -> Result<&'b str, Error> {
        let start = self.position;
        let content = self.argument_of(3).and_then(|len| self.content(len));
        match content.map(core::str::from_utf8) {
            Some(Ok(text)) => Ok(text),
            _ => Err(self.another(Type::Text, start)),
        }
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    pub fn bool(&mut self) -> Result<bool, Error> {
        let start = self.position;
        match self.first() {
            Some(first @ (0xf4 | 0xf5)) => {
                self.position = start.saturating_add(1);
                Ok(first == 0xf5)
            }
            _ => Err(self.another(Type::Bool, start)),
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
        self.head_of(4, Type::Array)
    }

    /// Reads the head of a map and returns its number of pairs, or `None` for an indefinite length,
    /// which ends with a break.
    ///
    /// # Errors
    ///
    /// If another type stands here.
    #[inline]
    pub fn map(&mut self) -> Result<Option<u64>, Error> {
        self.head_of(5, Type::Map)
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    fn head_of(&mut self, major: u8, expected: Type) -> Result<Option<u64>, Error> {
        let start = self.position;
        if let Some(len) = self.argument_of(major) {
            return Ok(Some(len));
        }
        match self.item_at(start) {
            Ok(Item::Array(None)) if major == 4 => Ok(None),
            Ok(Item::Map(None)) if major == 5 => Ok(None),
            _ => Err(self.another(expected, start)),
        }
    }

    pub(crate) fn unexpected(&self, expected: Type, found: &Item<'_>, offset: usize) -> Error {
        self.error(ErrorKind::UnexpectedType { expected, found: found.data_type() }, offset)
    }

    /// Why no item of the type `expected` stands at `start`.
    #[cold]
    #[inline(never)]
    fn another(&mut self, expected: Type, start: usize) -> Error {
        match self.item_at(start) {
            Err(error) => error,
            Ok(Item::BytesStart) if expected == Type::Bytes => {
                self.error(ErrorKind::IndefiniteString, start)
            }
            Ok(Item::TextStart) if expected == Type::Text => {
                self.error(ErrorKind::IndefiniteString, start)
            }
            Ok(other) => self.unexpected(expected, &other, start),
        }
    }

    /// The item at `start`.
    fn item_at(&mut self, start: usize) -> Result<Item<'b>, Error> {
        self.position = start;
        self.item()
    }

    /// Skips one whole item of an input that was checked, for example the value of a key that is
    /// not known.
    ///
    /// Only what is needed to find the end of the item is looked at.
    ///
    /// # Errors
    ///
    /// If the input ends before the item, or no item starts here.
    #[cfg_attr(target_pointer_width = "64", inline)]
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
            self.position = self.position.saturating_add(1);
        }
        Ok(is_break)
    }

    /// Reads the head of a tag, if one comes next, and returns its number.
    #[inline]
    pub(crate) fn take_tag(&mut self) -> Result<Option<u64>, Error> {
        let start = self.position;
        if let Some(number) = self.argument_of(6) {
            return Ok(Some(number));
        }
        self.position = start;
        match self.peek()? {
            Type::Tag => self.item().map(|_| None),
            _ => Ok(None),
        }
    }

    /// Reads nil, if it comes next, and returns whether it did.
    #[inline]
    pub(crate) fn take_null(&mut self) -> bool {
        let is_null = self.first() == Some(0xf6);
        if is_null {
            self.position = self.position.saturating_add(1);
        }
        is_null
    }

    /// Makes an error of `kind` at `offset`.
    #[must_use]
    pub const fn error(&self, kind: ErrorKind, offset: usize) -> Error {
        Error::new(kind, offset)
    }
}

#[cfg(test)]
mod tests;
