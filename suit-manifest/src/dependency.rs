//! Which components are dependencies (SUIT trust domains 5.2.2).

use cose_ext::cbor::Raw;

use crate::{
    ComponentId, Error, ErrorKind, Rule,
    cursor::{Cursor, Keys},
    error::{Fact, Unsupported},
    label,
};

/// Whether dependencies are read and processed, and the commands of trust domains with them.
pub(crate) const ARE_PROCESSED: bool = cfg!(feature = "trust-domains");

/// The components that are dependencies: manifests that this one processes.
#[derive(Clone, Copy, Debug)]
pub struct Dependencies<'a> {
    map: Raw<'a>,
    len: usize,
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
    pub(crate) const NONE: Self = Self { map: Raw::read_before(&[0xa0], 0), len: 0 };

    /// Reads the map of dependencies.
    ///
    /// # Errors
    ///
    /// [`Rule::DependencyForm`] if it is no map from indices to maps that may hold a prefix, or
    /// empty; [`Rule::ComponentIdForm`] for a prefix that is no component identifier;
    /// [`Unsupported::Member`] where dependencies are not processed.
    pub(crate) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        if !ARE_PROCESSED {
            let unsupported = Unsupported::Member(label::common::DEPENDENCIES);
            return Err(Error::new(ErrorKind::Unsupported(unsupported)).at(raw.offset()));
        }
        let mut cursor = Cursor::checked(raw);
        let mut keys = cursor.keys(Rule::DependencyForm)?;
        if keys.is_empty() {
            return Err(Error::malformed(Rule::DependencyForm, Fact::Count(0), raw.offset()));
        }
        let len = usize::try_from(keys.left()).unwrap_or(usize::MAX);
        while keys.next() {
            Dependency::next(&mut cursor)?;
        }
        Ok(Self { map: *raw, len })
    }

    /// Returns the dependencies in the order of their indices.
    #[must_use]
    pub fn iter(&self) -> DependencyIter<'a> {
        let mut cursor = Cursor::checked(&self.map);
        let keys = match ARE_PROCESSED {
            // The head was read before; an error here would show as an empty map.
            true => cursor.keys(Rule::DependencyForm).unwrap_or(Keys::NONE),
            false => Keys::NONE,
        };
        DependencyIter { cursor, keys }
    }

    /// Returns the number of dependencies.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns whether there is no dependency.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !ARE_PROCESSED || self.len == 0
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

impl<'a> Dependency<'a> {
    /// Reads an index, and behind it what is said about the dependency, of a map that was checked.
    fn next(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let start = cursor.offset();
        let index = usize::try_from(cursor.uint(Rule::DependencyForm)?)
            .map_err(|_| Error::malformed(Rule::DependencyListed, Fact::None, start))?;
        let mut keys = cursor.keys(Rule::DependencyForm)?;
        let mut prefix = None;
        while keys.next() {
            let at_key = cursor.offset();
            match cursor.label(&mut keys, Rule::DependencyForm, Rule::DependencyForm)? {
                label::dependency::PREFIX => prefix = Some(ComponentId::next(cursor)?),
                label => {
                    let kind = ErrorKind::Unsupported(Unsupported::Member(label));
                    return Err(Error::new(kind).at(at_key));
                }
            }
        }
        Ok(Self { index, prefix })
    }
}

/// Iterator over [`Dependencies`].
#[derive(Clone, Debug)]
pub struct DependencyIter<'a> {
    cursor: Cursor<'a>,
    keys: Keys<'a>,
}

impl<'a> Iterator for DependencyIter<'a> {
    type Item = Dependency<'a>;

    fn next(&mut self) -> Option<Dependency<'a>> {
        if !self.keys.next() {
            return None;
        }
        // Every one was read before.
        Dependency::next(&mut self.cursor).ok()
    }
}

impl<'a> IntoIterator for Dependencies<'a> {
    type Item = Dependency<'a>;
    type IntoIter = DependencyIter<'a>;

    fn into_iter(self) -> DependencyIter<'a> {
        self.iter()
    }
}
