use crate::cbor::Head;

/// The Sig_structure of RFC 9052 4.4 in parts: heads on the stack, everything else borrowed. It is
/// never put together in memory, at any payload size.
#[derive(Clone, Copy, Debug)]
pub struct SigStructure<'a> {
    protected_head: Head,
    protected: &'a [u8],
    external_aad_head: Head,
    external_aad: &'a [u8],
    payload_head: Head,
    payload: &'a [u8],
}

/// `["Signature1", ...`: array of four, text string of ten bytes.
const SIGNATURE1: &[u8] = b"\x84\x6aSignature1";

impl<'a> SigStructure<'a> {
    /// The structure for a COSE_Sign1. `protected` is what
    /// [`as_authenticated`](crate::header::Protected::as_authenticated) gives.
    pub const fn signature1(
        protected: &'a [u8],
        external_aad: &'a [u8],
        payload: &'a [u8],
    ) -> Self {
        Self {
            protected_head: Head::bytes(protected.len()),
            protected,
            external_aad_head: Head::bytes(external_aad.len()),
            external_aad,
            payload_head: Head::bytes(payload.len()),
            payload,
        }
    }

    /// The structure for a COSE_Sign1 up to the first byte of a payload of `len` bytes.
    pub(super) const fn streamed(protected: &'a [u8], external_aad: &'a [u8], len: u64) -> Self {
        let mut structure = Self::signature1(protected, external_aad, &[]);
        structure.payload_head = Head::bytes_of(len);
        structure
    }

    /// The parts, to be hashed or signed in this order.
    pub fn parts(&self) -> [&[u8]; 7] {
        [
            SIGNATURE1,
            self.protected_head.as_bytes(),
            self.protected,
            self.external_aad_head.as_bytes(),
            self.external_aad,
            self.payload_head.as_bytes(),
            self.payload,
        ]
    }

    /// Length of all parts together, in bytes.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.parts().iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()))
    }
}
