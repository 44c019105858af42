//! What all COSE messages start with: a tag or none, an array, the headers, and a byte string or
//! nil (RFC 9052 2).

#[cfg(feature = "alloc")]
use crate::cbor::{ByteString, Head};
use crate::{
    Error, Profile, Rule,
    cbor::{ErrorKind, Reader, Type},
    crypto::Operation,
    error::{Breaks, Fact},
    header::{Headers, read_bytes},
};

/// One kind of message.
pub(crate) struct Form {
    pub(crate) tag: u64,
    pub(crate) elements: u64,
    /// What breaks when the message is built in another way.
    pub(crate) structure: Rule,
    /// Algorithms of this kind that authenticate nothing, and may be named unprotected.
    pub(crate) exempt: fn(Operation) -> bool,
}

/// The common part of a message, read; what follows is for each kind to read.
pub(crate) struct Frame<'a> {
    pub(crate) headers: Headers<'a>,
    /// Payload or ciphertext; `None` for nil.
    pub(crate) content: Option<&'a [u8]>,
    /// Where the content starts in the message, in bytes; 0 for nil.
    pub(crate) content_offset: usize,
    array: Layer,
}

impl<'a> Frame<'a> {
    /// Reads up to the content of a message, at whose first byte `reader` stands.
    #[inline]
    pub(crate) fn open(
        reader: &mut Reader<'a>,
        form: &Form,
        profile: &Profile,
    ) -> Result<Self, Error> {
        Self::read_tag(reader, form.tag)?;
        let array = Layer::open(reader, form.elements, form.elements, form.structure)?;
        let headers = Headers::read_exempting(reader, profile, form.exempt)?;
        let content = read_content(reader, form.structure)?;
        let content_len = content.map_or(reader.position(), <[u8]>::len);
        let content_offset = reader.position().saturating_sub(content_len);
        Ok(Self { headers, content, content_offset, array })
    }

    /// Reads the end of the message.
    #[inline]
    pub(crate) fn close(&self, reader: &mut Reader<'a>, form: &Form) -> Result<(), Error> {
        self.array.close(reader, form.structure)?;
        Ok(reader.end()?)
    }

    /// Reads the tag of a message, which is `due` or absent, and returns whether it is there.
    #[inline]
    pub(crate) fn read_tag(reader: &mut Reader<'_>, due: u64) -> Result<bool, Error> {
        match reader.take_tag()? {
            None => Ok(false),
            Some(found) if found == due => Ok(true),
            Some(found) => Err(Self::another_tag(Fact::tag(Some(found), due))),
        }
    }

    /// Makes the error of a message that starts with another tag, with one too many, or with none.
    pub(crate) const fn another_tag(fact: Fact) -> Error {
        Error::malformed_by(Rule::Tag, fact, 0)
    }
}

/// Of messages that can authenticate all of their parameters.
pub(crate) const fn no_exemption(_: Operation) -> bool {
    false
}

/// A byte string, or nil.
#[inline]
pub(crate) fn read_content<'a>(
    reader: &mut Reader<'a>,
    structure: Rule,
) -> Result<Option<&'a [u8]>, Error> {
    if reader.take_null() { Ok(None) } else { read_bytes(reader, structure).map(Some) }
}

/// Puts a message together: `content` is nil when it is `None`, `rest` are encoded items.
#[cfg(feature = "alloc")]
pub(crate) fn encode(
    tag: Option<u64>,
    headers: &[u8],
    content: Option<&[u8]>,
    rest: &[&[u8]],
) -> alloc::vec::Vec<u8> {
    const NIL: [&[u8]; 2] = [&[0xf6], &[]];
    let tag = tag.map(Head::tag);
    let array = Head::array(rest.len().saturating_add(3));
    let content = content.map(ByteString::new);
    let [content_head, content] = content.as_ref().map_or(NIL, ByteString::parts);
    [
        tag.as_ref().map_or(&[][..], Head::as_bytes),
        array.as_bytes(),
        headers,
        content_head,
        content,
        &rest.concat(),
    ]
    .concat()
}

/// The encoded byte string of `content`.
#[cfg(feature = "alloc")]
pub(crate) fn byte_string(content: &[u8]) -> alloc::vec::Vec<u8> {
    ByteString::new(content).parts().concat()
}

/// An array that a layer of a message is.
pub(crate) struct Layer {
    start: usize,
    len: Option<u64>,
}

impl Layer {
    /// Reads the head of an array of `least` to `most` elements.
    #[inline]
    pub(crate) fn open(
        reader: &mut Reader<'_>,
        least: u64,
        most: u64,
        structure: Rule,
    ) -> Result<Self, Error> {
        let start = reader.position();
        let len = reader.array().breaks(structure)?;
        if len.is_some_and(|len| len < least || len > most) {
            let fact = Fact::Cbor(ErrorKind::UnexpectedLength);
            return Err(Error::malformed_by(structure, fact, start));
        }
        Ok(Self { start, len })
    }

    /// Whether element number `index`, counted from zero, follows.
    #[inline]
    pub(crate) fn has_element(&self, index: u64, reader: &Reader<'_>) -> Result<bool, Error> {
        match self.len {
            Some(len) => Ok(index < len),
            None => Ok(reader.peek()? != Type::Break),
        }
    }

    /// Reads the end of the array.
    #[inline]
    pub(crate) fn close(&self, reader: &mut Reader<'_>, structure: Rule) -> Result<(), Error> {
        if self.len.is_none() && !reader.take_break()? {
            return Err(Error::malformed(structure, self.start));
        }
        Ok(())
    }
}

/// What every view of a message has: its tag, and what can be said of it as a whole. Of a type with
/// fields `bytes`, `is_tagged` and `headers`, and a `decode`.
macro_rules! message_view {
    ($tag:expr) => {
        /// The CBOR tag (RFC 9052 2, table 1).
        pub const TAG: u64 = $tag;

        /// Reads a message that has its [tag](Self::TAG).
        ///
        /// # Errors
        ///
        /// As [`decode`](Self::decode), and without the tag.
        pub fn decode_tagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
            let message = Self::decode(bytes, profile)?;
            if !message.is_tagged() {
                return Err(Frame::another_tag($crate::error::Fact::tag(None, Self::TAG)));
            }
            Ok(message)
        }

        /// Reads a message without a tag.
        ///
        /// # Errors
        ///
        /// As [`decode`](Self::decode), and with a tag.
        pub fn decode_untagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
            let message = Self::decode(bytes, profile)?;
            if message.is_tagged() {
                return Err(Frame::another_tag($crate::error::Fact::UnexpectedTag {
                    found: Self::TAG,
                }));
            }
            Ok(message)
        }

        /// Returns the whole message as received.
        pub const fn bytes(&self) -> &'a [u8] {
            self.bytes
        }

        /// Returns whether the message came with its [tag](Self::TAG).
        pub const fn is_tagged(&self) -> bool {
            // The only tag that decoding lets pass.
            matches!(self.bytes, [0xc0..=0xdb, ..])
        }
    };
}

pub(crate) use message_view;
