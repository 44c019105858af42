//! `hwversion` and `swversion` (RFC 9711 4.2.5, 4.2.7).

use cose_ext::cbor::{Raw, Reader, Type};

pub use crate::version_scheme::VersionScheme;

use super::{array, text};
use crate::{Error, Rule, error::Breaks};

/// A version, and how versions are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version<'a> {
    /// The version.
    pub version: &'a str,
    /// Its scheme, by number (RFC 9393 4.1: 1 multipartnumeric, 2 with suffix, 3 alphanumeric,
    /// 4 decimal, 16384 semver) or by name.
    pub scheme: Option<VersionScheme<'a>>,
}

impl<'a> Version<'a> {
    /// Reads an array of a text and at most a version scheme; what breaks that breaks `rule`.
    pub(crate) fn read(value: &Raw<'a>, rule: Rule) -> Result<Self, Error> {
        let elements = array(value, rule)?;
        let mut iter = elements.iter();
        let broken = Error::broken(rule, value.offset());
        let version = text(&iter.next().ok_or(broken)?, rule)?;
        let scheme = iter.next().map(|scheme| Self::scheme(&scheme, rule)).transpose()?;
        if elements.len() > 2 { Err(broken) } else { Ok(Self { version, scheme }) }
    }

    fn scheme(value: &Raw<'a>, rule: Rule) -> Result<VersionScheme<'a>, Error> {
        match value.data_type() {
            Type::Int => value.read(Reader::int).map(VersionScheme::Number).breaks(rule),
            _ => text(value, rule).map(VersionScheme::Name),
        }
    }
}
