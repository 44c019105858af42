//! What can be wrong with what a tile log says.

use core::fmt;

use crate::Rule;

/// Why something of a tile log was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The maker: it is not what it should be.
    Malformed {
        /// The rule of its form.
        rule: Rule,
    },
    /// The maker: it is of something else.
    Verification {
        /// The comparison that failed.
        rule: Rule,
    },
    /// A proof, or the caller.
    Proof(crate::Error),
    /// Nobody: a kind of signature that is not done here.
    Unsupported {
        /// The rule that would be enforced.
        rule: Rule,
    },
}

impl Error {
    pub(crate) const fn malformed(rule: Rule) -> Self {
        Self::Malformed { rule }
    }

    /// The rule that was broken, where there is one.
    #[must_use]
    pub const fn rule(&self) -> Option<Rule> {
        match self {
            Self::Malformed { rule } | Self::Verification { rule } | Self::Unsupported { rule } => {
                Some(*rule)
            }
            Self::Proof(error) => error.rule(),
        }
    }
}

impl From<crate::Error> for Error {
    fn from(error: crate::Error) -> Self {
        Self::Proof(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, rule) = match self {
            Self::Proof(error) => return fmt::Display::fmt(error, f),
            Self::Malformed { rule } => ("malformed", rule),
            Self::Verification { rule } => ("not so", rule),
            Self::Unsupported { rule } => ("not done here", rule),
        };
        write!(f, "{what}: {} ({}, {})", rule.statement(), rule.id(), rule.clause())
    }
}

impl core::error::Error for Error {}
