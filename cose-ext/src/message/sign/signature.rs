//! COSE_Signature (RFC 9052 4.1).

use crate::{
    Error, Profile, Rule,
    cbor::{Reader, Strictness, widen},
    diag::{Message, shown_as},
    error::{Breaks, Limit},
    frame::Layer,
    header::Headers,
};

/// One COSE_Signature of a COSE_Sign: who signed, how, and the signature (RFC 9052 4.1).
#[derive(Clone, Copy)]
pub struct CoseSignature<'a> {
    headers: Headers<'a>,
    signature: &'a [u8],
    bytes: &'a [u8],
}

impl<'a> CoseSignature<'a> {
    pub(crate) fn read(
        reader: &mut Reader<'a>,
        profile: &Profile,
        structure: Rule,
    ) -> Result<Self, Error> {
        let start = reader.position();
        let array = Layer::open(reader, 3, 3, structure)?;
        let headers = Headers::read(reader, profile)?;
        let signature = reader.bytes().breaks(structure)?;
        array.close(reader, structure)?;
        Ok(Self { headers, signature, bytes: reader.raw_since(start) })
    }

    /// Returns this signature for an input that starts at byte `base` of a larger one.
    pub(crate) const fn within(self, base: usize) -> Self {
        Self { headers: self.headers.within(base), ..self }
    }

    /// Returns both header buckets of this signature.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        &self.headers
    }

    /// Returns the signature as received.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Returns the whole COSE_Signature as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

shown_as!(CoseSignature, Message::SIGNATURE);

/// The signatures of a COSE_Sign, at least one, all of which can be decoded.
#[derive(Clone, Copy, Debug)]
pub struct Signatures<'a> {
    /// The array.
    bytes: &'a [u8],
    offset: usize,
    len: usize,
    profile: Profile,
}

impl<'a> Signatures<'a> {
    pub(super) fn read(reader: &mut Reader<'a>, profile: &Profile) -> Result<Self, Error> {
        let start = reader.position();
        let array = Layer::open(reader, 1, u64::MAX, Rule::SignStructure)?;
        let mut len: usize = 0;
        while array.has_element(widen(len), reader)? {
            if len >= profile.limits.signatures {
                return Err(Error::from(Limit::Signatures).at(start));
            }
            CoseSignature::read(reader, profile, Rule::SignStructure)?;
            len = len.saturating_add(1);
        }
        if len == 0 {
            return Err(Error::malformed(Rule::SignStructure, start));
        }
        array.close(reader, Rule::SignStructure)?;
        Ok(Self { bytes: reader.raw_since(start), offset: start, len, profile: *profile })
    }

    /// Returns the number of signatures, at least one.
    #[allow(clippy::len_without_is_empty)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Returns the signatures in the order of the message.
    pub fn iter(&self) -> impl Iterator<Item = CoseSignature<'a>> + use<'a> {
        let mut reader = Reader::new(self.bytes, Strictness::LENIENT);
        let profile = Profile { strictness: Strictness::LENIENT, ..self.profile };
        // The head and each element were read before.
        let _ = reader.array();
        let offset = self.offset;
        (0..self.len).map_while(move |_| {
            let signature = CoseSignature::read(&mut reader, &profile, Rule::SignStructure).ok()?;
            Some(signature.within(offset))
        })
    }

    /// Returns where the array starts in the input, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}
