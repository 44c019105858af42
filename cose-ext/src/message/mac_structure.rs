//! MAC_structure (RFC 9052 6.3).

use crate::cbor::ByteString;

/// The MAC_structure of RFC 9052 6.3 in parts: heads on the stack, everything else borrowed.
#[derive(Clone, Copy, Debug)]
pub struct MacStructure<'a> {
    context: &'static [u8],
    protected: ByteString<'a>,
    external_aad: ByteString<'a>,
    payload: ByteString<'a>,
}

/// `["MAC0", ...`: array of four, text string of four bytes.
const MAC0: &[u8] = b"\x84\x64MAC0";
/// `["MAC", ...`: array of four, text string of three bytes.
const MAC: &[u8] = b"\x84\x63MAC";

impl<'a> MacStructure<'a> {
    /// Makes the structure of a COSE_Mac0.
    ///
    /// `protected` is what [`as_authenticated`](crate::header::Protected::as_authenticated)
    /// returns.
    #[must_use]
    pub const fn mac0(protected: &'a [u8], external_aad: &'a [u8], payload: &'a [u8]) -> Self {
        Self {
            context: MAC0,
            protected: ByteString::new(protected),
            external_aad: ByteString::new(external_aad),
            payload: ByteString::new(payload),
        }
    }

    /// Makes the structure for a COSE_Mac.
    #[must_use]
    pub const fn mac(protected: &'a [u8], external_aad: &'a [u8], payload: &'a [u8]) -> Self {
        Self { context: MAC, ..Self::mac0(protected, external_aad, payload) }
    }

    /// Writes the structure up to the first byte of a payload of `len` bytes.
    pub(crate) const fn streamed(mut self, len: u64) -> Self {
        self.payload = ByteString::announced(len);
        self
    }

    /// Returns the parts, to be authenticated in this order.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 7] {
        let [protected_head, protected] = self.protected.parts();
        let [external_aad_head, external_aad] = self.external_aad.parts();
        let [payload_head, payload] = self.payload.parts();
        [
            self.context,
            protected_head,
            protected,
            external_aad_head,
            external_aad,
            payload_head,
            payload,
        ]
    }
}
