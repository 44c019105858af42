//! Registered numbers and their names, as data: IANA's, as far as this family of formats has a use
//! for them. For printing and for reading what people write; nothing is refused for not being here.
//!
//! ```
//! use cose_ext::registry;
//!
//! assert_eq!(registry::ALGORITHMS.name(-7), Some("ES256"));
//! assert_eq!(registry::HEADER_PARAMETERS.value("x5chain"), Some(33));
//! assert_eq!(registry::CONTENT_FORMATS.name(277), Some("application/scitt-statement+cose"));
//! ```

mod tables;

use core::fmt;

use crate::{
    IntOrText,
    crypto::{Algorithm, Curve, KeyOperation, KeyType},
    header::Vds,
    label::{ClaimKey, ConfirmationMethod, Label},
};

/// IANA "COSE Header Parameters", and of "COSE Header Algorithm Parameters" those with a constant
/// of [`Label`].
pub const HEADER_PARAMETERS: Registry = Registry([Label::NAMES, &[]]);
/// IANA "COSE Algorithms".
pub const ALGORITHMS: Registry = Registry([Algorithm::NAMES, &tables::ALGORITHMS]);
/// IANA "COSE Key Types".
pub const KEY_TYPES: Registry = Registry([KeyType::NAMES, &[]]);
/// IANA "COSE Elliptic Curves".
pub const CURVES: Registry = Registry([Curve::NAMES, &[]]);
/// The values of `key_ops` (RFC 9052 table 5).
pub const KEY_OPERATIONS: Registry = Registry([&KeyOperation::NAMES, &[]]);
/// IANA "CBOR Web Token (CWT) Claims".
pub const CWT_CLAIMS: Registry = Registry([ClaimKey::NAMES, &[]]);
/// IANA "CWT Confirmation Methods".
pub const CONFIRMATION_METHODS: Registry = Registry([ConfirmationMethod::NAMES, &[]]);
/// IANA "CoAP Content-Formats": media types with their parameters.
pub const CONTENT_FORMATS: Registry = Registry([&tables::CONTENT_FORMATS, &[]]);
/// IANA "COSE Verifiable Data Structure Algorithms", and what drafts request there.
pub const VERIFIABLE_DATA_STRUCTURES: Registry = Registry([Vds::NAMES, &[]]);

type Table = &'static [(i64, &'static str)];

/// One registry: what this crate has types for, and the rest.
#[derive(Clone, Copy)]
pub struct Registry([Table; 2]);

impl Registry {
    /// Returns the registered name of `value`.
    #[must_use]
    pub fn name(&self, value: i64) -> Option<&'static str> {
        self.iter().find(|entry| entry.0 == value).map(|entry| entry.1)
    }

    /// Returns the value that is registered under `name`, spelt as in the registry.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<i64> {
        self.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    /// Values and names, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, &'static str)> + use<> {
        let Self([known, others]) = *self;
        known.iter().chain(others).copied()
    }

    /// The registered name of a label or an open value.
    pub(crate) fn name_of<'l>(&self, value: impl Into<IntOrText<'l>>) -> Option<&'static str> {
        value.into().to_i64().and_then(|value| self.name(value))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Registry; 9] = [
        HEADER_PARAMETERS,
        ALGORITHMS,
        KEY_TYPES,
        CURVES,
        KEY_OPERATIONS,
        CWT_CLAIMS,
        CONFIRMATION_METHODS,
        CONTENT_FORMATS,
        VERIFIABLE_DATA_STRUCTURES,
    ];

    #[test]
    fn names_and_values_are_one_to_one() {
        for registry in ALL {
            for (value, name) in registry.iter() {
                assert_eq!(registry.name(value), Some(name), "{value}");
                assert_eq!(registry.value(name), Some(value), "{name}");
                let same = |entry: &(i64, &str)| entry.0 == value || entry.1 == name;
                assert_eq!(registry.iter().filter(same).count(), 1, "{value} {name}");
            }
            assert_eq!((registry.name(i64::MIN), registry.value("")), (None, None));
        }
    }

    #[test]
    fn registered_names_are_found() {
        for (registry, value, name) in [
            (HEADER_PARAMETERS, 394, "receipts"),
            (HEADER_PARAMETERS, -27, "x5t-sender"),
            (ALGORITHMS, -7, "ES256"),
            (ALGORITHMS, -65534, "A128CTR"),
            (KEY_TYPES, 7, "AKP"),
            (CURVES, 1, "P-256"),
            (CURVES, 259, "brainpoolP512r1"),
            (KEY_OPERATIONS, 2, "verify"),
            (CWT_CLAIMS, 8, "cnf"),
            (CONFIRMATION_METHODS, 5, "ckt"),
            (CONTENT_FORMATS, 18, "application/cose; cose-type=\"cose-sign1\""),
            (CONTENT_FORMATS, 278, "application/scitt-receipt+cose"),
            (VERIFIABLE_DATA_STRUCTURES, 1, "RFC9162_SHA256"),
        ] {
            assert_eq!((registry.name(value), registry.value(name)), (Some(name), Some(value)));
        }
        assert_eq!(ALGORITHMS.value("es256"), None);
    }

    #[test]
    fn the_types_say_the_same_names() {
        for (value, name) in Algorithm::NAMES {
            assert_eq!(Algorithm::new(*value).name(), Some(*name));
        }
        for (value, name) in Vds::NAMES {
            assert_eq!(Vds::new(crate::cbor::Int::new(*value)).name(), Some(*name));
        }
        assert_eq!(CONTENT_FORMATS.name_of(IntOrText::Text("60")), None);
    }
}
