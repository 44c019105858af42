//! What can be wrong with what a tile log says.

use core::fmt;

use spec_rules::RuleRef;

use crate::Rule;

/// Why something of a tile log was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The maker's fault: it does not have the form that its specification gives it.
    Malformed {
        /// The rule of its form.
        rule: Rule,
    },
    /// The maker's fault: it is of something else.
    Verification {
        /// The comparison that failed.
        rule: Rule,
    },
    /// A proof is refused, or a call cannot be carried out.
    Proof(crate::Error),
    /// A kind of signature that is not supported here.
    Unsupported {
        /// The rule that would be enforced.
        rule: Rule,
    },
}

impl Error {
    pub(crate) const fn malformed(rule: Rule) -> Self {
        Self::Malformed { rule }
    }

    /// Returns the rule that was broken, where there is one.
    #[must_use]
    pub const fn rule(&self) -> Option<RuleRef> {
        match self {
            Self::Malformed { rule } | Self::Verification { rule } | Self::Unsupported { rule } => {
                Some(rule.to_ref())
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
        let rule = match self {
            Self::Proof(error) => return fmt::Display::fmt(error, f),
            Self::Malformed { rule } | Self::Verification { rule } => {
                f.write_str(rule.broken())?;
                rule
            }
            Self::Unsupported { rule } => {
                write!(f, "not done here; what is done is that {}", rule.holds())?;
                rule
            }
        };
        write!(f, " ({}, {})", rule.id(), rule.clause())
    }
}

impl core::error::Error for Error {}
