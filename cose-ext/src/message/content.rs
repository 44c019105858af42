//! Embedded or detached content of a message that is made.

/// What is signed, authenticated or encrypted, and whether it goes into the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 2 has no others")]
pub enum Content<'p> {
    /// The payload goes into the message.
    Embedded(&'p [u8]),
    /// The payload travels apart, and nil goes into the message.
    Detached(&'p [u8]),
}

impl<'p> Content<'p> {
    pub(crate) const fn bytes(&self) -> &'p [u8] {
        match self {
            Self::Embedded(bytes) | Self::Detached(bytes) => bytes,
        }
    }

    pub(crate) const fn embedded(&self) -> Option<&'p [u8]> {
        match self {
            Self::Embedded(bytes) => Some(bytes),
            Self::Detached(_) => None,
        }
    }
}
