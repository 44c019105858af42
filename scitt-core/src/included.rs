//! Values that a log has an entry for.

use cose_ext::{Verified, header::Vds};
use merkle_proof::cose::SignedRoot;

/// A value that a log has an entry for: logged, and by which service and root. Its issuer is *not*
/// checked, and an `Included` never turns into a `Verified` by itself.
///
/// Only [`TrustedService::verify_inclusion`](crate::TrustedService::verify_inclusion) makes one:
///
/// ```compile_fail,E0624
/// use scitt_core::Included;
/// fn forge(root: cose_ext::Verified<merkle_proof::cose::SignedRoot<'_>>) -> Included<'_, u8> {
///     Included::new(1, root) // the constructor is private
/// }
/// ```
///
/// ```compile_fail,E0451
/// use scitt_core::Included;
/// fn forge(root: cose_ext::Verified<merkle_proof::cose::SignedRoot<'_>>) -> Included<'_, u8> {
///     Included { value: 1, root } // the fields are private
/// }
/// ```
///
/// ```compile_fail,E0308
/// use scitt_core::{Included, LoggedStatement};
/// fn promote<'a>(
///     included: Included<'a, LoggedStatement<'a>>,
/// ) -> cose_ext::Verified<LoggedStatement<'a>> {
///     included // logged is not signed
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Included<'a, T> {
    value: T,
    root: Verified<SignedRoot<'a>>,
}

impl<'a, T> Included<'a, T> {
    pub(crate) const fn new(value: T, root: Verified<SignedRoot<'a>>) -> Self {
        Self { value, root }
    }

    /// Returns what was logged.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Returns the signed root that the proof leads to: which key, when, of which structure.
    pub const fn root(&self) -> &Verified<SignedRoot<'a>> {
        &self.root
    }

    /// Returns whether the data structure is one that IANA lists. CCF ledgers are experimental so
    /// far.
    pub fn is_registered_structure(&self) -> bool {
        self.vds().is_registered()
    }

    /// Returns the data structure.
    pub const fn vds(&self) -> Vds {
        self.root.value().vds()
    }
}
