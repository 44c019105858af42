//! Tiles, authenticated against a tree head before anything in them is used.

use core::fmt;

use super::tile::WIDTH;
use super::{Error, Tile, TileKind};
use crate::root::hash_from;
use crate::{Rule, TreeHash, TreeHead, TreeSize};

/// Puts the bytes of a tile into the buffer and returns how many there are. In place of a partial
/// tile it may give the full one.
pub type Fetch<'f, E> = dyn FnMut(&Tile, &mut [u8]) -> Result<usize, E> + 'f;

/// The hashes of one tile.
#[derive(Clone)]
pub struct TileHashes<H> {
    hashes: [H; 256],
    width: usize,
}

/// Reads tiles of a tree whose head is trusted, and authenticates them.
///
/// The caller fetches the bytes, from wherever: every tile that is handed out led to the root. The
/// tiles of the right border lead to the root itself, and every other tile is a hash in the tile
/// above it. At most 8 tiles of the border and 8 above the wanted one are fetched for each call. To
/// read many tiles, use a [`TreeReader`](super::TreeReader), which keeps them.
#[derive(Clone, Copy, Debug)]
pub struct TileReader<'t, T: TreeHash> {
    tree: &'t T,
    head: TreeHead<T::Kind, T::Hash>,
}

/// Why no tile was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError<E> {
    /// The caller's source failed.
    Fetch(E),
    /// The tile is not what the head says.
    Tile(Error),
}

impl<E> From<Error> for ReadError<E> {
    fn from(error: Error) -> Self {
        Self::Tile(error)
    }
}

impl<E: fmt::Display> fmt::Display for ReadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(error) => fmt::Display::fmt(error, f),
            Self::Tile(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for ReadError<E> {}

impl<H: Copy> TileHashes<H> {
    /// Returns the hashes, in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[H] {
        self.hashes.get(..self.width).unwrap_or_default()
    }

    /// The hash over `count` of them from `first` on, which are a complete node.
    fn node<T: TreeHash<Hash = H>>(&self, tree: &T, first: usize, count: usize) -> Option<H> {
        let end = first.checked_add(count)?;
        let mut row = self.hashes;
        row.copy_within(first..end, 0);
        let mut left = count;
        while left > 1 {
            let mut parents = [tree.empty(); 128];
            let (children, half) = (row.get(..left)?, left.checked_div(2)?);
            tree.nodes(children, parents.get_mut(..half)?);
            row.get_mut(..half)?.copy_from_slice(parents.get(..half)?);
            left = half;
        }
        row.first().copied()
    }
}

// State: none between calls; each call starts at the head.
//
// Invariant: a tile is used only after it has led to the root. The tiles of the right border are
// checked together, since the root is made of their nodes; every other tile is checked against its
// hash in the tile above, which was checked before it. So no byte of a tile is believed, whoever
// served it.
//
// Cost: at most 8 tiles of the border and 8 above the wanted one are fetched and hashed for each
// call, in one buffer on the stack.
impl<'t, T: TreeHash> TileReader<'t, T> {
    /// Makes a reader for the tree of `head`.
    pub const fn new(tree: &'t T, head: TreeHead<T::Kind, T::Hash>) -> Self {
        Self { tree, head }
    }

