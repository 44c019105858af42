//! Values for fuzz targets, made of the bytes that a fuzzer chooses.
//!
//! [`cose_ext::arbitrary`] says how to take them and what holds of all of them. A fuzz target for a
//! platform's code takes an envelope whose manifest can be read and whose digests are true:
//!
//! ```
//! use arbitrary::{Arbitrary, Unstructured};
//! use cose_ext::arbitrary::Encoded;
//! use suit_manifest::Envelope;
//!
//! // In a fuzz target: `fuzz_target!(|envelope: Encoded<Envelope<'static>>| { .. })`.
//! fn target(envelope: &Encoded<Envelope<'static>>) {
//!     let envelope = envelope.view().expect("made by the builder");
//!     // The code to be tested takes `envelope` here.
//!     assert!(envelope.is_tagged());
//! }
//!
//! target(&Encoded::arbitrary(&mut Unstructured::new(&[7; 64]))?);
//! # Ok::<(), arbitrary::Error>(())
//! ```
//!
//! - [`Section`], [`ReportingPolicy`], [`Role`]: `Arbitrary`.
//! - [`ParameterSet`], [`Sequence`], [`TextBuilder`], [`LanguageTextBuilder`],
//!   [`ManifestBuilder`], [`EnvelopeBuilder`]: `Arbitrary`; parameters have their types,
//!   sequences nest two levels at most.
//! - [`Envelope`]: [`Encoded`](cose_ext::arbitrary::Encoded), which owns the bytes; its digests
//!   are those of the manifest and of what is severed, its signatures are chosen by the fuzzer.
//! - parts of a manifest ([`Manifest`](crate::Manifest),
//!   [`CommandSequence`](crate::CommandSequence), [`ComponentId`](crate::ComponentId), ...): not:
//!   read them out of an envelope.
//! - what a verified envelope gives, steps, verdicts: never: only a verification and a processor
//!   make them.
//! - templates ([`Image`](crate::author::Image), [`Config`](crate::author::Config), ...),
//!   reports, stores: not: a template takes image and key of the caller, the others hold what a
//!   device did.

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Context, Digest, Profile,
    arbitrary::{View, bytes, few, text},
    crypto::Algorithm,
    rustcrypto::RustCrypto,
    sign1::Sign1Builder,
};

use crate::{
    Envelope, ReportingPolicy, Role, Section,
    author::{
        EnvelopeBuilder, LanguageTextBuilder, ManifestBuilder, ParameterSet, Sequence, TextBuilder,
    },
    label::{condition, directive},
};

/// The longest text, content or argument.
const LENGTH: usize = 40;
/// The most commands of one sequence.
const COMMANDS: usize = 6;
/// The most components of one manifest.
const COMPONENTS: u8 = 3;
/// Levels of sequences within sequences.
const DEPTH: u8 = 2;

impl<'a> Arbitrary<'a> for Section {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(*u.choose(&Self::ALL)?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for ReportingPolicy {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::from_bits(policy(u)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

impl<'a> Arbitrary<'a> for Role {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(1))
    }
}

/// The argument of a condition and of most directives: four bits.
fn policy(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(u.int_in_range(0..=15u8)?.into())
}

/// The index of a component that a manifest may have.
fn index(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(u.int_in_range(0..=COMPONENTS.saturating_sub(1))?.into())
}

/// Each parameter in its type.
impl<'a> Arbitrary<'a> for ParameterSet {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut set = Self::new();
        for _ in 0..few(u, COMMANDS)?.max(1) {
            set = parameter(set, u)?;
        }
        Ok(set)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

fn parameter(set: ParameterSet, u: &mut Unstructured<'_>) -> Result<ParameterSet> {
    Ok(match u.int_in_range(0..=12u8)? {
        0 => set.vendor_identifier(&u.arbitrary()?),
        1 => set.class_identifier(&u.arbitrary()?),
        2 => set.device_identifier(&u.arbitrary()?),
        3 => {
            let value: [u8; 32] = u.arbitrary()?;
            let digest = Digest::new(Algorithm::SHA256, &value);
            set.image_digest(&digest.map_err(|_| Error::IncorrectFormat)?)
        }
        4 => set.image_size(u.arbitrary::<u32>()?.into()),
        5 => set.component_slot(index(u)?),
        6 => set.strict_order(u.arbitrary()?),
        7 => set.soft_failure(u.arbitrary()?),
        8 => set.content(bytes(u, LENGTH)?),
        9 => set.uri(text(u, LENGTH)?),
        10 => set.source_component(index(u)?),
        11 => set.invoke_args(bytes(u, LENGTH)?),
        _ => set.fetch_arguments(bytes(u, LENGTH)?),
    })
}

/// What any sequence may hold; a section that must not is refused when it runs, as it would be if
/// somebody had signed it.
impl<'a> Arbitrary<'a> for Sequence {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        sequence(u, DEPTH, true)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, None)
    }
}

/// At least one command. One that `acts` has directives that the shared sequence may not have.
fn sequence(u: &mut Unstructured<'_>, depth: u8, acts: bool) -> Result<Sequence> {
    const CONDITIONS: [i64; 8] = [
        condition::VENDOR_IDENTIFIER,
        condition::CLASS_IDENTIFIER,
        condition::DEVICE_IDENTIFIER,
        condition::IMAGE_MATCH,
        condition::IMAGE_NOT_MATCH,
        condition::COMPONENT_SLOT,
        condition::CHECK_CONTENT,
        condition::ABORT,
    ];
    const DIRECTIVES: [i64; 5] =
        [directive::WRITE, directive::FETCH, directive::COPY, directive::INVOKE, directive::SWAP];
    let mut all = Sequence::new();
    for _ in 0..few(u, COMMANDS)?.max(1) {
        all = match u.int_in_range(0..=9u8)? {
            0 | 1 => all.override_parameters(&u.arbitrary()?),
            2 => all.set_component_index(index(u)?),
            3 => all.set_all_components(),
            4 | 5 if acts => all.command(*u.choose(&DIRECTIVES)?, policy(u)?),
            8 | 9 => match depth.checked_sub(1) {
                Some(deeper) => nested(all, u, deeper, acts)?,
                None => all.set_component_index(index(u)?),
            },
            _ => all.command(*u.choose(&CONDITIONS)?, policy(u)?),
        };
    }
    Ok(all)
}

fn nested(all: Sequence, u: &mut Unstructured<'_>, depth: u8, acts: bool) -> Result<Sequence> {
    Ok(if u.arbitrary()? {
        all.run_sequence(&sequence(u, depth, acts)?)
    } else {
        let choices = [sequence(u, depth, acts)?, sequence(u, depth, acts)?];
        if u.arbitrary()? { all.try_each(&choices) } else { all.try_each_or_none(&choices) }
    })
}

impl<'a> Arbitrary<'a> for LanguageTextBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut texts = Self::new();
        for label in 1..=4 {
            if u.arbitrary()? {
                texts = texts.text(label, text(u, LENGTH)?);
            }
        }
        if u.arbitrary()? {
            texts = texts.component(&[b"\0"], &[(u.int_in_range(1..=6)?, text(u, LENGTH)?)]);
        }
        Ok(texts)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (5, None)
    }
}

