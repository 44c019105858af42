//! Where the texts leave room.

/// How a manifest is read where the texts leave room. The default is the reading of this project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// What a failing try-each or run-sequence means for the sequence around it.
    pub nested_failure: NestedFailure,
    /// What the keys of suit-dependencies name.
    pub dependency_index: DependencyIndex,
}

/// See [`Readings::nested_failure`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NestedFailure {
    /// They are directives, and a directive that fails ends the procedure
    /// (draft-ietf-suit-manifest-37 6.4).
    #[default]
    Ends,
    /// They fail "with the condition failure code" (draft-ietf-suit-manifest-37 8.4.8.15), so they
    /// fail as softly as a condition does.
    Condition,
}

/// See [`Readings::dependency_index`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DependencyIndex {
    /// Entries of suit-components (draft-ietf-suit-trust-domains-12 5.2.2).
    #[default]
    Component,
    /// Entries of suit-components, or the ones behind the last of them, with the prefix as
    /// component identifier: what the examples of that draft do.
    ComponentOrNext,
}