    /// Reads the tile of `level` number `index` and authenticates it.
    ///
    /// # Errors
    ///
    /// [`Rule::TileLength`]; [`Rule::TileAuthenticated`], also where the tree has no such tile;
    /// errors of `fetch`.
    pub fn tile<E>(
        &self,
        level: u8,
        index: u64,
        fetch: &mut Fetch<'_, E>,
    ) -> Result<TileHashes<T::Hash>, ReadError<E>> {
        let outside = Error::Verification { rule: Rule::TileAuthenticated };
        let wanted = Tile::in_tree(TileKind::Hashes { level }, index, TreeSize(self.head.size));
        let wanted = wanted.ok_or(outside)?;
        // The first tile above the wanted one, or itself, that is on the right border.
        let mut ancestor = (wanted, level);
        while !ancestor.0.is_partial() {
            let above = ancestor.1.saturating_add(1);
            let index = ancestor.0.index().checked_div(WIDTH).unwrap_or(0);
            match Tile::in_tree(TileKind::Hashes { level: above }, index, TreeSize(self.head.size))
            {
                Some(tile) => ancestor = (tile, above),
                None => break,
            }
        }
        let mut hashes = self.border(ancestor.0, fetch)?;
        for level in (level..ancestor.1).rev() {
            // The place of the tile in the row of its level, and in the tile above.
            let rows = u32::from(level.saturating_sub(wanted_level(&wanted))).saturating_mul(8);
            let index = wanted.index().checked_shr(rows).unwrap_or(0);
            let place = index.checked_rem(WIDTH).and_then(|place| usize::try_from(place).ok());
            let expected = place.and_then(|place| hashes.as_slice().get(place).copied());
            let tile = Tile::in_tree(TileKind::Hashes { level }, index, TreeSize(self.head.size));
            hashes = self.read(&tile.ok_or(outside)?, fetch)?;
            if expected.is_none() || hashes.node(self.tree, 0, 256) != expected {
                return Err(outside.into());
            }
        }
        Ok(hashes)
    }

    /// Follows the right border to the root, and returns the tile of it that is asked for.
    fn border<E>(
        &self,
        wanted: Tile,
        fetch: &mut Fetch<'_, E>,
    ) -> Result<TileHashes<T::Hash>, ReadError<E>> {
        let outside = Error::Verification { rule: Rule::TileAuthenticated };
        let (mut kept, mut root) = (None, None);
        for level in 0..8_u8 {
            let rows = u32::from(level).saturating_mul(8);
            let row = self.head.size.checked_shr(rows).unwrap_or(0);
            let (index, width) = (row.checked_div(WIDTH), row.checked_rem(WIDTH));
            let (Some(index), Some(mut left)) = (index, width) else { continue };
            let Some(tile) =
                Tile::in_tree(TileKind::Hashes { level }, index, TreeSize(self.head.size))
            else {
                continue;
            };
            let hashes = self.read(&tile, fetch)?;
            // From the right, the smallest node first, as the root is put together.
            while left > 0 {
                let count = 1_u64.checked_shl(left.trailing_zeros()).unwrap_or(left);
                left = left.saturating_sub(count);
                let place = usize::try_from(left).ok().zip(usize::try_from(count).ok());
                let node = place.and_then(|(first, count)| hashes.node(self.tree, first, count));
                let node = node.ok_or(outside)?;
                root = Some(root.map_or(node, |right| self.tree.node(&node, &right)));
            }
            if tile == wanted {
                kept = Some(hashes);
            }
        }
        match kept {
            Some(kept) if root == Some(*self.head.root.hash()) => Ok(kept),
            _ => Err(outside.into()),
        }
    }

    fn read<E>(
        &self,
        tile: &Tile,
        fetch: &mut Fetch<'_, E>,
    ) -> Result<TileHashes<T::Hash>, ReadError<E>> {
        let malformed = Error::malformed(Rule::TileLength);
        let mut bytes = [0; 256 * 64];
        let empty = self.tree.empty();
        let length = empty.as_ref().len();
        let room = length.saturating_mul(256);
        let room = bytes.get_mut(..room).ok_or(malformed)?;
        let found = fetch(tile, room).map_err(ReadError::Fetch)?;
        let width = usize::from(tile.width());
        // A full tile begins with the partial one.
        if found != width.saturating_mul(length) && found != room.len() {
            return Err(malformed.into());
        }
        let mut hashes = TileHashes { hashes: [empty; 256], width };
        for (hash, bytes) in hashes.hashes.iter_mut().zip(room.chunks_exact(length)).take(width) {
            *hash = hash_from(bytes, Rule::TileLength).map_err(Error::from)?;
        }
        Ok(hashes)
    }
}

fn wanted_level(tile: &Tile) -> u8 {
    match tile.kind() {
        TileKind::Hashes { level } => level,
        TileKind::Entries => 0,
    }
}

impl<H: fmt::Debug> fmt::Debug for TileHashes<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TileHashes").field("width", &self.width).finish_non_exhaustive()
    }
}
