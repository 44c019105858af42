//! Names in COSE messages (RFC 9052 2).

use super::{
    CoseNames, Elements, Field, Names,
    cose::{ENCRYPT, ENCRYPT0, MAC, MAC0, SIGN, SIGN1, SIGNATURES},
    recipient::RECIPIENT,
};

/// A message or layer whose kind is known, so that it is described without its tag as well.
#[derive(Clone, Copy)]
pub(crate) struct Message(&'static Elements<'static>);

impl Message {
    pub(crate) const SIGN1: Self = Self(&SIGN1);
    pub(crate) const SIGN: Self = Self(&SIGN);
    pub(crate) const SIGNATURE: Self = Self(&SIGNATURES);
    pub(crate) const MAC0: Self = Self(&MAC0);
    pub(crate) const MAC: Self = Self(&MAC);
    pub(crate) const ENCRYPT0: Self = Self(&ENCRYPT0);
    pub(crate) const ENCRYPT: Self = Self(&ENCRYPT);
    pub(crate) const RECIPIENT: Self = Self(&RECIPIENT);
}

impl Names for Message {
    fn element(&self, index: u64, len: Option<u64>) -> Field<'_> {
        self.0.element(index, len)
    }

    fn tag(&self, number: u64) -> Field<'_> {
        CoseNames.tag(number)
    }
}

/// `Display` of a view as annotated diagnostic notation, and `Debug` that delegates to it.
macro_rules! shown_as {
    ($view:ident, $names:expr) => {
        impl core::fmt::Display for $view<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                $crate::diag::print(self.bytes(), &$names, f)
            }
        }

        impl core::fmt::Debug for $view<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Display::fmt(self, f)
            }
        }
    };
}

pub(crate) use shown_as;
