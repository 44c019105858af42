//! `eat_profile` (RFC 9711 4.3.2).

use cose_ext::cbor::{Raw, Type};

use super::{bytes, text};
use crate::{Error, Rule};

const RULE: Rule = Rule::EatProfile;

/// Which profile a token follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 4.3.2 has no others")]
pub enum ProfileId<'a> {
    /// A URI.
    Uri(&'a str),
    /// The value of an object identifier in BER, without tag and length.
    Oid(&'a [u8]),
}

impl<'a> ProfileId<'a> {
    /// Reads a text with a scheme, or the bytes of an object identifier; neither is tagged.
    ///
    /// # Errors
    ///
    /// [`Rule::EatProfile`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let broken = Error::broken(RULE, value.offset());
        if value.data_type() == Type::Text {
            let uri = text(value, RULE)?;
            return if is_uri(uri) { Ok(Self::Uri(uri)) } else { Err(broken) };
        }
        let oid = bytes(value, RULE)?;
        if is_oid(oid) { Ok(Self::Oid(oid)) } else { Err(broken) }
    }
}

/// An absolute URI begins with a scheme (RFC 3986 3.1), and has no spaces.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    scheme.is_some_and(|scheme| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_part)
    }) && text.chars().all(|c| c.is_ascii_graphic())
}

/// Every number of an object identifier ends with a byte below 128, and does not begin with 0x80
/// (X.690 8.19).
fn is_oid(oid: &[u8]) -> bool {
    let ends = oid.last().is_some_and(|last| *last < 0x80);
    let mut starts = true;
    let shortest = oid.iter().all(|byte| {
        let good = !starts || *byte != 0x80;
        starts = *byte < 0x80;
        good
    });
    ends && shortest
}
