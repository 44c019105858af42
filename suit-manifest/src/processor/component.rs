//! Components as the processor sees them.

use core::fmt;

use super::Role;
use crate::{ComponentId, parameters::Parameters};

/// The name of a component for the platform: the identifier in its manifest, behind the prefix that
/// the dependent gives to the manifest if that is a dependency (trust domains 5.2.2).
#[derive(Clone, Copy)]
pub struct ComponentName<'m> {
    /// Encoded, as is the identifier; empty if there is no prefix, which no encoding is.
    prefix: &'m [u8],
    id: &'m [u8],
}

impl<'m> ComponentName<'m> {
    pub(crate) fn new(prefix: Option<ComponentId<'m>>, id: ComponentId<'m>) -> Self {
        Self { prefix: prefix.map_or(&[], |prefix| prefix.bytes()), id: id.bytes() }
    }

    /// Returns what stands before the identifier.
    pub(super) fn prefix(&self) -> Option<ComponentId<'m>> {
        Some(ComponentId::checked(self.prefix)).filter(|_| !self.prefix.is_empty())
    }

    /// Returns where the identifier starts in `envelope`, of which it is a part, in bytes.
    pub(super) fn offset_in(&self, envelope: &[u8]) -> usize {
        self.id.as_ptr().addr().saturating_sub(envelope.as_ptr().addr())
    }

    /// Returns the segments of the path.
    pub fn segments(&self) -> impl Iterator<Item = &'m [u8]> + Clone + use<'m> {
        let id = ComponentId::checked(self.id);
        self.prefix().into_iter().flat_map(|prefix| prefix.segments()).chain(id.segments())
    }
}

/// The name of a component of a manifest that has no prefix.
impl<'m> From<ComponentId<'m>> for ComponentName<'m> {
    fn from(id: ComponentId<'m>) -> Self {
        Self::new(None, id)
    }
}

impl PartialEq for ComponentName<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.segments().eq(other.segments())
    }
}

impl Eq for ComponentName<'_> {}

/// Writes the segments in hexadecimal digits with slashes between them: `00/7e`.
impl fmt::Display for ComponentName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments().enumerate() {
            if index > 0 {
                f.write_str("/")?;
            }
            for byte in segment {
                write!(f, "{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ComponentName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What the processor keeps of a component: one for each name, whichever manifests name it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component<'m> {
    pub(super) name: ComponentName<'m>,
    pub(super) parameters: Parameters<'m>,
    /// The envelope that the component holds, after dependency-integrity has succeeded on it.
    /// Dropped as soon as a command changes the component.
    pub(super) dependency: Option<&'m [u8]>,
    /// The role of that dependency.
    pub(super) role: Role,
    pub(super) marks: Marks,
}

/// What happened to a component so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// The manifest has lowered the count of references.
    pub(super) is_unlinked: bool,
    /// The dependency that it holds, or held, was taken without a look at its signature.
    pub(super) is_unsigned: bool,
    /// The sequence number of the dependency that it holds has been moved.
    pub(super) is_committed: bool,
    /// It was a target while the order of commands did not count.
    pub(super) is_target: bool,
    /// It was a source while the order of commands did not count.
    pub(super) is_source: bool,
    /// A second processor was asked about the dependency that it holds.
    #[cfg(feature = "hierarchy")]
    pub(super) is_delegated: bool,
    /// The second processor has taken over the dependency, and nothing changed it since.
    #[cfg(feature = "hierarchy")]
    pub(super) is_taken_over: bool,
    /// The second processor was asked whether the dependency lacks a section.
    #[cfg(feature = "hierarchy")]
    pub(super) is_asked: bool,
}

impl<'m> Component<'m> {
    pub(super) fn new(name: ComponentName<'m>) -> Self {
        Self {
            name,
            parameters: Parameters::NONE,
            dependency: None,
            role: Role::default(),
            marks: Marks::default(),
        }
    }
}
