//! Places in trees, and how proofs are read.

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::one_of;
use crate::{
    LeafIndex, Node, Subtree, TreeSize, UnauthenticatedPosition,
    ccf::AnchorReading,
    cose::{AttachedRoot, EmptyPath, Limits, ReceiptReading},
    store::Identity,
    tlog::{KeyKind, Tile, TileKind, TileScheme},
};

/// Hashes in a full tile, and entries in a full bundle.
const TILE: u64 = 256;

one_of! {
    AnchorReading: [Self::Strict, Self::AnyThatLeadsToBothRoots];
    AttachedRoot: [Self::Refused, Self::AcceptedWhenEqual];
    EmptyPath: [Self::Accepted, Self::Refused];
    TileScheme: [Self::Tlog, Self::StaticCt, Self::SumDb];
    KeyKind: [
        Self::Ed25519,
        Self::Ecdsa,
        Self::Ed25519Cosignature,
        Self::Rfc6962,
        Self::MlDsa44Cosignature,
    ];
}

/// Returns a number of leaves: mostly one that a test would take.
pub(super) fn size(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(match u.int_in_range(0..=3u8)? {
        0 | 1 => u.int_in_range(0..=TILE)?,
        2 => u.arbitrary::<u32>()?.into(),
        _ => u.arbitrary()?,
    })
}

macro_rules! of_a_size {
    ($($type:ident),*) => {
        $(impl<'a> Arbitrary<'a> for $type {
            fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                size(u).map(Self)
            }

            fn size_hint(_: usize) -> (usize, Option<usize>) {
                (1, Some(9))
            }
        })*
    };
}

of_a_size!(LeafIndex, TreeSize);

/// Returns one of the numbers below `limit`, and 0 where there is none.
pub(super) fn below(u: &mut Unstructured<'_>, limit: u64) -> Result<u64> {
    u.int_in_range(0..=limit.saturating_sub(1))
}

/// The index is within the tree.
impl<'a> Arbitrary<'a> for UnauthenticatedPosition {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let tree_size = size(u)?.max(1);
        Ok(Self { tree_size, leaf_index: below(u, tree_size)? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(17))
    }
}

impl<'a> Arbitrary<'a> for Subtree {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (one, other) = (size(u)?, size(u)?);
        let both = Self::covering(one.min(other), one.max(other));
        Ok(*u.choose(&both.map_err(|_| Error::IncorrectFormat)?)?)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (3, Some(19))
    }
}

/// Its last leaf has a number.
impl<'a> Arbitrary<'a> for Node {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let level = u.int_in_range(0..=63u32)?;
        Ok(Self { level, index: below(u, u64::MAX.checked_shr(level).unwrap_or(1))? })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(9))
    }
}

impl<'a> Arbitrary<'a> for TileKind {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.ratio(1u8, 3u8)? {
            Self::Entries
        } else {
            Self::Hashes { level: u.int_in_range(0..=63)? }
        })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(2))
    }
}

/// One that some tree has; of the high levels no tree has any.
impl<'a> Arbitrary<'a> for Tile {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let size = size(u)?.max(1);
        let kind = if u.arbitrary()? {
            TileKind::Entries
        } else {
            let rows = size.checked_ilog2().unwrap_or_default();
            TileKind::Hashes { level: u.int_in_range(0..=u8::try_from(rows >> 3).unwrap_or(0))? }
        };
        let rows = match kind {
            TileKind::Hashes { level } => u32::from(level).saturating_mul(8),
            TileKind::Entries => 0,
        };
        let index = below(u, size.checked_shr(rows).unwrap_or_default().div_ceil(TILE))?;
        Self::in_tree(kind, index, TreeSize(size)).ok_or(Error::IncorrectFormat)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (2, Some(19))
    }
}

impl<'a> Arbitrary<'a> for Identity {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self::new)
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (32, Some(32))
    }
}

/// Not above the default.
impl<'a> Arbitrary<'a> for Limits {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let all = Self::default();
        Ok(if u.ratio(1u8, 4u8)? { all.with_proofs(u.int_in_range(0..=all.proofs)?) } else { all })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, Some(9))
    }
}

/// Without labels of the caller's own.
impl<'a> Arbitrary<'a> for ReceiptReading<'static> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut reading = Self::default()
            .with_attached_root(u.arbitrary()?)
            .with_empty_path(u.arbitrary()?)
            .with_limits(u.arbitrary()?);
        if u.arbitrary()? {
            reading = reading.with_ccf_ledger();
        }
        Ok(if u.arbitrary()? { reading.with_mmr() } else { reading })
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (5, Some(13))
    }
}
