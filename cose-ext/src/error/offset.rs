//! Where the offending item stands.

use core::fmt;

/// A byte of an input, and which input that is.
///
/// `Display` writes `byte 5`, or `byte 5 of the payload` where it is not the input of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset {
    origin: Origin,
    byte: usize,
}

impl Offset {
    /// Makes the offset of byte `byte` of the input that was handed to the call.
    #[must_use]
    pub const fn new(byte: usize) -> Self {
        Self { origin: Origin::Input, byte }
    }

    /// Returns the byte, counted from the start of [`origin`](Self::origin).
    #[must_use]
    pub const fn byte(&self) -> usize {
        self.byte
    }

    /// Returns which input the byte is counted in.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Moves the offset, for an input that itself starts at byte `base` of a larger one. An offset
    /// that counts in something else stays.
    #[must_use]
    pub const fn within(self, base: usize) -> Self {
        match self.origin {
            Origin::Input => Self::new(self.byte.saturating_add(base)),
            _ => self,
        }
    }

    /// Says what the offset counts in, for an input that the caller did not hand over itself. An
    /// offset for which this was said before stays as it is.
    #[must_use]
    pub const fn counted_in(self, origin: Origin) -> Self {
        match self.origin {
            Origin::Input => Self { origin, byte: self.byte },
            _ => self,
        }
    }
}

/// The input that the offset of an [`Error`](crate::Error) counts in.
// A word, since errors are copied in words: at each `?` this is what tells whether there is one.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The bytes that were handed to the call: a message, a key, a text.
    Input,
    /// The payload of the message.
    Payload,
    /// A key that came along, or was found in a store.
    Key,
    /// A certificate that came along, or was found in a store.
    Certificate,
    /// A timestamp token that came along.
    Timestamp,
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.byte)?;
        f.write_str(match self.origin {
            Origin::Input => "",
            Origin::Payload => " of the payload",
            Origin::Key => " of the key",
            Origin::Certificate => " of the certificate",
            Origin::Timestamp => " of the timestamp",
        })
    }
}
