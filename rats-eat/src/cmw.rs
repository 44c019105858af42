//! Conceptual message wrappers (RFC 9999): a message of attestation with its type.
//!
//! ```
//! use rats_eat::{cmw::{Cmw, MediaType}, cose_ext::Profile};
//!
//! let bytes = [0x82, 0x19, 0x01, 0x07, 0x41, 0x00]; // [263, h'00']
//! let Cmw::Record(record) = Cmw::decode(&bytes, &Profile::LENIENT)? else { panic!() };
//! assert_eq!(record.media_type(), MediaType::ContentFormat(263));
//! # Ok::<(), rats_eat::Error>(())
//! ```

mod collection;
mod extension;
mod indicators;
#[cfg(feature = "json")]
mod json;
mod known_type;
mod media_type;
mod record;
mod signed;
mod tagged;

use cose_ext::{
    Profile,
    cbor::{Raw, Type},
};

use crate::{Claims, Error, Rule, label::CMW_CLAIM};

pub use collection::{Collection, CollectionType, Entries};
pub use extension::CmwExtension;
pub use indicators::Indicators;
#[cfg(feature = "json")]
pub use json::{CmwJson, from_json};
#[cfg(feature = "json")]
pub(crate) use json::{cmw as record_from_json, write_record};
pub use media_type::MediaType;
pub use record::Record;
pub use signed::SignedCmw;
pub use tagged::Tagged;

/// How deep collections may stand in collections. A composite device has a level for each board
/// within a board; the limit is far above that, and each level costs one frame of the stack.
const MAX_DEPTH: usize = 8;

/// A conceptual message wrapper as it was received: parsed, borrowed, untrusted.
///
/// The bytes are kept, and nothing is encoded again. The type and the indicators are what the
/// sender says: they grant the message no role.
///
/// ```compile_fail,E0308
/// use rats_eat::{cmw::Cmw, cose_ext::{Profile, Verified}};
/// fn forge(bytes: &[u8]) -> Verified<Cmw<'_>> {
///     Cmw::decode(bytes, &Profile::LENIENT).unwrap() // nobody vouches for it
/// }
/// ```
///
/// ```compile_fail,E0308
/// use rats_eat::{cmw::Cmw, cose_ext::{Profile, Verified}};
/// fn forge(bytes: &[u8]) -> Verified<Cmw<'_>> {
///     Cmw::decode(bytes, &Profile::LENIENT).unwrap() // nobody vouches for it
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "RFC 9999 3 has no others")]
pub enum Cmw<'a> {
    /// A type, a value, and at most indicators.
    Record(Record<'a>),
    /// A value whose tag stands for its type.
    Tagged(Tagged<'a>),
    /// Wrappers under labels.
    Collection(Collection<'a>),
}

impl<'a> Cmw<'a> {
    /// Reads a wrapper that is the whole of `bytes`, and all wrappers in it.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another form, and what breaks a rule of wrappers, however
    /// deep.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::of(&profile.item(bytes, 0)?)
    }

    /// Reads the wrapper that a checked item is, and all wrappers in it.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of(item: &Raw<'a>) -> Result<Self, Error> {
        Self::at_depth(item, 0)
    }

    /// Reads the wrapper that a claims set carries in its claim `cmw`, if it does. The number of
    /// the claim, 299, is requested and not yet registered.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn in_claims(claims: &Claims<'a>) -> Result<Option<Self>, Error> {
        claims.find(CMW_CLAIM.into()).map(|item| Self::of(&item)).transpose()
    }

    fn at_depth(item: &Raw<'a>, depth: usize) -> Result<Self, Error> {
        match item.data_type() {
            Type::Array => Record::read(item).map(Self::Record),
            Type::Tag => Tagged::read(item).map(Self::Tagged),
            Type::Map if depth < MAX_DEPTH => Collection::read(item, depth).map(Self::Collection),
            Type::Map => Err(Error::limit(Rule::CmwDepth).at(item.offset())),
            _ => Err(Error::broken(Rule::CmwForm, item.offset())),
        }
    }

    /// Returns the wrapper as it was received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Record(record) => record.bytes(),
            Self::Tagged(tagged) => tagged.bytes(),
            Self::Collection(collection) => collection.bytes(),
        }
    }

    /// Checks that the value is of the type that the wrapper names, where the type is one of EAT's;
    /// of a collection, the values of all wrappers in it. Types that are not known here pass.
    ///
    /// # Errors
    ///
    /// [`Rule::CmwType`] at the first value that is of another type.
    pub fn check_types(&self) -> Result<(), Error> {
        match self {
            Self::Record(record) => record.check_type(),
            Self::Tagged(tagged) => tagged.check_type(),
            Self::Collection(collection) => {
                collection.entries().try_for_each(|(_, cmw)| cmw.check_types())
            }
        }
    }
}
