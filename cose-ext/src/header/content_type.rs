//! Media types and CoAP Content-Formats (RFC 9052 3.1).

use core::fmt;

use crate::{
    Error, Rule,
    cbor::{ErrorKind, Item, Raw},
    error::Breaks,
};

/// The value of `content type`, `typ` and `payload-preimage-content-type`: a media type, or the
/// number of a CoAP Content-Format (RFC 9052 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9052 3.1 has no others")]
pub enum ContentType<'a> {
    /// A media type as text; kept as received, not parsed.
    MediaType(&'a str),
    /// A number of the IANA registry "CoAP Content-Formats".
    ContentFormat(u16),
}

impl<'a> ContentType<'a> {
    pub(crate) fn read(value: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        value
            .read(|reader| {
                let start = reader.position();
                let wrong = |kind| reader.error(kind, start);
                match reader.clone().item()? {
                    Item::Int(number) => {
                        let number = number.to_u64().and_then(|n| u16::try_from(n).ok());
                        let number = number.ok_or(wrong(ErrorKind::IntegerRange))?;
                        reader.item()?;
                        Ok(Self::ContentFormat(number))
                    }
                    _ => reader.text().map(Self::MediaType),
                }
            })
            .breaks(rule)
    }
}

impl fmt::Display for ContentType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MediaType(text) => f.write_str(text),
            Self::ContentFormat(number) => write!(f, "Content-Format {number}"),
        }
    }
}
