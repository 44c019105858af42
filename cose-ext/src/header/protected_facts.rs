//! What is read out of a protected bucket before its signature is checked, and once only.

use super::Protected;

/// What a function read out of a protected bucket, together with the bytes that it read.
///
/// A rule of the header is often checked before the signature, and what was read for it is wanted
/// again afterwards. [`Protected::facts`] reads once;
/// [`Verified::with_facts`](crate::Verified::with_facts) joins what was read to a verified message
/// of the same protected bytes. Until then nobody vouches for it.
///
/// ```
/// use cose_ext::{Error, Signed, Verified, header::{Protected, ProtectedFacts}};
///
/// fn subject<'a>(protected: &Protected<'a>) -> Option<&'a str> {
///     protected.cwt_claims().ok()??.subject().ok()?
/// }
///
/// fn join<'a>(
///     facts: ProtectedFacts<'a, Option<&'a str>>, // from `protected.facts(subject)`
///     signed: Verified<Signed<'a, 'a>>,
/// ) -> Result<Verified<Option<&'a str>>, Error> {
///     Ok(signed.with_facts(facts)?.map(|(_, subject)| subject))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ProtectedFacts<'a, T> {
    bytes: &'a [u8],
    value: T,
}

impl<'a, T> ProtectedFacts<'a, T> {
    /// Returns what was read. Nobody vouches for it.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The value, if it was read out of `protected`.
    pub(crate) fn of(self, protected: &Protected<'_>) -> Option<T> {
        (self.bytes == protected.as_received()).then_some(self.value)
    }
}

impl<'a> Protected<'a> {
    /// Reads facts that are wanted both before and after the signature is checked.
    ///
    /// `read` must be a function or a closure that captures nothing, so that no value of another
    /// origin is mixed in by accident.
    ///
    /// ```compile_fail,E0308
    /// use cose_ext::header::{Protected, ProtectedFacts};
    /// fn slip_in<'a>(header: &Protected<'a>, unsigned: &'a str) -> ProtectedFacts<'a, &'a str> {
    ///     header.facts(|_| unsigned) // captures `unsigned`
    /// }
    /// ```
    pub fn facts<T>(&self, read: fn(&Protected<'a>) -> T) -> ProtectedFacts<'a, T> {
        ProtectedFacts { bytes: self.as_received(), value: read(self) }
    }
}
