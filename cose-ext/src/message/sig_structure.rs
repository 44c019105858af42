//! Sig_structure (RFC 9052 4.4).

use crate::cbor::ByteString;

/// The Sig_structure of RFC 9052 4.4 in parts: heads on the stack, everything else borrowed. It is
/// never put together in memory, at any payload size.
#[derive(Clone, Copy, Debug)]
pub struct SigStructure<'a> {
    context: &'static [u8],
    body: ByteString<'a>,
    /// Only the signatures of a COSE_Sign have a bucket of their own.
    signer: Option<ByteString<'a>>,
    external_aad: ByteString<'a>,
    payload: ByteString<'a>,
}

/// `["Signature1", ...`: array of four, text string of ten bytes.
const SIGNATURE1: &[u8] = b"\x84\x6aSignature1";
/// `["Signature", ...`: array of five, text string of nine bytes.
const SIGNATURE: &[u8] = b"\x85\x69Signature";

impl<'a> SigStructure<'a> {
    /// Makes the structure of a COSE_Sign1.
    ///
    /// `protected` is what [`as_authenticated`](crate::header::Protected::as_authenticated)
    /// returns.
    #[must_use]
    pub const fn signature1(
        protected: &'a [u8],
        external_aad: &'a [u8],
        payload: &'a [u8],
    ) -> Self {
        Self {
            context: SIGNATURE1,
            body: ByteString::new(protected),
            signer: None,
            external_aad: ByteString::new(external_aad),
            payload: ByteString::new(payload),
        }
    }

    /// Makes the structure for one COSE_Signature.
    ///
    /// `protected` is the protected header of the whole message, `signer` that of the signature.
    #[must_use]
    pub const fn signature(
        protected: &'a [u8],
        signer: &'a [u8],
        external_aad: &'a [u8],
        payload: &'a [u8],
    ) -> Self {
        let signature1 = Self::signature1(protected, external_aad, payload);
        Self { context: SIGNATURE, signer: Some(ByteString::new(signer)), ..signature1 }
    }

    /// Writes the structure up to the first byte of a payload of `len` bytes.
    pub(crate) const fn streamed(mut self, len: u64) -> Self {
        self.payload = ByteString::announced(len);
        self
    }

    /// Returns the parts, to be hashed or signed in this order.
    pub fn parts(&self) -> [&[u8]; 9] {
        let [signer_head, signer] = self.signer.as_ref().map_or([&[][..]; 2], ByteString::parts);
        let [body_head, body] = self.body.parts();
        let [external_aad_head, external_aad] = self.external_aad.parts();
        let [payload_head, payload] = self.payload.parts();
        [
            self.context,
            body_head,
            body,
            signer_head,
            signer,
            external_aad_head,
            external_aad,
            payload_head,
            payload,
        ]
    }

    /// Returns the length of all parts together, in bytes.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts().iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()))
    }
}
