//! Why a conversion to or from coset fails.

use core::fmt;

use crate::{Error, cbor};

/// Why a view cannot become a coset type. Offsets are in bytes, in the input of the view, which for
/// a key of a set is that key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntoCosetError {
    /// A parameter that coset gives a type has another one, or breaks a rule.
    Malformed(Error),
    /// coset keeps this integer in 64 bits signed.
    IntegerRange {
        /// Where it stands.
        offset: usize,
    },
    /// A number that is neither in coset's copy of the registry nor for private use.
    Unregistered {
        /// Which registry.
        registry: Registry,
        /// The number.
        value: i64,
        /// Where it stands.
        offset: usize,
    },
    /// An empty value, which coset takes for an absent parameter: `kid`, `IV`, `Partial IV`, `Base
    /// IV`, `crit`, `key_ops`.
    EmptyMeansAbsent {
        /// Where the value stands.
        offset: usize,
    },
    /// `undefined`, or a simple value without a name: the value type of ciborium has neither.
    SimpleValue {
        /// Where it stands.
        offset: usize,
    },
    /// One countersignature in an array of its own: coset would write it without (RFC 8152 4.5).
    ListOfOne {
        /// Where the list stands.
        offset: usize,
    },
    /// Countersignatures of countersignatures, more than four levels of them: coset nests them
    /// without a bound.
    CountersignatureDepth {
        /// Where the innermost that was looked at stands.
        offset: usize,
    },
    /// A date in tag 1: coset would drop the tag.
    TaggedDate {
        /// Where the date stands.
        offset: usize,
    },
    /// An operation that `key_ops` repeats: coset has a set.
    RepeatedKeyOperation {
        /// Where `key_ops` stand.
        offset: usize,
    },
    /// Key type 0, which is reserved: to coset, that is a key without a type.
    ReservedKeyType {
        /// Where it stands.
        offset: usize,
    },
}

/// A registry of IANA of which coset has a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Registry {
    /// "COSE Algorithms".
    Algorithms,
    /// "COSE Header Parameters", asked for the labels in `crit`.
    HeaderParameters,
    /// "CoAP Content-Formats".
    ContentFormats,
    /// "CBOR Web Token (CWT) Claims".
    Claims,
    /// "COSE Key Types".
    KeyTypes,
    /// "COSE Key Operations" (RFC 9052 7.1).
    KeyOperations,
}

/// Why a coset type cannot become a builder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FromCosetError {
    /// A label that stands twice in one map.
    RepeatedLabel,
    /// More levels of arrays, maps and tags than a reader here accepts
    /// ([`cbor::MAX_DEPTH`](crate::cbor::MAX_DEPTH)).
    TooDeep,
    /// A value that ciborium does not write, or that a newer version of it added.
    NotEncoded,
    /// What was made breaks a rule.
    Malformed(Error),
}

impl From<Error> for IntoCosetError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

impl From<cbor::Error> for IntoCosetError {
    fn from(error: cbor::Error) -> Self {
        Self::Malformed(error.into())
    }
}

impl From<Error> for FromCosetError {
    fn from(error: Error) -> Self {
        Self::Malformed(error)
    }
}

impl fmt::Display for IntoCosetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, offset) = match *self {
            Self::Malformed(error) => return fmt::Display::fmt(&error, f),
            Self::Unregistered { registry, value, offset } => {
                return write!(f, "coset has no {value} among the {registry}, at byte {offset}");
            }
            Self::IntegerRange { offset } => ("coset keeps integers here in 64 bits", offset),
            Self::EmptyMeansAbsent { offset } => ("empty, which to coset means absent", offset),
            Self::SimpleValue { offset } => ("ciborium has no such simple value", offset),
            Self::ListOfOne { offset } => {
                ("coset loses the list around one countersignature", offset)
            }
            Self::CountersignatureDepth { offset } => {
                ("countersignatures nested too deeply", offset)
            }
            Self::TaggedDate { offset } => ("coset loses the tag of a date", offset),
            Self::RepeatedKeyOperation { offset } => ("coset has a set of key operations", offset),
            Self::ReservedKeyType { offset } => ("key type 0, which to coset means absent", offset),
        };
        write!(f, "{what}, at byte {offset}")
    }
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Algorithms => "COSE algorithms",
            Self::HeaderParameters => "COSE header parameters",
            Self::ContentFormats => "CoAP content formats",
            Self::Claims => "CWT claims",
            Self::KeyTypes => "COSE key types",
            Self::KeyOperations => "COSE key operations",
        })
    }
}

impl fmt::Display for FromCosetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed(error) => return fmt::Display::fmt(error, f),
            Self::RepeatedLabel => "a label stands twice in one map",
            Self::TooDeep => "nested more deeply than is read here",
            Self::NotEncoded => "a value that ciborium does not write",
        })
    }
}

impl core::error::Error for IntoCosetError {}

impl core::error::Error for FromCosetError {}
