//! The Countersign_structure.

use super::Target;
use crate::{Error, Input, Profile, Stream, cbor::ByteString, crypto::Interrupted};

/// The Countersign_structure of RFC 9338 3.3 in parts: heads on the stack, everything else
/// borrowed.
///
/// It does not name the kind of its target: of two structures with the same protected bucket,
/// content and signature or tag, a countersignature of one is one of the other.
#[derive(Clone, Copy, Debug)]
pub struct CountersignStructure<'a> {
    context: &'static [u8],
    body: ByteString<'a>,
    /// Only a full countersignature has a bucket of its own.
    signer: Option<ByteString<'a>>,
    external_aad: ByteString<'a>,
    payload: ByteString<'a>,
    /// The signature or tag of a target that has three byte strings. None has more of them.
    other: Option<ByteString<'a>>,
}

/// What is countersigned, in the order of the structure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    pub(super) body: &'a [u8],
    pub(super) external_aad: &'a [u8],
    pub(super) payload: &'a [u8],
    pub(super) other: Option<&'a [u8]>,
}

/// `["CounterSignature", ...`: array of five, text string of 16 bytes.
const FULL: &[u8] = b"\x85\x70CounterSignature";
/// `["CounterSignatureV2", ...`: array of six, text string of 18 bytes.
const FULL_V2: &[u8] = b"\x86\x72CounterSignatureV2";
/// `["CounterSignature0", ...`: array of four, text string of 17 bytes.
const ABBREVIATED: &[u8] = b"\x84\x71CounterSignature0";
/// `["CounterSignature0V2", ...`: array of five, text string of 19 bytes.
const ABBREVIATED_V2: &[u8] = b"\x85\x73CounterSignature0V2";
/// Stands for the context of RFC 8152 4.5, whose structure has an empty bucket of the signer: array
/// of five.
const ABBREVIATED_RFC8152: &[u8] = b"\x85\x71CounterSignature0";
/// `[+ bstr]` of one.
const OTHER_FIELDS: &[u8] = b"\x81";

impl<'a> CountersignStructure<'a> {
    /// Returns what an abbreviated countersignature of `target` signs. `input` says where the
    /// content of the target is, and brings external data; `profile` says in which form an empty
    /// protected map enters.
    ///
    /// # Errors
    ///
    /// If the target embeds its content where a detached one was given, or has none.
    pub fn countersignature0<'t: 'a>(
        target: impl Into<Target<'t>>,
        input: &Input<'a, 'a>,
        profile: &Profile,
    ) -> Result<Self, Error> {
        let target = target.into();
        let payload = target.payload(input)?;
        Ok(Self::abbreviated(target.fields(payload, input.supplied(), profile)))
    }

    /// For a COSE_Countersignature with the protected bucket `signer`.
    pub(super) const fn full(fields: Fields<'a>, signer: &'a [u8]) -> Self {
        let context = if fields.other.is_some() { FULL_V2 } else { FULL };
        Self::new(context, fields, Some(signer))
    }

    /// For a COSE_Countersignature0, which has no bucket.
    pub(super) const fn abbreviated(fields: Fields<'a>) -> Self {
        let context = if fields.other.is_some() { ABBREVIATED_V2 } else { ABBREVIATED };
        Self::new(context, fields, None)
    }

    /// For a CounterSignature0 of RFC 8152, which covers no signature or tag beside the payload.
    pub(super) const fn abbreviated_of_rfc8152(fields: Fields<'a>) -> Self {
        Self::new(ABBREVIATED_RFC8152, Fields { other: None, ..fields }, Some(&[]))
    }

    const fn new(context: &'static [u8], fields: Fields<'a>, signer: Option<&'a [u8]>) -> Self {
        Self {
            context,
            body: ByteString::new(fields.body),
            signer: match signer {
                Some(signer) => Some(ByteString::new(signer)),
                None => None,
            },
            external_aad: ByteString::new(fields.external_aad),
            payload: ByteString::new(fields.payload),
            other: match fields.other {
                Some(other) => Some(ByteString::new(other)),
                None => None,
            },
        }
    }

    /// Starts the structure for content of `len` bytes that [`feed`](Self::feed) hands over.
    pub(super) const fn streamed(mut self, len: u64) -> Self {
        self.payload = ByteString::announced(len);
        self
    }

    /// Hands over all parts with the content of `stream` in its place.
    pub(super) fn feed(
        &self,
        stream: &mut Stream<'_>,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Interrupted> {
        let parts = self.parts();
        let [before @ .., other_fields, other_head, other] = &parts;
        stream.after(before, sink)?;
        [other_fields, other_head, other].into_iter().for_each(|part| sink(part));
        Ok(())
    }

    /// Returns the parts, to be hashed or signed in this order.
    pub fn parts(&self) -> [&[u8]; 12] {
        let [body_head, body] = self.body.parts();
        let [signer_head, signer] = self.signer.as_ref().map_or([&[][..]; 2], ByteString::parts);
        let [external_aad_head, external_aad] = self.external_aad.parts();
        let [payload_head, payload] = self.payload.parts();
        let [other_head, other] = self.other.as_ref().map_or([&[][..]; 2], ByteString::parts);
        let other_fields = if self.other.is_some() { OTHER_FIELDS } else { &[] };
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
            other_fields,
            other_head,
            other,
        ]
    }

    /// Returns the length of all parts together, in bytes.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts().iter().fold(0, |sum: usize, part| sum.saturating_add(part.len()))
    }
}
