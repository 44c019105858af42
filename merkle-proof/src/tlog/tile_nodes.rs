//! A tile with the nodes that its hashes lead to.

use alloc::vec::Vec;

use super::{Error, Tile};
use crate::root::hash_from;
use crate::{Node, Rule, TreeHash};

/// The complete nodes of the subtree that a tile is, row after row from its hashes up.
pub(super) struct TileNodes<H> {
    nodes: Vec<H>,
    width: usize,
}

impl<H: Copy + AsRef<[u8]> + for<'a> TryFrom<&'a [u8]>> TileNodes<H> {
    /// How many nodes a full tile has.
    pub(super) const FULL: usize = 511;

    /// Reads the bytes of a tile, or of the full one where the tile is partial, and hashes it up.
    pub(super) fn read<T: TreeHash<Hash = H>>(
        tree: &T,
        tile: &Tile,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        let malformed = Error::malformed(Rule::TileLength);
        let empty = tree.empty();
        let length = empty.as_ref().len();
        let width = usize::from(tile.width());
        let of = |width: usize| width.checked_mul(length);
        if Some(bytes.len()) != of(width) && Some(bytes.len()) != of(256) {
            return Err(malformed);
        }
        let mut nodes = Vec::with_capacity(width.saturating_mul(2));
        for bytes in bytes.chunks_exact(length).take(width) {
            nodes.push(hash_from(bytes, Rule::TileLength).map_err(Error::from)?);
        }
        let (mut start, mut count) = (0_usize, width);
        while count > 1 {
            let (below, half) = (nodes.len(), count.checked_div(2).ok_or(malformed)?);
            nodes.resize(below.saturating_add(half), empty);
            let (row, parents) = nodes.split_at_mut_checked(below).ok_or(malformed)?;
            let children = start..start.saturating_add(half.saturating_mul(2));
            tree.nodes(row.get(children).ok_or(malformed)?, parents);
            (start, count) = (below, half);
        }
        Ok(Self { nodes, width })
    }

    /// The hash of a node of the tree that is in this tile.
    pub(super) fn node(&self, node: Node) -> Option<H> {
        let row = node.level.checked_rem(8)?;
        let (mut start, mut count) = (0_usize, self.width);
        for _ in 0..row {
            start = start.checked_add(count)?;
            count = count.checked_div(2)?;
        }
        let mask = 0xff_u64.checked_shr(row)?;
        let place = usize::try_from(node.index & mask).ok().filter(|place| *place < count)?;
        self.nodes.get(start.checked_add(place)?).copied()
    }

    /// The hash over a full tile.
    pub(super) fn top(&self) -> Option<H> {
        if self.width == 256 { self.nodes.last().copied() } else { None }
    }
}
