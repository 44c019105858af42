//! Deterministic CBOR of any length, written and read piece by piece: what outlives a process.

use alloc::vec::Vec;

use cose_ext::cbor::{Head, Int, Reader, Strictness, Type};

use crate::{Error, Rule};

/// Writes CBOR in deterministic encoding.
#[derive(Default)]
pub(crate) struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    fn head(&mut self, head: Head) -> &mut Self {
        self.bytes.extend_from_slice(head.as_bytes());
        self
    }

    pub(crate) fn array(&mut self, len: usize) -> &mut Self {
        self.head(Head::array(len))
    }

    pub(crate) fn uint(&mut self, number: u64) -> &mut Self {
        self.head(Head::int(Int::unsigned(number)))
    }

    #[cfg(feature = "sbom")]
    pub(crate) fn len(&mut self, number: usize) -> &mut Self {
        self.uint(u64::try_from(number).unwrap_or(u64::MAX))
    }

    pub(crate) fn int(&mut self, number: i64) -> &mut Self {
        self.head(Head::int(Int::new(number)))
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.head(Head::bytes(bytes.len()));
        self.bytes.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.head(Head::text(text.len()));
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// A value, or null.
    pub(crate) fn optional<T>(
        &mut self,
        value: Option<T>,
        write: impl FnOnce(&mut Self, T),
    ) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.bytes.push(0xf6),
        }
        self
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        self.optional(text, |to, text| {
            to.text(text);
        })
    }

    pub(crate) fn optional_uint(&mut self, number: Option<u64>) -> &mut Self {
        self.optional(number, |to, number| {
            to.uint(number);
        })
    }

    /// An array of as many items as there are.
    pub(crate) fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        self.array(items.len());
        for item in items {
            write(self, item);
        }
        self
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads what [`Encoder`] wrote. Whatever else stands there is an error of one rule.
pub(crate) struct Decoder<'b> {
    reader: Reader<'b>,
    rule: Rule,
}

impl<'b> Decoder<'b> {
    pub(crate) fn new(bytes: &'b [u8], rule: Rule) -> Self {
        Self { reader: Reader::new(bytes, Strictness::DETERMINISTIC), rule }
    }

    /// Returns the error for what stands here.
    pub(crate) fn broken(&self) -> Error {
        Error::broken(self.rule, self.reader.position())
    }

    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'b>) -> Result<T, cose_ext::cbor::Error>,
    ) -> Result<T, Error> {
        let broken = self.broken();
        read(&mut self.reader).map_err(|_| broken)
    }

    /// Returns how many items the array has that begins here.
    pub(crate) fn array(&mut self) -> Result<u64, Error> {
        let broken = self.broken();
        self.read(Reader::array)?.ok_or(broken)
    }

    /// Checks that an array of so many items begins here.
    pub(crate) fn array_of(&mut self, len: u64) -> Result<(), Error> {
        let broken = self.broken();
        if self.array()? == len { Ok(()) } else { Err(broken) }
    }

    pub(crate) fn uint(&mut self) -> Result<u64, Error> {
        self.read(Reader::uint)
    }

    #[cfg(feature = "sbom")]
    pub(crate) fn len(&mut self) -> Result<usize, Error> {
        let broken = self.broken();
        usize::try_from(self.uint()?).map_err(|_| broken)
    }

    pub(crate) fn int(&mut self) -> Result<i64, Error> {
        let broken = self.broken();
        self.read(Reader::int)?.to_i64().ok_or(broken)
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Error> {
        self.read(Reader::text)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Error> {
        self.read(Reader::bytes)
    }

    pub(crate) fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.read(|reader| reader.peek())? == Type::Null {
            self.read(Reader::skip)?;
            return Ok(None);
        }
        read(self).map(Some)
    }

    /// Reads an array item by item. What it takes in memory grows with what was read.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        for _ in 0..self.array()? {
            items.push(read(self)?);
        }
        Ok(items)
    }

    pub(crate) fn end(&self) -> Result<(), Error> {
        let broken = self.broken();
        self.reader.end().map_err(|_| broken)
    }
}
