//! Where the keys of a service's receipts come from.

use core::{fmt, ops::ControlFlow};

use cose_ext::{
    Context,
    key::{Candidate, KeyHint, KeyResolver, TrustedKey},
};
use merkle_proof::cose::Receipt;

#[cfg(all(feature = "alloc", feature = "x509"))]
use super::AuthorityAt;

/// Where the key of a receipt comes from: it is enrolled, or certificates beside the receipt lead
/// to an authority that is.
#[derive(Clone, Copy)]
pub struct ServiceKeySource<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    Enrolled(TrustedKey<'a>),
    Certified(&'a dyn KeyResolver),
    #[cfg(all(feature = "alloc", feature = "x509"))]
    Authority(AuthorityAt<'a>),
}

impl<'a> ServiceKeySource<'a> {
    pub(super) const fn new(key: TrustedKey<'a>) -> Self {
        Self(Source::Enrolled(key))
    }

    /// Takes whatever key `paths` finds in the certificates of a receipt.
    pub(super) const fn certified(paths: &'a dyn KeyResolver) -> Self {
        Self(Source::Certified(paths))
    }

    /// Takes the keys below an authority of a store, at one time.
    #[cfg(all(feature = "alloc", feature = "x509"))]
    pub(crate) const fn authority(authority: AuthorityAt<'a>) -> Self {
        Self(Source::Authority(authority))
    }

    /// Returns the key, if it is one that is enrolled as such.
    #[must_use]
    pub const fn enrolled(&self) -> Option<&TrustedKey<'a>> {
        match &self.0 {
            Source::Enrolled(key) => Some(key),
            _ => None,
        }
    }

    /// Whether a key may be found for `receipt`: one that is not enrolled comes by certificates.
    pub(super) fn answers_to(&self, receipt: &Receipt<'_>) -> bool {
        let headers = receipt.message().headers();
        self.enrolled().is_some()
            || matches!(headers.protected().x5chain(), Ok(Some(_)))
            || matches!(headers.unprotected().x5chain(), Ok(Some(_)))
    }
}

impl<'a> From<TrustedKey<'a>> for ServiceKeySource<'a> {
    fn from(key: TrustedKey<'a>) -> Self {
        Self::new(key)
    }
}

impl KeyResolver for ServiceKeySource<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        match &self.0 {
            Source::Enrolled(key) => key.candidates(hint, context, each),
            Source::Certified(paths) => paths.candidates(hint, context, each),
            #[cfg(all(feature = "alloc", feature = "x509"))]
            Source::Authority(authority) => authority.candidates(hint, context, each),
        }
    }
}

impl fmt::Debug for ServiceKeySource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Enrolled(key) => fmt::Debug::fmt(key, f),
            Source::Certified(_) => f.write_str("certificates"),
            #[cfg(all(feature = "alloc", feature = "x509"))]
            Source::Authority(authority) => fmt::Debug::fmt(authority, f),
        }
    }
}
