//! Types of coset to builders of messages: headers go along, and the nonce that stands in them.

use alloc::vec::Vec;

use ::coset::{
    CoseEncrypt, CoseEncrypt0, CoseMac, CoseMac0, CoseSign, CoseSign1, CoseSignature, Header,
    ProtectedHeader,
};

use super::{FromCosetError, header};
use crate::{
    encrypt::EncryptBuilder,
    encrypt0::Encrypt0Builder,
    mac::MacBuilder,
    mac0::Mac0Builder,
    sign::{SignBuilder, SignatureBuilder},
    sign1::Sign1Builder,
};

macro_rules! from_headers {
    ($($(#[$doc:meta])* $theirs:ident => $ours:ident;)*) => {$(
        impl TryFrom<&$theirs> for $ours {
            type Error = FromCosetError;

            $(#[$doc])*
            fn try_from(theirs: &$theirs) -> Result<Self, FromCosetError> {
                let mut ours = Self::new();
                ours.headers = header::builder(&theirs.protected, &theirs.unprotected)?;
                Ok(ours)
            }
        }
    )*};
}

from_headers! {
    /// The headers of a COSE_Sign1.
    CoseSign1 => Sign1Builder;
    /// The headers of the body of a COSE_Sign.
    CoseSign => SignBuilder;
    /// The headers of one signature of a COSE_Sign.
    CoseSignature => SignatureBuilder;
    /// The headers of a COSE_Mac0.
    CoseMac0 => Mac0Builder;
    /// The headers of a COSE_Mac.
    CoseMac => MacBuilder;
}

macro_rules! from_headers_and_nonce {
    ($($(#[$doc:meta])* $theirs:ident => $ours:ident;)*) => {$(
        impl TryFrom<&$theirs> for $ours {
            type Error = FromCosetError;

            $(#[$doc])*
            ///
            /// The `IV` of the message is the nonce again: fit for one message under one key. Of a
            /// `Partial IV` the context is not known, so `partial_iv` must be called again.
            fn try_from(theirs: &$theirs) -> Result<Self, FromCosetError> {
                let mut ours = Self::new();
                ours.headers = header::builder(&theirs.protected, &theirs.unprotected)?;
                ours.nonce = nonce(&theirs.protected, &theirs.unprotected);
                Ok(ours)
            }
        }
    )*};
}

from_headers_and_nonce! {
    /// The headers of a COSE_Encrypt0.
    CoseEncrypt0 => Encrypt0Builder;
    /// The headers of a COSE_Encrypt.
    CoseEncrypt => EncryptBuilder;
}

fn nonce(protected: &ProtectedHeader, unprotected: &Header) -> Vec<u8> {
    let [protected, unprotected] = [&protected.header.iv, &unprotected.iv];
    if protected.is_empty() { unprotected.clone() } else { protected.clone() }
}
