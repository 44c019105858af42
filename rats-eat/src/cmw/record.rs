//! Records: a type, a value, and at most indicators (RFC 9999 3.1).

use cose_ext::cbor::{Array, Raw, Reader};

use super::{Indicators, MediaType, known_type};
use crate::{Error, Rule, error::Breaks};

/// A record as it was received. Untrusted: its type and its indicators grant no role.
///
/// ```compile_fail,E0308
/// use rats_eat::{cmw::Record, cose_ext::Verified};
/// fn forge<'a>(record: Record<'a>) -> Verified<Record<'a>> {
///     record // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    raw: Raw<'a>,
    media_type: MediaType<'a>,
    value: &'a [u8],
    indicators: Option<Indicators>,
}

impl<'a> Record<'a> {
    pub(crate) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let wrong = Error::broken(Rule::CmwRecord, raw.offset());
        let array = Array::new(raw).breaks(Rule::CmwRecord)?;
        let mut elements = array.iter();
        let (Some(media_type), Some(value)) = (elements.next(), elements.next()) else {
            return Err(wrong);
        };
        let indicators = elements.next();
        if elements.next().is_some() {
            return Err(wrong);
        }
        Ok(Self {
            raw: *raw,
            media_type: MediaType::read(&media_type)?,
            value: value.read(Reader::bytes).breaks(Rule::CmwValue)?,
            indicators: indicators.map(|raw| Indicators::read(&raw)).transpose()?,
        })
    }

    /// Returns the type that the record names.
    #[must_use]
    pub const fn media_type(&self) -> MediaType<'a> {
        self.media_type
    }

    /// Returns the message.
    #[must_use]
    pub const fn value(&self) -> &'a [u8] {
        self.value
    }

    /// Returns what the record says that the message is.
    #[must_use]
    pub const fn indicators(&self) -> Option<Indicators> {
        self.indicators
    }

    /// Returns the record as it was received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }

    /// Returns where the record starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.raw.offset()
    }

    /// Checks that the value is of the type that the record names, where that is one of EAT's.
    ///
    /// # Errors
    ///
    /// [`Rule::CmwType`].
    pub fn check_type(&self) -> Result<(), Error> {
        known_type::check(self.media_type, self.value, self.raw.offset())
    }
}
