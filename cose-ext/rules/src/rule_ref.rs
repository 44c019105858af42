//! One rule, of whichever crate.

use core::{
    fmt,
    hash::{Hash, Hasher},
};

/// One rule of a specification, of any enum that [`rules!`](crate::rules) made.
///
/// Two are equal when their numbers are: the numbers of all crates that are used together are
/// different (each enum has a letter of its own).
#[derive(Clone, Copy)]
pub struct RuleRef {
    /// The number that errors, tests and reports use, such as `M12`.
    pub id: &'static str,
    /// The clause of the specification, such as `RFC 9052 3.1`.
    pub clause: &'static str,
    /// What must hold, in one sentence.
    pub holds: &'static str,
    /// What is wrong when the rule is broken, in one sentence.
    pub broken: &'static str,
}

impl PartialEq for RuleRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RuleRef {}

impl Hash for RuleRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// Writes number and clause: `M3, RFC 9162 2.1.3.2`.
impl fmt::Display for RuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.id, self.clause)
    }
}

impl fmt::Debug for RuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
