//! Deterministic encoding into memory of the caller (RFC 8949 4.2.1).

use core::ops::Range;

use cose_crypto::BufferTooShort;

use super::{Head, Int, float};

/// Writes data items into a buffer, without heap.
///
/// Every head and every number is in preferred serialization; the caller is responsible for the
/// order of map keys, and for writing as many items behind a head as it announces.
/// [`check`](super::check) finds such mistakes.
///
/// State: the buffer, and how many bytes were written or would have been. Once something does not
/// fit, nothing more is written, and the writer goes on counting: so an empty buffer measures, and
/// [`finish`](Self::finish) says how much was missing. Nothing is written twice but the content of
/// [`embedded`](Self::embedded), which moves once by its head.
///
/// ```
/// use cose_ext::cbor::Writer;
///
/// let mut buffer = [0; 16];
/// let mut writer = Writer::new(&mut buffer);
/// writer.array(2).int(1).text("two");
/// assert_eq!(writer.finish()?, b"\x82\x01\x63two");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    /// Returns a writer at the first byte of `out`.
    pub const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// Returns the number of bytes written so far, those that did not fit included.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Writes an integer.
    pub fn int(&mut self, value: impl Into<Int>) -> &mut Self {
        self.head(Head::int(value.into()))
    }

    /// Writes a byte string.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(Head::bytes(value.len())).encoded(value)
    }

    /// Writes a text string.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.head(Head::text(value.len())).encoded(value.as_bytes())
    }

    /// Writes the head of an array; `len` items have to follow.
    pub fn array(&mut self, len: usize) -> &mut Self {
        self.head(Head::array(len))
    }

    /// Writes the head of a map; `len` keys, each with its value, have to follow, in bytewise order
    /// of the encoded keys.
    pub fn map(&mut self, len: usize) -> &mut Self {
        self.head(Head::map(len))
    }

    /// Writes a tag; one item has to follow.
    pub fn tag(&mut self, number: u64) -> &mut Self {
        self.head(Head::tag(number))
    }

    /// Writes `true` or `false`.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.encoded(if value { &[0xf5] } else { &[0xf4] })
    }

    /// Writes `null`.
    pub fn null(&mut self) -> &mut Self {
        self.encoded(&[0xf6])
    }

    /// Writes a floating-point number, in the shortest form that keeps its value; all NaN are one.
    pub fn float(&mut self, value: f64) -> &mut Self {
        let (bytes, len) = float::encode(value);
        self.encoded(bytes.get(..len).unwrap_or_default())
    }

    /// Writes a head whose content is written by other means.
    pub fn head(&mut self, head: Head) -> &mut Self {
        self.encoded(head.as_bytes())
    }

    /// Writes bytes that are encoded already: whole items, or the content of a string.
    pub fn encoded(&mut self, bytes: &[u8]) -> &mut Self {
        let end = self.len.saturating_add(bytes.len());
        if let Some(place) = self.out.get_mut(self.len..end) {
            place.copy_from_slice(bytes);
        }
        self.len = end;
        self
    }

    /// Writes a byte string whose content `write` writes: what CDDL calls `bstr .cbor`. Returns
    /// where the content stands, counted in what this writer has written; an `embedded` around this
    /// one moves it on by its own head.
    pub fn embedded(&mut self, write: impl FnOnce(&mut Self)) -> Range<usize> {
        let start = self.len;
        write(self);
        let content = self.len.saturating_sub(start);
        let head = Head::bytes(content);
        let from = start.saturating_add(head.as_bytes().len());
        let end = from.saturating_add(content);
        if end <= self.out.len() {
            self.out.copy_within(start..self.len, from);
        }
        self.len = start;
        self.head(head);
        self.len = end;
        from..end
    }

    /// The whole buffer, beyond what was written too.
    pub(crate) fn into_buffer(self) -> &'o mut [u8] {
        self.out
    }

    /// Returns what was written.
    ///
    /// # Errors
    ///
    /// If the buffer is shorter than what was to be written.
    pub fn finish(self) -> Result<&'o mut [u8], BufferTooShort> {
        let needed = self.len;
        self.out.get_mut(..needed).ok_or(BufferTooShort { needed })
    }
}
