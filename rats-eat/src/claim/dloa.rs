//! `dloas` (RFC 9711 4.2.14).

use cose_ext::cbor::{Array, Raw};

use super::{array, some, text};
use crate::{Error, Rule};

const RULE: Rule = Rule::Dloas;

/// A digital letter of approval: where it is found, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dloa<'a> {
    /// URI of the registrar.
    pub registrar: &'a str,
    /// Label of the platform.
    pub platform: &'a str,
    /// Label of the application, where the letter is for one.
    pub application: Option<&'a str>,
}

/// Digital letters of approval.
#[derive(Clone, Copy, Debug)]
pub struct Dloas<'a>(Array<'a>);

impl<'a> Dloas<'a> {
    /// Reads an array, not empty, of arrays of two or three texts.
    ///
    /// # Errors
    ///
    /// [`Rule::Dloas`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let dloas = some(value, RULE)?;
        dloas.iter().try_for_each(|dloa| Dloa::read(&dloa).map(|_| ()))?;
        Ok(Self(dloas))
    }

    /// Returns the letters in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = Dloa<'a>> + use<'a> {
        self.0.iter().filter_map(|dloa| Dloa::read(&dloa).ok())
    }
}

impl<'a> Dloa<'a> {
    fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let texts = array(value, RULE)?;
        let broken = Error::broken(RULE, value.offset());
        let mut iter = texts.iter();
        let registrar = text(&iter.next().ok_or(broken)?, RULE)?;
        let platform = text(&iter.next().ok_or(broken)?, RULE)?;
        let application = iter.next().map(|label| text(&label, RULE)).transpose()?;
        if texts.len() > 3 { Err(broken) } else { Ok(Self { registrar, platform, application }) }
    }
}
