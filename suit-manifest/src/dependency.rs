//! Which components are dependencies (SUIT trust domains 5.2.2).

use cose_ext::cbor::{Entries, Map, Raw, Reader};

use crate::{
    ComponentId, Error, ErrorKind, Rule,
    error::{Breaks, Fact, Unsupported},
    label,
};

/// The components that are dependencies: manifests that this one processes.
#[derive(Clone, Copy, Debug)]
pub struct Dependencies<'a> {
    map: Map<'a>,
}

/// A component that is a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependency<'a> {
    /// The index of the component that holds the dependency's envelope.
    pub index: usize,
    /// What is put before the component identifiers of the dependency.
    pub prefix: Option<ComponentId<'a>>,
}

impl<'a> Dependencies<'a> {
    pub(crate) const NONE: Self = Self { map: Map::EMPTY };

    /// Reads the map of dependencies.
    ///
    /// # Errors
    ///
    /// [`Rule::DependencyForm`] if it is no map from indices to maps that may hold a prefix, or
    /// empty; [`Rule::ComponentIdForm`] for a prefix that is no component identifier.
    pub(crate) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let map = Map::new(raw).breaks(Rule::DependencyForm)?;
        if map.is_empty() {
            return Err(Error::malformed(Rule::DependencyForm, Fact::Count(0), raw.offset()));
        }
        for (index, metadata) in &map {
            dependency(&index, &metadata)?;
        }
        Ok(Self { map })
    }

    /// Returns the dependencies in the order of their indices.
    #[must_use]
    pub fn iter(&self) -> DependencyIter<'a> {
        DependencyIter { entries: self.map.iter() }
    }

    /// Returns the number of dependencies.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.map.len()
    }

    /// Returns whether there is no dependency.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Returns the dependency that the component `index` is, if it is one.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Dependency<'a>> {
        self.iter().find(|dependency| dependency.index == index)
    }

    /// Returns where the map starts in the envelope, in bytes.
    pub(crate) const fn offset(&self) -> usize {
        self.map.offset()
    }
}

fn dependency<'a>(index: &Raw<'a>, metadata: &Raw<'a>) -> Result<Dependency<'a>, Error> {
    let number = index.read(Reader::uint).breaks(Rule::DependencyForm)?;
    let number = usize::try_from(number)
        .map_err(|_| Error::malformed(Rule::DependencyListed, Fact::None, index.offset()))?;
    let mut prefix = None;
    for (key, value) in &Map::new(metadata).breaks(Rule::DependencyForm)? {
        match key.read(Reader::int).breaks(Rule::DependencyForm)?.to_i64() {
            Some(label::dependency::PREFIX) => prefix = Some(ComponentId::read(&value)?),
            Some(label) => {
                let kind = ErrorKind::Unsupported(Unsupported::Member(label));
                return Err(Error::new(kind).at(key.offset()));
            }
            None => {
                return Err(Error::malformed(Rule::DependencyForm, Fact::None, key.offset()));
            }
        }
    }
    Ok(Dependency { index: number, prefix })
}

/// Iterator over [`Dependencies`].
#[derive(Clone, Debug)]
pub struct DependencyIter<'a> {
    entries: Entries<'a>,
}

impl<'a> Iterator for DependencyIter<'a> {
    type Item = Dependency<'a>;

    fn next(&mut self) -> Option<Dependency<'a>> {
        let (index, metadata) = self.entries.next()?;
        // Every entry was read before.
        dependency(&index, &metadata).ok()
    }
}

impl<'a> IntoIterator for Dependencies<'a> {
    type Item = Dependency<'a>;
    type IntoIter = DependencyIter<'a>;

    fn into_iter(self) -> DependencyIter<'a> {
        self.iter()
    }
}
