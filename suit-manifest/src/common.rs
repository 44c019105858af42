//! What all sequences of a manifest share (SUIT manifest 8.4.5).

use cose_ext::{Profile, cbor::Raw};

use crate::{
    ComponentId, Dependencies, Error, Rule,
    cursor::{Cursor, Wrapped},
    error::{Breaks, Fact},
    label::common,
    strictness::{embedded, encoding_first},
};

/// What all sequences of a manifest share: its components, which of them are dependencies, and the
/// sequence that runs before every other.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    components: Components<'a>,
    dependencies: Dependencies<'a>,
    /// The byte string around it.
    shared_sequence: Option<Raw<'a>>,
}

/// The components of a manifest, in the order of their indices.
#[derive(Clone, Copy, Debug)]
pub struct Components<'a> {
    list: Raw<'a>,
    len: usize,
}

impl<'a> Common<'a> {
    /// Reads the common member, a byte string that wraps a map.
    ///
    /// # Errors
    ///
    /// [`Rule::CommonForm`], [`Rule::CommonMember`], and those of components and dependencies.
    pub(crate) fn read(member: &Wrapped<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_once(member, profile)
            .map_err(|error| encoding_first(&member.item, Rule::CommonForm, profile, error))
    }

    fn read_once(member: &Wrapped<'a>, profile: &Profile) -> Result<Self, Error> {
        let limits = &profile.limits.cbor;
        let mut cursor = member.open(Rule::CommonForm, limits)?;
        let start = cursor.offset();
        let mut keys = cursor.keys(Rule::CommonForm)?;
        let (mut components, mut shared_sequence) = (None, None);
        let mut dependencies = Dependencies::NONE;
        while keys.next() {
            let at_key = cursor.offset();
            match cursor.label(&mut keys, Rule::CommonForm, Rule::CommonMember)? {
                common::DEPENDENCIES => {
                    dependencies = Dependencies::read(&cursor.any(limits)?)?;
                }
                common::COMPONENTS => components = Some(Components::next(&mut cursor)?),
                common::SHARED_SEQUENCE => {
                    shared_sequence = Some(cursor.byte_string(Rule::CommonForm)?);
                }
                label => {
                    let fact = Fact::Label(label);
                    return Err(Error::malformed(Rule::CommonMember, fact, at_key));
                }
            }
        }
        cursor.end()?;
        let components =
            components.ok_or_else(|| Error::malformed(Rule::CommonForm, Fact::None, start))?;
        Ok(Self { components, dependencies, shared_sequence })
    }

    /// Returns the components, in the order of their indices.
    #[must_use]
    pub const fn components(&self) -> Components<'a> {
        self.components
    }

    /// Returns which components are dependencies.
    #[must_use]
    pub const fn dependencies(&self) -> Dependencies<'a> {
        self.dependencies
    }

    /// Returns the sequence that runs before every other: a whole item, well-formed and
    /// deterministic, whose commands nobody has looked at.
    ///
    /// It is checked here, and not before: as those of sections, its bytes are not looked into
    /// before somebody asks for them. The [`Processor`](crate::Processor) does before its first
    /// step.
    ///
    /// # Errors
    ///
    /// [`Rule::CommonForm`] and those of the encoding.
    pub fn shared_sequence(&self, profile: &Profile) -> Result<Option<Raw<'a>>, Error> {
        let shared = self.shared_sequence.as_ref();
        shared.map(|shared| embedded(shared, profile).breaks(Rule::CommonForm)).transpose()
    }

    /// Returns the byte string around the shared sequence, which nobody has looked into.
    pub(crate) const fn shared_bytes(&self) -> Option<Raw<'a>> {
        self.shared_sequence
    }

    /// Checks that every dependency is a component.
    ///
    /// The examples of the drafts break this rule, so it is no part of reading a manifest.
    ///
    /// # Errors
    ///
    /// [`Rule::DependencyListed`].
    pub fn check_dependencies(&self) -> Result<(), Error> {
        match self.dependencies.iter().find(|dependency| dependency.index >= self.components.len())
        {
            None => Ok(()),
            Some(dependency) => Err(Error::malformed(
                Rule::DependencyListed,
                Fact::Count(dependency.index),
                self.dependencies.offset(),
            )),
        }
    }
}

impl<'a> Components<'a> {
    fn next(cursor: &mut Cursor<'a>) -> Result<Self, Error> {
        let (start, offset) = (cursor.position(), cursor.offset());
        let len = cursor.array(Rule::CommonForm)?;
        if len == 0 {
            return Err(Error::malformed(Rule::CommonForm, Fact::Count(0), offset));
        }
        for _ in 0..len {
            ComponentId::next(cursor)?;
        }
        // Each has a byte at least.
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        Ok(Self { list: cursor.item_since(start), len })
    }

    /// Returns the number of components, which is at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns the identifiers of the components, in the order of their indices.
    #[must_use]
    pub fn iter(&self) -> ComponentIter<'a> {
        let mut cursor = Cursor::checked(&self.list);
        // The head was read before.
        let left = cursor.array(Rule::CommonForm).map_or(0, |_| self.len);
        ComponentIter { cursor, left }
    }

    /// Returns the identifier of the component `index`.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<ComponentId<'a>> {
        self.iter().nth(index)
    }

    /// Checks that no identifier stands in the list twice. The cost is quadratic in the number of
    /// components, which the caller bounds first.
    ///
    /// # Errors
    ///
    /// [`Rule::ComponentIdOnce`].
    pub fn check_distinct(&self) -> Result<(), Error> {
        for (index, component) in self.iter().enumerate() {
            if self.iter().take(index).any(|earlier| earlier == component) {
                let fact = Fact::Count(index);
                return Err(Error::malformed(Rule::ComponentIdOnce, fact, component.offset()));
            }
        }
        Ok(())
    }
}

/// Iterator over [`Components`].
#[derive(Clone, Debug)]
pub struct ComponentIter<'a> {
    cursor: Cursor<'a>,
    left: usize,
}

impl<'a> Iterator for ComponentIter<'a> {
    type Item = ComponentId<'a>;

    fn next(&mut self) -> Option<ComponentId<'a>> {
        self.left = self.left.checked_sub(1)?;
        // Every one was read before.
        ComponentId::next(&mut self.cursor).ok()
    }
}

impl<'a> IntoIterator for Components<'a> {
    type Item = ComponentId<'a>;
    type IntoIter = ComponentIter<'a>;

    fn into_iter(self) -> ComponentIter<'a> {
        self.iter()
    }
}
