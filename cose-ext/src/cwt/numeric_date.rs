//! NumericDate (RFC 8392 2).

use crate::{
    Error, Rule,
    cbor::{ErrorKind, Item, Raw},
    error::{self, Breaks, Policy},
};

const TAGGED: Error = Error::new(error::ErrorKind::Policy(Policy::TaggedDate));

/// Seconds since 1970-01-01T00:00Z, whole or not (RFC 8392 2, RFC 8949 3.4.2).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[allow(clippy::exhaustive_enums, reason = "RFC 8392 2 has no others")]
pub enum Time {
    /// Whole seconds.
    Seconds(i64),
    /// Seconds with a fraction; finite.
    Fractional(f64),
}

impl Time {
    /// Returns the time rounded down to whole seconds, saturating.
    #[must_use]
    pub fn floor(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Fractional(seconds) => floor(seconds),
        }
    }

    pub(super) const fn is_finite(self) -> bool {
        match self {
            Self::Seconds(_) => true,
            Self::Fractional(seconds) => seconds.is_finite(),
        }
    }

    /// Whole seconds rounded down, and what is left over, at least 0 and below 1.
    #[allow(clippy::as_conversions)]
    pub(super) fn split(self) -> (i64, f64) {
        match self {
            Self::Seconds(seconds) => (seconds, 0.0),
            Self::Fractional(seconds) => {
                let whole = floor(seconds);
                // Beyond the range of whole seconds there is no fraction to speak of.
                (whole, (seconds - (whole as f64)).clamp(0.0, 1.0))
            }
        }
    }
}

/// `as` truncates towards zero and saturates.
#[allow(clippy::as_conversions)]
fn floor(seconds: f64) -> i64 {
    let truncated = seconds as i64;
    if (truncated as f64) > seconds { truncated.saturating_sub(1) } else { truncated }
}

/// NumericDate, the type of `exp`, `nbf` and `iat` (RFC 8392 2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumericDate {
    time: Time,
    tagged_at: Option<usize>,
}

impl NumericDate {
    pub(crate) fn read(value: &Raw<'_>) -> Result<Self, Error> {
        let read = |reader: &mut crate::cbor::Reader<'_>| {
            let start = reader.position();
            let mut item = reader.item()?;
            let is_tagged = item == Item::Tag(crate::tag::EPOCH_TIME);
            if is_tagged {
                item = reader.item()?;
            }
            let time = match item {
                Item::Int(seconds) => seconds.to_i64().map(Time::Seconds),
                Item::Float(seconds) => {
                    Some(Time::Fractional(seconds)).filter(|_| seconds.is_finite())
                }
                other => return Err(reader.unexpected(crate::cbor::Type::Int, &other, start)),
            };
            let time = time.ok_or(reader.error(ErrorKind::IntegerRange, start))?;
            Ok(Self { time, tagged_at: is_tagged.then_some(value.offset()) })
        };
        value.read(read).breaks(Rule::ClaimsForm)
    }

    /// Returns the time, whether or not it was wrapped in tag 1.
    ///
    /// RFC 8392 2 requires it bare; statements of real services wrap it.
    #[must_use]
    pub const fn time(&self) -> Time {
        self.time
    }

    /// Returns whether the date came wrapped in tag 1.
    #[must_use]
    pub const fn is_tagged(&self) -> bool {
        self.tagged_at.is_some()
    }

    /// Returns the time of a date that is not wrapped in a tag, as RFC 8392 2 requires it.
    ///
    /// # Errors
    ///
    /// If it was wrapped in tag 1.
    pub const fn untagged(&self) -> Result<Time, Error> {
        match self.tagged_at {
            Some(offset) => Err(TAGGED.at(offset)),
            None => Ok(self.time),
        }
    }
}
