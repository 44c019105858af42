//! Byte strings that are hashed in two parts, head and content.

use super::Head;

/// A byte string to be hashed: its head in preferred serialization, and its borrowed content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByteString<'a> {
    head: Head,
    content: &'a [u8],
}

impl<'a> ByteString<'a> {
    pub(crate) const fn new(content: &'a [u8]) -> Self {
        Self { head: Head::bytes(content.len()), content }
    }

    /// What is a head and nothing else.
    pub(crate) const fn head(head: Head) -> Self {
        Self { head, content: &[] }
    }

    /// Only the head, of a content of `len` bytes that is elsewhere.
    pub(crate) const fn announced(len: u64) -> Self {
        Self { head: Head::bytes_of(len), content: &[] }
    }

    pub(crate) fn parts(&self) -> [&[u8]; 2] {
        [self.head.as_bytes(), self.content]
    }
}
