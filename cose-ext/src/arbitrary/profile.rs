//! What a decoder accepts. No limit is above its default, so that no choice of a fuzzer makes work
//! that the default would not allow.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::number::one_of;
use crate::{
    AlgorithmPlacement, EmptyProtected, LabelInBoth, Limits, Profile, cbor,
    cbor::{Determinism, IndefiniteLengths, Strictness},
};

one_of! {
    AlgorithmPlacement: Protected, AnyBucket;
    Determinism: Any, Core;
    EmptyProtected: ZeroLength, AsReceived;
    IndefiniteLengths: Accepted, Refused;
    LabelInBoth: Refused, ProtectedWins;
}

impl<'a> Arbitrary<'a> for Strictness {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { determinism: u.arbitrary()?, indefinite_lengths: u.arbitrary()? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(2))
    }
}

/// The default mostly, or anything below it.
fn at_most(u: &mut Unstructured<'_>, default: usize) -> Result<usize> {
    if u.ratio(1u8, 4u8)? { u.int_in_range(0..=default) } else { Ok(default) }
}

impl<'a> Arbitrary<'a> for cbor::Limits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::DEFAULT;
        Ok(all
            .with_depth(at_most(u, all.depth)?)
            .with_items(at_most(u, all.items)?)
            .with_map_entries(at_most(u, all.map_entries)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(9))
    }
}

impl<'a> Arbitrary<'a> for Limits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::DEFAULT;
        Ok(all
            .with_cbor(u.arbitrary()?)
            .with_candidates(at_most(u, all.candidates)?)
            .with_certificates(at_most(u, all.certificates)?)
            .with_countersignatures(at_most(u, all.countersignatures)?)
            .with_header_entries(at_most(u, all.header_entries)?)
            .with_nested_tokens(at_most(u, all.nested_tokens)?)
            .with_path_signatures(at_most(u, all.path_signatures)?)
            .with_path_steps(at_most(u, all.path_steps)?)
            .with_recipient_depth(at_most(u, all.recipient_depth)?)
            .with_recipients(at_most(u, all.recipients)?)
            .with_secret_candidates(at_most(u, all.secret_candidates)?)
            .with_signature_checks(at_most(u, all.signature_checks)?)
            .with_signatures(at_most(u, all.signatures)?))
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (15, Some(60))
    }
}

impl<'a> Arbitrary<'a> for Profile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self {
            strictness: u.arbitrary()?,
            limits: u.arbitrary()?,
            algorithm_placement: u.arbitrary()?,
            empty_protected: u.arbitrary()?,
            label_in_both: u.arbitrary()?,
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (20, Some(65))
    }
}
