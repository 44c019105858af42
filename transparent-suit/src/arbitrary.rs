//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for
//! code that reads transparent envelopes:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use transparent_suit::{arbitrary::TransparentEnvelope, cose_ext::arbitrary::Encoded};
//!
//! // In a fuzz target: `fuzz_target!(|envelope: Encoded<TransparentEnvelope>| { .. })`.
//! fn target(envelope: &Encoded<TransparentEnvelope>) {
//!     let envelope = envelope.view().expect("made by the author");
//!     // The code to be tested takes `envelope` here.
//!     assert_eq!(envelope.authentication().blocks().count(), 1);
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! - [`ClassUrn`], [`Alarm`]: `Arbitrary`.
//! - [`SignedBlock`]: `Arbitrary`; its header is as the profile wants it, its signature chosen by
//!   the fuzzer.
//! - [`TransparentEnvelope`]: [`Encoded`], which owns the bytes; the
//!   envelope of a manifest that checks a class, with one such block and receipts of any structure.
//! - [`TransparentManifest`](crate::TransparentManifest), outcomes of receipts: never: only a
//!   device makes them.
//! - [`BlockBuilder`], [`Device`](crate::Device), policies: not: they take the key and the trust
//!   of the target.
//! - registries and monitors: not: they hold what was done to them.
//!
//! ```compile_fail,E0277
//! fn is_arbitrary<T: for<'a> arbitrary::Arbitrary<'a>>() {}
//! is_arbitrary::<transparent_suit::TransparentManifest<'static>>();
//! ```

use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Context, Profile,
    arbitrary::{Encoded, View, bytes, few},
    crypto::Algorithm,
    rustcrypto::RustCrypto,
};
use scitt_core::merkle_proof::cose::Receipt;
use suit_manifest::{
    Envelope, Section,
    author::{EnvelopeBuilder, ManifestBuilder, ParameterSet, Sequence},
    label::condition,
};

use crate::{Alarm, BlockBuilder, ClassUrn, Rule, SignedBlock};

/// The most receipts of one block.
const RECEIPTS: usize = 3;
/// The longest name of a component.
const LENGTH: usize = 24;

const ISSUERS: [&str; 2] =
    ["https://vendor.example", "urn:uuid:00000000-0000-0000-0000-000000000001"];

impl<'a> Arbitrary<'a> for ClassUrn {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::new(&u.arbitrary()?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (16, Some(16))
    }
}

/// About any entry, by any rule.
impl<'a> Arbitrary<'a> for Alarm {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let digest: [u8; 32] = u.arbitrary()?;
        Ok(Self {
            entry: u.arbitrary()?,
            rule: *u.choose(Rule::ALL)?,
            issuer: (*u.choose(&ISSUERS)?).into(),
            subject: ClassUrn::arbitrary(u)?.as_str().into(),
            sequence: u.arbitrary()?,
            digest: digest.into(),
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (66, Some(66))
    }
}

/// A manifest that checks a class and does anything else, with the class.
fn release(u: &mut Unstructured<'_>, context: &Context<'_>) -> Result<(EnvelopeBuilder, ClassUrn)> {
    let class: [u8; 16] = u.arbitrary()?;
    let shared = Sequence::new()
        .override_parameters(&ParameterSet::new().class_identifier(&class))
        .command(condition::CLASS_IDENTIFIER, 0);
    let mut manifest =
        ManifestBuilder::new(u.arbitrary()?).component(&[bytes(u, LENGTH)?]).shared(shared);
    for section in Section::ALL {
        if u.ratio(1u8, 4u8)? {
            manifest = manifest.section(section, u.arbitrary()?);
        }
    }
    let envelope = manifest.build(Algorithm::SHA256, context);
    Ok((envelope.map_err(|_| Error::IncorrectFormat)?, ClassUrn::new(&class)))
}

fn block(
    u: &mut Unstructured<'_>,
    envelope: &EnvelopeBuilder,
    class: &ClassUrn,
    context: &Context<'_>,
) -> Result<SignedBlock> {
    let mut builder = BlockBuilder::new(u.choose(&ISSUERS)?, class.as_str(), &u.arbitrary()?);
    if u.arbitrary()? {
        builder = builder.strict();
    }
    let algorithm = *u.choose(&[Algorithm::ESP256, Algorithm::ED25519])?;
    let signature: [u8; 64] = u.arbitrary()?;
    let prepared = builder.prepare(envelope, algorithm, context);
    Ok(prepared.map_err(|_| Error::IncorrectFormat)?.attach(&signature))
}

impl<'a> Arbitrary<'a> for SignedBlock {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let context = Context::new(&RustCrypto);
        let (envelope, class) = release(u, &context)?;
        block(u, &envelope, &class, &context)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (100, None)
    }
}

/// Names an [`Envelope`] whose block is a signed statement with receipts, as a type for
/// [`Encoded`]. It has no values.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "a type without values")]
pub enum TransparentEnvelope {}

impl View for TransparentEnvelope {
    type Of<'b> = Envelope<'b>;
    type Error = suit_manifest::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Envelope<'_>, suit_manifest::Error> {
        Envelope::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let context = Context::new(&RustCrypto);
        let (mut envelope, class) = release(u, &context)?;
        let block = block(u, &envelope, &class, &context)?;
        let mut receipts = Vec::new();
        for _ in 0..few(u, RECEIPTS)?.max(1) {
            receipts.push(Encoded::<Receipt<'static>>::arbitrary(u)?);
        }
        let receipts: Vec<&[u8]> = receipts.iter().map(Encoded::bytes).collect();
        let block = block.with_receipts(&receipts).map_err(|_| Error::IncorrectFormat)?;
        envelope.block(block).map_err(|_| Error::IncorrectFormat)?;
        Ok(envelope.to_bytes())
    }
}
