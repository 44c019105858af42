//! `ueid` and `sueids` (RFC 9711 4.2.1, 4.2.2).

use core::fmt;

use cose_ext::cbor::{Map, Raw};

use super::{sized, text};
use crate::{Error, Rule, error::Breaks};

/// A universal entity identifier. A consumer compares it whole and takes nothing from its parts
/// (RFC 9711 4.2.1): [`kind`](Self::kind) is for messages to people.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ueid<'a>(&'a [u8]);

/// What the first byte of a UEID says about how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UeidKind {
    /// 1: random, of 16, 24 or 32 bytes.
    Random,
    /// 2: an IEEE identifier, EUI-48, EUI-60 or EUI-64.
    Eui,
    /// 3: an International Mobile Equipment Identity.
    Imei,
    /// Another one, or one whose length does not fit.
    Other,
}

impl<'a> Ueid<'a> {
    /// Reads a byte string of 7 to 33 bytes.
    ///
    /// # Errors
    ///
    /// [`Rule::Ueid`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        sized(value, 7, 33, Rule::Ueid).map(Self)
    }

    /// Takes bytes whose number was checked.
    pub(crate) const fn of_checked(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns all bytes.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.0
    }

    /// Returns how it was made, as its first byte and its length say.
    #[must_use]
    pub const fn kind(&self) -> UeidKind {
        match (self.0.first(), self.0.len()) {
            (Some(1), 17 | 25 | 33) => UeidKind::Random,
            (Some(2), 7 | 9) => UeidKind::Eui,
            (Some(3), 15) => UeidKind::Imei,
            _ => UeidKind::Other,
        }
    }
}

/// Writes the bytes in hexadecimal digits.
impl fmt::Display for Ueid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Ueid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Semi-permanent UEIDs, each under a label.
#[derive(Clone, Copy, Debug)]
pub struct Sueids<'a>(Map<'a>);

impl<'a> Sueids<'a> {
    /// Reads a map from text to UEIDs, which is not empty.
    ///
    /// # Errors
    ///
    /// [`Rule::Sueids`]; [`Rule::Ueid`] for an identifier in it.
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(value).breaks(Rule::Sueids)?;
        if map.is_empty() {
            return Err(Error::broken(Rule::Sueids, value.offset()));
        }
        for (label, ueid) in &map {
            text(&label, Rule::Sueids)?;
            Ueid::read(&ueid)?;
        }
        Ok(Self(map))
    }

    /// Returns labels and identifiers in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Ueid<'a>)> + use<'a> {
        self.0.iter().filter_map(|(label, ueid)| {
            Some((text(&label, Rule::Sueids).ok()?, Ueid::read(&ueid).ok()?))
        })
    }
}
