//! What a kept manifest is called.

use core::fmt;

use cose_ext::cbor::{Raw, Type, Writer};

use crate::{ComponentId, Error, Manifest};

/// What a kept manifest is called: the component that it says it is, or nothing. Manifests without
/// such a name share one place.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a manifest is the root, or has an identifier")]
pub enum ManifestName<'a> {
    /// There is no manifest-component-id.
    Default,
    /// The manifest-component-id (trust domains).
    Component(ComponentId<'a>),
}

impl<'a> ManifestName<'a> {
    /// Returns the name of a manifest.
    pub fn of(manifest: &Manifest<'a>) -> Self {
        manifest.manifest_component_id().map_or(Self::Default, Self::Component)
    }

    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        match raw.data_type() {
            Type::Null => Ok(Self::Default),
            _ => ComponentId::read(raw).map(Self::Component),
        }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Default => writer.null(),
            Self::Component(id) => writer.encoded(id.bytes()),
        };
    }
}

/// Writes the identifier as [`ComponentId`] does, or nothing.
impl fmt::Display for ManifestName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => Ok(()),
            Self::Component(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl fmt::Debug for ManifestName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("Default"),
            Self::Component(id) => fmt::Display::fmt(id, f),
        }
    }
}
