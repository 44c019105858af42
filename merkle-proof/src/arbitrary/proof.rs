//! Proofs of the three structures, as values and encoded.

use alloc::{vec, vec::Vec};

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::{
    Profile,
    arbitrary::{View, few, text},
};

use super::{
    number::{below, size},
    tree::{Hash, complete, hashes},
};
use crate::{
    TreeSize, UnauthenticatedPosition, ccf, consistency_nodes,
    cose::{
        CcfConsistencyProof, CcfInclusionProof, ConsistencyProof, InclusionProof,
        MmrConsistencyProof, MmrInclusionProof, encode_ccf_consistency, encode_ccf_inclusion,
        encode_consistency, encode_inclusion, encode_mmr_consistency, encode_mmr_inclusion,
    },
    inclusion_nodes, mmr,
};

/// The most elements of a path that is as long as the fuzzer likes.
const PATH: usize = 8;
/// The longest evidence of a ledger.
const LENGTH: usize = 48;

/// The length that is due, mostly.
fn length(u: &mut Unstructured<'_>, due: usize) -> Result<usize> {
    if u.ratio(1u8, 8u8)? { few(u, PATH) } else { Ok(due) }
}

fn path(u: &mut Unstructured<'_>, due: usize) -> Result<Vec<Hash>> {
    let length = length(u, due)?;
    hashes(u, length)
}

impl<'a, B: Arbitrary<'a>> Arbitrary<'a> for ccf::PathElement<B> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { left: u.arbitrary()?, hash: u.arbitrary()? })
    }

    fn size_hint(depth: usize) -> (usize, Option<usize>) {
        arbitrary::size_hint::and((1, Some(1)), B::size_hint(depth))
    }
}

impl<'a> Arbitrary<'a> for ccf::Leaf<'a, Hash> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let [transaction, data] = u.arbitrary::<[Hash; 2]>()?;
        let evidence = match text(u, LENGTH)? {
            "" => "ce:2.7:0",
            evidence => evidence,
        };
        Self::new(&transaction, evidence, &data).map_err(|_| Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (65, Some(LENGTH.saturating_add(65)))
    }
}

impl<'a, H: Arbitrary<'a>> Arbitrary<'a> for ccf::ConsistencyProof<H> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let anchor = u.arbitrary()?;
        let path = (0..few(u, PATH)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
        Ok(Self { anchor, path })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl<'a, H: Arbitrary<'a>> Arbitrary<'a> for mmr::ConsistencyProof<H> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let [older, newer] = two_sizes(u)?;
        between(u, older, newer)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

/// Sizes of two ranges, of which one can grow to the other.
fn two_sizes(u: &mut Unstructured<'_>) -> Result<[u64; 2]> {
    let (one, other) = (complete(u)?, complete(u)?);
    Ok([one.min(other), one.max(other)])
}

/// A proof of the form that the two sizes ask for.
fn between<'a, H: Arbitrary<'a>>(
    u: &mut Unstructured<'a>,
    older: u64,
    newer: u64,
) -> Result<mmr::ConsistencyProof<H>> {
    let refused = |_| Error::IncorrectFormat;
    let mut paths = Vec::new();
    for peak in mmr::peaks(older).map_err(refused)? {
        let due = mmr::path_indices(peak.index, newer).map_err(refused)?.count();
        let length = length(u, due)?;
        paths.push((0..length).map(|_| u.arbitrary()).collect::<Result<_>>()?);
    }
    let mut right_peaks = Vec::new();
    for peak in mmr::peaks(newer).map_err(refused)? {
        // A peak that begins behind the older range has nothing of it below.
        let nodes = 2_u64.checked_shl(peak.height).map_or(u64::MAX, |nodes| nodes.wrapping_sub(2));
        if peak.index.saturating_sub(nodes) >= older {
            right_peaks.push(u.arbitrary()?);
        }
    }
    Ok(mmr::ConsistencyProof { paths, right_peaks })
}

fn inclusion(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let position = UnauthenticatedPosition::arbitrary(u)?;
    let [index, size] = [position.leaf_index, position.tree_size];
    let due = inclusion_nodes(crate::LeafIndex(index), TreeSize(size));
    let due = due.map_err(|_| Error::IncorrectFormat)?.count();
    Ok(encode_inclusion(position, &path(u, due)?))
}

fn consistency(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let (one, other) = (size(u)?.max(1), size(u)?.max(1));
    let [older, newer] = [TreeSize(one.min(other)), TreeSize(one.max(other))];
    let due = consistency_nodes(older, newer).map_err(|_| Error::IncorrectFormat)?.count();
    Ok(encode_consistency(older, newer, &path(u, due)?))
}

fn ccf_inclusion(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let leaf = ccf::Leaf::arbitrary(u)?;
    let proof = ccf::ConsistencyProof::<Hash>::arbitrary(u)?;
    Ok(encode_ccf_inclusion(&leaf, &proof.path))
}

fn ccf_consistency(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let proof = ccf::ConsistencyProof::<Hash>::arbitrary(u)?;
    Ok(encode_ccf_consistency(&proof.anchor, &proof.path))
}

fn mmr_inclusion(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let size = complete(u)?.max(1);
    let index = below(u, size)?;
    let due = mmr::path_indices(index, size).map_err(|_| Error::IncorrectFormat)?.count();
    Ok(encode_mmr_inclusion(index, &path(u, due)?))
}

fn mmr_consistency(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let [older, newer] = two_sizes(u)?;
    Ok(encode_mmr_consistency(older, newer, &between::<Hash>(u, older, newer)?))
}

/// Writes a proof of what the input chooses.
type Encode = fn(&mut Unstructured<'_>) -> Result<Vec<u8>>;

/// Proofs of inclusion and of consistency of one structure, by its number: 1 to 3.
pub(super) fn of_structure(u: &mut Unstructured<'_>, structure: u8) -> Result<[Vec<Vec<u8>>; 2]> {
    let [included, consistent]: [Encode; 2] = match structure {
        2 => [ccf_inclusion, ccf_consistency],
        3 => [mmr_inclusion, mmr_consistency],
        _ => [inclusion, consistency],
    };
    Ok(match u.int_in_range(0..=3u8)? {
        0 | 1 => [vec![included(u)?], Vec::new()],
        2 => [Vec::new(), vec![consistent(u)?]],
        _ => [vec![included(u)?, included(u)?], vec![consistent(u)?]],
    })
}

macro_rules! proofs {
    ($($type:ident: $encode:ident;)*) => {
        $(impl View for $type<'static> {
            type Of<'b> = $type<'b>;
            type Error = crate::cose::Error;

            fn decode(bytes: &[u8]) -> core::result::Result<$type<'_>, crate::cose::Error> {
                $type::read(&Profile::LENIENT.item(bytes, 0)?)
            }

            fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
                $encode(u)
            }
        })*
    };
}

proofs! {
    InclusionProof: inclusion;
    ConsistencyProof: consistency;
    CcfInclusionProof: ccf_inclusion;
    CcfConsistencyProof: ccf_consistency;
    MmrInclusionProof: mmr_inclusion;
    MmrConsistencyProof: mmr_consistency;
}
