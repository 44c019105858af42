//! `eat_nonce` (RFC 9711 4.1).

use cose_ext::cbor::{Array, Elements, Raw, Reader, Type};

use super::{array, sized};
use crate::{Error, Rule, error::Breaks};

/// The nonces of a token: one, or two and more.
#[derive(Clone, Copy, Debug)]
pub struct Nonces<'a>(Form<'a>);

#[derive(Clone, Copy, Debug)]
enum Form<'a> {
    One(&'a [u8]),
    Several(Array<'a>),
}

impl<'a> Nonces<'a> {
    /// Reads one byte string of 8 to 64 bytes, or an array of at least two of them.
    ///
    /// # Errors
    ///
    /// [`Rule::Nonce`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::Nonce;
        if value.data_type() != Type::Array {
            return Ok(Self(Form::One(sized(value, 8, 64, RULE)?)));
        }
        let nonces = array(value, RULE)?;
        if nonces.len() < 2 {
            return Err(Error::broken(RULE, value.offset()));
        }
        nonces.iter().try_for_each(|nonce| sized(&nonce, 8, 64, RULE).map(|_| ()))?;
        Ok(Self(Form::Several(nonces)))
    }

    /// Returns the nonce where there is exactly one.
    #[must_use]
    pub const fn only(&self) -> Option<&'a [u8]> {
        match self.0 {
            Form::One(nonce) => Some(nonce),
            Form::Several(_) => None,
        }
    }

    /// Returns the nonces in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (one, several): (_, Option<Elements<'a>>) = match self.0 {
            Form::One(nonce) => (Some(nonce), None),
            Form::Several(nonces) => (None, Some(nonces.iter())),
        };
        let several = several.into_iter().flatten();
        let read = |raw: Raw<'a>| raw.read(Reader::bytes).breaks(Rule::Nonce).ok();
        one.into_iter().chain(several.filter_map(read))
    }
}
