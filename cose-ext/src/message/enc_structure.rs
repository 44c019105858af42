//! Enc_structure (RFC 9052 5.3).

use crate::cbor::ByteString;

/// The Enc_structure of RFC 9052 5.3 in parts, which is the additional data of authenticated
/// encryption.
#[derive(Clone, Copy, Debug)]
pub struct EncStructure<'a> {
    context: &'static [u8],
    protected: ByteString<'a>,
    external_aad: ByteString<'a>,
}

/// `["Encrypt0", ...`: array of three, text string of eight bytes.
const ENCRYPT0: &[u8] = b"\x83\x68Encrypt0";
/// `["Encrypt", ...`: array of three, text string of seven bytes.
const ENCRYPT: &[u8] = b"\x83\x67Encrypt";

impl<'a> EncStructure<'a> {
    /// Makes the structure of a COSE_Encrypt0.
    ///
    /// `protected` is what [`as_authenticated`](crate::header::Protected::as_authenticated)
    /// returns.
    #[must_use]
    pub const fn encrypt0(protected: &'a [u8], external_aad: &'a [u8]) -> Self {
        Self {
            context: ENCRYPT0,
            protected: ByteString::new(protected),
            external_aad: ByteString::new(external_aad),
        }
    }

    /// Makes the structure for the content of a COSE_Encrypt.
    #[must_use]
    pub const fn encrypt(protected: &'a [u8], external_aad: &'a [u8]) -> Self {
        Self { context: ENCRYPT, ..Self::encrypt0(protected, external_aad) }
    }

    /// Returns the parts, in this order.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 5] {
        let [protected_head, protected] = self.protected.parts();
        let [external_aad_head, external_aad] = self.external_aad.parts();
        [self.context, protected_head, protected, external_aad_head, external_aad]
    }
}
