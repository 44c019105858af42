//! Countersignatures: somebody else's signature over a structure that is complete (RFC 9338).
//!
//! Every COSE structure with a protected bucket can be the [`Target`] of one: the six messages, a
//! COSE_Signature, a COSE_recipient, and a countersignature itself. Countersignatures are found in
//! the headers of their target
//! ([`Headers::countersignatures`](crate::header::Headers::countersignatures),
//! [`Headers::countersignature0`](crate::header::Headers::countersignature0)), or travel alone.
#![cfg_attr(
    all(feature = "alloc", feature = "ed25519"),
    doc = r#"
```
use cose_ext::countersignature::CountersignatureBuilder;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
use cose_ext::{Content, sign1::Sign1Builder};
use cose_ext::{Context, Input, Profile, Sign1};

let (author, notary) =
    (Ed25519SigningKey::from_bytes(&[7; 32])?, Ed25519SigningKey::from_bytes(&[8; 32])?);
let bytes = Sign1Builder::new().sign(Content::Embedded(b"deed"), &author)?;

// The notary countersigns what it received.
let deed = Sign1::decode(&bytes, &Profile::LENIENT)?;
let input = Input::embedded();
let made = CountersignatureBuilder::new().key_id(b"notary").sign(&deed, &input, &notary)?;
let bytes = deed.with_unprotected(&deed.headers().with_countersignature(&made)?)?;

// Somebody who trusts the notary.
let deed = Sign1::decode(&bytes, &Profile::LENIENT)?;
let notary = notary.public_key();
let notary = TrustedKey::new(notary.as_public_key(), &Context::new(&RustCrypto))?.with_key_id(b"notary");
let context = Context::new(&RustCrypto);
for one in deed.headers().countersignatures(&Profile::LENIENT)?.iter().flat_map(|all| all.iter()) {
    let verified = one.verify(&deed, &input, &notary, &context)?;
    assert_eq!(verified.value().content(), b"deed");
    assert_eq!(verified.value().authenticator(), Some(deed.signature()));
}
# Ok::<(), Box<dyn std::error::Error>>(())
```
"#
)]

mod abbreviated;
#[cfg(feature = "alloc")]
mod builder;
mod countersigned;
mod in_header;
mod list;
mod structure;
mod target;
#[cfg(feature = "alloc")]
mod with_unprotected;

pub use abbreviated::Countersignature0;
#[cfg(feature = "alloc")]
pub use builder::{CountersignatureBuilder, ToBeCountersigned};
pub use countersigned::Countersigned;
pub use list::Countersignatures;
pub use structure::CountersignStructure;
pub use target::Target;

use crate::{
    Context, Error, Input, Notes, Profile, Rule, SignedBy, Stream, Supplied, Verified,
    cbor::Reader,
    crypto::{Algorithm, SignatureVerifier, VerifyError},
    diag::{self, shown_as},
    error::{ErrorKind, Fact, Verification},
    frame::Frame,
    header::Headers,
    key::{KeyHint, KeyResolver, signed_by},
    sign::CoseSignature,
};

/// A COSE_Countersignature as it was received: parsed, borrowed, untrusted (RFC 9338 3.1).
///
/// It has the form of a COSE_Signature, with headers of its own: `crit`, `alg`, `kid` and the
/// others have their usual meaning.
#[derive(Clone, Copy)]
pub struct Countersignature<'a> {
    signature: CoseSignature<'a>,
    bytes: &'a [u8],
    is_tagged: bool,
    offset: usize,
    /// Its place among those of its target.
    index: usize,
    version: Version,
}

/// Which text says what a countersignature covers. It follows from the label that it stood under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// RFC 9338: labels 11 and 12.
    V2,
    /// RFC 8152: labels 7 and 9, deprecated.
    Rfc8152,
}

impl<'a> Countersignature<'a> {
    /// The CBOR tag (RFC 9338 5.1).
    pub const TAG: u64 = crate::tag::COSE_COUNTERSIGNATURE;

