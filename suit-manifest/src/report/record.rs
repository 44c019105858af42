//! SUIT_Record: a decision of the processor (SUIT report 3).

use cose_ext::{
    Digest, Profile,
    cbor::{Array, Elements, Map, Raw, Reader, Writer},
};

use super::system_properties::Properties;
use crate::{
    Error, Rule, digest,
    error::{Breaks, Fact},
    label::parameter,
};

/// The number of elements that every record has.
const ELEMENTS: usize = 5;

/// What this project writes behind the five elements of a record whose offset counts in the shared
/// sequence: the specification has no number for that sequence, and leaves room for extensions.
pub const SHARED_SEQUENCE: bool = true;

/// A decision of the processor: where in which manifest, for which component, and what was
/// measured. Which decision it was is told by the manifest.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    manifest_id: Array<'a>,
    section: i64,
    offset: u64,
    component_index: u64,
    properties: Properties<'a>,
    extension: Option<Raw<'a>>,
}

impl<'a> Record<'a> {
    /// Reads a record: an array of five elements, and extensions behind them.
    ///
    /// # Errors
    ///
    /// [`Rule::RecordForm`], [`Rule::PropertiesForm`].
    pub(super) fn read(raw: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::RecordForm)?;
        let few = Error::malformed(Rule::RecordForm, Fact::Count(array.len()), raw.offset());
        let mut elements = array.iter();
        let mut next = || elements.next().ok_or(few);
        let manifest_id = Array::new(&next()?).breaks(Rule::RecordForm)?;
        for index in &manifest_id {
            index.read(Reader::uint).breaks(Rule::RecordForm)?;
        }
        let section = next()?;
        let no_section = Error::malformed(Rule::RecordForm, Fact::None, section.offset());
        let section = section.read(Reader::int).breaks(Rule::RecordForm)?.to_i64();
        let offset = next()?.read(Reader::uint).breaks(Rule::RecordForm)?;
        let component_index = next()?.read(Reader::uint).breaks(Rule::RecordForm)?;
        let properties = next()?;
        let map = Map::new(&properties).breaks(Rule::RecordForm)?;
        Ok(Self {
            manifest_id,
            section: section.ok_or(no_section)?,
            offset,
            component_index,
            properties: Properties::read(map, profile, &[])?,
            extension: array.iter().nth(ELEMENTS),
        })
    }

    /// Returns the component indices that lead from the root manifest to the one that was
    /// processed, each in the manifest above; none for the root.
    #[must_use]
    pub fn manifest_id(&self) -> ManifestPath<'a> {
        ManifestPath { elements: self.manifest_id.iter() }
    }

    /// Returns the number of the section, as [`Section::label`](crate::Section::label) gives it.
    #[must_use]
    pub const fn section(&self) -> i64 {
        self.section
    }

    /// Returns where the command stands in the sequence, in bytes.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the component that the command was about, by its index in that manifest.
    #[must_use]
    pub const fn component_index(&self) -> u64 {
        self.component_index
    }

    /// Returns what was measured.
    #[must_use]
    pub const fn properties(&self) -> Properties<'a> {
        self.properties
    }

    /// Returns whether the offset counts in the shared sequence, which ran before the section; the
    /// device says so by [`SHARED_SEQUENCE`].
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.extension.is_some_and(|first| first.read(Reader::bool) == Ok(SHARED_SEQUENCE))
    }
}

/// Iterator over the component indices of [`Record::manifest_id`].
#[derive(Clone, Debug)]
pub struct ManifestPath<'a> {
    elements: Elements<'a>,
}

impl Iterator for ManifestPath<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        // Every element was read before.
        self.elements.next()?.read(Reader::uint).ok()
    }
}

/// A record in the making.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewRecord<'r> {
    /// The component indices that lead to the manifest.
    pub manifest_id: &'r [u8],
    /// The number of the section.
    pub section: i64,
    /// Where the command stands in the sequence, in bytes.
    pub offset: usize,
    /// The component that the command is about.
    pub component_index: u8,
    /// Whether the offset counts in the shared sequence.
    pub is_shared: bool,
    /// What was measured.
    pub properties: &'r [Property<'r>],
}

/// A property that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Property<'r> {
    /// The vendor of the device, 16 bytes.
    Vendor(&'r [u8]),
    /// The class of the device.
    Class(&'r [u8]),
    /// The digest of an image.
    Digest(Digest<'r>),
    /// The slot of a component.
    Slot(u64),
    /// The size of an image in bytes.
    Size(u64),
    /// The identifier of the device.
    Device(&'r [u8]),
}

impl Property<'_> {
    const fn key(&self) -> i64 {
        match self {
            Self::Vendor(_) => parameter::VENDOR_IDENTIFIER,
            Self::Class(_) => parameter::CLASS_IDENTIFIER,
            Self::Digest(_) => parameter::IMAGE_DIGEST,
            Self::Slot(_) => parameter::COMPONENT_SLOT,
            Self::Size(_) => parameter::IMAGE_SIZE,
            Self::Device(_) => parameter::DEVICE_IDENTIFIER,
        }
    }

    /// Writes key and value of each, in the order given.
    pub(super) fn write_all(properties: &[Self], writer: &mut Writer<'_>) {
        for property in properties {
            writer.int(property.key());
            match property {
                Self::Vendor(id) | Self::Class(id) | Self::Device(id) => {
                    writer.bytes(id);
                }
                Self::Digest(value) => {
                    writer.embedded(|writer| digest::write(value, writer));
                }
                Self::Slot(number) | Self::Size(number) => {
                    writer.int(*number);
                }
            }
        }
    }
}

/// Writes a record.
pub(super) fn write_record(record: &NewRecord<'_>, writer: &mut Writer<'_>) {
    let extensions = usize::from(record.is_shared);
    writer.array(ELEMENTS.saturating_add(extensions)).array(record.manifest_id.len());
    for index in record.manifest_id {
        writer.int(u64::from(*index));
    }
    writer.int(record.section).int(count(record.offset)).int(u64::from(record.component_index));
    writer.map(record.properties.len());
    Property::write_all(record.properties, writer);
    if record.is_shared {
        writer.bool(SHARED_SEQUENCE);
    }
}

/// Writes what was measured of a component.
pub(super) fn write_system_properties<'s>(
    segments: impl Iterator<Item = &'s [u8]> + Clone,
    properties: &[Property<'_>],
    writer: &mut Writer<'_>,
) {
    writer.map(properties.len().saturating_add(1));
    writer.int(crate::label::report::SYSTEM_COMPONENT_ID).array(segments.clone().count());
    for segment in segments {
        writer.bytes(segment);
    }
    Property::write_all(properties, writer);
}

fn count(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}
