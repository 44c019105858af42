//! Lists in options, read one element at a time.

use cose_ext::cbor::{Array, Map, Raw};

use crate::{
    Error, Numbering, OptionName, Rule, SystemProperties,
    decode::{self, read_bytes, read_uint},
};

macro_rules! list {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $name<'a>(pub(crate) cose_ext::cbor::Array<'a>);

        impl core::fmt::Debug for $name<'_> {
            /// Shows how many elements there are.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.len())
            }
        }

        impl<'a> $name<'a> {
            /// Returns how many elements there are: at least one.
            #[allow(clippy::len_without_is_empty)]
            pub const fn len(&self) -> usize {
                self.0.len()
            }

            /// Returns where the list starts, in the bytes of the message.
            pub const fn offset(&self) -> usize {
                self.0.offset()
            }
        }
    };
}
pub(crate) use list;

list! {
    /// Numbers: versions, extensions, freshness mechanisms.
    Numbers
}
list! {
    /// Byte strings that wrap CBOR: manifests, SUIT Reports.
    ByteStrings
}
list! {
    /// Component identifiers of manifests.
    ComponentIds
}
list! {
    /// `tc-list`: the components that an Agent has.
    TcList
}

impl<'a> Numbers<'a> {
    /// Returns the numbers in the order of the message.
    pub fn iter(&self) -> impl Iterator<Item = u64> + use<'a> {
        self.0.iter().filter_map(|raw| read_uint(&raw))
    }

    /// Tells whether `number` is in the list.
    #[must_use]
    pub fn contains(&self, number: u64) -> bool {
        self.iter().any(|found| found == number)
    }
}

impl<'a> ByteStrings<'a> {
    /// Returns what the byte strings hold, in the order of the message, without a copy.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        self.0.iter().filter_map(|raw| read_bytes(&raw))
    }

    /// Returns the byte strings as items, with their offsets.
    pub fn items(&self) -> impl Iterator<Item = Raw<'a>> + use<'a> {
        self.0.iter()
    }
}

impl<'a> ComponentIds<'a> {
    /// Returns the identifiers, each an array of byte strings, encoded.
    pub fn iter(&self) -> impl Iterator<Item = Raw<'a>> + use<'a> {
        self.0.iter()
    }
}

impl<'a> TcList<'a> {
    /// Returns what is claimed of each component.
    pub fn iter(&self) -> impl Iterator<Item = SystemProperties<'a>> + use<'a> {
        self.0.iter().filter_map(|raw| Map::new(&raw).ok()).map(SystemProperties::new)
    }
}

/// `requested-tc-list`: the components that an Agent wants.
#[derive(Clone, Copy, Debug)]
pub struct RequestedTcList<'a> {
    array: Array<'a>,
    numbering: Numbering,
}

impl<'a> RequestedTcList<'a> {
    pub(crate) const fn new(array: Array<'a>, numbering: Numbering) -> Self {
        Self { array, numbering }
    }

    /// Returns the components in the order of the message.
    pub fn iter(&self) -> impl Iterator<Item = RequestedTcInfo<'a>> + use<'a> {
        let numbering = self.numbering;
        let maps = self.array.iter().filter_map(|raw| Map::new(&raw).ok());
        maps.filter_map(move |map| RequestedTcInfo::new(map, numbering))
    }
}

/// `requested-tc-info`: one component that an Agent wants.
#[derive(Clone, Copy, Debug)]
pub struct RequestedTcInfo<'a> {
    map: Map<'a>,
    component_id: Raw<'a>,
    numbering: Numbering,
}

impl<'a> RequestedTcInfo<'a> {
    fn new(map: Map<'a>, numbering: Numbering) -> Option<Self> {
        let component_id = find(&map, OptionName::ComponentId, numbering)?;
        Some(Self { map, component_id, numbering })
    }

    pub(crate) fn check(raw: &Raw<'_>, numbering: Numbering) -> Result<(), Error> {
        const RULE: Rule = Rule::MessageForm;
        let map = decode::map(raw, RULE)?;
        let id = find(&map, OptionName::ComponentId, numbering);
        decode::component_id(&id.ok_or(Error::malformed(RULE, raw.offset()))?, RULE)?;
        if let Some(number) = find(&map, OptionName::TcManifestSequenceNumber, numbering) {
            decode::uint(&number, RULE)?;
        }
        if let Some(have) = find(&map, OptionName::HaveBinary, numbering) {
            have.read(cose_ext::cbor::Reader::bool).map_err(decode::broken(RULE))?;
        }
        Ok(())
    }

    /// Returns the identifier of the component, an array of byte strings, encoded.
    #[must_use]
    pub const fn component_id(&self) -> Raw<'a> {
        self.component_id
    }

    /// Returns the sequence number of the manifest that the Agent has.
    #[must_use]
    pub fn sequence_number(&self) -> Option<u64> {
        read_uint(&find(&self.map, OptionName::TcManifestSequenceNumber, self.numbering)?)
    }

    /// Returns whether the Agent has the binary already; `None` if it does not say.
    pub fn have_binary(&self) -> Option<bool> {
        let found = find(&self.map, OptionName::HaveBinary, self.numbering)?;
        found.read(cose_ext::cbor::Reader::bool).ok()
    }

    pub(crate) const fn offset(&self) -> usize {
        self.map.offset()
    }
}

fn find<'a>(map: &Map<'a>, name: OptionName, numbering: Numbering) -> Option<Raw<'a>> {
    map.find(i64::from(name.label(numbering)?))
}
