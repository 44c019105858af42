//! From what the CBOR reader finds to the rule that is broken.

use cose_ext::cbor;

use super::{Error, Fact};
use crate::Rule;

/// Says which rule a value breaks when it does not read as the rule wants.
pub(crate) trait Breaks<T> {
    /// Names `rule` for a value of another type, length or range; other errors stay what they are.
    fn breaks(self, rule: Rule) -> Result<T, Error>;
}

impl<T> Breaks<T> for Result<T, cbor::Error> {
    #[inline]
    fn breaks(self, rule: Rule) -> Result<T, Error> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(broken(error, rule)),
        }
    }
}

/// One place for values of all types.
#[cold]
#[inline(never)]
fn broken(error: cbor::Error, rule: Rule) -> Error {
    if error.kind().is_form() {
        Error::malformed(rule, Fact::Cbor(error.kind()), error.offset())
    } else {
        Error::from(error)
    }
}
