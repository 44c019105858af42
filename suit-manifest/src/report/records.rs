//! The list of records and system properties (SUIT report 4.1).

use cose_ext::{
    Profile,
    cbor::{Array, Elements, Raw, Type},
};

use super::{Record, SystemProperties};
use crate::{Error, Rule, error::Breaks};

/// What was noted while a manifest was processed, in the order in which it happened. Iterate to
/// read it.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    array: Array<'a>,
    profile: Profile,
}

/// One of the things that were noted.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Noted<'a> {
    /// A decision of the processor.
    Record(Record<'a>),
    /// What was measured of a component.
    SystemProperties(SystemProperties<'a>),
}

impl<'a> Records<'a> {
    pub(super) fn read(raw: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::ReportForm)?;
        for item in &array {
            noted(&item, profile)?;
        }
        Ok(Self { array, profile: *profile })
    }

    /// Returns how many things were noted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.array.len()
    }

    /// Returns whether nothing was noted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.array.is_empty()
    }

    /// Returns what was measured, without the decisions.
    pub fn system_properties(&self) -> impl Iterator<Item = SystemProperties<'a>> + use<'a> {
        self.into_iter().filter_map(|noted| match noted {
            Noted::SystemProperties(properties) => Some(properties),
            Noted::Record(_) => None,
        })
    }
}

impl<'a> IntoIterator for Records<'a> {
    type Item = Noted<'a>;
    type IntoIter = NotedIter<'a>;

    fn into_iter(self) -> NotedIter<'a> {
        NotedIter { elements: self.array.iter(), profile: self.profile }
    }
}

/// Iterator over [`Records`].
#[derive(Clone, Debug)]
pub struct NotedIter<'a> {
    elements: Elements<'a>,
    profile: Profile,
}

impl<'a> Iterator for NotedIter<'a> {
    type Item = Noted<'a>;

    fn next(&mut self) -> Option<Noted<'a>> {
        // Every element was read before.
        noted(&self.elements.next()?, &self.profile).ok()
    }
}

/// Records are arrays, system properties maps.
fn noted<'a>(item: &Raw<'a>, profile: &Profile) -> Result<Noted<'a>, Error> {
    match item.data_type() {
        Type::Map => SystemProperties::read(item, profile).map(Noted::SystemProperties),
        _ => Record::read(item, profile).map(Noted::Record),
    }
}
