//! Making countersignatures (RFC 9338 3.1, 3.2).

use alloc::{vec, vec::Vec};

use super::{CountersignStructure, Countersignature, Countersignature0, Target, structure::Fields};
use crate::{
    Error, Input, Label, MapBuilder, Profile, Value,
    crypto::{Algorithm, Signer},
    frame::{encode, no_exemption},
    header::{EncodedHeaders, Headers, HeadersBuilder, header_methods},
};

/// Makes a COSE_Countersignature (RFC 9338 3.1): headers first, then [`sign`](Self::sign), or
/// [`prepare`](Self::prepare) for a key that answers later.
///
/// What comes out goes into the headers of its target
/// ([`Headers::with_countersignature`]), or travels alone.
#[derive(Clone, Debug, Default)]
pub struct CountersignatureBuilder {
    headers: HeadersBuilder,
    is_tagged: bool,
}

impl CountersignatureBuilder {
    /// Begins a countersignature without headers and without tag, in the form that headers hold.
    #[must_use]
    pub const fn new() -> Self {
        Self { headers: HeadersBuilder::new(), is_tagged: false }
    }

    header_methods!();

    /// Sets `kid`, protected.
    #[must_use]
    pub fn key_id(self, key_id: &[u8]) -> Self {
        self.protected(Label::KID, key_id)
    }

    /// Signs as above and writes tag 19 in front, for a countersignature that travels alone.
    #[must_use]
    pub const fn tagged(mut self) -> Self {
        self.is_tagged = true;
        self
    }

    /// Signs at once. `input` says where the content of the target is, and brings external data.
    ///
    /// # Errors
    ///
    /// If the headers break a rule, the content of the target is elsewhere, or the signer refuses.
    pub fn sign<'p>(
        self,
        target: impl Into<Target<'p>>,
        input: &Input<'p, 'p>,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        let prepared = self.prepare(signer.algorithm(), target, input)?;
        let signature = signed(&prepared.structure(), signer)?;
        Ok(prepared.attach(&signature))
    }

    /// Prepares what is to be signed, for a key that lives elsewhere and may answer later: the
    /// first of two steps.
    ///
    /// # Errors
    ///
    /// If the headers break a rule that a verifier would refuse them for, or the content of the
    /// target is elsewhere.
    pub fn prepare<'p>(
        mut self,
        algorithm: Algorithm,
        target: impl Into<Target<'p>>,
        input: &Input<'p, 'p>,
    ) -> Result<ToBeCountersigned<'p>, Error> {
        self.headers.protect(Label::ALG, algorithm);
        let headers = self.headers.encode(no_exemption)?;
        let target = target.into();
        let payload = target.payload(input)?;
        let fields = target.fields(payload, input.supplied(), &Profile::LENIENT);
        let tag = self.is_tagged.then_some(Countersignature::TAG);
        Ok(ToBeCountersigned { algorithm, headers, fields, tag })
    }
}

/// A countersignature that lacks only its signature.
#[derive(Clone, Debug)]
#[must_use]
pub struct ToBeCountersigned<'p> {
    algorithm: Algorithm,
    headers: EncodedHeaders,
    fields: Fields<'p>,
    tag: Option<u64>,
}

impl ToBeCountersigned<'_> {
    /// Returns the algorithm that the protected bucket names.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the parts that are to be signed (RFC 9338 3.3).
    #[must_use]
    pub fn structure(&self) -> CountersignStructure<'_> {
        CountersignStructure::full(self.fields, self.headers.authenticated())
    }

    /// Attaches the signature and returns the whole countersignature: the second step. The
    /// signature is not checked.
    #[must_use]
    pub fn attach(self, signature: &[u8]) -> Vec<u8> {
        encode(self.tag, self.headers.as_bytes(), Some(signature), &[])
    }
}

impl Countersignature0<'_> {
    /// Signs an abbreviated countersignature, and returns the bytes that go under label 12
    /// ([`Label::COUNTERSIGNATURE_0_V2`]).
    ///
    /// For a key that answers later, let it sign [`CountersignStructure::countersignature0`].
    ///
    /// # Errors
    ///
    /// If the content of the target is elsewhere, or the signer refuses.
    pub fn sign<'p>(
        target: impl Into<Target<'p>>,
        input: &Input<'p, 'p>,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        signed(&CountersignStructure::countersignature0(target, input, &Profile::LENIENT)?, signer)
    }
}

fn signed(structure: &CountersignStructure<'_>, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
    let mut signature = vec![0; signer.signature_len()];
    let len = signer.sign(&structure.parts(), &mut signature)?;
    signature.truncate(len);
    Ok(signature)
}

impl Headers<'_> {
    /// Returns the unprotected bucket with `countersignature` added behind those that it has.
    ///
    /// Give the result to [`Sign1::with_unprotected`](crate::Sign1::with_unprotected) or its
    /// counterpart of another message.
    ///
    /// # Errors
    ///
    /// If `countersignature` is not a COSE_Countersignature without tag, or the bucket has some
    /// that cannot be read.
    pub fn with_countersignature(&self, countersignature: &[u8]) -> Result<MapBuilder, Error> {
        Countersignature::decode_untagged(countersignature, &Profile::LENIENT)?;
        let new = Value::Encoded(countersignature);
        let old = self.countersignatures(&Profile::LENIENT)?;
        let old = old.iter().flat_map(|old| old.iter());
        let mut all: Vec<_> = old.map(|one| Value::Encoded(one.bytes())).collect();
        let builder = self.unprotected().to_builder();
        if all.is_empty() {
            return Ok(builder.with(Label::COUNTERSIGNATURE_V2, new));
        }
        all.push(new);
        Ok(builder.with(Label::COUNTERSIGNATURE_V2, all.as_slice()))
    }
}
