//! What an error says.

use core::fmt;

use super::{Error, ErrorKind};

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cbor(kind) => fmt::Display::fmt(kind, f),
            Self::Malformed { fact: Some(fact), .. } if fact.stands_alone() => {
                fmt::Display::fmt(fact, f)
            }
            Self::Malformed { rule, fact: Some(fact) } => write!(f, "{}: {fact}", rule.broken()),
            Self::Malformed { rule, fact: None } => f.write_str(rule.broken()),
            Self::Key(fault) => fmt::Display::fmt(fault, f),
            Self::Unsupported(unsupported) => fmt::Display::fmt(unsupported, f),
            Self::Verification(verification) => fmt::Display::fmt(verification, f),
            Self::Policy(policy) => fmt::Display::fmt(policy, f),
            Self::Limit(limit) => fmt::Display::fmt(limit, f),
            Self::Misuse(misuse) => fmt::Display::fmt(misuse, f),
            Self::Sign(error) => fmt::Display::fmt(error, f),
            Self::Secret(error) => fmt::Display::fmt(error, f),
        }
    }
}

/// Writes what is wrong, at which byte, and which rule of which clause says so.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.kind, f)?;
        if let Some(offset) = self.offset {
            write!(f, " at {offset}")?;
        }
        match self.kind.rule() {
            Some(rule) => write!(f, " ({}, {})", rule.id(), rule.clause()),
            None => Ok(()),
        }
    }
}
