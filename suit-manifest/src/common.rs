//! What all sequences of a manifest share (SUIT manifest 8.4.5).

use cose_ext::{
    Profile,
    cbor::{Array, Elements, Raw},
};

use crate::{
    ComponentId, Dependencies, Error, Rule,
    error::{Breaks, Fact},
    label::common,
    strictness::{embedded, encoding_first, entries},
};

/// What all sequences of a manifest share: its components, which of them are dependencies, and the
/// sequence that runs before every other.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    components: Components<'a>,
    dependencies: Dependencies<'a>,
    shared_sequence: Option<Raw<'a>>,
}

/// The components of a manifest, in the order of their indices.
#[derive(Clone, Copy, Debug)]
pub struct Components<'a> {
    array: Array<'a>,
}

impl<'a> Common<'a> {
    /// Reads the common member, a byte string that wraps a map.
    ///
    /// # Errors
    ///
    /// [`Rule::CommonForm`], [`Rule::CommonMember`], and those of components and dependencies.
    pub(crate) fn read(member: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_once(member, profile)
            .map_err(|error| encoding_first(member, Rule::CommonForm, profile, error))
    }

    fn read_once(member: &Raw<'a>, profile: &Profile) -> Result<Self, Error> {
        let mut entries = entries(member, profile).breaks(Rule::CommonForm)?;
        let (mut components, mut shared_sequence) = (None, None);
        let mut dependencies = Dependencies::NONE;
        while let Some((key, value)) = entries.next()? {
            match key.int().breaks(Rule::CommonForm)?.to_i64() {
                Some(common::DEPENDENCIES) => dependencies = Dependencies::read(&value)?,
                Some(common::COMPONENTS) => components = Some(Components::read(&value)?),
                Some(common::SHARED_SEQUENCE) => {
                    shared_sequence = Some(embedded(&value, profile).breaks(Rule::CommonForm)?);
                }
                label => {
                    let fact = label.map_or(Fact::None, Fact::Label);
                    return Err(Error::malformed(Rule::CommonMember, fact, key.offset()));
                }
            }
        }
        let offset = entries.map().offset();
        let components =
            components.ok_or_else(|| Error::malformed(Rule::CommonForm, Fact::None, offset))?;
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
    #[must_use]
    pub const fn shared_sequence(&self) -> Option<Raw<'a>> {
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
    fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::CommonForm)?;
        if array.is_empty() {
            return Err(Error::malformed(Rule::CommonForm, Fact::Count(0), raw.offset()));
        }
        raw.read(|reader| {
            reader.array()?;
            (0..array.len()).try_for_each(|_| ComponentId::pass(reader))
        })
        .breaks(Rule::ComponentIdForm)?;
        Ok(Self { array })
    }

    /// Returns the number of components, which is at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.array.len()
    }

    /// Returns the identifiers of the components, in the order of their indices.
    #[must_use]
    pub fn iter(&self) -> ComponentIter<'a> {
        ComponentIter { elements: self.array.iter() }
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
    elements: Elements<'a>,
}

impl<'a> Iterator for ComponentIter<'a> {
    type Item = ComponentId<'a>;

    fn next(&mut self) -> Option<ComponentId<'a>> {
        // Every element was read before.
        self.elements.next().map(ComponentId::checked)
    }
}

impl<'a> IntoIterator for Components<'a> {
    type Item = ComponentId<'a>;
    type IntoIter = ComponentIter<'a>;

    fn into_iter(self) -> ComponentIter<'a> {
        self.iter()
    }
}
