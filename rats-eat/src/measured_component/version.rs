//! The version of a component.

use cose_ext::{
    IntOrText,
    cbor::{Array, Raw, Reader},
};

use super::read_int_or_text;
use crate::{Error, Rule, error::Breaks};

/// A version, and the scheme that it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentVersion<'a> {
    /// The version.
    pub version: &'a str,
    /// The number or the name of its scheme (RFC 9393 4.1).
    pub scheme: Option<IntOrText<'a>>,
}

impl<'a> ComponentVersion<'a> {
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::ComponentId)?;
        let mut elements = array.iter();
        let version = elements.next().ok_or(Error::broken(Rule::ComponentId, raw.offset()))?;
        let version = version.read(Reader::text).breaks(Rule::ComponentId)?;
        let scheme = elements.next();
        let scheme = scheme.map(|scheme| read_int_or_text(&scheme, Rule::ComponentId));
        match elements.next() {
            None => Ok(Self { version, scheme: scheme.transpose()? }),
            Some(more) => Err(Error::broken(Rule::ComponentId, more.offset())),
        }
    }
}
