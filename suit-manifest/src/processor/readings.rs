//! Where the texts leave room.

/// How a manifest is read where the texts leave room, to a reader or to the policy of the device.
/// The default is the reading of this project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// What a failing try-each or run-sequence means for the sequence around it.
    pub nested_failure: NestedFailure,
    /// What the keys of suit-dependencies name.
    pub dependency_index: DependencyIndex,
    /// Whether a dependency needs a signature of its own.
    pub dependency_signature: DependencySignature,
    /// What the prefix of a dependency is for.
    pub dependency_prefix: DependencyPrefix,
    /// Whether unlink does anything.
    pub unlink: UnlinkDirective,
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

/// See [`Readings::dependency_signature`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DependencySignature {
    /// It has to be good, beside the digest that the dependent states
    /// (draft-ietf-suit-trust-domains-12 5.1, 5.6.4).
    #[default]
    Required,
    /// It is not looked at, and may be missing: the digest that the dependent states vouches for
    /// the dependency. The text allows this where all signers have equal rights, or the signer of
    /// the dependent has all of them (draft-ietf-suit-trust-domains-12 5.1).
    /// [`Processor::unsigned_dependencies`](super::Processor::unsigned_dependencies) names what was
    /// taken so.
    Waived,
}

/// See [`Readings::dependency_prefix`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DependencyPrefix {
    /// It stands before every component identifier of the dependency
    /// (draft-ietf-suit-trust-domains-12 5.2.2).
    #[default]
    Prepended,
    /// It is passed over, and the component identifiers of the dependency are taken as they stand:
    /// for a device whose components have one name only, whoever names them.
    Ignored,
    /// A manifest that has one is refused, with nothing done: the prefix is optional to implement.
    Refused,
}

/// See [`Readings::unlink`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnlinkDirective {
    /// It lowers the count of references to the component, and runs the uninstall section of a
    /// dependency that nothing refers to any more (draft-ietf-suit-trust-domains-12 5.6.5).
    #[default]
    Honoured,
    /// It succeeds and does nothing, as the policy of a device may say
    /// (draft-ietf-suit-trust-domains-12 5.6.5): what others refer to stays as it is.
    Ignored,
}