    /// Reads a countersignature that travels alone and is the whole of `bytes`, with tag 19 or
    /// without.
    ///
    /// # Errors
    ///
    /// For CBOR that is not well-formed, another structure, and headers that break a rule.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        let is_tagged = Frame::read_tag(&mut reader, Self::TAG)?;
        let one = Self::read(&mut reader, profile, Version::V2)?;
        reader.end()?;
        Ok(Self { bytes, is_tagged, offset: 0, ..one })
    }

    /// Reads a countersignature with tag 19.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode), and without the tag.
    pub fn decode_tagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let one = Self::decode(bytes, profile)?;
        if one.is_tagged { Ok(one) } else { Err(Frame::another_tag(Fact::tag(None, Self::TAG))) }
    }

    /// Reads a countersignature without a tag.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode), and with a tag.
    pub fn decode_untagged(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let one = Self::decode(bytes, profile)?;
        if one.is_tagged {
            Err(Frame::another_tag(Fact::UnexpectedTag { found: Self::TAG }))
        } else {
            Ok(one)
        }
    }

    fn read(reader: &mut Reader<'a>, profile: &Profile, version: Version) -> Result<Self, Error> {
        let offset = reader.position();
        let signature = CoseSignature::read(reader, profile, Rule::CountersignatureForm)?;
        let bytes = signature.bytes();
        Ok(Self { signature, bytes, is_tagged: false, offset, index: 0, version })
    }

    /// Returns the whole COSE_Countersignature as received.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns where it starts in the input, in bytes. For one from a header, that input is the
    /// message.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns whether it came with tag 19. One from a header never does.
    #[must_use]
    pub const fn is_tagged(&self) -> bool {
        self.is_tagged
    }

    /// Returns both header buckets of the countersignature.
    #[must_use]
    pub const fn headers(&self) -> &Headers<'a> {
        self.signature.headers()
    }

    /// Returns the signature as received.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature.signature()
    }

    /// Returns what was signed (RFC 9338 3.3), in parts that borrow from countersignature, target
    /// and `input`. `profile` says in which form an empty protected map enters.
    ///
    /// # Errors
    ///
    /// If the target embeds its content where a detached one was given, or has none.
    pub fn to_be_signed<'s>(
        &self,
        target: impl Into<Target<'a>>,
        input: &Input<'s, 's>,
        profile: &Profile,
    ) -> Result<CountersignStructure<'s>, Error>
    where
        'a: 's,
    {
        let covered = self.covered(target.into());
        let payload = covered.payload(input)?;
        let fields = covered.fields(payload, input.supplied(), profile);
        Ok(CountersignStructure::full(fields, self.signer(profile)))
    }

    const fn signer(&self, profile: &Profile) -> &'a [u8] {
        self.headers().protected().as_authenticated(profile)
    }

    /// What of `target` the countersignature covers.
    const fn covered(&self, target: Target<'a>) -> Target<'a> {
        match self.version {
            Version::V2 => target,
            Version::Rfc8152 => target.of_rfc8152(),
        }
    }

    /// Checks the countersignature of `target` under one of the keys that `keys` answers with.
    ///
    /// `input` says where the payload or ciphertext of the target is, and brings the external data
    /// of the countersignature. The target itself is not verified, and its `crit` is not looked at:
    /// a countersigner only states that it saw these bytes.
    ///
    /// # Errors
    ///
    /// `Verification` if the countersignature is not one of this target, `Unsupported` if it could
    /// not be evaluated, `Policy` if no trusted and permitted key answers or `crit` of the
    /// countersignature names what this call and its caller do not process, `Limit` if that took
    /// too much work.
    pub fn verify<'p>(
        &self,
        target: impl Into<Target<'a>>,
        input: &Input<'p, '_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Countersigned<'a, &'p [u8]>>, Error>
    where
        'a: 'p,
    {
        let covered = self.covered(target.into());
        let content = covered.payload(input)?;
        let supplied = input.supplied();
        let fields = covered.fields(content, supplied, &context.profile);
        let structure = CountersignStructure::full(fields, self.signer(&context.profile));
        let by = context.begin(structure.len(), |context| {
            self.verify_with(supplied, keys, context, &mut |verifier, algorithm| {
                verifier.verify(algorithm, &structure.parts(), self.signature())
            })
        })?;
        Ok(Verified::new(Countersigned::new(covered, content, *self.headers().protected()), by))
    }

    /// Checks the countersignature of `target`, whose detached content `stream` hands over.
    ///
    /// One candidate key is tried, since a stream is read once. The content itself is the caller's.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `Unsupported` where the algorithm has no streaming form.
    pub fn verify_stream(
        &self,
        target: impl Into<Target<'a>>,
        stream: &mut Stream<'_>,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Countersigned<'a, ()>>, Error> {
        let covered = self.covered(target.into());
        let fields = covered.streamed_fields(supplied, &context.profile)?;
        let structure = CountersignStructure::full(fields, self.signer(&context.profile));
        let structure = structure.streamed(stream.len);
        let mut context = *context;
        context.profile.limits.candidates = 1;
        let by = context.begin(structure.len(), |context| {
            self.verify_with(supplied, keys, context, &mut |verifier, algorithm| {
                let mut whole = |sink: &mut dyn FnMut(&[u8])| structure.feed(stream, sink);
                verifier.verify_stream(algorithm, &mut whole, self.signature())
            })
        })?;
        Ok(Verified::new(Countersigned::new(covered, (), *self.headers().protected()), by))
    }

    fn verify_with(
        &self,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
        verify: &mut dyn FnMut(&dyn SignatureVerifier, Algorithm) -> Result<(), VerifyError>,
    ) -> Result<SignedBy, Error> {
        let headers = self.headers();
        headers.check_critical(&supplied.processed)?;
        let hint = KeyHint::new(headers.algorithm_given_or_of_key(supplied)?, headers, supplied)?;
        let notes = headers.notes(&context.profile);
        check(&hint, (self.index, notes), keys, context, verify)
    }

    /// Returns the algorithm that the countersignature names, as a number.
    ///
    /// # Errors
    ///
    /// If it names none, or one that is not a registered number.
    pub fn algorithm(&self) -> Result<Algorithm, Error> {
        self.headers().algorithm()
    }
}

fn check(
    hint: &KeyHint<'_>,
    (index, notes): (usize, Notes),
    keys: &dyn KeyResolver,
    context: &Context<'_>,
    verify: &mut dyn FnMut(&dyn SignatureVerifier, Algorithm) -> Result<(), VerifyError>,
) -> Result<SignedBy, Error> {
    signed_by(hint, (index, notes), keys, context, verify).map_err(|error| match error.kind() {
        ErrorKind::Verification(Verification::InvalidSignature { tried }) => {
            Verification::InvalidCountersignature { tried }.into()
        }
        _ => error,
    })
}

shown_as!(Countersignature, diag::Countersignatures);
