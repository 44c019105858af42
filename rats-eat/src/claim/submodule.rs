//! `submods` (RFC 9711 4.2.18).

use cose_ext::{
    Digest,
    cbor::{Map, Raw, Reader, Type},
    crypto::Algorithm,
    registry,
};

use super::{array, bytes, text};
use crate::{Error, Rule, error::Breaks};

const RULE: Rule = Rule::Submods;

/// The submodules of an entity, each under a name.
#[derive(Clone, Copy, Debug)]
pub struct Submodules<'a>(Map<'a>);

/// A submodule, told apart by its type. Nothing is inherited from the set around it.
///
/// Nobody vouches for one that is read out of claims that nobody has verified:
///
/// ```compile_fail,E0308
/// use rats_eat::{claim::Submodule, cose_ext::{Verified, cbor::Raw, sign::Signers}};
/// fn forge<'a>(value: &Raw<'a>) -> Verified<Submodule<'a>, Signers> {
///     Submodule::read(value).unwrap() // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9711 4.2.18 has no others")]
pub enum Submodule<'a> {
    /// A map: a claims set, for which vouches who vouches for the set around it.
    Claims(Raw<'a>),
    /// A byte string: a token in CBOR, with tag, which vouches for itself.
    Token(Raw<'a>),
    /// A text: something in JSON, a token for the most part.
    Json(JsonSelector<'a>),
    /// An array: the digest of a claims set that stands elsewhere.
    Digest(Raw<'a>),
}

/// What a text in `submods` holds: the JSON array of a type and a value (RFC 9711 4.2.18.2).
///
/// What stands in it is opened with who vouches for the text, or not at all:
///
/// ```compile_fail,E0308
/// use rats_eat::{claim::JsonSelector, cose_ext::{Verified, sign::Signers}};
/// fn forge<'a>(selector: JsonSelector<'a>) -> Verified<JsonSelector<'a>, Signers> {
///     selector // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonSelector<'a> {
    /// `JWT`, `BUNDLE`, `CBOR` or `UJCS`.
    pub kind: &'a str,
    /// The whole text.
    pub text: &'a str,
}

impl<'a> Submodules<'a> {
    /// Reads a map from text to submodules, which is not empty. What stands in each is read by
    /// [`Submodule::read`] alone, so that one of them does not spoil the others.
    ///
    /// # Errors
    ///
    /// [`Rule::Submods`].
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(value).breaks(RULE)?;
        if map.is_empty() {
            return Err(Error::broken(RULE, value.offset()));
        }
        map.iter().try_for_each(|(name, _)| text(&name, RULE).map(|_| ()))?;
        Ok(Self(map))
    }

    /// Returns names and encoded submodules in the order of the token.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, Raw<'a>)> + use<'a> {
        self.0.iter().filter_map(|(name, value)| Some((text(&name, RULE).ok()?, value)))
    }

    /// Returns the encoded submodule `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Raw<'a>> {
        self.0.find_text(name)
    }
}

impl<'a> IntoIterator for Submodules<'a> {
    type Item = (Raw<'a>, Raw<'a>);
    type IntoIter = cose_ext::cbor::Entries<'a>;

    /// Iterates over names and submodules, both encoded.
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a> Submodule<'a> {
    /// Tells which kind of submodule `value` is. A claims set and a token are not read further.
    ///
    /// # Errors
    ///
    /// [`Rule::Submods`] for another type; [`Rule::JsonSelector`] for a text that is not a
    /// selector, or one of a digest; [`Rule::SubmoduleDigest`] for an array that is not a digest.
    pub fn read(value: &Raw<'a>) -> Result<Self, Error> {
        match value.data_type() {
            Type::Map => Ok(Self::Claims(*value)),
            Type::Bytes => bytes(value, RULE).map(|_| Self::Token(*value)),
            Type::Text => JsonSelector::read(value).map(Self::Json),
            Type::Array => digest(value).map(|_| Self::Digest(*value)),
            _ => Err(Error::broken(RULE, value.offset())),
        }
    }
}

/// Reads the digest of a detached submodule: an algorithm of the COSE registry, by number or name,
/// and bytes as long as its output.
pub(crate) fn digest<'a>(value: &Raw<'a>) -> Result<Digest<'a>, Error> {
    const RULE: Rule = Rule::SubmoduleDigest;
    let [algorithm, digest] = array(value, RULE)?.exactly().breaks(RULE)?;
    let number = match algorithm.data_type() {
        Type::Text => registry::ALGORITHMS.value(text(&algorithm, RULE)?),
        _ => algorithm.read(Reader::int).breaks(RULE)?.to_i64(),
    };
    let broken = Error::broken(RULE, value.offset());
    let algorithm = Algorithm::new(number.ok_or(broken)?);
    Digest::new(algorithm, bytes(&digest, RULE)?).map_err(|_| broken)
}

impl<'a> JsonSelector<'a> {
    /// Reads the type that the selector names; what follows it is not looked at.
    pub(crate) fn read(value: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::JsonSelector;
        let text = text(value, RULE)?;
        let space: &[char] = &[' ', '\t', '\n', '\r'];
        let kind = text
            .trim_start_matches(space)
            .strip_prefix('[')
            .and_then(|rest| rest.trim_start_matches(space).strip_prefix('"'))
            .and_then(|rest| rest.split_once('"'))
            .filter(|(_, rest)| rest.trim_start_matches(space).starts_with(','))
            .filter(|_| text.trim_end_matches(space).ends_with(']'))
            .map(|(kind, _)| kind);
        match kind {
            Some(kind @ ("JWT" | "BUNDLE" | "CBOR" | "UJCS")) => Ok(Self { kind, text }),
            _ => Err(Error::broken(RULE, value.offset())),
        }
    }
}
