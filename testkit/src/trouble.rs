//! Why a test could not be carried out.

use std::fmt;

/// Test material that cannot be used: a file is missing, a fact has another type than the runner needs.
///
/// It fails the test; it is never a verdict. Everything that can be displayed converts into it, so `?` works in a
/// runner on any error. For that reason it is not itself an `Error`.
pub struct Trouble(String);

impl Trouble {
    /// What went wrong, as the failed test prints it.
    pub fn message(&self) -> &str {
        &self.0
    }
}

impl<M: fmt::Display> From<M> for Trouble {
    fn from(message: M) -> Self {
        Trouble(message.to_string())
    }
}

impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
