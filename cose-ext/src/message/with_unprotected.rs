//! Messages with another unprotected bucket: what a countersigner or a transparency service adds.
//! Everything else stays as it was received, heads and tag included: somebody may have hashed or
//! signed those bytes.

use alloc::vec::Vec;

use crate::{
    Encrypt, Encrypt0, Error, Mac, Mac0, MapBuilder, Sign, Sign1,
    encrypt0::authenticates_nothing,
    error::Misuse,
    frame::no_exemption,
    header::replace_unprotected,
    recipient::{Recipients, protects_nothing},
};

fn replace_in_recipient(
    message: &[u8],
    recipients: &Recipients<'_>,
    index: usize,
    unprotected: &MapBuilder,
) -> Result<Vec<u8>, Error> {
    let recipient = recipients.iter().nth(index).ok_or(Error::from(Misuse::NoSuchLayer))?;
    replace_unprotected((message, 0), recipient.headers(), unprotected, protects_nothing)
}

macro_rules! with_unprotected {
    ($($message:ident: $exempt:expr;)*) => {$(
        impl $message<'_> {
            /// Returns this message with another unprotected bucket, for example with a receipt or
            /// a countersignature added.
            ///
            /// Everything else stays as it was received, heads and tag included, because somebody
            /// may have hashed those bytes.
            ///
            /// # Errors
            ///
            /// If the new bucket breaks a rule.
            pub fn with_unprotected(&self, unprotected: &MapBuilder) -> Result<Vec<u8>, Error> {
                replace_unprotected((self.bytes(), 0), self.headers(), unprotected, $exempt)
            }
        }
    )*};
}

with_unprotected! {
    Sign1: no_exemption;
    Sign: no_exemption;
    Mac0: no_exemption;
    Mac: no_exemption;
    Encrypt0: authenticates_nothing;
    Encrypt: authenticates_nothing;
}

impl Sign<'_> {
    /// Returns this message with another unprotected bucket in the signature with this index,
    /// counted from zero.
    ///
    /// # Errors
    ///
    /// If the new bucket breaks a rule, or there is no such signature.
    pub fn with_unprotected_in_signature(
        &self,
        index: usize,
        unprotected: &MapBuilder,
    ) -> Result<Vec<u8>, Error> {
        let signature = self.signatures().iter().nth(index);
        let signature = signature.ok_or(Error::from(Misuse::NoSuchLayer))?;
        replace_unprotected((self.bytes(), 0), signature.headers(), unprotected, no_exemption)
    }
}

macro_rules! with_unprotected_in_recipient {
    ($($message:ident)*) => {$(
        impl $message<'_> {
            /// Returns this message with another unprotected bucket in the recipient with this
            /// index, counted from zero, of the outermost ones.
            ///
            /// # Errors
            ///
            /// If the new bucket breaks a rule, or there is no such recipient.
            pub fn with_unprotected_in_recipient(
                &self,
                index: usize,
                unprotected: &MapBuilder,
            ) -> Result<Vec<u8>, Error> {
                replace_in_recipient(self.bytes(), self.recipients(), index, unprotected)
            }
        }
    )*};
}

with_unprotected_in_recipient! { Mac Encrypt }
