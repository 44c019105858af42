//! Content types that outlive the call that named them.

use alloc::string::String;
use core::fmt;

use cose_ext::{Value, cbor::Int, header::ContentType};

/// A [`ContentType`] that owns its text: of a payload, of the preimage of a hash envelope, or
/// `typ`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 3.1 has no others")]
pub enum OwnedContentType {
    /// A media type.
    MediaType(String),
    /// A CoAP Content-Format.
    ContentFormat(u16),
}

impl OwnedContentType {
    /// Returns the content type, borrowed.
    #[must_use]
    pub fn borrow(&self) -> ContentType<'_> {
        match self {
            Self::MediaType(text) => ContentType::MediaType(text),
            Self::ContentFormat(number) => ContentType::ContentFormat(*number),
        }
    }

    pub(crate) fn to_value(&self) -> Value<'_> {
        match self {
            Self::MediaType(text) => Value::Text(text),
            Self::ContentFormat(number) => Value::Int(Int::unsigned(u64::from(*number))),
        }
    }
}

impl From<ContentType<'_>> for OwnedContentType {
    fn from(content_type: ContentType<'_>) -> Self {
        match content_type {
            ContentType::MediaType(text) => Self::MediaType(text.into()),
            ContentType::ContentFormat(number) => Self::ContentFormat(number),
        }
    }
}

impl From<&str> for OwnedContentType {
    fn from(media_type: &str) -> Self {
        Self::MediaType(media_type.into())
    }
}

impl fmt::Display for OwnedContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MediaType(text) => f.write_str(text),
            Self::ContentFormat(number) => write!(f, "{number}"),
        }
    }
}
