//! `manifests` and `measurements` (RFC 9711 4.2.15, 4.2.16).

use cose_ext::cbor::{Array, Raw};

use super::{array, bytes, some, uint};
use crate::{Error, Rule, error::Breaks};

/// A CoAP content format (RFC 7252 12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentFormat(pub u16);

impl ContentFormat {
    /// `application/swid+cbor`: a CoSWID, in manifests payload, in measurements evidence.
    pub const SWID_CBOR: Self = Self(258);
    /// `application/eat+cwt` (RFC 9782).
    pub const EAT_CWT: Self = Self(263);
}

/// One manifest or measurement: what it is, and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content<'a> {
    /// What the bytes are.
    pub format: ContentFormat,
    /// The bytes, which nobody has read.
    pub bytes: &'a [u8],
    /// Where they stand in the input.
    pub offset: usize,
}

/// Manifests or measurements.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    array: Array<'a>,
    rule: Rule,
}

impl<'a> Contents<'a> {
    pub(crate) fn read(value: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        let array = some(value, rule)?;
        array.iter().try_for_each(|content| Content::read(&content, rule).map(|_| ()))?;
        Ok(Self { array, rule })
    }

    /// Returns formats and bytes in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = Content<'a>> + use<'a> {
        let rule = self.rule;
        self.array.iter().filter_map(move |content| Content::read(&content, rule).ok())
    }
}

impl<'a> Content<'a> {
    fn read(value: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        let [format, body] = array(value, rule)?.exactly().breaks(rule)?;
        let number = uint(&format, rule)?.try_into();
        let format = number.map_err(|_| Error::broken(rule, format.offset()))?;
        let content = bytes(&body, rule)?;
        let head = body.bytes().len().saturating_sub(content.len());
        let offset = body.offset().saturating_add(head);
        Ok(Self { format: ContentFormat(format), bytes: content, offset })
    }
}
