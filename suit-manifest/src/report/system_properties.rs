//! What was measured of the system (SUIT report 4.1).

use cose_ext::{
    Digest, Profile,
    cbor::{self, Map, Raw, Reader, Type},
};

use crate::{
    ComponentId, Error, Rule, digest,
    error::{Breaks, Fact},
    label::{parameter, report},
    parameters::{Parameter, ParameterKind},
};

/// What was measured: parameters, as SUIT_Parameters has them, but with what is there in place of
/// what is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Properties<'a> {
    map: Map<'a>,
    digest: Option<Digest<'a>>,
}

impl<'a> Properties<'a> {
    /// Reads a map of parameters, and of other keys that are `beside` them. Parameters of
    /// extensions, whose keys nobody knows here, may be of any type.
    pub(super) fn read(map: Map<'a>, profile: &Profile, beside: &[i64]) -> Result<Self, Error> {
        let mut digest = None;
        for (key, value) in &map {
            let code = key.read(Reader::int).breaks(Rule::PropertiesForm)?;
            let label = code.to_i64().unwrap_or_default();
            if beside.contains(&label) {
                continue;
            }
            if label == parameter::IMAGE_DIGEST {
                value.read(Reader::bytes).breaks(Rule::PropertiesForm)?;
                digest = Some(digest::embedded(&value, profile)?);
            }
            if let Some(kind) = code.to_i64().and_then(ParameterKind::new) {
                value.read(|reader| pass(kind, reader)).breaks(Rule::PropertiesForm)?;
            }
        }
        Ok(Self { map, digest })
    }

    /// Returns the value of the parameter `key`, of [`label::parameter`](crate::label::parameter).
    #[must_use]
    pub fn find(&self, key: i64) -> Option<Raw<'a>> {
        self.map.find(key)
    }

    /// Returns the digest that the image has.
    #[must_use]
    pub const fn image_digest(&self) -> Option<Digest<'a>> {
        self.digest
    }

    /// Returns the size that the image has, in bytes.
    pub fn image_size(&self) -> Option<u64> {
        self.find(parameter::IMAGE_SIZE)?.read(Reader::uint).ok()
    }
}

/// What was measured of a component. Several of them may be about one component.
#[derive(Clone, Copy, Debug)]
pub struct SystemProperties<'a> {
    component: ComponentId<'a>,
    properties: Properties<'a>,
}

impl<'a> SystemProperties<'a> {
    /// Reads a map with the identifier of a component and at least one parameter.
    ///
    /// # Errors
    ///
    /// [`Rule::PropertiesForm`], [`Rule::ComponentIdForm`].
    pub(super) fn read(raw: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::PropertiesForm)?;
        let broken = Error::malformed(Rule::PropertiesForm, Fact::Count(map.len()), raw.offset());
        let id = map.find(report::SYSTEM_COMPONENT_ID).ok_or(broken)?;
        if map.len() < 2 {
            return Err(broken);
        }
        let properties = Properties::read(map, profile, &[report::SYSTEM_COMPONENT_ID])?;
        Ok(Self { component: ComponentId::read(&id)?, properties })
    }

    /// Returns the component.
    #[must_use]
    pub const fn component(&self) -> ComponentId<'a> {
        self.component
    }

    /// Returns what was measured of it.
    #[must_use]
    pub const fn properties(&self) -> Properties<'a> {
        self.properties
    }
}

/// Goes past the value of a parameter, which has to have its type, in whatever encoding.
fn pass(kind: ParameterKind, reader: &mut Reader<'_>) -> Result<(), cbor::Error> {
    match kind {
        ParameterKind::StrictOrder | ParameterKind::SoftFailure => reader.bool().map(drop),
        ParameterKind::Unsupported(_) => reader.skip(),
        // A Private Enterprise Number in its tag.
        ParameterKind::Kept(Parameter::VendorIdentifier) if reader.peek()? == Type::Tag => {
            reader.skip()
        }
        ParameterKind::Kept(
            Parameter::ComponentSlot | Parameter::ImageSize | Parameter::SourceComponent,
        ) => reader.uint().map(drop),
        ParameterKind::Kept(Parameter::Uri) => reader.text().map(drop),
        ParameterKind::Kept(_) => reader.bytes().map(drop),
    }
}
