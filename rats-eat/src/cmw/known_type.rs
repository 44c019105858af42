//! Whether a message is of the type that a wrapper names, for the types of EAT (RFC 9782).

use cose_ext::{
    cbor::{Item, Reader, Strictness},
    tag,
};

use super::MediaType;
use crate::{
    Error, Rule,
    label::{BUNDLE_TAG, UCCS_TAG},
};

/// A type whose messages can be told from others by their form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A COSE message with its tag, and perhaps the tag of a CWT.
    Cwt,
    /// Three parts between dots.
    Jwt,
    /// A claims set, or one with the tag of UCCS.
    Uccs,
    /// A JSON object.
    JsonObject,
    /// An array with the tag of a bundle.
    Bundle,
    /// A JSON array.
    JsonArray,
}

const FORMS: [(&str, u16, Form); 6] = [
    ("application/eat+cwt", 263, Form::Cwt),
    ("application/eat+jwt", 264, Form::Jwt),
    ("application/eat-bun+cbor", 265, Form::Bundle),
    ("application/eat-bun+json", 266, Form::JsonArray),
    ("application/eat-ucs+cbor", 267, Form::Uccs),
    ("application/eat-ucs+json", 268, Form::JsonObject),
];

/// Tags that a CWT starts with, the one of CWTs aside.
const COSE_TAGS: [u64; 6] = [
    tag::COSE_SIGN1,
    tag::COSE_SIGN,
    tag::COSE_MAC0,
    tag::COSE_MAC,
    tag::COSE_ENCRYPT0,
    tag::COSE_ENCRYPT,
];

pub(super) fn check(media_type: MediaType<'_>, value: &[u8], offset: usize) -> Result<(), Error> {
    let is_named = |name: &str, number: u16| match media_type {
        MediaType::ContentFormat(format) => format == number,
        MediaType::Text(_) => {
            media_type.essence().is_some_and(|essence| essence.eq_ignore_ascii_case(name))
        }
    };
    let form = FORMS.into_iter().find(|(name, number, _)| is_named(name, *number));
    match form {
        Some((_, _, form)) if !form.is_form_of(value) => Err(Error::broken(Rule::CmwType, offset)),
        _ => Ok(()),
    }
}

impl Form {
    fn is_form_of(self, value: &[u8]) -> bool {
        let first = || Reader::new(value, Strictness::LENIENT).item().ok();
        match self {
            Self::Cwt => {
                let mut reader = Reader::new(value, Strictness::LENIENT);
                let mut item = reader.item();
                if item == Ok(Item::Tag(tag::CWT)) {
                    item = reader.item();
                }
                matches!(item, Ok(Item::Tag(tag)) if COSE_TAGS.contains(&tag))
            }
            Self::Jwt => is_compact(value),
            Self::Uccs => matches!(first(), Some(Item::Map(_) | Item::Tag(UCCS_TAG))),
            Self::Bundle => matches!(first(), Some(Item::Tag(BUNDLE_TAG))),
            Self::JsonObject => starts_with(value, b'{'),
            Self::JsonArray => starts_with(value, b'['),
        }
    }
}

/// Whether `value` is text of JSON that starts with `bracket`.
fn starts_with(value: &[u8], bracket: u8) -> bool {
    core::str::from_utf8(value).is_ok()
        && value.iter().find(|byte| !b" \t\r\n".contains(byte)) == Some(&bracket)
}

/// Whether `value` is three parts of base64url between two dots; the first two are not empty.
fn is_compact(value: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        part.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_')
    };
    let mut parts = value.split(|byte| *byte == b'.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    !header.is_empty()
        && !payload.is_empty()
        && [header, payload, signature].into_iter().all(is_part)
}
