//! Messages with another unprotected bucket: what a countersigner or a transparency service adds.
//! Everything else stays as it was received, heads and tag included: somebody may have hashed or
//! signed those bytes.

use alloc::vec::Vec;

use crate::{
    Countersignature, Encrypt, Encrypt0, Error, Mac, Mac0, MapBuilder, Sign, Sign1,
    crypto::Operation,
    encrypt0::authenticates_nothing,
    error::Misuse,
    frame::nothing,
    header::{EncodedHeaders, Headers},
    recipient::{Recipients, protects_nothing},
};

/// `layer`, which starts at byte `start` of an input in which `headers` stand, with another unprotected bucket there.
fn replace(
    (layer, start): (&[u8], usize),
    headers: &Headers<'_>,
    unprotected: &MapBuilder,
    exempt: fn(Operation) -> bool,
) -> Result<Vec<u8>, Error> {
    let new = unprotected.to_bytes();
    EncodedHeaders::new(headers.protected().as_received(), &new, exempt)?;
    let old = headers.unprotected();
    let at = old.offset().saturating_sub(start);
    let end = at.saturating_add(old.bytes().len());
    let before = layer.get(..at).unwrap_or_default();
    let after = layer.get(end..).unwrap_or_default();
    Ok([before, &new, after].concat())
}

fn replace_in_recipient(
    message: &[u8],
    recipients: &Recipients<'_>,
    index: usize,
    unprotected: &MapBuilder,
) -> Result<Vec<u8>, Error> {
    let recipient = recipients.iter().nth(index).ok_or(Error::from(Misuse::NoSuchLayer))?;
    replace((message, 0), recipient.headers(), unprotected, protects_nothing)
}

macro_rules! with_unprotected {
    ($($message:ident: $exempt:expr;)*) => {$(
        impl $message<'_> {
            /// The same message with another unprotected bucket: what a countersigner or a
            /// transparency service adds. Everything else stays as it was received, heads and tag
            /// included: somebody may have hashed those bytes.
            ///
            /// # Errors
            /// If the new bucket breaks a rule.
            pub fn with_unprotected(&self, unprotected: &MapBuilder) -> Result<Vec<u8>, Error> {
                replace((self.bytes(), 0), self.headers(), unprotected, $exempt)
            }
        }
    )*};
}

with_unprotected! {
    Sign1: nothing;
    Sign: nothing;
    Mac0: nothing;
    Mac: nothing;
    Encrypt0: authenticates_nothing;
    Encrypt: authenticates_nothing;
}

impl Countersignature<'_> {
    /// The same countersignature with another unprotected bucket: what who countersigns it adds.
    ///
    /// # Errors
    /// If the new bucket breaks a rule.
    pub fn with_unprotected(&self, unprotected: &MapBuilder) -> Result<Vec<u8>, Error> {
        replace((self.bytes(), self.offset()), self.headers(), unprotected, nothing)
    }
}

impl Sign<'_> {
    /// The same message with another unprotected bucket in the signature with this index, counted
    /// from zero.
    ///
    /// # Errors
    /// If the new bucket breaks a rule, or there is no such signature.
    pub fn with_unprotected_in_signature(
        &self,
        index: usize,
        unprotected: &MapBuilder,
    ) -> Result<Vec<u8>, Error> {
        let signature = self.signatures().iter().nth(index);
        let signature = signature.ok_or(Error::from(Misuse::NoSuchLayer))?;
        replace((self.bytes(), 0), signature.headers(), unprotected, nothing)
    }
}

macro_rules! with_unprotected_in_recipient {
    ($($message:ident)*) => {$(
        impl $message<'_> {
            /// The same message with another unprotected bucket in the recipient with this index,
            /// counted from zero, of the outermost ones.
            ///
            /// # Errors
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
