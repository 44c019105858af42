//! Bounds of the processor, and calls that do not fit.

use core::fmt;

/// What a manifest has more of than the processor takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Components, those of dependencies included.
    Components,
    /// Sequences inside of each other, or manifests.
    Depth,
    /// Sequences of one try-each.
    Alternatives,
    /// Indices of one list of components.
    Indices,
}

/// A call that does not fit the state of the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// An answer that does not belong to the step.
    Answer,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Components => "more components than the processor has room for",
            Self::Depth => "sequences or dependencies deeper inside of each other than the limit",
            Self::Alternatives => "more sequences in a try-each than the limit",
            Self::Indices => "more indices in a list of components than the limit",
        })
    }
}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer => "an answer that does not belong to the step",
        })
    }
}
