//! The type of a message.

use core::fmt;

use cose_ext::cbor::{Item, Raw};

use crate::{Error, Rule};

/// The type of a message: a media type, or the number of a CoAP content format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9999 3.1 has no others")]
pub enum MediaType<'a> {
    /// A media type with its parameters, as received.
    Text(&'a str),
    /// A number of the registry "CoAP Content-Formats".
    ContentFormat(u16),
}

impl<'a> MediaType<'a> {
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let wrong = Error::broken(Rule::CmwMediaType, raw.offset());
        match raw.read(|reader| reader.item()) {
            Ok(Item::Text(text)) if is_media_type(text) => Ok(Self::Text(text)),
            Ok(Item::Int(number)) => {
                let number = number.to_u64().and_then(|number| u16::try_from(number).ok());
                number.map(Self::ContentFormat).ok_or(wrong)
            }
            _ => Err(wrong),
        }
    }

    /// Returns the media type without its parameters; `None` for a content format.
    #[must_use]
    pub fn essence(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(essence(text)),
            Self::ContentFormat(_) => None,
        }
    }
}

impl fmt::Display for MediaType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::ContentFormat(number) => write!(f, "content format {number}"),
        }
    }
}

fn essence(text: &str) -> &str {
    text.split_once(';').map_or(text, |(essence, _)| essence).trim_end_matches([' ', '\t'])
}

/// Whether `text` is type and subtype (RFC 6838 4.2), and perhaps parameters of visible characters.
pub(super) fn is_media_type(text: &str) -> bool {
    let names = essence(text).split_once('/');
    names.is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
        && text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}

fn is_name(name: &str) -> bool {
    let is_first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    is_first && name.len() <= 127 && name.bytes().all(is_character)
}
