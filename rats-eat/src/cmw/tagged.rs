//! Wrappers whose tag stands for the type (RFC 9999 3.2, RFC 9277 4.3).

use cose_ext::cbor::{Item, Raw};

use super::{MediaType, known_type};
use crate::{
    Error, Rule,
    label::{FIRST_CONTENT_FORMAT_TAG, LAST_CONTENT_FORMAT_TAG},
};

/// A tagged value as it was received.
#[derive(Clone, Copy, Debug)]
pub struct Tagged<'a> {
    raw: Raw<'a>,
    content_format: u16,
    value: &'a [u8],
}

impl<'a> Tagged<'a> {
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let (tag, value) = raw.read(|reader| {
            let tag = match reader.item()? {
                Item::Tag(tag) => Some(tag),
                _ => None,
            };
            let start = reader.position();
            let value = reader.clone().bytes();
            reader.skip()?;
            Ok((tag, value.map_err(|_| start)))
        })?;
        let content_format = tag.and_then(content_format);
        let content_format = content_format.ok_or(Error::broken(Rule::CmwTag, raw.offset()))?;
        let value = value.map_err(|start| Error::broken(Rule::CmwValue, start));
        let value = value.map_err(|error| error.within(raw.offset()))?;
        Ok(Self { raw: *raw, content_format, value })
    }

    /// Returns the content format that the tag stands for.
    #[must_use]
    pub const fn content_format(&self) -> u16 {
        self.content_format
    }

    /// Returns the message.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Returns the tag and the value as they were received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }

    /// Checks that the value is of the type that the tag stands for, where that is one of EAT's.
    ///
    /// # Errors
    ///
    /// [`Rule::CmwType`].
    pub fn check_type(&self) -> Result<(), Error> {
        let media_type = MediaType::ContentFormat(self.content_format);
        known_type::check(media_type, self.value, self.raw.offset())
    }

    /// Returns the tag number of a content format; `None` for those that have none, from 65025 on.
    #[must_use]
    pub fn number_of(content_format: u16) -> Option<u64> {
        let format = u64::from(content_format);
        let (high, low) = (format.checked_div(255)?, format.checked_rem(255)?);
        let number = FIRST_CONTENT_FORMAT_TAG.checked_add(high.checked_mul(256)?)?;
        let number = number.checked_add(low)?;
        (number <= LAST_CONTENT_FORMAT_TAG).then_some(number)
    }
}

/// The content format that a tag number stands for. The lowest byte of the number is never zero.
fn content_format(tag: u64) -> Option<u16> {
    if tag > LAST_CONTENT_FORMAT_TAG {
        return None;
    }
    let index = tag.checked_sub(FIRST_CONTENT_FORMAT_TAG)?;
    let (high, low) = (index.checked_div(256)?, index.checked_rem(256)?);
    let format = high.checked_mul(255)?.checked_add(low)?;
    if low == 255 { None } else { u16::try_from(format).ok() }
}
