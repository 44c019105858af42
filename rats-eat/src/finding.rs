//! What a validator reports.

use core::fmt;

use crate::{Error, ErrorKind, Path};

/// One broken rule, and where.
#[derive(Clone, Copy, Debug)]
pub struct Finding<'p> {
    /// What is wrong.
    pub error: Error,
    /// The claim.
    pub path: &'p Path<'p>,
}

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a claim can be read, or not")]
pub enum Severity {
    /// The claim is not in the form that the specification gives it: it cannot be read.
    Malformed,
    /// The claim can be read; it breaks a rule about what stands beside it, or a rule of the
    /// profile.
    Inconsistent,
}

impl Finding<'_> {
    /// Returns how bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self.error.kind() {
            ErrorKind::Refused(_) => Severity::Inconsistent,
            _ => Severity::Malformed,
        }
    }
}

/// Writes the path, and what is wrong there.
impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.error)
    }
}