impl<'a> Arbitrary<'a> for TextBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut texts = Self::new();
        for language in ["en", "de-CH", "ja"] {
            if u.arbitrary()? {
                texts = texts.language(language, &u.arbitrary()?);
            }
        }
        Ok(texts)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, None)
    }
}

/// One component at least, each with a name of its own.
impl<'a> Arbitrary<'a> for ManifestBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut builder = Self::new(u.arbitrary()?);
        for number in 0..u.int_in_range(1..=COMPONENTS)? {
            builder = builder.component(&[&[number][..], bytes(u, LENGTH)?]);
        }
        if u.arbitrary()? {
            builder = builder.shared(sequence(u, DEPTH, false)?);
        }
        for section in Section::ALL {
            if u.ratio(1u8, 3u8)? {
                builder = builder.section(section, u.arbitrary()?);
                if u.arbitrary()? {
                    builder = builder.severed(section);
                }
            }
        }
        if u.ratio(1u8, 4u8)? {
            let texts = TextBuilder::arbitrary(u)?;
            builder =
                if u.arbitrary()? { builder.severed_text(&texts) } else { builder.text(&texts) };
        }
        if u.ratio(1u8, 4u8)? {
            builder = builder.reference_uri(text(u, LENGTH)?);
        }
        if u.ratio(1u8, 4u8)? {
            builder = builder.manifest_component_id(&[bytes(u, LENGTH)?]);
        }
        Ok(builder)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (20, None)
    }
}

/// With one or two blocks, whose signatures are any 64 bytes, and payloads.
impl<'a> Arbitrary<'a> for EnvelopeBuilder {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let context = Context::new(&RustCrypto);
        let manifest = ManifestBuilder::arbitrary(u)?;
        let refused = |_| Error::IncorrectFormat;
        let mut envelope = manifest.build(Algorithm::SHA256, &context).map_err(refused)?;
        for _ in 0..u.int_in_range(1..=2u8)? {
            let headers = Sign1Builder::new().key_id(bytes(u, LENGTH)?);
            let algorithm = *u.choose(&[Algorithm::ES256, Algorithm::ESP256, Algorithm::EDDSA])?;
            let mut signature = vec![0; 64];
            u.fill_buffer(&mut signature)?;
            let prepared = envelope.prepare(headers, algorithm, &context).map_err(refused)?;
            let block = prepared.attach(&signature);
            envelope.block(block).map_err(refused)?;
        }
        for _ in 0..few(u, 2)? {
            let uri = text(u, LENGTH)?;
            envelope = envelope.integrate(uri, bytes(u, LENGTH)?);
        }
        Ok(if u.ratio(1u8, 4u8)? { envelope.without_severed() } else { envelope })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (90, None)
    }
}

impl View for Envelope<'static> {
    type Of<'b> = Envelope<'b>;
    type Error = crate::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Envelope<'_>, crate::Error> {
        Envelope::decode(bytes, &Profile::LENIENT)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        Ok(EnvelopeBuilder::arbitrary(u)?.to_bytes())
    }
}
